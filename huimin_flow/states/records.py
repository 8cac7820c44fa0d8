"""The small lives of lists and assessments: from where each step is taken (B7, C3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import AssessmentState, EditionState, RecordStep, Term
from huimin_flow.errors import StepRefused
from huimin_flow.model.verdict import Reason

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
    step: RecordStep, key: str, state: S, life: Mapping[RecordStep, tuple[S, ...]]
) -> None:
    """Refuse a step of a list or an assessment that isn't taken from its state.

    >>> require(RecordStep.PUBLISH, "list/2024/city", EditionState.FROZEN, LISTS)
    Traceback (most recent call last):
    huimin_flow.errors.StepRefused: “list/2024/city”为“已截止”,不能“发布”;须为:已确认

    Raises:
        StepRefused: naming the states from which the step is taken.

    """
    if state in life[step]:
        return
    values = {
        "key": key,
        "state": state.label,
        "step": step.label,
        "needed": "、".join(one.label for one in life[step]),
    }
    raise StepRefused((Reason(code=Code.NOT_SO_FAR, values=dict(values)),))
