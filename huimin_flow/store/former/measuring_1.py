"""Revision 1 of measuring: what months' data said before closed items counted (D5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from sqlalchemy import Connection, func, select

from huimin_flow.catalogue.terms import FollowUpState, Pace, State, Step
from huimin_flow.clock import at_hour
from huimin_flow.model.event import Event
from huimin_flow.model.indicator import Indicator, Progress, Task
from huimin_flow.model.item import Item
from huimin_flow.model.period import last_day, month_bounds
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.score import Reading
from huimin_flow.model.value import value
from huimin_flow.rules.catalog import PACING, Pacing
from huimin_flow.states.evolve import fold
from huimin_flow.store import facts, history, positions, ratings
from huimin_flow.store.history import moment_text
from huimin_flow.store.rating_tables import RATINGS

#: The states of items whose tasks run, or have run.
RUNNING = (State.ASSIGNED, State.EXECUTED, State.EVALUATED, State.ADJUSTED)

#: Where a follow-up's transaction begins in the name of its stream, from 1.
_AFTER_KIND = len("followup/") + 1

#: How many streams a source names; the others are counted.
_NAMED = 5


@value
class _Running:
    """An item with a plan as it stood at a cut."""

    item: Item
    begun: date
    ended: date | None


def readings(
    connection: Connection,
    period: str,
    cut: int,
    book: Rulebook,
    revisions: Mapping[str, int],
) -> dict[str, dict[str, Reading]]:
    """Return the four indicators' counts of a month as known at a cut."""
    good, total = _rated(connection, period, cut)
    heard = _heard(connection, period, cut)
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
        "implementation": _implementation(
            connection, period, cut, book, PACING.of(revisions)
        ),
        "caseload": caseload,
        "complaint_rate": complaints,
        "satisfaction": good,
    }


def _implementation(
    connection: Connection, period: str, cut: int, book: Rulebook, pacing: Pacing
) -> dict[str, Reading]:
    on_time: dict[str, int] = {}
    whole: dict[str, int] = {}
    items: dict[str, set[str]] = {}
    last = last_day(period)
    for one, task, reports in _tasks(connection, cut, last):
        for indicator in task.indicators:
            mine = [two for two in reports if two.indicator == indicator.name]
            pace = _pace(one.begun, task, indicator, mine, book, last, pacing)
            whole[task.unit] = whole.get(task.unit, 0) + 1
            good = pace in {Pace.ON_TIME, Pace.AHEAD}
            on_time[task.unit] = on_time.get(task.unit, 0) + good
            items.setdefault(task.unit, set()).add(one.item.number)
    return {
        unit: Reading(
            numerator=on_time[unit],
            denominator=whole[unit],
            source="、".join(f"item/{one}" for one in sorted(items[unit])),
        )
        for unit in whole
    }


def _pace(
    begun: date,
    task: Task,
    indicator: Indicator,
    reports: list[Progress],
    book: Rulebook,
    day: date,
    pacing: Pacing,
) -> Pace:
    rule = book.scoring_part().progress
    allowed = book.rules.fulfilment.tolerances.get(indicator.tolerance or "")
    return pacing(
        indicator,
        reports,
        rule.curves.get(task.curve) or rule.curves[rule.usual],
        begun=begun,
        due=task.due,
        day=day,
        tolerance=rule.tolerance_days.value,
        leeway=allowed.value if allowed else 0,
    ).pace


def _tasks(
    connection: Connection, cut: int, last: date
) -> Iterator[tuple[_Running, Task, list[Progress]]]:
    """Yield the tasks that run in ``last``'s month, with their reports up to it.

    What was executed before the month began runs no more.
    """
    month = last.strftime("%Y-%m")
    first = last.replace(day=1)
    for one in _running(connection, cut):
        if one.begun > last or one.item.plan is None:
            continue
        if one.ended is not None and one.ended < first:
            continue
        reports = _reported(connection, one.item.number, cut)
        for task in one.item.plan.tasks:
            mine = [
                two for two in reports if two.task == task.key and two.month <= month
            ]
            yield one, task, mine


def _rated(
    connection: Connection, period: str, cut: int
) -> tuple[dict[str, Reading], dict[str, int]]:
    """Return by unit the good of all ratings, and how many there were."""
    aside = _set_aside(connection, period, cut)
    last = ratings.last_batch(connection, cut)
    batches = [one for one in ratings.batches_of(connection, period) if one <= last]
    source = _batches(batches)
    good, total = {}, {}
    for count in ratings.month_of_units(connection, period, cut=cut):
        (unit,) = count.of
        streams = aside.get(unit, [])
        good[unit] = Reading(
            numerator=count.good.part,
            denominator=count.good.whole,
            source=source,
            excluded=len(streams),
            why=_streams(streams),
        )
        total[unit] = count.total
    return good, total


def _set_aside(connection: Connection, period: str, cut: int) -> dict[str, list[str]]:
    """Return by unit the follow-ups that set a rating of a month aside by a cut."""
    first, after = (moment_text(at_hour(day, 0)) for day in month_bounds(period))
    events, rows = history.EVENTS, RATINGS
    query = (
        select(rows.c.unit, events.c.stream)
        .join(rows, rows.c.transaction == func.substr(events.c.stream, _AFTER_KIND))
        .where(
            events.c.stream.like("followup/%"),
            events.c.target == FollowUpState.SET_ASIDE.value,
            events.c.position <= cut,
            rows.c.at >= first,
            rows.c.at < after,
        )
        .order_by(events.c.position)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for unit, stream in connection.execute(query):
        found[unit].append(stream)
    return found


def _heard(connection: Connection, period: str, cut: int) -> dict[str, tuple[int, str]]:
    """Return by district how many voices a month had, and their batches."""
    first, after = (moment_text(at_hour(day, 0)) for day in month_bounds(period))
    appeals = facts.APPEALS
    query = (
        select(appeals.c.district, appeals.c.batch, func.count())
        .where(
            appeals.c.at >= first,
            appeals.c.at < after,
            appeals.c.batch <= ratings.last_batch(connection, cut),
        )
        .group_by(appeals.c.district, appeals.c.batch)
    )
    counts: dict[str, int] = defaultdict(int)
    batches: dict[str, list[int]] = defaultdict(list)
    for district, batch, count in connection.execute(query):
        counts[district] += int(count)
        batches[district].append(int(batch))
    return {one: (counts[one], _batches(sorted(batches[one]))) for one in counts}


def _running(connection: Connection, cut: int) -> list[_Running]:
    """Return the items whose tasks run or have run, as they stood at a cut."""
    found = []
    for state in RUNNING:
        for stream in positions.streams_in(connection, state.value, cut):
            stored = history.read_stream(connection, stream, upto=cut)
            events = [history.event_of(one.header) for one in stored]
            item = fold(events)
            begun = [one.occurred_on for one in events if one.step == Step.ASSIGN]
            if item is not None and item.plan is not None and begun:
                ended = _ended(events) if item.state is not State.ASSIGNED else None
                found.append(_Running(item=item, begun=begun[-1], ended=ended))
    return sorted(found, key=lambda one: one.item.number)


def _ended(events: list[Event]) -> date | None:
    done = [one.occurred_on for one in events if one.step == Step.EXECUTE]
    return done[-1] if done else None


def _reported(connection: Connection, item: str, cut: int) -> list[Progress]:
    """Return an item's progress as it was known at a cut."""
    last = ratings.last_batch(connection, cut)
    return facts.progress_of(connection, item, upto=last)


def _streams(names: list[str]) -> str:
    """Return streams as text, the first few by name."""
    more = f" ……({len(names)})" if len(names) > _NAMED else ""
    return "、".join(names[:_NAMED]) + more


def _batches(numbers: list[int]) -> str:
    """Return batches as text: ``batch/7``, ``batch/7–9 (3)``."""
    if not numbers:
        return "batch/none"
    if len(numbers) == 1:
        return f"batch/{numbers[0]}"
    return f"batch/{numbers[0]}–{numbers[-1]} ({len(numbers)})"
