"""The stored rows that a slice of events refers to, read in few statements.

A question about an event of the slice is answered from memory, as of the moment of
that event. An item with merged items, or
that continues another, is rare, so its appeals are read when asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from huimin_flow.catalogue.terms import Step, StreamKind
from huimin_flow.model.core.organization import Organization
from huimin_flow.model.executing.plans import Progress
from huimin_flow.model.sensing.appeals import Tally
from huimin_flow.store.core import facts
from huimin_flow.store.core.history import Stored, raw_bytes, rows_naming
from huimin_flow.store.core.tables import (
    APPEALS,
    EVENTS,
    LINKS,
    PAYLOADS,
    PROGRESS,
    RATINGS,
)
from huimin_flow.store.sensing import tallies

_STORING = frozenset(map(str, facts.STORING_STEPS))


class Facts:
    """The facts that were known at each event, for the events of one slice."""

    def __init__(self, connection: Connection) -> None:
        """Begin before the first event."""
        self._connection = connection
        #: SQLite has one writer, so its batches are numbered in the order of commits.
        self._in_order = connection.dialect.name == "sqlite"
        self._last = 0
        #: The batches whose events come later; None until they are read.
        self._later: set[int] | None = set() if self._in_order else None
        self._slice: Sequence[Stored] = ()
        self._payloads: dict[tuple[str, int], tuple[bytes, bytes]] | None = None
        self._voices: dict[str, list[Row[Any]]] = {}
        self._reports: dict[str, list[Row[Any]]] = {}
        self._ratings: dict[str, Row[Any] | None] = {}

    def begin(self, events: Sequence[Stored]) -> None:
        """Begin a slice of events; its rows are read at the first question."""
        self._slice = events
        self._payloads = None
        self._voices, self._reports, self._ratings = {}, {}, {}
        if self._later is None:
            query = select(EVENTS.c.stream).where(*facts.STORING)
            batches = self._connection.execute(query).scalars()
            self._later = set(filter(None, map(_number_of, batches)))

    def walk(self, stored: Stored) -> None:
        """Count an event's batch as known from now on."""
        number = _number_of(stored.stream) if stored.step in _STORING else None
        if number is not None:
            self._last = number if self._in_order else max(self._last, number)
            self.later.discard(number)

    @property
    def later(self) -> set[int]:
        """Return the batches whose events come later, empty with one writer."""
        return self._later or set()

    def known(self) -> facts.Known:
        """Return the batches that are known now, as ``facts.known_at`` does."""
        late = (number for number in self.later if number < self._last)
        return facts.Known(last=self._last, late=tuple(sorted(late)))

    def _knows(self, batch: int) -> bool:
        return batch <= self._last and batch not in self.later

    def payload(self, stream: str, n: int) -> tuple[bytes, bytes] | None:
        """Return the salt and body of an event's private part, or None."""
        if self._payloads is None:
            streams = list({stored.stream for stored in self._slice})
            rows = self._rows(select(PAYLOADS), PAYLOADS.c.stream, streams)
            self._payloads = {
                (row.stream, row.n): (raw_bytes(row.salt), raw_bytes(row.body))
                for row in rows
            }
        return self._payloads.get((stream, n))

    def tally(
        self, number: str, of: tallies.Family, organization: Organization
    ) -> Tally:
        """Count an item's appeals as ``tallies.tally`` does, with the known batches."""
        if of != ([number], []):
            known = self.known()
            return tallies.tally(
                self._connection, number, organization, of=of, known=known
            )
        if number not in self._voices:
            asked = self._subjects(number, StreamKind.ITEM, Step.SCREEN, Step.REJECT)
            self._voices |= {item: [] for item in asked}
            for row in self._rows(_VOICES, _LINKED.c.item, asked):
                self._voices[row.of].append(row)
        last: dict[tuple[str, str], Row[Any]] = {}
        for row in self._voices[number]:
            if self._knows(row.batch):
                place = (row.channel, row.key)
                other = last.get(place)
                if other is None or (other.batch, other.line) < (row.batch, row.line):
                    last[place] = row
        rows = [row for row in last.values() if row.item == number]
        return tallies.tallied(list(map(_counted, rows)), organization)

    def progress(self, number: str) -> list[Progress]:
        """Return an item's progress as ``facts.progress_of`` does."""
        if number not in self._reports:
            asked = self._subjects(number, StreamKind.ITEM, Step.EVALUATE, Step.ADVISE)
            self._reports |= {item: [] for item in asked}
            columns = (*facts.REPORT, PROGRESS.c.batch)
            query = select(*columns).order_by(PROGRESS.c.batch, PROGRESS.c.line)
            for row in self._rows(query, PROGRESS.c.item, asked):
                self._reports[row.item].append(row)
        rows = self._reports[number]
        return facts.last_reports(row for row in rows if self._knows(row.batch))

    def rating(self, transaction: str) -> Row[Any] | None:
        """Return the row of a transaction's rating, or None."""
        if transaction not in self._ratings:
            asked = self._subjects(transaction, StreamKind.FOLLOW_UP)
            rows = self._rows(select(RATINGS), RATINGS.c.transaction, asked)
            self._ratings |= dict.fromkeys(asked) | {
                row.transaction: row for row in rows
            }
        return self._ratings[transaction]

    def _subjects(self, asked: str, kind: StreamKind, *steps: Step) -> list[str]:
        """Return a subject, and all that the slice's streams (and steps) are about."""
        prefix = kind.key("")
        subjects = {
            stored.stream.removeprefix(prefix)
            for stored in self._slice
            if str(stored.stream).startswith(prefix)
            and (not steps or stored.step in steps)
        }
        return sorted({asked, *subjects})

    def _rows(
        self, query: Select[Any], column: Any, values: Sequence[str]
    ) -> Iterator[Row[Any]]:
        return rows_naming(self._connection, query, column, values)


_BATCH = StreamKind.BATCH.key("")
_counted = attrgetter(*tallies.TALLIED)


def _number_of(stream: str) -> int | None:
    """Return the number of a batch's stream, None for another or edited name."""
    number = str(stream).removeprefix(_BATCH)
    return int(number) if stream != number and number.isdecimal() else None


#: Every link of each appeal that was ever linked to an item, with the appeal.
_LINKED = LINKS.alias("linked")
_VOICES = select(
    _LINKED.c.item.label("of"),
    *(LINKS.c[name] for name in ("channel", "key", "item", "batch", "line")),
    *(APPEALS.c[name] for name in ("who", "district", "at")),
).select_from(
    _LINKED.join(
        LINKS,
        (LINKS.c.channel == _LINKED.c.channel) & (LINKS.c.key == _LINKED.c.key),
    ).join(
        APPEALS,
        (APPEALS.c.channel == LINKS.c.channel) & (APPEALS.c.key == LINKS.c.key),
    )
)
