"""A host's own engine serves a Flow, and stays the host's as it was."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, wait
from multiprocessing import get_context
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import State
from huimin_flow.errors import (
    HuiminError,
    InputRefused,
    StepRefused,
    StoreBusy,
    StoreRefused,
)
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.testing import Desk
from tests.flow.core.test_drivers import NEW, asynchronous
from tests.flow.core.test_host import DEMAND, plain


def numbers(desk: Desk) -> list[str]:
    return [item.number for item in desk.flow.items.list()]


def test_a_flow_acts_asks_and_refuses_on_a_hosts_engine(
    desk: Desk, host: Engine
) -> None:
    with Flow.open(engine=host, clock=desk.clock) as flow:
        own = Desk(flow, desk.clock)
        item = own.bring(State.SCREENED)
        with pytest.raises(StepRefused):
            flow.items.close(item.number, by=desk.office)
        with flow.snapshot() as now:
            assert now.items.list() == [item]
        flow.items.collect(DEMAND, by=desk.operator)
        with flow.dry() as dry:
            dry.items.collect(DEMAND, by=desk.operator)
        with flow.whole() as act:
            act.items.collect(DEMAND, by=desk.operator)
            act.items.collect(DEMAND, by=desk.operator)
        kept = flow.once("r-1").items.collect(DEMAND, by=desk.operator)
        assert flow.once("r-1").items.collect(DEMAND, by=desk.operator) == kept
    assert len(numbers(desk)) == 5
    assert len(desk.flow.records.refusals()) == 1
    assert door_of(desk.flow).read(verify).clean


def test_to_close_the_flow_leaves_the_hosts_engine_with_its_connections(
    desk: Desk, host: Engine
) -> None:
    opened: list[object] = []
    event.listen(host, "connect", lambda driver, _: opened.append(driver))
    flow = Flow.open(engine=host, clock=desk.clock)
    flow.items.collect(DEMAND, by=desk.operator)
    assert host.pool.checkedout() == 0  # type: ignore[attr-defined]
    before = len(opened)
    flow.close()
    assert before == 1
    with host.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
    assert len(opened) == before
    with pytest.raises(StoreRefused) as refused:
        flow.items.list()
    assert refused.value.code == "closed"


PRAGMAS = ("busy_timeout", "foreign_keys", "secure_delete", "synchronous", "query_only")
SETTINGS = (
    "TimeZone",
    "lock_timeout",
    "search_path",
    "idle_in_transaction_session_timeout",
    "transaction_isolation",
    "transaction_read_only",
)


def state_of(host: Engine) -> tuple[Any, ...]:
    """Return all of a connection that we might have changed."""
    with host.connect() as connection:
        ask = connection.exec_driver_sql
        if host.dialect.name == "postgresql":
            return tuple(ask(f"SHOW {name}").scalar() for name in SETTINGS)
        own: Any = connection.connection.driver_connection
        attributes = (own.isolation_level, own.row_factory, own.text_factory)
        return *(ask(f"PRAGMA {name}").scalar() for name in PRAGMAS), *attributes


def theirs(driver: Any, _: object) -> None:
    """Set what a host may set on each new connection."""
    if isinstance(driver, sqlite3.Connection):
        driver.execute("PRAGMA busy_timeout=777")
        driver.execute("PRAGMA synchronous=OFF")
        driver.row_factory = sqlite3.Row
        return
    driver.autocommit = True
    driver.execute("SET TimeZone = 'Asia/Tokyo'")
    driver.execute("SET lock_timeout = '7s'")
    driver.execute("SET search_path = public, pg_temp")
    driver.autocommit = False


@pytest.mark.parametrize("read_only", [True, False])
def test_each_connection_is_given_back_as_it_was(
    desk: Desk, url: str, *, read_only: bool
) -> None:
    host = create_engine(plain(url).url, pool_size=1, max_overflow=0)
    event.listen(host, "connect", theirs)
    before = state_of(host)
    with Flow.open(engine=host, clock=desk.clock, read_only=read_only) as flow:
        if read_only:
            with pytest.raises(StoreRefused):
                flow.items.collect(DEMAND, by=desk.operator)
        else:
            number = flow.items.collect(DEMAND, by=desk.operator).number
            with pytest.raises(StepRefused):
                flow.items.close(number, by=desk.office)
        assert len(flow.items.list()) == (0 if read_only else 1)
        assert state_of(host) == before
    assert state_of(host) == before
    host.dispose()


def by_hand(host: Engine) -> None:
    """Begin transactions by hand, as SQLAlchemy's documentation shows it."""
    event.listen(host, "connect", lambda own, _: setattr(own, "isolation_level", None))
    event.listen(host, "begin", lambda c: c.exec_driver_sql("BEGIN"))


def test_a_new_connection_waits_for_who_is_just_committing(
    file_desk: Desk, file_url: str
) -> None:
    host = create_engine(file_url)
    with Flow.open(engine=host, clock=file_desk.clock) as flow:
        other = sqlite3.connect(
            file_url.removeprefix("sqlite:///"), check_same_thread=False
        )
        host.dispose()
        other.execute("BEGIN EXCLUSIVE")
        with ThreadPoolExecutor(1) as thread:
            asked = thread.submit(flow.items.list)
            assert not wait([asked], timeout=0.2).done
            other.rollback()
            assert asked.result() == []
        other.close()
    host.dispose()


def test_a_host_that_begins_by_hand_on_sqlite_lends_its_engine(
    file_desk: Desk, file_url: str
) -> None:
    host = create_engine(file_url)
    by_hand(host)
    with Flow.open(engine=host, clock=file_desk.clock) as flow:
        number = flow.items.collect(DEMAND, by=file_desk.operator).number
        assert [item.number for item in flow.items.list()] == [number]
    host.dispose()


@NEW
def test_a_driver_that_always_has_a_transaction_lends_its_connections(
    file_desk: Desk, file_url: str
) -> None:
    host = create_engine(file_url, connect_args={"autocommit": False}, pool_size=1)
    with Flow.open(engine=host, clock=file_desk.clock) as flow:
        number = flow.items.collect(DEMAND, by=file_desk.operator).number
        assert [item.number for item in flow.items.list()] == [number]
        with host.connect() as connection:
            own: Any = connection.connection.driver_connection
            assert (own.autocommit, own.in_transaction) == (False, True)
    host.dispose()


@pytest.mark.parametrize("kind", ["queue", "null"])
def test_threads_of_a_host_share_a_flow_on_its_engine(
    desk: Desk, url: str, kind: str
) -> None:
    options: dict[str, Any] = {"poolclass": NullPool} if kind == "null" else {}
    host = create_engine(plain(url).url, **options)
    with (
        Flow.open(engine=host, clock=desk.clock) as flow,
        ThreadPoolExecutor(4) as threads,
    ):
        asked = [
            threads.submit(flow.items.collect, DEMAND, by=desk.operator)
            for _ in range(20)
        ]
        made = {one.result().number for one in asked}
    assert len(made) == 20
    assert set(numbers(desk)) == made
    host.dispose()


def test_a_hosts_own_transaction_beside_it_is_told_at_once(
    desk: Desk, host: Engine
) -> None:
    number = desk.collect().number
    with Flow.open(engine=host, clock=desk.clock) as flow, host.connect() as mine:
        bound = Flow.bind(mine, clock=desk.clock)
        bound.items.amend(number, {"title": "乙"}, by=desk.operator)
        with pytest.raises(StoreBusy) as refused:
            flow.items.amend(number, {"title": "甲"}, by=desk.operator)
        assert refused.value.code == "own_transaction"
        mine.rollback()


def test_a_pool_without_a_connection_left_is_a_refusal_to_try_again(
    desk: Desk, url: str
) -> None:
    host = create_engine(plain(url).url, pool_size=1, max_overflow=0, pool_timeout=0.05)
    with Flow.open(engine=host, clock=desk.clock) as flow:
        with host.connect(), pytest.raises(StoreBusy) as refused:
            flow.items.list()
        assert refused.value.code == "pool_empty"
        assert flow.items.list() == []
    host.dispose()


def test_the_flow_goes_on_after_the_host_has_renewed_its_pool(
    desk: Desk, host: Engine
) -> None:
    with Flow.open(engine=host, clock=desk.clock) as flow:
        flow.items.collect(DEMAND, by=desk.operator)
        host.dispose()
        flow.items.collect(DEMAND, by=desk.operator)
        assert host.pool.checkedin() == 1  # type: ignore[attr-defined]
    assert len(numbers(desk)) == 2


#: The Flow of the parent, and who acts.
PRELOADED: list[Any] = []


def collect(count: int) -> list[str]:
    """Collect items with what the fork left."""
    flow, by = PRELOADED
    return [flow.items.collect(DEMAND, by=by).number for _ in range(count)]


def test_a_child_uses_no_connection_of_the_parents(desk: Desk, host: Engine) -> None:
    with Flow.open(engine=host, clock=desk.clock) as flow:
        flow.items.collect(DEMAND, by=desk.operator)
        PRELOADED[:] = [flow, desk.operator]
        with ProcessPoolExecutor(2, mp_context=get_context("fork")) as children:
            asked = [children.submit(collect, 5) for _ in range(2)]
            own = collect(5)
            made = own + [one for each in asked for one in each.result()]
    assert len(set(made)) == 15
    assert len(numbers(desk)) == 16
    assert door_of(desk.flow).read(verify).clean


Bad = Callable[[str], dict[str, Any]]
BAD: dict[str, tuple[Bad, str]] = {
    "AsyncEngine": (
        lambda url: {"engine": create_async_engine(asynchronous(url))},
        "async_engine_given",
    ),
    "the engine of an AsyncEngine": (
        lambda url: {"engine": create_async_engine(asynchronous(url)).sync_engine},
        "async_engine_given",
    ),
    "AUTOCOMMIT of the engine": (
        lambda url: {
            "engine": create_engine(plain(url).url, isolation_level="AUTOCOMMIT")
        },
        "commits_alone",
    ),
    "AUTOCOMMIT of its options": (
        lambda url: {
            "engine": plain(url).execution_options(isolation_level="AUTOCOMMIT")
        },
        "commits_alone",
    ),
    "an address as engine": (lambda url: {"engine": url}, "no_engine"),
    "address and engine": (
        lambda url: {"url": url, "engine": plain(url)},
        "address_or_engine",
    ),
    "neither": (lambda _: {}, "address_or_engine"),
    "address and schema": (
        lambda url: {"url": url, "schema": "huimin"},
        "address_or_engine",
    ),
    "a schema with a quote": (
        lambda url: {"engine": plain(url), "schema": 'a"b'},
        "schema_unfit no_schemas",
    ),
    "in memory": (lambda _: {"engine": create_engine("sqlite://")}, "in_memory"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_can_not_serve_as_an_engine_is_refused_with_what_to_do(
    desk: Desk, url: str, name: str
) -> None:
    make, codes = BAD[name]
    given = make(url)
    with pytest.raises(HuiminError) as refused:
        Flow.open(**given, clock=desk.clock)
    assert isinstance(refused.value, InputRefused | StoreRefused)
    assert refused.value.code in codes.split()
    assert refused.value.remedy
    if isinstance(given.get("engine"), Engine):
        given["engine"].dispose()
    assert numbers(desk) == []


SCHEMAS = ("east", "west")


@pytest.fixture
def placed(server: str, book: Rulebook, desk: Desk, url: str) -> str:
    """A database with one workflow in each of two schemas, and a third in public."""
    for name in SCHEMAS:
        address = f"{url}?schema={name}"
        Flow.found(address, book, rehearsal=True, clock=desk.clock).close()
    assert server
    return url


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_two_flows_in_two_schemas_of_one_database_know_nothing_of_each_other(
    desk: Desk, placed: str
) -> None:
    host = plain(placed)
    made = {}
    for name in SCHEMAS:
        with Flow.open(engine=host, schema=name, clock=desk.clock) as flow:
            made[name] = flow.items.collect(DEMAND, by=desk.operator)
            made[name] = flow.items.amend(
                made[name].number, {"title": name}, by=desk.operator
            )
    with host.begin() as connection:
        both = {
            name: Flow.bind(connection, schema=name, clock=desk.clock)
            for name in SCHEMAS
        }
        for name in SCHEMAS:
            assert both[name].items.list() == [made[name]]
        for name in SCHEMAS:
            both[name].items.collect(DEMAND, by=desk.operator)
            with pytest.raises(StepRefused):
                both[name].items.close(made[name].number, by=desk.office)
    host.dispose()
    for name in SCHEMAS:
        with Flow.open(f"{placed}?schema={name}", clock=desk.clock) as flow:
            assert len(flow.items.list()) == 2
            assert len(flow.records.refusals()) == 1
            assert door_of(flow).read(verify).clean
    assert numbers(desk) == []


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_plain_connection_keeps_its_search_path_around_each_act_and_question(
    desk: Desk, placed: str
) -> None:
    host = plain(placed)
    path = text("SHOW search_path")
    with host.connect() as connection:
        bound = Flow.bind(connection, schema="east", clock=desk.clock)
        own = connection.execute(path).scalar()
        connection.execute(text("CREATE TABLE host_case (name TEXT)"))
        number = bound.items.collect(DEMAND, by=desk.operator).number
        assert connection.execute(path).scalar() == own
        with bound.snapshot() as now:
            assert connection.execute(path).scalar() == own
            assert now.items.get(number).number == number
            assert connection.execute(path).scalar() == own
        with pytest.raises(StepRefused):
            bound.items.close(number, by=desk.office)
        assert connection.execute(path).scalar() == own
        with bound.dry() as dry:
            dry.items.amend(number, {"title": "甲"}, by=desk.operator)
            assert dry.items.get(number).title == "甲"
            connection.execute(text("INSERT INTO host_case VALUES ('a')"))
        with pytest.raises(HuiminError):
            bound.items.get("2020-000099")
        assert connection.execute(path).scalar() == own
        with pytest.raises(StoreRefused) as refused:
            Flow.bind(connection, schema="south", clock=desk.clock)
        assert refused.value.code == "not_founded"
        assert connection.execute(path).scalar() == own
        connection.commit()
    with Flow.open(f"{placed}?schema=east", clock=desk.clock) as flow:
        assert [item.number for item in flow.items.list()] == [number]
        assert door_of(flow).read(verify).clean
    host.dispose()


def test_sqlite_has_no_schemas(file_desk: Desk, file_url: str) -> None:
    host = create_engine(file_url)
    with host.connect() as connection, pytest.raises(InputRefused) as refused:
        Flow.bind(connection, schema="huimin", clock=file_desk.clock)
    assert refused.value.code == "no_schemas"
    host.dispose()
