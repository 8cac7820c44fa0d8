"""The starred items at a cut: from their rows, or from their histories."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, func, select

from huimin_flow.catalogue.terms import Area, Placement, State, StreamKind
from huimin_flow.model.deciding.lists import Candidate
from huimin_flow.model.items import Item
from huimin_flow.rules.deciding.lists import candidate_of, candidates
from huimin_flow.states.evolve import fold
from huimin_flow.store.core.history import (
    TOGETHER,
    event_of,
    moment_text,
    raw_bytes,
    rows_naming,
)
from huimin_flow.store.core.tables import EVENTS, ITEMS

_ITEM = StreamKind.ITEM.key("")

_COLUMNS = [
    ITEMS.c[name] for name in ("number", "unit", "area", "stars", "collected_on")
]
_BODY = sa.type_coerce(ITEMS.c.body, sa.JSON)
_RECORD = (
    func.json_to_record(sa.cast(ITEMS.c.body, sa.JSON))
    .table_valued(
        sa.column("perceived_benefit", sa.Text),
        sa.column("prevalence", sa.Integer),
        sa.column("placement", sa.Text),
        sa.column("title", sa.Text),
    )
    .render_derived(with_types=True)
)

#: By database system, the query of the rows of starred items. PostgreSQL parses a
#: body for each operator, so there a function takes all fields from it at once.
_STARRED = {
    "sqlite": select(
        *_COLUMNS,
        _BODY["perceived_benefit"].as_string(),
        _BODY["prevalence"].as_integer(),
        _BODY["placement"].as_string(),
        _BODY["title"].as_string(),
    ),
    "postgresql": select(*_COLUMNS, *_RECORD.c).join_from(ITEMS, _RECORD, sa.true()),
}


def candidates_at(connection: Connection, cut: int) -> list[Candidate]:
    """Return the items that were starred at a cut, with their values at the cut.

    The row of an item has these values unless the item moved after the cut. Only
    the histories of moved items are read.
    """
    starred = ITEMS.c.state == State.STARRED.value
    rows = connection.execute(_STARRED[connection.dialect.name].where(starred))
    at_cut = {
        number: candidate_of(
            number,
            unit,
            Area(area),
            stars,
            benefit,
            prevalence,
            date.fromisoformat(since),
            None if placement is None else Placement(placement),
            title,
        )
        for (
            number,
            unit,
            area,
            stars,
            since,
            benefit,
            prevalence,
            placement,
            title,
        ) in rows
    }
    # Rows come first: on PostgreSQL an item may move between two queries.
    for stream in connection.execute(_moved(cut)).scalars():
        at_cut.pop(stream.removeprefix(_ITEM), None)
    for moved in candidates(starred_items(connection, cut, moved=True)):
        at_cut[moved.number] = moved
    return list(at_cut.values())


def continued_by_starred(connection: Connection) -> dict[str, str]:
    """Return each starred item that continues another one, with that other one."""
    query = select(ITEMS.c.number, ITEMS.c.continues).where(
        ITEMS.c.state == State.STARRED.value, ITEMS.c.continues.is_not(None)
    )
    rows = connection.execute(query.order_by(ITEMS.c.number))
    return {number: str(other) for number, other in rows}


def starred_items(
    connection: Connection, cut: int, *, moved: bool = False
) -> Iterator[Item]:
    """Yield the items that were starred at a cut, as their histories make them.

    With ``moved``, only those that have an event after the cut.
    """
    last = (
        select(EVENTS.c.stream, func.max(EVENTS.c.n).label("n"))
        .where(EVENTS.c.position <= cut, EVENTS.c.stream.startswith(_ITEM))
        .group_by(EVENTS.c.stream)
    )
    if moved:
        last = last.where(EVENTS.c.stream.in_(_moved(cut)))
    ends = last.subquery()
    starred = (
        select(EVENTS.c.stream)
        .join(ends, (EVENTS.c.stream == ends.c.stream) & (EVENTS.c.n == ends.c.n))
        .where(EVENTS.c.target == State.STARRED.value)
        .order_by(EVENTS.c.stream)
    )
    streams = connection.execute(starred).scalars().all()
    query = (
        select(EVENTS.c.stream, EVENTS.c.header)
        .where(EVENTS.c.position <= cut)
        .order_by(EVENTS.c.stream, EVENTS.c.n)
    )
    rows = rows_naming(connection, query, EVENTS.c.stream, streams)
    for _, history in groupby(rows, key=itemgetter(0)):
        item = fold(event_of(raw_bytes(header)) for _, header in history)
        if item is not None:
            yield item


def _moved(cut: int) -> sa.CompoundSelect[Any]:
    """Return the query of the item streams that have an event after a cut."""
    stream = select(EVENTS.c.stream).where(EVENTS.c.stream.startswith(_ITEM))
    return sa.union(
        stream.where(EVENTS.c.position > cut),
        stream.where(EVENTS.c.position.is_(None)),
    )


def furthest_before(
    connection: Connection, numbers: Sequence[str], moment: datetime
) -> dict[str, State]:
    """Return the state of each of these items before a moment.

    Of an item that was closed by then it is the state that it left.
    """
    query = (
        select(EVENTS.c.stream, EVENTS.c.target)
        .where(EVENTS.c.at < moment_text(moment), EVENTS.c.target != State.CLOSED)
        .order_by(EVENTS.c.stream, EVENTS.c.n)
    )
    streams = [StreamKind.ITEM.key(number) for number in numbers]
    rows = rows_naming(connection, query, EVENTS.c.stream, streams, at_once=TOGETHER)
    return {StreamKind.parse(stream)[1]: State(target) for stream, target in rows}
