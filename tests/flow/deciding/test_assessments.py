"""The four assessments: whose they are, who accepts, and what follows a risk."""

from __future__ import annotations

import pytest

from huimin_flow.catalogue.reasons import Language, speaking
from huimin_flow.catalogue.terms import AssessmentKind, AssessmentState, State
from huimin_flow.errors import NotFound, StepRefused
from huimin_flow.model.deciding.deliberations import Assessment
from huimin_flow.rules.executing.readiness import needed
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


def test_a_treated_risk_is_assessed_anew_and_the_item_goes_on(desk: Desk) -> None:
    item = desk.bring(State.LISTED)
    kinds = needed(item, desk.flow.rulebook.active().rules.assessments)
    risky = kinds[0]
    made = desk.flow.assessments.request(item.number, risky, "某高校", by=desk.office)
    with pytest.raises(StepRefused) as refused:
        desk.flow.assessments.request(item.number, risky, "某高校", by=desk.office)
    assert codes(refused) == ["not_so_far"]
    desk.flow.assessments.submit(made.key, "有隐患", high_risk=True, by=desk.office)
    desk.flow.assessments.accept(made.key, by=desk.second)
    with pytest.raises(StepRefused) as refused:
        desk.flow.items.assign(item.number, desk.plan(), by=desk.operator)
    assert "assessment_high_risk" in codes(refused)
    # Every kind is asked for again by the desk, the treated one for the second time.
    assert desk.assign(item.number).state is State.ASSIGNED
