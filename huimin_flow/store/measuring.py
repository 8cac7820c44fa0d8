"""Measuring: what a month's data say of each unit, and nothing typed in (D5, C4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from sqlalchemy import Connection

from huimin_flow.model.indicator import Indicator, Plan, Progress, Task
from huimin_flow.model.monthly import Owing
from huimin_flow.model.period import last_day
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.score import Reading
from huimin_flow.model.value import value
from huimin_flow.rules import pacing
from huimin_flow.rules.catalog import CONTRIBUTION, PACING, Pacing, Revisions, newest
from huimin_flow.store import counts
from huimin_flow.store.former import measuring_1
from huimin_flow.terms import Pace

#: What is counted of a month, and how, is released as a rule is.
RULE: Final = "measuring"
REVISION: Final = 2

#: By indicator, by unit: what was counted.
Readings = dict[str, dict[str, Reading]]


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


def newest_revisions() -> dict[str, int]:
    """Return the revisions by which a month is counted and scored now."""
    return newest(MEASURING, PACING, CONTRIBUTION)


def readings(
    connection: Connection,
    period: str,
    cut: int,
    book: Rulebook,
    revisions: Mapping[str, int],
) -> Readings:
    """Return the indicators' counts of a month as known at a cut.

    ``revisions`` are those of the month's publication, or the newest.

    Raises:
        NotFound: if this engine doesn't know one of the revisions.

    """
    return MEASURING.of(revisions)(connection, period, cut, book, revisions)


def _readings(
    connection: Connection,
    period: str,
    cut: int,
    book: Rulebook,
    revisions: Mapping[str, int],
) -> Readings:
    """Return the four indicators' counts of a month as known at a cut.

    implementation: indicators on time or ahead, of all that run; one that was
    not reported is not on time. caseload: rated transactions by residents.
    complaint_rate: voices by rated transactions. satisfaction: ratings that
    are not bad, of all. What cannot be counted for a unit is absent.
    """
    good, total = counts.rated(connection, period, cut)
    heard = counts.heard(connection, period, cut)
    residents = {one.code: one.population for one in book.organization.units}
    known = f"rulebook/{book.digest[:12]}"
    caseload, complaints = {}, {}
    for unit, cases in total.items():
        source = good[unit].source
        people = residents.get(unit)
        if people is not None:
            caseload[unit] = Reading(
                numerator=cases,
                denominator=people,
                source=source,
                denominator_source=known,
            )
            voices, batches = heard.get(unit, (0, source))
            complaints[unit] = Reading(
                numerator=voices,
                denominator=cases,
                source=source,
                numerator_source=batches,
            )
    return {
        "implementation": _implementation(
            connection, period, cut, book, PACING.of(revisions)
        ),
        "caseload": caseload,
        "complaint_rate": complaints,
        "satisfaction": good,
    }


def paces(
    connection: Connection,
    period: str,
    cut: int,
    book: Rulebook,
    *,
    day: date | None = None,
    pace: Pacing = pacing.standing,
) -> list[TaskPace]:
    """Return how every indicator of every running task stands at a month's end.

    With ``day``, at the end of that day of the month; ``pace`` may be that of an
    earlier revision.
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
        for one, task, reports in _running(connection, cut, last)
        for indicator in task.indicators
        for mine in [[two for two in reports if two.indicator == indicator.name]]
    ]


def owing(connection: Connection, period: str, cut: int) -> tuple[Owing, ...]:
    """Return the running tasks whose month was not reported by a cut (C4).

    An item that was executed within the month owes nothing more of it.
    """
    last = last_day(period)
    found = []
    for one, task, reports in _running(connection, cut, last):
        if one.ended is not None:
            continue
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
    pace: Pacing,
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
    )


def _implementation(
    connection: Connection, period: str, cut: int, book: Rulebook, pace: Pacing
) -> dict[str, Reading]:
    by_unit: dict[str, list[TaskPace]] = {}
    for one in paces(connection, period, cut, book, pace=pace):
        by_unit.setdefault(one.unit, []).append(one)
    items = sorted({one.item for mine in by_unit.values() for one in mine})
    told = counts.told_of(connection, items, period, cut)
    return {unit: _on_time(mine, told) for unit, mine in by_unit.items()}


def _on_time(
    mine: list[TaskPace], told: Mapping[tuple[str, str], list[int]]
) -> Reading:
    """Return how many of a unit's indicators are on time, and name the others."""
    streams = "、".join(f"item/{one}" for one in sorted({one.item for one in mine}))
    tasks = {(one.item, one.task) for one in mine}
    batches = {two for one in tasks for two in told.get(one, ())}
    late = [one for one in mine if one.standing.pace not in {Pace.ON_TIME, Pace.AHEAD}]
    return Reading(
        numerator=len(mine) - len(late),
        denominator=len(mine),
        source=streams,
        numerator_source=f"{streams}; {counts.batches_text(sorted(batches))}",
        late=tuple(f"item/{one.item}/{one.task}/{one.indicator.name}" for one in late),
    )


def _running(
    connection: Connection, cut: int, last: date
) -> Iterator[tuple[counts.Running, Task, list[Progress]]]:
    """Yield the tasks that run in ``last``'s month, with their reports up to it."""
    month = last.strftime("%Y-%m")
    for one in counts.running(connection, last.replace(day=1), last, cut):
        reports = counts.reported(connection, one.item.number, cut)
        for task in (one.item.plan or Plan()).tasks:
            mine = [
                two for two in reports if two.task == task.key and two.month <= month
            ]
            yield one, task, mine


#: By revision: what a month's data say.
MEASURING: Final = Revisions(RULE, {1: measuring_1.readings, REVISION: _readings})
