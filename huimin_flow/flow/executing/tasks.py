"""Tasks: reassigned, sent back by their unit, settled; what they cover (C2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated

from huimin_flow.catalogue.reasons import (
    DecisionCode,
    InputCode,
    ProgressCode,
    TaskCode,
)
from huimin_flow.catalogue.terms import (
    Argument,
    Duty,
    Step,
    StreamKind,
    TaskReturnState,
    TaskReturnStep,
    UnitKind,
)
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import (
    acting_as,
    advance,
    keep_record,
    next_key,
    step_record,
)
from huimin_flow.flow.core.reads import record_of, refuse_ended
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding.drafts import follow
from huimin_flow.model.core.directory import Directory
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import accepted, accepted_in, required, showable
from huimin_flow.model.evidence import (
    ReturnTaskEvidence,
    SettlingEvidence,
)
from huimin_flow.model.executing.plans import Excuse, NewTarget, Plan, Task
from huimin_flow.model.executing.tasks import DatedReturn, ReturnCount, TaskReturn
from huimin_flow.model.items import Item
from huimin_flow.rules.executing import tasks
from huimin_flow.states.improving import TASK_RETURN
from huimin_flow.states.machine import require_road
from huimin_flow.states.table import ITEM
from huimin_flow.store import listings
from huimin_flow.store.core import repository


@question
def coverage(work: Work, number: str) -> Verdict:
    """Return whether an item's tasks reach its own targets now, and what they lack.

    Excused tasks don't count, and neither do those that were sent back and are not
    settled.

    Raises:
        NotFound: if no item has the number.

    """
    return covered(work, repository.item(work.connection, number))


def covered(work: Work, item: Item) -> Verdict:
    """Return the verdict on what an item's tasks cover now."""
    connection, number = work.connection, item.number
    return tasks.coverage_of(
        item,
        repository.records(connection, TaskReturn, number),
        repository.records(connection, Excuse, number),
        work.rulebook.improving.tasks,
    )


def refuse_unit(work: Work, task: Task) -> None:
    """Refuse a task of a unit that doesn't exist, has ended, or may have no task.

    Raises:
        InputRefused: naming the unit.

    """
    organization, today = work.rulebook.organization, work.today
    refuse_ended(work, task.unit)
    if not task.unit:
        return
    unit = organization.unit(task.unit, today)
    if unit is None:
        raise InputRefused(
            DecisionCode.TASK_OF_NO_UNIT,
            task=task.key,
            unit=task.unit,
            earliest=organization.begins_after(task.unit, today),
        )
    if unit.kind is UnitKind.AUDITOR:
        raise InputRefused(InputCode.UNIT_IS_AUDITOR, unit=unit.name)


@act(Step.REASSIGN)
def reassign(
    work: Work,
    number: str,
    task: str,
    reason: Annotated[str, Argument.REASSIGN_CODE],
    *,
    unit: str | None = None,
    due: date | None = None,
    new_targets: Sequence[NewTarget] = (),
    members: Sequence[str] = (),
    by: Actor = ACTING,
    version: int | None = None,
) -> Item:
    """Change one task of an assigned item: its unit, targets or due day (C2).

    ``reason`` is a code of the rulebook. ``new_targets`` are figures by indicator,
    ``members`` those of a set. A return of the task is settled by it.

    Raises:
        InputRefused: for a unit that doesn't exist or may have no task, or an unknown
            task or indicator.
        StepRefused: if nothing changes, a target is covered less than before, the
            changed task can't be measured, or the item isn't assigned.

    """
    item = repository.item(work.connection, number)
    require_road(ITEM, item.state, Step.REASSIGN)
    old = _task_of(item, task)
    code = unit
    if unit is not None:
        directory = Directory(work.rulebook.organization)
        code = directory.unit(unit, work.today, exact=True).code
    known = [indicator.name for indicator in old.indicators]
    figures = {each.indicator: each.value for each in new_targets}
    for name in figures:
        if name not in known:
            raise InputRefused(
                TaskCode.SHARE_UNKNOWN,
                task=task,
                indicator=showable(name),
                indicators=known,
            )
    names = tuple(accepted(each, Argument.MEMBERS, longest=200) for each in members)
    new = accepted_in(
        tasks.reassigned(old, unit=code, due=due, figures=figures, members=names),
        Argument.PLAN,
    )
    refuse_unit(work, new)
    plan = tasks.with_task(item.plan or Plan(), new)
    returns = repository.records(work.connection, TaskReturn, number)
    excuses = repository.records(work.connection, Excuse, number)
    book, today = work.rulebook, work.today
    evidence = tasks.reassigning(item, plan, task, returns, excuses, book, today)
    moved = advance(
        work,
        item,
        Step.REASSIGN,
        replace(evidence, reason_code=reason),
        by=by,
        changes={"plan": plan, "reason_code": reason},
        version=version,
        named={"task": task},
    )
    for made in tasks.open_returns(item, returns, excuses):
        if made.task == task:
            settle_moved(work, made, moved, by)
    follow(work, moved, None, by=by)
    return moved


def settle_moved(work: Work, made: TaskReturn, item: Item, by: Actor) -> TaskReturn:
    """Settle the return of a task that another step has moved."""
    return _settle(work, TaskReturnStep.REASSIGN, made, item, "", by)


def _settle(
    work: Work,
    step: TaskReturnStep,
    made: TaskReturn,
    item: Item,
    answer: str,
    by: Actor,
) -> TaskReturn:
    return step_record(
        work,
        step,
        made,
        by=by,
        evidence=SettlingEvidence(item=item, moved=step is TaskReturnStep.REASSIGN),
        unit=item.unit,
        about=item.number,
        settled_on=work.today,
        settled_by=by.id,
        answer=answer,
    )


def _task_of(item: Item, key: str) -> Task:
    """Return a task of an item's plan.

    Raises:
        InputRefused: if it has no such task, or none at all.

    """
    known = {task.key: task for task in (item.plan or Plan()).tasks}
    if not known:
        raise InputRefused(ProgressCode.NOT_RUNNING, item=item.number)
    if key not in known:
        code, named = DecisionCode.TASK_UNKNOWN, list(known)
        raise InputRefused(code, item=item.number, task=showable(key), tasks=named)
    return known[key]


@act(Duty.REPORT)
def return_(
    work: Work,
    number: str,
    task: str,
    reason: Annotated[str, Argument.TASK_RETURN_CODE],
    note: str,
    *,
    by: Actor = ACTING,
) -> TaskReturn:
    """Send a task back to the lead unit, with a reason; it is settled in time (C2).

    Until then its share of the item's targets doesn't count.

    Raises:
        InputRefused: for an unknown task, or an empty note.
        StepRefused: for a task of another unit, one that was sent back already, an
            unknown reason code, or an item that isn't assigned.

    """
    repository.hold_items(work.connection, [number])  # it is sent back once
    item = repository.item(work.connection, number)
    mine = _task_of(item, task)
    said = required(note, Argument.NOTE, longest=500)
    known = repository.records(work.connection, TaskReturn, number)
    excuses = repository.records(work.connection, Excuse, number)
    waiting = tasks.open_returns(item, known, excuses)
    made = TaskReturn(
        key=StreamKind.TASK_RETURN.key(next_key(work, StreamKind.TASK_RETURN, number)),
        item=number,
        task=task,
        unit=mine.unit,
        state=TaskReturnState.RETURNED,
        reason_code=reason,
        note=said,
        returned_on=work.today,
        returned_by=by.id,
        rounds=item.rounds,
        returns=item.returns,
    )
    evidence = ReturnTaskEvidence(
        item=item,
        task=task,
        under_way=next((each.key for each in waiting if each.task == task), None),
        reason_code=reason,
        known=work.rulebook.improving.tasks.return_reasons,
    )
    acting = acting_as(work, by, units=(mine.unit,))
    return keep_record(
        work, TaskReturnStep.RETURN, made, None, acting, evidence, about=number
    )


@act(Step.REASSIGN)
def retain(
    work: Work,
    key: Annotated[str, Argument.TASK_RETURN],
    reason: str,
    *,
    by: Actor = ACTING,
) -> TaskReturn:
    """Retain a task that was sent back: it stays with its unit, with a reason (C2).

    Raises:
        NotFound: if there is no such return.
        StepRefused: if it was settled already, or the actor may not reassign the task.
        InputRefused: for an empty reason.

    """
    made = record_of(work, TaskReturn, key)
    require_road(TASK_RETURN, made.state, TaskReturnStep.RETAIN, made.key)
    said = required(reason, Argument.REASON, longest=500)
    item = repository.item(work.connection, made.item)
    return _settle(work, TaskReturnStep.RETAIN, made, item, said, by)


@question
def returns(
    work: Work,
    *,
    item: str | None = None,
    unit: str | None = None,
    state: TaskReturnState | None = None,
    after: Annotated[str | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[DatedReturn, ...]:
    """Return the tasks that units sent back, those of the newest items first.

    A page begins after the key ``after``, and not with the first ``skip``.
    """
    known = listings.records(
        work.connection,
        TaskReturn,
        {"about": item, "unit": unit, "state": state},
        newest=True,
        after=after,
        skip=skip,
        limit=limit,
    )
    due = tasks.settling_due(work.activations)
    return tuple(_dated(made, due(made.returned_on), work.today) for made in known)


@question
def count_returns(
    work: Work,
    *,
    item: str | None = None,
    unit: str | None = None,
    state: TaskReturnState | None = None,
) -> int:
    """Return how many returns of tasks ``returns`` has with the same filters."""
    wanted: dict[str, str | None] = {"about": item, "unit": unit, "state": state}
    return listings.count_records(work.connection, TaskReturn, wanted)


@question
def returned(work: Work, key: Annotated[str, Argument.TASK_RETURN]) -> DatedReturn:
    """Return a task's return with its reason, its last day and how it was settled.

    Raises:
        NotFound: if there is none of that key.

    """
    made = record_of(work, TaskReturn, key)
    due = tasks.settling_due(work.activations)(made.returned_on)
    return _dated(made, due, work.today)


def _dated(made: TaskReturn, due: date | None, today: date) -> DatedReturn:
    waits = made.state is TaskReturnState.RETURNED
    return DatedReturn(made=made, due=due, overdue=waits and today > (due or date.max))


@question
def returns_by_unit(work: Work, year: int) -> tuple[ReturnCount, ...]:
    """Return how many tasks each unit sent back in a year, and what became of them."""
    made = (
        each
        for each in repository.records(work.connection, TaskReturn)
        if each.returned_on.year == year
    )
    return tasks.counted(made, tasks.settling_due(work.activations), work.today)
