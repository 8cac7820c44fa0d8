"""A production database takes no time but the machine's, at every door."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta

import pytest

from huimin_flow.catalogue.reasons import TimeCode
from huimin_flow.clock import RehearsalClock, SystemClock
from huimin_flow.errors import InputRefused, StoreRefused
from huimin_flow.flow import Flow
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.store.core import engine as engines
from huimin_flow.testing import Desk
from huimin_flow.timetable import metronome
from huimin_flow.timetable.ledger import (
    heartbeat,
    pending,
    run_due,
    runs,
    tick,
    waiting,
)

NEW_YEAR = datetime(2031, 1, 1, tzinfo=UTC)


class Mine:
    """A host's own clock, which knows nothing of ours."""

    def now(self) -> datetime:
        return NEW_YEAR

    def token(self, size: int) -> bytes:
        return bytes(size)


class Ahead(SystemClock):
    """The machine's clock, and what a host makes of it."""

    def now(self) -> datetime:
        return super().now() + timedelta(days=1)


@pytest.mark.parametrize("clock", [Mine(), Ahead(), RehearsalClock(NEW_YEAR)])
def test_a_production_database_takes_no_clock_of_any_class(
    clock: RehearsalClock, url: str, book: Rulebook
) -> None:
    with pytest.raises(StoreRefused, match="只认本机时钟"):
        Flow.found(url, book, clock=clock)
    Flow.found(url, book).close()
    with pytest.raises(StoreRefused, match="只认本机时钟"):
        Flow.open(url, clock=clock)
    host = engines.open_engine(url)
    with (
        host.begin() as connection,
        pytest.raises(StoreRefused, match="只认本机时钟"),
    ):
        Flow.bind(connection, clock=clock)
    host.dispose()


def test_a_production_database_takes_the_machines_clock(
    file_url: str, book: Rulebook
) -> None:
    with Flow.found(file_url, book, clock=SystemClock()) as flow:
        assert abs(flow.moment() - SystemClock().now()) < timedelta(minutes=1)


@pytest.mark.parametrize("look", [tick, run_due, pending, waiting])
@pytest.mark.parametrize(
    "away", [timedelta(days=20), timedelta(hours=8), timedelta(hours=-8)]
)
def test_a_moment_that_the_own_clock_does_not_show_is_refused(
    look: object, away: timedelta, url: str, book: Rulebook
) -> None:
    assert callable(look)
    with Flow.found(url, book) as flow:
        with pytest.raises(InputRefused, match="与本机时钟"):
            look(flow, SystemClock().now() + away)
        assert (runs(flow), heartbeat(flow)) == ([], None)


def test_what_the_own_clock_shows_is_taken(file_url: str, book: Rulebook) -> None:
    with Flow.found(file_url, book) as flow:
        for now in (None, SystemClock().now(), SystemClock().now().astimezone()):
            assert tick(flow, now) == []
        assert heartbeat(flow) is not None


@pytest.mark.parametrize("look", [tick, run_due, pending, waiting])
def test_a_moment_without_a_zone_is_refused_in_words(look: object, desk: Desk) -> None:
    assert callable(look)
    with pytest.raises(InputRefused, match="2027-01-31T10:00:00没有时区"):
        look(desk.flow, datetime(2027, 1, 31, 10))  # noqa: DTZ001


def test_a_rehearsal_takes_the_moment_that_it_is_given(desk: Desk) -> None:
    ran = tick(desk.flow, datetime(2023, 12, 16, tzinfo=UTC))
    assert ("listing", "2024") in {(one.job, one.period) for one in ran}


def test_a_rehearsal_that_ends_before_it_begins_is_refused(desk: Desk) -> None:
    first, last, log = date(2023, 12, 2), date(2023, 12, 1), io.StringIO()
    with pytest.raises(InputRefused) as refused:
        metronome.rehearse(desk.flow, desk.clock, first, last, log=log)
    assert (refused.value.code, log.getvalue()) == (TimeCode.SPAN_EMPTY, "")


def test_a_production_database_is_not_rehearsed(file_url: str, book: Rulebook) -> None:
    clock = RehearsalClock(SystemClock().now())
    day = date(2026, 12, 1)
    with (
        Flow.found(file_url, book) as flow,
        pytest.raises(StoreRefused, match="正式库不能推演"),
    ):
        metronome.rehearse(flow, clock, day, day, log=io.StringIO())
