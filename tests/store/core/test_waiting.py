"""A writer waits for others up to one deadline, its waiting at COMMIT included."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import copy_context
from typing import TypeVar

import pytest
from sqlalchemy import Connection

from huimin_flow.errors import StoreBusy
from huimin_flow.store.core import driver
from huimin_flow.store.core import engine as engines
from huimin_flow.testing import Desk

T = TypeVar("T")


@pytest.fixture
def deadline(monkeypatch: pytest.MonkeyPatch) -> float:
    """Half a second in all."""
    monkeypatch.setattr(engines, "_DEADLINE", 0.5)
    return 0.5


@contextmanager
def elsewhere(block: AbstractContextManager[T]) -> Iterator[T]:
    """Enter a block as another task or thread does, not as the caller."""
    own = copy_context()
    yield own.run(block.__enter__)
    own.run(block.__exit__, None, None, None)


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
    with elsewhere(engines.reading(reader)) as connection:
        connection.exec_driver_sql("SELECT COUNT(*) FROM huimin_event").scalar()
        assert deadline <= elapsed(file_desk) < 4 * deadline
    reader.dispose()
    assert file_desk.collect().version == 1


@pytest.mark.skipif(
    engines.journal_mode()[0] == "WAL", reason="in WAL nobody waits for readers"
)
@pytest.mark.usefixtures("file_desk", "deadline")
def test_a_commit_waits_for_a_reader_and_the_act_is_not_done_again(
    file_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, writer = engines.open_engine(file_url), engines.open_engine(file_url)
    with ExitStack() as stack:
        begun = stack.enter_context(elsewhere(engines.reading(reader)))
        begun.exec_driver_sql("SELECT COUNT(*) FROM huimin_event").scalar()
        honest, done = vars(driver)["command"], []

        def command(connection: Connection, text: str) -> None:
            if text.startswith("PRAGMA busy_timeout=") and not text.endswith("=0"):
                stack.close()  # the reader ends while the commit waits
            honest(connection, text)

        def act(connection: Connection) -> None:
            done.append(connection)
            connection.exec_driver_sql("UPDATE huimin_meta SET value = value")

        monkeypatch.setattr(driver, "command", command)
        engines.in_transaction(writer, act)
    assert len(done) == 1
    reader.dispose()
    writer.dispose()


def test_a_writer_who_waits_for_a_writer_gives_up_at_the_deadline(
    file_desk: Desk,
    file_url: str,
    deadline: float,
    caplog: pytest.LogCaptureFixture,
) -> None:
    other = engines.open_engine(file_url)
    with engines.writing(other):
        assert deadline <= elapsed(file_desk) < 4 * deadline
    told = [vars(each) for each in caplog.records if each.name == "huimin_flow.waits"]
    assert [(each["given_up"], each["code"]) for each in told] == [(True, "busy")]
    assert told[0]["seconds"] >= deadline
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
