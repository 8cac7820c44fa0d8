"""Lists and assessments move by their table, and a refusal says it in Chinese."""

from __future__ import annotations

import pytest

from huimin_flow.catalogue.terms import (
    AssessmentKind,
    AssessmentState,
    EditionState,
    State,
)
from huimin_flow.errors import StepRefused
from huimin_flow.states.records import ASSESSMENTS, LISTS
from huimin_flow.testing import Desk


def test_every_state_of_an_assessment_leads_on() -> None:
    sources = {state for states in ASSESSMENTS.values() for state in states}
    assert sources == set(AssessmentState)


def test_a_list_takes_a_step_only_once_it_is_frozen() -> None:
    sources = {state for states in LISTS.values() for state in states}
    assert EditionState.DRAFTING not in sources
    assert EditionState.SUPERSEDED not in sources


def test_a_list_that_is_not_confirmed_says_where_it_must_stand(
    file_desk: Desk,
) -> None:
    key = file_desk.frozen(2099)
    with pytest.raises(StepRefused, match=r"不能“发布”;须为:已确认$"):
        file_desk.flow.publish(key, by=file_desk.office)


def test_an_assessment_that_was_not_submitted_says_where_it_must_stand(
    file_desk: Desk,
) -> None:
    flow, by = file_desk.flow, file_desk.office
    number = file_desk.bring(State.LISTED).number
    made = flow.assess(number, AssessmentKind.LEGALITY, "某所", by=by)
    with pytest.raises(StepRefused, match=r"不能“采信”;须为:已提交$"):
        flow.settle_assessment(made.key, accept=True, by=file_desk.second)
    with pytest.raises(StepRefused, match=r"不能“委托”;须为:已采信$"):
        flow.assess(number, AssessmentKind.LEGALITY, "某所", by=by)


def test_a_word_may_be_corrected_to_its_chinese_label(file_desk: Desk) -> None:
    item = file_desk.collect()
    amended = file_desk.flow.amend(
        item.number, {"area": "人才人事"}, by=file_desk.office
    )
    assert amended.area.label == "人才人事"
