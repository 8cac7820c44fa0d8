"""The four assessments: whose they are, who accepts, and what follows a risk."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.reasons import Language, speaking
from huimin_flow.catalogue.terms import AssessmentKind, AssessmentState, State
from huimin_flow.errors import InputRefused, NotFound, StepRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.deciding.assessments import Assessment
from huimin_flow.reports.items import item_facts
from huimin_flow.reports.lives import item_page
from huimin_flow.testing import UNIT, Desk

KIND = AssessmentKind.LEGALITY


def codes(refused: pytest.ExceptionInfo[StepRefused]) -> list[str]:
    return [one.code for one in refused.value.reasons]


def submitted(desk: Desk, number: str, *, high_risk: bool = False) -> Assessment:
    made = desk.flow.assessments.request(number, KIND, "某高校", by=desk.office)
    return desk.flow.assessments.submit(
        made.key, "可行", high_risk=high_risk, by=desk.office
    )


def test_another_districts_head_has_no_part_in_an_assessment(desk: Desk) -> None:
    number = desk.bring(State.LISTED).number
    head, stranger = desk.actor(f"head-{UNIT}"), desk.actor("head-500102")
    with pytest.raises(StepRefused) as refused:
        desk.flow.assessments.request(number, KIND, "某高校", by=stranger)
    assert codes(refused) == ["other_units_item"]
    made = desk.flow.assessments.request(number, KIND, "某高校", by=head)
    with pytest.raises(StepRefused) as refused:
        desk.flow.assessments.submit(made.key, "可行", high_risk=False, by=stranger)
    assert codes(refused) == ["other_units_item"]
    desk.flow.assessments.submit(made.key, "可行", high_risk=False, by=head)
    with pytest.raises(StepRefused) as refused:
        desk.flow.assessments.accept(made.key, by=stranger)
    assert codes(refused) == ["other_units_item"]


def test_an_assessment_that_is_not_there_is_refused_by_name(desk: Desk) -> None:
    with pytest.raises(NotFound) as refused:
        desk.flow.assessments.accept("assessment/x", by=desk.office)
    assert refused.value.code == "record_unknown"
    assert str(refused.value) == "没有编号为“assessment/x”的评估"
    with speaking(Language.ENGLISH):
        assert str(refused.value) == "there is no assessment assessment/x"


def test_nobody_accepts_what_they_submitted_themselves(desk: Desk) -> None:
    made = submitted(desk, desk.bring(State.LISTED).number)
    with pytest.raises(StepRefused) as refused:
        desk.flow.assessments.accept(made.key, by=desk.office)
    assert codes(refused) == ["same_person"]
    done = desk.flow.assessments.accept(made.key, by=desk.second)
    assert done.state is AssessmentState.ACCEPTED


def risky(desk: Desk, number: str) -> str:
    """A finding with a high risk that was accepted."""
    made = submitted(desk, number, high_risk=True)
    done = desk.flow.assessments.accept(made.key, by=desk.second)
    assert done.state is AssessmentState.AT_RISK
    return made.key


def test_a_high_risk_stops_an_item_until_another_accepts_its_treatment(
    desk: Desk,
) -> None:
    number, made = desk.bring(State.LISTED).number, desk.flow.assessments
    key, due = risky(desk, number), desk.today()
    with pytest.raises(StepRefused) as refused:
        made.request(number, KIND, "某高校", by=desk.office)
    assert codes(refused) == ["not_so_far"]
    treat = partial(made.treat, key, "逐户走访,先补偿后施工", UNIT)
    for by, act in ((desk.office, "treat"), (desk.second, "treat")):
        assert f"assessments.{act}" in [each.act for each in desk.flow.todo(by)]
    treat(due, by=desk.office)
    assert (key, due) in [
        (each.subject, each.due) for each in desk.flow.todo(desk.second)
    ]
    assert key not in [each.subject for each in desk.flow.todo(desk.office)]
    with pytest.raises(StepRefused) as refused:
        desk.flow.items.assign(number, desk.plan(), by=desk.operator)
    assert "assessment_high_risk" in codes(refused)
    with pytest.raises(StepRefused) as refused:
        made.accept(key, by=desk.office)
    assert codes(refused) == ["same_person"]
    assert made.return_(key, "没有期限", by=desk.second).note == "没有期限"
    treat(due, by=desk.office)
    assert made.accept(key, by=desk.second).state is AssessmentState.CLEARED
    _every_treatment_is_read(desk, number, key)
    # Every kind is asked for again by the desk, the treated one for the second time.
    assert desk.assign(number).state is State.ASSIGNED
    key = risky(desk, number)
    with desk.flow.snapshot() as now:
        shown = dict(item_facts(now, now.items.get(number)))
    assert "高风险待处置" in shown["下一步"]
    assert KIND.label in shown["评估"]
    desk.report(number)
    with pytest.raises(StepRefused) as refused:
        desk.execute(number)
    assert codes(refused) == ["assessment_high_risk"]
    made.treat(key, "加派人手", UNIT, due, by=desk.office)
    made.accept(key, by=desk.second)
    assert desk.execute(number).state is State.EXECUTED
    assert door_of(desk.flow).read(verify).findings == ()


def _every_treatment_is_read(desk: Desk, number: str, key: str) -> None:
    (finding,) = desk.flow.assessments.findings(key)
    second = desk.second.id
    assert (finding.decided_by, finding.returned) == (second, "")
    assert [(each.returned, each.decided_by) for each in finding.treatments] == [
        ("没有期限", second),
        ("", second),
    ]
    with desk.flow.snapshot() as now:
        (line,) = item_page(now, number).assessments
    first, last = line.treatments
    assert f"退回:没有期限({second})" in first
    assert f"采信:{second}" in last


def test_a_treatment_names_a_unit_that_exists_and_a_day_to_come(desk: Desk) -> None:
    number, made = desk.bring(State.LISTED).number, desk.flow.assessments
    key, yesterday = risky(desk, number), desk.today() - timedelta(days=1)
    with pytest.raises(InputRefused) as refused:
        made.treat(key, "走访", "999999", desk.today(), by=desk.office)
    assert refused.value.code == "treated_by_no_unit"
    with pytest.raises(InputRefused) as refused:
        made.treat(key, "走访", UNIT, yesterday, by=desk.office)
    assert refused.value.code == "treated_too_early"
    assert made.get(key).state is AssessmentState.AT_RISK


def test_every_submitted_finding_stays_readable_after_it_was_returned(
    desk: Desk,
) -> None:
    made = submitted(desk, desk.bring(State.LISTED).number)
    act = desk.flow.assessments
    returned = act.return_(made.key, "没有依据", by=desk.second)
    assert (returned.finding, returned.note) == ("可行", "没有依据")
    assert desk.flow.tasks.months() == ()  # a return of a finding begins no run
    act.submit(made.key, "依据充分,可行", high_risk=False, by=desk.office)
    versions = [
        (each.number, each.text, each.returned) for each in act.findings(made.key)
    ]
    assert versions == [(1, "可行", "没有依据"), (2, "依据充分,可行", "")]
    assert act.get(made.key).note == ""
