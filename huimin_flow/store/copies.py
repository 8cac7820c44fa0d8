"""Copies of a whole database: a SQLite file by SQLite, a server's row by row (S2)."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.errors import StoreRefused
from huimin_flow.store import schema
from huimin_flow.store.core import engine as engines
from huimin_flow.store.core import positions
from huimin_flow.store.core.failures import refusals
from huimin_flow.store.core.tables import (
    COUNTERS,
    EVENTS,
    META,
    METADATA,
    MONTHS,
    REFUSALS,
)

#: How many rows are copied at once.
_ROWS: Final = 5_000


@contextmanager
def closing_engine(engine: Engine) -> Iterator[Engine]:
    """Yield an engine, and close its connections."""
    try:
        yield engine
    finally:
        engine.dispose()


def copy_file(source: Path, copy: Path) -> None:
    """Copy a SQLite file by SQLite itself; writers wait no longer than for a reader.

    Raises:
        StoreRefused: if it can't be read or written, or the copy is not whole.

    """
    quoted = str(source).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    own = sa.create_engine("sqlite://", creator=lambda: sqlite3.connect(copy))
    with (
        refusals(copy),
        closing(sqlite3.connect(f"file:{quoted}?mode=ro", uri=True)) as whole,
        closing_engine(own),
        own.connect() as connection,
    ):
        target: Any = connection.connection.driver_connection
        try:
            whole.backup(target)
        except sqlite3.Error as error:  # it fails as a statement does
            raise OperationalError(None, None, error) from error
        # A file without a log beside it is a backup in one piece.
        connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
        checked = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
    if checked != "ok":
        raise StoreRefused(StoreCode.DAMAGED)
    sync(copy)


def copy_rows(source: Engine, copy: Path) -> None:
    """Copy a server's rows from one snapshot into a file.

    A file counts in rows what a server counts by sequences.
    """
    with (
        closing_engine(engines.open_engine(f"sqlite:///{copy}")) as target,
        engines.reading(source) as theirs,
        engines.writing(target) as own,
    ):
        _empty(own, schema.require(theirs))
        for table in METADATA.sorted_tables:
            _copy_table(theirs, own, table)
        counted = [
            {"name": counter, "value": last}
            for counter, name in positions.sequences(theirs).items()
            if (last := positions.last_value(theirs, name)) is not None
        ]
        if counted:
            own.execute(sa.insert(COUNTERS), counted)


def fill(target: Connection, source: Connection, purpose: str) -> None:
    """Fill a server's database, on which nothing of ours is, from a SQLite file.

    Raises:
        StoreRefused: if there is a database already.

    """
    if schema.schema_version(target) is not None:
        raise StoreRefused(StoreCode.RESTORE_OCCUPIED)
    _empty(target, purpose)
    for table in METADATA.sorted_tables:
        _copy_table(source, target, table)
    by_sequence = positions.sequences(target)
    counters = COUNTERS.c.name.in_(by_sequence)
    for name, last in target.execute(sa.select(COUNTERS).where(counters)).all():
        target.execute(_SET_SEQUENCE, {"name": by_sequence[name], "last": last})
    target.execute(sa.delete(COUNTERS).where(counters))
    for table in (EVENTS, REFUSALS):
        last = target.execute(sa.select(sa.func.max(table.c.id))).scalar()
        if last is not None:
            serial = {"name": f"{table.name}_id_seq", "last": last}
            target.execute(_SET_SEQUENCE, serial)


_SET_SEQUENCE = sa.text("SELECT setval(CAST(:name AS regclass), :last)")


def _empty(target: Connection, purpose: str) -> None:
    """Make our tables without a row."""
    schema.make(target, purpose=purpose)
    for table in (META, COUNTERS):
        target.execute(sa.delete(table))


def _copy_table(source: Connection, target: Connection, table: sa.Table) -> None:
    columns: list[sa.ColumnElement[Any]] = list(table.columns)
    if table is MONTHS:  # a file sums up batches, a server does not
        month, own = MONTHS.c, MONTHS.c.ratings
        key = (month.month, month.unit, month.level)
        up_to = sa.func.sum(own).over(partition_by=key, order_by=month.batch)
        total = up_to if target.dialect.name == "sqlite" else own
        columns[columns.index(month.total)] = sa.cast(total, sa.BigInteger).label(
            month.total.name
        )
    streamed = {"stream_results": True, "yield_per": _ROWS}
    rows = source.execute(sa.select(*columns), execution_options=streamed)
    for portion in rows.mappings().partitions():
        target.execute(sa.insert(table), [dict(row) for row in portion])


def sync(file: Path) -> None:
    """Let a file's content reach the disk."""
    with file.open("rb") as content:
        os.fsync(content.fileno())
