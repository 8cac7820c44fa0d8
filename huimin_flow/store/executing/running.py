"""The items that may have run in a month, and their reports, as known at a cut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, groupby
from operator import itemgetter
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import Connection, func, select

from huimin_flow.catalogue.terms import RecordStep, State, Step, StreamKind
from huimin_flow.clock import at_hour
from huimin_flow.model.core.canonical import canonical
from huimin_flow.model.core.periods import last_day, month_bounds
from huimin_flow.model.core.values import from_json
from huimin_flow.model.executing.plans import Plan, Progress
from huimin_flow.rules.executing.running import RunStep
from huimin_flow.states.table import LIFE
from huimin_flow.store.core import facts
from huimin_flow.store.core.connections import all_once
from huimin_flow.store.core.history import (
    FETCHED,
    TOGETHER,
    moment_text,
    raw_bytes,
    rows_naming,
)
from huimin_flow.store.core.tables import EVENTS, ITEMS, PROGRESS

#: The steps that begin or end a run; no other step changes whether an item runs.
_RUN_STEPS = sorted(
    {
        arc.step.value
        for arc in LIFE
        if (arc.source is State.ASSIGNED) != (arc.target is State.ASSIGNED)
    }
)

#: The index, from 1, of the number in the name of an item's stream.
_AFTER_KIND = len(StreamKind.ITEM.key("")) + 1

_STREAM = sa.literal(StreamKind.ITEM.key("")) + ITEMS.c.number

#: The steps that change tasks of a running item.
_MOVES = (Step.TRANSFER.value, Step.REASSIGN.value)

#: The steps that set a plan, or change its tasks.
_PLAN_STEPS = (Step.ASSIGN.value, *_MOVES)

_RUN_EVENTS = (
    select(EVENTS.c.stream, EVENTS.c.header, EVENTS.c.position)
    # By the streams, which are known: of each step there is one in every item's life.
    .where(EVENTS.c.step.concat("").in_([*_RUN_STEPS, *_MOVES]))
    .order_by(EVENTS.c.stream, EVENTS.c.n)
)


@dataclass(frozen=True, slots=True)
class _Changes:
    plan: Plan | None = None


@dataclass(frozen=True, slots=True)
class _Excused:
    task: str


@dataclass(frozen=True, slots=True)
class _Public:
    changes: _Changes = _Changes()
    value: _Excused | None = None


@dataclass(frozen=True, slots=True)
class _Header:
    """What a run needs of an event's header; a plan is most of what is read."""

    v: Literal[1]
    step: str
    source: str | None
    target: str | None
    occurred_on: date
    public: _Public


@dataclass(frozen=True, slots=True)
class _Dated:
    """The day of an event's header, without the plan."""

    v: Literal[1]
    occurred_on: date


def _step_of(header: object) -> RunStep:
    read = from_json(_Header, raw_bytes(header))
    return RunStep(
        step=read.step,
        source=read.source,
        target=read.target,
        occurred_on=read.occurred_on,
        plan=read.public.changes.plan,
        excused="" if read.public.value is None else read.public.value.task,
    )


def run_histories(
    connection: Connection,
    period: str,
    cut: int | None,
    *,
    units: Collection[str] | None = None,
) -> dict[str, tuple[RunStep, ...]]:
    """Return by number the steps that begin or end a run, of items in a month.

    The items are those that may have run in the month, as known at a cut or now.
    What moves their tasks, and what excuses one, is among the steps. With ``units``,
    only items whose plan once named one of them for a task.
    """
    streams = _streams_running(connection, period, cut, units)
    query = _RUN_EVENTS.where(EVENTS.c.stream.in_(streams))
    if cut is not None:
        query = query.where(EVENTS.c.position + 0 <= cut)  # see ``_gone``
    rows = list(chain.from_iterable(connection.execute(query).partitions(FETCHED)))
    return _by_item(rows, _excuses(connection, cut))


def first_and_last(connection: Connection) -> tuple[date, date] | None:
    """Return the days of the first and last recorded steps that begin or end a run."""
    positions = select(func.min(EVENTS.c.position), func.max(EVENTS.c.position)).where(
        EVENTS.c.step.in_(_RUN_STEPS),
        # Other streams have steps of these names, too: an assessment is returned.
        EVENTS.c.stream.startswith(StreamKind.ITEM.key("")),
    )
    ends = [end for end in connection.execute(positions).one() if end is not None]
    query = select(EVENTS.c.header).where(EVENTS.c.position.in_(ends))
    days = sorted(_step_of(row.header).occurred_on for row in connection.execute(query))
    return (days[0], days[-1]) if days else None


def items_running(period: str) -> sa.Select[Any]:
    """Return the query of numbers of items that may have run in a month, as known now.

    Whoever needs few of them asks for those, and reads no number of the others.
    """
    streams = _running_since(period).subquery()
    return select(func.substr(streams.c.stream, _AFTER_KIND).label("item"))


def moved_after(connection: Connection, period: str, cut: int) -> set[str]:
    """Return the items of which a run began or ended by a month's end, known late.

    The step was recorded after the cut. What happened after the month can't change
    how an item ran in it.
    """
    query = select(EVENTS.c.stream, EVENTS.c.header).where(
        EVENTS.c.step.in_(_RUN_STEPS),
        sa.or_(EVENTS.c.position > cut, EVENTS.c.position.is_(None)),
    )
    last = last_day(period)
    return {
        StreamKind.parse(stream)[1]
        for stream, header in connection.execute(query)
        if from_json(_Dated, raw_bytes(header)).occurred_on <= last
    }


def runs_of(
    connection: Connection, items: Sequence[str], cut: int
) -> tuple[dict[str, tuple[RunStep, ...]], dict[str, int]]:
    """Return the steps that begin or end runs of items, and how many a cut knew."""
    streams = [StreamKind.ITEM.key(item) for item in items]
    rows = list(
        rows_naming(connection, _RUN_EVENTS, EVENTS.c.stream, streams, at_once=TOGETHER)
    )
    excuses = _excuses(connection, None)
    of_items = (row for item in items for row in excuses.get(item, ()))
    known = Counter(
        StreamKind.parse(row.stream)[1].partition("/")[0]
        for row in (*rows, *of_items)
        if row.position is not None and row.position <= cut
    )
    return _by_item(rows, excuses), known


def _by_item(
    rows: Iterable[Any], excuses: Mapping[str, Sequence[Any]]
) -> dict[str, tuple[RunStep, ...]]:
    """Return by number the steps of items, those that excuse a task among them."""
    made = {}
    for stream, own in groupby(rows, itemgetter(0)):
        number = StreamKind.parse(stream)[1]
        steps = list(own)
        if more := excuses.get(number):
            steps = sorted((*steps, *more), key=_place)
        made[number] = tuple(_step_of(header) for _, header, _ in steps)
    return made


def _place(row: Any) -> tuple[bool, int]:
    """Return where an event stands in the history; one without a position is last."""
    return row.position is None, row.position or 0


def _excuses(connection: Connection, cut: int | None) -> dict[str, list[Any]]:
    """Return by item the events that excuse a task, which are few, by a cut or now."""
    query = select(EVENTS.c.stream, EVENTS.c.header, EVENTS.c.position).where(
        EVENTS.c.step == RecordStep.EXCUSE.value,
        EVENTS.c.stream.startswith(StreamKind.EXCUSE.key("")),
    )
    if cut is not None:
        query = query.where(EVENTS.c.position + 0 <= cut)
    by_item: dict[str, list[Any]] = {}
    for row in connection.execute(query.order_by(EVENTS.c.stream)):
        about = StreamKind.parse(row.stream)[1].rpartition("/")[0]
        by_item.setdefault(about, []).append(row)
    return by_item


def _streams_running(
    connection: Connection, period: str, cut: int | None, units: Collection[str] | None
) -> sa.Select[Any] | sa.CompoundSelect[Any]:
    """Return the query of streams of items that may have run in a month, by a cut.

    They were assigned, and the event that ended their last assignment was not
    recorded before the month: a step never happens after the day of its record. Only
    the indexes of steps and streams are read, and with ``units`` the plans.
    """
    if cut is None and units is None:
        return _running_since(period)
    assigned = EVENTS.alias()
    step, query = assigned.c.step, select(assigned.c.stream)
    if cut is None:
        running = _running_since(period, _may_name(connection, units))
        streams = assigned.c.stream.in_(running)
        query = query.where(step.concat("").in_(_PLAN_STEPS), streams)
    else:
        first, _ = month_bounds(period)
        gone = _gone(assigned, moment_text(at_hour(first, 0)), cut)
        steps = _PLAN_STEPS[:1] if units is None else _PLAN_STEPS
        # Without statistics a server may enter by the position: all up to the cut.
        kept = assigned.c.position + 0 <= cut
        query = query.where(step.in_(steps), kept, ~gone)
    if units is None:
        return query
    names = (_names_unit(connection, assigned.c.header, unit) for unit in units)
    return query.where(sa.or_(sa.false(), *names))


def _may_name(
    connection: Connection, units: Collection[str] | None
) -> sa.ColumnElement[bool]:
    """Return the condition that an item's plan, or an earlier one, may name a unit.

    Only what was sent back to the list, transferred or reassigned had another before.
    """
    if units is None:
        return sa.true()
    sent_back = select(EVENTS.c.stream).where(
        EVENTS.c.step == Step.RETURN.value, EVENTS.c.target == State.LISTED.value
    )
    moved = select(EVENTS.c.stream).where(EVENTS.c.step.in_(_MOVES))
    named = (body_names(connection, unit) for unit in sorted(units))
    return sa.or_(*named, _STREAM.in_(sent_back), _STREAM.in_(moved))


def body_names(connection: Connection, unit: str) -> sa.ColumnElement[bool]:
    """Return the condition that an item's value names a unit as a field."""
    field = f'"unit":{canonical(unit).decode()}'
    sqlite = connection.dialect.name == "sqlite"
    return (func.instr if sqlite else func.strpos)(ITEMS.c.body, field) > 0


def _running_since(
    period: str, of: sa.ColumnElement[bool] | None = None
) -> sa.CompoundSelect[Any]:
    """Return the query of streams of items that run now, or did in a month or later.

    Of those that run now, only the ones for which ``of`` holds. The steps since the
    month began are few, so they are searched by it and not by step. Of them, a
    cancellation may be of an item that was never assigned.
    """
    first, _ = month_bounds(period)
    moment = moment_text(at_hour(first, 0))
    ended, assigned = EVENTS.alias(), EVENTS.alias()
    ran = sa.exists().where(
        assigned.c.stream == ended.c.stream,
        assigned.c.step.concat("") == Step.ASSIGN.value,
    )
    return sa.union(
        select(_STREAM.label("stream")).where(
            ITEMS.c.state == State.ASSIGNED.value, sa.true() if of is None else of
        ),
        select(ended.c.stream).where(
            ended.c.at >= moment, ended.c.step.concat("").in_(_RUN_STEPS), ran
        ),
    )


def _gone(assigned: Any, moment: str, cut: int) -> sa.ColumnElement[bool]:
    """Return the condition that an item ran no more before a moment, as a cut knew it.

    A sum has no index: without statistics PostgreSQL would read, for each item, all
    positions up to the cut.
    """
    stood, after = EVENTS.alias(), EVENTS.alias()
    last = (
        select(func.max(stood.c.n))
        .where(
            stood.c.stream == assigned.c.stream,
            stood.c.target == State.ASSIGNED.value,
            stood.c.position + 0 <= cut,
        )
        .correlate(assigned)
        .scalar_subquery()
    )
    return sa.exists().where(
        after.c.stream == assigned.c.stream,
        after.c.n == last + 1,
        after.c.at < moment,
        after.c.position + 0 <= cut,
    )


def _names_unit(
    connection: Connection, header: sa.ColumnElement[bytes], unit: str
) -> sa.ColumnElement[bool]:
    """Return the condition that a header names a unit as a field."""
    field = sa.literal(b'"unit":' + canonical(unit), sa.LargeBinary)
    if connection.dialect.name == "sqlite":
        return func.instr(header, field) > 0
    return func.position(field.op("IN")(header)) > 0


def reports_of(
    connection: Connection, items: Sequence[str], cut: int
) -> dict[str, list[Progress]]:
    """Return by item its progress as known at a cut."""
    head = f"progress/{cut}/"

    def read(keys: Sequence[str]) -> dict[str, list[Progress]]:
        known = facts.known_at(connection, cut)
        asked = [key.removeprefix(head) for key in keys]
        found = facts.progress_by_item(connection, asked, known=known)
        return {head + item: told for item, told in found.items()}

    reports = all_once(connection, [head + item for item in items], read)
    return {key.removeprefix(head): told for key, told in reports.items()}


def reported_in(
    connection: Connection, items: Sequence[str], period: str, cut: int
) -> set[tuple[str, str, str]]:
    """Return (item, task, indicator) of a month's reports as known at a cut."""
    known = facts.known_at(connection, cut)
    query = select(PROGRESS.c.item, PROGRESS.c.task, PROGRESS.c.indicator).where(
        PROGRESS.c.month == period, known.holds(PROGRESS.c.batch)
    )
    rows = rows_naming(connection, query, PROGRESS.c.item, items, at_once=TOGETHER)
    return {(item, task, indicator) for item, task, indicator in rows}
