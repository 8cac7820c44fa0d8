"""Queries of answers to appeals, and their encrypted texts (A7)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection, select

from huimin_flow.catalogue.terms import AnswerKind, AnswerStep, Step, StreamKind
from huimin_flow.clock import at_hour
from huimin_flow.model.sensing.answers import AnswerAct
from huimin_flow.model.sensing.receipts import Place
from huimin_flow.rules.sensing.answers import AWAITING
from huimin_flow.store.core.history import (
    FETCHED,
    TOGETHER,
    moment_of,
    moment_text,
    rows_naming,
    rows_of_pairs,
)
from huimin_flow.store.core.tables import (
    ANSWERS,
    APPEAL_TEXTS,
    APPEALS,
    EVENTS,
    ITEMS,
    LINKS,
)

#: The (channel, key) of an appeal.
Pair = tuple[str, str]

#: Some Shanghai days: the first, and the one after the last.
Days = tuple[date, date]


class Received(NamedTuple):
    """An appeal as far as its answer needs it; ``erased`` if nothing is left of it."""

    channel: str
    key: str
    who: str
    district: str
    town: str
    at: str
    batch: int
    line: int
    erased: bool


_TEXT = sa.and_(
    APPEAL_TEXTS.c.batch == APPEALS.c.batch, APPEAL_TEXTS.c.line == APPEALS.c.line
)
_NAMES = ("channel", "key", "who", "district", "town", "at", "batch", "line")
_RECEIVED = select(
    *(APPEALS.c[name] for name in _NAMES), APPEAL_TEXTS.c.batch.is_(None)
).select_from(APPEALS.outerjoin(APPEAL_TEXTS, _TEXT))

_LAST = (
    select(ANSWERS.c.step)
    .where(ANSWERS.c.channel == APPEALS.c.channel, ANSWERS.c.key == APPEALS.c.key)
    .order_by(ANSWERS.c.n.desc())
    .limit(1)
    .correlate(APPEALS)
    .scalar_subquery()
)


def received(connection: Connection, pairs: Sequence[Pair]) -> dict[Pair, Received]:
    """Return appeals by (channel, key); what is unknown is left out."""
    columns = APPEALS.c.channel, APPEALS.c.key
    rows = rows_of_pairs(connection, _RECEIVED, columns, pairs, at_once=TOGETHER)
    return {(row[0], row[1]): _received(row) for row in rows}


def at_place(connection: Connection, place: Place | None) -> Received | None:
    """Return the appeal at a place, or None."""
    batch, line = place or (-1, -1)
    query = _RECEIVED.where(APPEALS.c.batch == batch, APPEALS.c.line == line)
    row = connection.execute(query).first()
    return None if row is None else _received(row)


def _received(row: Any) -> Received:
    *known, missing = row
    return Received._make((*known, bool(missing)))


def moved(
    connection: Connection,
    last: Collection[AnswerStep] | None = None,
    *,
    channel: str | None = None,
    days: Days | None = None,
) -> list[Received]:
    """Return the appeals that were extended, given to another unit, or reopened.

    ``last`` selects those whose last step is one of these.
    """
    columns = ANSWERS.c.channel, ANSWERS.c.key
    pairs = select(*columns).where(ANSWERS.c.step.in_(sorted(AWAITING))).distinct()
    named = pairs.subquery()
    same = (named.c.channel == APPEALS.c.channel) & (named.c.key == APPEALS.c.key)
    query = heard(_RECEIVED.join(named, same), channel, days)
    if last is not None:
        query = query.where(_LAST.in_(sorted(last)))
    rows = connection.execute(query)
    return [_received(row) for part in rows.partitions(FETCHED) for row in part]


def heard(
    query: sa.Select[Any], channel: str | None, days: Days | None
) -> sa.Select[Any]:
    """Return a query of the appeals of a channel, and of some Shanghai days."""
    if channel is not None:
        query = query.where(APPEALS.c.channel == channel)
    if days is not None:
        since, until = (moment_text(at_hour(day, 0)) for day in days)
        query = query.where(APPEALS.c.at >= since, APPEALS.c.at < until)
    return query


def acts(
    connection: Connection, pairs: Sequence[Pair]
) -> dict[Pair, tuple[AnswerAct, ...]]:
    """Return the steps with the answers to appeals, in their order."""
    columns = ANSWERS.c.channel, ANSWERS.c.key
    rows = [
        row._mapping  # noqa: SLF001 - SQLAlchemy's public name
        for row in rows_of_pairs(
            connection, select(ANSWERS), columns, pairs, at_once=TOGETHER
        )
    ]
    rows.sort(key=lambda row: (row["channel"], row["key"], row["n"]))
    return {
        pair: tuple(map(act_of, group))
        for pair, group in groupby(rows, key=lambda row: (row["channel"], row["key"]))
    }


def act_of(row: Mapping[str, Any]) -> AnswerAct:
    """Return the step of a stored row.

    Raises:
        ValueError: for a word or moment that no step has.

    """
    kind = row["kind"]
    return AnswerAct(
        n=row["n"],
        step=AnswerStep(row["step"]),
        unit=row["unit"],
        at=moment_of(row["at"]),
        batch=row["batch"],
        kind=None if kind is None else AnswerKind(kind),
        days=row["days"],
        reason=row["reason"],
        item=row["item"],
    )


class Link(NamedTuple):
    """The item of an appeal's last link, and the batch of the link."""

    item: str
    batch: int


def links(connection: Connection, pairs: Sequence[Pair]) -> dict[Pair, Link]:
    """Return the last link of appeals that are linked to an item."""
    query = select(LINKS.c.channel, LINKS.c.key, LINKS.c.item, LINKS.c.batch).order_by(
        LINKS.c.batch, LINKS.c.line
    )
    columns = LINKS.c.channel, LINKS.c.key
    last = {
        (row[0], row[1]): Link(row[2], row[3])
        for row in rows_of_pairs(connection, query, columns, pairs, at_once=TOGETHER)
    }
    return {pair: link for pair, link in last.items() if link.item}


def carriers(
    connection: Connection, numbers: Iterable[str]
) -> dict[str, tuple[str, str]]:
    """Return the item that carries each of these on, and its unit.

    It is the item itself, or the one into which it was merged.
    """
    query = select(ITEMS.c.number, ITEMS.c.unit, ITEMS.c.merged_into)
    known: dict[str, tuple[str, str | None]] = {}
    asked = sorted(set(numbers))
    while asked:
        for start in range(0, len(asked), FETCHED):
            part = asked[start : start + FETCHED]
            rows = connection.execute(query.where(ITEMS.c.number.in_(part)))
            known |= {number: (unit, into) for number, unit, into in rows}
        into = {known[number][1] for number in asked if number in known}
        asked = sorted(each for each in into if each and each not in known)
    carried = {}
    for number in set(numbers) & known.keys():
        path = [number]
        while (above := known[path[-1]][1]) in known and above not in path:
            path.append(str(above))
        carried[number] = path[-1], known[path[-1]][0]
    return carried


class Turned(NamedTuple):
    """The last step of an item of which everyone on it is told, and its moment."""

    step: Step
    at: datetime


def turns(
    connection: Connection, steps: Iterable[Step], number: str | None = None
) -> dict[str, Turned]:
    """Return the last of these steps of items, or of one item, by number."""
    named = [step.value for step in steps]
    stream = StreamKind.ITEM.key(number or "")
    one = EVENTS.c.stream == stream if number else EVENTS.c.stream.like(f"{stream}%")
    query = select(EVENTS.c.stream, EVENTS.c.step, EVENTS.c.at).where(
        EVENTS.c.step.in_(named), one
    )
    rows = connection.execute(query.order_by(EVENTS.c.stream, EVENTS.c.n))
    return {
        StreamKind.parse(name)[1]: Turned(Step(step), moment_of(at))
        for name, step, at in rows
    }


def members(connection: Connection, numbers: Iterable[str]) -> dict[str, str]:
    """Return these items and all that were merged into them, each with its carrier."""
    carried = {number: number for number in numbers}
    query = select(ITEMS.c.number, ITEMS.c.merged_into).where(
        ITEMS.c.merged_into.is_not(None)
    )
    into = dict(map(tuple, connection.execute(query)))
    for number in into:
        path = [number]
        while (above := into.get(path[-1])) is not None and above not in path:
            path.append(above)
        if path[-1] in carried:
            carried[number] = carried[path[-1]]
    return carried


def linked(
    connection: Connection, numbers: Iterable[str]
) -> Iterator[tuple[str, Pair]]:
    """Yield the appeals whose last link is to one of some items, with the item."""
    later = LINKS.alias("later")
    replaced = sa.exists().where(
        later.c.channel == LINKS.c.channel,
        later.c.key == LINKS.c.key,
        sa.tuple_(later.c.batch, later.c.line) > sa.tuple_(LINKS.c.batch, LINKS.c.line),
    )
    query = select(LINKS.c.item, LINKS.c.channel, LINKS.c.key).where(~replaced)
    for item, channel, key in rows_naming(
        connection, query, LINKS.c.item, sorted(set(numbers)), at_once=TOGETHER
    ):
        yield item, (channel, key)
