"""Supervision orders: recorded by the office, answered with evidence, discharged."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import OrderState, OrderStep, State, TodoKind
from huimin_flow.clock import at_hour
from huimin_flow.errors import HuiminError, InputRefused, StepRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.testing import Desk

PAPER: dict[str, Any] = {
    "authority": "市政府督查室",
    "document": "渝督〔2024〕12号",
    "dated": date(2024, 4, 1),
    "demanded": "限期整改候工区",
}


def waits(desk: Desk, by: Any) -> list[tuple[str, date | None]]:
    return [
        (each.step.value, each.due)
        for each in desk.flow.todo(by)
        if each.kind is TodoKind.ORDER
    ]


def test_an_order_is_answered_with_evidence_and_discharged_by_others(
    desk: Desk,
) -> None:
    desk.clock.set(at_hour(date(2024, 4, 8), 9))
    number, orders = desk.bring(State.ASSIGNED).number, desk.flow.orders
    made = orders.receive(number, **PAPER, by=desk.office)
    assert (made.state, made.due) == (OrderState.RECEIVED, date(2024, 4, 22))
    assert waits(desk, desk.operator) == [("answer_order", made.due)]
    assert waits(desk, desk.office) == []
    desk.clock.set(at_hour(date(2024, 4, 17), 9))  # three working days are left
    assert waits(desk, desk.office) == [("remind", made.due)]
    assert orders.remind(made.key, by=desk.office).reminders == 1
    assert waits(desk, desk.office) == []
    file = desk.flow.items.attach(number, "函.txt", b"1", by=desk.operator).digest
    with pytest.raises(InputRefused, match="须附佐证"):
        orders.answer(made.key, "已整改", [], by=desk.operator)
    with pytest.raises(InputRefused, match="没有摘要"):
        orders.answer(made.key, "已整改", ["0" * 12], by=desk.operator)
    with pytest.raises(StepRefused):  # nothing was answered
        orders.discharge(made.key, "认可", by=desk.office)
    orders.answer(made.key, "已整改", [file[:12]], by=desk.operator)
    assert waits(desk, desk.operator) == []
    with pytest.raises(StepRefused):
        orders.discharge(made.key, "认可", by=desk.operator)
    orders.return_(made.key, "还缺照片", by=desk.office)
    assert waits(desk, desk.operator) == [("answer_order", made.due)]
    orders.answer(made.key, "已补", [file], by=desk.operator)
    done = orders.discharge(made.key, "来函认可", by=desk.office)
    assert (done.state, done.files) == (OrderState.DISCHARGED, (file,))
    assert orders.list(state=OrderState.DISCHARGED) == (done,)
    assert door_of(desk.flow).read(verify).findings == ()


def test_whoever_answered_does_not_discharge(desk: Desk) -> None:
    number, orders = desk.bring(State.ASSIGNED).number, desk.flow.orders
    paper = PAPER | {"dated": desk.today()}
    made = orders.receive(number, **paper, by=desk.office)
    file = desk.flow.items.attach(number, "函.txt", b"1", by=desk.office).digest
    orders.answer(made.key, "已整改", [file], by=desk.office)
    with pytest.raises(StepRefused, match="不能与经办人相同"):
        orders.discharge(made.key, "认可", by=desk.office)
    assert orders.discharge(made.key, "认可", by=desk.second).discharged_by


def test_a_paper_is_recorded_once_however_it_is_written(desk: Desk) -> None:
    number, orders = desk.bring(State.ASSIGNED).number, desk.flow.orders
    paper = PAPER | {"dated": desk.today()}
    made = orders.receive(number, **paper, by=desk.office)
    again = paper | {"document": "渝督[2024] 12号"}
    with pytest.raises(InputRefused, match="已登记为") as refused:
        orders.receive(number, **again, by=desk.office)
    assert made.key in str(refused.value.remedy)
    with pytest.raises(StepRefused):  # who recorded it does not withdraw it
        orders.withdraw(made.key, "登记有误", by=desk.office)
    orders.withdraw(made.key, "登记有误", by=desk.second)
    other = desk.bring(State.ASSIGNED).number
    assert orders.receive(other, **again, by=desk.office).item == other
    assert door_of(desk.flow).read(verify).findings == ()


@pytest.mark.parametrize("state", [State.CLOSED, State.REJECTED, State.MERGED])
def test_an_order_on_an_ended_item_is_refused_with_a_way_out(
    desk: Desk, state: State
) -> None:
    number = desk.item(state).number
    paper = PAPER | {"dated": desk.today()}
    with pytest.raises(StepRefused, match="不能登记督办") as refused:
        desk.flow.orders.receive(number, **paper, by=desk.office)
    assert "登记到" in str(refused.value.remedy)
    assert desk.flow.orders.count() == 0


def test_an_item_with_an_open_order_is_not_closed(desk: Desk) -> None:
    number = desk.bring(State.ADJUSTED).number
    paper = PAPER | {"dated": desk.today()}
    made = desk.flow.orders.receive(number, **paper, by=desk.office)
    possible = {
        p.step: p.possible for p in desk.flow.items.possible(number, desk.office)
    }
    assert not possible[next(step for step in possible if step == "close")]
    with pytest.raises(StepRefused, match="没有销号的督办") as refused:
        desk.close(number)
    assert made.key in str(refused.value)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"dated": date(2099, 1, 1)}, "晚于今日"),
        ({"due": date(2000, 1, 1)}, "早于发文日期"),
        ({"document": " "}, "文号"),
    ],
)
def test_a_wrong_paper_is_refused(
    desk: Desk, wrong: dict[str, object], says: str
) -> None:
    number = desk.bring(State.ASSIGNED).number
    paper = {**PAPER, "dated": desk.today(), **wrong}
    with pytest.raises(HuiminError, match=says):
        desk.flow.orders.receive(number, **paper, by=desk.office)


def test_a_transferred_item_takes_its_order_along(desk: Desk) -> None:
    number, orders = desk.bring(State.ASSIGNED).number, desk.flow.orders
    paper = PAPER | {"dated": desk.today()}
    made = orders.receive(number, **paper, by=desk.office)
    desk.flow.items.transfer(number, "500103", "wrong_unit", by=desk.office)
    other = desk.operator_of(number)
    assert other.unit == "500103"
    assert [step for step, _ in waits(desk, other)] == [OrderStep.ANSWER.value]
    file = desk.flow.items.attach(number, "函.txt", b"1", by=other).digest
    with pytest.raises(StepRefused):
        orders.answer(made.key, "已整改", [file], by=desk.operator)
    assert orders.answer(made.key, "已整改", [file], by=other).unit == "500103"
    assert door_of(desk.flow).read(verify).findings == ()
