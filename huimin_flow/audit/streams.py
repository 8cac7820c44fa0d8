"""One stream walked by itself: its bytes, its chain, its columns, its place.

A value of an odd type is a finding with its place, never a crash.

1. Events are numbered without a gap, and each bears the leaf of the one before.
2. A leaf is the hash of its header.
3. Rows are numbered as they were written.
4. Columns beside a header say what it says, each as its own kind of value.
5. A header can be read.
6. A private part opens the commitment in its header, and there is none without.
7. Positions have neighbors on both sides, up to the head.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam, select

from huimin_flow.audit.headers import hold_header
from huimin_flow.audit.kinds import odd_kinds
from huimin_flow.audit.ledger import Ledger
from huimin_flow.catalogue.terms import Flaw
from huimin_flow.model.canonical import commitment, leaf
from huimin_flow.model.event import Event
from huimin_flow.store import history, positions
from huimin_flow.store.history import EVENTS, Stored

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
    for table in (EVENTS, history.PAYLOADS):
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
