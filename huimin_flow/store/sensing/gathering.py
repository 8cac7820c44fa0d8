"""Postings of appeals, and the facts of how they came together (A6)."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection, func, select

from huimin_flow.catalogue.terms import Gathering, State
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.model.sensing.gathering import Postings
from huimin_flow.store.core.history import (
    moment_of,
    moment_text,
    rows_naming,
    rows_of_pairs,
)
from huimin_flow.store.core.tables import APPEALS, GATHERED, ITEMS, LINKS, POSTINGS
from huimin_flow.store.sensing.keys import Token
from huimin_flow.store.sensing.texts import Opening

Pair = tuple[str, str]

#: No appeal, and no group.
NOBODY: Final = ("", "")

#: What keeps an appeal in the group or item that its row names.
JOINS: Final = frozenset(
    {Gathering.LINK, Gathering.YES, Gathering.JOIN, Gathering.COLLECT}
)

#: What says where an appeal is, the last of them counts.
PLACED = (*sorted(JOINS), Gathering.UNDO)


class Compared(NamedTuple):
    """An appeal with its postings: what is compared of it."""

    pair: Pair
    at: datetime
    district: str
    town: str
    batch: int
    line: int
    postings: bytes


class Fact(NamedTuple):
    """A row of how an appeal came together with others, in the order of the table."""

    channel: str
    key: str
    outcome: str
    item: str = ""
    group_channel: str = ""
    group_key: str = ""
    near_channel: str = ""
    near_key: str = ""
    score: int = 0
    evidence: str = ""

    @property
    def pair(self) -> Pair:
        """Return the appeal."""
        return self.channel, self.key

    @property
    def group(self) -> Pair:
        """Return the first appeal of the group, empty for an item."""
        return self.group_channel, self.group_key

    @property
    def near(self) -> Pair:
        """Return the appeal that is most like it there."""
        return self.near_channel, self.near_key


def postings_rows(
    opening: Opening, appeals: Sequence[Appeal], batch: int, token: Token
) -> list[dict[str, Any]]:
    """Return the rows of the postings of a batch of appeals, each to be compared.

    Raises:
        StoreRefused: without the master key of the database.

    """
    secret = opening.keyring.secret(opening.connection, "postings", token)
    postings = _postings(secret)
    contents = ((appeal.title, appeal.text) for appeal in appeals)
    bodies = (
        postings.of_many(contents)
        if len(appeals) >= _MANY
        else (array("I", postings.of(*each)).tobytes() for each in contents)
    )
    return [
        {"batch": batch, "line": line, "body": body, "waiting": 1}
        for line, body in enumerate(bodies, 1)
    ]


#: From so many appeals on it takes less time to load numpy than it saves.
_MANY: Final = 1_000

#: The maker of postings under a key, with the hashes that it remembers.
_postings = lru_cache(maxsize=2)(Postings)

_COMPARED = select(
    APPEALS.c.channel,
    APPEALS.c.key,
    APPEALS.c.at,
    APPEALS.c.district,
    APPEALS.c.town,
    APPEALS.c.batch,
    APPEALS.c.line,
    POSTINGS.c.body,
).select_from(
    POSTINGS.join(
        APPEALS,
        (POSTINGS.c.batch == APPEALS.c.batch) & (POSTINGS.c.line == APPEALS.c.line),
    )
)


def compared(
    connection: Connection,
    *,
    waiting: bool,
    since: datetime | None = None,
    most: int | None = None,
) -> Iterator[Compared]:
    """Yield the appeals that wait to be compared, or those that were, by their time.

    ``since`` leaves out those from before a moment; at most ``most`` are yielded.
    """
    query = _COMPARED.where(POSTINGS.c.waiting == int(waiting))
    if since is not None:
        query = query.where(APPEALS.c.at >= moment_text(since))
    order = (APPEALS.c.at, APPEALS.c.batch, APPEALS.c.line)
    found = connection.execute(query.order_by(*order).limit(most))
    for channel, key, at, *rest in found:
        yield Compared((channel, key), moment_of(at), *rest)


def first_waiting(connection: Connection) -> datetime | None:
    """Return the moment of the earliest appeal that waits, None for none."""
    same = (POSTINGS.c.batch == APPEALS.c.batch) & (POSTINGS.c.line == APPEALS.c.line)
    query = select(func.min(APPEALS.c.at)).select_from(POSTINGS.join(APPEALS, same))
    first = connection.execute(query.where(POSTINGS.c.waiting == 1)).scalar()
    return None if first is None else moment_of(first)


def count_waiting(connection: Connection) -> int:
    """Return how many appeals wait to be compared."""
    query = select(func.count()).select_from(POSTINGS).where(POSTINGS.c.waiting == 1)
    return int(connection.execute(query).scalar() or 0)


def were_compared(connection: Connection, appeals: Iterable[Compared]) -> None:
    """Note that appeals wait no more."""
    places = [{"b": each.batch, "l": each.line} for each in appeals]
    if places:
        mine = (POSTINGS.c.batch == sa.bindparam("b")) & (
            POSTINGS.c.line == sa.bindparam("l")
        )
        connection.execute(sa.update(POSTINGS).where(mine).values(waiting=0), places)


def links(connection: Connection) -> dict[Pair, str]:
    """Return the item of each appeal by its last link, "" if it was taken off."""
    query = select(LINKS.c.channel, LINKS.c.key, LINKS.c.item).order_by(
        LINKS.c.batch, LINKS.c.line
    )
    return {(channel, key): item for channel, key, item in connection.execute(query)}


def groups(connection: Connection) -> dict[Pair, Pair]:
    """Return the group of each loose appeal that joined one: its first appeal."""
    names = ("channel", "key", "outcome", "group_channel", "group_key")
    query = select(*(GATHERED.c[name] for name in names)).where(
        GATHERED.c.outcome.in_(PLACED)
    )
    placed: dict[Pair, Pair] = {}
    rows = connection.execute(query.order_by(GATHERED.c.batch, GATHERED.c.line))
    for channel, key, outcome, *group in rows:
        kept = outcome in JOINS
        placed[channel, key] = (group[0], group[1]) if kept else NOBODY
    return {pair: group for pair, group in placed.items() if group != NOBODY}


def alive(connection: Connection) -> dict[str, Any]:
    """Return which open item, with its unit, takes up what is told of each item.

    An item of which nothing is open is absent: it takes up nothing.
    """
    return {
        number: head
        for number, head in heads(connection).items()
        if head.state not in ENDED
    }


def heads(connection: Connection) -> dict[str, Any]:
    """Return the item that each item is part of now, with its state and unit.

    It is the one into which it was merged, and after its end the one that continues it.
    """
    query = select(
        *(ITEMS.c[name] for name in ("number", "state", "unit")),
        *(ITEMS.c.merged_into, ITEMS.c.continues),
    )
    rows = connection.execute(query.order_by(ITEMS.c.number)).all()
    heirs = {row.continues: row.number for row in rows if row.continues is not None}
    stands = {row.number: row for row in rows}
    found = {}
    for number, stood in stands.items():
        row, seen = stood, {number}
        while True:
            merged = row.state == State.MERGED
            ended = row.state in ENDED
            after = row.merged_into if merged else heirs.get(row.number)
            if not (merged or ended) or after not in stands or after in seen:
                break
            seen.add(after)
            row = stands[after]
        found[number] = row
    return found


#: The states of items that take up nothing more.
ENDED: Final = frozenset({State.REJECTED.value, State.CLOSED.value})


def fact_rows(facts: Iterable[Fact], batch: int) -> list[dict[str, Any]]:
    """Return the rows of facts in a batch."""
    return [
        {"batch": batch, "line": line, **fact._asdict()}
        for line, fact in enumerate(facts, 1)
    ]


def of_appeals(connection: Connection, pairs: Sequence[Pair]) -> dict[Pair, list[Fact]]:
    """Return the facts of some appeals, in order."""
    query = select(*fact_columns()).order_by(GATHERED.c.batch, GATHERED.c.line)
    columns = GATHERED.c.channel, GATHERED.c.key
    found: dict[Pair, list[Fact]] = {}
    for row in rows_of_pairs(connection, query, columns, pairs):
        fact = Fact(*row)
        found.setdefault(fact.pair, []).append(fact)
    return found


def placed_facts(connection: Connection, pair: Pair) -> list[tuple[int, Fact]]:
    """Return the facts of an appeal with the numbers of their batches, in order."""
    query = (
        select(GATHERED.c.batch, *fact_columns())
        .where(GATHERED.c.channel == pair[0], GATHERED.c.key == pair[1])
        .order_by(GATHERED.c.batch, GATHERED.c.line)
    )
    return [(batch, Fact(*row)) for batch, *row in connection.execute(query)]


def group_in(told: Sequence[Fact], pair: Pair) -> Pair:
    """Return the group of a loose appeal by its facts: its first appeal, or itself."""
    placed = [fact for fact in told if fact.outcome in PLACED]
    if placed and placed[-1].outcome in JOINS and placed[-1].group != NOBODY:
        return placed[-1].group
    return pair


def outcomes(connection: Connection, *, of_items: bool = False) -> dict[Gathering, int]:
    """Return how many appeals ever had each outcome, if asked only about items."""
    query = select(GATHERED.c.channel, GATHERED.c.key, GATHERED.c.outcome).distinct()
    if of_items:
        query = query.where(GATHERED.c.item != "")
    each = query.subquery()
    counted = select(each.c.outcome, func.count()).group_by(each.c.outcome)
    found = dict.fromkeys(Gathering, 0)
    found |= {
        Gathering(outcome): count for outcome, count in connection.execute(counted)
    }
    return found


def proposed(connection: Connection) -> dict[Pair, str]:
    """Return the places of the appeals of which something was proposed, in order."""
    mine = (GATHERED.c.channel == APPEALS.c.channel) & (GATHERED.c.key == APPEALS.c.key)
    query = (
        select(GATHERED.c.channel, GATHERED.c.key, APPEALS.c.district)
        .select_from(GATHERED.join(APPEALS, mine))
        .where(GATHERED.c.outcome == Gathering.PROPOSE)
        .order_by(GATHERED.c.batch, GATHERED.c.line)
    )
    rows = connection.execute(query)
    return {(channel, key): district for channel, key, district in rows}


def fact_columns() -> list[sa.Column[Any]]:
    """Return the columns of a fact, in its order."""
    return [GATHERED.c[name] for name in Fact._fields]


class Heard(NamedTuple):
    """An appeal, who told of it, where, and its stored moment."""

    pair: Pair
    who: str
    district: str
    at: str


def told_between(
    connection: Connection, first: datetime, after: datetime, *, together: bool = False
) -> list[Heard]:
    """Return the appeals of a span in their order.

    ``together`` leaves out those that nothing links to an item or to another appeal.
    """
    query = _told(first, after).where(*([_TOGETHER] if together else []))
    query = query.order_by(APPEALS.c.at, APPEALS.c.batch, APPEALS.c.line)
    return [Heard((row[0], row[1]), *row[2:]) for row in connection.execute(query)]


def alone_between(
    connection: Connection, first: datetime, after: datetime, most: int
) -> list[Heard]:
    """Return the first appeals of a span that stand alone, by their channels and keys.

    They are those that ``told_between`` leaves out as not together.
    """
    collation = "C" if connection.dialect.name == "postgresql" else "BINARY"
    names = APPEALS.c.channel.collate(collation), APPEALS.c.key.collate(collation)
    query = _told(first, after).where(~_TOGETHER).order_by(*names).limit(most)
    return [Heard((row[0], row[1]), *row[2:]) for row in connection.execute(query)]


def count_between(connection: Connection, first: datetime, after: datetime) -> int:
    """Return how many appeals a span has."""
    told = _told(first, after).with_only_columns(func.count())
    return int(connection.execute(told).scalar_one())


def _told(first: datetime, after: datetime) -> sa.Select[Any]:
    return select(*(APPEALS.c[name] for name in ("channel", "key", *_HEARD))).where(
        APPEALS.c.at >= moment_text(first), APPEALS.c.at < moment_text(after)
    )


_HEARD: Final = ("who", "district", "at")


def _names(
    channel: sa.ColumnElement[str], key: sa.ColumnElement[str]
) -> sa.ColumnElement[bool]:
    return sa.exists().where(channel == APPEALS.c.channel, key == APPEALS.c.key)


#: Whether an appeal was linked, or it or another one says that they belong together.
_TOGETHER: Final = sa.or_(
    _names(LINKS.c.channel, LINKS.c.key),
    _names(GATHERED.c.channel, GATHERED.c.key),
    _names(GATHERED.c.group_channel, GATHERED.c.group_key),
    sa.tuple_(APPEALS.c.channel, APPEALS.c.key).in_(
        select(GATHERED.c.near_channel, GATHERED.c.near_key).where(
            GATHERED.c.outcome == Gathering.PROPOSE
        )
    ),
)


def titles(connection: Connection, numbers: Iterable[str]) -> dict[str, str]:
    """Return the titles of some items."""
    named = sorted(set(numbers))
    query = select(ITEMS.c.number, ITEMS.c.body)
    rows = rows_naming(connection, query, ITEMS.c.number, named)
    return {number: json.loads(body)["title"] for number, body in rows}
