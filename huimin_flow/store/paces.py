"""How running tasks stand in a month, and which of them owe its report (C4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from sqlalchemy import Connection

from huimin_flow.model.indicator import Indicator, Plan, Progress, Task
from huimin_flow.model.monthly import Owing
from huimin_flow.model.period import last_day
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.value import value
from huimin_flow.rules import pacing
from huimin_flow.store import counts


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
    told: Progress | None


def paces(
    connection: Connection,
    period: str,
    cut: int,
    book: Rulebook,
    *,
    day: date | None = None,
    pace: Callable[..., pacing.Standing] = pacing.standing,
    running: Sequence[counts.Running] | None = None,
) -> list[TaskPace]:
    """Return how every indicator of every running task stands at a month's end.

    With ``day``, at the end of that day of the month; ``pace`` may be that of an
    earlier revision. ``running`` is what ran then, where the caller has it at hand.
    """
    last = day or last_day(period)
    return [
        TaskPace(
            item=one.item.number,
            item_title=one.item.title,
            task=task.key,
            title=task.title,
            unit=task.unit,
            indicator=indicator,
            due=task.due,
            standing=_standing(one.begun, task, indicator, mine, book, last, pace),
            told=next((two for two in mine if two.month == period), None),
        )
        for one, task, reports in _running(connection, cut, last, running)
        for indicator in task.indicators
        for mine in [[two for two in reports if two.indicator == indicator.name]]
    ]


def owing(connection: Connection, period: str, cut: int) -> tuple[Owing, ...]:
    """Return the running tasks whose month was not reported by a cut (C4).

    An item that was executed within the month still owes its report: it ran then,
    and a month is scored by what was reported of it.
    """
    last = last_day(period)
    found = []
    for one, task, reports in _running(connection, cut, last):
        told = {two.indicator for two in reports if two.month == period}
        missing = tuple(
            indicator.name
            for indicator in task.indicators
            if indicator.name not in told
        )
        if missing:
            found.append(
                Owing(
                    unit=task.unit,
                    item=one.item.number,
                    task=task.key,
                    indicators=missing,
                )
            )
    return tuple(sorted(found, key=lambda one: (one.unit, one.item, one.task)))


def _standing(
    begun: date,
    task: Task,
    indicator: Indicator,
    reports: list[Progress],
    book: Rulebook,
    day: date,
    pace: Callable[..., pacing.Standing],
) -> pacing.Standing:
    rule = book.scoring.progress
    allowed = book.rules.fulfilment.tolerances.get(indicator.tolerance or "")
    return pace(
        indicator,
        reports,
        rule.curves.get(task.curve) or rule.curves[rule.usual],
        begun=begun,
        due=task.due,
        day=day,
        tolerance=rule.tolerance_days.value,
        leeway=allowed.value if allowed else 0,
        unreported=rule.unreported.value,
        limit=book.rules.fulfilment.zero_days.value,
    )


def _running(
    connection: Connection,
    cut: int,
    last: date,
    running: Sequence[counts.Running] | None = None,
) -> Iterator[tuple[counts.Running, Task, list[Progress]]]:
    """Yield the tasks that run in ``last``'s month, with their reports up to it."""
    month = last.strftime("%Y-%m")
    if running is None:
        running = counts.running(connection, last.replace(day=1), last, cut)
    told = counts.reported(connection, [one.item.number for one in running], cut)
    for one in running:
        reports = [two for two in told[one.item.number] if two.month <= month]
        for task in (one.item.plan or Plan()).tasks:
            yield one, task, [two for two in reports if two.task == task.key]
