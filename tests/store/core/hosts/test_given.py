"""What a host gives instead of a connection, or a connection that goes no further."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from huimin_flow.catalogue.reasons import Language, speaking
from huimin_flow.errors import HuiminError, InputRefused, StoreRefused
from huimin_flow.flow import Flow
from huimin_flow.testing import Desk
from tests.flow.core.test_drivers import asynchronous, in_a_loop, in_async
from tests.flow.core.test_host import DEMAND


def numbers(desk: Desk) -> list[str]:
    return [item.number for item in desk.flow.items.list()]


GIVEN: dict[str, tuple[Callable[[Engine, str], Any], str, str]] = {
    "Session": (lambda host, _: Session(host), "session_given", "session.connection()"),
    "scoped_session": (
        lambda host, _: scoped_session(sessionmaker(host)),
        "session_given",
        "session.connection()",
    ),
    "Engine": (lambda host, _: host, "engine_given", "engine.begin()"),
    "AsyncEngine": (
        lambda _, url: create_async_engine(asynchronous(url)),
        "async_engine_given",
        "run_sync",
    ),
    "AsyncConnection": (
        lambda _, url: create_async_engine(asynchronous(url)).connect(),
        "async_given",
        "run_sync",
    ),
    "AsyncSession": (
        lambda _, url: AsyncSession(create_async_engine(asynchronous(url))),
        "async_given",
        "run_sync",
    ),
    "str": (lambda _, url: url, "no_connection", "engine.connect()"),
    "NoneType": (lambda *_: None, "no_connection", "engine.connect()"),
}


@pytest.mark.parametrize("kind", GIVEN)
def test_what_is_no_connection_is_refused_with_what_to_pass_instead(
    desk: Desk, host: Engine, url: str, kind: str
) -> None:
    make, code, advice = GIVEN[kind]
    with pytest.raises(InputRefused) as refused:
        Flow.bind(make(host, url), clock=desk.clock)
    assert refused.value.code == code
    with speaking(Language.ENGLISH):
        assert kind in str(refused.value)
        assert advice in refused.value.remedy
    assert numbers(desk) == []


def test_what_is_advised_works(desk: Desk, host: Engine) -> None:
    with Session(host) as session:
        bound = Flow.bind(session.connection(), clock=desk.clock)
        first = bound.items.collect(DEMAND, by=desk.operator).number
        session.commit()
    with host.begin() as connection:
        bound = Flow.bind(connection, clock=desk.clock)
        second = bound.items.collect(DEMAND, by=desk.operator).number
    assert numbers(desk) == [first, second]


def test_an_asynchronous_connection_is_used_within_run_sync_only(
    desk: Desk, url: str
) -> None:
    flows: list[Flow] = []

    async def run() -> None:
        engine = create_async_engine(asynchronous(url))
        async with engine.connect() as connection:
            await connection.run_sync(
                lambda own: flows.append(Flow.bind(own, clock=desk.clock))
            )
            own = connection.sync_connection
            assert own is not None
            for use in (
                lambda: Flow.bind(own, clock=desk.clock),
                lambda: flows[0].items.collect(DEMAND, by=desk.operator),
                flows[0].items.list,
            ):
                with pytest.raises(StoreRefused) as refused:
                    use()
                assert refused.value.code == "outside_run_sync"
        await engine.dispose()

    in_a_loop(run())
    assert numbers(desk) == []


def uses(bound: Flow, desk: Desk, number: str) -> list[Callable[[], object]]:
    """Return an act and a question."""
    return [
        lambda: bound.items.collect(DEMAND, by=desk.operator),
        lambda: bound.items.get(number),
        lambda: bound.snapshot().__enter__(),
    ]


def codes(bound: Flow, desk: Desk, number: str) -> set[str]:
    """Return the codes with which an act, a question and a snapshot are refused."""
    found = set()
    for use in uses(bound, desk, number):
        with pytest.raises(StoreRefused) as refused:
            use()
        found.add(refused.value.code)
    return found


def test_a_closed_connection_is_refused(desk: Desk, host: Engine) -> None:
    number = desk.collect().number
    with host.connect() as connection:
        bound = Flow.bind(connection, clock=desk.clock)
    assert codes(bound, desk, number) == {"connection_closed"}
    with pytest.raises(StoreRefused):
        Flow.bind(connection, clock=desk.clock)
    assert numbers(desk) == [number]


def test_a_host_that_commits_in_between_is_told_that_its_block_has_ended(
    desk: Desk, host: Engine
) -> None:
    with host.begin() as connection:
        bound = Flow.bind(connection, clock=desk.clock)
        first = bound.items.collect(DEMAND, by=desk.operator).number
        connection.commit()
        assert codes(bound, desk, first) == {"transaction_ended"}
    assert numbers(desk) == [first]


def test_a_host_that_rolls_back_in_between_is_told_so(desk: Desk, host: Engine) -> None:
    with host.begin() as connection:
        bound = Flow.bind(connection, clock=desk.clock)
        bound.items.collect(DEMAND, by=desk.operator)
        connection.rollback()
        assert codes(bound, desk, "2023-000001") == {"transaction_ended"}
    assert numbers(desk) == []


def test_a_connection_without_a_block_begins_again_after_its_commit(
    desk: Desk, host: Engine
) -> None:
    with host.connect() as connection:
        bound = Flow.bind(connection, clock=desk.clock)
        first = bound.items.collect(DEMAND, by=desk.operator).number
        connection.commit()
        assert bound.items.get(first).number == first
        bound.items.collect(DEMAND, by=desk.operator)
        connection.rollback()
    assert numbers(desk) == [first]


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_transaction_that_failed_on_postgresql_takes_nothing_until_its_rollback(
    desk: Desk, host: Engine
) -> None:
    kept = desk.collect().number
    with host.connect() as connection:
        bound = Flow.bind(connection, clock=desk.clock)
        bound.items.collect(DEMAND, by=desk.operator)
        with pytest.raises(DBAPIError):
            connection.execute(text("SELECT 1/0"))
        assert codes(bound, desk, kept) == {"transaction_failed"}
        with pytest.raises(StoreRefused):
            Flow.bind(connection, clock=desk.clock)
        connection.rollback()
        assert bound.items.get(kept).number == kept
        second = bound.items.collect(DEMAND, by=desk.operator).number
        connection.commit()
    assert numbers(desk) == [kept, second]


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_failed_statement_costs_an_async_host_no_more_than_its_savepoint(
    desk: Desk, url: str
) -> None:
    def work(connection: Connection) -> str:
        bound = Flow.bind(connection, clock=desk.clock)
        first = bound.items.collect(DEMAND, by=desk.operator).number
        nested = connection.begin_nested()
        with pytest.raises(DBAPIError):
            connection.execute(text("SELECT 1/0"))
        with pytest.raises(HuiminError) as refused:
            bound.items.collect(DEMAND, by=desk.operator)
        assert refused.value.code == "transaction_failed"
        nested.rollback()
        assert bound.items.get(first).number == first
        return first

    assert numbers(desk) == [in_async(url, work, commits=True)] or numbers(desk)
