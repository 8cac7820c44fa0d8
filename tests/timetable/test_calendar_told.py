"""A year without calendar is news once, and again when it is another one."""

from __future__ import annotations

import io
import json
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from huimin_flow.clock import RehearsalClock
from huimin_flow.flow import Flow
from huimin_flow.model.rulebook import (
    Calendar,
    CalendarYear,
    Rulebook,
    rulebook_from_text,
    rulebook_text,
)
from huimin_flow.testing import Desk
from huimin_flow.timetable import metronome

FOUNDED = datetime(2027, 11, 20, 2, tzinfo=UTC)


@pytest.fixture
def blind(file_url: str, book: Rulebook) -> Iterator[Desk]:
    """A desk in November 2027, of which the shipped calendar knows nothing."""
    clock = RehearsalClock(FOUNDED, seed=7)
    with Flow.found(file_url, book, rehearsal=True, clock=clock) as flow:
        yield Desk(flow, clock)


def refused(log: io.StringIO) -> list[str]:
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    return [one["reason"] for one in lines if one["event"] == "refused"]


def served(
    desk: Desk, steps: list[Callable[[], None]], monkeypatch: pytest.MonkeyPatch
) -> io.StringIO:
    """Serve three minutes before each step and after the last; return the log."""

    class Scheduler:
        def __init__(self, **_: object) -> None:
            self.minute: Callable[[], object] = lambda: None

        def add_job(
            self, job: Callable[[], object], *_: object, **told: object
        ) -> None:
            self.minute = job if told["id"] == "tick" else self.minute

        def start(self) -> None:
            left = list(steps)
            for n in range(3 * len(steps) + 3):
                if n and n % 3 == 0:
                    left.pop(0)()
                desk.clock.set(desk.clock.now() + timedelta(minutes=1))
                self.minute()
            signal.raise_signal(signal.SIGTERM)

        def shutdown(self, *, wait: bool) -> None:
            assert wait

    monkeypatch.setattr(metronome, "BackgroundScheduler", Scheduler)
    log = io.StringIO()
    metronome.serve(desk.flow, log=log)
    return log


def test_a_service_says_it_at_its_start_and_when_it_changes(
    blind: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def learn() -> None:
        known = blind.flow.rulebook.active()
        plain: frozenset[date] = frozenset()
        year = CalendarYear(
            year=2027, notice="none", days_off=plain, working_weekends=plain
        )
        more = replace(known, calendar=Calendar(years=(*known.calendar.years, year)))
        told = rulebook_from_text(rulebook_text(more))
        blind.flow.rulebook.activate(told, by=blind.office, second=blind.second)

    def new_year() -> None:
        blind.clock.set(datetime(2028, 2, 20, 2, tzinfo=UTC))

    blind.clock.set(FOUNDED + timedelta(days=30))
    log = served(blind, [learn, new_year], monkeypatch)
    assert ["2027" in one for one in refused(log)] == [True, False]
    assert "2028" in refused(log)[1]
    assert log.getvalue().count('"ticked"') == 9
    again = served(blind, [], monkeypatch)
    assert refused(again) == refused(log)[1:]


def test_a_rehearsal_says_it_once_and_does_not_end_well(blind: Desk) -> None:
    log, day = io.StringIO(), date(2027, 12, 20)
    last = day + timedelta(days=3)
    well = metronome.rehearse(blind.flow, blind.clock, day, last, log=log)
    assert not well
    assert len(refused(log)) == 1
