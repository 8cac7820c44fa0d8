"""What a bad rating asks for, by when, and whether it was done on time (D3).

On time = closed on time ÷ (closed + open and overdue); no 100 % beside a backlog.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from huimin_flow.catalogue.terms import FollowUpState
from huimin_flow.errors import CalendarMissing
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.services.catalogue import FollowUpRule
from huimin_flow.model.services.ratings import Deadline, Rating, Share
from huimin_flow.rules.core.due import Activation, deadline


def days_allowed(state: FollowUpState, book: Rulebook) -> int | None:
    """Return the working days that a state allows, None where nothing is due."""
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


def answer_deadlines(
    rated: date,
    acts: Iterable[tuple[FollowUpState, date]],
    activations: Sequence[Activation],
) -> Iterator[Deadline]:
    """Yield the answers that a bad rating asked of its unit: due when, given when.

    ``acts`` are the states it came to with their days. A returned answer and an
    objection that was turned down ask for another answer; an objection suspends the
    one that is due, and what was set aside asks for none. Each is due by the rulebooks
    of its days; where a calendar is missing it has no due day.
    """
    answers: list[tuple[date, date | None]] = []
    since: date | None = rated
    for state, day in acts:
        if state is FollowUpState.SET_ASIDE:
            return
        if state is FollowUpState.ANSWERED and since is not None:
            answers.append((since, day))
        asked_anew = state in {FollowUpState.RETURNED, FollowUpState.UPHELD}
        since = day if asked_anew else None
    if since is not None:
        answers.append((since, None))
    for asked, answered in answers:
        try:
            due = deadline(asked, activations, answer_days)
        except CalendarMissing:
            due = None
        yield Deadline(due=due, closed=answered)


def on_time(task: Deadline, day: date, *, first: date | None = None) -> bool | None:
    """Tell whether something was done on time; None where it doesn't count.

    As it stood at the end of ``day``: what is open and not yet overdue doesn't
    count, nor what has no due day. With ``first``, what was closed before it
    doesn't count either. On its due day nothing is overdue yet.

    >>> late = Deadline(due=date(2026, 11, 3), closed=None)
    >>> on_time(late, date(2026, 11, 3)), on_time(late, date(2026, 11, 4))
    (None, False)

    """
    if task.due is None:
        return None
    if task.closed is not None and task.closed <= day:
        before = first is not None and task.closed < first
        return None if before else task.closed <= task.due
    return False if task.due < day else None


def promptness(
    tasks: Iterable[Deadline], day: date, *, first: date | None = None
) -> Share:
    """Return how many of those that count were done on time.

    >>> done = Deadline(due=date(2026, 11, 3), closed=date(2026, 11, 2))
    >>> overdue = Deadline(due=date(2026, 11, 3), closed=None)
    >>> promptness([done, overdue], date(2026, 11, 30))
    Share(part=1, whole=2)

    """
    counted = [on_time(task, day, first=first) for task in tasks]
    whole = len(counted) - counted.count(None)
    return Share(part=counted.count(True), whole=whole)
