"""Flow in a host's transaction, by whatever driver the host has one."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.ext.asyncio import create_async_engine

from huimin_flow.errors import StepRefused, StoreRefused
from huimin_flow.flow import Flow
from huimin_flow.testing import Desk
from tests.flow.core.test_host import DEMAND

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}


def asynchronous(url: str) -> str:
    make, rest = url.split(":", 1)
    return f"{DRIVERS[make]}:{rest}"


def in_a_loop(work: Coroutine[Any, Any, Any]) -> Any:
    """Run asynchronous work in a thread without a loop.

    Another test of this worker may hold a browser, whose loop runs in this thread.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def in_async(
    url: str, work: Callable[[Connection], Any], *, commits: bool, **options: Any
) -> Any:
    """Do work in a transaction of an async engine; a failure is raised."""

    async def run() -> Any:
        engine = create_async_engine(asynchronous(url), **options)
        try:
            async with engine.connect() as connection:
                result = await connection.run_sync(work)
                await (connection.commit() if commits else connection.rollback())
                return result
        finally:
            await engine.dispose()

    return in_a_loop(run())


@pytest.mark.parametrize("commits", [True, False])
def test_an_async_hosts_transaction_holds_both_or_neither(
    desk: Desk, url: str, *, commits: bool
) -> None:
    def work(connection: Connection) -> str:
        bound = Flow.bind(connection, clock=desk.clock)
        made = bound.items.collect(DEMAND, by=desk.operator)
        connection.execute(text("CREATE TABLE host_case (name TEXT)"))
        with pytest.raises(StepRefused):
            bound.items.execute(made.number, [], by=desk.operator)
        return made.number

    number = in_async(url, work, commits=commits)
    assert [one.number for one in desk.flow.items.list()] == (
        [number] if commits else []
    )


def test_an_async_engine_that_commits_by_itself_is_refused(
    desk: Desk, url: str
) -> None:
    def work(connection: Connection) -> None:
        with pytest.raises(StoreRefused) as refused:
            Flow.bind(connection, clock=desk.clock)
        assert refused.value.code == "commits_alone"

    in_async(url, work, commits=True, isolation_level="AUTOCOMMIT")


def test_an_async_host_that_begins_by_hand_is_joined(
    file_desk: Desk, file_url: str
) -> None:
    def work(connection: Connection) -> None:
        Flow.bind(connection, clock=file_desk.clock).items.collect(
            DEMAND, by=file_desk.operator
        )

    async def run() -> None:
        engine = create_async_engine(
            asynchronous(file_url), connect_args={"isolation_level": None}
        )
        event.listen(
            engine.sync_engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE")
        )
        async with engine.connect() as connection:
            await connection.run_sync(work)
            await connection.rollback()
            await connection.run_sync(work)
            await connection.commit()
        await engine.dispose()

    in_a_loop(run())
    assert len(file_desk.flow.items.list()) == 1


class Silent(sqlite3.Connection):
    """A driver that doesn't tell whether a transaction is open."""

    @property
    def in_transaction(self) -> bool:
        raise AttributeError("in_transaction")


class Deaf(sqlite3.Connection):
    """A driver whose commit and rollback do nothing."""

    def commit(self) -> None:
        """Do nothing."""

    def rollback(self) -> None:
        """Do nothing."""


@pytest.mark.parametrize("commits", [True, False])
def test_a_driver_that_tells_nothing_is_known_by_what_it_does(
    file_desk: Desk, file_url: str, *, commits: bool
) -> None:
    host = create_engine(file_url, connect_args={"factory": Silent})
    with host.connect() as connection:
        bound = Flow.bind(connection, clock=file_desk.clock)
        for _ in range(2):
            bound.items.collect(DEMAND, by=file_desk.operator)
        if commits:
            connection.commit()
    assert len(file_desk.flow.items.list()) == (2 if commits else 0)
    host.dispose()


def test_a_driver_whose_commit_does_nothing_is_refused_and_leaves_the_file_free(
    file_desk: Desk, file_url: str
) -> None:
    host = create_engine(file_url, connect_args={"factory": Deaf})
    with host.connect() as connection:
        with pytest.raises(StoreRefused) as refused:
            Flow.bind(connection, clock=file_desk.clock)
        assert refused.value.code == "commits_alone"
        assert file_desk.collect().version == 1
    host.dispose()


NEW = pytest.mark.skipif(
    sys.version_info < (3, 12), reason="sqlite3 has autocommit= from Python 3.12 on"
)


@NEW
@pytest.mark.parametrize("by_hand", [True, False])
@pytest.mark.parametrize("make", ["sqlite", "sqlite+aiosqlite"])
def test_autocommit_of_the_driver_itself_is_refused(
    file_desk: Desk, file_url: str, make: str, *, by_hand: bool
) -> None:
    def work(connection: Connection) -> None:
        with pytest.raises(StoreRefused) as refused:
            Flow.bind(connection, clock=file_desk.clock)
        assert refused.value.code == "commits_alone"

    arguments = {"connect_args": {"autocommit": True}}

    async def run() -> None:
        engine = create_async_engine(asynchronous(file_url), **arguments)
        if by_hand:
            event.listen(
                engine.sync_engine, "begin", lambda c: c.exec_driver_sql("BEGIN")
            )
        async with engine.connect() as connection:
            await connection.run_sync(work)
        await engine.dispose()

    if make == "sqlite":
        host = create_engine(file_url, **arguments)
        if by_hand:
            event.listen(host, "begin", lambda c: c.exec_driver_sql("BEGIN"))
        with host.connect() as connection:
            work(connection)
        host.dispose()
    else:
        in_a_loop(run())
    assert file_desk.collect().version == 1


@NEW
@pytest.mark.parametrize("commits", [True, False])
def test_a_driver_with_transactions_of_pep_249_holds_both_or_neither(
    file_desk: Desk, file_url: str, *, commits: bool
) -> None:
    host = create_engine(file_url, connect_args={"autocommit": False})
    with host.connect() as connection:
        bound = Flow.bind(connection, clock=file_desk.clock)
        bound.items.collect(DEMAND, by=file_desk.operator)
        if commits:
            connection.commit()
    host.dispose()
    assert len(file_desk.flow.items.list()) == int(commits)
