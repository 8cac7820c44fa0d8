"""What bad ratings still owe and by when, and how many were called back (D3)."""

from __future__ import annotations

from functools import partial

from huimin_flow.catalogue.terms import FollowUpState
from huimin_flow.clock import local_day
from huimin_flow.errors import CalendarMissing
from huimin_flow.flow.identity import known_unit
from huimin_flow.flow.work import Work
from huimin_flow.model.period import month, month_bounds
from huimin_flow.model.rating import BadRating, FollowUp, Rating, Share
from huimin_flow.rules import follow_up as rules
from huimin_flow.rules.due import deadline
from huimin_flow.states.records import FOLLOW_UP
from huimin_flow.store import follow_ups as store


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
        due = deadline(since, work.reigns, partial(rules.owed, state))
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
