"""Replay one stream: fold its events, and hold every column of its row beside them.

Each kind of stream has rows of its own: an item's, a record's, a job's run, a
batch's facts, attachments, the texts of rulebooks.

1. A stream's events follow on each other.
2. No row is without a history.
3. An event holds what can be told, of the shape of its kind.
4. A rulebook that an event names is kept whole.
5. A database is for the purpose that its founding says.
6. A row is there, and says in every column what its history says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, select

from huimin_flow.audit.findings import Finding
from huimin_flow.audit.ledger import Ledger, run_columns
from huimin_flow.audit.rows import hold_batch, hold_file
from huimin_flow.audit.services.ratings import Rollups
from huimin_flow.audit.streams import ODD, hold_told, same, walk_stream
from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.catalogue.terms import Flaw, StreamKind
from huimin_flow.errors import NotFound
from huimin_flow.model.core.canonical import digest
from huimin_flow.model.core.events import Event
from huimin_flow.model.core.values import value
from huimin_flow.model.items import Item
from huimin_flow.states.evolve import evolve
from huimin_flow.store.core import repository
from huimin_flow.store.core.tables import ATTACHMENTS, EVENTS, ITEMS, RECORDS, RUNS
from huimin_flow.store.executing.attachments import Shelf


@value
class Replay:
    """What the replay of one stream showed.

    ``events`` are those whose header can be read, in their order; ``row`` is
    the row as the history says it must be, None where a stream has many rows or
    its history can't be folded; ``findings`` name each disagreement.
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
    """Fold one stream by its name, and hold it against what is stored.

    ``shelf`` is where attached files lie; without it only their rows are held.

    Raises:
        NotFound: if there is neither such a stream nor a row of that name.

    """
    ledger = Ledger(connection, shelf)
    ledger.rollups = Rollups(connection, alone=True)
    walked = walk_stream(ledger, stream)
    events = [event for _, event in walked if event is not None]
    kind, _ = StreamKind.parse(stream)
    row: Mapping[str, Any] | None = None
    if not walked:
        _without_history(ledger, stream)
    elif len(events) == len(walked):
        try:
            row = (_record if kind is None else _HELD.get(kind, _record))(
                ledger, stream, events
            )
        except ODD as error:
            ledger.found(Flaw.ILLEGAL_EVENT, stream, error, law="replay 1")
    for event in events:
        _meant(ledger, event)
    return Replay(
        stream=stream,
        count=len(walked),
        events=tuple(events),
        row=row,
        findings=tuple(ledger.findings),
    )


def streams(connection: Connection) -> list[str]:
    """Return the name of every stream that has an event or a row of its own."""
    names = set(connection.execute(select(EVENTS.c.stream).distinct()).scalars())
    numbers = connection.execute(select(ITEMS.c.number)).scalars()
    names.update(StreamKind.ITEM.key(one) for one in numbers)
    names.update(connection.execute(select(RECORDS.c.key)).scalars())
    return sorted(str(one) for one in names)


def _without_history(ledger: Ledger, stream: str) -> None:
    table, where = RECORDS, {"key": stream}
    kind, about = StreamKind.parse(stream)
    if kind is StreamKind.ITEM:
        table, where = ITEMS, {"number": about}
    if not _rows(ledger, table, where):
        raise NotFound(StoreCode.NO_HISTORY, stream=stream)
    ledger.found(Flaw.ROW_STRAY, f"{table.name} {stream}", law="replay 2")


def _meant(ledger: Ledger, event: Event) -> None:
    """Ask that an event's verdict can be read, and its rulebook is kept whole."""
    place = f"{event.stream} #{event.n}"
    try:
        hold_told(ledger, event, place)
    except ODD as error:
        ledger.found(Flaw.ILLEGAL_EVENT, place, error, law="replay 3")
    if event.rulebook not in ledger.held_books:
        _kept_book(ledger, event.rulebook, f"{place} rulebook")


def _kept_book(ledger: Ledger, name: object, place: str) -> None:
    body = repository.rulebook_body(ledger.connection, str(name))
    if body is None or digest(body) != name:
        ledger.found(Flaw.RULEBOOK_MISMATCH, place, name, law="replay 4")
    else:
        ledger.held_books.add(str(name))


def _item(ledger: Ledger, stream: str, events: Sequence[Event]) -> Mapping[str, Any]:
    item: Item | None = None
    for event in events:
        item = evolve(item, event)
    if item is None:
        raise ValueError(stream)
    columns = repository.item_columns(item)
    _, number = StreamKind.parse(stream)
    _hold(ledger, ITEMS, {"number": number}, columns)
    return columns


def _record(ledger: Ledger, stream: str, events: Sequence[Event]) -> Mapping[str, Any]:
    last = events[-1]
    columns = {
        "key": stream,
        "kind": last.public["kind"],
        "about": last.public["about"],
        "version": len(events),
        "body": repository.text_of(last.public["value"]),
    }
    _hold(ledger, RECORDS, {"key": stream}, columns)
    return columns


def _job(ledger: Ledger, stream: str, events: Sequence[Event]) -> Mapping[str, Any]:
    _, job, period = stream.split("/", 2)
    last = events[-1]
    columns = run_columns(last.public, last.rulebook)
    _hold(ledger, RUNS, {"job": job, "period": period}, columns)
    return columns


def _batch(ledger: Ledger, stream: str, events: Sequence[Event]) -> None:
    del stream
    for event in events:
        said = event.public
        number = int(said["batch"])
        hold_batch(ledger, str(said["kind"]), number, said["root"], said["count"])


def _attachment(ledger: Ledger, stream: str, events: Sequence[Event]) -> None:
    _, about = StreamKind.parse(stream)
    for event in events:
        name = str(event.public["digest"])
        _hold(ledger, ATTACHMENTS, {"about": about, "digest": name}, event.public)
        hold_file(ledger, f"huimin_attachment {about} {name[:12]}", name)
    promised = {one.public["digest"] for one in events}
    for row in _rows(ledger, ATTACHMENTS, {"about": about}):
        if row["digest"] not in promised:
            place = f"huimin_attachment {about} {str(row['digest'])[:12]}"
            ledger.found(Flaw.ROW_STRAY, place, law="replay 2")


def _rulebook(ledger: Ledger, stream: str, events: Sequence[Event]) -> None:
    del stream
    purpose = repository.meta(ledger.connection, "purpose")
    if not same(events[0].public.get("purpose"), purpose):
        ledger.found(Flaw.ROW_MISMATCH, "huimin_meta purpose", purpose, law="replay 5")
    for event in events:
        name = event.public["digest"]
        _kept_book(ledger, name, f"huimin_rulebook {str(name)[:12]}")


_Held = Callable[[Ledger, str, Sequence[Event]], Mapping[str, Any] | None]

#: How each kind of stream is held; every other one is a record's.
_HELD: Mapping[StreamKind, _Held] = {
    StreamKind.ITEM: _item,
    StreamKind.JOB: _job,
    StreamKind.BATCH: _batch,
    StreamKind.ATTACHMENT: _attachment,
    StreamKind.RULEBOOK: _rulebook,
}


def _rows(
    ledger: Ledger, table: Table, where: Mapping[str, str]
) -> Sequence[Mapping[str, Any]]:
    query = select(table)
    for name, one in where.items():
        query = query.where(table.c[name] == one)
    return [dict(row) for row in ledger.connection.execute(query).mappings()]


def _hold(
    ledger: Ledger, table: Table, where: Mapping[str, str], columns: Mapping[str, Any]
) -> None:
    """Hold one row against what its history says of every column."""
    place = f"{table.name} {' '.join(_short(where.values()))}"
    rows = _rows(ledger, table, where)
    if not rows:
        ledger.found(Flaw.ROW_MISSING, place, law="replay 6")
        return
    for name in sorted(rows[0].keys() | columns.keys()):
        if not same(rows[0].get(name), columns.get(name)):
            ledger.found(
                Flaw.ROW_MISMATCH, f"{place} {name}", columns.get(name), law="replay 6"
            )


def _short(names: Iterable[str]) -> list[str]:
    return [one[:12] if len(one) == 64 else one for one in names]
