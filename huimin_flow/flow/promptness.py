"""Promptness: how many answers to bad ratings were given in their working days (D3)."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

from huimin_flow.catalogue.terms import FollowUpState
from huimin_flow.clock import local_day
from huimin_flow.flow.identity import known_unit
from huimin_flow.flow.rating import coverage, month_of_units, savings, service_items
from huimin_flow.flow.work import Work
from huimin_flow.model.period import month, month_bounds
from huimin_flow.model.rating import Owed, ServiceYear, Share, UnitFollowUps
from huimin_flow.rules.follow_up import owed_answers, promptness
from huimin_flow.store import follow_ups


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
        for one in owed_answers(local_day(rating.at), acts, work.reigns)
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
    owed: dict[str, list[Owed]] = defaultdict(list)
    for rating, acts in follow_ups.acts_on_bad_ratings(
        work.connection, first=first, after=after
    ):
        owed[rating.unit] += owed_answers(local_day(rating.at), acts, work.reigns)
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
