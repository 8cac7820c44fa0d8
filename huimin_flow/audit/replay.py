"""Replay one stream: fold its events, and compare every column of its row.

Each kind of stream has its own rows: of an item, a record, a job's run, a batch's
facts, attachments or the texts of rulebooks.

1. Each event of a stream can follow the events before it.
2. Every column of its rows follows from its history, and no row is without history.
3. An event contains only what its kind of stream may contain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from huimin_flow.audit.findings import Finding
from huimin_flow.audit.ledger import Ledger, record_columns, run_columns
from huimin_flow.audit.rows import (
    hold_batch,
    hold_book,
    hold_files,
    hold_table,
    place_of,
)
from huimin_flow.audit.streams import ODD, hold_content, walk_stream
from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.catalogue.terms import Flaw, StreamKind
from huimin_flow.errors import NotFound
from huimin_flow.model.core.events import Event
from huimin_flow.model.core.values import value
from huimin_flow.states.evolve import fold
from huimin_flow.store.core.repository import item_columns
from huimin_flow.store.core.tables import (
    ATTACHMENTS,
    EVENTS,
    ITEMS,
    RECORDS,
    RULEBOOKS,
    RUNS,
)
from huimin_flow.store.executing.attachments import Shelf

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
    findings: tuple[Finding, ...]

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
    ledger = Ledger(connection=connection, shelf=shelf, alone=True)
    walked = walk_stream(ledger, stream)
    events = [event for event in walked if event is not None]
    kind, _ = StreamKind.parse(stream)
    row: Mapping[str, Any] | None = None
    if len(events) == len(walked) and not (events and kind in _MANY_ROWS):
        try:
            row = _check_rows(ledger, stream, events)
        except ODD as error:
            ledger.flag(Flaw.ILLEGAL_EVENT, stream, error, law="replay 1")
    for event in events:
        place, public = f"{stream} #{event.n}", event.public
        try:
            hold_content(ledger, event, place)
            if kind is StreamKind.BATCH:
                name, number = str(public["kind"]), int(public["batch"])
                hold_batch(ledger, name, number, public["root"], public["count"])
            elif kind is StreamKind.RULEBOOK:
                name = public["digest"]
                hold_book(ledger, name, place_of(RULEBOOKS, name))
        except ODD as error:
            ledger.flag(Flaw.ILLEGAL_EVENT, place, error, law="replay 3")
        if event.rulebook not in ledger.held_books:
            hold_book(ledger, event.rulebook, f"{place} rulebook")
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


def _check_rows(
    ledger: Ledger, stream: str, events: Sequence[Event]
) -> Mapping[str, Any] | None:
    """Check the rows that follow from a stream's events; return it if only one.

    Raises:
        NotFound: if there is neither an event nor a row.

    """
    kind, about = StreamKind.parse(stream)
    table, key = RECORDS, {"key": stream}
    known: dict[Any, Mapping[str, Any]] = {}
    if kind is StreamKind.ITEM:
        table, key = ITEMS, {"number": about}
        item = fold(events)
        known = {} if item is None else {about: item_columns(item)}
    elif kind is StreamKind.JOB:
        job, _, period = about.partition("/")
        table, key = RUNS, {"job": job, "period": period}
        if events:
            known[job, period] = run_columns(events[-1].public, events[-1].rulebook)
    elif kind is StreamKind.ATTACHMENT:
        table, key = ATTACHMENTS, {"about": about}
        known = {(about, str(event.public["digest"])): event.public for event in events}
        hold_files(ledger, known)
    elif events:
        known[stream] = record_columns(events[-1])
    query = select(table).where(*(table.c[name] == key[name] for name in key))
    rows = ledger.connection.execute(query).mappings().all()
    if not events and not rows:
        raise NotFound(StoreCode.NO_HISTORY, stream=stream)
    hold_table(ledger, table, rows, known, law="replay 2")
    return None if kind is StreamKind.ATTACHMENT else next(iter(known.values()), None)
