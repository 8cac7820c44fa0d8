"""How often an act waits for PostgreSQL, and what disturbs the statements it sends."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.errors import StoreRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.improving import evaluation
from huimin_flow.store.core import engine as engines
from huimin_flow.store.core import history, logs
from huimin_flow.store.core.connections import held_by
from huimin_flow.store.core.driver import Statement
from huimin_flow.store.core.history import Stored
from huimin_flow.store.core.positions import placing
from huimin_flow.store.core.tables import EVENTS
from huimin_flow.testing import Desk
from tests.flow.core.test_host import DEMAND
from tests.statements import round_trips

#: What a copied event does not share with its pattern.
_GIVEN = {"id", "stream", "position"}

pytestmark = pytest.mark.parametrize("url", ["postgresql"], indirect=True)


def test_an_act_and_its_number_are_one_transaction_of_few_round_trips(
    desk: Desk, tmp_path: Path
) -> None:
    item, titles = desk.collect(), count()

    def amend() -> None:
        desk.flow.items.amend(
            item.number, {"title": f"甲{next(titles)}"}, by=desk.operator
        )

    amend()
    trips = round_trips(door_of(desk.flow).own, tmp_path / "trace", amend)
    assert trips == [
        "BEGIN SELECT",
        "SELECT",
        "SELECT",
        "INSERT UPDATE",
        "SELECT COMMIT",
    ]
    assert _unplaced(desk) == []


def test_an_answer_to_a_request_is_chained_in_the_same_transaction(
    desk: Desk, tmp_path: Path
) -> None:
    item, keys = desk.collect(), count()

    def once() -> None:
        flow = desk.flow.once(f"r-{next(keys)}")
        flow.items.amend(item.number, {"title": f"甲{next(keys)}"}, by=desk.operator)

    once()
    trips = round_trips(door_of(desk.flow).own, tmp_path / "trace", once)
    assert trips == [
        "BEGIN SELECT",
        "SELECT",  # the key of what was asked
        "INSERT",
        "SELECT",
        "SELECT",
        "INSERT UPDATE",
        "UPDATE",
        "SELECT SELECT SELECT",
        "UPDATE INSERT SELECT COMMIT",
    ]
    assert door_of(desk.flow).read(verify).logs[1].rows == 2


def test_an_answer_waits_for_no_other_that_is_chained(desk: Desk, url: str) -> None:
    with psycopg.connect(url) as host:
        host.execute("SELECT 1 FROM huimin_counter WHERE name = 'request' FOR UPDATE")
        desk.flow.once("r-1").items.collect(DEMAND, by=desk.operator)
        assert _unplaced(desk) == []
    desk.flow.once("r-2").items.collect(DEMAND, by=desk.operator)
    report = door_of(desk.flow).read(verify)
    assert (report.findings, report.logs[1].rows) == ((), 2)


def test_an_act_waits_for_no_host_that_numbers_events(desk: Desk, url: str) -> None:
    with psycopg.connect(url) as host:
        host.execute("SELECT 1 FROM huimin_counter WHERE name = 'position' FOR UPDATE")
        first = desk.collect("候工区")
        assert [each.stream for each in _unplaced(desk)] == [f"item/{first.number}"]
    desk.collect("培训券")
    assert _unplaced(desk) == []


def test_a_head_that_was_turned_back_stops_no_commit(desk: Desk, url: str) -> None:
    desk.collect()
    with psycopg.connect(url) as hand:
        hand.execute("UPDATE huimin_counter SET value = 1 WHERE name = 'position'")
    commit = partial(logs.commit, answers=False)
    assert engines.in_transaction(door_of(desk.flow).own, commit)


@pytest.mark.parametrize(
    "place", [logs.PLACE_AT_ONCE, Statement(placing())], ids=["at once", "later"]
)
def test_numbering_many_events_looks_at_each_once_whatever_was_counted(
    desk: Desk, place: Statement
) -> None:
    """The plan was made when the table was small, and a connection keeps it."""
    desk.collect()
    with door_of(desk.flow).own.begin() as connection:
        connection.exec_driver_sql("ANALYZE huimin_event, huimin_counter")
        query, values = place.bound(connection.dialect, {})
        literal = {name: f"'{value}'" for name, value in values.items()}
        connection.exec_driver_sql(f"PREPARE place AS {query % literal}")
        connection.exec_driver_sql("EXECUTE place")
        columns = [column.name for column in EVENTS.c if column.name not in _GIVEN]
        others = ", ".join(columns)
        connection.exec_driver_sql(
            f"INSERT INTO huimin_event (stream, position, {others})"
            f" SELECT 'item/x' || k, NULL, {others} FROM generate_series(1, 400) k,"
            f" (SELECT {others} FROM huimin_event ORDER BY id DESC LIMIT 1) pattern"
        )
        explained = "EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE place"
        ((plan,),) = connection.exec_driver_sql(explained).all()
        assert history.unplaced(connection) == []
        connection.exec_driver_sql("DEALLOCATE place")
        connection.rollback()
    assert max(_looks(plan[0]["Plan"])) < 2000


def _looks(node: dict[str, Any]) -> Iterator[int]:
    """Yield how many rows each part of a plan has looked at."""
    removed = node.get("Rows Removed by Filter", 0)
    yield node["Actual Loops"] * (node["Actual Rows"] + removed)
    for part in node.get("Plans", ()):
        yield from _looks(part)


def test_a_server_that_forgot_the_statements_learns_them_again(desk: Desk) -> None:
    desk.collect()
    (idle,) = held_by(door_of(desk.flow).own).writing
    idle.exec_driver_sql("DEALLOCATE ALL")
    idle.commit()
    assert desk.collect().version == 1
    assert _unplaced(desk) == []


def test_a_server_that_ends_the_connection_of_an_act_is_named(
    desk: Desk, url: str
) -> None:
    item = desk.collect()

    def killed(work: Work) -> None:
        pid = work.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        evaluation.amend(work, item.number, {"title": "甲"}, by=desk.operator)

    with pytest.raises(StoreRefused, match="与数据库的连接断了"):
        door_of(desk.flow).perform(killed)
    assert desk.flow.items.get(item.number) == item
    assert desk.collect().version == 1


def test_an_interrupted_wait_ends_the_statement_and_the_act(
    desk: Desk, url: str
) -> None:
    item = desk.collect()

    def interrupts(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupts)
    with psycopg.connect(url) as host:
        host.execute("SELECT 1 FROM huimin_item FOR UPDATE")
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(KeyboardInterrupt):
            desk.flow.items.amend(item.number, {"title": "甲"}, by=desk.operator)
        waiting = (
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        assert host.execute(waiting).fetchone() == (0,)
    signal.signal(signal.SIGALRM, before)
    assert desk.flow.items.get(item.number) == item
    assert desk.collect().version == 1


def _unplaced(desk: Desk) -> list[Stored]:
    with door_of(desk.flow).own.connect() as connection:
        return history.unplaced(connection)
