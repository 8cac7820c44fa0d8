"""Facts that feeds have brought: figures of indicators, and business of units (E1)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, select

from huimin_flow.catalogue.terms import FeedStep
from huimin_flow.model.executing.feeds import Business
from huimin_flow.store.core.facts import REPORT, Known
from huimin_flow.store.core.history import (
    TOGETHER,
    moment_of,
    moment_text,
    rows_naming,
)
from huimin_flow.store.core.tables import BUSINESS, EVENTS, PROGRESS

#: By service item, unit and month: the business that was delivered last.
Latest = dict[tuple[str, str, str], Business]


def business_rows(cases: Sequence[Business], batch: int) -> list[dict[str, Any]]:
    """Return the rows of a batch of business."""
    return [
        {
            "batch": batch,
            "line": line,
            "feed": each.feed,
            "service": each.service,
            "unit": each.unit,
            "month": each.month,
            "value": each.value,
            "measured_at": moment_text(each.measured_at),
        }
        for line, each in enumerate(cases, 1)
    ]


def business_in(
    connection: Connection, months: Collection[str], known: Known | None = None
) -> Latest:
    """Return the business of months as delivered last, only from ``known`` batches."""
    place = (BUSINESS.c.month, BUSINESS.c.batch, BUSINESS.c.line)
    query = select(BUSINESS).order_by(*place)
    if known is not None:
        query = query.where(known.holds(BUSINESS.c.batch))
    rows = rows_naming(
        connection, query, BUSINESS.c.month, sorted(months), at_once=TOGETHER
    )
    return {
        (each.service, each.unit, each.month): each for each in map(_business, rows)
    }


def business_of(connection: Connection, feed: str) -> list[Business]:
    """Return all business that a feed has brought, in its order."""
    query = select(BUSINESS).where(BUSINESS.c.feed == feed)
    query = query.order_by(BUSINESS.c.batch, BUSINESS.c.line)
    return list(map(_business, connection.execute(query)))


def business_after(
    connection: Connection, period: str, late: sa.ColumnElement[bool]
) -> list[int]:
    """Return the batches of a month's business of which a condition holds."""
    query = select(BUSINESS.c.batch).where(BUSINESS.c.month == period, late)
    return sorted(map(int, connection.execute(query.distinct()).scalars()))


def open_at(connection: Connection, cut: int) -> set[str]:
    """Return the keys of the feeds that were registered and not ended at a cut."""
    opened, ended = FeedStep.OPEN, FeedStep.END
    query = select(EVENTS.c.stream, EVENTS.c.step).where(
        EVENTS.c.step.in_([opened.value, ended.value]),
        EVENTS.c.position <= cut,
    )
    known: dict[str, set[str]] = {opened.value: set(), ended.value: set()}
    for stream, step in connection.execute(query):
        known[step].add(stream)
    return known[opened.value] - known[ended.value]


def reports_of_items(connection: Connection, items: Iterable[str]) -> list[Any]:
    """Return all rows of progress on items, in their order, with batch and line."""
    query = select(*REPORT, PROGRESS.c.batch, PROGRESS.c.line)
    named = sorted(set(items))
    rows = rows_naming(connection, query, PROGRESS.c.item, named, at_once=TOGETHER)
    return sorted(rows, key=lambda row: (row.batch, row.line))


def moments_of(connection: Connection, streams: Collection[str]) -> dict[str, datetime]:
    """Return when each of these streams had its first event."""
    query = select(EVENTS.c.stream, EVENTS.c.at).where(EVENTS.c.n == 1)
    rows = rows_naming(
        connection, query, EVENTS.c.stream, sorted(streams), at_once=TOGETHER
    )
    return {stream: moment_of(at) for stream, at in rows}


def _business(row: Any) -> Business:
    return Business(
        service=row.service,
        unit=row.unit,
        month=row.month,
        value=row.value,
        feed=row.feed,
        measured_at=moment_of(row.measured_at),
        batch=row.batch,
        line=row.line,
    )
