"""Queries of what waits for a next step: items, records, and since when."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection, func, select

from huimin_flow.catalogue.terms import Area, LifeStage, State, StreamKind, Term
from huimin_flow.clock import at_hour, local_day
from huimin_flow.model.core.values import from_json
from huimin_flow.states.authority import Reach
from huimin_flow.states.table import ENDS, MAIN_LINE
from huimin_flow.store.core.driver import Statement
from huimin_flow.store.core.history import (
    NAMED,
    TOGETHER,
    moment_of,
    moment_text,
    rows_naming,
)
from huimin_flow.store.core.repository import TITLE
from huimin_flow.store.core.tables import EVENTS, ITEMS, PROGRESS, RECORDS

T = TypeVar("T")


class Waiting(NamedTuple):
    """An item in a state since a day, with the plain fields of its value."""

    number: str
    state: State
    unit: str
    area: Area
    since: date
    plain: dict[str, Any]


_STREAM = sa.literal(StreamKind.ITEM.key("")) + ITEMS.c.number


#: An item with a part in doubt. A quote within a text of the body has an escape.
_STALE = ITEMS.c.body.not_like('%"stale":[]%')


def items_waiting(
    connection: Connection, reaches: Iterable[tuple[State, Reach, bool]]
) -> Iterator[Waiting]:
    """Yield the items in these states that a right covers, by number.

    With True, only those with a part in doubt. Their day is that of the event which
    brought them to their state.
    """
    other, entered = EVENTS.alias(), EVENTS.alias()
    left = (
        select(func.coalesce(func.max(other.c.n), 0))
        .where(other.c.stream == _STREAM, other.c.target != ITEMS.c.state)
        .correlate(ITEMS)
        .scalar_subquery()
    )
    since = (
        select(entered.c.at)
        .where(entered.c.stream == _STREAM, entered.c.n == left + 1)
        .correlate(ITEMS)
        .scalar_subquery()
    )
    covered: list[sa.ColumnElement[bool]] = [
        sa.and_(
            ITEMS.c.state == state.value,
            sa.true()
            if reach.units is None
            else sa.or_(ITEMS.c.unit.in_(reach.units), ITEMS.c.area.in_(reach.areas)),
            _STALE if stale else sa.true(),
        )
        for state, reach, stale in reaches
    ]
    columns = ITEMS.c.number, ITEMS.c.state, ITEMS.c.unit, ITEMS.c.area, ITEMS.c.body
    query = select(*columns, since).where(sa.or_(sa.false(), *covered))
    for number, state, unit, area, body, at in connection.execute(
        query.order_by(ITEMS.c.number)
    ):
        yield Waiting(
            number=number,
            state=State(state),
            unit=unit,
            area=Area(area),
            since=local_day(moment_of(at)),
            plain=json.loads(body),
        )


#: The condition of items that still wait for a step.
_OPEN = sa.and_(*(ITEMS.c.state != state.value for state in (*ENDS, State.MERGED)))

#: A search for the events of an item costs as much as a scan of three events.
_SEARCH = 3

_OTHER = EVENTS.alias("lately")
_LATELY = _OTHER.c.at >= sa.bindparam("since")

_RECENT = Statement(
    select(
        select(func.count()).where(_LATELY).scalar_subquery(),
        select(func.count()).where(_OPEN).scalar_subquery(),
        select(func.max(EVENTS.c.id)).scalar_subquery(),
    )
)

_ALL_MOVES = (
    select(EVENTS.c.stream, EVENTS.c.target, EVENTS.c.at)
    .where(EVENTS.c.stream.like(StreamKind.ITEM.key("%")), EVENTS.c.target.is_not(None))
    .order_by(EVENTS.c.stream, EVENTS.c.n)
)

_MOVES = Statement(_ALL_MOVES)
_RECENT_MOVES = Statement(
    _ALL_MOVES.where(
        EVENTS.c.stream.in_(
            sa.union(
                select(_OTHER.c.stream).where(_LATELY),
                select(_STREAM).where(_OPEN),
            )
        )
    )
)


def moves(connection: Connection, since: date) -> Iterator[tuple[str, State, int]]:
    """Yield item, state and day of the events of items, by item and then oldest first.

    The items are at least those that are open, or moved on the day ``since`` or later.
    A day is its ordinal. Where most items moved, all events are scanned: a search for
    each item would take longer.
    """
    moment = moment_text(at_hour(since, 0))
    recent, items, events = _RECENT.row(connection, since=moment)
    if _SEARCH * (recent + items) < (events or 0):
        rows = _RECENT_MOVES.execute(connection, since=moment)
    else:
        rows = _MOVES.execute(connection)
    states = {state.value: state for state in State}
    days: dict[str, int] = {}
    skipped = len(StreamKind.ITEM.key(""))
    for stream, target, at in rows.fetchall():
        hour = at[:13]
        day = days.get(hour)
        if day is None:
            day = days[hour] = local_day(moment_of(f"{hour}:00:00Z")).toordinal()
        yield stream[skipped:], states[target], day


def count_by_area(connection: Connection) -> Iterator[tuple[Area, State, int]]:
    """Yield the number of items of each area in each state of the main line."""
    columns = ITEMS.c.area, ITEMS.c.state
    on_line = ITEMS.c.state.in_([state.value for state in MAIN_LINE])
    query = select(*columns, func.count()).where(on_line).group_by(*columns)
    for area, state, count in connection.execute(query):
        yield Area(area), State(state), int(count)


#: By database system, the stage of life in the body of an item.
_LIFE_STAGE: Mapping[str, sa.ColumnElement[str]] = {
    "sqlite": func.json_extract(ITEMS.c.body, "$.life_stage"),
    "postgresql": sa.cast(ITEMS.c.body, sa.JSON)["life_stage"].as_string(),
}


def count_by_life_stage(
    connection: Connection,
) -> Iterator[tuple[LifeStage, State, int]]:
    """Yield the number of items of each stage of life in each state."""
    stage = _LIFE_STAGE[connection.dialect.name]
    query = select(stage, ITEMS.c.state, func.count()).group_by(stage, ITEMS.c.state)
    for each, state, count in connection.execute(query):
        yield LifeStage(each), State(state), int(count)


def count_by_unit(connection: Connection) -> Iterator[tuple[str, State, int]]:
    """Yield the number of items of each unit in each state, by unit."""
    columns = ITEMS.c.unit, ITEMS.c.state
    query = select(*columns, func.count()).group_by(*columns).order_by(*columns)
    for unit, state, count in connection.execute(query):
        yield unit, State(state), int(count)


def records_in(
    connection: Connection, kind: type[T], states: Sequence[Term]
) -> list[tuple[T, date]]:
    """Return the records of a kind whose last event led to a state, with its day."""
    named = json.dumps([state.value for state in states])
    rows = _RECORDS_IN.execute(connection, kind=kind.__name__, named=named)
    return [
        (from_json(kind, body), local_day(moment_of(at)))
        for body, at in rows.fetchall()
    ]


_RECORDS_IN = Statement(
    lambda dialect: (
        select(RECORDS.c.body, EVENTS.c.at)
        .join(
            EVENTS,
            sa.and_(EVENTS.c.stream == RECORDS.c.key, EVENTS.c.n == RECORDS.c.version),
        )
        .where(
            RECORDS.c.kind == sa.bindparam("kind"),
            EVENTS.c.target.in_(NAMED[dialect]),
        )
        .order_by(RECORDS.c.key)
    )
)


def owners_of(
    connection: Connection, numbers: Iterable[str]
) -> dict[str, tuple[str, str]]:
    """Return the units and titles of items by number."""
    query = select(ITEMS.c.number, ITEMS.c.unit, TITLE[connection.dialect.name])
    named = sorted(set(numbers))
    rows = rows_naming(connection, query, ITEMS.c.number, named, at_once=TOGETHER)
    return {number: (unit, title) for number, unit, title in rows}


def places_of(
    connection: Connection, numbers: Iterable[str]
) -> dict[str, tuple[State, str, Area]]:
    """Return the states, units and areas of items by number."""
    query = select(ITEMS.c.number, ITEMS.c.state, ITEMS.c.unit, ITEMS.c.area)
    named = sorted(set(numbers))
    rows = rows_naming(connection, query, ITEMS.c.number, named, at_once=TOGETHER)
    return {row[0]: (State(row[1]), row[2], Area(row[3])) for row in rows}


def reported_by_month(
    connection: Connection, numbers: Iterable[str]
) -> dict[str, set[tuple[str, str, str]]]:
    """Return (item, task, indicator) of all reports on items, by month."""
    query = select(
        PROGRESS.c.month, PROGRESS.c.item, PROGRESS.c.task, PROGRESS.c.indicator
    )
    named = sorted(set(numbers))
    months: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for month, item, task, indicator in rows_naming(
        connection, query, PROGRESS.c.item, named, at_once=TOGETHER
    ):
        months[month].add((item, task, indicator))
    return months
