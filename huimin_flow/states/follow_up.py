"""The life of a bad rating's follow-up, as a table (D3); its first act begins it."""

from __future__ import annotations

from huimin_flow.catalogue.reasons import RatingCode
from huimin_flow.catalogue.terms import FollowUpState, FollowUpStep
from huimin_flow.errors import StepRefused
from huimin_flow.model.verdict import Reason

_S, _T = FollowUpState, FollowUpStep

#: One row, one road: step, from, to.
FOLLOW_UP: tuple[tuple[FollowUpStep, FollowUpState, FollowUpState], ...] = (
    (_T.ANSWER, _S.PENDING, _S.ANSWERED),
    (_T.ANSWER, _S.RETURNED, _S.ANSWERED),
    (_T.ANSWER, _S.UPHELD, _S.ANSWERED),
    (_T.VERIFY, _S.ANSWERED, _S.VERIFIED),
    (_T.RETURN, _S.ANSWERED, _S.RETURNED),
    (_T.APPEAL, _S.PENDING, _S.APPEALED),
    (_T.APPEAL, _S.ANSWERED, _S.APPEALED),
    (_T.APPEAL, _S.RETURNED, _S.APPEALED),
    (_T.UPHOLD, _S.APPEALED, _S.UPHELD),
    (_T.SET_ASIDE, _S.APPEALED, _S.SET_ASIDE),
)

#: Where nothing is owed any more.
FINAL = (_S.VERIFIED, _S.SET_ASIDE)


def follow(state: FollowUpState, step: FollowUpStep) -> FollowUpState:
    """Return the state to which a step leads.

    >>> follow(FollowUpState.PENDING, FollowUpStep.ANSWER).label
    '已答复'

    Raises:
        StepRefused: naming the steps that are possible.

    """
    for taken, source, target in FOLLOW_UP:
        if (taken, source) == (step, state):
            return target
    possible = [taken.label for taken, source, _ in FOLLOW_UP if source is state]
    values = {
        "state": state.label,
        "step": step.label,
        "possible": "、".join(possible) or "无",
    }
    raise StepRefused((Reason(code=RatingCode.NO_SUCH_STEP, values=dict(values)),))
