"""A task is excused by a superior's own recorded act, never by what is typed."""

from __future__ import annotations

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import State
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.executing.plans import TaskResult
from huimin_flow.testing import Desk

TYPED = [TaskResult(task="T1", met=False, excuse="汛期停工", excused_by="leader-1")]


def codes(refused: pytest.ExceptionInfo[StepRefused]) -> list[str]:
    return [one.code for one in refused.value.reasons]


def test_a_superiors_name_that_is_only_typed_excuses_nothing(desk: Desk) -> None:
    item = desk.bring(State.ASSIGNED)
    with pytest.raises(StepRefused) as refused:
        desk.flow.items.execute(item.number, TYPED, by=desk.operator)
    assert codes(refused) == ["task_unsettled"]
    assert "--met T1" in refused.value.remedy


def test_a_superior_excuses_a_task_by_their_own_hand(desk: Desk) -> None:
    item = desk.bring(State.ASSIGNED)
    leader = desk.actor("leader-1")
    desk.flow.tasks.excuse(item.number, "T1", "汛期停工", by=leader)
    done = desk.flow.items.execute(item.number, [], by=desk.operator)
    assert (done.state, done.results) == (State.EXECUTED, tuple(TYPED))
    assert door_of(desk.flow).read(verify).clean


@pytest.mark.parametrize("person", ["op-500101", "head-500101", "office-1"])
def test_nobody_but_a_superior_excuses(desk: Desk, person: str) -> None:
    item = desk.bring(State.ASSIGNED)
    with pytest.raises(StepRefused) as refused:
        desk.flow.tasks.excuse(item.number, "T1", "汛期停工", by=desk.actor(person))
    assert codes(refused) == ["duty_missing"]


def test_an_excuse_is_of_a_task_of_a_running_item_with_a_reason(desk: Desk) -> None:
    leader = desk.actor("leader-1")
    listed = desk.bring(State.LISTED)
    with pytest.raises(StepRefused) as refused:
        desk.flow.tasks.excuse(listed.number, "T1", "汛期停工", by=leader)
    assert codes(refused) == ["not_so_far"]
    assert str(refused.value).endswith("为“已入清单”,不能“免除任务”;须为:已分解")
    item = desk.bring(State.ASSIGNED)
    for task, reason in (("T9", "汛期停工"), ("T1", " ")):
        with pytest.raises(InputRefused):
            desk.flow.tasks.excuse(item.number, task, reason, by=leader)


def test_an_excuse_ends_with_its_round(desk: Desk) -> None:
    item = desk.bring(State.ASSIGNED)
    desk.flow.tasks.excuse(item.number, "T1", "汛期停工", by=desk.actor("leader-1"))
    desk.flow.items.execute(item.number, [], by=desk.operator)
    desk.conclude(item.number, satisfaction=40)
    desk.flow.items.rework(item.number, by=desk.office)
    with pytest.raises(StepRefused) as refused:
        desk.flow.items.execute(item.number, [], by=desk.operator)
    assert codes(refused) == ["task_unsettled"]
