"""The rows behind a unit's figures of a month, as known at a cut (X3).

No text, no name and no whole key of a person's case is read out: of a key only the end
is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import Connection, func, select

from huimin_flow.catalogue.terms import RatingLevel, StreamKind
from huimin_flow.clock import local_day
from huimin_flow.model.scoring.rows import FactRow, RowEvent
from huimin_flow.store.core import facts
from huimin_flow.store.core.history import event_of, moment_of, rows_naming
from huimin_flow.store.core.tables import (
    APPEALS,
    BUSINESS,
    EVENTS,
    LINKS,
    MONTHS,
    RATINGS,
)
from huimin_flow.store.scoring.complaints import OF_APPEALS, is_last
from huimin_flow.store.scoring.months import set_aside_query

#: How many signs of a key are shown; the rest are stars.
_SHOWN: Final = 4


def masked_key(key: str) -> str:
    """Return a key with stars for all but its last signs, a short one without any.

    >>> masked_key("20231103-0007"), masked_key("A17")
    ('****0007', '****')

    """
    return "****" + (key[-_SHOWN:] if len(key) >= 2 * _SHOWN else "")


def rated_batches(
    connection: Connection, units: Collection[str], period: str, known: facts.Known
) -> list[tuple[int, str, int]]:
    """Return (batch, level, number) of the ratings of units in a month."""
    rows = connection.execute(
        select(MONTHS.c.batch, MONTHS.c.level, func.sum(MONTHS.c.ratings))
        .where(
            MONTHS.c.month == period,
            MONTHS.c.unit.in_(sorted(units)),
            known.holds(MONTHS.c.batch),
        )
        .group_by(MONTHS.c.batch, MONTHS.c.level)
        .order_by(MONTHS.c.batch, MONTHS.c.level)
    )
    return [(int(batch), level, int(count)) for batch, level, count in rows]


def set_aside(
    connection: Connection, units: Collection[str], period: str, cut: int
) -> set[str]:
    """Return the transactions of units whose rating of a month was set aside."""
    query = set_aside_query(period).where(
        RATINGS.c.unit.in_(sorted(units)), EVENTS.c.position <= cut
    )
    return {StreamKind.parse(stream)[1] for _, stream in connection.execute(query)}


def rated(
    connection: Connection,
    units: Collection[str],
    period: str,
    batches: Sequence[tuple[int, str, int]],
    aside: Collection[str],
    limit: int,
) -> list[FactRow]:
    """Return the first ratings of units in a month: the bad ones, then the others.

    ``batches`` are those of ``rated_batches``, ``aside`` the transactions whose rating
    was set aside. A batch is read only as far as it has rows that are wanted.
    """
    rows: list[Any] = []
    columns = (
        RATINGS.c.batch, RATINGS.c.line, RATINGS.c.at, RATINGS.c.transaction,
        RATINGS.c.item, RATINGS.c.level,
    )  # fmt: skip
    for bad in (True, False):
        levels = sorted(each.value for each in RatingLevel if each.bad is bad)
        held = [batch for batch, level, _ in batches if level in levels]
        for batch in dict.fromkeys(held):
            number = sum(
                n for of, level, n in batches if of == batch and level in levels
            )
            wanted = min(limit - len(rows), number)
            if wanted <= 0:
                break
            query = (
                select(*columns)
                .where(
                    RATINGS.c.batch == batch,
                    RATINGS.c.unit.in_(sorted(units)),
                    RATINGS.c.level.in_(levels),
                    facts.in_month(RATINGS.c.at, period),
                )
                .order_by(RATINGS.c.line)
                .limit(wanted)
            )
            rows += connection.execute(query).all()
    return [
        FactRow(
            batch=int(row.batch),
            line=int(row.line),
            at=local_day(moment_of(row.at)).isoformat(),
            key=masked_key(row.transaction),
            subject=row.item,
            value=row.level,
            counted=not RatingLevel(row.level).bad,
            aside=row.transaction in aside,
        )
        for row in rows
    ]


def places_of(connection: Connection, period: str) -> list[str]:
    """Return the places of a month's appeals, as they are written."""
    query = select(APPEALS.c.district).where(facts.in_month(APPEALS.c.at, period))
    return sorted(connection.execute(query.distinct()).scalars())


def complained(
    connection: Connection,
    period: str,
    known: facts.Known,
    *,
    places: Collection[str],
    items: Collection[str],
    channels: Collection[str] | None,
    limit: int,
) -> list[FactRow]:
    """Return the first complaints about places, or linked to items, of a month.

    ``channels`` are those whose appeals are complaints, None for all.
    """
    columns = APPEALS.c.batch, APPEALS.c.line, APPEALS.c.at, APPEALS.c.channel
    wanted = [facts.in_month(APPEALS.c.at, period), known.holds(APPEALS.c.batch)]
    if channels is not None:
        wanted.append(APPEALS.c.channel.in_(sorted(channels)))
    queries = []
    if places:
        here = APPEALS.c.district.in_(sorted(places))
        queries.append(select(*columns, APPEALS.c.key).where(here, *wanted))
    if items:
        linked = (
            select(*columns, APPEALS.c.key)
            .select_from(OF_APPEALS)
            .where(
                LINKS.c.item.in_(sorted(items)),
                known.holds(LINKS.c.batch),
                is_last(known),
                *wanted,
            )
        )
        queries.append(linked)
    rows: list[Any] = []
    for query in queries:
        first = query.order_by(APPEALS.c.batch, APPEALS.c.line).limit(limit - len(rows))
        rows += connection.execute(first).all()
    return [
        FactRow(
            batch=int(row.batch),
            line=int(row.line),
            at=local_day(moment_of(row.at)).isoformat(),
            key=masked_key(row.key),
            subject=row.channel,
            value="",
            counted=True,
        )
        for row in rows
    ]


def business_rows(
    connection: Connection,
    units: Collection[str],
    period: str,
    known: facts.Known,
    limit: int,
) -> tuple[list[FactRow], int]:
    """Return the first rows of business of units in a month, and how many there are.

    Of several rows of a service item the last counts.
    """
    rows = connection.execute(
        select(BUSINESS)
        .where(
            BUSINESS.c.month == period,
            BUSINESS.c.unit.in_(sorted(units)),
            known.holds(BUSINESS.c.batch),
        )
        .order_by(BUSINESS.c.batch, BUSINESS.c.line)
    ).all()
    last = {(row.unit, row.service): (row.batch, row.line) for row in rows}
    made = [
        FactRow(
            batch=int(row.batch),
            line=int(row.line),
            at=row.month,
            key=row.feed,
            subject=row.service,
            value=str(row.value),
            counted=last[row.unit, row.service] == (row.batch, row.line),
        )
        for row in rows[:limit]
    ]
    return made, len(rows)


def row_events(
    connection: Connection, named: Sequence[tuple[str, int]]
) -> tuple[RowEvent, ...]:
    """Return the events of (stream, number), in the order of their positions."""
    query = select(
        EVENTS.c.stream, EVENTS.c.n, EVENTS.c.position, EVENTS.c.header, EVENTS.c.leaf
    )
    wanted = set(named)
    streams = sorted({stream for stream, _ in named})
    events = []
    for row in rows_naming(connection, query, EVENTS.c.stream, streams):
        if (row.stream, row.n) not in wanted:
            continue
        event = event_of(row.header)
        of_batch = StreamKind.parse(row.stream)[0] is StreamKind.BATCH
        events.append(
            RowEvent(
                stream=row.stream,
                n=row.n,
                position=row.position,
                at=event.at,
                step=event.step,
                by=event.actor,
                leaf=bytes(row.leaf).hex(),
                root=str(event.public.get("root", "")) if of_batch else "",
                count=int(event.public.get("count", 0)) if of_batch else 0,
            )
        )
    return tuple(sorted(events, key=lambda each: (each.position or 0, each.stream)))
