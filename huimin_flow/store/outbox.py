"""The feed of changes by position, its consumers, and what is sent of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam, func, select

from huimin_flow.catalogue.terms import DeliveryState, StreamKind
from huimin_flow.model.core.changes import Lease
from huimin_flow.store.core.driver import Statement, inserts
from huimin_flow.store.core.history import UNSEALED, rows_naming
from huimin_flow.store.core.tables import (
    CURSORS,
    DELIVERIES,
    DESTINATIONS,
    EVENTS,
    ITEMS,
)

_COLUMNS = tuple(
    EVENTS.c[name]
    for name in ("position", "stream", "step", "target", "at", "header", "leaf")
)
_AFTER = (
    select(*_COLUMNS)
    .where(EVENTS.c.position > bindparam("after"), UNSEALED)
    .order_by(EVENTS.c.position)
    .limit(bindparam("most"))
)
_FEED = Statement(_AFTER)


def feed(
    connection: Connection, after: int, kinds: Sequence[str], limit: int
) -> Sequence[Any]:
    """Return the events after a position: position, stream, step, target, at, bytes.

    The bytes are those of the header and of its leaf. ``kinds`` are those of streams,
    none for all. An event without a position is not there yet: it comes after all
    that are. What was sealed when it was recorded is left out.
    """
    if not kinds:
        rows: Sequence[Any] = _FEED.execute(
            connection, after=after, most=limit
        ).fetchall()
        return rows
    stream = EVENTS.c.stream
    named = [sa.or_(stream == kind, stream.startswith(f"{kind}/")) for kind in kinds]
    query = _AFTER.where(sa.or_(*named))
    return connection.execute(query, {"after": after, "most": limit}).all()


def owners(connection: Connection, items: Sequence[str]) -> dict[str, str]:
    """Return the units that own items now, by number."""
    query = select(ITEMS.c.number, ITEMS.c.unit)
    return {
        row.number: row.unit
        for row in rows_naming(connection, query, ITEMS.c.number, items)
    }


def cursors(connection: Connection) -> list[tuple[str, int, str]]:
    """Return consumer, position and moment of each cursor, by the consumer's name."""
    columns = (CURSORS.c.consumer, CURSORS.c.position, CURSORS.c.at)
    query = select(*columns).order_by(CURSORS.c.consumer)
    return [tuple(row) for row in connection.execute(query)]


def acknowledge(connection: Connection, consumer: str, position: int, at: str) -> bool:
    """Move a consumer's cursor forward; return False if it is further already."""
    made = inserts(connection.dialect.name)(CURSORS).values(
        consumer=consumer, position=position, at=at
    )
    moved = made.on_conflict_do_update(
        index_elements=["consumer"],
        set_={"position": position, "at": at},
        where=CURSORS.c.position <= position,
    ).returning(CURSORS.c.position)
    return connection.execute(moved).first() is not None


def _moment(connection: Connection, seconds: int) -> sa.ColumnElement[str]:
    """Return the database's own moment in some seconds, as UTC text of one width.

    The clocks of the machines that send may differ; a lease has only this one.
    """
    if connection.dialect.name == "sqlite":
        shape = "%Y-%m-%dT%H:%M:%f000Z"
        return func.strftime(shape, "now", f"{seconds:+d} seconds")
    at = func.timezone("UTC", func.clock_timestamp()) + sa.cast(
        f"{seconds} seconds", sa.Interval
    )
    return func.to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')


def lease(
    connection: Connection, name: str, owner: str, seconds: int, start: int
) -> Lease | None:
    """Return a lease of a destination, None while another one holds it.

    A lease that has expired is taken over with the next epoch. A new destination
    begins after the position ``start``.
    """
    now, until = _moment(connection, 0), _moment(connection, seconds)
    made = inserts(connection.dialect.name)(DESTINATIONS).values(
        name=name, position=start, epoch=1, owner=owner, lease=until
    )
    mine = sa.and_(DESTINATIONS.c.owner == owner, DESTINATIONS.c.lease >= now)
    taken = made.on_conflict_do_update(
        index_elements=["name"],
        set_={
            "owner": owner,
            "lease": until,
            "epoch": DESTINATIONS.c.epoch + sa.case((mine, 0), else_=1),
        },
        where=sa.or_(DESTINATIONS.c.owner == owner, DESTINATIONS.c.lease < now),
    ).returning(DESTINATIONS.c.epoch, DESTINATIONS.c.position)
    row = connection.execute(taken).first()
    if row is None:
        return None
    return Lease(destination=name, owner=owner, epoch=row.epoch, position=row.position)


def fence(
    connection: Connection, held: Lease, seconds: int, **changes: str | int | None
) -> bool:
    """Renew a lease and change its destination; return False if a later one exists.

    The row is locked until the transaction ends, so nobody takes it over meanwhile.
    """
    query = (
        sa.update(DESTINATIONS)
        .where(
            DESTINATIONS.c.name == held.destination,
            DESTINATIONS.c.epoch == held.epoch,
            DESTINATIONS.c.owner == held.owner,
        )
        .values(lease=_moment(connection, seconds), **changes)
    )
    return connection.execute(query).rowcount == 1


def release(connection: Connection, held: Lease) -> None:
    """End a lease, so that nobody waits for it to expire."""
    fence(connection, held, -1)


def queue(
    connection: Connection, destination: str, rows: Sequence[tuple[int, str]], due: str
) -> None:
    """Insert deliveries: of each position, to a recipient; the same only once."""
    values = [
        {
            "destination": destination,
            "position": position,
            "recipient": recipient,
            "state": DeliveryState.WAITING.value,
            "attempts": 0,
            "due": due,
            "error": "",
        }
        for position, recipient in rows
    ]
    if values:
        made = inserts(connection.dialect.name)(DELIVERIES)
        connection.execute(made.on_conflict_do_nothing(), values)


def waiting(
    connection: Connection, destination: str, without: Collection[str], limit: int
) -> Sequence[Any]:
    """Return the waiting deliveries of a destination, in order, without recipients.

    Each row has position, recipient, attempts and due.
    """
    query = (
        select(
            DELIVERIES.c.position,
            DELIVERIES.c.recipient,
            DELIVERIES.c.attempts,
            DELIVERIES.c.due,
        )
        .where(
            DELIVERIES.c.state == DeliveryState.WAITING.value,
            DELIVERIES.c.destination == destination,
            DELIVERIES.c.recipient.not_in(list(without)),
        )
        .order_by(DELIVERIES.c.position, DELIVERIES.c.recipient)
        .limit(limit)
    )
    return connection.execute(query).all()


def settle(
    connection: Connection,
    place: tuple[str, int, str],
    was: Collection[DeliveryState],
    **changes: str | int,
) -> bool:
    """Change a delivery that is in one of some states; return False if it isn't."""
    destination, position, recipient = place
    query = (
        sa.update(DELIVERIES)
        .where(
            DELIVERIES.c.destination == destination,
            DELIVERIES.c.position == position,
            DELIVERIES.c.recipient == recipient,
            DELIVERIES.c.state.in_([state.value for state in was]),
        )
        .values(**changes)
    )
    return connection.execute(query).rowcount == 1


def forget(connection: Connection, destination: str, before: str) -> None:
    """Delete the deliveries that were sent before a moment; the history stays.

    Those of digests are kept: they tell which unit has got its own.
    """
    digests = EVENTS.c.stream.startswith(StreamKind.DIGEST.key(""))
    connection.execute(
        sa.delete(DELIVERIES).where(
            DELIVERIES.c.state == DeliveryState.SENT.value,
            DELIVERIES.c.destination == destination,
            DELIVERIES.c.due < before,
            DELIVERIES.c.position.not_in(select(EVENTS.c.position).where(digests)),
        )
    )


def deliveries_of(
    connection: Connection, stream: str
) -> dict[str, list[tuple[str, DeliveryState]]]:
    """Return by recipient where the newest change of a stream sent to it stands.

    Each is a destination, and the state of the delivery there.
    """
    query = (
        select(
            DELIVERIES.c.recipient,
            DELIVERIES.c.position,
            DELIVERIES.c.destination,
            DELIVERIES.c.state,
        )
        .join(EVENTS, EVENTS.c.position == DELIVERIES.c.position)
        .where(EVENTS.c.stream == stream, DELIVERIES.c.recipient != "")
        .order_by(DELIVERIES.c.position)
    )
    newest: dict[str, int] = {}
    known: dict[str, list[tuple[str, DeliveryState]]] = {}
    for row in connection.execute(query):
        if newest.get(row.recipient) != row.position:
            newest[row.recipient], known[row.recipient] = row.position, []
        known[row.recipient].append((row.destination, DeliveryState(row.state)))
    return known


def destinations(connection: Connection) -> list[Mapping[str, Any]]:
    """Return the destinations by name, each with its counts and its last fault."""
    counts = (
        select(DELIVERIES.c.destination, DELIVERIES.c.state, func.count().label("many"))
        .where(DELIVERIES.c.state != DeliveryState.SENT.value)
        .group_by(DELIVERIES.c.destination, DELIVERIES.c.state)
    )
    known: dict[tuple[str, str], int] = {
        (row.destination, row.state): row.many for row in connection.execute(counts)
    }
    faults = (
        select(DELIVERIES.c.destination, func.min(DELIVERIES.c.position).label("first"))
        .where(
            DELIVERIES.c.state.in_([DeliveryState.WAITING, DeliveryState.DEAD]),
            DELIVERIES.c.error != "",
        )
        .group_by(DELIVERIES.c.destination)
        .subquery()
    )
    errors = connection.execute(
        select(DELIVERIES.c.destination, DELIVERIES.c.error).join(
            faults,
            sa.and_(
                DELIVERIES.c.destination == faults.c.destination,
                DELIVERIES.c.position == faults.c.first,
                DELIVERIES.c.error != "",
            ),
        )
    )
    last = {row.destination: row.error for row in errors}
    query = select(DESTINATIONS).order_by(DESTINATIONS.c.name)
    return [
        {
            **row,
            "waiting": known.get((row["name"], DeliveryState.WAITING), 0),
            "dead": known.get((row["name"], DeliveryState.DEAD), 0),
            "error": last.get(row["name"], ""),
        }
        for row in connection.execute(query).mappings()
    ]


def deliveries(
    connection: Connection,
    wanted: Mapping[str, str | None],
    *,
    after: tuple[int, str, str] | None,
    skip: int,
    limit: int | None,
) -> Sequence[Any]:
    """Return deliveries with the streams of their changes, newest first.

    ``after`` is position, destination and recipient of one before the first.
    """
    place = DELIVERIES.c.position, DELIVERIES.c.destination, DELIVERIES.c.recipient
    conditions = _wanted(wanted)
    if after is not None:
        last, *rest = after
        same = sa.and_(place[0] == last, sa.tuple_(*place[1:]) > sa.tuple_(*rest))
        conditions.append(sa.or_(place[0] < last, same))
    query = (
        select(DELIVERIES, EVENTS.c.stream)
        .outerjoin(EVENTS, EVENTS.c.position == DELIVERIES.c.position)
        .where(*conditions)
        .order_by(place[0].desc(), *place[1:])
        .offset(skip)
        .limit(limit)
    )
    return connection.execute(query).mappings().all()


def count_deliveries(connection: Connection, wanted: Mapping[str, str | None]) -> int:
    """Return how many deliveries there are."""
    query = select(func.count()).select_from(DELIVERIES).where(*_wanted(wanted))
    return int(connection.execute(query).scalar_one())


def _wanted(wanted: Mapping[str, str | None]) -> list[sa.ColumnElement[bool]]:
    return [DELIVERIES.c[name] == text for name, text in wanted.items() if text]


def fails_since(connection: Connection, destination: str, at: str) -> None:
    """Note since when nothing arrives at a destination, unless it is noted."""
    connection.execute(
        sa.update(DESTINATIONS)
        .where(DESTINATIONS.c.name == destination, DESTINATIONS.c.failing.is_(None))
        .values(failing=at)
    )
