"""The feed of changes by position, and the cursors of its consumers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam, select

from huimin_flow.store.core.driver import Statement, inserts
from huimin_flow.store.core.history import rows_naming
from huimin_flow.store.core.tables import CURSORS, EVENTS, ITEMS

_COLUMNS = tuple(
    EVENTS.c[name]
    for name in ("position", "stream", "step", "target", "at", "header", "leaf")
)
_AFTER = (
    select(*_COLUMNS)
    .where(EVENTS.c.position > bindparam("after"))
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
    that are.
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
