"""Every column of every table is held: whatever is edited by hand is named."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Table,
    UniqueConstraint,
    and_,
    delete,
    func,
    insert,
    select,
    update,
)

from huimin_flow.audit.verify import verify
from huimin_flow.store.core.tables import METADATA
from tests.sampled import NIGHTLY

#: What rightly isn't held, and why.
EXCUSED = {
    "huimin_heartbeat": "says only when a service was last alive; it decides nothing",
    "huimin_cursor": "says only how far another system has read",
    "huimin_destination": "says only how far changes were sent, and who sends them",
    "huimin_delivery": "passes: what was sent can be sent again from the history",
    "huimin_job_failure": "passes: it says when an unfinished job is tried again, and"
    " is gone once the job is done; the job ledger is held",
}

HELD = sorted(set(METADATA.tables) - set(EXCUSED))


def places(world: Engine, edit: Any) -> list[str]:
    """Return the places that an audit names after ``edit``, which is rolled back."""
    with world.connect() as connection:
        transaction = connection.begin()
        assert connection.execute(edit).rowcount in {1, -1}  # -1: an insert
        found = [one.place for one in verify(connection).findings]
        transaction.rollback()
    return found


def middle(connection: Connection, table: Table) -> dict[str, Any]:
    """Return the row in the middle of a table, by its key."""
    count = connection.execute(select(func.count()).select_from(table)).scalar_one()
    assert count, f"{table.name} is empty"
    query = select(table).order_by(*table.primary_key).offset(count // 2).limit(1)
    return dict(connection.execute(query).mappings().one())


def row_of(world: Engine, name: str) -> tuple[Table, dict[str, Any]]:
    table = METADATA.tables[name]
    with world.connect() as connection:
        return table, middle(connection, table)


def this(table: Table, row: dict[str, Any]) -> Any:
    return and_(*(one == row[one.name] for one in table.primary_key))


def other(column: Column[Any], old: Any) -> Any:
    """Return another value of a column's own type."""
    kind = column.type.python_type
    if kind is int:
        return (old or 0) + 100_000
    return (old or kind()) + (b"x" if kind is bytes else "x")


def is_named(table: Table, row: dict[str, Any], found: list[str]) -> bool:
    """Tell whether a place names the table, or the stream or batch of its row."""
    words = {table.name}
    if "stream" in row:  # a deleted event may leave no more than its item or batch
        about = row["stream"].rpartition("/")[2]
        words |= {about, f"batch {about.lstrip('0')}"}
    if table.name == "huimin_counter":  # one of a log counts its rows
        words |= {f"huimin_{row['name']}"}
    if "batch" in row:
        words |= {f"batch {row['batch']} "}
    return any(word in place for place in found for word in words)


def test_an_untouched_world_is_clean_and_every_table_of_it_has_rows(
    world: Engine,
) -> None:
    with world.connect() as connection:
        assert verify(connection).findings == ()
        for table in METADATA.tables.values():
            assert middle(connection, table)


@pytest.mark.usefixtures("schema_stays")
@pytest.mark.parametrize("name", HELD)
def test_a_hand_edit_of_any_column_is_named(name: str, world: Engine) -> None:
    table, row = row_of(world, name)
    # Both makes run the same checks: each column is edited on one of them.
    on_server = world.dialect.name == "postgresql"
    unseen = []
    for place, column in enumerate(table.columns):
        if (place % 3 == 0) is not on_server and not NIGHTLY:
            continue
        edited = {column.name: other(column, row[column.name])}
        found = places(world, update(table).where(this(table, row)).values(edited))
        if not is_named(table, row, found):
            unseen.append((column.name, found))
    assert unseen == []


@pytest.mark.usefixtures("schema_stays")
@pytest.mark.parametrize("name", HELD)
def test_a_row_that_is_deleted_by_hand_is_named(name: str, world: Engine) -> None:
    table, row = row_of(world, name)
    assert is_named(table, row, places(world, delete(table).where(this(table, row))))


def differing(table: Table) -> set[str]:
    """Return the columns in which no two rows may agree."""
    unique = {
        column.name
        for one in table.constraints
        if isinstance(one, UniqueConstraint)
        for column in one.columns
    }
    unique |= {c.name for one in table.indexes if one.unique for c in one.columns}
    return unique | {list(table.primary_key)[-1].name}


@pytest.mark.usefixtures("schema_stays")
@pytest.mark.parametrize("name", HELD)
def test_a_row_that_is_added_by_hand_is_named(name: str, world: Engine) -> None:
    table, row = row_of(world, name)
    twin = row | {one: other(table.columns[one], row[one]) for one in differing(table)}
    assert is_named(table, twin, places(world, insert(table).values(twin)))


def test_the_list_of_what_is_not_held_names_tables_that_exist() -> None:
    assert set(EXCUSED) < set(METADATA.tables)
