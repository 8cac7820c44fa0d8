"""The starred items at a cut: from their rows, or from their histories."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter

from sqlalchemy import (
    JSON,
    CompoundSelect,
    Connection,
    cast,
    func,
    select,
    type_coerce,
    union,
)

from huimin_flow.catalogue.terms import Area, Placement, State, StreamKind
from huimin_flow.model.deciding.lists import Candidate
from huimin_flow.model.items import Item
from huimin_flow.rules.deciding.lists import candidate_of, candidates
from huimin_flow.states.evolve import fold
from huimin_flow.store.core.history import event_of, raw_bytes, rows_naming
from huimin_flow.store.core.tables import EVENTS, ITEMS

#: By database system, an item's body as JSON.
_BODY = {
    "sqlite": type_coerce(ITEMS.c.body, JSON),
    "postgresql": cast(ITEMS.c.body, JSON),
}

_ITEM = StreamKind.ITEM.key("")


def candidates_at(connection: Connection, cut: int) -> list[Candidate]:
    """Return the items that were starred at a cut, with their values at the cut.

    The row of an item has these values unless the item moved after the cut. Only
    the histories of moved items are read.
    """
    body = _BODY[connection.dialect.name]
    moved = select(func.substr(_moved(cut).subquery().c.stream, len(_ITEM) + 1))
    query = select(
        ITEMS.c.number,
        ITEMS.c.unit,
        ITEMS.c.area,
        ITEMS.c.stars,
        body["perceived_benefit"].as_string(),
        body["prevalence"].as_integer(),
        ITEMS.c.collected_on,
        body["placement"].as_string(),
    ).where(ITEMS.c.state == State.STARRED.value, ITEMS.c.number.not_in(moved))
    unmoved = {
        number: candidate_of(
            number,
            unit,
            Area(area),
            stars,
            benefit,
            prevalence,
            date.fromisoformat(since),
            None if placement is None else Placement(placement),
        )
        for number, unit, area, stars, benefit, prevalence, since, placement in (
            connection.execute(query)
        )
    }
    # On PostgreSQL an item may move between the two queries: it counts once.
    again = candidates(starred_items(connection, cut, moved=True))
    return [*(unmoved | {each.number: each for each in again}).values()]


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


def _moved(cut: int) -> CompoundSelect[tuple[str]]:
    """Return the query of the item streams that have an event after a cut."""
    stream = select(EVENTS.c.stream).where(EVENTS.c.stream.startswith(_ITEM))
    return union(
        stream.where(EVENTS.c.position > cut),
        stream.where(EVENTS.c.position.is_(None)),
    )
