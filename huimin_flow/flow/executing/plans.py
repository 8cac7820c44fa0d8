"""Executing: plans, progress, and what was carried out (B6, C2, C4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from huimin_flow.catalogue.reasons import DecisionCode
from huimin_flow.catalogue.terms import (
    Argument,
    Duty,
    RecordStep,
    State,
    Step,
    StreamKind,
)
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.advance import acting_as, advance, keep_record, next_key
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import accepted_in, required
from huimin_flow.model.deciding.deliberations import Assessment
from huimin_flow.model.evidence import ExcuseEvidence, PlanEvidence, ResultEvidence
from huimin_flow.model.executing.plans import Excuse, Plan, TaskResult
from huimin_flow.model.items import Item
from huimin_flow.rules.executing import readiness
from huimin_flow.store.core import repository


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
        InputRefused: if a task names a unit or a curve that doesn't exist, or
            a person's number stands in the plan.

    """
    plan = accepted_in(plan, Argument.PLAN)
    _fitting(work, plan)
    item = repository.item(work.connection, number)
    day = work.happened(occurred_on)
    verdict = readiness.ready(
        item,
        plan,
        repository.records(work.connection, Assessment, number),
        today=day,
        rules=work.rulebook.rules.assessments,
    )
    return advance(
        work,
        number,
        Step.ASSIGN,
        PlanEvidence(plan=plan, verdict=verdict),
        by=by,
        changes={"plan": plan},
        version=version,
        occurred_on=day,
    )


def _fitting(work: Work, plan: Plan) -> None:
    """Refuse a plan that names a unit or curve that isn't there."""
    curves = work.rulebook.scoring.progress.curves
    for task in plan.tasks:
        if task.unit and work.rulebook.organization.unit(task.unit, work.today) is None:
            raise InputRefused(
                DecisionCode.TASK_OF_NO_UNIT,
                task=task.key,
                unit=task.unit,
                earliest=work.rulebook.organization.begins_after(task.unit, work.today),
            )
        if task.curve and task.curve not in curves:
            raise InputRefused(
                DecisionCode.CURVE_UNKNOWN,
                task=task.key,
                curve=task.curve,
                known=tuple(curves),
            )


def excuse(work: Work, number: str, task: str, reason: str, *, by: Actor) -> Excuse:
    """Excuse a task of an assigned item: the act of a superior, by their own hand.

    Raises:
        InputRefused: if the item has no such task, or the reason is empty.
        StepRefused: if the actor isn't the unit's superior, or the item doesn't run.

    """
    item = repository.item(work.connection, number)
    work.duty(by, Duty.EXCUSE, item.unit)
    if item.state is State.ASSIGNED:
        _known_task(item, task)
    count = next_key(work, StreamKind.EXCUSE, number)
    excuse = Excuse(
        key=StreamKind.EXCUSE.key(count),
        item=number,
        task=task,
        reason=required(reason, Argument.EXCUSE, longest=500),
        by=by.id,
        rounds=item.rounds,
    )
    acting = acting_as(work, by, units=(item.unit,))
    evidence = ExcuseEvidence(item=item, task=task)
    return keep_record(
        work, RecordStep.EXCUSE, excuse, None, acting, evidence, about=number
    )


def _known_task(item: Item, task: str) -> None:
    tasks = tuple(one.key for one in item.plan.tasks) if item.plan else ()
    if task not in tasks:
        code = DecisionCode.TASK_UNKNOWN
        raise InputRefused(code, item=item.number, task=task, tasks=tasks)


def execute(
    work: Work,
    number: str,
    results: Sequence[TaskResult],
    *,
    by: Actor,
    version: int | None = None,
    occurred_on: date | None = None,
) -> Item:
    """Report an item as executed: every task met, or excused by a superior.

    Excuses are looked up among what superiors recorded; none can be typed in.

    Raises:
        StepRefused: naming each task that is neither met nor excused.
        InputRefused: if a person's number stands in what is told of a task, or
            the item has no such task.

    """
    results = accepted_in(tuple(results), Argument.RESULTS)
    item = repository.item(work.connection, number)
    if item.state is State.ASSIGNED:
        for result in results:
            _known_task(item, result.task)
    given = _excuses(work, item)
    settled = _with_excuses(results, given)
    return advance(
        work,
        number,
        Step.EXECUTE,
        ResultEvidence(results=settled, excuses=tuple(given.values())),
        by=by,
        changes={"results": settled},
        version=version,
        occurred_on=work.happened(occurred_on),
    )


def _excuses(work: Work, item: Item) -> dict[str, Excuse]:
    """Return by task what superiors excused in the item's present round."""
    kept = repository.records(work.connection, Excuse, item.number)
    return {one.task: one for one in kept if one.rounds == item.rounds}


def _with_excuses(
    results: Sequence[TaskResult], given: Mapping[str, Excuse]
) -> tuple[TaskResult, ...]:
    met = {one.task for one in results if one.met}
    named = [one.task for one in results]
    more = [task for task in given if task not in named]
    return tuple(
        TaskResult(task=task, met=task in met)
        if task in met or task not in given
        else TaskResult(
            task=task,
            met=False,
            excuse=given[task].reason,
            excused_by=given[task].by,
        )
        for task in (*named, *more)
    )
