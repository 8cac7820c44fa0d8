"""Executing: plans, progress, and what was carried out (B6, C2, C4)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from huimin_flow.errors import InputRefused
from huimin_flow.flow.advance import advance
from huimin_flow.flow.work import Work
from huimin_flow.model.actor import Actor
from huimin_flow.model.case import Case
from huimin_flow.model.deliberation import Assessment
from huimin_flow.model.indicator import Plan, TaskResult
from huimin_flow.model.item import Item
from huimin_flow.rules import readiness
from huimin_flow.store import repository
from huimin_flow.terms import Role, Step

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])", re.ASCII)


def assign(
    work: Work,
    number: str,
    plan: Plan,
    *,
    by: Actor,
    version: int | None = None,
    occurred_on: date | None = None,
) -> Item:
    """Assign a listed item: plan, tasks and targets are fixed before execution (B6).

    Raises:
        StepRefused: with every thing that the plan lacks.
        InputRefused: if a task names a unit or a curve that doesn't exist.

    """
    item = repository.item(work.connection, number)
    curves = work.rulebook.curves()
    for task in plan.tasks:
        if task.unit and work.rulebook.organization.unit(task.unit, work.today) is None:
            raise InputRefused(
                f"任务“{task.key}”的责任单位“{task.unit}”不存在",
                remedy="请核对单位代码与日期",
            )
        if task.curve and task.curve not in curves:
            raise InputRefused(
                f"任务“{task.key}”的进度曲线“{task.curve}”不存在",
                remedy=f"请从{'、'.join(curves)}中选,或留空",
            )
    day = work.happened(occurred_on)
    verdict = readiness.ready(
        item,
        plan,
        repository.records(work.connection, Assessment, number),
        today=day,
        rules=work.rulebook.rules.assessments,
    )
    case = Case(actor=by, today=work.today, plan=plan, verdict=verdict)
    return advance(
        work,
        number,
        Step.ASSIGN,
        case,
        changes={"plan": plan},
        version=version,
        occurred_on=day,
    )


def execute(
    work: Work,
    number: str,
    results: Sequence[TaskResult],
    *,
    by: Actor,
    version: int | None = None,
    occurred_on: date | None = None,
) -> Item:
    """Report an item as executed: every task met, or excused by a superior."""
    case = Case(
        actor=by,
        today=work.today,
        results=tuple(results),
        superiors=superiors(work),
    )
    return advance(
        work,
        number,
        Step.EXECUTE,
        case,
        changes={"results": tuple(results)},
        version=version,
        occurred_on=work.happened(occurred_on),
    )


def superiors(work: Work) -> tuple[str, ...]:
    """Return the people who may excuse a task: the leaders of the task force."""
    leaders = {Role.LEADER, Role.DEPUTY_LEADER}
    people = work.rulebook.organization.people
    return tuple(one.id for one in people if leaders & one.roles)
