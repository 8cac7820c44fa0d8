"""Deadlines of follow-ups of bad ratings, and rates of call-backs and answers (D3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import partial

from huimin_flow.catalogue.terms import FollowUpState
from huimin_flow.clock import local_day
from huimin_flow.errors import CalendarMissing
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.reads import known_unit
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.services.ratings import (
    coverage,
    month_of_units,
    savings,
    service_items,
)
from huimin_flow.model.core.periods import month, month_bounds
from huimin_flow.model.services.ratings import (
    BadRating,
    Deadline,
    FollowUp,
    Rating,
    ServiceYear,
    Share,
    UnitFollowUps,
)
from huimin_flow.rules.core.due import deadline
from huimin_flow.rules.services import follow_ups as rules
from huimin_flow.rules.services.follow_ups import answer_deadlines, promptness
from huimin_flow.states.records import FOLLOW_UP
from huimin_flow.store.services import follow_ups as store


def verified(work: Work, rating: Rating) -> Share:
    """Return how many of the unit's verified ratings of that month were called back."""
    first, after = month_bounds(f"{local_day(rating.at):%Y-%m}")
    rated = store.bad_ratings(
        work.connection, unit=rating.unit, first=first, after=after
    )
    return _share_called_back(
        (other, done)
        for other, done in rated
        if done is not None and done.state is FollowUpState.VERIFIED
    )


def _share_called_back(rated: Iterable[tuple[Rating, FollowUp | None]]) -> Share:
    """Return how many of the ratings with a rater's code were called back."""
    named = [done for rating, done in rated if rating.who]
    called = sum(1 for done in named if done is not None and done.called_back_on)
    return Share(part=called, whole=len(named))


@question
def bad_ratings(
    work: Work, *, unit: str | None = None, overdue: bool = False
) -> tuple[BadRating, ...]:
    """Return the bad ratings with an open follow-up and its deadline, oldest first.

    A deadline is computed at every call, by the rulebook and calendar of its day.

    Raises:
        InputRefused: for a code that no unit ever had.

    """
    known_unit(work, unit)
    lines = []
    for rating, done in store.bad_ratings(
        work.connection, unit=unit, final=FOLLOW_UP.ends
    ):
        state = FollowUpState.PENDING if done is None else done.state
        since = local_day(rating.at) if done is None else done.since
        due, missing = None, False
        try:
            due = deadline(since, work.activations, partial(rules.days_allowed, state))
        except CalendarMissing:
            missing = True
        line = BadRating(
            rating=rating,
            state=state,
            due=due,
            overdue=due is not None and due < work.today,
            called_back=done is not None and done.called_back_on is not None,
            calendar_missing=missing,
        )
        if line.overdue or not overdue:
            lines.append(line)
    return tuple(lines)


@question
def callback_rate(work: Work, period: str, *, unit: str | None = None) -> Share:
    """Return how many of a month's named bad ratings were called back (D3).

    A rating that was set aside as mistaken or malicious does not count.

    Raises:
        InputRefused: for a period that is no month, or a code that no unit
            ever had.

    """
    known_unit(work, unit)
    first, after = month_bounds(month(period))
    return _share_called_back(
        store.bad_ratings(
            work.connection,
            unit=unit,
            first=first,
            after=after,
            final=(FollowUpState.SET_ASIDE,),
        )
    )


@question
def answer_rate(work: Work, period: str, *, unit: str | None = None) -> Share:
    """Return how many of the answers to a month's bad ratings came on time.

    The whole is the answers that came and those that are overdue today. An answer
    that can still come in time does not count, nor does a rating set aside.

    Raises:
        InputRefused: for a period that is no month, or a code that no unit
            ever had.

    """
    known_unit(work, unit)
    first, after = month_bounds(month(period))
    rated = store.acts_on_bad_ratings(
        work.connection, first=first, after=after, unit=unit
    )
    answers = (
        answer
        for rating, acts in rated
        for answer in answer_deadlines(local_day(rating.at), acts, work.activations)
    )
    return promptness(answers, work.today)


@question
def follow_ups_by_unit(work: Work, period: str) -> tuple[UnitFollowUps, ...]:
    """Return the call-back rate and the rate of answers on time of each unit (D3).

    It has the units with bad ratings in the month, in the order of their codes.

    Raises:
        InputRefused: for a period that is no month.

    """
    first, after = month_bounds(month(period))
    rated: dict[str, list[tuple[Rating, FollowUp | None]]] = defaultdict(list)
    for rating, done in store.bad_ratings(work.connection, first=first, after=after):
        rated[rating.unit].append((rating, done))
    answers: dict[str, list[Deadline]] = defaultdict(list)
    for rating, acts in store.acts_on_bad_ratings(
        work.connection, first=first, after=after
    ):
        due = answer_deadlines(local_day(rating.at), acts, work.activations)
        answers[rating.unit] += due
    return tuple(
        UnitFollowUps(
            unit=unit,
            called_back=_share_called_back(
                (rating, done)
                for rating, done in rated[unit]
                if done is None or done.state is not FollowUpState.SET_ASIDE
            ),
            answered_on_time=promptness(answers[unit], work.today),
            bad=len(rated[unit]),
        )
        for unit in sorted(rated)
    )


@question
def service_year(work: Work, year: int) -> ServiceYear:
    """Return the current catalogue, its savings and a year's ratings (D3, E4).

    Raises:
        InputRefused: for a year outside the range of periods.

    """
    months = [month(f"{year}-{number:02}") for number in range(1, 13)]
    rated = [period for period in months if month_of_units(work, period)]
    shown = [period for period in months if rated and rated[0] <= period <= rated[-1]]
    return ServiceYear(
        year=year,
        day=work.today,
        follow_up=work.rulebook_on(date(year, 12, 31)).services.follow_up,
        items=service_items(work),
        savings=savings(work, year),
        coverage=coverage(work, months[0], months[-1]),
        months={period: follow_ups_by_unit(work, period) for period in shown},
    )
