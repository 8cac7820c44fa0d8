"""What the desk's plan agrees, results by which that is met, and its survey."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from huimin_flow.catalogue.terms import (
    Grade,
    OutcomeKind,
    RatingLevel,
    SatisfactionMethod,
)
from huimin_flow.model.executing.agreements import (
    AgreedOutcome,
    OutcomeResult,
    SatisfactionMeasure,
)
from huimin_flow.model.executing.surveys import Survey, SurveyAnswer

if TYPE_CHECKING:
    from huimin_flow.flow import Flow
    from huimin_flow.model.core.organization import Actor

#: How the desk's plan measures satisfaction.
MEASURE = SatisfactionMeasure(
    method=SatisfactionMethod.ON_SITE, population="零工市场求职者", size=30, mark=80
)

#: Results by which the outcomes of ``agreed_outcomes`` are met.
RESULTS = (
    OutcomeResult(outcome="E1", value=520, evidence="零工市场登记台账"),
    OutcomeResult(outcome="E2", grade=Grade.MET, evidence="街道巡查记录"),
)


def agreed_outcomes(due: date) -> tuple[AgreedOutcome, ...]:
    """Return an outcome that is counted and a social benefit that is checked."""
    return (
        AgreedOutcome(
            key="E1", kind=OutcomeKind.OUTCOME, statement="每日500名求职者有室内候工处",
            counted="日均候工人数", mark=500, unit="人", due=due,
        ),
        AgreedOutcome(
            key="E2", kind=OutcomeKind.SOCIAL_BENEFIT, statement="马路候工现象消除",
            check="街道巡查记录", due=due,
        ),
    )  # fmt: skip


def ask(
    flow: Flow,
    number: str,
    frame: Sequence[str],
    drawn: int,
    satisfied: int,
    by: Actor,
) -> Survey:
    """Ask so many people of a frame about an item; the others are dissatisfied."""
    key = flow.surveys.draw(number, frame, drawn, by=by).key
    good, bad = RatingLevel.SATISFIED, RatingLevel.DISSATISFIED
    answers = [
        SurveyAnswer(code=each.code, level=good if n < satisfied else bad)
        for n, each in enumerate(flow.surveys.sample(key))
    ]
    flow.surveys.add_answers(key, answers, by=by)
    return flow.surveys.close(key, by=by)
