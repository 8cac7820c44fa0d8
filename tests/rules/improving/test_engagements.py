"""What a third party's report is worth beside the unit's own result (D4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.terms import (
    EngagementState,
    Grade,
    MarkSide,
    OutcomeKind,
    Severity,
    TargetFlaw,
)
from huimin_flow.model.core.events import Plain
from huimin_flow.model.executing.agreements import AgreedOutcome, OutcomeResult
from huimin_flow.model.improving.engagements import (
    Engagement,
    FindingAction,
    FindingEntry,
)
from huimin_flow.rules.improving.engagements import (
    degrees_of,
    numbered,
    result_flaws,
    unfollowed,
    weighed,
)
from tests.rules.figures import EVALUATION, figure

DAY = date(2024, 4, 8)
COUNTED = AgreedOutcome(
    key="E1", kind=OutcomeKind.OUTCOME, statement="甲", due=DAY, counted="人", mark=500
)
CHECKED = AgreedOutcome(
    key="E2", kind=OutcomeKind.SOCIAL_BENEFIT, statement="乙", due=DAY, check="记录"
)
ENTRIES = (
    FindingEntry(severity=Severity.GRAVE, text="甲", outcome="E1"),
    FindingEntry(severity=Severity.MINOR, text="乙"),
)
TOLD = Engagement(
    key="engagement/2024-000001/01", item="2024-000001", rounds=0, third_party="1",
    assessor="丁大学", approach="走访", outcomes=("E1",), begins=DAY, due=DAY,
    state=EngagementState.REPORTED, planned_on=DAY, planned_by="office-1",
    findings=numbered(ENTRIES),
)  # fmt: skip

degrees = st.integers(0, 100).map(Fraction)
weights = st.integers(1, 99)
order = [Grade.NOT_MET, Grade.PARTLY, Grade.MET]


@given(reported=degrees, own=degrees, weight=weights)
def test_only_what_both_find_reached_is_met(
    reported: Fraction, own: Fraction, weight: int
) -> None:
    rule = replace(EVALUATION, third_party_weight=figure(weight))
    grade = weighed(reported, own, rule)
    assert (grade is Grade.MET) is (reported == own == 100)
    better = weighed(reported, min(own + 10, Fraction(100)), rule)
    assert order.index(better) >= order.index(grade)  # saying more costs nothing
    assert weighed(reported, None, rule) is weighed(reported, reported, rule)
    assert weighed(None, own, rule) is Grade.NOT_MEASURABLE


def test_the_weight_is_that_of_the_report() -> None:
    rule = replace(EVALUATION, partial_share=figure(80), third_party_weight=figure(90))
    assert weighed(Fraction(90), Fraction(0), rule) is Grade.PARTLY
    assert weighed(Fraction(0), Fraction(90), rule) is Grade.NOT_MET


@given(value=st.integers(0, 2_000), side=st.sampled_from(MarkSide))
def test_a_figure_counts_by_its_share_of_the_mark(value: int, side: MarkSide) -> None:
    inputs: dict[str, Plain] = {
        "outcome1_side": side.value, "outcome1_mark": 500, "outcome1_counted": True,
        "outcome1_value": value, "outcome1_grade": None, "reported1_value": None,
        "reported1_grade": None,
    }  # fmt: skip
    reported, own = degrees_of(inputs, 1, EVALUATION)
    assert reported is None
    assert own is not None
    reached = value <= 500 if side is MarkSide.AT_MOST else value >= 500
    assert (own == 100) is reached
    assert 0 <= own <= 100


def test_a_result_fits_an_outcome_that_is_judged_once() -> None:
    agreed = (COUNTED, CHECKED)
    fit = (
        OutcomeResult(outcome="E1", value=3),
        OutcomeResult(outcome="E2", grade=Grade.MET),
    )
    assert list(result_flaws(fit, agreed)) == []
    assert list(result_flaws((), agreed)) == []  # nothing is not measurable
    unfit = (
        OutcomeResult(outcome="E1", grade=Grade.MET),
        OutcomeResult(outcome="E1", value=3),
        OutcomeResult(outcome="E2", value=1),
        OutcomeResult(outcome="E9", value=1),
        OutcomeResult(outcome="E1", value=-1),
    )
    assert list(result_flaws(unfit, agreed)) == [
        ("E1", TargetFlaw.FIGURE_NEEDED),
        ("E1", None),
        ("E2", TargetFlaw.GRADE_NEEDED),
        ("E9", None),
        ("E1", None),
    ]


def test_findings_are_numbered_on_and_followed_until_each_is_answered() -> None:
    more = numbered(ENTRIES[:1], TOLD.findings)
    assert [each.number for each in more] == [1, 2, 3]
    assert unfollowed([TOLD]) == (TOLD.key,)
    assert unfollowed([replace(TOLD, findings=())]) == ()
    assert unfollowed([replace(TOLD, state=EngagementState.FOLLOWED)]) == ()
    first, second = TOLD.findings
    action = FindingAction(measures="改", unit="500101", due=DAY)
    taken = replace(TOLD, findings=(replace(first, action=action), second))
    assert taken.unanswered() == (second,)
    assert [each.number for each in taken.undone()] == [1]
