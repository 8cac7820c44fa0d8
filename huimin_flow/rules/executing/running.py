"""When an item's tasks ran, by the days of its steps and not by its current state.

So the answer for a month doesn't depend on the time of the question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from huimin_flow.catalogue.terms import State, Step
from huimin_flow.model.core.events import Event
from huimin_flow.model.core.values import from_plain, value
from huimin_flow.model.executing.plans import Plan


@value
class RunStep:
    """What runs need of an event; ``plan`` is the plan that it fixed, if any."""

    step: str
    source: str | None
    target: str | None
    occurred_on: date
    plan: Plan | None = None


def run_step(event: Event) -> RunStep:
    """Return what runs need of an event."""
    plan = event.public["changes"].get("plan")
    return RunStep(
        step=event.step,
        source=event.source,
        target=event.target,
        occurred_on=event.occurred_on,
        plan=None if plan is None else from_plain(Plan, plan),
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
    executed, None if not by the last day.
    """

    number: str
    plan: Plan
    begun: date
    ended: date | None


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
        run = run_in(runs(events), first, last)
        if run is None or (plan := events[run.assigned].plan) is None:
            continue
        for event in events[run.assigned + 1 :]:
            if event.step == Step.ASSIGN or event.occurred_on > last:
                break
            if event.step in {Step.TRANSFER, Step.REASSIGN}:  # its tasks changed
                plan = event.plan or plan
        ended = run.until if run.done and run.until and run.until <= last else None
        items.append(Running(number=number, plan=plan, begun=run.begun, ended=ended))
    return tuple(items)
