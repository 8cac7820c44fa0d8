"""Queries of bad ratings and their follow-ups (D3)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, select

from huimin_flow.catalogue.terms import (
    FollowUpState,
    FollowUpStep,
    RatingLevel,
    StreamKind,
    Term,
)
from huimin_flow.clock import at_hour, local_day
from huimin_flow.model.core.values import from_json
from huimin_flow.model.services.ratings import FollowUp, Rating, RatingRow
from huimin_flow.states.records import FOLLOW_UP
from huimin_flow.store.core import facts
from huimin_flow.store.core.driver import Statement
from huimin_flow.store.core.history import FETCHED, moment_of, moment_text
from huimin_flow.store.core.tables import BAD_LEVELS, EVENTS, RATINGS, RECORDS

_LAST = EVENTS.alias("last")
_KEY = sa.literal(StreamKind.FOLLOW_UP.key("")) + RATINGS.c.transaction

_OF_A_RATING = sa.and_(RECORDS.c.key == _KEY, RECORDS.c.kind == FollowUp.__name__)

#: The columns of a rating, in the order of ``RatingRow``.
_RATING = tuple(RATINGS.c[name] for name in RatingRow._fields)
_BY_TRANSACTION = Statement(
    select(*_RATING).where(RATINGS.c.transaction == sa.bindparam("of"))
)


def rating(connection: Connection, transaction: str) -> Rating | None:
    """Return the rating of a transaction, or None."""
    row = _BY_TRANSACTION.row(connection, of=transaction)
    return None if row is None else _rating(row)


def named_follow_ups(
    connection: Connection, unit: str, first: date, after: date
) -> list[FollowUp]:
    """Return the follow-ups that were begun for a unit's ratings with a rater's code.

    The ratings are bad ones from one Shanghai day until another.
    """
    since, until = (moment_text(at_hour(day, 0)) for day in (first, after))
    rows = _NAMED.execute(connection, unit=unit, since=since, until=until)
    return [from_json(FollowUp, body) for (body,) in rows.fetchall()]


_NAMED = Statement(
    select(RECORDS.c.body)
    .select_from(RATINGS.join(RECORDS, _OF_A_RATING))
    .where(
        BAD_LEVELS,
        RATINGS.c.unit == sa.bindparam("unit"),
        RATINGS.c.at >= sa.bindparam("since"),
        RATINGS.c.at < sa.bindparam("until"),
        RATINGS.c.who != "",
    )
)


def bad_ratings(
    connection: Connection,
    *,
    units: Collection[str] | None = None,
    first: date | None = None,
    after: date | None = None,
    final: tuple[Term, ...] = (),
) -> Iterator[tuple[Rating, FollowUp | None]]:
    """Yield bad ratings with their follow-ups, oldest first, by Shanghai days.

    Ratings whose follow-up is in a ``final`` state are left out.
    """
    query = (
        select(*_RATING, RECORDS.c.body)
        .select_from(RATINGS.outerjoin(RECORDS, _OF_A_RATING))
        .where(*_are_bad(units, first, after))
        .order_by(RATINGS.c.at, RATINGS.c.transaction)
    )
    if final:
        query = _without_final(query, final)
    for row in chain.from_iterable(connection.execute(query).partitions(FETCHED)):
        body = row[-1]
        yield _rating(row), None if body is None else from_json(FollowUp, body)


def acts_on_bad_ratings(
    connection: Connection,
    *,
    after: date,
    first: date | None = None,
    since: date | None = None,
    units: Collection[str] | None = None,
    cut: int | None = None,
) -> Iterator[tuple[Rating, tuple[tuple[FollowUpState, date], ...]]]:
    """Yield bad ratings before ``after``, with the states of their follow-ups by day.

    With ``first``, only ratings since that day. With ``since``, without those whose
    follow-up had ended before that day. With a cut, only what was known at the cut
    and happened before ``after``. A transfer is no act of a unit: its deadlines go on.
    """
    is_act = EVENTS.c.step != FollowUpStep.HAND_OVER.value
    joined = sa.and_(EVENTS.c.stream == _KEY, is_act)
    query = (
        select(*_RATING, EVENTS.c.target, EVENTS.c.at.label("acted"))
        .where(*_are_bad(units, first, after))
        .order_by(RATINGS.c.at, RATINGS.c.transaction, EVENTS.c.n)
    )
    if cut is not None:
        before = moment_text(at_hour(after, 0))
        joined = sa.and_(joined, EVENTS.c.position <= cut, EVENTS.c.at < before)
        known = facts.known_at(connection, cut)
        query = query.where(known.holds(RATINGS.c.batch))
    if since is not None:
        query = _without_final(query, FOLLOW_UP.ends, moment_text(at_hour(since, 0)))
    rows = connection.execute(query.select_from(RATINGS.outerjoin(EVENTS, joined)))
    fetched = chain.from_iterable(rows.partitions(FETCHED))
    for _, group in groupby(fetched, key=itemgetter(0)):
        history = list(group)
        acts = tuple(
            (FollowUpState(target), local_day(moment_of(acted)))
            for *_, target, acted in history
            if target is not None
        )
        yield _rating(history[0]), acts


def _are_bad(
    units: Collection[str] | None, first: date | None, after: date | None
) -> Iterator[Any]:
    """Yield the conditions of bad ratings of units, from one day until another."""
    yield BAD_LEVELS
    if units is not None:
        yield RATINGS.c.unit.in_(sorted(units))
    if first is not None:
        yield RATINGS.c.at >= moment_text(at_hour(first, 0))
    if after is not None:
        yield RATINGS.c.at < moment_text(at_hour(after, 0))


def _without_final(
    query: sa.Select[Any], final: tuple[Term, ...], before: str | None = None
) -> sa.Select[Any]:
    """Exclude follow-ups that reached a final state, which no step leaves."""
    ended = sa.exists().where(
        _LAST.c.stream == _KEY, _LAST.c.target.in_([state.value for state in final])
    )
    return query.where(~(ended if before is None else ended.where(_LAST.c.at < before)))


def _rating(row: Any) -> Rating:
    """Return the rating of a row that begins with its columns."""
    stored: dict[str, Any] = dict(zip(RatingRow._fields, row, strict=False))
    stored["level"] = RatingLevel(stored["level"])
    stored["at"] = moment_of(stored["at"])
    return Rating(**stored)
