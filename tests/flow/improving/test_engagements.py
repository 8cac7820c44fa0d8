"""Engagements of third parties: planned, in the field, reported, followed (D4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.reasons import Code, EngagementCode, SurveyCode
from huimin_flow.catalogue.terms import (
    EngagementState,
    Grade,
    StalePart,
    State,
    ThirdPartyKind,
    TodoKind,
)
from huimin_flow.clock import at_hour
from huimin_flow.errors import HuiminError, InputRefused, StepRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.executing.agreements import OutcomeResult
from huimin_flow.rules.executing import surveys
from huimin_flow.testing import UNIT, Desk
from huimin_flow.testing.agreed import RESULTS
from tests.flow.core.engaged import (
    FINDINGS,
    FRAME,
    LATE,
    STAFF,
    engaged,
    entered,
    with_report,
)


def codes(refusal: pytest.ExceptionInfo[Any]) -> set[Any]:
    return {reason.code for reason in refusal.value.reasons}


def waits(desk: Desk, by: Any) -> list[tuple[str, date | None]]:
    return [
        (each.step.value, each.due)
        for each in desk.flow.todo(by)
        if each.kind is TodoKind.ENGAGEMENT
    ]


def sound(desk: Desk) -> bool:
    return door_of(desk.flow).read(verify).findings == ()


def test_an_engagement_goes_from_its_plan_to_findings_that_are_followed(
    desk: Desk,
) -> None:
    desk.clock.set(at_hour(date(2024, 4, 8), 9))
    number, acts = desk.bring(State.EXECUTED).number, desk.flow.engagements
    due = date(2024, 4, 30)
    made = engaged(desk, number, due)
    assert (made.state, made.outcomes) == (EngagementState.PLANNED, ("E1", "E2"))
    assert waits(desk, desk.office) == [("enter_field", date(2024, 4, 8))]
    acts.enter(made.key, STAFF, "候工人员", FRAME, 5, by=desk.office)
    sample = acts.get(made.key).sample
    assert sample is not None
    assert acts.sample(made.key) == surveys.draw(sample.seed, FRAME, 5)
    assert acts.redraw(made.key, FRAME) == acts.sample(made.key)
    assert waits(desk, desk.office) == []  # the evaluator has until the due day
    desk.clock.set(at_hour(due, 9))
    assert waits(desk, desk.office) == [("report_engagement", due)]
    file = acts.attach(made.key, "报告.txt", b"1", by=desk.office).digest
    told = acts.report(
        made.key, file[:12], outcomes=RESULTS, findings=FINDINGS, by=desk.office
    )
    assert [each.number for each in told.unanswered()] == [1, 2]
    assert waits(desk, desk.operator) == [("answer_report", date(2024, 5, 16))]
    with pytest.raises(StepRefused) as refusal:
        acts.follow(made.key, by=desk.second)
    assert codes(refusal) == {EngagementCode.UNANSWERED}
    ends = date(2024, 5, 10)
    acts.answer(made.key, 1, "补齐台账", UNIT, ends, by=desk.operator)
    acts.decline(made.key, 2, "新址已有指引", by=desk.operator)
    assert waits(desk, desk.office) == [("follow", None)]
    assert waits(desk, desk.operator) == [("complete_action", ends)]
    assert acts.follow(made.key, by=desk.office).state is EngagementState.FOLLOWED
    desk.clock.set(at_hour(date(2024, 5, 13), 9))
    (late,) = [e for e in desk.flow.todo(desk.operator) if e.act.startswith("engagem")]
    assert (late.act, late.due) == ("engagements.complete", ends)
    proof = desk.flow.items.attach(number, "台账", b"2", by=desk.operator).digest
    done = acts.complete(made.key, 1, "已补齐", [proof], by=desk.operator)
    assert done.undone() == ()
    assert waits(desk, desk.operator) == []
    assert acts.list(item=number) == (done,)
    assert sound(desk)


def test_a_second_report_of_an_engagement_is_refused_with_the_way_to_correct_it(
    desk: Desk,
) -> None:
    number, other = (desk.bring(State.EXECUTED).number for _ in range(2))
    acts, made = desk.flow.engagements, with_report(desk, number)
    again = acts.attach(made.key, "又一份", b"2", by=desk.office).digest
    with pytest.raises(StepRefused, match="已有报告") as refusal:
        acts.report(made.key, again, by=desk.office)
    assert codes(refusal) == {EngagementCode.REPORTED_ALREADY}
    key = entered(desk, other).key
    same = acts.attach(key, "报告", made.key.encode(), by=desk.office).digest
    assert same == made.report
    with pytest.raises(InputRefused) as unfit:
        acts.report(key, same, by=desk.office)
    assert codes(unfit) == {EngagementCode.REPORT_OF_ANOTHER}
    with pytest.raises(InputRefused) as unfit:
        acts.correct(made.key, made.report, "重报", by=desk.second)
    assert codes(unfit) == {EngagementCode.REPORT_UNCHANGED}


def test_an_evaluation_waits_for_the_report_and_rests_on_it(desk: Desk) -> None:
    number, acts = desk.bring(State.EXECUTED).number, desk.flow.engagements
    key = entered(desk, number).key
    with pytest.raises(StepRefused) as refusal:
        desk.conclude(number)
    assert codes(refusal) == {Code.ENGAGEMENT_OPEN}
    file = acts.attach(key, "报告", b"1", by=desk.office).digest
    low = (OutcomeResult(outcome="E1", value=400),)
    acts.report(key, file, outcomes=low, by=desk.office)
    item = desk.conclude(number)  # the unit says 520 of 500, and that E2 is met
    assert item.evaluation_passed is False
    assert [each.grade for each in item.outcomes] == [
        Grade.PARTLY,
        Grade.NOT_MEASURABLE,
    ]
    assert item.satisfaction == "92.00"  # citizens' word stays as it was
    assert desk.flow.items.history(number)[-1].event.verdict is not None
    assert sound(desk)


def test_a_report_alone_is_the_result_of_what_the_unit_says_nothing_of(
    desk: Desk,
) -> None:
    number = desk.bring(State.EXECUTED).number
    made = with_report(desk, number)
    desk.survey(number)
    item = desk.flow.items.evaluate(number, by=desk.office)
    assert item.evaluation_passed
    assert [(e.value, e.grade, e.evidence) for e in item.outcomes] == [
        (520, Grade.MET, made.key),
        (None, Grade.MET, made.key),
    ]
    assert sound(desk)


def test_a_corrected_report_puts_the_evaluation_in_doubt(desk: Desk) -> None:
    number, acts = desk.bring(State.EXECUTED).number, desk.flow.engagements
    made = with_report(desk, number, findings=FINDINGS[:1])
    assert desk.conclude(number).evaluation_passed
    acts.decline(made.key, 1, "已补", by=desk.operator)
    acts.follow(made.key, by=desk.office)
    again = acts.attach(made.key, "更正", b"2", by=desk.office).digest
    with pytest.raises(StepRefused):  # who recorded it doesn't correct it
        acts.correct(made.key, again, "录入有误", outcomes=RESULTS, by=desk.office)
    low = (OutcomeResult(outcome="E1", value=100), RESULTS[1])
    kept = acts.correct(
        made.key, again, "录入有误", outcomes=low, findings=FINDINGS[1:], by=desk.second
    )
    assert kept.state is EngagementState.REPORTED  # its new finding is to be answered
    assert [each.number for each in kept.unanswered()] == [2]
    item = desk.flow.items.get(number)
    assert StalePart.EVALUATION in item.stale
    with pytest.raises(StepRefused):
        desk.adjust(number)
    assert desk.conclude(number).evaluation_passed is False
    assert sound(desk)


def test_findings_are_followed_before_an_item_is_closed(desk: Desk) -> None:
    number, acts = desk.bring(State.EXECUTED).number, desk.flow.engagements
    made = with_report(desk, number)
    desk.conclude(number)
    desk.adjust(number)
    with pytest.raises(StepRefused) as refusal:
        desk.close(number)
    assert codes(refusal) == {EngagementCode.NOT_FOLLOWED}
    for finding in (1, 2):
        acts.answer(made.key, finding, "改", "op-500101", LATE, by=desk.operator)
    acts.answer(made.key, 2, "另改", UNIT, LATE, by=desk.operator)  # answered anew
    acts.follow(made.key, by=desk.office)
    assert desk.close(number).state is State.CLOSED
    assert sound(desk)


def test_one_round_has_one_engagement_by_an_independent_organization(
    desk: Desk,
) -> None:
    number, acts = desk.bring(State.EXECUTED).number, desk.flow.engagements
    office, plan = desk.office, desk.flow.engagements.plan
    with pytest.raises(StepRefused) as refusal:
        plan(number, "无名公司", "走访", LATE, by=office)
    assert codes(refusal) == {Code.ASSESSOR_UNREGISTERED}
    unit = desk.flow.people.unit(UNIT).name
    desk.flow.third_parties.register(
        "附属中心", ThirdPartyKind.UNIVERSITY, "有", "有", parent=unit, by=office
    )
    with pytest.raises(StepRefused) as refusal:
        plan(number, "附属中心", "走访", LATE, by=office)
    assert codes(refusal) == {Code.ASSESSOR_IS_CHILD}
    desk.flow.third_parties.register(
        "丁大学", ThirdPartyKind.UNIVERSITY, "有", "有", by=office
    )
    made = plan(number, "丁大学", "走访", LATE, outcomes=["E2"], by=office)
    with pytest.raises(StepRefused) as refusal:
        plan(number, "丁大学", "走访", LATE, by=office)
    assert codes(refusal) == {EngagementCode.PLANNED_ALREADY}
    acts.call_off(made.key, "改期", by=office)
    fielded = entered(desk, desk.bring(State.EXECUTED).number).key
    with pytest.raises(StepRefused) as refusal:  # nobody alone asks until it pleases
        acts.call_off(fielded, "改期", by=office)
    assert codes(refusal) == {Code.SAME_PERSON}
    acts.call_off(fielded, "改期", by=desk.second)
    assert plan(number, "丁大学", "走访", LATE, by=office).outcomes == ("E1", "E2")
    with pytest.raises(StepRefused) as refusal:
        plan(desk.bring(State.LISTED).number, "丁大学", "走访", LATE, by=office)
    assert codes(refusal) == {EngagementCode.NOT_A_MEASURE}
    assert sound(desk)


def test_what_cannot_be_used_is_refused_with_its_reason(desk: Desk) -> None:
    number, acts = desk.bring(State.EXECUTED).number, desk.flow.engagements
    office, key = desk.office, engaged(desk, number).key
    unfit: list[tuple[type[HuiminError], Any, Any]] = [
        (InputRefused, SurveyCode.FRAME_EMPTY, lambda: ((), 1)),
        (InputRefused, SurveyCode.TOO_FEW_DRAWN, lambda: (FRAME, 21)),
        (InputRefused, SurveyCode.TOO_FEW_DRAWN, lambda: (FRAME, 0)),
        (InputRefused, SurveyCode.CODE_TWICE, lambda: ((*FRAME, FRAME[0]), 5)),
    ]
    for kind, code, given in unfit:
        with pytest.raises(kind) as refusal:
            acts.enter(key, STAFF, "候工人员", *given(), by=office)
        assert codes(refusal) == {code}
    with pytest.raises(StepRefused) as refused:
        acts.enter(key, (), "候工人员", FRAME, 5, by=office)
    assert codes(refused) == {Code.ENGAGEMENT_WITHOUT_STAFF}
    acts.enter(key, STAFF, "候工人员", FRAME, 5, by=office)
    file = acts.attach(key, "报告", b"1", by=office).digest
    e1, e2 = RESULTS
    results: list[tuple[Any, tuple[OutcomeResult, ...]]] = [
        (Code.OUTCOME_UNKNOWN, (replace(e1, outcome="E9"),)),
        (Code.OUTCOME_UNKNOWN, (e1, e1)),
        (Code.OUTCOME_RESULT_UNFIT, (replace(e1, grade=Grade.MET),)),
        (Code.OUTCOME_RESULT_UNFIT, (replace(e2, value=1),)),
    ]
    for code, given_results in results:
        with pytest.raises(InputRefused) as refusal:
            acts.report(key, file, outcomes=given_results, by=office)
        assert codes(refusal) == {code}
    acts.report(key, file, findings=FINDINGS, by=office)
    with pytest.raises(InputRefused) as refusal:
        acts.answer(key, 3, "改", UNIT, LATE, by=desk.operator)
    assert codes(refusal) == {EngagementCode.FINDING_UNKNOWN}
    with pytest.raises(InputRefused) as refusal:
        acts.complete(key, 1, "已改", ["0" * 12], by=desk.operator)
    assert codes(refusal) == {EngagementCode.NO_ACTION}
