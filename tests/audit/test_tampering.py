"""Any hand edit of any column of an event, an item or a fact row is found."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import Connection, text

from huimin_flow.audit.findings import AuditReport
from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import State
from huimin_flow.errors import StoreRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.store.core import engine as engines
from huimin_flow.store.core.tables import METADATA
from huimin_flow.testing import Desk
from tests.audit.conftest import Edit


@pytest.fixture
def edited(hand: Connection, edit: Edit) -> Callable[[str], AuditReport]:
    """Edit the one life by hand, verify it."""

    def look(statement: str) -> AuditReport:
        edit(statement)
        return verify(hand)

    return look


def test_an_untouched_database_is_clean(desk: Desk) -> None:
    number = desk.bring(State.ADJUSTED).number
    survey = desk.flow.surveys.list(item=number)[0]
    report = door_of(desk.flow).read(verify)
    assert report.findings == ()
    assert report.items == 1
    # Appeals with their links, one figure, and a survey's codes with their answers.
    assert report.facts == 50 + 1 + 2 * survey.drawn


def columns(*tables: str) -> list[tuple[str, str]]:
    return [
        (table, column.name)
        for table in tables
        for column in METADATA.tables[table].columns
    ]


def changed(table: str, column: str) -> str:
    kind = str(METADATA.tables[table].columns[column].type)
    if kind == "BLOB":
        return f"decode('00', 'hex') || {column}"
    if (table, column) == ("huimin_event", "id"):
        return "999999"
    if kind in {"BIGINT", "INTEGER"}:
        return f"COALESCE({column}, 0) + 1000"
    return f"COALESCE({column}, '') || 'x'"


@pytest.mark.usefixtures("schema_stays")
@pytest.mark.parametrize(
    ("table", "column"),
    columns(
        "huimin_event",
        "huimin_item",
        "huimin_record",
        "huimin_appeal",
        "huimin_link",
        "huimin_progress",
        "huimin_survey_code",
        "huimin_survey_answer",
        "huimin_rulebook",
    ),
)
def test_an_edited_column_is_found_and_its_place_named(
    table: str, column: str, edited: Callable[[str], AuditReport], hand: Connection
) -> None:
    value = changed(table, column)
    if hand.dialect.name == "sqlite":
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
        "DELETE FROM huimin_survey_answer WHERE level = 'dissatisfied'",
        "DELETE FROM huimin_survey_code WHERE line = 7",
        "DELETE FROM huimin_rulebook",
        "UPDATE huimin_appeal_text SET sealed = (SELECT leaf FROM huimin_event WHERE position = 1) WHERE line = 1",
        "UPDATE huimin_event SET position = NULL WHERE position = 4",
        "UPDATE huimin_event SET position = NULL WHERE id = (SELECT MAX(id) FROM huimin_event)",
        "UPDATE huimin_counter SET value = value + 1 WHERE name = 'position'",
        "DELETE FROM huimin_counter WHERE name = 'position'",
        "UPDATE huimin_event SET id = 999999 WHERE id = 1",
        "UPDATE huimin_event SET id = 0 WHERE position = 4",
        "UPDATE huimin_event SET id = id + 1000 WHERE id = (SELECT MAX(id) FROM huimin_event)",
        "DELETE FROM huimin_appeal_text",
        "DELETE FROM huimin_appeal_text WHERE line = 2",
        "UPDATE huimin_appeal_text SET batch = batch + 500",
        "UPDATE huimin_appeal_text SET line = line + 500 WHERE line = 2",
        "INSERT INTO huimin_appeal_text SELECT batch, 500, sealed FROM huimin_appeal_text WHERE line = 1",
        "INSERT INTO huimin_payload SELECT 'item/2023-000001', 1, sealed, '' FROM huimin_appeal_text WHERE line = 1",
        "UPDATE huimin_meta SET value = 'production' WHERE key = 'purpose'",
        "DELETE FROM huimin_meta WHERE key = 'purpose'",
        "INSERT INTO huimin_link SELECT 77, line, channel, key, item FROM huimin_link",
    ],
)
def test_what_was_deleted_forged_or_slipped_in_is_found(
    statement: str, edited: Callable[[str], AuditReport]
) -> None:
    assert not edited(statement).clean


def test_row_numbers_that_two_events_of_one_act_swapped_are_found(
    edited: Callable[[str], AuditReport], edit: Edit
) -> None:
    edit("UPDATE huimin_event SET id = 5000 WHERE step = 'enlist'")
    rank = "step = 'supplement' AND stream = 'list/2099/city'"
    edit(f"UPDATE huimin_event SET id = id - 1 WHERE {rank}")
    back = f"(SELECT id + 1 FROM huimin_event WHERE {rank})"
    report = edited(f"UPDATE huimin_event SET id = {back} WHERE id = 5000")
    assert [one.place for one in report.findings] == ["list/2099/city #2 id"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE huimin_meta SET value = 'production' WHERE key = 'purpose'",
        "UPDATE huimin_meta SET value = 'x' WHERE key = 'purpose'",
        "DELETE FROM huimin_meta WHERE key = 'purpose'",
        "UPDATE huimin_schema SET version_num = x'30303035'",
    ],
)
def test_a_database_whose_purpose_or_version_was_edited_is_refused_in_words(
    statement: str, desk: Desk, url: str, book: Rulebook
) -> None:
    if not url.startswith("sqlite") and "x'" in statement:
        pytest.skip("PostgreSQL keeps a column's type")
    desk.collect()
    host = engines.open_engine(url)
    with host.begin() as connection:
        assert connection.execute(text(statement)).rowcount >= 1
    host.dispose()
    for asked in (Flow.open, partial(Flow.found, book=book)):
        with pytest.raises(StoreRefused, match=r"huimin_(meta|schema)"):
            asked(url)
