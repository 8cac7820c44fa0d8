"""The small lives of lists and assessments: from where each step is taken (B7, C3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

from huimin_flow.errors import StepRefused
from huimin_flow.model.verdict import Reason
from huimin_flow.reasons import Code
from huimin_flow.terms import AssessmentState, EditionState, RecordStep, Term

S = TypeVar("S", bound=Term)

#: A supplement comes after the deadline, so it finds a list that was frozen.
LISTS: Final[Mapping[RecordStep, tuple[EditionState, ...]]] = {
    RecordStep.CONFIRM: (EditionState.FROZEN,),
    RecordStep.PUBLISH: (EditionState.CONFIRMED,),
    RecordStep.SUPPLEMENT: (
        EditionState.FROZEN,
        EditionState.CONFIRMED,
        EditionState.PUBLISHED,
    ),
}

#: What was returned is submitted again; after an accepted one another may be asked for.
ASSESSMENTS: Final[Mapping[RecordStep, tuple[AssessmentState, ...]]] = {
    RecordStep.SUBMIT: (AssessmentState.REQUESTED, AssessmentState.RETURNED),
    RecordStep.ACCEPT: (AssessmentState.SUBMITTED,),
    RecordStep.RETURN: (AssessmentState.SUBMITTED,),
    RecordStep.REQUEST: (AssessmentState.ACCEPTED,),
}


def require(
    step: RecordStep, state: S, life: Mapping[RecordStep, tuple[S, ...]]
) -> None:
    """Refuse a step of a list or an assessment that isn't taken from its state.

    >>> require(RecordStep.PUBLISH, EditionState.FROZEN, LISTS)
    Traceback (most recent call last):
    huimin_flow.errors.StepRefused: “已截止”的事项不能“发布”;此时可以:确认、增补

    Raises:
        StepRefused: naming the steps that are possible.

    """
    if state in life[step]:
        return
    possible = [taken.label for taken, sources in life.items() if state in sources]
    values = {
        "state": state.label,
        "step": step.label,
        "possible": "、".join(possible) or "无",
    }
    raise StepRefused((Reason(code=Code.NO_SUCH_ARC, values=dict(values)),))
