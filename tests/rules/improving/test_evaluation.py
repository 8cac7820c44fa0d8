"""The final evaluation (B6, B8)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import (
    Grade,
    MarkSide,
    OutcomeKind,
    SatisfactionMethod,
    TargetFlaw,
)
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.executing.agreements import OutcomeResult, Sample
from huimin_flow.model.executing.plans import Plan
from huimin_flow.rules.improving.evaluation import evaluate, graded, result_of
from tests.rules.figures import EVALUATION, MEASURE, PERCENT, outcome, plan

DECIMALS = st.integers(0, 10_000).map(lambda one: f"{one // 100}.{one % 100:02d}")
CHECKED = outcome("E2", OutcomeKind.SOCIAL_BENEFIT, counted="", check="巡查记录")
AGREED = replace(plan(), outcomes=(outcome(), CHECKED))
MET = (
    OutcomeResult(outcome="E1", value=500, evidence="台账"),
    OutcomeResult(outcome="E2", grade=Grade.MET, evidence="巡查记录"),
)
ASKED = Sample(method=SatisfactionMethod.SURVEY, replies=30)


def asked(
    fulfilment: str | None = "95.00",
    satisfaction: int | None = 90,
    *,
    agreed: Plan = AGREED,
    sample: Sample = ASKED,
    results: tuple[OutcomeResult, ...] = MET,
) -> Verdict:
    return evaluate(agreed, fulfilment, satisfaction, sample, results, EVALUATION)


@given(DECIMALS, PERCENT)
def test_both_marks_must_be_reached(fulfilment: str, satisfaction: int) -> None:
    both = Decimal(fulfilment) >= 90 and satisfaction >= 80
    found = asked(fulfilment, satisfaction)
    assert (found.passed, result_of(found, EVALUATION) is Grade.MET) == (both, both)
    assert Decimal(found.score or "-1") == min(Decimal(fulfilment), satisfaction)


def test_what_is_shown_is_never_rounded_up_to_the_mark() -> None:
    found = asked("89.999")
    assert (found.passed, found.score) == (False, "89.99")


def test_satisfaction_is_held_against_the_agreed_mark() -> None:
    agreed = replace(AGREED, satisfaction_measure=replace(MEASURE, mark=91))
    assert asked(satisfaction=90).passed
    assert not asked(satisfaction=90, agreed=agreed).passed


def test_nothing_is_decided_while_satisfaction_is_missing() -> None:
    found = asked(satisfaction=None)
    assert (found.score, found.reasons[0].values) == (None, {"fact": "satisfaction"})


@pytest.mark.parametrize(
    "text", ["NaN", "1e2", "-1", "100.01", "", "\uff19\uff10", "90\n"]
)
def test_fulfilment_that_is_no_percentage_decides_nothing(text: str) -> None:
    found = asked(text)
    assert (found.score, found.reasons[0].code) == (None, Code.SCORE_OUT_OF_RANGE)


def test_satisfaction_beyond_100_decides_nothing() -> None:
    assert asked(satisfaction=101).score is None


@pytest.mark.parametrize(
    ("value", "side", "grade"),
    [
        (500, MarkSide.AT_LEAST, Grade.MET),
        (499, MarkSide.AT_LEAST, Grade.PARTLY),
        (300, MarkSide.AT_LEAST, Grade.PARTLY),
        (299, MarkSide.AT_LEAST, Grade.NOT_MET),
        (500, MarkSide.AT_MOST, Grade.MET),
        (833, MarkSide.AT_MOST, Grade.PARTLY),
        (834, MarkSide.AT_MOST, Grade.NOT_MET),
        (None, MarkSide.AT_LEAST, Grade.NOT_MEASURABLE),
    ],
)
def test_a_counted_outcome_is_graded_by_its_figure(
    value: int | None, side: MarkSide, grade: Grade
) -> None:
    agreed = replace(AGREED, outcomes=(outcome(side=side), CHECKED))
    results = (OutcomeResult(outcome="E1", value=value, evidence="台账"), MET[1])
    found = asked(agreed=agreed, results=results)
    assert graded(results, found, EVALUATION)[0].grade is grade
    assert result_of(found, EVALUATION) is grade
    assert found.passed == (grade is Grade.MET)


def test_nothing_measured_is_not_measurable_and_does_not_pass() -> None:
    found = asked(None, results=())
    assert (found.passed, result_of(found, EVALUATION)) == (False, Grade.NOT_MEASURABLE)
    assert [one.grade for one in graded((), found, EVALUATION)] == [
        Grade.NOT_MEASURABLE
    ] * 2


def test_outcomes_decide_where_fulfilment_cannot_be_measured() -> None:
    found = asked(None)
    assert (found.passed, found.score) == (True, "90.00")
    assert Code.FULFILMENT_NOT_MEASURED in [one.code for one in found.reasons]


@pytest.mark.parametrize(
    ("first", "hint"),
    [
        ({"value": 500}, TargetFlaw.NO_EVIDENCE),
        ({"grade": Grade.MET, "evidence": "台账"}, TargetFlaw.FIGURE_NEEDED),
        ({"value": -1, "evidence": "台账"}, TargetFlaw.FIGURE_NEEDED),
    ],
)
def test_a_result_that_cannot_be_used_decides_nothing(
    first: dict[str, Any], hint: TargetFlaw
) -> None:
    found = asked(results=(OutcomeResult(outcome="E1", **first), MET[1]))
    (reason,) = found.reasons
    assert (found.score, reason.code) == (None, Code.OUTCOME_RESULT_UNFIT)
    assert reason.values == {"outcome": "E1", "hint": hint}


def test_a_figure_does_not_stand_for_a_check() -> None:
    (reason,) = asked(
        results=(MET[0], OutcomeResult(outcome="E2", value=1, evidence="台账"))
    ).reasons
    assert reason.values["hint"] == TargetFlaw.GRADE_NEEDED


@pytest.mark.parametrize("other", [OutcomeResult(outcome="E9"), MET[0]])
def test_a_result_of_no_agreed_outcome_or_a_second_one_decides_nothing(
    other: OutcomeResult,
) -> None:
    (reason,) = asked(results=(*MET, other)).reasons
    assert (reason.code, reason.values["outcome"]) == (
        Code.OUTCOME_UNKNOWN, other.outcome,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("share", "facts", "code"),
    [
        (0, {"method": SatisfactionMethod.CALL_BACK}, Code.METHOD_NOT_AGREED),
        (0, {"replies": 29}, Code.SAMPLE_TOO_SMALL),
        (0, {"served": 29}, Code.SAMPLE_IMPOSSIBLE),
        (10, {}, Code.SERVED_MISSING),
        (10, {"served": 301}, Code.SAMPLE_TOO_SMALL),
    ],
)
def test_satisfaction_counts_only_if_it_was_measured_as_agreed(
    share: int, facts: dict[str, Any], code: Code
) -> None:
    agreed = replace(AGREED, satisfaction_measure=replace(MEASURE, share=share))
    found = asked(agreed=agreed, sample=replace(ASKED, **facts))
    assert (found.score, [one.code for one in found.reasons]) == (None, [code])


def test_an_agreed_share_is_reached_by_enough_replies() -> None:
    agreed = replace(AGREED, satisfaction_measure=replace(MEASURE, share=10))
    assert asked(agreed=agreed, sample=replace(ASKED, served=300)).passed
