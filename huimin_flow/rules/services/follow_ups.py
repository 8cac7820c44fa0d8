"""What a bad rating owes, from when, and whether it was done on time (D3).

On time = closed on time ÷ (closed + open and overdue); no 100 % beside a backlog.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from huimin_flow.catalogue.terms import FollowUpState
from huimin_flow.errors import CalendarMissing
from huimin_flow.model.core.values import value
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.services.catalogue import FollowUpRule
from huimin_flow.model.services.ratings import Deadline, Rating, Share
from huimin_flow.rules.core.due import Activation, deadline


def owed(state: FollowUpState, book: Rulebook) -> int | None:
    """Return the working days that a state allows, None where nothing is owed."""
    rule = book.services.follow_up
    answer = rule.answer_days.value
    return {
        FollowUpState.PENDING: answer,
        FollowUpState.RETURNED: answer,
        FollowUpState.UPHELD: answer,
        FollowUpState.ANSWERED: rule.verify_days.value,
        FollowUpState.OBJECTED: rule.objection_days.value,
    }.get(state)


def answer_days(book: Rulebook) -> int:
    """Return the working days that a rulebook allows for an answer."""
    return book.services.follow_up.answer_days.value


def callback_lacks(
    rating: Rating, called_back_on: date | None, verified: Share, rule: FollowUpRule
) -> bool:
    """Tell whether a named rating may not be verified for want of a call-back.

    ``verified`` are the unit's named ones of that month that are verified: with
    this one among them, the share called back must not fall below the
    rulebook's percent. At 100 every one is called back, at 0 none need be.
    """
    if not rating.who or called_back_on is not None:
        return False
    after = Share(part=verified.part, whole=verified.whole + 1)
    return not after.reaches(rule.callback_percent.value)


@value
class Answering:
    """An answer that was owed from a day on, and when it was given, if it was."""

    since: date
    answered: date | None = None


def answers_owed(
    rated: date, acts: Iterable[tuple[FollowUpState, date]]
) -> tuple[Answering, ...]:
    """Return the answers that a bad rating asked of its unit, one after the other.

    ``acts`` are the states it came to with their days. A returned answer and an
    objection that was turned down ask for one anew; an objection suspends the one that
    is owed, and what was set aside asked for none.

    >>> acts = [(FollowUpState.ANSWERED, date(2026, 11, 4))]
    >>> [one.answered.day for one in answers_owed(date(2026, 11, 2), acts)]
    [4]

    """
    given: list[Answering] = []
    since: date | None = rated
    for state, day in acts:
        if state is FollowUpState.SET_ASIDE:
            return ()
        if state is FollowUpState.ANSWERED and since is not None:
            given.append(Answering(since=since, answered=day))
        asked_anew = state in {FollowUpState.RETURNED, FollowUpState.UPHELD}
        since = day if asked_anew else None
    if since is not None:
        given.append(Answering(since=since))
    return tuple(given)


def owed_answers(
    rated: date,
    acts: Iterable[tuple[FollowUpState, date]],
    activations: Sequence[Activation],
) -> Iterator[Deadline]:
    """Yield the answers that a bad rating asked for, till when each was owed.

    Each falls due by the rulebooks of its days, or it can't be told.
    """
    for answer in answers_owed(rated, acts):
        try:
            due = deadline(answer.since, activations, answer_days)
        except CalendarMissing:
            due = None
        yield Deadline(due=due, closed=answer.answered)


def kept(owed: Deadline, day: date, *, first: date | None = None) -> bool | None:
    """Tell whether something was done on time; None where it doesn't count.

    As it stood at the end of ``day``: what is open and not yet overdue doesn't
    count, nor what has no due day. With ``first``, what was closed before it
    doesn't count either. On its due day nothing is overdue yet.

    >>> late = Deadline(due=date(2026, 11, 3), closed=None)
    >>> kept(late, date(2026, 11, 3)), kept(late, date(2026, 11, 4))
    (None, False)

    """
    if owed.due is None:
        return None
    if owed.closed is not None and owed.closed <= day:
        before = first is not None and owed.closed < first
        return None if before else owed.closed <= owed.due
    return False if owed.due < day else None


def promptness(
    given: Iterable[Deadline], day: date, *, first: date | None = None
) -> Share:
    """Return how many of those that count were done on time.

    >>> done = Deadline(due=date(2026, 11, 3), closed=date(2026, 11, 2))
    >>> overdue = Deadline(due=date(2026, 11, 3), closed=None)
    >>> promptness([done, overdue], date(2026, 11, 30))
    Share(part=1, whole=2)

    """
    found = [kept(one, day, first=first) for one in given]
    return Share(part=found.count(True), whole=len(found) - found.count(None))
