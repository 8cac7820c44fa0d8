"""Any hand edit of any column of an event, an item or a fact row is found."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text

from huimin_flow.audit.findings import Report
from huimin_flow.audit.verify import verify
from huimin_flow.store import engine as engines
from huimin_flow.store.tables import METADATA
from huimin_flow.terms import State
from huimin_flow.testing import Desk


@pytest.fixture
def edited(desk: Desk, url: str) -> Callable[[str], Report]:
    """Bring an item to its end, edit the database by hand, verify it."""
    desk.bring(State.ADJUSTED)

    def edit(statement: str) -> Report:
        host = engines.open_engine(url)
        with host.begin() as connection:
            assert connection.execute(text(statement)).rowcount >= 1
        host.dispose()
        return desk.flow.read(verify)

    return edit


def test_an_untouched_database_is_clean(desk: Desk) -> None:
    desk.bring(State.ADJUSTED)
    report = desk.flow.read(verify)
    assert report.findings == ()
    assert report.items == 1
    assert report.facts == 51


def columns(*tables: str) -> list[tuple[str, str]]:
    return [
        (table, column.name)
        for table in tables
        for column in METADATA.tables[table].columns
        if (table, column.name) != ("huimin_event", "id")
    ]


def changed(table: str, column: str) -> str:
    kind = str(METADATA.tables[table].columns[column].type)
    if kind == "BLOB":
        return f"decode('00', 'hex') || {column}"
    if kind in {"BIGINT", "INTEGER"}:
        return f"COALESCE({column}, 0) + 1000"
    return f"COALESCE({column}, '') || 'x'"


@pytest.mark.parametrize(
    ("table", "column"),
    columns(
        "huimin_event",
        "huimin_item",
        "huimin_record",
        "huimin_appeal",
        "huimin_link",
        "huimin_progress",
        "huimin_rulebook",
    ),
)
def test_an_edited_column_is_found_and_its_place_named(
    table: str, column: str, edited: Callable[[str], Report], url: str
) -> None:
    value = changed(table, column)
    if url.startswith("sqlite"):
        value = value.replace("decode('00', 'hex') ||", "x'00' ||")
    key = {
        "huimin_event": "position = 3",
        "huimin_record": "kind = 'Deliberation'",
        "huimin_appeal": "line = 5",
        "huimin_link": "line = 5",
    }.get(table, "1 = 1")
    report = edited(f"UPDATE {table} SET {column} = {value} WHERE {key}")
    assert not report.clean
    assert all(one.place for one in report.findings)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM huimin_event WHERE position = 4",
        "DELETE FROM huimin_item",
        "DELETE FROM huimin_record WHERE kind = 'Assessment'",
        "DELETE FROM huimin_link WHERE line = 2",
        "DELETE FROM huimin_appeal WHERE line = 2",
        "DELETE FROM huimin_progress",
        "DELETE FROM huimin_rulebook",
        "UPDATE huimin_appeal_text SET body = '伪造' WHERE line = 1",
        "UPDATE huimin_event SET position = NULL WHERE position = 4",
        "UPDATE huimin_event SET position = NULL WHERE id = (SELECT MAX(id) FROM huimin_event)",
        "UPDATE huimin_counter SET value = value + 1 WHERE name = 'position'",
        "DELETE FROM huimin_counter WHERE name = 'position'",
        "INSERT INTO huimin_link SELECT 77, line, channel, key, item FROM huimin_link",
    ],
)
def test_what_was_deleted_forged_or_slipped_in_is_found(
    statement: str, edited: Callable[[str], Report]
) -> None:
    assert not edited(statement).clean
