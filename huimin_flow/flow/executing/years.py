"""A unit's tasks of a year in one view (F2)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from huimin_flow.catalogue.reasons import ProgressCode
from huimin_flow.catalogue.terms import State, TaskStanding
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.reads import known_unit
from huimin_flow.flow.core.work import Work
from huimin_flow.model.executing.plans import Excuse, Plan, Progress, Task, TaskResult
from huimin_flow.model.executing.tasks import TaskReturn, YearFigure, YearTask
from huimin_flow.model.items import Item, ItemFilter
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.executing import progress, tasks
from huimin_flow.rules.executing.fulfilment import fulfilments
from huimin_flow.rules.executing.running import Running, running
from huimin_flow.store import listings
from huimin_flow.store.executing.running import reports_of, run_histories


@question
def year(work: Work, unit: str, year: int) -> tuple[YearTask, ...]:
    """Return every task of a unit that ran in a year, by due day (F2).

    What a predecessor had counts for the unit. Figures are those up to the year's end
    or today; a task that ended is compared with its plan on the day of its end.

    Raises:
        InputRefused: for a year to come, or a code that no unit ever had.

    """
    known_unit(work, unit)
    first, last = date(year, 1, 1), date(year, 12, 31)
    if first > work.today:
        raise InputRefused(ProgressCode.MONTH_TO_COME, period=str(year), earliest=first)
    day = min(last, work.today)
    own = {unit} | work.rulebook.organization.acts_for(unit, day)
    histories = run_histories(work.connection, f"{year}-01", None, units=own)
    ran = [
        each
        for each in running(histories, day, first)
        if own.intersection(task.unit for task in each.plan.tasks)
    ]
    numbers, read = [each.number for each in ran], work.connection
    reports = reports_of(read, numbers, work.head)
    returns = listings.records_of_items(read, TaskReturn, numbers)
    excuses = listings.records_of_items(read, Excuse, numbers)
    wanted = ItemFilter(numbers=tuple(numbers))
    items = {item.number: item for item in listings.items(read, wanted)}
    book = work.rulebook_on(day)
    made = [
        line
        for each in ran
        for item in [items[each.number]]
        for line in _lines(
            each,
            item,
            reports[item.number],
            returns[item.number],
            excuses[item.number],
            book=book,
            own=own,
            day=min(day, each.ended or day),
        )
    ]
    return tuple(sorted(made, key=lambda line: (line.due, line.item, line.task)))


def _lines(
    ran: Running,
    item: Item,
    reports: Sequence[Progress],
    returns: Sequence[TaskReturn],
    excuses: Sequence[Excuse],
    *,
    book: Rulebook,
    own: Collection[str],
    day: date,
) -> list[YearTask]:
    """Return the tasks of units in an item that ran, as they are on a day."""
    mine = [task for task in ran.plan.tasks if task.unit in own]
    excused = tasks.excused_tasks(item, excuses)
    returned = {made.task for made in tasks.open_returns(item, returns, excuses)}
    covered = tasks.coverage_of(item, returns, excuses, book.improving.tasks).passed
    results = {result.task: result for result in item.results}
    whole = replace(ran, aside=())  # an excused task is shown, too
    lines = progress.paces([whole], {ran.number: reports}, book, day=day, units=own)
    paces = {(line.task, line.indicator): line for line in lines}
    month = f"{day:%Y-%m}"
    told = [report for report in reports if report.month <= month]
    rule, months = book.rules.fulfilment, ran.months
    return [
        YearTask(
            item=item.number,
            item_title=item.title,
            state=item.state,
            lead=item.unit,
            task=task.key,
            title=task.title,
            unit=book.organization.heir(task.unit, day),
            due=task.due,
            standing=_standing(item, task, results, excused, returned),
            figures=tuple(
                YearFigure(
                    indicator=indicator.name,
                    kind=indicator.kind,
                    measure=indicator.unit,
                    target=indicator.value,
                    actual=line.actual,
                    score=verdict.score,
                    pace=line.pace,
                    days=line.days,
                )
                for indicator, verdict in zip(task.indicators, reached, strict=True)
                for line in [paces[task.key, indicator.name]]
            ),
            unmeasured=task.unmeasured or "",
            uncovered=item.state is State.ASSIGNED and not covered,
        )
        for task in mine
        for plan in [Plan(tasks=(task,))]
        for reached in [fulfilments(plan, told, rule, day=day, months=months)]
    ]


def _standing(
    item: Item,
    task: Task,
    results: Mapping[str, TaskResult],
    excused: Collection[str],
    returned: Collection[str],
) -> TaskStanding:
    """Return how a task stands now: by its result, once its item was executed."""
    if item.state is State.ASSIGNED:
        if task.key in excused:
            return TaskStanding.EXCUSED
        return TaskStanding.RETURNED if task.key in returned else TaskStanding.RUNNING
    result = results.get(task.key)
    if result is None:
        return TaskStanding.ENDED
    if result.met:
        return TaskStanding.MET
    return TaskStanding.EXCUSED if result.excused_by else TaskStanding.MISSED
