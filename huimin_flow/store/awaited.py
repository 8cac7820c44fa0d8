"""Queries of what waits for a next step: items, records, and since when."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection, func, select

from huimin_flow.catalogue.terms import Area, State, StreamKind, Term
from huimin_flow.clock import local_day
from huimin_flow.model.core.values import from_plain
from huimin_flow.states.authority import Reach
from huimin_flow.store.core.history import TOGETHER, moment_of, rows_naming
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


def items_waiting(
    connection: Connection, reaches: Iterable[tuple[State, Reach]]
) -> Iterator[Waiting]:
    """Yield the items in these states that a right covers, by number.

    Their day is that of the event which brought them to their state.
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
        )
        for state, reach in reaches
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


def records_in(
    connection: Connection, kind: type[T], states: Sequence[Term]
) -> list[tuple[T, date]]:
    """Return the records of a kind whose last event led to a state, with its day."""
    query = (
        select(RECORDS.c.body, EVENTS.c.at)
        .join(
            EVENTS,
            sa.and_(EVENTS.c.stream == RECORDS.c.key, EVENTS.c.n == RECORDS.c.version),
        )
        .where(
            RECORDS.c.kind == kind.__name__,
            EVENTS.c.target.in_([state.value for state in states]),
        )
        .order_by(RECORDS.c.key)
    )
    return [
        (from_plain(kind, json.loads(body)), local_day(moment_of(at)))
        for body, at in connection.execute(query)
    ]


def owners_of(
    connection: Connection, numbers: Iterable[str]
) -> dict[str, tuple[str, str]]:
    """Return the units and titles of items by number."""
    query = select(ITEMS.c.number, ITEMS.c.unit, TITLE[connection.dialect.name])
    named = sorted(set(numbers))
    rows = rows_naming(connection, query, ITEMS.c.number, named, at_once=TOGETHER)
    return {number: (unit, title) for number, unit, title in rows}


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
