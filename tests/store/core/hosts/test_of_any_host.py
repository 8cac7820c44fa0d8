"""Whatever a host has set on its connection stays, and hinders no act."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import SingletonThreadPool, StaticPool

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import State
from huimin_flow.errors import StepRefused, StoreBusy, StoreRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.store.core.hosts import waits
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import tick
from tests.flow.core.test_host import DEMAND, plain


def act_and_be_refused(bound: Flow, desk: Desk) -> str:
    """Collect an item, close it in vain, and ask for it."""
    number = bound.items.collect(DEMAND, by=desk.operator).number
    with pytest.raises(StepRefused):
        bound.items.close(number, by=desk.office)
    assert bound.items.get(number).title == DEMAND.title
    return number


def is_kept(desk: Desk, numbers: list[str], refusals: int) -> bool:
    """Tell whether these items and so many refusals are recorded, and no more."""
    assert sorted(item.number for item in desk.flow.items.list()) == sorted(numbers)
    assert len(desk.flow.records.refusals()) == refusals
    return door_of(desk.flow).read(verify).clean


#: What a host may have set for its own work on PostgreSQL.
OWN = {
    "search_path": "public, pg_temp",
    "statement_timeout": "'30s'",
    "lock_timeout": "'9s'",
    "application_name": "'letters'",
    "TimeZone": "'Asia/Tokyo'",
    "DateStyle": "'SQL, DMY'",
    "IntervalStyle": "'iso_8601'",
    "bytea_output": "'escape'",
    "client_encoding": "'GBK'",
    "idle_in_transaction_session_timeout": "'50s'",
    "standard_conforming_strings": "off",
    "row_security": "off",
    "transform_null_equals": "on",
}

SETTINGS = text("SELECT name, setting FROM pg_settings ORDER BY name")


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("scope", ["SESSION", "LOCAL"])
def test_every_setting_of_a_server_is_a_hosts_own_after_each_call(
    desk: Desk, host: Engine, scope: str
) -> None:
    def settings(connection: Connection) -> dict[str, str]:
        return {row.name: row.setting for row in connection.execute(SETTINGS)}

    with host.connect() as connection:
        plainly = settings(connection)
        for name, value in OWN.items():
            connection.execute(text(f"SET {scope} {name} = {value}"))
        before = settings(connection)
        bound = Flow.bind(connection, clock=desk.clock)
        number = bound.items.collect(DEMAND, by=desk.operator).number
        assert settings(connection) == before
        with pytest.raises(StepRefused):
            bound.items.close(number, by=desk.office)
        assert bound.items.history(number)
        with bound.dry() as dry:
            dry.items.amend(number, {"title": "甲"}, by=desk.operator)
        assert settings(connection) == before
        connection.commit()
        assert settings(connection) == (before if scope == "SESSION" else plainly)
    assert is_kept(desk, [number], 1)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_an_engine_that_is_serializable_keeps_a_refusal_and_stays_so(
    desk: Desk, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    host = create_engine(plain(url).url, isolation_level="SERIALIZABLE", pool_size=1)
    with host.begin() as connection:
        number = act_and_be_refused(Flow.bind(connection, clock=desk.clock), desk)
    with Flow.open(engine=host, clock=desk.clock) as flow:
        other = act_and_be_refused(flow, desk)
    with host.connect() as connection:
        query = text("SHOW transaction_isolation")
        assert connection.execute(query).scalar() == "serializable"
    host.dispose()
    assert [each for each in caplog.records if each.name.endswith("pending")] == []
    assert is_kept(desk, [number, other], 2)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_transaction_that_only_reads_asks_and_is_refused_each_act(
    desk: Desk, host: Engine
) -> None:
    number = desk.collect().number
    with host.connect() as connection:
        connection.execute(text("SET TRANSACTION READ ONLY"))
        bound = Flow.bind(connection, clock=desk.clock)
        with pytest.raises(StoreRefused) as refused:
            bound.items.amend(number, {"title": "甲"}, by=desk.operator)
        assert refused.value.code == "server_read_only"
        assert bound.items.get(number).version == 1
        with pytest.raises(StepRefused):
            bound.items.close(number, by=desk.office)
    assert is_kept(desk, [number], 1)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("commits", [True, False])
def test_a_commit_in_two_phases_holds_both_or_neither(
    desk: Desk, host: Engine, *, commits: bool
) -> None:
    with host.connect() as connection, connection.begin_twophase() as phases:
        made = act_and_be_refused(Flow.bind(connection, clock=desk.clock), desk)
        phases.prepare()
        other = desk.collect().number
        (phases.commit if commits else phases.rollback)()
    assert is_kept(desk, [made, other] if commits else [other], 1)


def test_a_pool_that_asks_whether_a_connection_lives_serves_both(
    desk: Desk, url: str
) -> None:
    host = create_engine(plain(url).url, pool_pre_ping=True, pool_size=1)
    made = []
    with Flow.open(engine=host, clock=desk.clock) as flow:
        for _ in range(2):
            made.append(act_and_be_refused(flow, desk))
            with host.begin() as connection:
                bound = Flow.bind(connection, clock=desk.clock)
                made.append(act_and_be_refused(bound, desk))
        assert host.pool.checkedout() == 0  # type: ignore[attr-defined]
    host.dispose()
    assert is_kept(desk, made, 4)


@pytest.mark.parametrize("kind", [StaticPool, SingletonThreadPool])
def test_a_pool_of_one_connection_for_all_is_refused_and_the_host_loses_nothing(
    desk: Desk, url: str, kind: Any
) -> None:
    host = create_engine(plain(url).url, poolclass=kind)
    with pytest.raises(StoreRefused) as refused:
        Flow.open(engine=host, clock=desk.clock)
    assert refused.value.code == "one_connection"
    with host.begin() as connection:
        made = act_and_be_refused(Flow.bind(connection, clock=desk.clock), desk)
    host.dispose()
    assert is_kept(desk, [made], 1)


@pytest.mark.parametrize("pragma", ["foreign_keys=OFF", "journal_mode=WAL"])
def test_a_file_that_a_host_has_set_up_itself_takes_acts(
    file_desk: Desk, file_url: str, pragma: str
) -> None:
    host = create_engine(file_url)
    event.listen(host, "connect", lambda own, _: own.execute(f"PRAGMA {pragma}"))
    with host.begin() as connection:
        bound = Flow.bind(connection, clock=file_desk.clock)
        made = act_and_be_refused(bound, file_desk)
    host.dispose()
    assert is_kept(file_desk, [made], 1)


@pytest.mark.parametrize("begin", ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
def test_a_host_that_waits_for_nobody_is_told_that_the_file_is_busy(
    file_desk: Desk, file_url: str, begin: str
) -> None:
    host = create_engine(file_url, connect_args={"timeout": 0})
    other = sqlite3.connect(file_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute(begin)
    with host.connect() as connection, pytest.raises(StoreBusy) as refused:
        act_and_be_refused(Flow.bind(connection, clock=file_desk.clock), file_desk)
    assert refused.value.code == "busy"
    other.close()
    with host.begin() as connection:
        bound = Flow.bind(connection, clock=file_desk.clock)
        made = act_and_be_refused(bound, file_desk)
    host.dispose()
    assert is_kept(file_desk, [made], 1)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    "options",
    [{"schema_translate_map": {None: "tenant"}}, {"stream_results": True}],
    ids=lambda options: str(*options),
)
def test_what_a_host_has_set_for_its_own_statements_leaves_ours_as_they_are(
    desk: Desk, host: Engine, options: dict[str, Any]
) -> None:
    with host.connect().execution_options(**options) as connection:
        bound = Flow.bind(connection, clock=desk.clock)
        made = [act_and_be_refused(bound, desk)]
        made.append(Desk(bound, desk.clock).bring(State.ASSIGNED).number)
        with bound.dry() as dry:
            dry.items.amend(made[0], {"title": "甲"}, by=desk.operator)
            assert dry.items.get(made[0]).title == "甲"
        with bound.snapshot() as now:
            assert len(now.items.list()) == 2
        tick(bound)
        assert options.items() <= connection.get_execution_options().items()
        connection.commit()
    assert is_kept(desk, made, 1)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_refusals_in_a_schema_are_chained_on_a_hosts_engine(
    desk: Desk,
    url: str,
    host: Engine,
    book: Rulebook,
    caplog: pytest.LogCaptureFixture,
) -> None:
    Flow.found(f"{url}?schema=east", book, rehearsal=True, clock=desk.clock).close()
    unchained = text("SELECT count(*) FROM east.huimin_refusal WHERE n IS NULL")
    with Flow.open(engine=host, schema="east", clock=desk.clock) as flow:
        act_and_be_refused(flow, desk)
        with host.begin() as connection:
            assert connection.execute(unchained).scalar() == 0
            bound = Flow.bind(connection, schema="east", clock=desk.clock)
            act_and_be_refused(bound, desk)
        with host.connect() as connection:
            assert connection.execute(unchained).scalar() == 0
    assert [each for each in caplog.records if each.name.endswith("pending")] == []


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_an_engine_whose_address_names_no_database_waits_not_for_itself(
    desk: Desk, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waits, "OWN_LOCK", 50)
    number = desk.collect().number
    made = {"creator": lambda: psycopg.connect(url)}
    host = create_engine("postgresql+psycopg://", **made)
    with host.connect() as connection:
        bound = Flow.bind(connection, clock=desk.clock)
        bound.items.amend(number, {"title": "乙"}, by=desk.operator)
        begun = time.monotonic()
        with pytest.raises(StoreBusy) as refused:
            desk.flow.items.amend(number, {"title": "甲"}, by=desk.operator)
        assert refused.value.code == "own_transaction"
        assert time.monotonic() - begun < 10  # alone, 0.1 s; else 20
        connection.rollback()
    host.dispose()


def denied(name: str) -> Callable[..., int]:
    """Return what allows a connection everything but one PRAGMA."""

    def allows(_: int, asked: str | None, *__: str | None) -> int:
        return sqlite3.SQLITE_DENY if asked == name else sqlite3.SQLITE_OK

    return allows


def test_a_connection_that_can_not_be_lent_is_the_hosts_again(
    file_desk: Desk, file_url: str
) -> None:
    host = create_engine(file_url, pool_size=1, max_overflow=0)
    with Flow.open(engine=host, clock=file_desk.clock) as flow:
        with host.connect() as connection:
            own: Any = connection.connection.driver_connection
            before = own.isolation_level, own.text_factory
            own.set_authorizer(denied("secure_delete"))
        with pytest.raises(DBAPIError, match="not authorized"):
            flow.items.list()
        with host.connect() as connection:
            own = connection.connection.driver_connection
            assert (own.isolation_level, own.text_factory) == before
            own.set_authorizer(None)
        assert flow.items.list() == []
    host.dispose()


def test_a_connection_that_can_not_be_given_back_as_it_was_serves_nobody(
    file_desk: Desk, file_url: str
) -> None:
    host = create_engine(file_url, pool_size=1, max_overflow=0)
    used: list[Any] = []
    event.listen(host, "checkout", lambda own, *_: used.append(own))
    with Flow.open(engine=host, clock=file_desk.clock) as flow:
        with flow.snapshot() as now:
            assert now.items.list() == []
            lent = used[-1]
            lent.set_authorizer(denied("secure_delete"))
        with host.connect() as connection:
            own: Any = connection.connection.driver_connection
            assert own is not lent
            assert own.isolation_level == ""
        assert flow.items.list() == []
    host.dispose()


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("acts", [True, False])
def test_what_a_host_has_set_on_its_driver_is_given_back(
    desk: Desk, url: str, *, acts: bool
) -> None:
    names = "transaction_read_only", "transaction_isolation", "transaction_deferrable"
    options = {"options": "-c default_transaction_read_only=on"} if not acts else {}
    host = create_engine(plain(url).url, connect_args=options)

    def state() -> list[Any]:
        with host.connect() as connection:
            ask = connection.exec_driver_sql
            return [ask(f"SHOW {name}").scalar() for name in names]

    state()  # SQLAlchemy asks a server's defaults of its first connection
    host.dispose()
    level = psycopg.IsolationLevel.SERIALIZABLE
    event.listen(host, "connect", lambda own, _: setattr(own, "isolation_level", level))
    before = state()
    assert before == ["off" if acts else "on", "serializable", "off"]
    with Flow.open(engine=host, clock=desk.clock, read_only=not acts) as flow:
        assert flow.items.list() == []
        assert state() == before
        if acts:
            flow.items.collect(DEMAND, by=desk.operator)
            assert state() == before
    host.dispose()
