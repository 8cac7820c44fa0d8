"""When an item's tasks ran, by the days of its own steps and not by its state.

So what is said of a month doesn't depend on when it is asked.
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
class Run:
    """A time in which an item's tasks ran.

    ``assigned`` is the place, from 0, of the event that fixed their plan, and
    ``begun`` its day, from which the plan counts. They ran from ``since`` (later
    than ``begun`` where the item came back) till ``until``, None while they
    still run. ``done`` tells that the item was executed then, not taken away.
    """

    assigned: int
    begun: date
    since: date
    until: date | None = None
    done: bool = False


def runs(events: Sequence[Event]) -> tuple[Run, ...]:
    """Return the times in which an item ran, from its events in their order."""
    all_runs: list[Run] = []
    assigned = 0
    for place, event in enumerate(events):
        enters = event.target == State.ASSIGNED and event.source != State.ASSIGNED
        leaves = event.source == State.ASSIGNED and event.target != State.ASSIGNED
        if event.step == Step.ASSIGN:
            assigned = place
        if enters:
            begun, since = events[assigned].occurred_on, event.occurred_on
            all_runs.append(Run(assigned=assigned, begun=begun, since=since))
        elif leaves and all_runs:
            done = event.step == Step.EXECUTE
            all_runs[-1] = replace(all_runs[-1], until=event.occurred_on, done=done)
    return tuple(all_runs)


def run_in(all_runs: Sequence[Run], first: date, last: date) -> Run | None:
    """Return the run that counts in the days from ``first`` to ``last``, or None.

    It had begun by the last day. What was executed counts till the day it was,
    what was sent back or canceled only if it was still there after the last day.
    Of several the latest counts.
    """
    for run in reversed(all_runs):
        if max(run.begun, run.since) > last:
            continue
        if run.until is None or run.until > last or (run.done and run.until >= first):
            return run
    return None


@value
class Running:
    """An item that ran in a month, with the plan by which it ran.

    ``title`` is the last one known. ``begun`` is the day of the plan, ``ended`` the
    day on which the item was executed, if it was by the last day asked for.
    """

    number: str
    title: str
    plan: Plan
    begun: date
    ended: date | None


def running(
    histories: Mapping[str, Sequence[Event]], last: date
) -> tuple[Running, ...]:
    """Return the items that ran in ``last``'s month up to that day, by number.

    ``histories`` are the items' events by number, as far as they are known. An
    item runs by the days of its own steps, wherever it stands since.
    """
    items = []
    for number, events in sorted(histories.items()):
        run = run_in(runs(events), last.replace(day=1), last)
        if run is None:
            continue
        changes = [event.public["changes"] for event in events]
        ended = run.until if run.done and run.until and run.until <= last else None
        items.append(
            Running(
                number=number,
                title=[each["title"] for each in changes if "title" in each][-1],
                plan=from_plain(Plan, changes[run.assigned]["plan"]),
                begun=run.begun,
                ended=ended,
            )
        )
    return tuple(items)
