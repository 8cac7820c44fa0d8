"""What somebody added to our schema by hand, or took from it, is named."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import Flaw
from huimin_flow.flow.core.door import door_of
from huimin_flow.store import schema
from huimin_flow.store.core import engine as engines
from huimin_flow.testing import Desk

#: A trigger that throws away whatever is written about items.
SQLITE_TRIGGER = (
    "CREATE TRIGGER quiet BEFORE UPDATE ON huimin_item BEGIN SELECT RAISE(IGNORE); END"
)
POSTGRESQL_TRIGGER = (
    "CREATE FUNCTION quiet() RETURNS trigger AS 'BEGIN RETURN NULL; END'"
    " LANGUAGE plpgsql; CREATE TRIGGER quiet BEFORE UPDATE ON huimin_item"
    " FOR EACH ROW EXECUTE FUNCTION quiet()"
)

#: An index of the same name that lets two rows have one number.
NOT_UNIQUE = (
    "DROP INDEX huimin_refusal_n;CREATE INDEX huimin_refusal_n ON huimin_refusal (n)"
)

#: An index of the same name that compares the numbers of few rows only.
NOT_OF_ALL = (
    "DROP INDEX huimin_refusal_n;"
    "CREATE UNIQUE INDEX huimin_refusal_n ON huimin_refusal (n) WHERE n > 99"
)


def places(desk: Desk, url: str, statement: str) -> set[str]:
    host = engines.open_engine(url)
    with host.begin() as connection:
        connection.execute(text(statement))
    host.dispose()
    found = door_of(desk.flow).read(verify).findings
    assert {one.flaw for one in found} <= {Flaw.SCHEMA_MISMATCH}
    return {one.place for one in found}


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("CREATE TABLE huimin_extra (a INTEGER)", "huimin_extra table"),
        ("CREATE VIEW huimin_look AS SELECT 1 AS a", "huimin_look view huimin_look"),
        ("CREATE INDEX quick ON huimin_item (area)", "huimin_item index quick"),
        ("CREATE INDEX odd ON huimin_item (lower(area))", "huimin_item index odd"),
        ("ALTER TABLE huimin_item ADD COLUMN hint TEXT", "huimin_item column hint"),
        ("DROP INDEX huimin_item_state", "huimin_item index huimin_item_state"),
        ("DROP TABLE huimin_heartbeat", "huimin_heartbeat table"),
        (
            NOT_UNIQUE,
            "huimin_refusal index huimin_refusal_n",
        ),
        (
            NOT_OF_ALL,
            "huimin_refusal index huimin_refusal_n",
        ),
        ("TRIGGER", "huimin_item trigger quiet"),
    ],
)
def test_what_was_added_or_dropped_by_hand_is_named(
    statement: str, place: str, desk: Desk, url: str
) -> None:
    sqlite = url.startswith("sqlite")
    if statement == "TRIGGER":
        statement = SQLITE_TRIGGER if sqlite else POSTGRESQL_TRIGGER
    if sqlite and not statement.startswith("CREATE TRIGGER"):
        *first, statement = statement.split(";")
        for one in first:
            places(desk, url, one)
    assert place in places(desk, url, statement)


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        (
            "ALTER TABLE huimin_event DROP CONSTRAINT huimin_event_stream_n",
            "huimin_event unique huimin_event_stream_n",
        ),
        (
            "ALTER TABLE huimin_item ALTER COLUMN unit DROP NOT NULL",
            "huimin_item column unit",
        ),
        (
            "ALTER TABLE huimin_item ADD CONSTRAINT few CHECK (version < 9)",
            "huimin_item check few",
        ),
        (
            "CREATE RULE deaf AS ON DELETE TO huimin_link DO INSTEAD NOTHING",
            "huimin_link rule deaf",
        ),
        (
            "CREATE POLICY mine ON huimin_item USING (unit = 'x')",
            "huimin_item policy mine",
        ),
    ],
)
def test_a_constraint_rule_or_policy_on_postgresql_is_named(
    statement: str, place: str, desk: Desk, url: str
) -> None:
    if url.startswith("sqlite"):
        pytest.skip("SQLite knows no such statement")
    assert place in places(desk, url, statement)


def test_what_a_host_keeps_beside_ours_is_its_own(desk: Desk, url: str) -> None:
    statement = "CREATE TABLE host_thing (a INTEGER)"
    assert places(desk, url, statement) == set()


def test_a_file_as_it_was_founded_is_compared_without_reflection(
    desk: Desk, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if url.startswith("postgresql"):
        pytest.skip("PostgreSQL keeps no statements")
    monkeypatch.setattr(schema, "_stored_parts", None)  # nobody may call it
    assert door_of(desk.flow).read(schema.differences) == []
