"""A host's rows and ours are kept together or not at all, in whatever order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, text

from huimin_flow.audit.verify import verify
from huimin_flow.errors import ItemMoved, StepRefused, StoreBusy
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.testing import Desk
from tests.flow.core.test_drivers import in_async
from tests.flow.core.test_host import DEMAND, plain

TABLE = text("CREATE TABLE host_case (name TEXT)")
INSERT = text("INSERT INTO host_case VALUES (:name)")
CASES = text("SELECT name FROM host_case ORDER BY name")


@pytest.fixture
def host(url: str) -> Iterator[Engine]:
    """A host's engine with a table of its own."""
    engine = plain(url)
    with engine.begin() as connection:
        connection.execute(TABLE)
    yield engine
    engine.dispose()


class Both:
    """One transaction of a host, with steps of its own and of ours."""

    def __init__(self, connection: Connection, desk: Desk) -> None:
        self.connection, self.desk = connection, desk
        self.bound = Flow.bind(connection, clock=desk.clock)
        self.made: list[str] = []
        self.cases: list[str] = []

    def theirs(self) -> None:
        name = f"case-{len(self.cases)}"
        self.connection.execute(INSERT, {"name": name})
        self.cases.append(name)

    def ours(self) -> None:
        made = self.bound.items.collect(DEMAND, by=self.desk.operator)
        self.made.append(made.number)

    def refused(self) -> None:
        with pytest.raises(StepRefused):
            self.bound.items.execute(self.made[0], [], by=self.desk.operator)

    def asked(self) -> None:
        assert [item.number for item in self.bound.items.list()] == self.made


def found(desk: Desk, host: Engine) -> tuple[list[str], list[str]]:
    """Return what is kept: the numbers of our items, the names of the host's rows."""
    with host.connect() as connection:
        cases = list(connection.execute(CASES).scalars())
    desk.flow.settle()
    return [item.number for item in desk.flow.items.list()], cases


ORDERS = [
    ("theirs", "ours"),
    ("ours", "theirs"),
    ("ours", "refused", "theirs"),
    ("theirs", "ours", "refused", "ours", "theirs", "asked"),
]


@pytest.mark.parametrize("commits", [True, False])
@pytest.mark.parametrize("steps", ORDERS, ids=" ".join)
def test_in_every_order_both_are_kept_or_neither(
    desk: Desk, host: Engine, steps: tuple[str, ...], *, commits: bool
) -> None:
    with host.connect() as connection:
        both = Both(connection, desk)
        for step in steps:
            getattr(both, step)()
        (connection.commit if commits else connection.rollback)()
    assert found(desk, host) == ((both.made, both.cases) if commits else ([], []))
    assert door_of(desk.flow).read(verify).clean


@pytest.mark.parametrize("inner", [True, False])
@pytest.mark.parametrize("outer", [True, False])
def test_a_hosts_savepoint_takes_ours_back_and_nothing_else(
    desk: Desk, host: Engine, *, inner: bool, outer: bool
) -> None:
    with host.connect() as connection:
        both = Both(connection, desk)
        both.ours()
        both.theirs()
        before = [*both.made], [*both.cases]
        nested = connection.begin_nested()
        both.ours()
        both.theirs()
        both.refused()
        within = [*both.made], [*both.cases]
        (nested.commit if inner else nested.rollback)()
        both.made, both.cases = within if inner else before
        both.asked()
        (connection.commit if outer else connection.rollback)()
    kept, cases = found(desk, host)
    assert cases == (both.cases if outer else [])
    assert kept == (both.made if outer else [])
    assert door_of(desk.flow).read(verify).clean


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_a_host_that_reads_one_snapshot_is_told_when_another_was_first(
    desk: Desk, host: Engine, level: str
) -> None:
    item = desk.collect().number
    with host.connect() as connection:
        connection.execution_options(isolation_level=level)
        both = Both(connection, desk)
        both.theirs()
        assert both.bound.items.get(item).version == 1
        desk.flow.items.amend(item, {"title": "甲"}, by=desk.operator)
        assert both.bound.items.get(item).version == 1
        with pytest.raises((StoreBusy, ItemMoved)) as refused:
            both.bound.items.amend(item, {"title": "乙"}, by=desk.operator)
        assert refused.value.code in {"busy", "stream_moved"}
        connection.rollback()
        both.cases.clear()
        both.theirs()
        both.bound.items.amend(item, {"title": "乙"}, by=desk.operator)
        connection.commit()
    assert desk.flow.items.get(item).title == "乙"
    assert found(desk, host) == ([item], ["case-0"])
    assert door_of(desk.flow).read(verify).clean


#: What the parent leaves to its children: the desk, and the address.
PRELOADED: list[Any] = []

EACH = 8


def synchronous(url: str, work: Callable[[Connection], None], *, commits: bool) -> None:
    """Do work in a transaction of a host."""
    engine = create_engine(plain(url).url)
    try:
        with engine.connect() as connection:
            work(connection)
            if commits:
                connection.commit()
    finally:
        engine.dispose()


def act_in_a_child(child: int) -> int:
    """Do transactions of which every third is rolled back; return how often busy."""
    desk, url, is_async = PRELOADED
    busy = 0
    for n in range(EACH):

        def work(connection: Connection, name: str = f"{child}-{n:02}") -> None:
            bound = Flow.bind(connection, clock=desk.clock)
            title = f"宿主{name}"
            if child % 2:
                connection.execute(INSERT, {"name": title})
            bound.items.collect(
                type(DEMAND)(
                    title=title, origin=DEMAND.origin, area=DEMAND.area,
                    unit=DEMAND.unit,
                ),
                by=desk.operator,
            )  # fmt: skip
            if not child % 2:
                connection.execute(INSERT, {"name": title})

        run = in_async if is_async else synchronous
        while True:
            try:
                run(url, work, commits=n % 3 != 2)
                break
            except StoreBusy:
                busy += 1
    return busy


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
def test_four_processes_leave_no_ghost_and_lose_no_row(
    desk: Desk, host: Engine, url: str, *, is_async: bool
) -> None:
    PRELOADED[:] = [desk, url, is_async]
    with ProcessPoolExecutor(4, mp_context=get_context("fork")) as children:
        list(children.map(act_in_a_child, range(4)))
    _, cases = found(desk, host)
    kept = [n for n in range(EACH) if n % 3 != 2]
    assert cases == [f"宿主{child}-{n:02}" for child in range(4) for n in kept]
    titles = sorted(item.title for item in desk.flow.items.list())
    assert titles == cases
    assert door_of(desk.flow).read(verify).clean
