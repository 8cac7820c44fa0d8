"""How running tasks stand in a month, and which of them owe its report (C4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Final

from huimin_flow.model.core.values import value
from huimin_flow.model.executing.plans import Indicator, Progress, Task
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.scoring.published import Owing
from huimin_flow.rules.executing import pacing
from huimin_flow.rules.executing.running import Running

RULE: Final = "owing"
REVISION: Final = 1

#: By item number, its last reports.
Reports = Mapping[str, Sequence[Progress]]


@value
class TaskPace:
    """How one indicator of a running task stands at a month's end (C4)."""

    item: str
    item_title: str
    task: str
    title: str
    unit: str
    indicator: Indicator
    due: date
    standing: pacing.Standing
    report: Progress | None


def paces(
    running: Sequence[Running],
    reports: Reports,
    book: Rulebook,
    *,
    day: date,
    pace: Callable[..., pacing.Standing] = pacing.standing,
) -> list[TaskPace]:
    """Return how every indicator of every running task stands at the end of ``day``.

    ``running`` are the items that run in ``day``'s month. ``pace`` holds an
    indicator's reports against its plan, as ``pacing.standing`` does.
    """
    period = f"{day:%Y-%m}"
    rule = book.scoring.progress
    fulfilled = book.rules.fulfilment
    task_paces = []
    for item, task, known in _tasks(running, reports, period):
        for indicator in task.indicators:
            mine = [report for report in known if report.indicator == indicator.name]
            leeway = fulfilled.tolerances.get(indicator.tolerance or "")
            standing = pace(
                indicator,
                mine,
                rule.curves.get(task.curve) or rule.curves[rule.usual],
                begun=item.begun,
                due=task.due,
                day=day,
                tolerance=rule.tolerance_days.value,
                leeway=leeway.value if leeway else 0,
                unreported=rule.unreported.value,
                limit=fulfilled.zero_days.value,
            )
            task_paces.append(
                TaskPace(
                    item=item.number,
                    item_title=item.title,
                    task=task.key,
                    title=task.title,
                    unit=task.unit,
                    indicator=indicator,
                    due=task.due,
                    standing=standing,
                    report=next((each for each in mine if each.month == period), None),
                )
            )
    return task_paces


def owing(
    running: Sequence[Running], reports: Reports, period: str
) -> tuple[Owing, ...]:
    """Return the tasks whose month was not reported, by unit, item and task (C4).

    ``running`` are the items that run in the month. An item that was executed
    within it still owes its report: it ran then, and a month is scored by what was
    reported of it.
    """
    owed = []
    for item, task, known in _tasks(running, reports, period):
        reported = {report.indicator for report in known if report.month == period}
        missing = [i.name for i in task.indicators if i.name not in reported]
        if missing:
            owed.append((task.unit, item.number, task.key, tuple(missing)))
    return tuple(
        Owing(unit=unit, item=number, task=key, indicators=indicators)
        for unit, number, key, indicators in sorted(owed, key=itemgetter(0, 1, 2))
    )


def _tasks(
    running: Sequence[Running], reports: Reports, period: str
) -> Iterator[tuple[Running, Task, list[Progress]]]:
    """Yield the tasks that run, each with its reports up to a month."""
    for item in running:
        known = [each for each in reports.get(item.number, ()) if each.month <= period]
        for task in item.plan.tasks:
            yield item, task, [report for report in known if report.task == task.key]
