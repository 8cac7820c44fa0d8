"""Queries of the appeals around direct-report points: who was heard when and where."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection, func, select

from huimin_flow.clock import at_hour, local_day
from huimin_flow.store.core.history import moment_of, moment_text
from huimin_flow.store.core.tables import APPEALS
from huimin_flow.store.sensing.appeals import count


def points_heard(connection: Connection, day: date) -> dict[str, date]:
    """Return by point the last day, before ``day``, on which an appeal named it."""
    query = (
        select(APPEALS.c.point, func.max(APPEALS.c.at))
        .where(APPEALS.c.point != "", APPEALS.c.at < moment_text(at_hour(day, 0)))
        .group_by(APPEALS.c.point)
    )
    return {point: local_day(moment_of(at)) for point, at in connection.execute(query)}


def by_place(
    connection: Connection, day: date, days: int
) -> list[tuple[str, int, int]]:
    """Return the places of the appeals of some days before a day, each counted.

    Beside the appeals the people that have a code are counted.
    """
    people = func.count(func.nullif(APPEALS.c.who, "").distinct())
    query = select(APPEALS.c.district, func.count(), people).where(*_before(day, days))
    query = query.group_by(APPEALS.c.district).order_by(APPEALS.c.district)
    return [(place, int(n), int(who)) for place, n, who in connection.execute(query)]


def unnamed(connection: Connection, channel: str, day: date, days: int) -> int:
    """Return how many appeals of a channel in some days before a day name no point."""
    own = APPEALS.c.channel == channel, APPEALS.c.point == ""
    return count(connection, (*_before(day, days), *own))


def _before(day: date, days: int) -> tuple[sa.ColumnElement[bool], ...]:
    first, after = (at_hour(each, 0) for each in (day - timedelta(days=days), day))
    at = APPEALS.c.at
    return at >= moment_text(first), at < moment_text(after)
