"""An item's tasks: what of them is set aside, sent back, changed (C2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from types import MappingProxyType

from huimin_flow.catalogue.reasons import Reasons
from huimin_flow.catalogue.terms import (
    IndicatorKind,
    State,
    TaskReturnState,
)
from huimin_flow.errors import CalendarMissing
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.evidence import ReassignEvidence
from huimin_flow.model.executing.plans import Excuse, Indicator, Plan, Task
from huimin_flow.model.executing.tasks import ReturnCount, TaskReturn
from huimin_flow.model.improving.rules import TaskRule
from huimin_flow.model.items import Item
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.core.due import Activation, deadline
from huimin_flow.rules.executing.coverage import coverage, lost
from huimin_flow.rules.executing.readiness import task_flaws


def excused_tasks(item: Item, excuses: Iterable[Excuse]) -> frozenset[str]:
    """Return the tasks that a superior has excused in an item's present round."""
    return frozenset(each.task for each in excuses if each.rounds == item.rounds)


def open_returns(
    item: Item, returns: Iterable[TaskReturn], excuses: Iterable[Excuse]
) -> tuple[TaskReturn, ...]:
    """Return the returns of an assigned item's tasks that are not settled.

    A return counts under the plan in which it was made, and not for an excused task.
    """
    if item.state is not State.ASSIGNED:
        return ()
    excused = excused_tasks(item, excuses)
    return tuple(
        made
        for made in returns
        if made.state is TaskReturnState.RETURNED
        and (made.rounds, made.returns) == (item.rounds, item.returns)
        and made.task not in excused
    )


def coverage_of(
    item: Item,
    returns: Iterable[TaskReturn],
    excuses: Sequence[Excuse],
    rule: TaskRule,
) -> Verdict:
    """Decide whether an item's tasks reach its targets, as they stand now."""
    return coverage(
        item.plan or Plan(),
        rule,
        excused=excused_tasks(item, excuses),
        returned={made.task for made in open_returns(item, returns, excuses)},
    )


def reassigned(
    task: Task,
    *,
    unit: str | None = None,
    due: date | None = None,
    figures: Mapping[str, int] = MappingProxyType({}),
    members: Sequence[str] = (),
) -> Task:
    """Return a task with another unit, due day, or targets by indicator.

    ``members`` are those of its sets from now on. The words of a target follow its
    figure.
    """

    def changed(indicator: Indicator) -> Indicator:
        now, names = figures.get(indicator.name, indicator.value), indicator.members
        if members and indicator.kind is IndicatorKind.SET:
            names = tuple(dict.fromkeys(members))
            now = figures.get(indicator.name, len(names))
        quote = indicator.quote.replace(str(indicator.value), str(now), 1)
        return replace(indicator, value=now, members=names, quote=quote)

    return replace(
        task,
        unit=unit or task.unit,
        due=due or task.due,
        indicators=tuple(map(changed, task.indicators)),
    )


def with_task(plan: Plan, task: Task) -> Plan:
    """Return a plan with a task in the place of the one with the same key."""
    return replace(
        plan, tasks=tuple(task if each.key == task.key else each for each in plan.tasks)
    )


def reassigned_back(before: Plan, after: Plan, task: str) -> dict[str, str]:
    """Return the arguments of the step that makes a task again as it was before.

    ``new_targets`` are like ``候工区=12``; they and ``members`` are a line each. Empty
    if no such step does: members can't be unnamed, and all sets of a task get the same.
    """
    old, new = (
        next(each for each in plan.tasks if each.key == task)
        for plan in (before, after)
    )
    both = list(zip(old.indicators, new.indicators, strict=True))
    figures = {was.name: was.value for was, now in both if was.value != now.value}
    others = [was.members for was, now in both if was.members != now.members]
    members = next(iter(others), ())
    again = reassigned(
        new, unit=old.unit, due=old.due, figures=figures, members=members
    )
    for was, made in zip(old.indicators, again.indicators, strict=True):
        if (was.value, was.members) != (made.value, made.members):
            return {}
    former = {"task": task}
    if old.unit != new.unit:
        former["unit"] = old.unit
    if old.due != new.due:
        former["due"] = old.due.isoformat()
    if figures:
        told = (f"{name}={value}" for name, value in figures.items())
        former["new_targets"] = "\n".join(told)
    if members:
        former["members"] = "\n".join(members)
    return former


def reassigning(
    item: Item,
    plan: Plan,
    task: str,
    returns: Sequence[TaskReturn],
    excuses: Sequence[Excuse],
    book: Rulebook,
    day: date,
) -> ReassignEvidence:
    """Return the evidence for an item's changed task, without the reason's code."""
    rule = book.improving.tasks
    # What is sent back counts again once it is reassigned. It counts before, too: no
    # target is lowered by the way of a return.
    kept = [made for made in returns if made.task != task]
    before = coverage_of(item, kept, excuses, rule)
    after = coverage_of(replace(item, plan=plan), kept, excuses, rule)
    old, new = (
        next((each for each in tasks if each.key == task), None)
        for tasks in ((item.plan or Plan()).tasks, plan.tasks)
    )
    lacks: Reasons = ()
    if old is not None and new is not None:
        # A day that has passed already is nothing that this change does.
        lacks = task_flaws(new, min(day, new.due) if new.due == old.due else day)
    return ReassignEvidence(
        verdict=after,
        known=rule.reassign_reasons,
        task=task,
        changed=old != new,
        lacks=lacks,
        lost=lost(before, after, rule),
    )


def settling_due(
    activations: Sequence[Activation],
) -> Callable[[date], date | None]:
    """Return what tells until when a task sent back on a day is to be settled.

    The rulebook and the calendar of the due day decide; without a calendar there is
    no due day.
    """

    def days(book: Rulebook) -> int:
        return book.improving.tasks.settle_days.value

    @cache
    def due(since: date) -> date | None:
        try:
            return deadline(since, activations, days)
        except CalendarMissing:
            return None

    return due


def counted(
    returns: Iterable[TaskReturn], due: Callable[[date], date | None], today: date
) -> tuple[ReturnCount, ...]:
    """Return how many tasks each unit sent back, the one with the most first."""
    by_unit: dict[str, list[TaskReturn]] = {}
    for made in returns:
        by_unit.setdefault(made.unit, []).append(made)
    counts = []
    for unit, mine in sorted(by_unit.items()):
        states = [made.state for made in mine]
        late = 0
        for made in mine:
            last = due(made.returned_on)
            late += last is not None and (made.settled_on or today) > last
        counts.append(
            ReturnCount(
                unit=unit,
                returned=len(mine),
                open=states.count(TaskReturnState.RETURNED),
                reassigned=states.count(TaskReturnState.REASSIGNED),
                retained=states.count(TaskReturnState.RETAINED),
                late=late,
            )
        )
    return tuple(sorted(counts, key=lambda count: -count.returned))
