"""Clocks that leap: nothing is decided until a person confirms the time (R15, S1, S4)."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import create_engine, text

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.reasons import StoreCode, TimeCode
from huimin_flow.clock import SystemClock
from huimin_flow.errors import InputRefused, StepRefused, StoreRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.store.core.positions import last_position
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import run_due, runs
from huimin_flow.timetable.metronome import EveryMinute, beat, realign
from tests.clocks import MachineClock

BEGUN = datetime(2023, 10, 9, 2, tzinfo=UTC)
DAY = timedelta(days=1)

#: What the issue names: back, ahead, far ahead, and for a lifetime.
LEAPS = [timedelta(hours=-3), 18 * DAY, 366 * DAY, 80 * 365 * DAY]

#: A schema whose clock stands before the server's own, as a server with another time.
SERVER = """
CREATE SCHEMA IF NOT EXISTS other;
CREATE OR REPLACE FUNCTION other.clock_timestamp() RETURNS timestamptz
LANGUAGE sql AS $$ SELECT TIMESTAMPTZ '{at}' $$;
ALTER DATABASE "{name}" SET search_path = public, other, pg_catalog;
"""


def set_server(url: str, at: datetime) -> None:
    """Set the clock of a database server; SQLite has none."""
    if not url.startswith("postgresql"):
        return
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        name = engine.url.database
        connection.execute(text(SERVER.format(at=at.isoformat(), name=name)))
    engine.dispose()


@pytest.fixture
def clock() -> MachineClock:
    return MachineClock(BEGUN, seed=7)


@pytest.fixture
def desk(url: str, book: Rulebook, clock: MachineClock) -> Iterator[Desk]:
    """A desk of a new database in a process of its own, with a machine's clock."""
    Flow.found(url, book, rehearsal=True, clock=clock).close()
    set_server(url, BEGUN)
    with Flow.open(url, clock=clock) as flow:
        yield Desk(flow, clock)


def state_of(flow: Flow) -> tuple[Any, ...]:
    """Return what must not change: the events, the ledger, the items."""
    return door_of(flow).read(last_position), runs(flow), flow.items.list()


def found_by_audit(flow: Flow) -> tuple[Any, ...]:
    return door_of(flow).read(verify).findings


def refusal(desk: Desk) -> StoreRefused:
    """Return why an act and a tick are refused; nothing is changed."""
    before = state_of(desk.flow)
    with pytest.raises(StoreRefused) as job:
        run_due(desk.flow)
    with pytest.raises(StoreRefused) as act:
        desk.collect()
    assert state_of(desk.flow) == before
    assert act.value.code == job.value.code
    assert "huimin clock" in act.value.remedy
    return act.value


def test_a_leap_under_a_service_and_beside_it_decides_nothing_until_it_is_right_again(
    desk: Desk, clock: MachineClock, url: str
) -> None:
    desk.collect()
    run_due(desk.flow)
    for leap in LEAPS:
        clock.advance(timedelta(minutes=1))
        clock.leap(leap)
        assert refusal(desk).code == StoreCode.CLOCK_LEAPT
        clock.leap(-leap)
    clock.leap(LEAPS[1])
    for _ in range(12):  # the service's mark goes on as long as the alarm lasts
        clock.advance(timedelta(minutes=1))
        log = io.StringIO()
        assert not beat(desk.flow, log)
        (line,) = map(json.loads, log.getvalue().splitlines())
        assert (line["event"], line["code"]) == ("refused", StoreCode.CLOCK_LEAPT)
    with Flow.open(url, clock=clock) as beside:
        assert refusal(Desk(beside, clock)).code == StoreCode.CLOCK_LEAPT
    clock.leap(-LEAPS[1])
    set_server(url, clock.now())
    run_due(desk.flow)
    with Flow.open(url, clock=clock) as beside:
        Desk(beside, clock).collect()


def test_a_confirmed_leap_lets_both_go_on_and_says_who_confirmed_it(
    desk: Desk, clock: MachineClock, url: str
) -> None:
    run_due(desk.flow)
    clock.leap(18 * DAY)
    refusal(desk)
    with Flow.open(url, clock=clock) as beside:
        with pytest.raises(InputRefused) as refused:
            beside.clock.confirm(BEGUN, by=desk.office)
        assert refused.value.code == TimeCode.CLOCK_DIFFERS
        with pytest.raises(StepRefused):
            beside.clock.confirm(clock.now(), by=desk.operator)
        with beside.dry() as dry:
            dry.clock.confirm(clock.now(), by=desk.office)
        refusal(Desk(beside, clock))
        beside.clock.confirm(clock.now(), by=desk.office)
    run_due(desk.flow)
    desk.collect()
    (event,) = [each.event for each in desk.flow.records.events("clock")]
    assert (event.actor, event.step, event.at) == (
        desk.office.id,
        "confirm",
        clock.now(),
    )
    assert found_by_audit(desk.flow) == ()


def test_a_long_silence_is_asked_about_only_where_nothing_vouches_for_it(
    desk: Desk, clock: MachineClock, url: str
) -> None:
    desk.collect()
    clock.restart()
    clock.leap(59 * DAY)
    set_server(url, clock.now())
    with Flow.open(url, clock=clock) as later:
        late = run_due(later).ran
        assert late
        assert all(run.late_seconds for run in late)
    clock.restart()
    clock.leap(61 * DAY)
    set_server(url, clock.now())
    with Flow.open(url, clock=clock) as later:
        again = Desk(later, clock)
        with pytest.raises(StoreRefused) as start:
            run_due(later)
        assert start.value.code == StoreCode.CLOCK_GAP
        if url.startswith("postgresql"):
            again.collect()  # the server's clock vouches for a single act
        else:
            assert refusal(again).code == StoreCode.CLOCK_GAP
            later.clock.confirm(clock.now(), by=desk.office)
            again.collect()
        run_due(later)
        assert found_by_audit(later) == ()


@pytest.mark.parametrize("leap", LEAPS[1:3])
def test_a_clock_that_differs_from_the_servers_decides_nothing(
    leap: timedelta, desk: Desk, clock: MachineClock, url: str
) -> None:
    clock.restart()
    clock.leap(leap)
    with Flow.open(url, clock=clock) as alone:
        other = Desk(alone, clock)
        if url.startswith("postgresql"):
            assert refusal(other).code == StoreCode.CLOCK_APART
            alone.clock.confirm(clock.now(), by=desk.office)
            clock.advance(timedelta(minutes=30))  # the difference stays confirmed
            set_server(url, BEGUN + timedelta(minutes=30))
            with Flow.open(url, clock=clock) as again:
                Desk(again, clock).collect()
        elif leap > 60 * DAY:
            assert refusal(other).code == StoreCode.CLOCK_GAP
            alone.clock.confirm(clock.now(), by=desk.office)
        other.collect()


def test_a_scheduler_whose_clock_was_set_back_wakes_at_once() -> None:
    woken = threading.Event()
    scheduler = BackgroundScheduler()
    now = SystemClock().now()
    scheduler.add_job(
        woken.set, EveryMinute(), id="tick", next_run_time=now + timedelta(hours=3)
    )
    scheduler.start()
    try:
        realign(scheduler, now + timedelta(hours=2, minutes=59, seconds=30))
        assert not woken.is_set()
        realign(scheduler, now)
        assert woken.wait(timeout=30)
    finally:
        scheduler.shutdown()


def test_a_minute_follows_the_clock_as_it_is_after_a_leap_of_years() -> None:
    trigger, now = EveryMinute(), datetime(2103, 1, 1, 0, 0, 30, tzinfo=UTC)
    assert trigger.get_next_fire_time(BEGUN, now) == datetime(
        2103, 1, 1, 0, 1, tzinfo=UTC
    )
    assert trigger.get_next_fire_time(now, BEGUN) == BEGUN + timedelta(minutes=1)
