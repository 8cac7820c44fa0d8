"""The databases that tests stand on: what one test did, the next never sees."""

from __future__ import annotations

import psycopg
import pytest

from huimin_flow.catalogue.terms import State
from huimin_flow.flow import Flow
from huimin_flow.testing import Desk
from tests.conftest import usual_clock
from tests.databases import Pool


def contents(pool: Pool, name: str) -> dict[str, list[tuple[object, ...]]]:
    with psycopg.connect(f"{pool.server}/{name}") as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        return {
            one: sorted(connection.execute(f"SELECT * FROM {one}").fetchall(), key=repr)
            for (one,) in tables
        }


def test_a_database_that_was_lived_in_is_swept_to_its_founding(pool: Pool) -> None:
    name = pool.take()
    clock = usual_clock()
    with Flow.open(f"{pool.server}/{name}", clock=clock) as flow:
        desk = Desk(flow, clock)
        desk.bring(State.ADJUSTED)
        flow.appeals.add_all(desk.appeals(3), by=desk.office)
    assert contents(pool, name) != contents(pool, pool.template)
    pool.give(name)
    assert pool.take() == name
    assert contents(pool, name) == contents(pool, pool.template)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE SCHEMA mine",
        "CREATE TABLE mine (a INTEGER)",
        "ALTER TABLE huimin_item ADD COLUMN mine TEXT",
        "ALTER TABLE huimin_item ALTER COLUMN number SET DEFAULT ''",
        "ALTER TABLE huimin_item ALTER COLUMN number TYPE VARCHAR",
        "CREATE FUNCTION mine() RETURNS INTEGER LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE huimin_item ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY mine ON huimin_item USING (true)",
        "CREATE INDEX mine ON huimin_item (number)",
        "CREATE RULE mine AS ON DELETE TO huimin_item DO INSTEAD NOTHING",
        "GRANT SELECT ON huimin_item TO PUBLIC",
        "DROP TABLE huimin_link",
    ],
)
def test_a_database_of_another_shape_is_dropped(pool: Pool, statement: str) -> None:
    name = pool.take()
    with psycopg.connect(f"{pool.server}/{name}", autocommit=True) as connection:
        connection.execute(statement)
    pool.give(name)
    assert pool.take() != name


def test_a_database_that_somebody_holds_is_dropped(pool: Pool) -> None:
    name = pool.take()
    holder = psycopg.connect(f"{pool.server}/{name}")
    holder.execute("LOCK TABLE huimin_item")
    pool.give(name)
    assert pool.take() != name
    holder.close()
