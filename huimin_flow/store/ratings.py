"""Ratings by the batch: kept whole, summed as they come, read by range (D3).

A batch's rows, its rollups and its event are one transaction. Rows travel as
tuples in the order of the table's columns, without objects on the way.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from json.encoder import encode_basestring
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    Text,
    any_,
    bindparam,
    column,
    func,
    insert,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from huimin_flow.catalogue.terms import RatingLevel, StreamKind
from huimin_flow.clock import at_hour, local_day
from huimin_flow.model.canonical import leaf, merkle_root
from huimin_flow.model.period import month_bounds
from huimin_flow.model.rating import RatingCount
from huimin_flow.store.history import EVENTS, moment_of, moment_text
from huimin_flow.store.month_totals import added_up, totals
from huimin_flow.store.rating_tables import COVERAGE, MONTHS, RATINGS, SCORES

#: A row as it lies in huimin_rating, in the order of its columns.
StoredRow = tuple[int, int, str, str, str, str, str, str, str, str, str]

#: What one rating may be counted by, as columns of the table.
DIMENSIONS = {
    "unit": ("unit",),
    "item": ("item",),
    "channel": ("channel",),
    "window": ("unit", "window"),
    "person": ("unit", "person"),
}


#: The places in a row of what its rollups ask for.
_COUNTED = (0, 3, 4, 5, 6, 8, 9, 10)


def row_bytes(row: StoredRow) -> bytes:
    """Return the canonical JSON of a stored row, as ``canonical`` makes it.

    The text must be in NFC already, which is how the door lets it in.
    """
    quoted = encode_basestring
    return (
        f'{{"at":{quoted(row[10])},"batch":{row[0]},"channel":{quoted(row[8])},'
        f'"item":{quoted(row[4])},"level":{quoted(row[9])},"line":{row[1]},'
        f'"person":{quoted(row[6])},"transaction":{quoted(row[2])},'
        f'"unit":{quoted(row[3])},"who":{quoted(row[7])},"window":{quoted(row[5])}}}'
    ).encode()


def root_of(rows: Iterable[StoredRow]) -> str:
    """Return the hex Merkle root over rows, as ``facts.root_of`` recomputes it."""
    return merkle_root(list(map(leaf, map(row_bytes, rows)))).hex()


def hold(connection: Connection) -> None:
    """Wait for others who keep ratings; on SQLite this writer is alone already."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            "LOCK TABLE huimin_rating IN SHARE ROW EXCLUSIVE MODE"
        )


def known(
    connection: Connection, transactions: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """Return the stored ratings of these transactions: what follows the number.

    On SQLite, whose order of texts is Python's, one walk between the first and the
    last of them tells which are there, where few are: numbers mostly rise.
    """
    if connection.dialect.name == "sqlite":
        transactions = _there(connection, transactions)
    if not transactions:
        return {}
    if connection.dialect.name == "postgresql":
        found: ColumnElement[bool] = RATINGS.c.transaction == any_(
            bindparam("asked", list(transactions), ARRAY(Text))
        )
    else:
        asked = json.dumps(transactions, ensure_ascii=False)
        named = func.json_each(asked).table_valued("value")
        found = RATINGS.c.transaction.in_(select(named.c.value))
    query = select(*list(RATINGS.c)[2:]).where(found)
    return {row[0]: tuple(row[1:]) for row in connection.execute(query)}


def _there(connection: Connection, transactions: Sequence[str]) -> Sequence[str]:
    """Return those that may be stored; all, where more lie between than they are."""
    if not transactions:
        return transactions
    number, most = RATINGS.c.transaction, len(transactions)
    between = number.between(min(transactions), max(transactions))
    walk = select(number).where(between).limit(most)
    found = connection.execute(walk).scalars().all()
    if len(found) == most:
        return transactions
    return list(set(found).intersection(transactions))


def keep(connection: Connection, rows: Sequence[StoredRow]) -> None:
    """Insert rows and what they sum to."""
    _insert(connection, RATINGS, rows)
    scores, months, coverage = rollups(rows)
    _insert(connection, SCORES, scores)
    _insert(connection, MONTHS, added_up(connection, months))
    _insert(connection, COVERAGE, coverage)


def rollups(rows: Sequence[StoredRow]) -> tuple[list[tuple[Any, ...]], ...]:
    """Return what rows sum to, sorted, for each table of ``ROLLUPS``.

    The totals of ``MONTHS`` are not among it: they belong to all batches.
    """
    if not rows:
        return [], [], []
    # column by column: a zip of all the rows at once takes twice the time
    batches, units, items, windows, people, channels, levels, ats = (
        list(map(itemgetter(place), rows)) for place in _COUNTED
    )
    # a few hours come again and again: each is asked once for its day and month
    hours = [at[:13] for at in ats]
    day_at = {hour: day_of_hour(hour) for hour in set(hours)}
    month_at = {hour: day[:7] for hour, day in day_at.items()}
    days = map(day_at.__getitem__, hours)
    scores = Counter(zip(days, units, levels, batches, strict=True))
    months: Counter[tuple[Any, ...]] = Counter()
    for (day, *rest), count in scores.items():
        months[day[:7], *rest] += count
    of = map(month_at.__getitem__, hours)
    named = map(bool, windows), map(bool, people)
    cells = Counter(zip(of, items, channels, batches, *named, strict=True))
    coverage: dict[tuple[Any, ...], list[int]] = {}
    for (*key, window, person), count in cells.items():
        cell = coverage.setdefault(tuple(key), [0, 0, 0])
        cell[0] += count
        cell[1] += count * window
        cell[2] += count * person
    return (
        sorted((*key, count) for key, count in scores.items()),
        sorted((*key, count) for key, count in months.items()),
        sorted((*key, *cell) for key, cell in coverage.items()),
    )


@lru_cache(maxsize=100_000)
def day_of_hour(hour: str) -> str:
    """Return the Shanghai day of a UTC hour, ``2023-12-15T10``; offsets are whole."""
    return local_day(moment_of(f"{hour}:00:00Z")).isoformat()


def _insert(
    connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]
) -> None:
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        names = [one.name for one in table.columns]
        arrays = [
            bindparam(one.name, list(values), ARRAY(one.type))
            for one, values in zip(table.columns, zip(*rows, strict=True), strict=True)
        ]
        named: list[ColumnElement[Any]] = [column(name) for name in names]
        lines = func.unnest(*arrays).table_valued(*named).render_derived()
        connection.execute(insert(table).from_select(names, select(lines)))
    else:
        statement = str(insert(table).compile(dialect=connection.dialect))
        connection.exec_driver_sql(statement, list(rows))


def last_batch(connection: Connection, cut: int) -> int:
    """Return the number of the last batch that was known at a cut, or 0.

    Batches are numbered in the order of their commits.
    """
    query = (
        select(EVENTS.c.stream)
        .where(
            EVENTS.c.step == "keep",
            EVENTS.c.position <= cut,
            EVENTS.c.stream.like(StreamKind.BATCH.key("%")),
        )
        .order_by(EVENTS.c.position.desc())
        .limit(1)
    )
    stream = connection.execute(query).scalar()
    return 0 if stream is None else int(stream.partition("/")[2])


def month_of_units(
    connection: Connection, period: str, *, cut: int | None = None
) -> tuple[RatingCount, ...]:
    """Return every unit's ratings of a month, ``2023-10``, from the rollups.

    With a cut, only batches known then count.
    """
    upto = None if cut is None else last_batch(connection, cut)
    found = totals(connection, period, upto=upto)
    return _counted((*key, count) for key, count in found.items())


def recount(
    connection: Connection,
    period: str,
    *,
    by: str = "unit",
    cut: int | None = None,
    batches: Sequence[int] | None = None,
) -> tuple[RatingCount, ...]:
    """Return a month's ratings counted anew from the rows, by a dimension.

    Rows without a window (person) are left out where these are asked for.
    """
    first, after = (moment_text(at_hour(day, 0)) for day in month_bounds(period))
    columns = [RATINGS.c[name] for name in DIMENSIONS[by]]
    query = (
        select(*columns, RATINGS.c.level, func.count())
        .where(RATINGS.c.at >= first, RATINGS.c.at < after, columns[-1] != "")
        .group_by(*columns, RATINGS.c.level)
    )
    if cut is not None:
        query = query.where(RATINGS.c.batch <= last_batch(connection, cut))
    if batches is not None:
        query = query.where(RATINGS.c.batch.in_(batches))
    return _counted(connection.execute(query))


def batches_of(connection: Connection, period: str) -> list[int]:
    """Return the batches that hold ratings of a month: where to look for them."""
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
    """Return (item, channel) → ratings, with a window, with a person, by months."""
    query = (
        select(
            COVERAGE.c.item,
            COVERAGE.c.channel,
            func.sum(COVERAGE.c.ratings),
            func.sum(COVERAGE.c.windows),
            func.sum(COVERAGE.c.people),
        )
        .where(COVERAGE.c.month >= first, COVERAGE.c.month <= last)
        .group_by(COVERAGE.c.item, COVERAGE.c.channel)
    )
    if cut is not None:
        query = query.where(COVERAGE.c.batch <= last_batch(connection, cut))
    return {
        (row[0], row[1]): (int(row[2]), int(row[3]), int(row[4]))
        for row in connection.execute(query)
    }


def _counted(rows: Iterable[Sequence[Any]]) -> tuple[RatingCount, ...]:
    found: dict[tuple[str, ...], dict[RatingLevel, int]] = {}
    for *of, level, count in rows:
        found.setdefault(tuple(of), {})[RatingLevel(level)] = int(count)
    return tuple(
        RatingCount(of=of, levels={one: levels.get(one, 0) for one in RatingLevel})
        for of, levels in sorted(found.items())
    )
