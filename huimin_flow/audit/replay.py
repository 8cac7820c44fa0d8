"""Replay one stream: fold its events, and compare every column of its row.

Each kind of stream has its own rows: of an item, a record, a job's run, a batch's
facts, attachments or the texts of rulebooks.

1. Each event of a stream can follow the events before it.
2. Every column of its rows follows from its history, and no row is without history.
3. An event contains only what its kind of stream may contain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Table, select

from huimin_flow.audit.core.extensions import hold_own
from huimin_flow.audit.core.headers import ODD, declarations_that_read
from huimin_flow.audit.findings import AuditFinding
from huimin_flow.audit.ledger import Ledger, record_columns, run_columns
from huimin_flow.audit.rows import (
    hold_batch,
    hold_book,
    hold_files,
    hold_table,
    place_of,
)
from huimin_flow.audit.streams import (
    hold_content,
    hold_last_serial,
    surroundings,
    walk_stream,
)
from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.catalogue.terms import Flaw, StreamKind
from huimin_flow.errors import NotFound
from huimin_flow.model.core.events import Event
from huimin_flow.model.core.values import value
from huimin_flow.states.evolve import fold
from huimin_flow.store.core import history, positions
from huimin_flow.store.core.history import rows_naming
from huimin_flow.store.core.repository import item_columns
from huimin_flow.store.core.tables import (
    ATTACHMENTS,
    EVENTS,
    ITEMS,
    OWN_FIELDS,
    RECORDS,
    RULEBOOKS,
    RUNS,
)
from huimin_flow.store.executing.attachments import Shelf
from huimin_flow.store.sensing.keys import keyring_of
from huimin_flow.store.slices import Facts

#: Streams of which each event has rows of its own.
_MANY_ROWS = frozenset({StreamKind.BATCH, StreamKind.RULEBOOK})


@value
class Replay:
    """The result of the replay of one stream.

    ``events`` are those with a readable header, in their order. ``row`` is the row
    that follows from the history; it is None if the stream has many rows or its
    history can't be folded. ``findings`` name each disagreement.
    """

    stream: str
    count: int
    events: tuple[Event, ...]
    row: Mapping[str, Any] | None
    findings: tuple[AuditFinding, ...]

    @property
    def same(self) -> bool:
        """Tell whether history and rows agree in everything."""
        return not self.findings


def replay(connection: Connection, stream: str, shelf: Shelf | None = None) -> Replay:
    """Fold one stream by its name, and compare it with the stored rows.

    ``shelf`` is the folder of attached files; without it only their rows are checked.

    Raises:
        NotFound: if there is neither a stream nor a row with that name.

    """
    for replayed in replays(connection, [stream], shelf):
        return replayed
    raise NotFound(StoreCode.NO_HISTORY, stream=stream)


def replays(
    connection: Connection, names: Sequence[str], shelf: Shelf | None = None
) -> list[Replay]:
    """Replay streams, whose events and rows are read in few statements.

    A name without stream and row is left out.
    """
    recorded = history.read_streams(connection, names)
    around = surroundings(connection, recorded)
    facts = Facts(connection)
    facts.begin(recorded)
    declared = declarations_that_read(connection)
    last = positions.last_id(connection)
    events = {
        stream: list(group)
        for stream, group in groupby(recorded, key=attrgetter("stream"))
    }
    rows, keyring = _Rows(connection, names), keyring_of(connection)
    replayed = []
    for stream in names:
        ledger = Ledger(connection=connection, shelf=shelf, keyring=keyring, alone=True)
        ledger.spans = declared
        ledger.facts = facts
        walked = walk_stream(ledger, events.get(stream, ()), around)
        hold_last_serial(ledger, last)
        if walked or rows.of(stream):
            replayed.append(_replay(ledger, stream, walked, rows))
    return replayed


def _replay(
    ledger: Ledger, stream: str, walked: Sequence[Event | None], rows: _Rows
) -> Replay:
    """Return the replay of a stream whose events were checked."""
    events = [event for event in walked if event is not None]
    kind, _ = StreamKind.parse(stream)
    row: Mapping[str, Any] | None = None
    if len(events) == len(walked) and not (events and kind in _MANY_ROWS):
        try:
            row = _check_rows(ledger, stream, events, rows)
        except ODD as error:
            ledger.flag(Flaw.ILLEGAL_EVENT, stream, error, law="replay 1")
    for event in events:
        place, public = f"{stream} #{event.n}", event.public
        try:
            hold_content(ledger, event, kind, place)
            if kind is StreamKind.BATCH:
                name, number = str(public["kind"]), int(public["batch"])
                hold_batch(ledger, name, number, public["root"], public["count"])
            elif kind is StreamKind.RULEBOOK:
                name = public["digest"]
                hold_book(ledger, name, place_of(RULEBOOKS, name))
        except ODD as error:
            ledger.flag(Flaw.ILLEGAL_EVENT, place, error, law="replay 3")
        named = event.rulebook
        if named not in ledger.held_books and named not in rows.books:
            body = hold_book(ledger, named, f"{place} rulebook")
            rows.books.update(() if body is None else {str(named)})
    return Replay(
        stream=stream,
        count=len(walked),
        events=tuple(events),
        row=row,
        findings=tuple(ledger.findings),
    )


def streams(connection: Connection) -> list[str]:
    """Return the name of every stream that has an event or a row."""
    names = set(connection.execute(select(EVENTS.c.stream).distinct()).scalars())
    numbers = connection.execute(select(ITEMS.c.number)).scalars()
    names.update(StreamKind.ITEM.key(number) for number in numbers)
    names.update(connection.execute(select(RECORDS.c.key)).scalars())
    return sorted(map(str, names))


def _table_of(stream: str) -> tuple[Table, str, str]:
    """Return the table with a stream's rows, and the column and value that name it."""
    kind, about = StreamKind.parse(stream)
    if kind is StreamKind.ITEM:
        return ITEMS, "number", about
    if kind is StreamKind.JOB:
        return RUNS, "period", about.partition("/")[2]
    if kind is StreamKind.ATTACHMENT:
        return ATTACHMENTS, "about", about
    return RECORDS, "key", stream


class _Rows:
    """The rows of some streams, and the rulebooks that were checked for them."""

    def __init__(self, connection: Connection, names: Sequence[str]) -> None:
        """Read all rows of these streams, each table in few statements."""
        self.books: set[str] = set()
        self._rows: dict[tuple[str, str], list[Mapping[Any, Any]]] = {}
        values: dict[tuple[Table, str], set[str]] = {}
        for table, column, name in map(_table_of, names):
            values.setdefault((table, column), set()).add(name)
        if (ITEMS, "number") in values:
            values[OWN_FIELDS, "item"] = values[ITEMS, "number"]
        for (table, column), named in values.items():
            of = table.c[column]
            for row in rows_naming(connection, select(table), of, sorted(named)):
                key = (table.name, getattr(row, column))
                self._rows.setdefault(key, []).append(row._asdict())

    def own(self, number: str) -> list[Mapping[Any, Any]]:
        """Return the rows of an item's own fields."""
        return self._rows.get((OWN_FIELDS.name, number), [])

    def of(self, stream: str) -> list[Mapping[Any, Any]]:
        """Return the rows of a stream."""
        table, _, name = _table_of(stream)
        rows = self._rows.get((table.name, name), [])
        if table is not RUNS:
            return rows
        return [row for row in rows if StreamKind.JOB.key(row["job"], name) == stream]


def _check_rows(
    ledger: Ledger, stream: str, events: Sequence[Event], rows: _Rows
) -> Mapping[str, Any] | None:
    """Check the rows that follow from a stream's events; return it if only one."""
    kind, about = StreamKind.parse(stream)
    known: dict[Any, Mapping[str, Any]] = {}
    if kind is StreamKind.ITEM:
        item = fold(events)
        known = {} if item is None else {about: item_columns(item)}
        hold_own(ledger, rows.own(about), () if item is None else (item,))
    elif kind is StreamKind.JOB and events:
        job, _, period = about.partition("/")
        known[job, period] = run_columns(events[-1].public, events[-1].rulebook)
    elif kind is StreamKind.ATTACHMENT:
        known = {(about, str(event.public["digest"])): event.public for event in events}
        hold_files(ledger, known)
    elif events:
        known[stream] = record_columns(events[-1])
    table, *_ = _table_of(stream)
    hold_table(ledger, table, rows.of(stream), known, law="replay 2")
    return None if kind is StreamKind.ATTACHMENT else next(iter(known.values()), None)
