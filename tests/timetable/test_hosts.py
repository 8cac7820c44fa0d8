"""The timetable in a host's own scheduler: each period once, whoever asks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine

from huimin_flow import tick
from huimin_flow.audit.verify import verify
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import pending, runs
from tests.flow.core.test_host import plain


@pytest.fixture
def host(url: str) -> Iterator[Engine]:
    """A host's engine, with nothing of ours."""
    engine = plain(url)
    yield engine
    engine.dispose()


@pytest.fixture
def late(desk: Desk) -> Desk:
    """A desk whose jobs of two months are due."""
    desk.collect()
    desk.clock.advance(timedelta(days=60))
    return desk


def keys(flow: Flow) -> list[tuple[str, str]]:
    return [(run.job, run.period) for run in runs(flow)]


def test_four_threads_run_each_period_once(late: Desk, host: Engine) -> None:
    due = [one.key for one in pending(late.flow)]
    assert due
    together = threading.Barrier(4, timeout=60)

    def work(flow: Flow) -> int:
        together.wait()
        return len(tick(flow))

    with (
        Flow.open(engine=host, clock=late.clock) as second,
        ThreadPoolExecutor(4) as threads,
    ):
        flows = [late.flow, second, late.flow, second]
        ran = [each.result() for each in [threads.submit(work, one) for one in flows]]
    assert sum(ran) == len(due)
    assert sorted(keys(late.flow)) == sorted(due)
    assert pending(late.flow) == []
    assert door_of(late.flow).read(verify).clean


def test_within_a_hosts_transaction_a_rollback_makes_all_due_again(
    late: Desk, host: Engine
) -> None:
    due = [one.key for one in pending(late.flow)]
    with host.connect() as connection:
        bound = Flow.bind(connection, clock=late.clock)
        assert len(tick(bound)) == len(due)
        assert pending(bound) == []
        connection.rollback()
        assert [one.key for one in pending(late.flow)] == due
        assert len(tick(bound)) == len(due)
        connection.commit()
    late.flow.settle()
    assert pending(late.flow) == []
    assert door_of(late.flow).read(verify).clean


def test_a_hosts_own_scheduler_calls_it(late: Desk, host: Engine) -> None:
    due, done = len(pending(late.flow)), threading.Event()
    scheduler = BackgroundScheduler(timezone="UTC")
    with Flow.open(engine=host, clock=late.clock) as flow:
        ran: list[int] = []

        def call() -> None:
            ran.append(len(tick(flow)))
            done.set()

        scheduler.add_job(call, max_instances=1, coalesce=True)
        scheduler.start()
        assert done.wait(60)
        scheduler.shutdown()
    assert ran == [due]
    assert pending(late.flow) == []
