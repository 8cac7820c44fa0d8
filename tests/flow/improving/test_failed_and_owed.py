"""What failed does not go on as it was, and no figure is owed when it is judged."""

from __future__ import annotations

from datetime import date

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import Recommendation, Role, State
from huimin_flow.clock import at_hour
from huimin_flow.errors import StepRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.executing.plans import TaskResult
from huimin_flow.testing import Desk

GOES_ON = (Recommendation.CONTINUE, Recommendation.REPLICATE)


def failed(desk: Desk) -> str:
    number = desk.bring(State.EXECUTED).number
    desk.report(number)
    item = desk.conclude(number, 79)
    assert item.evaluation_passed is False
    return number


@pytest.mark.parametrize("recommendation", Recommendation)
def test_what_failed_its_evaluation_is_improved_or_stopped(
    desk: Desk, recommendation: Recommendation
) -> None:
    number, items = failed(desk), desk.flow.items
    if recommendation in GOES_ON:
        with pytest.raises(StepRefused, match="最终评价不合格") as refused:
            items.adjust(number, recommendation, "可", by=desk.office)
        assert [why.code for why in refused.value.reasons] == ["recommendation_unfit"]
        assert "返工" in str(refused.value.remedy)
        return
    items.adjust(number, recommendation, "满意度79%,未达80%", by=desk.office)
    assert items.close(number, by=desk.office).state is State.CLOSED
    assert door_of(desk.flow).read(verify).findings == ()


def test_an_item_is_not_evaluated_while_its_last_month_is_owed(desk: Desk) -> None:
    desk.clock.set(at_hour(date(2024, 4, 8), 9))
    number = desk.bring(State.ASSIGNED).number
    desk.report(number, 12)  # April's; the tasks end in May
    desk.clock.set(at_hour(date(2024, 5, 20), 9))
    desk.execute(number)
    desk.clock.set(at_hour(date(2024, 6, 3), 9))
    with pytest.raises(StepRefused, match="2024-05的进度还须报送:候工区") as refused:
        desk.conclude(number, 90)
    (why,) = refused.value.reasons
    assert (why.code, why.supplier) == ("figures_owed", Role.OPERATOR)
    desk.report(number, 0)
    done = desk.conclude(number, 90)
    assert done.evaluation_passed
    assert door_of(desk.flow).read(verify).findings == ()


def test_an_excused_task_owes_no_figure(desk: Desk) -> None:
    number = desk.bring(State.ASSIGNED).number
    desk.flow.tasks.excuse(number, "T1", "汛期停工", by=desk.post(Role.LEADER))
    excused = desk.flow.records.events(f"excuse/{number}/0001")[-1].event
    result = TaskResult(
        task="T1", met=False, excuse="汛期停工", excused_by=excused.actor
    )
    desk.flow.items.execute(number, [result], by=desk.operator)
    done = desk.conclude(number, 90)
    assert (done.fulfilment, done.evaluation_passed) == (None, True)
    assert door_of(desk.flow).read(verify).findings == ()
