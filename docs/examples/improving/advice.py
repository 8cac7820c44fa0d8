"""Advice on running measures, orders of supervising authorities, and forecasts."""

from __future__ import annotations

from datetime import date

from huimin_flow.api import AdviceState, OrderState, Recommendation, State
from huimin_flow.testing import UNIT, Desk

LATE = date(2024, 12, 31)


def advise(desk: Desk) -> None:
    """Advise on a running measure; adopt, mend, return and verify, or decline."""
    flow, office, clerk = desk.flow, desk.office, desk.operator
    number = desk.bring(State.ASSIGNED).number

    flow.items.advise(number, Recommendation.IMPROVE, by=clerk)
    (improve,) = flow.advice.list(item=number)
    for todo in flow.todo(office):
        print(todo.kind.label, todo.subject, todo.step.label, todo.due)
    flow.advice.adopt(
        improve.key, "同意", what="延长开放", unit=UNIT, mended_by=LATE, by=office
    )
    flow.advice.mend(improve.key, "已延长", by=clerk)
    flow.advice.return_(improve.key, "周末也要开放", by=office)
    flow.advice.mend(improve.key, "周末已开放", by=clerk)
    verified = flow.advice.verify(improve.key, finding="属实", by=office)
    assert verified.state is AdviceState.MENDED

    flow.items.advise(number, Recommendation.IMPROVE, by=clerk)
    waiting = flow.advice.list(item=number, state=AdviceState.ADVISED)
    declined = flow.advice.decline(waiting[0].key, "另作安排", by=office)
    assert flow.advice.get(declined.key) == declined
    assert flow.advice.count(item=number) == 2


def follow_an_order(desk: Desk) -> None:
    """Record an order of an authority, answer it with evidence, and discharge it."""
    flow, office, clerk = desk.flow, desk.office, desk.operator
    number = desk.bring(State.EXECUTED).number
    proof = flow.items.attach(number, "函.txt", "已办".encode(), by=clerk).digest

    order = flow.orders.receive(
        number, "督查室", "9号", desk.today(), "限期办结", due=LATE, by=office
    )
    assert order in flow.orders.list(item=number)
    assert flow.orders.count(item=number) == 1

    for todo in flow.todo(clerk):
        print(todo.kind.label, todo.subject, todo.step.label, todo.due)
    flow.orders.remind(order.key, by=office)
    flow.orders.answer(order.key, "已办", [proof], by=clerk)
    flow.orders.return_(order.key, "补充照片", by=office)
    flow.orders.answer(order.key, "已补", [proof], by=clerk)
    done = flow.orders.discharge(order.key, "认可", by=office)
    assert flow.orders.get(order.key).state is OrderState.DISCHARGED
    assert done.state is OrderState.DISCHARGED

    wrong = flow.orders.receive(
        number, "督查室", "10号", desk.today(), "限期办结", by=office
    )
    flow.orders.withdraw(wrong.key, "登记有误", by=desk.second)


def hold_forecasts_against_results(desk: Desk) -> None:
    """Hold what was expected against what was found, by unit and year."""
    flow = desk.flow
    number = desk.bring(State.CLOSED).number

    cases = flow.forecasts.cases()
    assert number in {case.item for case in cases}
    for unit in flow.forecasts.calibration():
        print(unit)
