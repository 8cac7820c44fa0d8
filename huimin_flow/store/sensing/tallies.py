"""The appeals that are linked to an item, and how often they repeat (A6).

An item counts the appeals of the items merged into it, of the whole chain that it
continues, and of those that were split off it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import chain, repeat
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, func, select

from huimin_flow.clock import local_day
from huimin_flow.model.core.organization import Organization
from huimin_flow.model.core.places.resolver import resolver_of
from huimin_flow.model.sensing.appeals import Tally
from huimin_flow.store.core.driver import Statement
from huimin_flow.store.core.facts import Known
from huimin_flow.store.core.history import NAMED, moment_of, rows_of_pairs
from huimin_flow.store.core.tables import APPEALS, ITEMS, LINKS

#: The items of which an item counts the appeals: it with those merged into it, and
#: those that these continue or that were split off, with what they count.
Family = tuple[list[str], list[str]]

#: Returns the items merged into some items, and those that they continue or that were
#: split off.
Related = Callable[[list[str]], tuple[Iterable[str], Iterable[str]]]


def family_of(number: str, related: Related) -> Family:
    """Return an item with those merged into it, and all whose evidence they inherit.

    Each item is named once, so a circle of links, whatever its cause, ends.
    """
    own: list[str] = []
    above: list[str] = []
    level = [number]
    while level:
        own += level
        merged, continued = related(level)
        above += continued
        level = [item for item in dict.fromkeys(merged) if item not in own]
    inherited: list[str] = []
    level = [item for item in dict.fromkeys(above) if item not in own]
    while level:
        inherited += level
        joined = dict.fromkeys(chain(*related(level)))
        level = [item for item in joined if item not in {*own, *inherited}]
    return own, inherited


def family(connection: Connection, number: str) -> Family:
    """Return the present family of an item, as ``family_of`` does."""

    def related(level: list[str]) -> tuple[list[str], list[str]]:
        rows = _RELATED.execute(connection, named=json.dumps(level)).fetchall()
        merged = [item for item, continued in rows if not continued]
        return merged, [item for item, continued in rows if continued]

    return family_of(number, related)


def relations(connection: Connection) -> list[tuple[str, str]]:
    """Return which items belong together: merged, continued or split, as pairs."""
    names = ("merged_into", "continues", "split_from")
    parts = (
        select(ITEMS.c.number, ITEMS.c[name]).where(ITEMS.c[name].is_not(None))
        for name in names
    )
    rows = connection.execute(sa.union_all(*parts))
    return [(number, str(other)) for number, other in rows]


def kin(connection: Connection, numbers: Iterable[str]) -> list[str]:
    """Return some items with all that were merged, continued or split, both ways."""
    found: list[str] = []
    level = list(dict.fromkeys(numbers))
    while level:
        found += level
        rows = _KIN.execute(connection, named=json.dumps(level)).fetchall()
        level = [
            item for item in dict.fromkeys(chain(*rows)) if item not in {*found, None}
        ]
    return found


def appeals_of(connection: Connection, number: str) -> list[dict[str, Any]]:
    """Return the appeals that are linked to an item or to items merged into it.

    The last link of an appeal counts, so after a split an appeal belongs to the new
    item. A merged item keeps its links, so its appeals return with it. What an item
    inherits from the one that it continues stays with that one.
    """
    names = APPEALS.columns.keys()
    rows = linked_rows(connection, family(connection, number)[0], None, names)
    return [dict(zip(names, row, strict=True)) for row in rows]


def linked_rows(
    connection: Connection,
    items: Sequence[str],
    known: Known | None,
    names: Sequence[str],
) -> Sequence[Any]:
    """Return these columns of the appeals that are linked to some items.

    With ``known``, only those batches count. ``item`` is the item of the last link.
    """
    named = json.dumps(items)
    if known is None:
        rows: Sequence[Any] = (
            _linked(tuple(names)).execute(connection, named=named).fetchall()
        )
        return rows
    query = _last_linked(
        connection.dialect.name, known.holds(LINKS.c.batch), names=names
    )
    return connection.execute(query, {"named": named}).all()


#: Each screening and each page of an item needs these statements.
_RELATED = Statement(
    lambda dialect: sa.union_all(
        select(ITEMS.c.number, sa.literal_column("0")).where(
            ITEMS.c.merged_into.in_(NAMED[dialect])
        ),
        select(ITEMS.c.continues, sa.literal_column("1")).where(
            ITEMS.c.number.in_(NAMED[dialect]), ITEMS.c.continues.is_not(None)
        ),
        select(ITEMS.c.number, sa.literal_column("1")).where(
            ITEMS.c.split_from.in_(NAMED[dialect])
        ),
    )
)


_KIN = Statement(
    lambda dialect: sa.union_all(
        *(
            select(ITEMS.c.number, ITEMS.c[name]).where(
                ITEMS.c[name].is_not(None), ITEMS.c[side].in_(NAMED[dialect])
            )
            for name in ("merged_into", "continues", "split_from")
            for side in ("number", name)
        )
    )
)


@cache
def _linked(names: tuple[str, ...]) -> Statement:
    return Statement(partial(_last_linked, names=names))


def _last_linked(
    dialect: str, *then: sa.ColumnElement[bool], names: Iterable[str]
) -> sa.Select[Any]:
    """Return the query of the appeals whose last link is to one of the named items."""
    named = NAMED[dialect]
    mine = (
        select(LINKS.c.channel, LINKS.c.key)
        .where(LINKS.c.item.in_(named), *then)
        .distinct()
        .subquery()
    )
    place = func.row_number().over(
        partition_by=(LINKS.c.channel, LINKS.c.key),
        order_by=(LINKS.c.batch.desc(), LINKS.c.line.desc()),
    )
    same = (LINKS.c.channel == mine.c.channel) & (LINKS.c.key == mine.c.key)
    links = (
        select(LINKS.c.channel, LINKS.c.key, LINKS.c.item, place.label("place"))
        .select_from(mine.join(LINKS, same))
        .where(*then)
        .subquery()
    )
    match = (APPEALS.c.channel == links.c.channel) & (APPEALS.c.key == links.c.key)
    return (
        select(*(links.c.item if n == "item" else APPEALS.c[n] for n in names))
        .select_from(links.join(APPEALS, match))
        .where(links.c.place == 1, links.c.item.in_(named))
        .order_by(APPEALS.c.batch, APPEALS.c.line)
    )


def linked_to(
    connection: Connection, pairs: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], str]:
    """Return the item to which each of these appeals has its last link.

    It is "" if the appeal was taken off its item.
    """
    query = select(LINKS.c.channel, LINKS.c.key, LINKS.c.item).order_by(
        LINKS.c.batch, LINKS.c.line
    )
    columns = LINKS.c.channel, LINKS.c.key
    return {
        (row.channel, row.key): row.item
        for row in rows_of_pairs(connection, query, columns, pairs)
    }


def tally(
    connection: Connection,
    number: str,
    organization: Organization,
    *,
    of: Family | None = None,
    known: Known | None = None,
) -> Tally:
    """Return how often an item's appeals repeat: people, places, channels, days.

    The appeals of the whole chain that it continues, and of what was split off, count,
    and a person once. The
    places are those that the ``organization`` knows. ``of`` and ``known`` select an
    earlier moment.
    """
    own, inherited = family(connection, number) if of is None else of
    rows = linked_rows(connection, [*own, *inherited], known, TALLIED)
    counted = tallied(rows, organization)
    if not inherited:
        return counted
    mine = linked_rows(connection, own, known, TALLIED)
    return replace(counted, inherited=counted.appeals - len(mine))


def sources(connection: Connection, number: str) -> dict[str, list[str]]:
    """Return the keys of the appeals that a tally counts, by channel, in order."""
    own, inherited = family(connection, number)
    rows = linked_rows(connection, [*own, *inherited], None, ("channel", "key"))
    by_channel: dict[str, list[str]] = {}
    for channel, key in sorted(map(tuple, rows)):
        by_channel.setdefault(channel, []).append(key)
    return by_channel


#: The columns of an appeal that a tally counts.
TALLIED = ("who", "district", "channel", "at")


def tallied(rows: Sequence[Any], organization: Organization) -> Tally:
    """Return the tally of rows with the columns ``TALLIED``.

    Each anonymous appeal counts as a person: nobody may take two of them for one.
    A place in any spelling is one place. Appeals of unknown places are counted apart;
    if all are unknown, they lie in one place at least.
    """
    columns = zip(*rows, strict=True) if rows else repeat((), len(TALLIED))
    people, districts, channels, moments = columns
    days = {moment: local_day(moment_of(moment)) for moment in set(moments)}
    unit_of = resolver_of(organization).unit_of
    lie = [
        unit_of(district, days[moment])
        for district, moment in zip(districts, moments, strict=True)
    ]
    places = {unit for unit in lie if unit}
    return Tally(
        appeals=len(rows),
        people=len({*people} - {""}) + people.count(""),
        places=len(places) or min(1, len(lie)),
        channels=len(set(channels)),
        days=len(set(days.values())),
        unplaced=lie.count(""),
    )
