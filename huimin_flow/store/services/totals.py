"""A month's ratings by unit and level, as they were known at a cut.

SQLite stores one batch after another. So a batch's running totals follow from those
before it and never change, and a cut needs one row for each unit and level. On
PostgreSQL many writers store batches at once, so a query adds them up.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection, func, select, text

from huimin_flow.catalogue.terms import RatingLevel
from huimin_flow.store.core.facts import Known
from huimin_flow.store.core.tables import MONTHS

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
_TOTALS: Final = text(
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
_ALL: Final = 2**53


def totals(
    connection: Connection,
    month: str,
    *,
    known: Known | None = None,
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
    return {(of, level): int(total) for of, level, total in rows if total is not None}


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
