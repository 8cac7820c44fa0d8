"""Executing: plans, excuses, results of tasks, attached files (B6, C2, C4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated

from huimin_flow.catalogue.reasons import DecisionCode, InputCode, RatingCode
from huimin_flow.catalogue.terms import (
    Argument,
    Duty,
    RecordStep,
    State,
    Step,
    StreamKind,
    UnitKind,
)
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act
from huimin_flow.flow.core.advance import (
    acting_as,
    advance,
    keep_record,
    next_key,
)
from huimin_flow.flow.core.items import keep_file
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding.drafts import follow
from huimin_flow.flow.executing.tasks import refuse_unit
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import accepted_in, required, showable
from huimin_flow.model.deciding.assessments import Assessment, ThirdParty
from huimin_flow.model.evidence import ExcuseEvidence, PlanEvidence, ResultEvidence
from huimin_flow.model.executing.plans import Excuse, Plan, TaskResult
from huimin_flow.model.executing.tasks import TaskReturn
from huimin_flow.model.items import Attachment, Item
from huimin_flow.rules.deciding import independence
from huimin_flow.rules.executing import readiness
from huimin_flow.rules.executing.coverage import coverage
from huimin_flow.rules.executing.fulfilment import unmet
from huimin_flow.rules.executing.running import run_months, runs
from huimin_flow.rules.executing.tasks import open_returns
from huimin_flow.store.core import facts, history, repository


@act(Step.ASSIGN)
def assign(
    work: Work,
    number: str,
    plan: Plan,
    *,
    by: Actor = ACTING,
    version: int | None = None,
    occurred_on: date | None = None,
) -> Item:
    """Assign a listed item: plan, tasks and targets are fixed before execution (B6).

    Raises:
        StepRefused: with everything that the plan lacks, and each own target that its
            tasks don't reach.
        InputRefused: if a task names a unit or a curve that doesn't exist, or a unit
            that may have no task, a supporting unit doesn't exist or is the lead unit,
            a service item is not in the catalogue, or the plan has a person's number.

    """
    plan = accepted_in(plan, Argument.PLAN)
    organization = work.rulebook.organization
    curves = work.rulebook.scoring.progress.curves
    for task in plan.tasks:
        refuse_unit(work, task)
        if task.curve and task.curve not in curves:
            code, known = DecisionCode.CURVE_UNKNOWN, tuple(curves)
            raise InputRefused(code, task=task.key, curve=task.curve, known=known)
    services = {each.key for each in work.rulebook.services.items}
    for key in plan.service_items:
        if key not in services:
            raise InputRefused(RatingCode.UNKNOWN_ITEM, given=showable(key))
    item = repository.item(work.connection, number)
    _refuse_supporters(work, item, plan)
    day = work.happened(occurred_on)
    made = repository.records(work.connection, Assessment, number)
    register = repository.records(work.connection, ThirdParty)
    makers = [
        repository.item(work.connection, other).unit
        for other in independence.linked(item)
    ]
    concerned = independence.concerned_by(item, plan, makers, organization, register)
    verdict = readiness.ready(
        item,
        plan,
        made,
        today=day,
        rules=work.rulebook.rules,
        bonds=independence.bonds(made, register, concerned),
    )
    assigned = advance(
        work,
        number,
        Step.ASSIGN,
        PlanEvidence(
            plan=plan,
            verdict=verdict,
            coverage=coverage(plan, work.rulebook.improving.tasks),
        ),
        by=by,
        changes={"plan": plan},
        version=version,
        occurred_on=day,
    )
    follow(work, assigned, None, by=by)
    return assigned


def _refuse_supporters(work: Work, item: Item, plan: Plan) -> None:
    """Refuse a supporting unit that isn't there, leads the item, or audits."""
    organization, today = work.rulebook.organization, work.today
    for supporter in plan.supporting_units:
        unit = organization.unit(supporter.unit, today)
        if unit is None:
            named = showable(supporter.unit)
            raise InputRefused(InputCode.UNIT_UNKNOWN, unit=named, day=today)
        if unit.code == item.unit:
            raise InputRefused(DecisionCode.SUPPORTER_LEADS, unit=unit.name)
        if unit.kind is UnitKind.AUDITOR:
            raise InputRefused(InputCode.UNIT_IS_AUDITOR, unit=unit.name)


@act(Duty.EXCUSE)
def excuse(
    work: Work, number: str, task: str, reason: str, *, by: Actor = ACTING
) -> Excuse:
    """Excuse a task of an assigned item; only a superior of the unit does it.

    Raises:
        InputRefused: if the item has no such task, or the reason is empty.
        StepRefused: if the actor isn't a superior, or the item is not assigned.

    """
    item = repository.item(work.connection, number)
    work.duty(by, Duty.EXCUSE, item.unit)
    _refuse_unknown(item, [task])
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


def _refuse_unknown(item: Item, named: Iterable[str]) -> None:
    """Refuse tasks that an assigned item doesn't have."""
    tasks = tuple(task.key for task in item.plan.tasks) if item.plan else ()
    for task in named if item.state is State.ASSIGNED else ():
        if task not in tasks:
            code = DecisionCode.TASK_UNKNOWN
            raise InputRefused(code, item=item.number, task=task, tasks=tasks)


@act(Step.EXECUTE)
def execute(
    work: Work,
    number: str,
    results: Sequence[TaskResult],
    *,
    by: Actor = ACTING,
    version: int | None = None,
    occurred_on: date | None = None,
) -> Item:
    """Report an item as executed: every task is met, excused by a superior, or missed.

    A task is met if its figures bear it out on that day; one without an indicator is
    believed. After its last day a task that is neither met nor excused is missed.
    Excuses come from the records of superiors; the caller can't pass them.

    Raises:
        StepRefused: naming each task that is said to be met against its figures, that
            is neither met nor excused before its last day is over, or that was sent
            back and is not settled.
        InputRefused: if a result has a person's number, or the item has no such
            task.

    """
    results = accepted_in(tuple(results), Argument.RESULTS)
    repository.hold_items(work.connection, [number])  # no report comes meanwhile
    item, day = repository.item(work.connection, number), work.happened(occurred_on)
    named = [result.task for result in results]
    _refuse_unknown(item, named)
    kept = repository.records(work.connection, Excuse, number)
    excuses = {excuse.task: excuse for excuse in kept if excuse.rounds == item.rounds}
    met = {result.task for result in results if result.met}
    planned = [task.key for task in (item.plan or Plan()).tasks]
    settled = tuple(
        TaskResult(
            task=task,
            met=False,
            excuse=excuses[task].reason,
            excused_by=excuses[task].by,
        )
        if task in excuses and task not in met
        else TaskResult(task=task, met=task in met)
        for task in dict.fromkeys((*named, *excuses, *planned))
    )
    reports = facts.progress_of(work.connection, number)
    rule = work.rulebook.rules.fulfilment
    events = history.events_of(work.connection, StreamKind.ITEM.key(number))
    ran = runs(events)
    returns = repository.records(work.connection, TaskReturn, number)
    waiting = open_returns(item, returns, tuple(excuses.values()))
    return advance(
        work,
        number,
        Step.EXECUTE,
        ResultEvidence(
            results=settled,
            excuses=tuple(excuses.values()),
            risks=readiness.untreated(
                repository.records(work.connection, Assessment, number)
            ),
            day=day,
            unmet=unmet(
                item.plan, met, reports, rule, day=day, months=run_months(ran, day)
            ),
            returned=tuple(made.task for made in waiting),
        ),
        by=by,
        changes={"results": settled},
        version=version,
        occurred_on=day,
    )


@act(Duty.REPORT)
def attach(
    work: Work,
    number: str,
    name: Annotated[str, Argument.FILE_NAME],
    content: bytes,
    *,
    by: Actor = ACTING,
) -> Attachment:
    """Attach a file to an item; the same content is attached only once.

    Raises:
        NotFound: if there is no such item.
        InputRefused: for an empty or too large file, or an unfit name.
        StepRefused: if the actor may not report, or not for its units.
        StoreRefused: if there is no folder for attachments, or it can't be written.

    """
    item = repository.item(work.connection, number)
    owners = {item.unit, *(task.unit for task in (item.plan or Plan()).tasks)}
    own = work.rulebook.organization.acts_for(by.unit, work.today)
    concerned = min(owners & own, default=item.unit)
    work.duty(by, Duty.REPORT, concerned)
    return keep_file(work, number, name, content, by, concerned)
