"""The checks of one event: its bytes, row, chain, position and content.

``verify`` checks every event by these laws, ``replay`` the events of one stream. A
value of a wrong type is a finding with its place, never a crash. Who rewrites a whole
stream can compute correct hashes again; laws 9 to 16 also check the content.

1. A stream's events are numbered without a gap, and each contains the leaf of the
   event before.
2. A leaf is the hash of its header.
3. A header can be read.
4. The columns beside a header have the same values, each of its own type.
5. A private part opens the commitment in its header; in a replay, no private part is
   without a commitment.
6. In a replay, an event's position has neighbors on both sides, up to the head.
7. A row's serial number is above that of the row before it.
8. No serial number is above the last one that the database assigned.
9. A header's bytes are canonical JSON, with the fields that this engine writes.
10. No event happened after it was recorded.
11. Stamps don't go back: not at all with one writer, at most a day with several.
    Only after a declared span do they, and in what declares it.
12. A production database has no event with a stamp over a day in the future, except
    in a declared span.
13. A verdict can be read.
14. A header's public part has only fields that its kind of stream may have.
15. Its step is in the stream's life, from the state before to the state of its value.
16. A database has the purpose that its founding event states.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, or_, select

from huimin_flow.audit.core.headers import ODD, read_header
from huimin_flow.audit.ledger import Ledger, sets_time
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

#: How far a stamp may be behind an earlier one if several machines write. If a clock
#: differs by more, the act is refused before anything is written.
_SKEW = timedelta(days=1)


class Surroundings(NamedTuple):
    """What the events of some streams are compared with, read for all of them.

    ``serials`` are the serial numbers of rows, by position; those before and after
    each event are there. With ``odd`` some value has another type.
    """

    head: Any
    serials: Mapping[int, int]
    odd: bool


def surroundings(connection: Connection, recorded: Sequence[Stored]) -> Surroundings:
    """Read the rows around events, and whether any of their values is odd."""
    streams = sorted({stored.stream for stored in recorded})
    return Surroundings(
        head=positions.stored_head(connection)[0],
        serials={
            row.position: row.id
            for row in history.rows_naming(
                connection, _NEIGHBORS, EVENTS.c.stream, streams
            )
        },
        odd=any(
            next(odd_kinds(connection, table, table.c.stream.in_(streams)), None)
            for table in (EVENTS, PAYLOADS)
        ),
    )


_OTHER = EVENTS.alias("other")
_NEIGHBORS = select(_OTHER.c.position, _OTHER.c.id).join_from(
    EVENTS,
    _OTHER,
    or_(
        _OTHER.c.position == EVENTS.c.position - 1,
        _OTHER.c.position == EVENTS.c.position + 1,
    ),
)


def walk_stream(
    ledger: Ledger, recorded: Sequence[Stored], around: Surroundings
) -> list[Event | None]:
    """Check the events of one stream alone; return them, None for unreadable ones."""
    events: list[Event | None] = []
    for stored in recorded:
        place = f"{stored.stream} #{stored.n}"
        for table in (EVENTS, PAYLOADS) if around.odd else ():
            here = (table.c.stream == stored.stream, table.c.n == stored.n)
            for column, kind in odd_kinds(ledger.connection, table, *here):
                column_place = f"{place} {column}"
                ledger.flag(Flaw.COLUMN_MISMATCH, column_place, kind, law="streams 4")
        at, head = stored.position, around.head
        if isinstance(at, int) and isinstance(head, int) and 1 <= at <= head:
            _check_neighbors(ledger, stored, at, around)
        elif ledger.one_writer or at is not None:
            ledger.flag(Flaw.POSITION_GAP, f"{place} position", at, law="streams 6")
        events.append(hold_event(ledger, stored, place))
    return events


def _check_neighbors(
    ledger: Ledger, stored: Stored, at: int, around: Surroundings
) -> None:
    """Compare an event's row with the rows before and after it in the history."""
    place, serials = f"{stored.stream} #{stored.n}", around.serials
    for position in (at - 1, at + 1):
        if 1 <= position <= around.head and position not in serials:
            gap = f"{place} position"
            ledger.flag(Flaw.POSITION_GAP, gap, position, law="streams 6")
    if ledger.one_writer and stored.id is not None:
        before = serials.get(at - 1, 0)
        if not before < stored.id < serials.get(at + 1, stored.id + 1):
            serial = f"{place} id"
            ledger.flag(Flaw.COLUMN_MISMATCH, serial, f"> {before}", law="streams 7")


def hold_event(ledger: Ledger, stored: Stored, place: str) -> Event | None:
    """Check an event's hash, row and chain; return the event.

    Return None if its header can't be read; its stream is broken then.
    """
    _check_serial(ledger, stored, place)
    if leaf(stored.header) != stored.leaf:
        ledger.flag(Flaw.LEAF_MISMATCH, place, law="streams 2")
    try:
        event, at, canonical = read_header(stored.header)
        if not canonical:
            ledger.flag(Flaw.HEADER_ALTERED, f"{place} header", law="streams 9")
        _check_moments(ledger, event, at, place, stored.position)
    except ODD as error:
        ledger.flag(Flaw.HEADER_UNREADABLE, f"{place} header", error, law="streams 3")
        ledger.broken.add(stored.stream)
        return None
    columns = (event.stream, event.n, event.step, event.target, at, event.request)
    written = stored[1:7]
    # Only of the number may an equal value have another type.
    if columns != written or not type(event.n) is type(stored.n) is int:
        for name, column in zip(_COLUMNS, columns, strict=True):
            if not same(getattr(stored, name), column):
                cell = f"{place} {name}"
                ledger.flag(Flaw.COLUMN_MISMATCH, cell, column, law="streams 4")
    n, tail = ledger.tails.get(event.stream, (0, b""))
    if event.n != n + 1 or (event.previous or "") != tail.hex():
        ledger.flag(Flaw.CHAIN_BROKEN, place, law="streams 1")
    ledger.tails[event.stream] = (event.n, stored.leaf)
    ledger.follow(event, at, stored.position)
    if event.private is not None or ledger.alone:
        _check_private(ledger, event, place)
    return event


def _check_private(ledger: Ledger, event: Event, place: str) -> None:
    """Open the commitment of an event, or find out that nothing needs one."""
    ledger.private += 1
    if ledger.payloads is not None:
        ledger.payloads[event.stream, event.n] = {}
    kept = ledger.facts.payload(event.stream, event.n)
    if (None if kept is None else commitment(*kept).hex()) != event.private:
        ledger.flag(Flaw.PAYLOAD_MISMATCH, place, law="streams 5")


#: The columns beside a header that repeat its fields; they are next to each other.
_COLUMNS = Stored._fields[1:7]


def _check_serial(ledger: Ledger, stored: Stored, place: str) -> None:
    """Compare a row's serial number with the one before it.

    SQLite has one writer, so serial numbers rise with positions. PostgreSQL gives
    a row its serial number when it is written, and its position after the commit.
    So serial numbers rise within each stream and each act, and none is below that
    of the very first row. A gap may come from a rolled-back row.
    """
    key = "" if ledger.one_writer else stored.stream
    serials = ledger.serials
    before = serials.get(key, serials.get("", 0))
    if ledger.request == stored.request:
        before = max(before, ledger.last_serial)
    if not isinstance(stored.id, int) or stored.id <= before:
        ledger.flag(Flaw.COLUMN_MISMATCH, f"{place} id", f"> {before}", law="streams 7")
        return
    serials.setdefault("", stored.id)
    serials[key] = ledger.last_serial = stored.id
    if stored.id > ledger.highest_serial[0]:
        ledger.highest_serial = (stored.id, place)


def hold_last_serial(ledger: Ledger, last: int | None) -> None:
    """Compare the highest serial number with the last one the database assigned."""
    highest, place = ledger.highest_serial
    if last is not None and highest > last:
        ledger.highest_serial = (0, "")  # report it once
        ledger.flag(Flaw.COLUMN_MISMATCH, f"{place} id", f"≤ {last}", law="streams 8")


def _check_moments(
    ledger: Ledger, event: Event, at: str, place: str, position: int | None
) -> None:
    """Compare the day and the stamp ``at`` of a header with those before."""
    day = event.occurred_on
    # The day in Shanghai is that in UTC or the next.
    early = event.at.tzinfo is UTC and day <= event.at.date()
    if not early and day > local_day(event.at):
        ledger.flag(Flaw.HEADER_ALTERED, f"{place} occurred_on", day, law="streams 10")
    ahead = event.at > ledger.now + _SKEW and not ledger.is_declared(position)
    if ahead and ledger.purpose == "production":
        limit = f"≤ {history.moment_text(ledger.now)}"
        ledger.flag(Flaw.HEADER_ALTERED, f"{place} at", limit, law="streams 12")
    latest = ledger.stamp
    back = at < latest and (
        ledger.one_writer or history.moment_of(latest) - event.at > _SKEW
    )
    if back and not sets_time(event):
        ledger.flag(Flaw.HEADER_ALTERED, f"{place} at", f"≥ {latest}", law="streams 11")


_DOORS = frozenset(door.value for door in Via)


def hold_content(
    ledger: Ledger, event: Event, kind: StreamKind | None, place: str
) -> Verdict | None:
    """Check that an event contains only what its kind of stream may contain.

    Return its verdict, None for one that can't be read.

    Raises:
        ValueError: for an unknown kind of stream or door.

    """
    if event.via not in _DOORS:
        raise ValueError(event.via)
    verdict = None
    try:
        if event.verdict is not None:
            verdict = from_plain(Verdict, event.verdict)
    except ODD as error:
        ledger.flag(Flaw.HEADER_UNREADABLE, f"{place} verdict", error, law="streams 13")
    if kind is None:
        raise ValueError(event.stream)
    if not event.public.keys() <= STREAMS[kind].fields:
        unexpected, cell = event.public.keys() - STREAMS[kind].fields, f"{place} public"
        ledger.flag(Flaw.HEADER_ALTERED, cell, min(unexpected), law="streams 14")
    if kind is not StreamKind.ITEM:
        _check_step(ledger, event, kind, place)
    if kind is StreamKind.RULEBOOK and event.n == 1:
        ledger.purpose = str(event.public.get("purpose"))
        purpose = repository.meta(ledger.connection, "purpose")
        if purpose != ledger.purpose:
            marked = "huimin_meta purpose"
            ledger.flag(Flaw.ROW_MISMATCH, marked, ledger.purpose, law="streams 16")
    return verdict


def _check_step(ledger: Ledger, event: Event, kind: StreamKind, place: str) -> None:
    """Compare a record's step, source and target with the life of its stream."""
    life = STREAMS[kind].life
    current = ledger.targets.get(event.stream, life.begins)
    source = None if current is None else str(current)
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
