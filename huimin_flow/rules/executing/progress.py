"""The pace of running tasks in a month, and the tasks without its report (C4)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from operator import itemgetter
from types import MappingProxyType
from typing import Final

from huimin_flow.model.core.organization import Organization
from huimin_flow.model.executing.plans import (
    Plan,
    Progress,
    SheetLine,
    Task,
    TaskResult,
)
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.scoring.published import Owing
from huimin_flow.rules.executing import pacing
from huimin_flow.rules.executing.figures import owed_months
from huimin_flow.rules.executing.running import Running

RULE: Final = "owing"
REVISION: Final = 1

#: By item number: its last reports.
Reports = Mapping[str, Sequence[Progress]]


def paces(
    running: Sequence[Running],
    reports: Reports,
    book: Rulebook,
    *,
    day: date,
    pace: Callable[..., pacing.IndicatorPace] = pacing.indicator_pace,
    units: Collection[str] | None = None,
    titles: Mapping[str, str] = MappingProxyType({}),
) -> list[SheetLine]:
    """Return the pace of every indicator of every running task at the end of ``day``.

    ``running`` are the items that run in ``day``'s month. ``pace`` compares an
    indicator's reports with its plan, as ``pacing.indicator_pace`` does. With
    ``units``, only their tasks. An excused task has none. ``titles`` are the items'
    titles by number. The owner of a line is the unit that answers for its task on
    ``day``.
    """
    period = f"{day:%Y-%m}"
    rule = book.scoring.progress
    fulfilled = book.rules.fulfilment
    tolerance, limit = rule.tolerance_days.value, fulfilled.zero_days.value
    lines = []
    for item, task in _tasks(running):
        if units is not None and task.unit not in units:
            continue
        known = [
            report
            for report in reports.get(item.number, ())
            if report.task == task.key and report.month <= period
        ]
        for indicator in task.indicators:
            mine = [report for report in known if report.indicator == indicator.name]
            leeway = fulfilled.tolerances.get(indicator.tolerance or "")
            reached = pace(
                indicator,
                mine,
                rule.curves.get(task.curve) or rule.curves[rule.usual],
                begun=item.begun,
                due=task.due,
                day=day,
                tolerance=tolerance,
                leeway=leeway.value if leeway else 0,
                limit=limit,
                months=item.months,
            )
            lines.append(
                SheetLine(
                    item=item.number,
                    item_title=titles.get(item.number, ""),
                    task=task.key,
                    task_title=task.title,
                    owner=book.organization.heir(task.unit, day),
                    indicator=indicator.name,
                    kind=indicator.kind,
                    measure=indicator.unit,
                    target=indicator.value,
                    due=task.due,
                    expected=reached.expected,
                    actual=reached.actual,
                    pace=reached.pace,
                    days=reached.days,
                    month=period,
                    report=next((each for each in mine if each.month == period), None),
                    members=indicator.members,
                )
            )
    return lines


def owing(
    running: Sequence[Running],
    reported: Collection[tuple[str, str, str]],
    organization: Organization,
    day: date,
    unit: str | None = None,
    *,
    fed: Mapping[tuple[str, str, str], str] = MappingProxyType({}),
) -> tuple[Owing, ...]:
    """Return the tasks whose month was not reported, by unit, item and task (C4).

    ``running`` are the items that run in the month, ``reported`` the (item, task,
    indicator) of its reports. An item that was executed within the month is among
    them: it ran then, and the month's score counts its reports. A task is owed by the
    unit that answers for it on ``day``. With ``unit``, only what that unit owes.
    ``fed`` is by (item, task, indicator) the feed that supplies it: the people of a
    unit owe nothing of it, so its indicators stand in lines of their own.
    """
    unreported = []
    for item, task in _tasks(running):
        owner = organization.heir(task.unit, day)
        if unit not in {None, owner}:
            continue
        missing = tuple(
            indicator.name
            for indicator in task.indicators
            if (item.number, task.key, indicator.name) not in reported
        )
        awaited: dict[str, list[str]] = {}
        for name in missing:
            feed = fed.get((item.number, task.key, name), "")
            awaited.setdefault(feed, []).append(name)
        for feed, names in awaited.items():
            unreported.append((owner, item.number, task.key, feed, tuple(names)))
    return tuple(
        Owing(unit=unit, item=number, task=key, indicators=indicators, feed=feed)
        for unit, number, key, feed, indicators in sorted(
            unreported, key=itemgetter(0, 1, 2, 3)
        )
    )


def owed_at_end(
    plan: Plan | None,
    results: Sequence[TaskResult],
    reports: Sequence[Progress],
    month: str,
    months: Sequence[str] = (),
) -> tuple[str, ...]:
    """Return the indicators without a report for the month in which the tasks ended.

    Of ``months``, those in which the tasks ran, each is owed by what can't do without
    it (``owed_months``); one that isn't the last is named. Of several tasks each is
    named. A task that was excused owes nothing.
    """
    excused = {result.task for result in results if result.excused_by}
    reported = {(each.task, each.indicator, each.month) for each in reports}
    owed, tasks = [], plan.tasks if plan else ()
    for task in tasks:
        for indicator in task.indicators if task.key not in excused else ():
            needed = owed_months(indicator, months)
            name = f"{task.key}/{indicator.name}" if len(tasks) > 1 else indicator.name
            owed += [
                name if of == month else f"{name}[{of}]"
                for of in dict.fromkeys((*needed, month))
                if (task.key, indicator.name, of) not in reported
            ]
    return tuple(owed)


def _tasks(running: Sequence[Running]) -> Iterator[tuple[Running, Task]]:
    """Yield each running task; one that is excused is out of the count."""
    return (
        (item, task)
        for item in running
        for task in item.plan.tasks
        if task.key not in item.aside
    )
