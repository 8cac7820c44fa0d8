"""The first day on which a refused act can pass: the day of the job that it needs."""

from __future__ import annotations

from dataclasses import replace

from huimin_flow.catalogue.reasons import Code, reason_of
from huimin_flow.catalogue.terms import Job, ReasonCode, State, Step
from huimin_flow.clock import local_day
from huimin_flow.errors import CalendarMissing, NotFound, StepRefused
from huimin_flow.flow.core.work import Work
from huimin_flow.model.items import Item
from huimin_flow.rules.core import due
from huimin_flow.states.table import ITEM


def not_yet(
    work: Work, job: Job, period: str, code: ReasonCode, **values: object
) -> NotFound:
    """Return the refusal for what a job has not made yet, with the day of the job.

    If the calendar for that day is missing, the refusal says so.
    """
    try:
        at = due.still_due(work.rulebook, job, period, work.now)
    except CalendarMissing as missing:
        return NotFound((reason_of(code, values), *missing.reasons))
    return NotFound((reason_of(code, values, earliest=at and local_day(at)),))


def dated(work: Work, item: Item, step: Step, refusal: StepRefused) -> StepRefused:
    """Return the refusal of a step, with the day of the freeze if it needs the freeze.

    The freeze lists a starred item; steps of a listed item wait for it.
    """
    if item.state is not State.STARRED or step not in ITEM.leaving(State.LISTED):
        return refusal
    coming = due.next_due(work.rulebook, work.now)
    day = next((local_day(run.at) for run in coming if run.job == Job.LISTING), None)
    return StepRefused(
        tuple(
            replace(reason, earliest=day) if reason.code == Code.NO_SUCH_ARC else reason
            for reason in refusal.reasons
        )
    )
