"""Bad ratings and their follow-ups, read as one view (D3)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, and_, exists, literal, select

from huimin_flow.clock import at_hour
from huimin_flow.model.plain import from_plain
from huimin_flow.model.rating import FollowUp, Rating
from huimin_flow.store.history import EVENTS, moment_of, moment_text
from huimin_flow.store.rating_tables import BAD_LEVELS, RATINGS
from huimin_flow.store.repository import RECORDS
from huimin_flow.terms import FollowUpState, RatingLevel

_KEY = literal("followup/") + RATINGS.c.transaction


def key_of(transaction: str) -> str:
    """Return the name of a follow-up's stream and record.

    >>> key_of("20231009-1")
    'followup/20231009-1'

    """
    return f"followup/{transaction}"


def rating(connection: Connection, transaction: str) -> Rating | None:
    """Return the rating of a transaction, or None."""
    query = select(RATINGS).where(RATINGS.c.transaction == transaction)
    row = connection.execute(query).mappings().first()
    return None if row is None else _rating(row)


def bad_ratings(
    connection: Connection,
    *,
    unit: str | None = None,
    first: date | None = None,
    after: date | None = None,
    final: tuple[FollowUpState, ...] = (),
) -> Iterator[tuple[Rating, FollowUp | None]]:
    """Yield bad ratings with what was done, oldest first, by Shanghai days.

    Those whose follow-up stands in a ``final`` state are left out.
    """
    joined = RATINGS.outerjoin(
        RECORDS, and_(RECORDS.c.key == _KEY, RECORDS.c.kind == FollowUp.__name__)
    )
    query = (
        select(RATINGS, RECORDS.c.body.label("body"))
        .select_from(joined)
        .where(BAD_LEVELS)
        .order_by(RATINGS.c.at, RATINGS.c.transaction)
    )
    if unit is not None:
        query = query.where(RATINGS.c.unit == unit)
    if first is not None:
        query = query.where(RATINGS.c.at >= moment_text(at_hour(first, 0)))
    if after is not None:
        query = query.where(RATINGS.c.at < moment_text(at_hour(after, 0)))
    if final:
        query = _without(query, final)
    for row in connection.execute(query).mappings():
        body = row["body"]
        done = None if body is None else from_plain(FollowUp, json.loads(body))
        yield _rating(row), done


def _without(query: Select[Any], final: tuple[FollowUpState, ...]) -> Select[Any]:
    """Leave out what reached a final state: no step leads out of it again."""
    ended = exists().where(
        EVENTS.c.stream == _KEY, EVENTS.c.target.in_([one.value for one in final])
    )
    return query.where(~ended)


def _rating(row: Any) -> Rating:
    return Rating(
        transaction=row["transaction"],
        unit=row["unit"],
        item=row["item"],
        channel=row["channel"],
        level=RatingLevel(row["level"]),
        at=moment_of(row["at"]),
        window=row["window"],
        person=row["person"],
        who=row["who"],
    )
