"""What was counted for units in a month, as it was known at a cut (D5)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, func, select

from huimin_flow.catalogue.terms import FollowUpState, FollowUpStep, StreamKind
from huimin_flow.clock import at_hour
from huimin_flow.model.indicator import Plan, Progress
from huimin_flow.model.item import Item
from huimin_flow.model.period import month_bounds
from huimin_flow.model.plain import from_plain
from huimin_flow.model.score import Reading
from huimin_flow.model.value import value
from huimin_flow.rules import running as rules
from huimin_flow.states.evolve import fold
from huimin_flow.store import facts, history, positions, ratings
from huimin_flow.store.history import moment_text
from huimin_flow.store.rating_tables import MONTHS, RATINGS

#: Where a follow-up's transaction begins in the name of its stream, from 1.
_AFTER_KIND = len(StreamKind.FOLLOW_UP.key("")) + 1

#: How many streams a source names; the others are counted.
_NAMED = 5

#: For how many items a statement asks at once.
_AT_ONCE = 500


@value
class Running:
    """An item as known at a cut, with the plan by which it ran.

    ``begun`` is the day of that plan, ``ended`` the day on which the item was
    executed, if it was by the last day that was asked for.
    """

    item: Item
    begun: date
    ended: date | None


def rated(
    connection: Connection, period: str, cut: int
) -> tuple[dict[str, Reading], dict[str, int]]:
    """Return by unit the good of all ratings, and how many there were.

    Bad ratings that were set aside by the cut are excluded from the former.
    """
    aside = _set_aside(connection, period, cut)
    batches = _rated_in(connection, period, cut)
    good, total = {}, {}
    for count in ratings.month_of_units(connection, period, cut=cut):
        (unit,) = count.of
        streams = aside.get(unit, [])
        good[unit] = Reading(
            numerator=count.good.part,
            denominator=count.good.whole,
            source=batches_text(batches[unit]),
            excluded=len(streams),
            why=named(streams),
        )
        total[unit] = count.total
    return good, total


def _rated_in(connection: Connection, period: str, cut: int) -> dict[str, list[int]]:
    """Return by unit the batches that hold its ratings of a month."""
    query = (
        select(MONTHS.c.unit, MONTHS.c.batch)
        .where(
            MONTHS.c.month == period,
            MONTHS.c.batch <= ratings.last_batch(connection, cut),
        )
        .distinct()
        .order_by(MONTHS.c.batch)
    )
    found: dict[str, list[int]] = defaultdict(list)
    for unit, batch in connection.execute(query):
        found[unit].append(int(batch))
    return found


def _set_aside(connection: Connection, period: str, cut: int) -> dict[str, list[str]]:
    """Return by unit the follow-ups that set a rating of a month aside by a cut."""
    query = set_aside(period).where(history.EVENTS.c.position <= cut)
    found: dict[str, list[str]] = defaultdict(list)
    for unit, stream in connection.execute(query):
        found[unit].append(stream)
    return found


def set_aside(period: str) -> Select[Any]:
    """Return the query of (unit, stream) of what set a month's ratings aside.

    Found by the step, of which there are few, and not before the month began.
    """
    first, after = (moment_text(at_hour(day, 0)) for day in month_bounds(period))
    events, rows = history.EVENTS, RATINGS
    return (
        select(rows.c.unit, events.c.stream)
        .join(rows, rows.c.transaction == func.substr(events.c.stream, _AFTER_KIND))
        .where(
            events.c.step == FollowUpStep.SET_ASIDE.value,
            events.c.target == FollowUpState.SET_ASIDE.value,
            events.c.at >= first,
            rows.c.at >= first,
            rows.c.at < after,
        )
        .order_by(events.c.position, events.c.stream)
    )


def heard(
    connection: Connection,
    period: str,
    cut: int,
    channels: Sequence[str] | None = None,
) -> dict[str, tuple[int, list[int]]]:
    """Return by unit how many voices a month had, and the batches they came in.

    With ``channels``, only their voices. A unit without any is absent.
    """
    first, after = (moment_text(at_hour(day, 0)) for day in month_bounds(period))
    appeals = facts.APPEALS
    query = (
        select(appeals.c.district, appeals.c.channel, appeals.c.batch, func.count())
        .where(
            appeals.c.at >= first,
            appeals.c.at < after,
            appeals.c.batch <= ratings.last_batch(connection, cut),
        )
        .group_by(appeals.c.district, appeals.c.channel, appeals.c.batch)
    )
    voices: Counter[str] = Counter()
    batches: dict[str, set[int]] = defaultdict(set)
    # Chosen here: a channel in the question tempts SQLite away from the month.
    for unit, channel, batch, count in connection.execute(query):
        if channels is None or channel in channels:
            voices[unit] += int(count)
            batches[unit].add(int(batch))
    return {unit: (number, sorted(batches[unit])) for unit, number in voices.items()}


def running(
    connection: Connection, first: date, last: date, cut: int | None
) -> list[Running]:
    """Return the items that ran in the days from first to last, as known at a cut.

    Without a cut, as known now. An item runs by the days of its own steps,
    wherever it stands since.
    """
    found = []
    streams = positions.streams_running(connection, first, cut)
    told = positions.histories(connection, streams, upto=cut)
    for events in told.values():
        run = rules.run_in(rules.runs(events), first, last)
        item = None if run is None else fold(events)
        if run is None or item is None:
            continue
        plan = from_plain(Plan, events[run.assigned].public["changes"]["plan"])
        ended = run.until if run.done and run.until and run.until <= last else None
        found.append(
            Running(item=replace(item, plan=plan), begun=run.begun, ended=ended)
        )
    return sorted(found, key=lambda one: one.item.number)


def reported(
    connection: Connection, items: Sequence[str], cut: int
) -> dict[str, list[Progress]]:
    """Return by item its progress as it was known at a cut."""
    last = ratings.last_batch(connection, cut)
    return facts.progress_by_item(connection, items, upto=last)


def told_of(
    connection: Connection, items: Sequence[str], period: str, cut: int
) -> dict[tuple[str, str], list[int]]:
    """Return by item and task the batches of reports up to a month, at a cut."""
    progress = facts.PROGRESS
    last = ratings.last_batch(connection, cut)
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for start in range(0, len(items), _AT_ONCE):
        query = (
            select(progress.c.item, progress.c.task, progress.c.batch)
            .where(
                progress.c.item.in_(items[start : start + _AT_ONCE]),
                progress.c.month <= period,
                progress.c.batch <= last,
            )
            .distinct()
            .order_by(progress.c.batch)
        )
        for item, task, batch in connection.execute(query):
            found[item, task].append(int(batch))
    return found


def named(names: list[str]) -> str:
    """Return streams as text, the first few by name."""
    more = f" ……({len(names)})" if len(names) > _NAMED else ""
    return "、".join(names[:_NAMED]) + more


def batches_text(numbers: list[int]) -> str:
    """Return batches as text: ``batch/7、batch/9``, many as ``batch/7–90 (30)``."""
    if not numbers:
        return StreamKind.BATCH.key("none")
    if len(numbers) <= _NAMED:
        return "、".join(StreamKind.BATCH.key(one) for one in numbers)
    return StreamKind.BATCH.key(f"{numbers[0]}–{numbers[-1]} ({len(numbers)})")
