"""A refusal leaves its trace whatever becomes of the host's transaction."""

from __future__ import annotations

import copy
import sqlite3
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, Engine, create_engine, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool, QueuePool, StaticPool

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import State
from huimin_flow.errors import StepRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.store.core.tables import REFUSALS
from huimin_flow.testing import Desk
from tests.flow.core.test_drivers import NEW, Deaf, asynchronous, in_a_loop
from tests.flow.core.test_host import DEMAND, plain


@pytest.fixture
def number(desk: Desk) -> str:
    """An item that nobody may close yet."""
    return desk.bring(State.COLLECTED).number


@pytest.fixture
def host(url: str) -> Iterator[Engine]:
    """A host's engine, with nothing of ours."""
    engine = plain(url)
    yield engine
    engine.dispose()


def refuse(connection: Connection, desk: Desk, number: str) -> StepRefused:
    """Collect an item, and be refused to close another."""
    bound = Flow.bind(connection, clock=desk.clock)
    bound.items.collect(DEMAND, by=desk.operator)
    with pytest.raises(StepRefused) as refused:
        bound.items.close(number, by=desk.office)
    assert not getattr(refused.value, "__notes__", [])
    return refused.value


def kept(desk: Desk) -> list[tuple[str, str, str]]:
    """Return whose act on what was refused, as the log has it, and hold all of it."""
    desk.flow.settle()
    columns = (REFUSALS.c[name] for name in ("actor", "act", "about"))
    query = select(*columns).order_by(REFUSALS.c.n)
    rows = door_of(desk.flow).read(lambda c: [tuple(row) for row in c.execute(query)])
    assert door_of(desk.flow).read(verify).clean
    return [(str(actor), str(act), str(about)) for actor, act, about in rows]


@pytest.fixture
def expected(desk: Desk, number: str) -> list[tuple[str, str, str]]:
    """What the log holds of one refusal."""
    return [(desk.office.id, "close", number)]


Ends = Callable[[Connection], None]
ENDS: dict[str, Ends] = {
    "rollback": Connection.rollback,
    "commit": Connection.commit,
    "close": Connection.close,
}


@pytest.mark.parametrize("end", ENDS)
def test_a_connection_that_ends_its_transaction_leaves_the_refusal(
    desk: Desk, host: Engine, number: str, expected: list[object], end: str
) -> None:
    with host.connect() as connection:
        refuse(connection, desk, number)
        ENDS[end](connection)
    assert kept(desk) == expected
    assert len(desk.flow.items.list()) == (2 if end == "commit" else 1)


def test_an_exception_that_ends_the_hosts_block_leaves_the_refusal(
    desk: Desk, host: Engine, number: str, expected: list[object]
) -> None:
    with pytest.raises(StepRefused), host.begin() as connection:
        raise refuse(connection, desk, number)
    assert kept(desk) == expected
    assert len(desk.flow.items.list()) == 1


def test_a_connection_that_is_kept_open_leaves_it_as_it_begins_again(
    desk: Desk, host: Engine, number: str, expected: list[object]
) -> None:
    with host.connect() as connection:
        refuse(connection, desk, number)
        connection.rollback()
        connection.begin()
        assert len(kept(desk)) == 1
        refuse(connection, desk, number)
        connection.rollback()
    assert kept(desk) == expected * 2


@pytest.mark.parametrize("commits", [True, False])
def test_a_session_leaves_the_refusal(
    desk: Desk, host: Engine, number: str, expected: list[object], *, commits: bool
) -> None:
    session = Session(host)
    refuse(session.connection(), desk, number)
    if commits:
        session.commit()
    else:
        session.rollback()
    assert kept(desk) == expected
    session.close()


def test_a_savepoint_that_is_rolled_back_leaves_it_after_the_transaction(
    desk: Desk, host: Engine, number: str, expected: list[object]
) -> None:
    with host.begin() as connection:
        nested = connection.begin_nested()
        refuse(connection, desk, number)
        nested.rollback()
    assert kept(desk) == expected


@pytest.mark.parametrize("way", ["connection", "session"])
def test_an_async_host_leaves_the_refusal(
    desk: Desk, url: str, number: str, expected: list[object], way: str
) -> None:
    async def run() -> None:
        engine = create_async_engine(asynchronous(url))
        if way == "connection":
            async with engine.connect() as connection:
                await connection.run_sync(refuse, desk, number)
                await connection.rollback()
        else:
            async with AsyncSession(engine) as session:
                await session.run_sync(
                    lambda one: refuse(one.connection(), desk, number)
                )
                await session.rollback()
        await engine.dispose()

    in_a_loop(run())
    assert kept(desk) == expected


@pytest.mark.parametrize("kind", [NullPool, StaticPool, QueuePool])
def test_every_kind_of_pool_leaves_the_refusal_and_keeps_working(
    desk: Desk,
    url: str,
    number: str,
    expected: list[object],
    kind: type[NullPool | StaticPool | QueuePool],
) -> None:
    engine = create_engine(plain(url).url, poolclass=kind)
    for _ in range(2):
        with pytest.raises(StepRefused), engine.begin() as connection:
            raise refuse(connection, desk, number)
    with engine.begin() as connection:
        Flow.bind(connection, clock=desk.clock).items.collect(DEMAND, by=desk.operator)
    engine.dispose()
    assert kept(desk) == expected * 2
    assert len(desk.flow.items.list()) == 2


def test_a_pool_of_one_connection_is_enough(
    desk: Desk, url: str, number: str, expected: list[object]
) -> None:
    engine = create_engine(
        plain(url).url, pool_size=1, max_overflow=0, pool_timeout=0.1
    )
    with pytest.raises(StepRefused), engine.begin() as connection:
        raise refuse(connection, desk, number)
    engine.dispose()
    assert kept(desk) == expected


@NEW
def test_a_driver_that_always_has_a_transaction_leaves_the_refusal(
    file_desk: Desk, file_url: str
) -> None:
    number = file_desk.bring(State.COLLECTED).number
    engine = create_engine(file_url, connect_args={"autocommit": False})
    with pytest.raises(StepRefused), engine.begin() as connection:
        raise refuse(connection, file_desk, number)
    engine.dispose()
    assert kept(file_desk) == [(file_desk.office.id, "close", number)]


def test_acts_of_ours_that_are_one_transaction_leave_the_refusal(
    desk: Desk, number: str, expected: list[object]
) -> None:
    with pytest.raises(StepRefused), desk.flow.whole() as act:  # noqa: PT012
        act.items.collect(DEMAND, by=desk.operator)
        act.items.close(number, by=desk.office)
    assert kept(desk) == expected
    assert len(desk.flow.items.list()) == 1


def test_a_transaction_that_another_framework_manages_is_never_ended_by_us(
    file_desk: Desk, file_url: str
) -> None:
    number = file_desk.bring(State.COLLECTED).number
    theirs = sqlite3.connect(
        file_url.removeprefix("sqlite:///"), isolation_level=None, factory=Deaf
    )
    theirs.execute("CREATE TABLE host_case (name TEXT)")
    engine = create_engine("sqlite://", creator=lambda: theirs, poolclass=StaticPool)
    theirs.execute("BEGIN")
    theirs.execute("INSERT INTO host_case VALUES ('a')")
    with engine.connect() as connection:
        refusal = refuse(connection, file_desk, number)
    assert theirs.in_transaction
    theirs.execute("ROLLBACK")
    assert theirs.execute("SELECT count(*) FROM host_case").fetchone() == (0,)
    file_desk.flow.keep(refusal)
    assert kept(file_desk) == [(file_desk.office.id, "close", number)]
    theirs.close()


def test_where_no_end_is_seen_the_exception_carries_it_and_an_open_flow_keeps_it(
    desk: Desk, host: Engine, number: str, expected: list[object]
) -> None:
    with host.connect() as connection:
        connection.detach()
        refusal = refuse(connection, desk, number)
        connection.rollback()
    assert kept(desk) == []
    far: StepRefused = copy.deepcopy(refusal)  # as one that crossed processes
    for _ in range(2):
        desk.flow.keep(far)
    assert kept(desk) == expected


def test_a_refusal_that_was_recorded_by_itself_is_not_recorded_again(
    desk: Desk, host: Engine, number: str, expected: list[object]
) -> None:
    with host.connect() as connection:
        refusal = refuse(connection, desk, number)
    desk.flow.keep(refusal)
    assert kept(desk) == expected


def test_what_can_not_be_recorded_yet_is_told_without_a_person(
    file_desk: Desk, file_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    number = file_desk.bring(State.COLLECTED).number
    host = create_engine(file_url, connect_args={"timeout": 0.01})
    other = sqlite3.connect(file_url.removeprefix("sqlite:///"), isolation_level=None)
    with host.connect() as connection:
        refuse(connection, file_desk, number)
        connection.rollback()
        other.execute("BEGIN IMMEDIATE")
    other.close()
    (record,) = [each for each in caplog.records if each.name == "huimin_flow.pending"]
    assert record.getMessage() == "keep_refusal is not done yet: OperationalError"
    assert file_desk.office.id not in str(vars(record))
    host.dispose()
