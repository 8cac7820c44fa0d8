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
    Role,
    SatisfactionMethod,
    TargetFlaw,
)
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.executing.agreements import OutcomeResult
from huimin_flow.model.executing.plans import Plan
from huimin_flow.model.executing.surveys import PublicWord
from huimin_flow.rules.improving.evaluation import evaluate, graded, result_of
from tests.rules.figures import EVALUATION, MEASURE, PERCENT, outcome, plan

DECIMALS = st.integers(0, 10_000).map(lambda one: f"{one // 100}.{one % 100:02d}")
CHECKED = outcome("E2", OutcomeKind.SOCIAL_BENEFIT, counted="", check="巡查记录")
AGREED = replace(plan(), outcomes=(outcome(), CHECKED))
MET = (
    OutcomeResult(outcome="E1", value=500, evidence="台账"),
    OutcomeResult(outcome="E2", grade=Grade.MET, evidence="巡查记录"),
)
ASKED = PublicWord(survey="survey/1", replies=100, satisfied=90, served=300)


def asked(
    fulfilment: str | None = "95.00",
    satisfied: int = 90,
    *,
    agreed: Plan = AGREED,
    said: PublicWord = ASKED,
    results: tuple[OutcomeResult, ...] = MET,
) -> Verdict:
    said = replace(said, satisfied=min(satisfied, said.replies))
    return evaluate(agreed, fulfilment, said, results, EVALUATION)


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
    assert asked(satisfied=90).passed
    assert not asked(satisfied=90, agreed=agreed).passed


def test_nothing_is_decided_before_citizens_were_asked() -> None:
    found = asked(said=PublicWord())
    assert (found.score, found.reasons[0].code) == (None, Code.SURVEY_MISSING)
    assert found.reasons[0].supplier is Role.OFFICE


@pytest.mark.parametrize(
    "text", ["NaN", "1e2", "-1", "100.01", "", "\uff19\uff10", "90\n"]
)
def test_fulfilment_that_is_no_percentage_decides_nothing(text: str) -> None:
    found = asked(text)
    assert (found.score, found.reasons[0].code) == (None, Code.SCORE_OUT_OF_RANGE)


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
    ("share", "replies", "served"), [(0, 29, 300), (10, 30, 301), (0, 3, 3)]
)
def test_three_answers_are_never_enough_where_more_were_agreed(
    share: int, replies: int, served: int
) -> None:
    agreed = replace(AGREED, satisfaction_measure=replace(MEASURE, share=share))
    found = asked(agreed=agreed, said=replace(ASKED, replies=replies, served=served))
    codes = [one.code for one in found.reasons]
    assert (found.score, codes) == (None, [Code.SAMPLE_TOO_SMALL])


def test_an_agreed_share_is_reached_by_enough_answers() -> None:
    agreed = replace(AGREED, satisfaction_measure=replace(MEASURE, share=10))
    assert asked(agreed=agreed, said=replace(ASKED, replies=30, served=300)).passed


def test_the_lower_of_survey_and_ratings_is_the_satisfaction() -> None:
    said = replace(ASKED, ratings=30, good=20)
    found = asked(said=said)
    assert found.inputs["satisfaction"] == found.inputs["rated"] == "66.66"
    assert (found.inputs["surveyed"], found.passed) == ("90.00", False)


def test_a_few_ratings_are_named_and_not_counted() -> None:
    found = asked(said=replace(ASKED, ratings=29, good=0))
    assert (found.inputs["satisfaction"], found.inputs["rated"]) == ("90.00", None)
    few = next(one for one in found.reasons if one.code == Code.RATINGS_FEW)
    assert few.values == {"ratings": 29, "least": 30}


def test_ratings_are_the_survey_where_it_was_agreed_so() -> None:
    by_ratings = replace(MEASURE, method=SatisfactionMethod.SERVICE_RATINGS)
    agreed = replace(AGREED, satisfaction_measure=by_ratings)
    found = asked(agreed=agreed, said=PublicWord(ratings=40, good=37))
    assert (found.passed, found.inputs["satisfaction"]) == (True, "92.50")
    few = asked(agreed=agreed, said=PublicWord(ratings=29, good=29))
    assert [one.code for one in few.reasons] == [Code.SAMPLE_TOO_SMALL]


#: How good a result is; what is not measurable is a class of its own, and never better.
CLASSES = {Grade.NOT_MEASURABLE: 0, Grade.NOT_MET: 0, Grade.PARTLY: 1, Grade.MET: 2}
RESULTS = st.tuples(
    st.builds(
        OutcomeResult,
        outcome=st.just("E1"),
        value=st.none() | st.integers(0, 600),
        evidence=st.just("台账"),
    ),
    st.builds(
        OutcomeResult,
        outcome=st.just("E2"),
        grade=st.none() | st.sampled_from((Grade.MET, Grade.PARTLY, Grade.NOT_MET)),
        evidence=st.just("记录"),
    ),
)


def class_of(found: Verdict) -> int:
    return -1 if found.score is None else CLASSES[result_of(found, EVALUATION)]


@given(
    st.none() | DECIMALS,
    RESULTS,
    st.integers(0, 100),
    st.integers(0, 100),
    st.integers(0, 3),
    st.sampled_from((0, 1)),
)
def test_taking_away_what_was_said_or_measured_never_raises_a_result(
    fulfilment: str | None,
    results: tuple[OutcomeResult, OutcomeResult],
    satisfied: int,
    aside: int,
    part: int,
    good: int,
) -> None:
    before = asked(fulfilment, satisfied, results=results)
    left = results[part:] if part < 2 else (results[0],)
    lost = min(aside, satisfied if good else 100 - satisfied)
    fewer = replace(ASKED, replies=100 - lost, aside=lost)
    after = asked(fulfilment, satisfied - lost * good, said=fewer, results=left)
    assert class_of(after) <= class_of(before)
    assert not (after.passed and not before.passed)
