"""What is stored of a month, as it was known at a cut, and what came after it (D5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select

from huimin_flow.catalogue.terms import FollowUpState, FollowUpStep, StreamKind
from huimin_flow.clock import at_hour, local_day
from huimin_flow.model.core.events import Event
from huimin_flow.model.core.periods import last_day, month_bounds
from huimin_flow.model.executing.plans import Progress
from huimin_flow.rules.scoring.late import AfterCut
from huimin_flow.rules.scoring.measuring import Appeals, BadRatingActs, MonthFacts
from huimin_flow.store.core import facts, positions, repository
from huimin_flow.store.core.history import EVENTS, moment_text
from huimin_flow.store.core.rating_tables import MONTHS, RATINGS
from huimin_flow.store.services import ratings
from huimin_flow.store.services.follow_ups import acts_on_bad_ratings

#: Where a follow-up's transaction begins in the name of its stream, from 1.
_AFTER_KIND = len(StreamKind.FOLLOW_UP.key("")) + 1

#: For how many items a statement asks at once.
_AT_ONCE = 500


def month_facts(
    connection: Connection, period: str, cut: int, needed: Collection[str]
) -> MonthFacts:
    """Return a month's facts as known at a cut, of the parts that are needed."""
    known = facts.known_at(connection, cut)
    found = MonthFacts(period=period)
    if "ratings" in needed:
        aside = _set_aside(period).where(EVENTS.c.position <= cut)
        found = replace(
            found,
            ratings=ratings.month_of_units(connection, period, cut=cut),
            rated_in=_rated_in(connection, period, known),
            set_aside=tuple((unit, one) for unit, one in connection.execute(aside)),
        )
    if "appeals" in needed:
        found = replace(found, appeals=_appeals(connection, period, known))
    if "histories" in needed:
        histories = run_histories(connection, period, cut)
        found = replace(found, histories=histories)
        if "reports" in needed:
            found = replace(
                found,
                reports=reports_of(connection, list(histories), cut),
                reported_in=_reported_in(connection, list(histories), period, known),
            )
    if "bad_ratings" in needed:
        found = replace(
            found,
            bad_ratings=_bad_ratings(connection, period, cut),
            activations=repository.activations(connection, cut=cut),
        )
    return found


def run_histories(
    connection: Connection, period: str, cut: int | None
) -> dict[str, tuple[Event, ...]]:
    """Return by number the events of items that may have run in a month.

    As known at a cut; without one, as known now.
    """
    first, _ = month_bounds(period)
    streams = positions.streams_running(connection, first, cut)
    found = positions.histories(connection, streams, upto=cut)
    return {
        StreamKind.parse(stream)[1]: tuple(events) for stream, events in found.items()
    }


def reports_of(
    connection: Connection, items: Sequence[str], cut: int
) -> dict[str, tuple[Progress, ...]]:
    """Return by item its progress as it was known at a cut."""
    known = facts.known_at(connection, cut)
    found = facts.progress_by_item(connection, items, known=known)
    return {item: tuple(mine) for item, mine in found.items()}


def after_cut(connection: Connection, period: str, cut: int) -> AfterCut:
    """Return what was stored of a month after a cut."""
    known = facts.known_at(connection, cut)
    histories = run_histories(connection, period, None)
    late = _set_aside(period).where(
        or_(EVENTS.c.position > cut, EVENTS.c.position.is_(None))
    )
    return AfterCut(
        period=period,
        rated_in=tuple(
            batch
            for batch in ratings.batches_of(connection, period)
            if batch > known.last or batch in known.late
        ),
        complained_in=_complained_in(connection, period, known),
        reported_in=_reported_after(connection, list(histories), period, known),
        set_aside=tuple(stream for _, stream in connection.execute(late)),
        histories=histories,
        known=_known(connection, list(histories), cut),
    )


def _rated_in(
    connection: Connection, period: str, known: facts.Known
) -> dict[str, tuple[int, ...]]:
    """Return by unit the batches known then that hold its ratings of a month."""
    query = (
        select(MONTHS.c.unit, MONTHS.c.batch)
        .where(MONTHS.c.month == period, known.holds(MONTHS.c.batch))
        .distinct()
        .order_by(MONTHS.c.batch)
    )
    found: dict[str, list[int]] = defaultdict(list)
    for unit, batch in connection.execute(query):
        found[unit].append(int(batch))
    return {unit: tuple(batches) for unit, batches in found.items()}


def _set_aside(period: str) -> Select[Any]:
    """Return the query of (unit, stream) of what set a month's ratings aside.

    Found by the step, of which there are few, and not before the month began.
    """
    first, after = (moment_text(at_hour(day, 0)) for day in month_bounds(period))
    return (
        select(RATINGS.c.unit, EVENTS.c.stream)
        .join(
            RATINGS,
            RATINGS.c.transaction == func.substr(EVENTS.c.stream, _AFTER_KIND),
        )
        .where(
            EVENTS.c.step == FollowUpStep.SET_ASIDE.value,
            EVENTS.c.target == FollowUpState.SET_ASIDE.value,
            EVENTS.c.at >= first,
            RATINGS.c.at >= first,
            RATINGS.c.at < after,
        )
        .order_by(EVENTS.c.position, EVENTS.c.stream)
    )


def _appeals(
    connection: Connection, period: str, known: facts.Known
) -> tuple[Appeals, ...]:
    """Return how many appeals of a month there were, in the batches known then.

    Of every channel: one in the question tempts SQLite away from the month.
    """
    first, after = (moment_text(at_hour(day, 0)) for day in month_bounds(period))
    appeals = facts.APPEALS
    query = (
        select(appeals.c.district, appeals.c.channel, appeals.c.batch, func.count())
        .where(
            appeals.c.at >= first, appeals.c.at < after, known.holds(appeals.c.batch)
        )
        .group_by(appeals.c.district, appeals.c.channel, appeals.c.batch)
        .order_by(appeals.c.district, appeals.c.channel, appeals.c.batch)
    )
    return tuple(
        Appeals(unit=unit, channel=channel, batch=int(batch), count=int(count))
        for unit, channel, batch, count in connection.execute(query)
    )


def _complained_in(
    connection: Connection, period: str, known: facts.Known
) -> tuple[tuple[int, str], ...]:
    """Return (batch, channel) of a month's appeals in batches that came later."""
    first, after = (moment_text(at_hour(day, 0)) for day in month_bounds(period))
    appeals = facts.APPEALS
    query = (
        select(appeals.c.batch, appeals.c.channel)
        .where(
            appeals.c.at >= first, appeals.c.at < after, known.lacks(appeals.c.batch)
        )
        .distinct()
    )
    return tuple((int(batch), one) for batch, one in connection.execute(query))


def _reported_in(
    connection: Connection, items: Sequence[str], period: str, known: facts.Known
) -> tuple[tuple[str, str, int], ...]:
    """Return (item, task, batch) of reports up to a month, known then."""
    progress = facts.PROGRESS
    found: list[tuple[str, str, int]] = []
    for start in range(0, len(items), _AT_ONCE):
        query = (
            select(progress.c.item, progress.c.task, progress.c.batch)
            .where(
                progress.c.item.in_(items[start : start + _AT_ONCE]),
                progress.c.month <= period,
                known.holds(progress.c.batch),
            )
            .distinct()
            .order_by(progress.c.batch)
        )
        found += [
            (item, task, int(batch)) for item, task, batch in connection.execute(query)
        ]
    return tuple(found)


def _reported_after(
    connection: Connection, items: Sequence[str], period: str, known: facts.Known
) -> tuple[tuple[int, str, str], ...]:
    """Return (batch, month, item) of reports up to a month, that came later."""
    progress = facts.PROGRESS
    found: list[tuple[int, str, str]] = []
    for start in range(0, len(items), _AT_ONCE):
        query = (
            select(progress.c.batch, progress.c.month, progress.c.item)
            .where(
                progress.c.item.in_(items[start : start + _AT_ONCE]),
                progress.c.month <= period,
                known.lacks(progress.c.batch),
            )
            .distinct()
        )
        rows = connection.execute(query)
        found += [(int(batch), month, item) for batch, month, item in rows]
    return tuple(sorted(found))


def _known(connection: Connection, items: Sequence[str], cut: int) -> dict[str, int]:
    """Return by item how many of its events stood at a cut."""
    streams = [StreamKind.ITEM.key(one) for one in items]
    found: dict[str, int] = {}
    for start in range(0, len(streams), _AT_ONCE):
        query = (
            select(EVENTS.c.stream, func.max(EVENTS.c.n))
            .where(
                EVENTS.c.stream.in_(streams[start : start + _AT_ONCE]),
                EVENTS.c.position <= cut,
            )
            .group_by(EVENTS.c.stream)
        )
        for stream, n in connection.execute(query):
            found[StreamKind.parse(stream)[1]] = int(n)
    return found


def _bad_ratings(
    connection: Connection, period: str, cut: int
) -> tuple[BadRatingActs, ...]:
    """Return the bad ratings up to a month, and what was done about them by a cut.

    Those are left out for which nothing was owed any more as the month began.
    """
    last = last_day(period)
    found = acts_on_bad_ratings(
        connection, after=last + timedelta(days=1), since=last.replace(day=1), cut=cut
    )
    return tuple(
        BadRatingActs(
            unit=rating.unit,
            transaction=rating.transaction,
            day=local_day(rating.at),
            acts=acts,
        )
        for rating, acts in found
    )
