"""A value of another type in any column is named, and no audit stumbles over it.

SQLite keeps what it is given: a text where a number stood, bytes where a text was.
"""

from __future__ import annotations

import shutil
import sqlite3
from datetime import UTC, date, datetime
from itertools import product
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.catalogue.terms import State
from huimin_flow.clock import RehearsalClock, at_hour
from huimin_flow.errors import StepRefused
from huimin_flow.flow import Flow
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.store.core.tables import METADATA
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import tick
from tests.audit.test_every_column import HELD, is_named
from tests.flow.scoring.test_scores import month_of_data
from tests.sampled import sampled
from tests.shell.terminal import Terminal

OTHER_TYPES = {"text": "'abc'", "blob": "x'00ff'", "null": "NULL", "float": "0.5"}

#: By these an audit reads all others: what is wrong in them is tried alone.
FOUNDATIONS = ("huimin_event", "huimin_meta", "huimin_rulebook", "huimin_counter")

REST = [one for one in HELD if one not in FOUNDATIONS]


@pytest.fixture(scope="module")
def lived(book: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file in which every table that events vouch for has a row."""
    file = tmp_path_factory.mktemp("lived") / "huimin.db"
    clock = RehearsalClock(datetime(2023, 10, 9, 2, tzinfo=UTC), seed=7)
    with Flow.found(f"sqlite:///{file}", book, rehearsal=True, clock=clock) as flow:
        desk = Desk(flow, clock)
        number = desk.bring(State.ADJUSTED).number
        flow.items.attach(number, "纪要.txt", "会议纪要".encode(), by=desk.office)
        flow.once("ask").appeals.add_all(desk.appeals(2), by=desk.office)
        with pytest.raises(StepRefused):
            desk.execute(number)
        desk.bring(State.STARRED)
        month_of_data(desk, 10)
        month_of_data(desk, 11)
        clock.set(at_hour(date(2023, 12, 20), 9))
        tick(flow, clock.now())
    return file


@pytest.fixture
def copy(lived: Path, tmp_path: Path) -> Path:
    """The file to be edited by hand."""
    file = tmp_path / "huimin.db"
    shutil.copy(lived, file)
    shutil.copytree(f"{lived}.files", f"{file}.files")
    return file


def columns(table: str) -> list[str]:
    return [column.name for column in METADATA.tables[table].columns]


def edited(
    connection: sqlite3.Connection, table: str, column: str, kind: str
) -> dict[str, Any] | None:
    """Give the last row of a table a value of another type; return the row it was.

    None where nothing stands that could become another type, or where the
    database itself refuses it.
    """
    key = ", ".join(one.name for one in METADATA.tables[table].primary_key)
    last = key.replace(",", " DESC,") + " DESC"
    query = f"SELECT * FROM {table} ORDER BY {last} LIMIT 1"
    connection.row_factory = sqlite3.Row
    row = connection.execute(query).fetchone()
    if row is None or (row[column] is None and kind == "null"):
        return None
    one = f"({key}) = (SELECT {key} FROM {table} ORDER BY {last} LIMIT 1)"
    try:
        connection.execute(
            f'UPDATE {table} SET "{column}" = {OTHER_TYPES[kind]} WHERE {one}'
        )
    except sqlite3.IntegrityError:
        return None
    return dict(row)


#: A place among columns, and a type: by day each of both, by night each with each.
CELLS = sampled(
    product(range(max(len(columns(one)) for one in REST)), OTHER_TYPES),
    itemgetter(0),
    itemgetter(1),
)

#: The same of each column of the foundations, by their tables.
BELOW = sampled(
    [
        (table, column, kind)
        for table in FOUNDATIONS
        for column in columns(table)
        for kind in OTHER_TYPES
    ],
    itemgetter(0, 1),
    itemgetter(0, 2),
)


@pytest.mark.usefixtures("schema_stays")
@pytest.mark.parametrize(("at", "kind"), CELLS)
def test_a_value_of_another_type_in_each_of_many_tables_is_named(
    at: int, kind: str, copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows: dict[str, dict[str, Any]] = {}
    with sqlite3.connect(copy) as connection:
        for table in REST:
            for column in columns(table)[at : at + 1]:
                row = edited(connection, table, column, kind)
                if row is not None:
                    rows[table] = row
    connection.close()
    found = Terminal(capsys, str(copy))("audit", "verify", "--json")
    assert found.code == (1 if rows else 0)
    places = [one["place"] for one in found.value["findings"]]
    unnamed = [
        (table, columns(table)[at])
        for table, row in rows.items()
        if not is_named(METADATA.tables[table], row, places)
    ]
    assert unnamed == [], places


@pytest.mark.usefixtures("schema_stays")
@pytest.mark.parametrize(("table", "column", "kind"), BELOW)
def test_a_value_of_another_type_in_what_all_else_stands_on_is_found(
    table: str, column: str, kind: str, copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect(copy) as connection:
        row = edited(connection, table, column, kind)
    connection.close()
    if row is None:
        return
    found = Terminal(capsys, str(copy))("audit", "verify", "--json")
    assert found.code == 1
    assert table == "huimin_meta" or found.value["findings"]
