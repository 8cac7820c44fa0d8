"""One stream walked by itself: its bytes, its chain, its columns, its place.

A value of an odd type is a finding with its place, never a crash. Whoever re-seals a
stream can make its hashes right; laws 10 to 16 are what a header must keep besides.

1. Events are numbered without a gap, and each bears the leaf of the one before.
2. A leaf is the hash of its header.
3. Rows are numbered as they were written.
4. Columns beside a header say what it says, each as its own kind of value.
5. A header can be read.
6. A private part opens the commitment in its header, and there is none without.
7. Positions have neighbors on both sides, up to the head.
8. A row's number is above that of the row before it.
9. No number is above the last one that the database gave.
10. A header's bytes are canonical JSON, in this engine's own order.
11. Nothing happened after it was recorded.
12. Stamps don't go back: not at all under one writer, not by a day under several.
13. A production database records nothing that is still to come.
14. A verdict can be read.
15. A header's public part names only what its kind of stream may name.
16. Its step is one of the stream's life, from where the stream stood to where its
    value then stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select

from huimin_flow.audit.ledger import Ledger
from huimin_flow.audit.rows import odd_kinds
from huimin_flow.catalogue.terms import Flaw, StreamKind, Via
from huimin_flow.clock import local_day
from huimin_flow.model.core.canonical import commitment, leaf
from huimin_flow.model.core.events import Event, Verdict
from huimin_flow.model.core.values import from_plain
from huimin_flow.store.core import history, positions
from huimin_flow.store.core.history import Stored
from huimin_flow.store.core.tables import EVENTS, PAYLOADS
from huimin_flow.streams import STREAMS

#: What a header that can be read may still hold of an odd type.
ODD = (ValueError, KeyError, TypeError, AttributeError, OverflowError)


def same(one: object, other: object) -> bool:
    """Tell whether two stored values are equal, and of one type.

    >>> same(1, True), same("a", "a")
    (False, True)

    """
    return type(one) is type(other) and one == other


def walk_stream(ledger: Ledger, stream: str) -> list[tuple[Stored, Event | None]]:
    """Return a stream's events; one whose header can't be read comes without it."""
    walked: list[tuple[Stored, Event | None]] = []
    tail = ""
    serial = 0
    for n, stored in enumerate(history.read_stream(ledger.connection, stream), 1):
        place = f"{stream} #{stored.n}"
        if stored.n != n:
            ledger.found(Flaw.CHAIN_BROKEN, f"{place} n", n, law="streams 1")
        if leaf(stored.header) != stored.leaf:
            ledger.found(Flaw.LEAF_MISMATCH, place, law="streams 2")
        _kinds(ledger, stored, place)
        _placed(ledger, stored, place)
        if not isinstance(stored.id, int) or stored.id <= serial:
            ledger.found(
                Flaw.COLUMN_MISMATCH, f"{place} id", stored.id, law="streams 3"
            )
        else:
            serial = stored.id
        event = _read(ledger, stored, place)
        if event is not None and (event.previous or "") != tail:
            ledger.found(Flaw.CHAIN_BROKEN, f"{place} previous", tail, law="streams 1")
        tail = stored.leaf.hex()
        walked.append((stored, event))
    return walked


def _read(ledger: Ledger, stored: Stored, place: str) -> Event | None:
    """Read a header, and hold the columns beside it against what it says."""
    try:
        event = history.event_of(stored.header)
        said: dict[str, Any] = {
            "stream": event.stream,
            "n": event.n,
            "step": event.step,
            "target": event.target,
            "at": history.moment_text(event.at),
            "request": event.request,
        }
        for name, one in said.items():
            if not same(getattr(stored, name), one):
                ledger.found(
                    Flaw.COLUMN_MISMATCH, f"{place} {name}", one, law="streams 4"
                )
        _opened(ledger, event, stored, place)
        hold_header(ledger, stored, event, place)
        ledger.latest.append(max([said["at"], *ledger.latest[-1:]]))
    except ODD as error:
        ledger.found(Flaw.HEADER_UNREADABLE, f"{place} header", error, law="streams 5")
        return None
    return event


def _opened(ledger: Ledger, event: Event, stored: Stored, place: str) -> None:
    kept = history.payload_of(ledger.connection, stored.stream, stored.n)
    opened = None if kept is None else commitment(*kept).hex()
    if opened != event.private:
        ledger.found(Flaw.PAYLOAD_MISMATCH, place, law="streams 6")


def _kinds(ledger: Ledger, stored: Stored, place: str) -> None:
    """Ask whether bytes are kept as bytes: SQLite takes a text in their place."""
    for table in (EVENTS, PAYLOADS):
        here = (table.c.stream == stored.stream, table.c.n == stored.n)
        for column, kind in odd_kinds(ledger.connection, table, *here):
            said = column if table is EVENTS else f"{table.name} {column}"
            ledger.found(Flaw.COLUMN_MISMATCH, f"{place} {said}", kind, law="streams 4")


def _placed(ledger: Ledger, stored: Stored, place: str) -> None:
    """Ask for the neighbors of an event's position, and for its row's number."""
    head, _ = positions.stored_head(ledger.connection)
    at = stored.position
    if not isinstance(at, int) or not isinstance(head, int) or not 1 <= at <= head:
        waits = at is None and ledger.connection.dialect.name == "postgresql"
        if not waits:
            ledger.found(Flaw.POSITION_GAP, f"{place} position", at, law="streams 7")
        return
    for beside in (at - 1, at + 1):
        if 1 <= beside <= head and _serial_at(ledger.connection, beside) is None:
            ledger.found(
                Flaw.POSITION_GAP, f"{place} position", beside, law="streams 7"
            )
    given = positions.last_id(ledger.connection)
    before = _serial_at(ledger.connection, at - 1)
    after = _serial_at(ledger.connection, at + 1)
    one_writer = ledger.connection.dialect.name == "sqlite"
    if not isinstance(stored.id, int) or (given is not None and stored.id > given):
        ledger.found(Flaw.COLUMN_MISMATCH, f"{place} id", f"≤ {given}", law="streams 3")
    elif one_writer and not (before or 0) < stored.id < (after or stored.id + 1):
        ledger.found(
            Flaw.COLUMN_MISMATCH, f"{place} id", f"> {before or 0}", law="streams 3"
        )


#: Asked for each event's neighbors, and made once.
_SERIAL = select(EVENTS.c.id).where(EVENTS.c.position == bindparam("at"))


def _serial_at(connection: Connection, position: int) -> int | None:
    found = connection.execute(_SERIAL, {"at": position}).scalar()
    return found if isinstance(found, int) else None


def hold_serial(ledger: Ledger, stored: Stored, place: str) -> None:
    """Ask that a row's number is above the one before it.

    SQLite has one writer, so numbers rise with positions. PostgreSQL numbers a
    row when it is written and places it when it is committed, so they rise
    within each stream and each act, and no row is below the very first. What a
    gap leaves free between two numbers cannot be told from a number given.
    """
    one_writer = ledger.connection.dialect.name == "sqlite"
    key = "" if one_writer else stored.stream
    serials = ledger.serials
    before = serials.last.get(key, serials.last.get("", 0))
    if ledger.requests and ledger.requests[-1] == stored.request:
        before = max(before, serials.latest)
    if not isinstance(stored.id, int) or stored.id <= before:
        ledger.found(
            Flaw.COLUMN_MISMATCH, f"{place} id", f"> {before}", law="streams 8"
        )
        return
    serials.last.setdefault("", stored.id)
    serials.last[key] = serials.latest = stored.id
    serials.highest = max(serials.highest, (stored.id, place))


def hold_last_serial(ledger: Ledger) -> None:
    """Ask that no row's number is above the last one the database gave."""
    given = positions.last_id(ledger.connection)
    highest, place = ledger.serials.highest
    if given is not None and highest > given and not ledger.serials.above:
        ledger.serials.above = True
        ledger.found(Flaw.COLUMN_MISMATCH, f"{place} id", f"≤ {given}", law="streams 9")


#: How far a stamp may lie behind an earlier one where several machines write: a
#: clock that is wrong by more is refused before anything is written.
_SKEW = timedelta(days=1)


def hold_header(
    ledger: Ledger, stored: history.Stored, event: Event, place: str
) -> None:
    """Hold a header against how one is written, and its days against each other.

    ``ledger.latest`` tells the latest stamp before it.

    Raises:
        ValueError: if it holds what canonical JSON lacks.

    """
    if history.header_of(event) != stored.header:
        ledger.found(Flaw.HEADER_ALTERED, f"{place} header", law="streams 10")
    if event.occurred_on > local_day(event.at):
        ledger.found(
            Flaw.HEADER_ALTERED,
            f"{place} occurred_on",
            event.occurred_on,
            law="streams 11",
        )
    if ledger.purpose == "production" and event.at > ledger.now + _SKEW:
        at = history.moment_text(ledger.now)
        ledger.found(Flaw.HEADER_ALTERED, f"{place} at", f"≤ {at}", law="streams 13")
    latest = ledger.latest[-1] if ledger.latest else ""
    if history.moment_text(event.at) < latest:
        one_writer = ledger.connection.dialect.name == "sqlite"
        if one_writer or history.moment_of(latest) - event.at > _SKEW:
            ledger.found(
                Flaw.HEADER_ALTERED, f"{place} at", f"≥ {latest}", law="streams 12"
            )


def hold_told(ledger: Ledger, event: Event, place: str) -> None:
    """Hold what an event tells besides its step against what can be told."""
    Via(event.via)
    try:
        if event.verdict is not None:
            from_plain(Verdict, event.verdict)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        ledger.found(
            Flaw.HEADER_UNREADABLE, f"{place} verdict", error, law="streams 14"
        )
    kind, _ = StreamKind.parse(event.stream)
    if kind is None:
        raise ValueError(event.stream)
    strange = set(event.public) - STREAMS[kind].fields
    if strange:
        ledger.found(
            Flaw.HEADER_ALTERED, f"{place} public", min(strange), law="streams 15"
        )
    if kind is not StreamKind.ITEM:
        for name in _misled(ledger, event, kind):
            ledger.found(
                Flaw.ILLEGAL_EVENT,
                f"{place} {name}",
                getattr(event, name),
                law="streams 16",
            )
        ledger.targets[event.stream] = event.target


def _misled(ledger: Ledger, event: Event, kind: StreamKind) -> Iterator[str]:
    """Yield which of a record's step, source and target can't be."""
    life = STREAMS[kind].life
    standing = ledger.targets.get(event.stream, life.begins)
    source = None if standing is None else str(standing)
    if event.step not in life.steps:
        yield "step"
    if event.source != source:
        yield "source"
    value = event.public.get("value")
    state = value.get("state", event.target) if isinstance(value, Mapping) else None
    strange = (event.step, source, event.target) not in life.roads
    if strange or (STREAMS[kind].record and event.target != state):
        yield "target"
