"""Ready to be assigned (B6, B7, B8)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import (
    Area,
    AssessmentKind,
    AssessmentState,
    Comparator,
    IndicatorKind,
    MarkSide,
    Origin,
    OutcomeKind,
    PlanField,
    TargetFlaw,
)
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.deciding.assessments import Assessment
from huimin_flow.model.executing.agreements import SatisfactionMeasure
from huimin_flow.model.executing.plans import Indicator, Plan, Task
from huimin_flow.model.items import Item
from huimin_flow.rules.executing.readiness import needed, ready
from tests.rules.figures import (
    ASSESSMENTS,
    MEASURE,
    RULES,
    TODAY,
    indicator,
    item,
    outcome,
    plan,
    task,
)

WHOLE = plan(task(indicator()))
EASY = item(stars=2)


def assessment(
    kind: AssessmentKind = AssessmentKind.LEGALITY,
    state: AssessmentState = AssessmentState.ACCEPTED,
    *,
    key: str = "assessment/2026-0001",
    high_risk: bool = False,
    of: str = "2026-00007",
) -> Assessment:
    return Assessment(
        key=key,
        item=of,
        kind=kind,
        state=state,
        assessor="某高校",
        high_risk=high_risk,
    )


def asked(
    given_plan: Plan = WHOLE, *assessments: Assessment, of: Item = EASY
) -> Verdict:
    return ready(of, given_plan, assessments, today=TODAY, rules=RULES)


def codes(verdict: Verdict) -> list[str]:
    return [one.code for one in verdict.reasons]


def test_a_whole_plan_is_ready() -> None:
    assert asked().passed


BENEFITS = {PlanField.OUTCOME, PlanField.SOCIAL_BENEFIT}


def lacking(whole: Plan, name: PlanField) -> Plan:
    """The plan without one thing that it must fix."""
    if name is PlanField.SATISFACTION_MEASURE:
        return replace(whole, satisfaction_measure=SatisfactionMeasure())
    if name in BENEFITS:
        others = [one for one in whole.outcomes if one.kind != name.value]
        return replace(whole, outcomes=tuple(others))
    blank: dict[str, Any] = {name.value: "  "}
    return replace(whole, **blank)


@pytest.mark.parametrize("name", PlanField)
def test_each_thing_of_the_plan_must_be_fixed(name: PlanField) -> None:
    (reason,) = asked(lacking(WHOLE, name)).reasons
    assert (reason.code, reason.values["field"]) == (Code.PLAN_FIELD_MISSING, name)


def test_a_plan_without_tasks_is_refused() -> None:
    assert codes(asked(plan())) == [Code.NO_TASK]


def test_a_task_without_a_unit_is_named() -> None:
    (reason,) = asked(plan(task(indicator(), unit=""))).reasons
    assert (reason.code, reason.values["task"]) == (Code.TASK_WITHOUT_UNIT, "T1")


def test_a_task_due_today_is_ready() -> None:
    assert asked(plan(task(indicator(), due=TODAY))).passed


def test_a_task_due_yesterday_is_not() -> None:
    late = plan(task(indicator(), due=date(2027, 1, 3)))
    assert codes(asked(late)) == [Code.TASK_DUE_BEFORE_START]


def test_a_task_without_an_indicator_needs_a_reason_why_none_fits() -> None:
    assert codes(asked(plan(task()))) == [Code.TASK_UNMEASURED]


def test_a_reason_why_no_indicator_fits_is_enough() -> None:
    assert asked(plan(task(unmeasured="以出台办法为成果"))).passed


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        (indicator(IndicatorKind.FULL), "no_denominator"),
        (indicator(value=0), "not_positive"),
        (indicator(IndicatorKind.MILESTONE, value=-1), "not_positive"),
        (indicator(comparator=Comparator.APPROX), "no_tolerance"),
        (indicator(IndicatorKind.RATE, value=101, denominator="总数"), "above_whole"),
        (indicator(IndicatorKind.FULL, value=120, denominator="总数"), "above_whole"),
    ],
)
def test_a_target_that_cannot_be_measured_gets_a_hint(
    target: Indicator, hint: str
) -> None:
    (reason,) = asked(plan(task(target))).reasons
    assert (reason.code, reason.values["hint"]) == (Code.TARGET_NOT_MEASURABLE, hint)


@pytest.mark.parametrize(
    "target",
    [
        indicator(IndicatorKind.FULL, value=100, denominator="有返岗意愿的农民工人数"),
        indicator(IndicatorKind.RATE, value=120),
        indicator(IndicatorKind.ZERO, Comparator.EQ, 0),
        indicator(comparator=Comparator.APPROX, tolerance="左右"),
    ],
)
def test_a_target_with_all_it_needs_is_measurable(target: Indicator) -> None:
    assert asked(plan(task(target))).passed


@pytest.mark.parametrize(
    ("facts", "hint"),
    [
        ({"statement": " "}, TargetFlaw.NO_STATEMENT),
        ({"counted": "", "mark": None, "unit": ""}, TargetFlaw.NOTHING_TO_CHECK),
        ({"mark": None}, TargetFlaw.NO_MARK),
        ({"mark": 0}, TargetFlaw.NO_MARK),
        ({"side": MarkSide.AT_MOST, "mark": -1}, TargetFlaw.NO_MARK),
        ({"unit": ""}, TargetFlaw.NO_MEASURE),
        ({"due": date(2027, 1, 3)}, TargetFlaw.DUE_PAST),
    ],
)
def test_an_outcome_that_cannot_be_told_apart_gets_a_hint(
    facts: dict[str, Any], hint: TargetFlaw
) -> None:
    agreed = (outcome(**facts), *WHOLE.outcomes[1:])
    (reason,) = asked(replace(WHOLE, outcomes=agreed)).reasons
    assert (reason.code, reason.values["hint"]) == (Code.OUTCOME_UNMEASURABLE, hint)


def test_an_outcome_may_be_checked_by_evidence_or_fall_to_nothing() -> None:
    checked = outcome(counted="", mark=None, unit="", check="巡查记录")
    none_left = outcome("E3", side=MarkSide.AT_MOST, mark=0)
    agreed = (checked, *WHOLE.outcomes[1:], none_left)
    assert asked(replace(WHOLE, outcomes=agreed)).passed


@pytest.mark.parametrize("key", ["E2", " "])
def test_every_outcome_has_a_key_of_its_own(key: str) -> None:
    agreed = (outcome("E2", OutcomeKind.SOCIAL_BENEFIT), outcome(key))
    (reason,) = asked(replace(WHOLE, outcomes=agreed)).reasons
    assert (reason.code, reason.values["outcome"]) == (
        Code.OUTCOME_KEY_UNFIT, key.strip(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "hint"),
    [
        ({"method": None}, TargetFlaw.NO_METHOD),
        ({"population": ""}, TargetFlaw.NO_POPULATION),
        ({"size": 0}, TargetFlaw.NO_SAMPLE),
        ({"size": -1, "share": 5}, TargetFlaw.NO_SAMPLE),
        ({"share": 101}, TargetFlaw.NO_SAMPLE),
        ({"mark": 0}, TargetFlaw.MARK_UNFIT),
        ({"mark": 79}, TargetFlaw.MARK_UNFIT),
        ({"mark": 101}, TargetFlaw.MARK_UNFIT),
    ],
)
def test_satisfaction_that_cannot_be_measured_gets_a_hint(
    facts: dict[str, Any], hint: TargetFlaw
) -> None:
    measure = replace(MEASURE, **facts)
    (reason,) = asked(replace(WHOLE, satisfaction_measure=measure)).reasons
    assert (reason.code, reason.values) == (
        Code.SATISFACTION_UNMEASURABLE, {"hint": hint},
    )  # fmt: skip


def test_assessments_are_needed_by_stars() -> None:
    kinds = [needed(item(stars=stars), RULES) for stars in (2, 3, 5)]
    assert kinds == [
        (),
        (AssessmentKind.LEGALITY,),
        (AssessmentKind.LEGALITY, AssessmentKind.THIRD_PARTY),
    ]


def test_assessments_are_needed_by_area() -> None:
    kinds = needed(item(stars=4, area=Area.LABOR_RELATIONS), RULES)
    assert AssessmentKind.PETITION_RISK in kinds


def test_assessments_are_needed_by_origin() -> None:
    kinds = needed(item(stars=4, origin=Origin.OPINION), RULES)
    assert AssessmentKind.OPINION_RISK in kinds


def test_an_assessment_is_needed_once_though_two_rules_ask_for_it() -> None:
    twice = replace(RULES, assessments=(ASSESSMENTS[0], ASSESSMENTS[0]))
    assert needed(item(), twice) == (AssessmentKind.LEGALITY,)


@pytest.mark.parametrize(
    "state",
    [AssessmentState.REQUESTED, AssessmentState.SUBMITTED, AssessmentState.RETURNED],
)
def test_an_assessment_counts_only_once_it_is_accepted(state: AssessmentState) -> None:
    found = asked(WHOLE, assessment(state=state), of=item())
    assert codes(found) == [Code.ASSESSMENT_MISSING]


def test_an_accepted_assessment_lets_the_item_pass() -> None:
    assert asked(WHOLE, assessment(), of=item()).passed


def test_an_assessment_of_another_item_does_not_count() -> None:
    found = asked(WHOLE, assessment(of="2026-00008"), of=item())
    assert codes(found) == [Code.ASSESSMENT_MISSING]


RISKY = (AssessmentState.AT_RISK, AssessmentState.TREATED)


@pytest.mark.parametrize("state", RISKY)
def test_a_high_risk_stops_until_its_treatment_is_accepted(
    state: AssessmentState,
) -> None:
    """It stops even where no rule needs the assessment."""
    found = asked(WHOLE, assessment(state=state, high_risk=True))
    assert codes(found) == [Code.ASSESSMENT_HIGH_RISK]
    cleared = assessment(state=AssessmentState.CLEARED, high_risk=True)
    assert asked(WHOLE, cleared, of=item()).passed


@pytest.mark.parametrize("turn", [1, -1])
def test_the_last_assessment_counts_in_whatever_order_they_come(turn: int) -> None:
    both = [
        assessment(state=AssessmentState.CLEARED),
        assessment(state=AssessmentState.AT_RISK, key="assessment/2026-0002"),
    ][::turn]
    assert codes(asked(WHOLE, *both, of=item())) == [Code.ASSESSMENT_HIGH_RISK]


@pytest.mark.parametrize(
    ("unit", "value", "kind"),
    [
        ("人次", 100_000, AssessmentKind.PETITION_RISK),
        ("万元", 10_000, AssessmentKind.LEGALITY),
    ],
)
def test_assessments_are_needed_by_the_scale_of_the_plan(
    unit: str, value: int, kind: AssessmentKind
) -> None:
    """The reason names the rule and its conditions."""
    of, low = item(stars=2), replace(indicator(value=value - 1), unit=unit)
    assert needed(of, RULES, plan(task(low))) == ()
    large = plan(task(replace(low, value=value)))
    assert needed(of, RULES, large) == (kind,)
    (reason,) = asked(large, of=of).reasons
    assert reason.code == Code.ASSESSMENT_MISSING
    assert RULES.assessments[int(reason.values["rule"] or 0) - 1].kind is kind
    assert (reason.values["areas"], reason.values["stars"]) == ("any", 2)


def test_the_scale_is_read_from_agreed_outcomes_too() -> None:
    agreed = (outcome(mark=100_000), *WHOLE.outcomes[1:])
    large = replace(WHOLE, outcomes=agreed)
    assert needed(EASY, RULES, large) == (AssessmentKind.PETITION_RISK,)


def test_everything_that_is_missing_is_said_at_once_with_who_supplies_it() -> None:
    reasons = asked(Plan(tasks=(task(unit=""),)), of=item()).reasons
    assert (len(reasons), all(one.supplier for one in reasons)) == (10, True)


TARGETS = st.builds(
    indicator,
    st.sampled_from(IndicatorKind),
    st.sampled_from(Comparator),
    st.integers(-1, 2),
    tolerance=st.sampled_from((None, "左右")),
    denominator=st.sampled_from((None, "应返的人数")),
)
TASKS = st.builds(
    lambda targets, unit, due, why: task(*targets, unit=unit, due=due, unmeasured=why),
    st.lists(TARGETS, max_size=3),
    st.sampled_from(("", "500101")),
    st.sampled_from((date(2027, 1, 3), TODAY)),
    st.sampled_from((None, "以出台办法为成果")),
)


def blanked(tasks: list[Task], blank: set[str]) -> Plan:
    made = plan(*tasks)
    for name in blank:
        made = lacking(made, PlanField(name))
    return made


PLANS = st.builds(
    blanked,
    st.lists(TASKS, max_size=3),
    st.sets(st.sampled_from([one.value for one in PlanField])),
)
ITEMS = st.builds(
    item, st.integers(1, 5), st.sampled_from(Area), st.sampled_from(Origin)
)
MADE = st.lists(
    st.builds(
        assessment,
        st.sampled_from(AssessmentKind),
        st.sampled_from(AssessmentState),
        key=st.integers(1, 9).map("assessment/2026-{:04d}".format),
        high_risk=st.booleans(),
    ),
    max_size=6,
    unique_by=lambda one: one.key,
)


def reasons(verdict: Verdict) -> Counter[str]:
    return Counter(str(one) for one in verdict.reasons)


@given(PLANS, MADE, ITEMS)
def test_an_item_is_ready_exactly_when_nothing_is_missing(
    given_plan: Plan, made: list[Assessment], of: Item
) -> None:
    found = asked(given_plan, *made, of=of)
    assert found.passed == (not found.reasons)


@given(PLANS, MADE, ITEMS, st.sampled_from(PlanField), st.data())
def test_supplying_what_is_missing_never_adds_a_reason(
    given_plan: Plan,
    made: list[Assessment],
    of: Item,
    field: PlanField,
    data: st.DataObject,
) -> None:
    before = reasons(asked(given_plan, *made, of=of))
    filled: dict[str, Any] = {
        **dict.fromkeys(("deliverable", "carrier", "path", "method"), "已写明"),
        "satisfaction_measure": MEASURE,
        **dict.fromkeys(OutcomeKind, WHOLE.outcomes),
    }
    name = "outcomes" if field in BENEFITS else field.value
    mended = replace(given_plan, **{name: filled[field]})
    assert reasons(asked(mended, *made, of=of)) <= before
    kind = data.draw(st.sampled_from(AssessmentKind))
    last = assessment(kind, key="assessment/2027-0001")
    assert reasons(asked(given_plan, *made, last, of=of)) <= before
    for n, one in enumerate(given_plan.tasks):
        other_task = replace(
            one, unit=one.unit or "500101", due=TODAY, unmeasured="以出台办法为成果"
        )
        rest = given_plan.tasks[:n], given_plan.tasks[n + 1 :]
        other = replace(given_plan, tasks=(*rest[0], other_task, *rest[1]))
        assert reasons(asked(other, *made, of=of)) <= before


@given(PLANS, MADE, ITEMS, st.data())
def test_the_order_of_tasks_and_assessments_changes_no_reason(
    given_plan: Plan, made: list[Assessment], of: Item, data: st.DataObject
) -> None:
    before = asked(given_plan, *made, of=of)
    tasks = data.draw(st.permutations(given_plan.tasks))
    turned = replace(given_plan, tasks=tuple(tasks))
    after = asked(turned, *data.draw(st.permutations(made)), of=of)
    assert (after.passed, reasons(after)) == (before.passed, reasons(before))
