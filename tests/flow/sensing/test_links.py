"""An item's links are walked both ways; a task or a code that isn't there is refused."""

from __future__ import annotations

import json

import pytest

from huimin_flow.audit.replay import replay
from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import State
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.executing.plans import TaskResult
from huimin_flow.reports.items import link_lines
from huimin_flow.reports.lives import item_page
from huimin_flow.store.core import history
from huimin_flow.testing import Desk


def codes(refused: pytest.ExceptionInfo[StepRefused]) -> list[str]:
    return [one.code for one in refused.value.reasons]


def test_a_successor_is_found_from_its_parent_and_the_parent_from_it(
    desk: Desk,
) -> None:
    number = desk.bring(State.ADJUSTED).number
    parent, child = desk.flow.items.carry_over(number, by=desk.operator)
    below = link_lines(desk.flow.items.links(parent.number))
    above = link_lines(desk.flow.items.links(child.number))
    assert [(one.label, one.number, one.state) for one in below] == [
        ("由其接续", child.number, "已采集")
    ]
    assert [(one.label, one.number) for one in above] == [("接续自", number)]
    with desk.flow.snapshot() as now:
        page = item_page(now, number)
    assert page.links == below
    assert page.history[-1].words == f"由 {child.number} 承接"


def test_the_event_of_a_carry_over_names_its_child_and_audits_clean(
    desk: Desk,
) -> None:
    number = desk.bring(State.ADJUSTED).number
    _, child = desk.flow.items.carry_over(number, by=desk.operator)
    stored = door_of(desk.flow).read(
        lambda c: history.read_stream(c, f"item/{number}")
    )[-1]
    assert json.loads(stored.header)["public"]["successor"] == child.number
    assert door_of(desk.flow).read(lambda c: replay(c, f"item/{number}")).same
    assert door_of(desk.flow).read(verify).clean


def test_a_second_successor_is_refused_by_the_name_of_the_open_one(
    desk: Desk,
) -> None:
    number = desk.bring(State.ADJUSTED).number
    parent, child = desk.flow.items.carry_over(number, by=desk.operator)
    with pytest.raises(StepRefused) as refused:
        desk.flow.items.carry_over(number, by=desk.operator)
    assert codes(refused) == ["successor_open"]
    assert child.number in str(refused.value)
    assert desk.flow.items.get(number) == parent
    assert len(desk.flow.items.list()) == 2


def test_another_successor_may_follow_one_that_was_rejected(desk: Desk) -> None:
    number = desk.bring(State.ADJUSTED).number
    _, child = desk.flow.items.carry_over(number, by=desk.operator)
    code = next(iter(desk.flow.rulebook.active().rules.reject_reasons))
    desk.flow.items.reject(child.number, code, by=desk.office)
    _, second = desk.flow.items.carry_over(number, by=desk.operator)
    assert second.continues == number


def test_a_task_that_the_item_has_not_is_refused_with_those_it_has(
    desk: Desk,
) -> None:
    number = desk.bring(State.ASSIGNED).number
    results = [TaskResult(task="T1", met=True), TaskResult(task="T9", met=True)]
    with pytest.raises(InputRefused, match="T9") as refused:
        desk.flow.items.execute(number, results, by=desk.operator_of(number))
    assert "任务有:T1" in str(refused.value)
    assert desk.flow.items.get(number).state is State.ASSIGNED


def test_an_unknown_reason_code_is_refused_with_the_codes_there_are(
    desk: Desk,
) -> None:
    number = desk.bring(State.SCREENED).number
    with pytest.raises(StepRefused) as refused:
        desk.flow.items.return_(number, "whim", by=desk.office)
    for code, word in desk.flow.rulebook.active().rules.return_reasons.items():
        assert f"{code}({word})" in str(refused.value)


def test_a_history_says_a_reason_in_the_words_of_its_rulebook(desk: Desk) -> None:
    number = desk.bring(State.SCREENED).number
    book = desk.flow.rulebook.active()
    code, word = next(iter(book.rules.return_reasons.items()))
    desk.flow.items.return_(number, code, by=desk.office)
    with desk.flow.snapshot() as now:
        page = item_page(now, number)
    assert page.history[-1].words == word != code
