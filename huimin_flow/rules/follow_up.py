"""What a bad rating owes, and from when: answer, verification, finding (D3)."""

from __future__ import annotations

from datetime import date

from huimin_flow.model.rating import Rating
from huimin_flow.model.service import FollowUpRule
from huimin_flow.terms import FollowUpState


def owed(state: FollowUpState, rule: FollowUpRule) -> int | None:
    """Return the working days that a state allows, None where nothing is owed."""
    answer = rule.answer_days.value
    return {
        FollowUpState.PENDING: answer,
        FollowUpState.RETURNED: answer,
        FollowUpState.UPHELD: answer,
        FollowUpState.ANSWERED: rule.verify_days.value,
        FollowUpState.APPEALED: rule.appeal_days.value,
    }.get(state)


def callback_lacks(
    rating: Rating, called_back_on: date | None, rule: FollowUpRule
) -> bool:
    """Tell whether a named rating may not be verified for want of a call-back."""
    every = rule.callback_percent.value == 100
    return every and bool(rating.who) and called_back_on is None
