"""Flow inside a host program's transaction: both or neither."""

from __future__ import annotations

import sqlite3
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event, text

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import Area, Origin
from huimin_flow.clock import RehearsalClock
from huimin_flow.errors import StepRefused, StoreRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.sensing.items import Demand
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.store.core import engine as engines
from huimin_flow.testing import UNIT, Desk
from tests.ratings import some

DEMAND = Demand(title="宿主", origin=Origin.OPINION, area=Area.TALENT, unit=UNIT)


def test_a_hosts_rollback_takes_our_events_with_it(desk: Desk, url: str) -> None:
    host = engines.open_engine(url)
    with host.connect() as connection:
        connection.execute(text("CREATE TABLE host_case (name TEXT)"))
        bound = Flow.bind(connection, clock=desk.clock)
        bound.items.collect(DEMAND, by=desk.operator)
        connection.rollback()
    assert desk.flow.items.list() == []
    host.dispose()


def test_a_hosts_commit_keeps_both(desk: Desk, url: str) -> None:
    host = engines.open_engine(url)
    with host.begin() as connection:
        connection.execute(text("CREATE TABLE host_case (name TEXT)"))
        connection.execute(text("INSERT INTO host_case VALUES ('a')"))
        bound = Flow.bind(connection, clock=desk.clock)
        made = bound.items.collect(DEMAND, by=desk.operator)
    assert desk.flow.items.get(made.number) == made
    with host.connect() as connection:
        assert connection.execute(text("SELECT name FROM host_case")).scalar() == "a"
    host.dispose()


@pytest.mark.parametrize("undoes", ["all", "the savepoint"])
def test_a_savepoint_that_comes_first_is_part_of_the_transaction(
    desk: Desk, url: str, undoes: str
) -> None:
    """A plain engine of the host's: Python's sqlite3 begins nothing for a savepoint."""
    host = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with host.connect() as connection:
        bound = Flow.bind(connection, clock=desk.clock)
        with connection.begin_nested() as nested:
            bound.items.collect(DEMAND, by=desk.operator)
            if undoes == "the savepoint":
                nested.rollback()
        connection.rollback() if undoes == "all" else connection.commit()
        with connection.begin_nested():  # the next transaction, too
            bound.items.collect(DEMAND, by=desk.operator)
        connection.rollback()
    assert desk.flow.items.list() == []
    host.dispose()


def test_a_refused_step_leaves_the_hosts_work_standing(desk: Desk, url: str) -> None:
    host = engines.open_engine(url)
    with host.begin() as connection:
        bound = Flow.bind(connection, clock=desk.clock)
        made = bound.items.collect(DEMAND, by=desk.operator)
        with pytest.raises(StepRefused):
            bound.items.execute(made.number, [], by=desk.operator)
    assert desk.flow.items.get(made.number).version == 1
    host.dispose()


def test_a_production_database_takes_no_given_time(
    url: str, book: Rulebook, clock: RehearsalClock
) -> None:
    Flow.found(url, book).close()
    with pytest.raises(StoreRefused, match="正式库"):
        Flow.open(url, clock=clock)


def test_a_database_that_was_never_made_is_said(tmp_path: object) -> None:
    with pytest.raises(StoreRefused, match="打不开"):
        Flow.open(f"sqlite:///{tmp_path}/nothing.db")


def test_a_clock_that_stands_far_back_decides_nothing(desk: Desk) -> None:
    from datetime import timedelta

    desk.collect()
    desk.clock.advance(timedelta(days=-2))
    with pytest.raises(StoreRefused, match="时钟"):
        desk.collect()


def test_recorded_time_never_goes_back(desk: Desk) -> None:
    from datetime import timedelta

    from huimin_flow.store.core import history

    first = desk.collect()
    desk.clock.advance(timedelta(hours=-2))
    second = desk.collect()

    def at(number: str) -> str:
        return (
            door_of(desk.flow)
            .read(lambda c: history.read_stream(c, f"item/{number}"))[0]
            .at
        )

    assert at(first.number) <= at(second.number)


def plain(url: str) -> Engine:
    """An engine as any host makes it, with nothing of ours."""
    return create_engine(url.replace("postgresql:", "postgresql+psycopg:"))


@pytest.mark.parametrize("commits", [True, False])
def test_a_plain_engines_transaction_holds_both_or_neither(
    desk: Desk, url: str, *, commits: bool
) -> None:
    host = plain(url)
    with host.begin() as connection:
        connection.execute(text("CREATE TABLE host_case (name TEXT)"))
    with host.connect() as connection:
        bound = Flow.bind(connection, clock=desk.clock)
        made = bound.items.collect(DEMAND, by=desk.operator)
        connection.execute(text("INSERT INTO host_case VALUES ('a')"))
        with pytest.raises(StepRefused):
            bound.items.execute(made.number, [], by=desk.operator)
        second = bound.items.collect(DEMAND, by=desk.operator)
        if commits:
            connection.commit()
    found = {one.number for one in desk.flow.items.list()}
    assert found == ({made.number, second.number} if commits else set())
    with host.connect() as connection:
        kept = connection.execute(text("SELECT count(*) FROM host_case")).scalar()
    assert kept == int(commits)
    desk.flow.settle()
    assert door_of(desk.flow).read(verify).clean
    host.dispose()


def test_a_hosts_rollback_takes_a_batch_of_ratings_with_it(
    desk: Desk, url: str
) -> None:
    host = engines.open_engine(url)
    with host.connect() as connection:
        bound = Flow.bind(connection, clock=desk.clock)
        assert bound.ratings.add(some(20), by=desk.office).kept == 20
        assert sum(one.total for one in bound.ratings.month_of_units("2023-09")) == 20
        connection.rollback()
    assert desk.flow.ratings.month_of_units("2023-09") == ()
    with host.begin() as connection:
        bound = Flow.bind(connection, clock=desk.clock)
        assert bound.ratings.add(some(20), by=desk.office).kept == 20
    assert sum(one.total for one in desk.flow.ratings.month_of_units("2023-09")) == 20
    host.dispose()


@pytest.mark.parametrize("how", ["engine", "options", "later"])
def test_a_connection_that_commits_by_itself_is_refused_before_anything_is_kept(
    desk: Desk, url: str, how: str
) -> None:
    made = url.replace("postgresql:", "postgresql+psycopg:")
    level = {"isolation_level": "AUTOCOMMIT"}
    host = create_engine(made, **(level if how == "engine" else {}))
    with host.connect() as connection:
        act: Any = partial(Flow.bind, connection, clock=desk.clock)
        if how == "later":
            act = partial(act().items.collect, DEMAND, by=desk.operator)
            connection.rollback()
        if how != "engine":
            connection.execution_options(isolation_level="AUTOCOMMIT")
        with pytest.raises(StoreRefused, match="自动提交") as refused:
            act()
        assert "AUTOCOMMIT" in refused.value.remedy
    assert desk.flow.items.list() == []
    host.dispose()


def test_a_host_that_begins_by_hand_on_sqlite_is_joined_again_after_its_commit(
    file_desk: Desk, file_url: str
) -> None:
    host = create_engine(file_url)
    event.listen(host, "connect", _by_hand)
    event.listen(host, "begin", lambda c: c.exec_driver_sql("BEGIN"))
    with host.connect() as connection:
        bound = Flow.bind(connection, clock=file_desk.clock)
        first = bound.items.collect(DEMAND, by=file_desk.operator)
        connection.commit()
        bound.items.collect(DEMAND, by=file_desk.operator)
        connection.rollback()
    assert [one.number for one in file_desk.flow.items.list()] == [first.number]
    host.dispose()


def _by_hand(driver: sqlite3.Connection, _: object) -> None:
    driver.isolation_level = None
