"""The tables of ratings and their rollups (D3): rows that decide nothing.

They lie by their key on SQLite too: a batch is appended, a month is one range.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import BigInteger, Column, Index, Integer, Text, UniqueConstraint, text
from sqlmodel import Field

from huimin_flow.store.core.tables import Row, table_of

#: The lower two levels, as the index knows them; words of ``RatingLevel``.
BAD_LEVELS = text("level IN ('dissatisfied', 'very_dissatisfied')")

_BY_KEY: dict[str, Any] = {"sqlite_with_rowid": False}


class RatingRow(Row, table=True):
    """One rating; its transaction is rated once."""

    __tablename__ = "huimin_rating"
    __table_args__: ClassVar[tuple[Any, ...]] = (
        UniqueConstraint("transaction", name="huimin_rating_transaction"),
        Index(
            "huimin_rating_bad",
            "at",
            "unit",
            sqlite_where=BAD_LEVELS,
            postgresql_where=BAD_LEVELS,
        ),
        _BY_KEY,
    )
    batch: int = Field(sa_column=Column(BigInteger, primary_key=True))
    line: int = Field(sa_column=Column(Integer, primary_key=True))
    transaction: str = Field(sa_type=Text)
    unit: str = Field(sa_type=Text)
    item: str = Field(sa_type=Text)
    window: str = Field(sa_type=Text)
    person: str = Field(sa_type=Text)
    who: str = Field(sa_type=Text)
    channel: str = Field(sa_type=Text)
    level: str = Field(sa_type=Text)
    at: str = Field(sa_type=Text)


class RatingScoreRow(Row, table=True):
    """How many ratings of a level a unit had on a day, by batch."""

    __tablename__ = "huimin_rating_score"
    __table_args__: ClassVar[tuple[Any, ...]] = (_BY_KEY,)
    day: str = Field(sa_column=Column(Text, primary_key=True))
    unit: str = Field(sa_column=Column(Text, primary_key=True))
    level: str = Field(sa_column=Column(Text, primary_key=True))
    batch: int = Field(sa_column=Column(BigInteger, primary_key=True))
    ratings: int = Field(sa_type=BigInteger)


class RatingMonthRow(Row, table=True):
    """How many ratings of a level a unit had in a month, by batch.

    On SQLite ``total`` counts those of the batch and of all before it: what was known
    at a cut is one row of each unit and level, however many batches there are. On
    PostgreSQL, where many write, it counts those of the batch alone.
    """

    __tablename__ = "huimin_rating_month"
    __table_args__: ClassVar[tuple[Any, ...]] = (_BY_KEY,)
    month: str = Field(sa_column=Column(Text, primary_key=True))
    unit: str = Field(sa_column=Column(Text, primary_key=True))
    level: str = Field(sa_column=Column(Text, primary_key=True))
    batch: int = Field(sa_column=Column(BigInteger, primary_key=True))
    ratings: int = Field(sa_type=BigInteger)
    total: int = Field(sa_type=BigInteger)


class RatingCoverageRow(Row, table=True):
    """How many ratings an item had by a channel in a month, by batch.

    ``windows`` and ``people`` count the ratings that name a window, a person.
    """

    __tablename__ = "huimin_rating_coverage"
    __table_args__: ClassVar[tuple[Any, ...]] = (_BY_KEY,)
    month: str = Field(sa_column=Column(Text, primary_key=True))
    item: str = Field(sa_column=Column(Text, primary_key=True))
    channel: str = Field(sa_column=Column(Text, primary_key=True))
    batch: int = Field(sa_column=Column(BigInteger, primary_key=True))
    ratings: int = Field(sa_type=BigInteger)
    windows: int = Field(sa_type=BigInteger)
    people: int = Field(sa_type=BigInteger)


RATINGS = table_of(RatingRow)
SCORES = table_of(RatingScoreRow)
MONTHS = table_of(RatingMonthRow)
COVERAGE = table_of(RatingCoverageRow)

#: What a batch sums to, in the order in which it is summed.
ROLLUPS = (SCORES, MONTHS, COVERAGE)
