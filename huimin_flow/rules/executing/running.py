"""When an item's tasks ran, by the days of its steps and not by its current state.

So the answer for a month doesn't depend on the time of the question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from huimin_flow.catalogue.terms import RecordStep, State, Step
from huimin_flow.model.core.events import Event
from huimin_flow.model.core.periods import last_day, month_bounds
from huimin_flow.model.core.values import from_plain, value
from huimin_flow.model.executing.plans import Plan


@value
class RunStep:
    """What runs need of an event; ``plan`` is the plan that it fixed, if any.

    ``excused`` is the key of the task that a superior excused by it, else "".
    """

    step: str
    source: str | None
    target: str | None
    occurred_on: date
    plan: Plan | None = None
    excused: str = ""


def run_step(event: Event) -> RunStep:
    """Return what runs need of an event."""
    plan = event.public.get("changes", {}).get("plan")
    excused = event.public["value"]["task"] if event.step == RecordStep.EXCUSE else ""
    return RunStep(
        step=event.step,
        source=event.source,
        target=event.target,
        occurred_on=event.occurred_on,
        plan=None if plan is None else from_plain(Plan, plan),
        excused=excused,
    )


@value
class Run:
    """A span of days in which an item's tasks ran.

    ``assigned`` is the index, from 0, of the event that fixed the plan, and
    ``begun`` its day, from which the plan counts. The tasks ran from ``since`` (later
    than ``begun`` if the item came back) to ``until``, None while they still run.
    ``done`` is True if the item was executed then, False if it was taken away.
    """

    assigned: int
    begun: date
    since: date
    until: date | None = None
    done: bool = False


def runs(events: Sequence[Event | RunStep]) -> tuple[Run, ...]:
    """Return the runs of an item, from its events in their order."""
    all_runs: list[Run] = []
    assigned = 0
    for index, event in enumerate(events):
        enters = event.target == State.ASSIGNED and event.source != State.ASSIGNED
        leaves = event.source == State.ASSIGNED and event.target != State.ASSIGNED
        if event.step == Step.ASSIGN:
            assigned = index
        if enters:
            begun, since = events[assigned].occurred_on, event.occurred_on
            all_runs.append(Run(assigned=assigned, begun=begun, since=since))
        elif leaves and all_runs:
            done = event.step == Step.EXECUTE
            all_runs[-1] = replace(all_runs[-1], until=event.occurred_on, done=done)
    return tuple(all_runs)


def run_in(all_runs: Sequence[Run], first: date, last: date) -> Run | None:
    """Return the run that counts in the days from ``first`` to ``last``, or None.

    It began by the last day. If the item was executed, the run counts up to that
    day; if it was sent back or canceled, only if that was after the last day. Of
    several runs the latest counts.
    """
    for run in reversed(all_runs):
        if max(run.begun, run.since) > last:
            continue
        if run.until is None or run.until > last or (run.done and run.until >= first):
            return run
    return None


@value
class Running:
    """An item that ran in a month, with its plan.

    ``begun`` is the day of the plan, ``ended`` the day on which the item was
    executed, None if not by the last day. ``aside`` are the keys of the tasks that were
    excused by then: they are out of the count. ``months`` are those of which figures
    are owed by then, as ``run_months`` gives them.
    """

    number: str
    plan: Plan
    begun: date
    ended: date | None
    aside: tuple[str, ...] = ()
    months: tuple[str, ...] = ()


def running(
    histories: Mapping[str, Sequence[RunStep]], last: date, first: date | None = None
) -> tuple[Running, ...]:
    """Return the items that ran from a day to ``last``, by number.

    ``first`` is that day, the first of ``last``'s month by default.
    ``histories`` are the items' known steps by number; those that begin or end a
    run are enough. The days of an item's steps
    decide when it runs, not its current state.
    """
    items = []
    first = first or last.replace(day=1)
    for number, events in sorted(histories.items()):
        all_runs = runs(events)
        run = run_in(all_runs, first, last)
        if run is None or (plan := events[run.assigned].plan) is None:
            continue
        aside: dict[str, None] = {}
        for event in events[run.assigned + 1 :]:
            if event.step == Step.ASSIGN or event.occurred_on > last:
                break
            if event.step in {Step.TRANSFER, Step.REASSIGN}:  # its tasks changed
                plan = event.plan or plan
            if event.step == Step.REWORK:  # an excuse is valid in its round
                aside = {}
            elif event.excused:
                aside[event.excused] = None
        ended = run.until if run.done and run.until and run.until <= last else None
        items.append(
            Running(
                number=number,
                plan=plan,
                begun=run.begun,
                ended=ended,
                aside=tuple(aside),
                months=run_months(all_runs[: all_runs.index(run) + 1], last),
            )
        )
    return tuple(items)


def run_months(all_runs: Sequence[Run], day: date) -> tuple[str, ...]:
    """Return the months of which figures are owed at the end of ``day``.

    They are those of the runs under the last run's plan that have ended, and the month
    in which a run ended. Between two runs nothing is owed.

    >>> run = Run(assigned=0, begun=date(2027, 1, 4), since=date(2027, 1, 4))
    >>> run_months([run], date(2027, 3, 30))
    ('2027-01', '2027-02')
    >>> run_months([replace(run, until=date(2027, 3, 5))], date(2027, 3, 30))
    ('2027-01', '2027-02', '2027-03')

    """
    owed: dict[str, None] = {}
    for run in all_runs:
        if run.assigned != all_runs[-1].assigned:
            continue
        over = run.until is not None and run.until <= day
        last = run.until if over and run.until is not None else day
        first = run.since.replace(day=1)
        while first <= last:
            month = f"{first:%Y-%m}"
            if over or last_day(month) <= day:
                owed[month] = None
            first = month_bounds(month)[1]
    return tuple(owed)
