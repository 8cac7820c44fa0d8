"""Questions on bad ratings: open ones, rates of call-backs and answers (D3)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from huimin_flow.catalogue.terms import (
    Failing,
    FollowUpState,
)
from huimin_flow.clock import local_day
from huimin_flow.errors import CalendarMissing
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.reads import answered_for
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.periods import month, month_bounds
from huimin_flow.model.core.values import Share
from huimin_flow.model.services.ratings import (
    BadRating,
    Deadline,
    FailingCount,
    FollowUp,
    Rating,
    UnitFollowUps,
)
from huimin_flow.rules.core.due import deadline
from huimin_flow.rules.services import follow_ups as rules
from huimin_flow.rules.services.follow_ups import (
    answer_deadlines,
    answers_due,
    promptness,
)
from huimin_flow.states.records import FOLLOW_UP
from huimin_flow.store.services import follow_ups as store


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
    units = answered_for(work, unit, work.today)
    lines = []
    for rating, done in store.bad_ratings(
        work.connection, units=units, final=FOLLOW_UP.ends
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
    return _sum(line.called_back for line in _by_unit(work, period, unit))


@question
def answer_rate(work: Work, period: str, *, unit: str | None = None) -> Share:
    """Return how many of the answers to a month's bad ratings came on time.

    The whole is the answers that came and those that are overdue today. An answer
    that can still come in time does not count, nor does a rating set aside.

    Raises:
        InputRefused: for a period that is no month, or a code that no unit
            ever had.

    """
    return _sum(line.answered_on_time for line in _by_unit(work, period, unit))


def _sum(shares: Iterable[Share]) -> Share:
    counts = list(shares)
    return Share(part=sum(s.part for s in counts), whole=sum(s.whole for s in counts))


@question
def follow_ups_by_unit(work: Work, period: str) -> tuple[UnitFollowUps, ...]:
    """Return the call-back rate and the rate of answers on time of each unit (D3).

    It has the units with bad ratings in the month, in the order of their codes.

    Raises:
        InputRefused: for a period that is no month.

    """
    return _by_unit(work, period)


def _by_unit(
    work: Work, period: str, unit: str | None = None
) -> tuple[UnitFollowUps, ...]:
    first, after = month_bounds(month(period))
    organization, last = work.rulebook.organization, after - timedelta(days=1)
    units = answered_for(work, unit, last)
    rated: dict[str, list[tuple[Rating, FollowUp | None]]] = defaultdict(list)
    for rating, done in store.bad_ratings(
        work.connection, units=units, first=first, after=after
    ):
        rated[organization.heir(rating.unit, last)].append((rating, done))
    due = answers_due(work.activations)
    answers: dict[str, list[Deadline]] = defaultdict(list)
    for rating, acts in store.acts_on_bad_ratings(
        work.connection, units=units, first=first, after=after
    ):
        own = organization.heir(rating.unit, last)
        answers[own] += answer_deadlines(local_day(rating.at), acts, due)
    return tuple(
        UnitFollowUps(
            unit=own,
            called_back=_share_called_back(
                (rating, done)
                for rating, done in known
                if done is None or done.state is not FollowUpState.SET_ASIDE
            ),
            answered_on_time=promptness(answers[own], work.today),
            bad=len(known),
        )
        for own, known in sorted(rated.items())
    )


@question
def failings(
    work: Work, period: str, *, unit: str | None = None
) -> tuple[FailingCount, ...]:
    """Return what a month's bad ratings were about, by unit and class (D3).

    What was set aside doesn't count, nor what is not classed yet.

    Raises:
        InputRefused: for a period that is no month, or a code that no unit ever had.

    """
    first, after = month_bounds(month(period))
    organization, last = work.rulebook.organization, after - timedelta(days=1)
    known: dict[tuple[str, Failing], list[FollowUp]] = defaultdict(list)
    for rating, done in store.bad_ratings(
        work.connection,
        units=answered_for(work, unit, last),
        first=first,
        after=after,
    ):
        if done is None or done.failing is None:
            continue
        if done.state is not FollowUpState.SET_ASIDE:
            known[organization.heir(rating.unit, last), done.failing].append(done)
    return tuple(
        FailingCount(
            unit=own,
            failing=failing,
            count=len(classed),
            improved=sum(bool(each.improved) for each in classed),
            again=Counter(each.again for each in classed if each.again is not None),
        )
        for (own, failing), classed in sorted(known.items())
    )
