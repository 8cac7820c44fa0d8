"""A writer waits for others up to one deadline, its waiting at COMMIT included."""

from __future__ import annotations

import sqlite3
import time

import pytest
from sqlalchemy import Connection

from huimin_flow.errors import StoreBusy
from huimin_flow.store.core import engine as engines
from huimin_flow.testing import Desk


@pytest.fixture
def deadline(monkeypatch: pytest.MonkeyPatch) -> float:
    """Half a second in all."""
    monkeypatch.setattr(engines, "_DEADLINE", 0.5)
    return 0.5


def elapsed(desk: Desk) -> float:
    begun = time.monotonic()
    with pytest.raises(StoreBusy):
        desk.collect()
    return time.monotonic() - begun


@pytest.mark.skipif(
    engines.journal_mode()[0] == "WAL", reason="in WAL nobody waits for readers"
)
def test_a_writer_who_waits_for_a_reader_at_commit_gives_up_at_the_deadline(
    file_desk: Desk, file_url: str, deadline: float
) -> None:
    reader = engines.open_engine(file_url)
    with engines.reading(reader) as connection:
        connection.exec_driver_sql("SELECT COUNT(*) FROM huimin_event").scalar()
        assert deadline <= elapsed(file_desk) < 4 * deadline
    reader.dispose()
    assert file_desk.collect().version == 1


def test_a_writer_who_waits_for_a_writer_gives_up_at_the_deadline(
    file_desk: Desk, file_url: str, deadline: float
) -> None:
    other = engines.open_engine(file_url)
    with engines.writing(other):
        assert deadline <= elapsed(file_desk) < 4 * deadline
    other.dispose()
    assert file_desk.collect().version == 1


@pytest.mark.usefixtures("file_desk")
def test_a_writing_transaction_holds_the_database_before_it_has_written(
    file_url: str,
) -> None:
    path = file_url.removeprefix("sqlite:///")
    other = sqlite3.connect(path, timeout=0, isolation_level=None)
    begun = []

    def act(connection: Connection) -> None:
        begun.append(connection)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")

    engine = engines.open_engine(file_url)
    engines.in_transaction(engine, act)
    engine.dispose()
    assert begun
    other.execute("BEGIN IMMEDIATE")
    other.close()
