"""Executing: plans, progress, and what was carried out (B6, C2, C4)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from huimin_flow.errors import InputRefused
from huimin_flow.flow.advance import advance
from huimin_flow.flow.batches import keep_batch
from huimin_flow.flow.sensing import Intake
from huimin_flow.flow.work import Work
from huimin_flow.model.actor import Actor
from huimin_flow.model.case import Case
from huimin_flow.model.deliberation import Assessment
from huimin_flow.model.indicator import Indicator, Plan, Progress, TaskResult
from huimin_flow.model.item import Item
from huimin_flow.model.text import accepted
from huimin_flow.rules import readiness
from huimin_flow.store import facts, repository
from huimin_flow.terms import IndicatorKind, Role, Step

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
        InputRefused: if a task names a unit that doesn't exist.

    """
    item = repository.item(work.connection, number)
    for task in plan.tasks:
        if task.unit and work.rulebook.organization.unit(task.unit, work.today) is None:
            raise InputRefused(
                f"任务“{task.key}”的责任单位“{task.unit}”不存在",
                remedy="请核对单位代码与日期",
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


def report_progress(work: Work, reports: Sequence[Progress], *, by: Actor) -> Intake:
    """Keep a batch of monthly figures; a later figure corrects an earlier one (C4).

    Raises:
        InputRefused: for an unknown item, task or indicator, a month to come,
            a negative figure, or a rate without its denominator.
        StepRefused: if the actor may not report.

    """
    work.duty(by, "report")
    plans: dict[str, dict[tuple[str, str], Indicator]] = {}
    checked = [_checked(work, one, plans) for one in reports]
    if not checked:
        return Intake(batch=0, kept=0, known=0, root="")
    batch = repository.next_number(work.connection, "batch")
    rows = facts.progress_rows(checked, batch)
    facts.keep(work.connection, facts.PROGRESS, rows)
    root = keep_batch(work, "progress", batch, rows, by=by)
    return Intake(batch=batch, kept=len(rows), known=0, root=root)


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


def _checked(
    work: Work,
    report: Progress,
    plans: dict[str, dict[tuple[str, str], Indicator]],
) -> Progress:
    if not _MONTH.fullmatch(report.month):
        raise InputRefused(f"月份“{report.month}”不对", remedy="请写成 2023-07 的样子")
    if report.month > work.today.strftime("%Y-%m"):
        raise InputRefused(f"月份{report.month}尚未到来", remedy="请核对月份")
    if report.item not in plans:
        plans[report.item] = _indicators(work, report.item)
    indicator = plans[report.item].get((report.task, report.indicator))
    if indicator is None:
        raise InputRefused(
            f"事项{report.item}的任务“{report.task}”没有指标“{report.indicator}”",
            remedy="请核对任务与指标名称",
        )
    if report.value < 0 or (report.denominator or 0) < 0:
        raise InputRefused(f"“{indicator.name}”的数值不能为负", remedy="请核对数值")
    is_rate = indicator.kind in {IndicatorKind.RATE, IndicatorKind.FULL}
    if is_rate != (report.denominator is not None):
        need = "须同时给出分子与分母" if is_rate else "不需要分母"
        raise InputRefused(f"“{indicator.name}”{need}", remedy="请核对指标类型")
    accepted(report.note, "备注", longest=2000)
    return report


def _indicators(work: Work, number: str) -> dict[tuple[str, str], Indicator]:
    plan = repository.item(work.connection, number).plan or Plan()
    return {
        (task.key, indicator.name): indicator
        for task in plan.tasks
        for indicator in task.indicators
    }
