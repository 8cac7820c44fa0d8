"""What a bad rating owes, and from when: answer, verification, finding (D3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from huimin_flow.catalogue.terms import FollowUpState
from huimin_flow.model.rating import Rating, Share
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.service import FollowUpRule
from huimin_flow.model.value import value


def owed(state: FollowUpState, book: Rulebook) -> int | None:
    """Return the working days that a state allows, None where nothing is owed."""
    rule = book.services.follow_up
    answer = rule.answer_days.value
    return {
        FollowUpState.PENDING: answer,
        FollowUpState.RETURNED: answer,
        FollowUpState.UPHELD: answer,
        FollowUpState.ANSWERED: rule.verify_days.value,
        FollowUpState.APPEALED: rule.appeal_days.value,
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
    appeal that was turned down ask for one anew; an appeal suspends the one that
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
