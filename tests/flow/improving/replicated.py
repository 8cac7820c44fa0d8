"""A good practice for tests: an item on a published good board, by few steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from huimin_flow.catalogue.terms import State
from huimin_flow.clock import at_hour
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.improving import boards
from huimin_flow.model.executing.plans import Progress
from huimin_flow.model.improving.replication import Practice
from huimin_flow.testing import Desk
from huimin_flow.testing.agreed import RESULTS

#: The unit to which the practice of the desk's unit is proposed, and another one.
OTHER, THIRD = "500102", "500103"

PERIOD = "2023Q4"

TAKEN, WHOM = "腾退闲置用房,设室内候工区", "零工市场求职者"


def good_item(desk: Desk) -> str:
    """Return an item that the good board of 2023Q4 has; its boards are published."""
    desk.clock.set(at_hour(date(2023, 12, 20), 9))
    number = carried_out(desk)
    desk.clock.set(at_hour(date(2024, 1, 9), 9))
    publish(desk)
    return number


def carried_out(desk: Desk) -> str:
    """Return an evaluated item for which all grounds of the good board hold."""
    number = desk.bring(State.ASSIGNED).number
    report(desk, number)
    desk.execute(number)
    desk.conclude(number, 95)
    return number


def report(desk: Desk, number: str, value: int = 11) -> None:
    """Report a figure with a file as its evidence."""
    by = desk.operator_of(number)
    file = desk.flow.items.attach(number, "照片.txt", b"1", by=by).digest
    figure = Progress(
        item=number, task="T1", indicator="候工区", month=f"{desk.today():%Y-%m}",
        value=value, evidence=(file,),
    )  # fmt: skip
    desk.flow.tasks.report([figure], by=by)


def publish(desk: Desk, period: str = PERIOD) -> None:
    """Draft the boards of a quarter as the job does, and publish them."""
    made = door_of(desk.flow).perform(
        lambda work: boards.draft(
            work, period, work.head, work.rulebook, by=desk.scheduler
        )
    )
    desk.flow.boards.publish(made.key, by=desk.office, second=desk.second)


def practice(desk: Desk) -> Practice:
    """Return a good practice on the shelf."""
    number = good_item(desk)
    return desk.flow.practices.shelve(number, TAKEN, WHOM, by=desk.office)


def evaluated(desk: Desk, number: str, satisfied: int = 92) -> None:
    """Carry the item of another unit out, and evaluate it."""
    unit = desk.flow.items.get(number).unit
    desk.star(number)
    desk.enlist(number)
    plan = desk.plan()
    tasks = (replace(plan.tasks[0], unit=unit),)
    desk.assign(number, replace(plan, tasks=tasks))
    report(desk, number)
    desk.execute(number)
    desk.survey(number, satisfied)
    desk.flow.items.evaluate(number, RESULTS, by=desk.office)
