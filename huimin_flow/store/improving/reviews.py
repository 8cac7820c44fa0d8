"""What a digest counts in its period, and what posts did in some days (F3, X4)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, or_, select

from huimin_flow.catalogue.terms import (
    AnswerStep,
    State,
    Step,
    StepTerm,
    StreamKind,
    Via,
)
from huimin_flow.clock import at_hour, local_day
from huimin_flow.store.core import facts
from huimin_flow.store.core.history import event_of, moment_of, moment_text, raw_bytes
from huimin_flow.store.core.tables import ANSWERS, APPEALS, EVENTS


class Given(NamedTuple):
    """A first answer of a unit: to what was heard when by a channel, answered when."""

    unit: str
    channel: str
    heard: date
    answered: date


class ItemStep(NamedTuple):
    """An item that was executed, or evaluated, on a day; ``passed`` if well."""

    item: str
    state: State
    day: date
    passed: bool


def first_answers(
    connection: Connection, days: tuple[date, date], cut: int
) -> list[tuple[Given, int]]:
    """Return the first answers of some days that a cut knew, in groups.

    ``days`` are the first day and that after the last.
    """
    first, after = (moment_text(at_hour(day, 0)) for day in days)
    known = facts.known_at(connection, cut)
    query = (
        select(ANSWERS.c.unit, ANSWERS.c.channel, APPEALS.c.at, ANSWERS.c.at)
        .join(
            APPEALS,
            (APPEALS.c.channel == ANSWERS.c.channel) & (APPEALS.c.key == ANSWERS.c.key),
        )
        .where(
            ANSWERS.c.step == AnswerStep.ANSWER.value,
            ANSWERS.c.n == 1,
            ANSWERS.c.at >= first,
            ANSWERS.c.at < after,
            known.holds(ANSWERS.c.batch),
        )
    )
    counts: dict[Given, int] = {}
    for unit, channel, heard, at in connection.execute(query):
        began, done = local_day(moment_of(heard)), local_day(moment_of(at))
        given = Given(unit, channel, began, done)
        counts[given] = counts.get(given, 0) + 1
    return sorted(counts.items())


def item_steps(
    connection: Connection, days: tuple[date, date], cut: int
) -> list[ItemStep]:
    """Return which items were executed or evaluated in some days, at a cut."""
    first, after = (moment_text(at_hour(day, 0)) for day in days)
    query = (
        select(EVENTS.c.stream, EVENTS.c.step, EVENTS.c.at, EVENTS.c.header)
        .where(
            EVENTS.c.step.in_([Step.EXECUTE.value, Step.EVALUATE.value]),
            EVENTS.c.stream.like(StreamKind.ITEM.key("%")),
            EVENTS.c.at >= first,
            EVENTS.c.at < after,
            EVENTS.c.position <= cut,
        )
        .order_by(EVENTS.c.position)
    )
    made = []
    for stream, step, at, header in connection.execute(query):
        state, passed = State.EXECUTED, True
        if step == Step.EVALUATE.value:
            state = State.EVALUATED
            verdict = event_of(raw_bytes(header)).verdict
            passed = verdict is not None and bool(verdict["passed"])
        day = local_day(moment_of(at))
        made.append(ItemStep(StreamKind.parse(stream)[1], state, day, passed))
    return made


def steps_since(
    connection: Connection,
    steps: Mapping[StreamKind, Collection[StepTerm]],
    day: date,
) -> Counter[tuple[StreamKind, str]]:
    """Return how often some steps were taken since a day, by kind of record."""
    query = select(EVENTS.c.stream, EVENTS.c.step).where(
        EVENTS.c.at >= moment_text(at_hour(day, 0)),
        or_(
            *(
                and_(
                    EVENTS.c.stream.like(kind.key("%")),
                    EVENTS.c.step.in_([step.value for step in wanted]),
                )
                for kind, wanted in steps.items()
            )
        ),
    )
    counts: Counter[tuple[StreamKind, str]] = Counter()
    for stream, step in connection.execute(query):
        kind, _ = StreamKind.parse(stream)
        if kind is not None:
            counts[kind, str(step)] += 1
    return counts


class Done(NamedTuple):
    """An act of a post on a record: of which kind, by which step, the first or a later.

    ``subject`` is the rest of the stream's name: of a file what it is attached to.
    ``before`` and ``after`` are the record's public fields, of an item those that the
    act set; ``unit`` and ``item`` are what the record is about, "" without one.
    """

    actor: str
    kind: StreamKind
    subject: str
    step: str
    first: bool
    unit: str
    item: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def acts(connection: Connection, days: tuple[date, date]) -> Iterator[Done]:
    """Yield the acts that people recorded in some days; not those of the service.

    ``days`` are the first day and that after the last.
    """
    first, after = (moment_text(at_hour(day, 0)) for day in days)
    former = EVENTS.alias("former")
    query = (
        select(EVENTS.c.stream, EVENTS.c.n, EVENTS.c.header, former.c.header)
        .outerjoin(
            former,
            (former.c.stream == EVENTS.c.stream) & (former.c.n == EVENTS.c.n - 1),
        )
        .where(EVENTS.c.at >= first, EVENTS.c.at < after)
    )
    for stream, n, header, earlier in connection.execute(query):
        kind, subject = StreamKind.parse(stream)
        plain = json.loads(raw_bytes(header))
        if kind is None or plain["via"] == Via.SERVICE.value:
            continue
        public = plain["public"]
        held: Any = public.get("value")
        before: Mapping[str, Any] = {}
        if isinstance(held, dict) and earlier is not None:
            before = json.loads(raw_bytes(earlier))["public"].get("value") or {}
        if not isinstance(held, dict):
            held = public.get("changes") or {}
        unit, item = (str(held.get(name) or "") for name in ("unit", "item"))
        actor, step = str(plain["actor"]), str(plain["step"])
        yield Done(actor, kind, subject, step, n == 1, unit, item, before, held)
