"""What the desk's plan agrees, and results by which that is met."""

from __future__ import annotations

from datetime import date

from huimin_flow.catalogue.terms import Grade, OutcomeKind, SatisfactionMethod
from huimin_flow.model.executing.agreements import (
    AgreedOutcome,
    OutcomeResult,
    SatisfactionMeasure,
)

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
