"""Which items the appeals of a month belong to, as known at a cut (D5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import Connection, func, select

from huimin_flow.catalogue.terms import Area, StreamKind
from huimin_flow.model.core.values import from_json
from huimin_flow.rules.scoring.complaints import Linked
from huimin_flow.states.evolve import CHANGES
from huimin_flow.store.core import facts
from huimin_flow.store.core.history import TOGETHER, raw_bytes, rows_naming
from huimin_flow.store.core.tables import APPEALS, EVENTS, LINKS

#: The steps that set an item's unit or area.
_PLACING = sorted(s.value for s, names in CHANGES.items() if names & {"unit", "area"})

_LATER = LINKS.alias("later")

#: Every link with its appeal.
OF_APPEALS = LINKS.join(
    APPEALS,
    sa.and_(APPEALS.c.channel == LINKS.c.channel, APPEALS.c.key == LINKS.c.key),
)


@dataclass(frozen=True, slots=True)
class _Changes:
    unit: str | None = None
    area: Area | None = None


@dataclass(frozen=True, slots=True)
class _Public:
    changes: _Changes


@dataclass(frozen=True, slots=True)
class _Header:
    """What of an event says whose an item is."""

    v: Literal[1]
    public: _Public


def linked(connection: Connection, period: str, cut: int) -> tuple[Linked, ...]:
    """Return the month's appeals by item, channel and batch, as known at a cut.

    An appeal belongs to the item of its last link that was known then.
    """
    known = facts.known_at(connection, cut)
    cell = LINKS.c.item, APPEALS.c.channel, APPEALS.c.batch
    rows = connection.execute(
        select(*cell, func.count())
        .select_from(OF_APPEALS)
        .where(
            facts.in_month(APPEALS.c.at, period),
            known.holds(APPEALS.c.batch),
            known.holds(LINKS.c.batch),
            LINKS.c.item != "",
            is_last(known),
        )
        .group_by(*cell)
        .order_by(*cell)
    ).all()
    owners = _owners(connection, sorted({row[0] for row in rows}), cut)
    return tuple(
        Linked(
            item=item,
            unit=owners[item][0],
            area=owners[item][1],
            channel=channel,
            batch=int(batch),
            count=int(count),
        )
        for item, channel, batch, count in rows
        if item in owners
    )


def is_last(known: facts.Known) -> sa.ColumnElement[bool]:
    """Return the condition that a link is the last known one of its appeal."""
    return ~sa.exists().where(
        _LATER.c.channel == LINKS.c.channel,
        _LATER.c.key == LINKS.c.key,
        known.holds(_LATER.c.batch),
        sa.tuple_(_LATER.c.batch, _LATER.c.line)
        > sa.tuple_(LINKS.c.batch, LINKS.c.line),
    )


def linked_after(
    connection: Connection, period: str, known: facts.Known
) -> list[tuple[int, str]]:
    """Return (batch, channel) of links of a month's appeals that a cut didn't know."""
    rows = connection.execute(
        select(LINKS.c.batch, LINKS.c.channel)
        .select_from(OF_APPEALS)
        .where(
            facts.in_month(APPEALS.c.at, period),
            known.lacks(LINKS.c.batch),
        )
        .distinct()
        .order_by(LINKS.c.batch, LINKS.c.channel)
    )
    return [(int(batch), channel) for batch, channel in rows]


def _owners(
    connection: Connection, items: list[str], cut: int
) -> dict[str, tuple[str, Area]]:
    """Return by number the unit and the area of items, as known at a cut."""
    query = (
        select(EVENTS.c.stream, EVENTS.c.header)
        .where(EVENTS.c.step.concat("").in_(_PLACING), EVENTS.c.position + 0 <= cut)
        .order_by(EVENTS.c.stream, EVENTS.c.n)
    )
    streams = [StreamKind.ITEM.key(item) for item in items]
    owners: dict[str, tuple[Any, Any]] = {}
    for stream, header in rows_naming(
        connection, query, EVENTS.c.stream, streams, at_once=TOGETHER
    ):
        item = StreamKind.parse(stream)[1]
        changes = from_json(_Header, raw_bytes(header)).public.changes
        unit, area = owners.get(item, (None, None))
        owners[item] = changes.unit or unit, changes.area or area
    return owners
