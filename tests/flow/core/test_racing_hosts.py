"""On PostgreSQL a host that takes long keeps nobody waiting."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import Engine

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import State
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.services.ratings import Rating
from huimin_flow.store.core import engine as engines
from huimin_flow.store.core import history
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import tick
from tests.flow.core.test_host import plain
from tests.ratings import some

#: How many keys of appeals a host leaves to others: hosts that race use none alike.
_APART = count(2000, 500)

pytestmark = pytest.mark.parametrize("url", ["postgresql"], indirect=True)


@pytest.fixture
def impatient(desk: Desk, url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Another program's desk, whose statements wait for locks hardly at all."""
    monkeypatch.setattr(engines, "_LOCK_TIMEOUT", 50)
    monkeypatch.setattr(engines, "_DEADLINE", 0.2)
    with Flow.open(url, clock=desk.clock) as flow:
        other = Desk(flow, desk.clock)
        other.appeals(1000)  # whose keys are nobody else's
        yield other


@pytest.fixture
def host(url: str) -> Iterator[Engine]:
    """A host's engine, with nothing of ours."""
    engine = plain(url)
    yield engine
    engine.dispose()


@contextmanager
def taking_long(host: Engine, desk: Desk) -> Iterator[Desk]:
    """Give a desk in a host's transaction that stays open meanwhile."""
    with host.begin() as connection:
        slow = Desk(Flow.bind(connection, clock=desk.clock), desk.clock)
        slow.appeals(next(_APART))
        yield slow


def everything(
    desk: Desk, assigned: str, edition: str, ratings: Sequence[Rating]
) -> None:
    """Do at least one act of each kind that takes a number, each on own items."""
    desk.bring(State.STARRED)  # an item, appeals and their links, a deliberation
    desk.report(assigned, 3)
    desk.flow.ratings.add(ratings, by=desk.office)
    desk.flow.proposals.propose("confirm", {"edition": edition}, by=desk.office)
    second = desk.bring(State.STARRED).number
    desk.flow.items.defer(second, "not_this_period", by=desk.office)


@pytest.fixture
def assigned(desk: Desk) -> tuple[str, str]:
    """Two items that are carried out."""
    return desk.bring(State.ASSIGNED).number, desk.bring(State.ASSIGNED).number


def test_acts_on_other_items_wait_for_no_host(
    desk: Desk, impatient: Desk, host: Engine, assigned: tuple[str, str]
) -> None:
    edition, ratings = desk.flow.lists.list()[0].key, some(60)
    with taking_long(host, desk) as slow:
        everything(slow, assigned[0], edition, ratings[:20])
        everything(impatient, assigned[1], edition, ratings[20:40])
        months = [desk.flow.ratings.month_of_units("2023-09")]
    everything(impatient, assigned[1], edition, ratings[40:])
    months.append(desk.flow.ratings.month_of_units("2023-09"))
    assert [sum(one.total for one in month) for month in months] == [20, 60]
    report = door_of(desk.flow).read(verify)
    assert report.findings == ()
    events = door_of(desk.flow).read(lambda c: history.read_from(c, 0, limit=10**6))
    assert [one.position for one in events] == list(range(1, len(events) + 1))


def test_two_hosts_that_race_both_commit(desk: Desk, host: Engine) -> None:
    meet = threading.Barrier(2, timeout=20)
    numbers: list[str] = []

    def work() -> None:
        with taking_long(host, desk) as slow:
            for _ in range(5):
                numbers.append(slow.bring(State.SCREENED).number)
                meet.wait()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(numbers) == len(set(numbers)) == 10
    assert {one.number for one in desk.flow.items.list()} == set(numbers)
    assert door_of(desk.flow).read(verify).findings == ()


def test_a_host_that_rolls_back_leaves_a_gap_among_numbers_and_none_among_positions(
    desk: Desk, host: Engine
) -> None:
    with host.connect() as connection:
        bound = Desk(Flow.bind(connection, clock=desk.clock), desk.clock)
        bound.appeals(1000)
        lost = bound.bring(State.JUDGED).number
        kept = desk.bring(State.JUDGED).number
        connection.rollback()
    after = desk.bring(State.JUDGED).number
    assert [lost, kept, after] == [f"2023-{n:06}" for n in (1, 2, 3)]
    events = door_of(desk.flow).read(lambda c: history.read_from(c, 0, limit=10**6))
    assert [one.position for one in events] == list(range(1, len(events) + 1))
    assert door_of(desk.flow).read(verify).findings == ()


def test_what_a_host_commits_has_its_positions_without_anybodys_doing(
    desk: Desk, host: Engine
) -> None:
    with taking_long(host, desk) as slow:
        slow.collect()
    assert door_of(desk.flow).read(history.unplaced) == []


def test_a_host_that_gives_positions_itself_keeps_nobody_waiting(
    desk: Desk, host: Engine
) -> None:
    desk.collect()
    desk.clock.advance(timedelta(days=60))
    with taking_long(host, desk) as slow:
        assert tick(slow.flow)
        begun = time.monotonic()
        desk.collect()
        assert time.monotonic() - begun < 5  # a lock of the database: 20 seconds
    desk.flow.settle()
    assert door_of(desk.flow).read(verify).findings == ()
    assert door_of(desk.flow).read(history.unplaced) == []
