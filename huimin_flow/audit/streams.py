"""One event of a stream: its bytes, its row, its chain, its place, its content.

``verify`` holds every event to these laws, ``replay`` those of one stream. A value of
an odd type is a finding with its place, never a crash. Whoever re-seals a stream can
make its hashes right; laws 9 to 16 are what a header must keep besides.

1. A stream's events are numbered without a gap, and each bears the leaf of the one
   before.
2. A leaf is the hash of its header.
3. A header can be read.
4. Columns beside a header say what it says, each as its own kind of value.
5. A private part opens the commitment in its header; replayed alone, a stream has
   none without.
6. Replayed alone, an event's position has neighbors on both sides, up to the head.
7. A row's serial number is above that of the row before it.
8. No serial number is above the last one that the database gave.
9. A header's bytes are canonical JSON, in this engine's own order.
10. Nothing happened after it was recorded.
11. Stamps don't go back: not at all under one writer, not by a day under several.
12. A production database records nothing that is still to come.
13. A verdict can be read.
14. A header's public part names only what its kind of stream may name.
15. Its step is one of the stream's life, from where the stream stood to where its
    value then stands.
16. A database is for the purpose that its founding says.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from huimin_flow.audit.ledger import Ledger
from huimin_flow.audit.rows import odd_kinds, same
from huimin_flow.catalogue.terms import Flaw, StreamKind, Via
from huimin_flow.clock import local_day
from huimin_flow.model.core.canonical import commitment, leaf
from huimin_flow.model.core.events import Event, Verdict
from huimin_flow.model.core.values import from_plain
from huimin_flow.store.core import history, positions, repository
from huimin_flow.store.core.history import Stored
from huimin_flow.store.core.tables import EVENTS, PAYLOADS
from huimin_flow.streams import STREAMS

#: What is raised where a header, or a row, holds a value of an odd type.
ODD = (ValueError, LookupError, TypeError, AttributeError, OverflowError)

#: How far a stamp may lie behind an earlier one where several machines write: a
#: clock that is wrong by more is refused before anything is written.
_SKEW = timedelta(days=1)


def walk_stream(ledger: Ledger, stream: str) -> list[Event | None]:
    """Hold one stream without the others; return its events, None for unreadable."""
    events: list[Event | None] = []
    head, _ = positions.stored_head(ledger.connection)
    for stored in history.read_stream(ledger.connection, stream):
        place = f"{stream} #{stored.n}"
        for table in (EVENTS, PAYLOADS):
            here = (table.c.stream == stored.stream, table.c.n == stored.n)
            for column, kind in odd_kinds(ledger.connection, table, *here):
                column_place = f"{place} {column}"
                ledger.flag(Flaw.COLUMN_MISMATCH, column_place, kind, law="streams 4")
        at = stored.position
        if isinstance(at, int) and isinstance(head, int) and 1 <= at <= head:
            _hold_neighbors(ledger, stored, at, head)
        elif ledger.one_writer or at is not None:
            ledger.flag(Flaw.POSITION_GAP, f"{place} position", at, law="streams 6")
        events.append(hold_event(ledger, stored))
    hold_last_serial(ledger)
    return events


def _hold_neighbors(ledger: Ledger, stored: Stored, at: int, head: int) -> None:
    """Hold an event's row against those before and after it in the whole history."""
    place = f"{stored.stream} #{stored.n}"
    query = select(EVENTS.c.position, EVENTS.c.id)
    rows = ledger.connection.execute(
        query.where(EVENTS.c.position.in_((at - 1, at + 1)))
    )
    serials = {row.position: row.id for row in rows}
    for position in (at - 1, at + 1):
        if 1 <= position <= head and position not in serials:
            gap = f"{place} position"
            ledger.flag(Flaw.POSITION_GAP, gap, position, law="streams 6")
    if ledger.one_writer and stored.id is not None:
        before = serials.get(at - 1, 0)
        if not before < stored.id < serials.get(at + 1, stored.id + 1):
            serial = f"{place} id"
            ledger.flag(Flaw.COLUMN_MISMATCH, serial, f"> {before}", law="streams 7")


def hold_event(ledger: Ledger, stored: Stored) -> Event | None:
    """Hold an event against its hash, its row and its chain; return it.

    None where its header can't be read: its stream is then broken.
    """
    place = f"{stored.stream} #{stored.n}"
    _hold_serial(ledger, stored, place)
    if leaf(stored.header) != stored.leaf:
        ledger.flag(Flaw.LEAF_MISMATCH, place, law="streams 2")
    try:
        event = history.event_of(stored.header)
        at = history.moment_text(event.at)
        columns = {
            "stream": event.stream,
            "n": event.n,
            "step": event.step,
            "target": event.target,
            "at": at,
            "request": event.request,
        }
        _hold_header(ledger, stored, event, place)
    except ODD as error:
        ledger.flag(Flaw.HEADER_UNREADABLE, f"{place} header", error, law="streams 3")
        ledger.broken.add(stored.stream)
        return None
    for name, column in columns.items():
        if not same(getattr(stored, name), column):
            ledger.flag(
                Flaw.COLUMN_MISMATCH, f"{place} {name}", column, law="streams 4"
            )
    n, tail = ledger.tails.get(event.stream, (0, b""))
    if event.n != n + 1 or (event.previous or "") != tail.hex():
        ledger.flag(Flaw.CHAIN_BROKEN, place, law="streams 1")
    ledger.tails[event.stream] = (event.n, stored.leaf)
    ledger.latest.append(max([at, *ledger.latest[-1:]]))
    ledger.requests.append(event.request)
    if event.private is not None or ledger.alone:
        ledger.payloads[event.stream, event.n] = {}
        kept = history.payload_of(ledger.connection, event.stream, event.n)
        if (None if kept is None else commitment(*kept).hex()) != event.private:
            ledger.flag(Flaw.PAYLOAD_MISMATCH, place, law="streams 5")
    return event


def _hold_serial(ledger: Ledger, stored: Stored, place: str) -> None:
    """Hold a row's serial number against the one before it.

    SQLite has one writer, so numbers rise with positions. PostgreSQL numbers a
    row when it is written and places it when it is committed, so they rise
    within each stream and each act, and no row is below the very first. A number
    that was given and one that a rolled-back row left free look the same.
    """
    key = "" if ledger.one_writer else stored.stream
    serials = ledger.serials
    before = serials.get(key, serials.get("", 0))
    if ledger.requests and ledger.requests[-1] == stored.request:
        before = max(before, ledger.last_serial)
    if not isinstance(stored.id, int) or stored.id <= before:
        ledger.flag(Flaw.COLUMN_MISMATCH, f"{place} id", f"> {before}", law="streams 7")
        return
    serials.setdefault("", stored.id)
    serials[key] = ledger.last_serial = stored.id
    ledger.highest_serial = max(ledger.highest_serial, (stored.id, place))


def hold_last_serial(ledger: Ledger) -> None:
    """Hold the highest serial number against the last one the database gave."""
    last = positions.last_id(ledger.connection)
    highest, place = ledger.highest_serial
    if last is not None and highest > last:
        ledger.highest_serial = (0, "")  # named once
        ledger.flag(Flaw.COLUMN_MISMATCH, f"{place} id", f"≤ {last}", law="streams 8")


def _hold_header(ledger: Ledger, stored: Stored, event: Event, place: str) -> None:
    """Hold a header against how one is written, and its days against each other.

    ``ledger.latest`` ends with the latest stamp before it.

    Raises:
        ValueError: if it holds what canonical JSON lacks.

    """
    if history.header_of(event) != stored.header:
        ledger.flag(Flaw.HEADER_ALTERED, f"{place} header", law="streams 9")
    day = event.occurred_on
    if day > local_day(event.at):
        ledger.flag(Flaw.HEADER_ALTERED, f"{place} occurred_on", day, law="streams 10")
    if ledger.purpose == "production" and event.at > ledger.now + _SKEW:
        at = history.moment_text(ledger.now)
        ledger.flag(Flaw.HEADER_ALTERED, f"{place} at", f"≤ {at}", law="streams 12")
    latest = ledger.latest[-1] if ledger.latest else ""
    if history.moment_text(event.at) < latest and (
        ledger.one_writer or history.moment_of(latest) - event.at > _SKEW
    ):
        ledger.flag(Flaw.HEADER_ALTERED, f"{place} at", f"≥ {latest}", law="streams 11")


def hold_content(ledger: Ledger, event: Event, place: str) -> None:
    """Hold what an event says against what its kind of stream can say.

    Raises:
        ValueError: for a stream or a door of no known kind.

    """
    Via(event.via)
    try:
        if event.verdict is not None:
            from_plain(Verdict, event.verdict)
    except ODD as error:
        ledger.flag(Flaw.HEADER_UNREADABLE, f"{place} verdict", error, law="streams 13")
    kind, _ = StreamKind.parse(event.stream)
    if kind is None:
        raise ValueError(event.stream)
    strange = set(event.public) - STREAMS[kind].fields
    if strange:
        ledger.flag(
            Flaw.HEADER_ALTERED, f"{place} public", min(strange), law="streams 14"
        )
    if kind is not StreamKind.ITEM:
        _hold_step(ledger, event, kind, place)
    if kind is StreamKind.RULEBOOK and event.n == 1:
        ledger.purpose = str(event.public.get("purpose"))
        purpose = repository.meta(ledger.connection, "purpose")
        if purpose != ledger.purpose:
            marked = "huimin_meta purpose"
            ledger.flag(Flaw.ROW_MISMATCH, marked, ledger.purpose, law="streams 16")


def _hold_step(ledger: Ledger, event: Event, kind: StreamKind, place: str) -> None:
    """Hold a record's step, source and target against the life of its stream."""
    life = STREAMS[kind].life
    standing = ledger.targets.get(event.stream, life.begins)
    source = None if standing is None else str(standing)
    value = event.public.get("value")
    state = value.get("state", event.target) if isinstance(value, Mapping) else None
    wrong = {
        "step": event.step not in life.steps,
        "source": event.source != source,
        "target": (event.step, source, event.target) not in life.roads
        or (STREAMS[kind].record and event.target != state),
    }
    for name in filter(wrong.get, wrong):
        named = getattr(event, name)
        ledger.flag(Flaw.ILLEGAL_EVENT, f"{place} {name}", named, law="streams 15")
    ledger.targets[event.stream] = event.target
