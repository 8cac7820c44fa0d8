"""The groups of loose appeals, and where each appeal stands today (A6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection, func, select

from huimin_flow.catalogue.terms import Gathering
from huimin_flow.store.core.history import moment_of, moment_text, rows_of_pairs
from huimin_flow.store.core.tables import APPEALS, GATHERED
from huimin_flow.store.sensing.gathering import (
    JOINS,
    NOBODY,
    PLACED,
    Fact,
    Pair,
    fact_columns,
    group_in,
    heads,
    of_appeals,
)
from huimin_flow.store.sensing.tallies import linked_to


def loose_groups(
    connection: Connection, pairs: Sequence[Pair]
) -> dict[Pair, list[Pair]]:
    """Return the loose appeals of the group of each loose appeal, by the appeal.

    It comes first itself, then the group's first appeal, then the others as they
    joined. An appeal that is linked to an item has no group.
    """
    told = of_appeals(connection, pairs)
    own = {pair: group_in(told.get(pair, []), pair) for pair in pairs}
    firsts = list(dict.fromkeys(own.values()))
    query = (
        select(GATHERED.c.channel, GATHERED.c.key)
        .where(GATHERED.c.outcome.in_(sorted(JOINS)))
        .order_by(GATHERED.c.batch, GATHERED.c.line)
    )
    columns = GATHERED.c.group_channel, GATHERED.c.group_key
    rows = rows_of_pairs(connection, query, columns, firsts)
    near = list(dict.fromkeys([*firsts, *((row.channel, row.key) for row in rows)]))
    told = of_appeals(connection, near)
    linked = linked_to(connection, near)
    members: dict[Pair, list[Pair]] = {}
    for each in near:
        if not linked.get(each):
            members.setdefault(group_in(told.get(each, []), each), []).append(each)
    return {
        pair: list(dict.fromkeys([pair, *members.get(group, [])]))
        for pair, group in own.items()
    }


def came_with(connection: Connection, batch: int, leader: Fact) -> list[Fact]:
    """Return the facts of what a person brought with an appeal and is still there."""
    if leader.outcome not in {Gathering.YES, Gathering.JOIN}:
        return []
    query = select(*fact_columns()).where(
        GATHERED.c.batch == batch,
        GATHERED.c.outcome == leader.outcome,
        GATHERED.c.near_channel == leader.channel,
        GATHERED.c.near_key == leader.key,
    )
    came = [Fact(*row) for row in connection.execute(query.order_by(GATHERED.c.line))]
    pairs = [fact.pair for fact in came]
    told, linked = of_appeals(connection, pairs), linked_to(connection, pairs)
    return [
        fact
        for fact in came
        if [each for each in told[fact.pair] if each.outcome in PLACED][-1] == fact
        and linked.get(fact.pair, "") == fact.item
    ]


def standing(
    connection: Connection, pairs: Sequence[Pair]
) -> dict[Pair, tuple[str, Pair]]:
    """Return the item that takes up each appeal today, or else its group."""
    linked, told = linked_to(connection, pairs), of_appeals(connection, pairs)
    now = heads(connection) if any(linked.values()) else {}
    found = {}
    for pair in pairs:
        item = linked.get(pair, "")
        group = NOBODY if item else group_in(told.get(pair, []), pair)
        found[pair] = (now[item].number if item in now else item, group)
    return found


def joined_since(connection: Connection, since: datetime, least: int) -> list[Pair]:
    """Return the groups that at least so many appeals joined lately, by their names.

    Lately is from the first batch on that has an appeal of after a moment.
    """
    first = select(func.min(APPEALS.c.batch)).where(APPEALS.c.at >= moment_text(since))
    names = GATHERED.c.group_channel, GATHERED.c.group_key
    query = (
        select(*names)
        .where(
            GATHERED.c.batch >= first.scalar_subquery(),
            GATHERED.c.outcome.in_(sorted(JOINS)),
            GATHERED.c.item == "",
            GATHERED.c.group_key != "",
        )
        .group_by(*names)
        .having(func.count() >= least)
        .order_by(*names)
    )
    return [(channel, key) for channel, key in connection.execute(query)]


def told_again(connection: Connection) -> dict[Pair, str]:
    """Return the ended item of which each appeal tells again."""
    return {fact.pair: fact.item for _, fact in of_outcome(connection, Gathering.AGAIN)}


def of_outcome(connection: Connection, outcome: Gathering) -> list[tuple[int, Fact]]:
    """Return the facts of an outcome with the numbers of their batches, in order."""
    query = (
        select(GATHERED.c.batch, *fact_columns())
        .where(GATHERED.c.outcome == sa.literal_column(f"'{outcome.value}'"))
        .order_by(GATHERED.c.batch, GATHERED.c.line)
    )
    return [(batch, Fact(*row)) for batch, *row in connection.execute(query)]


def people_of(
    connection: Connection, pairs: Sequence[Pair]
) -> list[tuple[Pair, str, datetime]]:
    """Return person and moment of some appeals; the person is "" for an anonymous."""
    names = ("channel", "key", "who", "at")
    query = select(*(APPEALS.c[name] for name in names))
    columns = APPEALS.c.channel, APPEALS.c.key
    return [
        ((row.channel, row.key), row.who, moment_of(row.at))
        for row in rows_of_pairs(connection, query, columns, pairs)
    ]
