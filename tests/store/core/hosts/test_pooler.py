"""Behind PgBouncer in transaction mode, where no session is anybody's own."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from urllib.parse import urlsplit

import pytest
from sqlalchemy import Connection, create_engine, text

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import State
from huimin_flow.errors import StepRefused, StoreRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.store.core.hosts import borrowed, waits
from huimin_flow.store.core.tables import EVENTS
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import tick
from tests import databases, poolers
from tests.flow.core.test_drivers import in_async
from tests.flow.core.test_host import DEMAND, plain

pytestmark = [
    pytest.mark.skipif(poolers.PROGRAM is None, reason="PgBouncer is not installed"),
    pytest.mark.parametrize("url", ["postgresql"], indirect=True),
]

#: What operators of PgBouncer often set: startup parameters are taken and forgotten.
IGNORED = "ignore_startup_parameters = options,extra_float_digits"


@pytest.fixture(params=["", IGNORED], ids=["refuses options", "forgets options"])
def pooled_url(request: pytest.FixtureRequest, desk: Desk, url: str) -> Iterator[str]:
    """The address of the desk's database at a pooler with two connections for all."""
    assert desk
    place = urlsplit(url)
    with poolers.pooled(f"postgresql://{place.netloc}", more=request.param) as pooler:
        yield f"{pooler}{place.path}"


def test_all_goes_on_while_each_transaction_has_another_connection(
    desk: Desk, pooled_url: str
) -> None:
    with (
        Flow.open(pooled_url, clock=desk.clock) as first,
        Flow.open(pooled_url, clock=desk.clock) as second,
        ThreadPoolExecutor(4) as threads,
    ):
        assert not borrowed_wires(first)
        desks = [Desk(flow, desk.clock) for flow in (first, second)] * 2
        desks[0].appeals(1000)
        asked = [threads.submit(each.collect) for _ in range(10) for each in desks]
        numbers = [one.result().number for one in asked]
        assert len(set(numbers)) == 40
        with first.snapshot() as now:
            before = len(now.items.list())
            second.items.collect(DEMAND, by=desk.operator)
            assert len(now.items.list()) == before == 40
        key = second.once("r-1")
        kept = key.items.collect(DEMAND, by=desk.operator)
        assert first.once("r-1").items.collect(DEMAND, by=desk.operator) == kept
        with pytest.raises(StepRefused):
            first.items.close(kept.number, by=desk.office)
        with first.dry() as dry:
            dry.items.amend(kept.number, {"title": "甲"}, by=desk.operator)
        assert tick(first) == []
        desks[0].bring(State.SCREENED)
    assert len(desk.flow.items.list()) == 43
    assert door_of(desk.flow).read(verify).clean


def borrowed_wires(flow: Flow) -> bool:
    """Tell whether the Flow prepares statements on its connections."""
    engine = door_of(flow).own
    with engine.connect() as connection:
        return borrowed.POOLED not in connection.info


def test_without_a_pooler_statements_are_prepared(desk: Desk) -> None:
    assert borrowed_wires(desk.flow)


def test_a_transaction_has_its_settings_and_leaves_none(
    desk: Desk, pooled_url: str
) -> None:
    asked = text(
        "SELECT current_setting('TimeZone'), current_setting('lock_timeout'),"
        " current_setting('idle_in_transaction_session_timeout')"
    )
    with Flow.open(pooled_url, clock=desk.clock) as flow:
        ours = door_of(flow).read(lambda c: tuple(c.execute(asked).one()))
    assert ours == ("UTC", "20s", "1min")
    host = create_engine(
        plain(pooled_url).url, connect_args={"prepare_threshold": None}
    )
    with host.connect() as connection:
        theirs = tuple(connection.execute(asked).one())
    host.dispose()
    assert theirs[1:] == ("0", "0")


def test_tables_in_a_schema_are_found_and_nothing_is_made_elsewhere(
    server: str, book: Rulebook, desk: Desk, url: str
) -> None:
    assert url
    name = databases.fresh(server)
    with poolers.pooled(server, more=IGNORED) as pooler:
        address = f"{pooler}/{name}"
        with Flow.found(
            f"{address}?schema=huimin", book, rehearsal=True, clock=desk.clock
        ) as flow:
            flow.items.collect(DEMAND, by=desk.operator)
        with pytest.raises(StoreRefused) as refused:
            Flow.open(address, clock=desk.clock)
        assert refused.value.code == "not_founded"
    databases.dropped(server, name)


@pytest.mark.parametrize("commits", [True, False])
def test_a_host_that_prepares_nothing_binds_through_a_pooler(
    desk: Desk, pooled_url: str, *, commits: bool
) -> None:
    host = create_engine(
        plain(pooled_url).url, connect_args={"prepare_threshold": None}
    )
    number = desk.collect().number
    for _ in range(8):
        with host.connect() as connection:
            bound = Flow.bind(connection, clock=desk.clock)
            bound.items.collect(DEMAND, by=desk.operator)
            with pytest.raises(StepRefused):
                bound.items.close(number, by=desk.office)
            if commits:
                connection.commit()
    host.dispose()
    assert len(desk.flow.items.list()) == (9 if commits else 1)
    unplaced = EVENTS.select().where(EVENTS.c.position.is_(None))
    assert door_of(desk.flow).read(lambda c: c.execute(unplaced).first()) is None
    assert door_of(desk.flow).read(verify).clean


@pytest.mark.parametrize("driver", ["psycopg", "asyncpg"])
def test_a_host_that_prepares_statements_is_told_to_stop_it(
    desk: Desk, pooled_url: str, driver: str
) -> None:
    """There a name may be another program's statement, and nobody tells."""

    def work(connection: Connection) -> None:
        with pytest.raises(StoreRefused) as refused:
            Flow.bind(connection, clock=desk.clock)
        assert refused.value.code == "pooler_forgets"

    host = plain(pooled_url)
    if driver == "asyncpg":
        in_async(pooled_url, work, commits=False)
    else:
        with host.connect() as connection:
            work(connection)
        with pytest.raises(StoreRefused) as refused:
            Flow.open(engine=host, clock=desk.clock)
        assert refused.value.code == "pooler_forgets"
        host.dispose()
    assert desk.flow.items.list() == []


def test_an_async_host_that_names_its_statements_binds_through_a_pooler(
    desk: Desk, pooled_url: str
) -> None:
    def work(connection: Connection) -> str:
        bound = Flow.bind(connection, clock=desk.clock)
        return bound.items.collect(DEMAND, by=desk.operator).number

    names = count()
    options = {
        "statement_cache_size": 0,
        "prepared_statement_cache_size": 0,
        "prepared_statement_name_func": lambda: f"host_{next(names)}",
    }
    made = in_async(pooled_url, work, commits=True, connect_args=options)
    assert [item.number for item in desk.flow.items.list()] == [made]


def test_a_hosts_engine_serves_a_flow_through_a_pooler(
    desk: Desk, pooled_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waits, "OWN_LOCK", 50)
    host = create_engine(
        plain(pooled_url).url, connect_args={"prepare_threshold": None}
    )
    with Flow.open(engine=host, clock=desk.clock) as flow:
        made = [Desk(flow, desk.clock).collect().number for _ in range(5)]
    assert [item.number for item in desk.flow.items.list()] == made
    host.dispose()
