"""A month's scores, ratings and items as frames of polars and pandas.

To run it: ``python -m examples.frames.read sqlite:///huimin.db 2023-10``
A decimal comes as its text and becomes an exact decimal here: 89.00 stays 89.00.
Codes stay codes, with their Chinese labels beside them.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import pandas as pd
import polars as pl

from huimin_flow.api import (
    Flow,
    Item,
    Language,
    MonthlyColors,
    MonthlyScore,
    RatingCount,
    ServiceCount,
    Snapshot,
    UnitFollowUps,
    columns,
    to_rows,
)

#: What is an exact decimal: the name of the column, and its places after the point.
#: Polars rounds to them: an index has 2, an inner figure of a formula up to 6.
DECIMALS = {"groups.index": 2, "groups.parts.value": 6}

#: The types of columns in pandas: a whole number with gaps stays a whole number.
TYPES = {str: "str", int: "Int64", bool: "boolean"}


class Table(NamedTuple):
    """Rows, and the types of their columns: also those of a table without rows."""

    rows: Sequence[dict[str, Any]]
    columns: dict[str, type]


def table(values: object, kind: Any, each: str = "") -> Table:
    """Return values as a table, with a row for each part of the field ``each``."""
    wish = Language.CHINESE
    rows = to_rows(values, kind, each=each, labels=wish)
    return Table(rows, columns(kind, each=each, labels=wish))


def tables(now: Snapshot, month: str) -> dict[str, Table]:
    """Return the tables of a month, all of one moment; there may be no scores yet."""
    scores = now.scores.months(month, month)
    colors = [now.scores.colors(month)] if month in now.scores.periods().months else []
    return {
        "scores": table(scores, MonthlyScore, "groups"),
        "parts": table(scores, MonthlyScore, "groups.parts"),
        "colors": table(colors, MonthlyColors, "groups"),
        "ratings": table(now.ratings.month_of_units(month), RatingCount, "of"),
        "services": table(now.ratings.by_service(month), ServiceCount),
        "follow_ups": table(now.ratings.follow_ups(month), UnitFollowUps),
        "items": table(now.items.list(), Item),
    }


def in_polars(made: Table) -> pl.DataFrame:
    """Return a table as a frame of polars."""
    frame = pl.DataFrame(made.rows, schema=made.columns)
    exact = [
        pl.col(name).cast(pl.Decimal(38, places))
        for name, places in DECIMALS.items()
        if name in made.columns
    ]
    return frame.with_columns(exact)


def in_pandas(made: Table) -> pd.DataFrame:
    """Return a table as a frame of pandas."""
    frame = pd.DataFrame(made.rows, columns=list(made.columns))
    frame = frame.astype({name: TYPES[kind] for name, kind in made.columns.items()})
    for name in DECIMALS.keys() & made.columns.keys():
        exact = [None if pd.isna(text) else Decimal(text) for text in frame[name]]
        frame[name] = pd.Series(exact, dtype="object", index=frame.index)
    return frame


def main(url: str, month: str) -> None:
    """Print the frames of a month, and one figure that is asked of each."""
    with Flow.open(url, read_only=True) as flow, flow.snapshot() as now:
        made = tables(now, month)
    for name, each in made.items():
        print(name, in_polars(each))  # noqa: T201 - its purpose
    print(in_pandas(made["items"]).groupby("state.label").size())  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
