"""The answers that a bad rating needs, their deadlines, and promptness (D3).

On time = closed on time ÷ (closed + open and overdue): a backlog lowers the share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import cache

from huimin_flow.catalogue.terms import FollowUpState
from huimin_flow.errors import CalendarMissing
from huimin_flow.model.core.values import Share
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.services.catalogue import FollowUpRule
from huimin_flow.model.services.ratings import (
    Deadline,
    Rating,
)
from huimin_flow.rules.core.due import Activation, deadline


def days_allowed(state: FollowUpState, book: Rulebook) -> int | None:
    """Return the working days that a state allows, None if nothing is due."""
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
    """Tell whether a named rating cannot be verified because a call-back is missing.

    ``verified`` counts the unit's verified named ratings of that month. With this
    rating added, the share called back must not fall below the rulebook's percent:
    at 100 every rating needs a call-back, at 0 none does.
    """
    if not rating.who or called_back_on is not None:
        return False
    after = Share(part=verified.part, whole=verified.whole + 1)
    return not after.reaches(rule.callback_percent.value)


def answers_due(
    activations: Sequence[Activation],
) -> Callable[[date], date | None]:
    """Return what tells when an answer is due that is owed since a day.

    The rulebooks of its days decide; without a calendar there is no due day. The due
    day of each day is computed once.
    """

    @cache
    def due(since: date) -> date | None:
        try:
            return deadline(since, activations, answer_days)
        except CalendarMissing:
            return None

    return due


def answer_deadlines(
    rated: date,
    acts: Iterable[tuple[FollowUpState, date]],
    due: Callable[[date], date | None],
) -> Iterator[Deadline]:
    """Yield a unit's answers to a bad rating, each with its due day and its day.

    ``acts`` are the states of the follow-up with their days. After a returned answer
    or a rejected objection, another answer is due; an objection suspends the answer
    that is due; a rating that was set aside needs none. ``due`` tells when an answer is
    due, as ``answers_due`` does.
    """
    answers: list[tuple[date, date | None]] = []
    since: date | None = rated
    for state, day in acts:
        if state is FollowUpState.SET_ASIDE:
            return
        if state is FollowUpState.ANSWERED and since is not None:
            answers.append((since, day))
        due_again = state in {FollowUpState.RETURNED, FollowUpState.UPHELD}
        since = day if due_again else None
    if since is not None:
        answers.append((since, None))
    for started, answered in answers:
        yield Deadline(due=due(started), closed=answered)


def on_time(task: Deadline, day: date, *, first: date | None = None) -> bool | None:
    """Tell whether a task was done on time at the end of ``day``; None: not counted.

    An open task that is not yet overdue doesn't count, nor one without a due day.
    With ``first``, a task that was closed before that day doesn't count either. On
    its due day a task is not overdue.

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
    """Return how many of the counted tasks were done on time.

    >>> done = Deadline(due=date(2026, 11, 3), closed=date(2026, 11, 2))
    >>> overdue = Deadline(due=date(2026, 11, 3), closed=None)
    >>> promptness([done, overdue], date(2026, 11, 30))
    Share(part=1, whole=2)

    """
    counted = [on_time(task, day, first=first) for task in tasks]
    whole = len(counted) - counted.count(None)
    return Share(part=counted.count(True), whole=whole)
