"""Measuring: what a month's data say of each unit, and nothing typed in (D5, C4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from huimin_flow.flow.work import Work
from huimin_flow.model.indicator import Progress, Task
from huimin_flow.model.monthly import Owing
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.score import Reading
from huimin_flow.model.value import value
from huimin_flow.rules import pacing
from huimin_flow.store import counts
from huimin_flow.store.ratings import month_bounds
from huimin_flow.terms import Pace

#: By indicator, by unit: what was counted.
Readings = dict[str, dict[str, Reading]]


@value
class TaskPace:
    """How one indicator of a running task stands at a month's end (C4)."""

    item: str
    task: str
    title: str
    unit: str
    indicator: str
    due: date
    standing: pacing.Standing


def readings(work: Work, period: str, cut: int, book: Rulebook) -> Readings:
    """Return the four indicators' counts of a month as known at a cut.

    implementation: indicators on time or ahead, of all that run; one that was
    not reported is not on time. caseload: rated transactions by residents.
    complaint_rate: voices by rated transactions. satisfaction: ratings that
    are not bad, of all. What cannot be counted for a unit is absent.
    """
    good, total = counts.rated(work.connection, period, cut)
    heard = counts.heard(work.connection, period, cut)
    residents = {one.code: one.population for one in book.organization.units}
    caseload, complaints = {}, {}
    for unit, cases in total.items():
        source = good[unit].source
        people = residents.get(unit)
        if people is not None:
            caseload[unit] = Reading(numerator=cases, denominator=people, source=source)
            voices, batches = heard.get(unit, (0, source))
            complaints[unit] = Reading(
                numerator=voices, denominator=cases, source=f"{batches}; {source}"
            )
    return {
        "implementation": _implementation(work, period, cut, book),
        "caseload": caseload,
        "complaint_rate": complaints,
        "satisfaction": good,
    }


def paces(work: Work, period: str, cut: int, book: Rulebook) -> list[TaskPace]:
    """Return how every indicator of every running task stands at a month's end."""
    _, after = month_bounds(period)
    last = after - timedelta(days=1)
    rule = book.scoring.progress
    curve = rule.curves[rule.usual]
    found = []
    for one, task, reports in _running(work, cut, last):
        for indicator in task.indicators:
            standing = pacing.standing(
                indicator,
                [two for two in reports if two.indicator == indicator.name],
                curve,
                begun=one.begun,
                due=task.due,
                day=last,
                tolerance=rule.tolerance_days.value,
            )
            found.append(
                TaskPace(
                    item=one.item.number,
                    task=task.key,
                    title=task.title,
                    unit=task.unit,
                    indicator=indicator.name,
                    due=task.due,
                    standing=standing,
                )
            )
    return found


def owing(work: Work, period: str, cut: int) -> tuple[Owing, ...]:
    """Return the running tasks whose month was not reported by a cut (C4)."""
    _, after = month_bounds(period)
    found = []
    for one, task, reports in _running(work, cut, after - timedelta(days=1)):
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


def _implementation(
    work: Work, period: str, cut: int, book: Rulebook
) -> dict[str, Reading]:
    on_time: dict[str, int] = {}
    whole: dict[str, int] = {}
    items: dict[str, set[str]] = {}
    for one in paces(work, period, cut, book):
        whole[one.unit] = whole.get(one.unit, 0) + 1
        good = one.standing.pace in {Pace.ON_TIME, Pace.AHEAD}
        on_time[one.unit] = on_time.get(one.unit, 0) + good
        items.setdefault(one.unit, set()).add(one.item)
    return {
        unit: Reading(
            numerator=on_time[unit],
            denominator=whole[unit],
            source="、".join(f"item/{one}" for one in sorted(items[unit])),
        )
        for unit in whole
    }


def _running(
    work: Work, cut: int, last: date
) -> Iterator[tuple[counts.Running, Task, list[Progress]]]:
    """Yield the tasks that run on ``last``, with their reports up to its month."""
    month = last.strftime("%Y-%m")
    for one in counts.running(work.connection, cut):
        if one.begun > last or one.item.plan is None:
            continue
        reports = counts.reported(work.connection, one.item.number, cut)
        for task in one.item.plan.tasks:
            mine = [
                two for two in reports if two.task == task.key and two.month <= month
            ]
            yield one, task, mine
