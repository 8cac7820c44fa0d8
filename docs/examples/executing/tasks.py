"""Tasks: reported by month, excused, sent back and retained, and seen by the year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from huimin_flow.api import Progress, State, TaskReturnState, tick
from huimin_flow.testing import UNIT, Desk, at_hour


def report_progress(desk: Desk) -> None:
    """Report a month's figure, and see what is reported and what is still owed."""
    flow, clerk = desk.flow, desk.operator
    number = desk.bring(State.ASSIGNED).number
    month = f"{desk.today():%Y-%m}"

    owed = flow.tasks.owing(month, unit=UNIT)
    assert number in {each.item for each in owed}
    figure = Progress(item=number, task="T1", indicator="候工区", month=month, value=4)
    intake = flow.tasks.report([figure], by=clerk)
    assert intake.kept == 1

    (line,) = flow.tasks.sheet(month, numbers=[number])
    assert (line.actual, line.target) == (4, 10)
    assert month in flow.tasks.months()


def send_back(desk: Desk) -> None:
    """Send a task back to the lead unit, which retains it; excuse another one."""
    flow, clerk = desk.flow, desk.operator
    number, plan = desk.bring(State.LISTED).number, desk.plan()
    tasks = [replace(plan.tasks[0], key=key, unit="500102") for key in ("T2", "T3")]
    desk.assign(number, replace(plan, tasks=(*plan.tasks, *tasks)))
    other = desk.actor("op-500102")

    sent = flow.tasks.return_(number, "T2", "lacks_means", "无场地", by=other)
    assert sent.state is TaskReturnState.RETURNED
    for todo in flow.todo(clerk):
        print(todo.kind.label, todo.subject, todo.step.label, todo.due)
    waiting = flow.tasks.returns(item=number)
    assert flow.tasks.count_returns(item=number) == len(waiting) == 1
    retained = flow.tasks.retain(sent.key, "已协调场地", by=clerk)
    assert flow.tasks.returned(sent.key).made == retained
    assert flow.tasks.returns_by_unit(desk.today().year)

    leader = desk.actor("leader-1")
    excuse = flow.tasks.excuse(number, "T3", "不可抗力", by=leader)
    assert excuse.task == "T3"
    year = flow.tasks.year("500102", desk.today().year)
    assert {task.task for task in year} == {"T2", "T3"}


def call_for_figures(desk: Desk) -> None:
    """Let the timetable call the units that owe a figure of the month."""
    flow = desk.flow
    desk.bring(State.ASSIGNED)

    desk.clock.set(at_hour(date(2023, 12, 8), 19))
    tick(flow)
    calls = flow.tasks.calls("2023-11")
    assert calls[0].owing
