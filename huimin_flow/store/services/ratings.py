"""Ratings in batches: their rows, their sums, and queries by month (D3).

A batch's rows, its rollups and its event are written in one transaction. SQLite stores
one batch after another. So a batch's running totals follow from those before it and
never change, and a cut needs one row for each unit and level. On PostgreSQL many
writers store batches at once, so a query adds them up.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import count as numbers
from itertools import groupby, repeat
from json.encoder import encode_basestring
from operator import add, attrgetter, itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, func, select, text

from huimin_flow.catalogue.terms import RatingLevel
from huimin_flow.clock import local_day
from huimin_flow.model.core.canonical import leaf, merkle_root
from huimin_flow.model.services.ratings import RatingCount, RatingRow
from huimin_flow.store.core import facts
from huimin_flow.store.core.history import moment_of
from huimin_flow.store.core.tables import (
    BAD_LEVELS,
    COVERAGE,
    MONTHS,
    RATINGS,
    SCORES,
)

#: The dimensions by which ratings are counted, with their columns.
DIMENSIONS = {
    "unit": ("unit",),
    "item": ("item",),
    "channel": ("channel",),
    "window": ("unit", "window"),
    "person": ("unit", "person"),
}


def row_bytes(batch: int, line: int, row: RatingRow) -> bytes:
    """Return the canonical JSON of a line of a batch, equal to that of ``canonical``.

    The text must be in NFC already; the import makes sure of it.
    """
    quoted = encode_basestring
    transaction, unit, item, window, person, who, channel, level, at = row
    return (
        f'{{"at":{quoted(at)},"batch":{batch},"channel":{quoted(channel)},'
        f'"item":{quoted(item)},"level":{quoted(level)},"line":{line},'
        f'"person":{quoted(person)},"transaction":{quoted(transaction)},'
        f'"unit":{quoted(unit)},"who":{quoted(who)},"window":{quoted(window)}}}'
    ).encode()


def root_of(batch: int, rows: Iterable[RatingRow]) -> str:
    """Return the hex Merkle root over rows, equal to that of ``facts.root_of``."""
    leaves = list(map(leaf, map(row_bytes, repeat(batch), numbers(1), rows)))
    return merkle_root(leaves).hex()


def known(connection: Connection, transactions: Sequence[str]) -> dict[str, RatingRow]:
    """Return the stored ratings of these transactions.

    SQLite sorts texts like Python. So one query between the first and the last of
    them is enough if few are stored, which is usual, because numbers mostly rise.
    """
    if not transactions:
        return {}
    number = RATINGS.c.transaction
    if connection.dialect.name == "postgresql":
        named = sa.bindparam("asked", list(transactions), sa.ARRAY(sa.Text))
        stored: sa.ColumnElement[bool] = number == sa.any_(named)
    else:
        between = number.between(min(transactions), max(transactions))
        walk = select(number).where(between).limit(len(transactions))
        near = connection.execute(walk).scalars().all()
        if len(near) < len(transactions):
            transactions = list(set(near).intersection(transactions))
        if not transactions:
            return {}
        listed = json.dumps(transactions, ensure_ascii=False)
        values = func.json_each(listed).table_valued("value")
        stored = number.in_(select(values.c.value))
    query = select(*list(RATINGS.c)[2:]).where(stored)
    rows = map(RatingRow._make, connection.execute(query))
    return {row.transaction: row for row in rows}


def keep(connection: Connection, batch: int, rows: Sequence[RatingRow]) -> None:
    """Insert a batch's rows, with lines from 1, and their sums."""
    lines = list(map(add, zip(repeat(batch), numbers(1), strict=False), rows))
    facts.insert(connection, RATINGS, lines)
    scores, months, coverage = rollups(batch, rows)
    facts.insert(connection, SCORES, scores)
    facts.insert(connection, MONTHS, added_up(connection, months))
    facts.insert(connection, COVERAGE, coverage)


def rollups(batch: int, rows: Sequence[RatingRow]) -> tuple[list[tuple[Any, ...]], ...]:
    """Return the sums of a batch's rows, sorted, for each table of ``ROLLUPS``.

    The totals of ``MONTHS`` are not included, because they need all batches.
    """
    if not rows:
        return [], [], []
    # By column, because a zip of all rows takes twice the time.
    units, items, windows, people, channels, levels, ats = (
        list(map(attrgetter(name), rows))
        for name in ("unit", "item", "window", "person", "channel", "level", "at")
    )
    # Many ratings have the same hour, so its day is computed once.
    hours = [at[:13] for at in ats]
    day_at = {hour: day_of_hour(hour) for hour in set(hours)}
    month_at = {hour: day[:7] for hour, day in day_at.items()}
    days = map(day_at.__getitem__, hours)
    scores = Counter(zip(days, units, levels, strict=True))
    months: Counter[tuple[str, str, str]] = Counter()
    for (day, unit, level), number in scores.items():
        months[day[:7], unit, level] += number
    of = map(month_at.__getitem__, hours)
    named = map(bool, windows), map(bool, people)
    cells = Counter(zip(of, items, channels, *named, strict=True))
    coverage: dict[tuple[str, ...], list[int]] = {}
    for (*key, window, person), number in cells.items():
        cell = coverage.setdefault(tuple(key), [0, 0, 0])
        cell[0] += number
        cell[1] += number * window
        cell[2] += number * person
    return (
        sorted((*key, batch, number) for key, number in scores.items()),
        sorted((*key, batch, number) for key, number in months.items()),
        sorted((*key, batch, *cell) for key, cell in coverage.items()),
    )


@lru_cache(maxsize=100_000)
def day_of_hour(hour: str) -> str:
    """Return the Shanghai day of a UTC hour, ``2023-12-15T10``."""
    return local_day(moment_of(f"{hour}:00:00Z")).isoformat()


def month_of_units(
    connection: Connection, period: str, *, cut: int | None = None
) -> tuple[RatingCount, ...]:
    """Return every unit's ratings of a month, ``2023-10``, from the rollups.

    With a cut, only batches known at the cut count.
    """
    known = None if cut is None else facts.known_at(connection, cut)
    sums = totals(connection, period, known=known)
    return _counts_of((*key, count) for key, count in sums.items())


def recount(
    connection: Connection,
    period: str,
    *,
    by: str = "unit",
    cut: int | None = None,
    batches: Sequence[int] | None = None,
) -> tuple[RatingCount, ...]:
    """Return a month's ratings by a dimension, counted from the rows.

    By window (person), rows without a window (person) are left out.
    """
    columns = [RATINGS.c[name] for name in DIMENSIONS[by]]
    query = (
        select(*columns, RATINGS.c.level, func.count())
        .where(facts.in_month(RATINGS.c.at, period), columns[-1] != "")
        .group_by(*columns, RATINGS.c.level)
    )
    if cut is not None:
        known = facts.known_at(connection, cut)
        query = query.where(known.holds(RATINGS.c.batch))
    if batches is not None:
        query = query.where(RATINGS.c.batch.in_(batches))
    return _counts_of(connection.execute(query))


def by_service(connection: Connection, period: str) -> dict[str, tuple[int, int]]:
    """Return by service item the number of a month's ratings and of bad ones.

    The first is read from the rollup, the second from the index of bad ratings.
    """
    all_of, bad_of = COVERAGE.c.item, RATINGS.c.item
    total = select(all_of, func.sum(COVERAGE.c.ratings)).group_by(all_of)
    bad = select(bad_of, func.count()).group_by(bad_of)
    within = BAD_LEVELS, facts.in_month(RATINGS.c.at, period)
    counted = {item: int(n) for item, n in connection.execute(bad.where(*within))}
    rows = connection.execute(total.where(COVERAGE.c.month == period))
    return {item: (int(n), counted.get(item, 0)) for item, n in rows}


def batches_of(connection: Connection, period: str) -> list[int]:
    """Return the batches that contain ratings of a month."""
    query = (
        select(MONTHS.c.batch)
        .where(MONTHS.c.month == period)
        .distinct()
        .order_by(MONTHS.c.batch)
    )
    return list(connection.execute(query).scalars())


def cells(
    connection: Connection, first: str, last: str, *, cut: int | None = None
) -> dict[tuple[str, str], tuple[int, int, int]]:
    """Return (item, channel) → ratings, those with a window, those with a person."""
    cell = COVERAGE.c.item, COVERAGE.c.channel
    sums = (func.sum(COVERAGE.c[name]) for name in ("ratings", "windows", "people"))
    within = COVERAGE.c.month.between(first, last)
    query = select(*cell, *sums).where(within).group_by(*cell)
    if cut is not None:
        known = facts.known_at(connection, cut)
        query = query.where(known.holds(COVERAGE.c.batch))
    return {
        (item, channel): (int(ratings), int(windows), int(people))
        for item, channel, ratings, windows, people in connection.execute(query)
    }


def _counts_of(rows: Iterable[Sequence[Any]]) -> tuple[RatingCount, ...]:
    counts: dict[tuple[str, ...], dict[RatingLevel, int]] = {}
    for *of, level, count in rows:
        levels = counts.setdefault(tuple(of), dict.fromkeys(RatingLevel, 0))
        levels[RatingLevel(level)] = int(count)
    return tuple(RatingCount(of=of, levels=counts[of]) for of in sorted(counts))


#: A row of huimin_rating_month without its total: month, unit, level, batch, ratings.
MonthSum = tuple[Any, ...]

_LEVELS = " UNION ALL ".join(f"SELECT '{term.value}' AS level" for term in RatingLevel)

_NEXT = (
    "(SELECT MIN(huimin_rating_month.unit) FROM huimin_rating_month"
    " WHERE huimin_rating_month.month = :month AND huimin_rating_month.unit {}"
    " AND (:unit = '' OR huimin_rating_month.unit = :unit))"
)

#: A condition that every unit meets.
_ANY = ">= ''"

#: It seeks from unit to unit and to the last batch of each level, without a scan.
_TOTALS = text(
    f"WITH RECURSIVE units(unit) AS (SELECT {_NEXT.format(_ANY)}"  # noqa: S608 - our names
    f" UNION ALL SELECT {_NEXT.format('> units.unit')}"
    " FROM units WHERE units.unit IS NOT NULL)"
    " SELECT units.unit, levels.level, (SELECT huimin_rating_month.total"
    " FROM huimin_rating_month WHERE huimin_rating_month.month = :month"
    " AND huimin_rating_month.unit = units.unit"
    " AND huimin_rating_month.level = levels.level"
    " AND huimin_rating_month.batch <= :upto"
    " ORDER BY huimin_rating_month.batch DESC LIMIT 1)"
    f" FROM units CROSS JOIN ({_LEVELS}) AS levels WHERE units.unit IS NOT NULL"
)

#: Above every batch number, below the greatest integer of every database.
_ALL = 2**53


def totals(
    connection: Connection,
    month: str,
    *,
    known: facts.Known | None = None,
    unit: str = "",
) -> dict[tuple[str, str], int]:
    """Return (unit, level) → ratings of a month in the known batches.

    With ``unit``, of that unit only. A level without a rating is absent.
    """
    if running(connection):
        upto = _ALL if known is None else known.last
        values = {"month": month, "unit": unit, "upto": upto}
        rows = connection.execute(_TOTALS, values)
    else:
        query = select(MONTHS.c.unit, MONTHS.c.level, func.sum(MONTHS.c.ratings))
        query = query.where(MONTHS.c.month == month)
        if known is not None:
            query = query.where(known.holds(MONTHS.c.batch))
        rows = connection.execute(query.group_by(MONTHS.c.unit, MONTHS.c.level))
    return {
        (of, level): int(total) for of, level, total in rows.all() if total is not None
    }


def running(connection: Connection) -> bool:
    """Tell whether a row's total also counts the batches before it."""
    return connection.dialect.name == "sqlite"


def added_up(connection: Connection, sums: Iterable[MonthSum]) -> list[MonthSum]:
    """Return a new batch's sums, in the same order, each with its total."""
    if not running(connection):
        return [(*row, row[4]) for row in sums]
    added: list[MonthSum] = []
    for month, group in groupby(sums, itemgetter(0)):
        rows = list(group)
        units = {row[1] for row in rows}
        before = totals(connection, month, unit=units.pop() if len(units) == 1 else "")
        added += [(*row, before.get(row[1:3], 0) + row[4]) for row in rows]
    return added
