"""What kind of value each column keeps: SQLite takes a text where bytes belong.

Such a value reads the same and hashes the same, so only its kind tells that
somebody put it there. PostgreSQL keeps no other kind than its column's.

1. Every column keeps values of its own kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, func, or_, select

from huimin_flow.audit.ledger import Ledger
from huimin_flow.catalogue.terms import Flaw
from huimin_flow.store.facts import APPEAL_TEXTS, FACT_TABLES
from huimin_flow.store.rating_tables import ROLLUPS
from huimin_flow.store.schema import METADATA
from huimin_flow.store.tables import HeartbeatRow, JobFailureRow, table_of

#: How SQLite calls what a column of a Python type keeps.
_KINDS: dict[type, str] = {int: "integer", str: "text", bytes: "blob"}

#: What passes, and decides nothing.
_PASSING = (table_of(HeartbeatRow), table_of(JobFailureRow))

#: Facts and their sums are recomputed from values of their kinds; texts of voices
#: are held with their batch.
_ELSEWHERE = frozenset({*FACT_TABLES.values(), APPEAL_TEXTS, *ROLLUPS, *_PASSING})


def hold_kinds(ledger: Ledger) -> None:
    """Name every column that keeps a value of another kind than its own."""
    for table in METADATA.tables.values():
        if table not in _ELSEWHERE:
            for column, kind in odd_kinds(ledger.connection, table):
                place = f"{table.name} {column}"
                ledger.found(Flaw.COLUMN_MISMATCH, place, kind, law="kinds 1")
            ledger.pause()


def odd_kinds(
    connection: Connection, table: Table, *where: ColumnElement[bool]
) -> Iterator[tuple[str, str]]:
    """Yield the columns of a table, with the row, whose value is of another kind."""
    if connection.dialect.name != "sqlite":
        return
    kinds, query = _asked(table)
    for row in connection.execute(query.where(*where)).mappings():
        for name, kind in kinds.items():
            told: Any = row[f"kind_{name}"]
            if told not in {kind, "null"}:
                key = (str(row[one.name]) for one in table.primary_key)
                yield " ".join([name, *key]), told


@cache
def _asked(table: Table) -> tuple[dict[str, str], Select[Any]]:
    """Return the kind of each column, and the question for rows of another one.

    It hangs on the table's columns alone, and is asked for row after row.
    """
    kinds = {one.name: _KINDS[one.type.python_type] for one in table.columns}
    told = {name: func.typeof(table.c[name]) for name in kinds}
    odd = or_(*(told[name].not_in([kind, "null"]) for name, kind in kinds.items()))
    labels = (one.label(f"kind_{name}") for name, one in told.items())
    return kinds, select(*table.primary_key, *labels).where(odd)
