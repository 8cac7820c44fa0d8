"""What bad ratings still owe and by when, and how many were called back (D3)."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from functools import partial

from huimin_flow.catalogue.terms import FollowUpState
from huimin_flow.clock import local_day
from huimin_flow.errors import CalendarMissing
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
from huimin_flow.rules.services.follow_ups import owed_answers, promptness
from huimin_flow.states.records import FOLLOW_UP
from huimin_flow.store.services import follow_ups
from huimin_flow.store.services import follow_ups as store


def verified(work: Work, rating: Rating) -> Share:
    """Return how many of the unit's verified ones of that month were called back."""
    first, after = month_bounds(f"{local_day(rating.at):%Y-%m}")
    found = store.bad_ratings(
        work.connection, unit=rating.unit, first=first, after=after
    )
    named = [
        done.called_back_on is not None
        for one, done in found
        if one.who and done is not None and done.state is FollowUpState.VERIFIED
    ]
    return Share(part=sum(named), whole=len(named))


def bad_ratings(
    work: Work, *, unit: str | None = None, overdue: bool = False
) -> tuple[BadRating, ...]:
    """Return the bad ratings that still owe something, oldest first, till when.

    A deadline is reckoned at every look, by the rulebook and calendar of its day.

    Raises:
        InputRefused: for a code that no unit ever bore.

    """
    known_unit(work, unit)
    open_ones = store.bad_ratings(work.connection, unit=unit, final=FOLLOW_UP.ends)
    lines = (_line(work, rating, done) for rating, done in open_ones)
    return tuple(one for one in lines if one.overdue or not overdue)


def _line(work: Work, rating: Rating, done: FollowUp | None) -> BadRating:
    state = FollowUpState.PENDING if done is None else done.state
    since = local_day(rating.at) if done is None else done.since
    due, missing = None, False
    try:
        due = deadline(since, work.activations, partial(rules.owed, state))
    except CalendarMissing:
        missing = True
    return BadRating(
        rating=rating,
        state=state,
        due=due,
        overdue=due is not None and due < work.today,
        called_back=done is not None and done.called_back_on is not None,
        calendar_missing=missing,
    )


def callback_rate(work: Work, period: str, *, unit: str | None = None) -> Share:
    """Return how many of a month's named bad ratings were called back (D3).

    What was set aside as mistaken or malicious counts on neither side.

    Raises:
        InputRefused: for a period that is no month, or a code that no unit
            ever bore.

    """
    known_unit(work, unit)
    first, after = month_bounds(month(period))
    named = [
        done
        for rating, done in store.bad_ratings(
            work.connection,
            unit=unit,
            first=first,
            after=after,
            final=(FollowUpState.SET_ASIDE,),
        )
        if rating.who
    ]
    called = sum(1 for done in named if done is not None and done.called_back_on)
    return Share(part=called, whole=len(named))


def answer_rate(work: Work, period: str, *, unit: str | None = None) -> Share:
    """Return how many answers that a month's bad ratings asked for came on time.

    Of those that were given, and those that are overdue today; what may still be
    given in time counts on neither side, nor what was set aside.

    Raises:
        InputRefused: for a period that is no month, or a code that no unit
            ever bore.

    """
    known_unit(work, unit)
    first, after = month_bounds(month(period))
    asked = follow_ups.acts_on_bad_ratings(
        work.connection, first=first, after=after, unit=unit
    )
    owed = (
        one
        for rating, acts in asked
        for one in owed_answers(local_day(rating.at), acts, work.activations)
    )
    return promptness(owed, work.today)


def follow_ups_by_unit(work: Work, period: str) -> tuple[UnitFollowUps, ...]:
    """Return the call-back rate and the rate of answers on time of each unit (D3).

    Of the units with bad ratings in a month, by their codes.

    Raises:
        InputRefused: for a period that is no month.

    """
    first, after = month_bounds(month(period))
    bad: Counter[str] = Counter()
    named: dict[str, list[bool]] = defaultdict(list)
    for rating, done in follow_ups.bad_ratings(
        work.connection, first=first, after=after
    ):
        bad[rating.unit] += 1
        if rating.who and not (done and done.state is FollowUpState.SET_ASIDE):
            called = done is not None and done.called_back_on is not None
            named[rating.unit].append(called)
    owed: dict[str, list[Deadline]] = defaultdict(list)
    for rating, acts in follow_ups.acts_on_bad_ratings(
        work.connection, first=first, after=after
    ):
        owed[rating.unit] += owed_answers(local_day(rating.at), acts, work.activations)
    return tuple(
        UnitFollowUps(
            unit=unit,
            called_back=Share(part=sum(named[unit]), whole=len(named[unit])),
            answered_on_time=promptness(owed[unit], work.today),
            bad=bad[unit],
        )
        for unit in sorted(bad)
    )


def service_year(work: Work, year: int) -> ServiceYear:
    """Return the catalogue, its savings and a year's ratings, as they stand (D3, E4).

    Raises:
        InputRefused: for a year that is none of three centuries.

    """
    months = [month(f"{year}-{number:02}") for number in range(1, 13)]
    rated = [one for one in months if month_of_units(work, one)]
    shown = (
        months[months.index(rated[0]) : months.index(rated[-1]) + 1] if rated else ()
    )
    return ServiceYear(
        year=year,
        day=work.today,
        follow_up=work.rulebook_on(date(year, 12, 31)).services.follow_up,
        items=service_items(work),
        savings=savings(work, year),
        coverage=coverage(work, months[0], months[-1]),
        months={one: follow_ups_by_unit(work, one) for one in shown},
    )
