"""The figures that the actor has to report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from typing import Final

from huimin_flow.catalogue.terms import (
    Duty,
    Job,
)
from huimin_flow.clock import local_day
from huimin_flow.flow.todo.desk import REPORT, Desk
from huimin_flow.model.core.periods import last_day, month_before
from huimin_flow.model.items import Todo
from huimin_flow.rules.core.due import agenda, later
from huimin_flow.rules.executing.progress import owing
from huimin_flow.rules.executing.running import running
from huimin_flow.store import awaited
from huimin_flow.store.executing.running import run_histories

#: Until when the deadlines of months are computed.
_AHEAD: Final = timedelta(days=62)


def progress(desk: Desk) -> Iterator[Todo]:
    """Yield the months of tasks of the actor's units that were not reported."""
    if not desk.may(Duty.REPORT, desk.by.unit):
        return
    until = later(desk.work.now, _AHEAD)
    falls_due = {due.key: due.at for due in agenda(desk.work.activations, until).due}
    present = f"{desk.day:%Y-%m}"
    connection, before = desk.work.connection, month_before(present)
    organization, day = desk.organization, desk.day
    for unit in sorted({organization.heir(own, day) for own in desk.own}):
        units = organization.answers_for(unit, day) | {unit}
        histories = run_histories(connection, before, None, units=units)
        if not histories:
            continue
        reported = awaited.reported_by_month(connection, histories)
        titles = awaited.owners_of(connection, histories)
        steps = chain.from_iterable(histories.values())
        begun, period = min(step.occurred_on for step in steps), present
        while period >= f"{begun:%Y-%m}":
            end = last_day(period)
            called = falls_due.get((Job.PROGRESS_CALL.value, period))
            due = falls_due.get((Job.MONTHLY_SCORE.value, period))
            since = end if called is None else min(local_day(called), end)
            ran = running(histories, end) if since <= desk.day else ()
            for task in owing(ran, reported[period], organization, day, unit):
                yield REPORT(
                    subject=task.item,
                    title=f"{task.task} {titles[task.item][1]}",
                    since=since,
                    due=due and local_day(due),
                    period=period,
                )
            period = month_before(period)
