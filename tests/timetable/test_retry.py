"""A job that keeps failing is tried again ever more seldom, until something mends."""

from __future__ import annotations

import io
import json
import shutil
import signal
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from huimin_flow.catalogue.reasons import Code, StoreCode
from huimin_flow.clock import at_hour
from huimin_flow.errors import ConfigRefused, InputRefused, StepRefused, StoreBusy
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.core.events import Reason
from huimin_flow.model.core.jobs import Retry
from huimin_flow.model.rulebook import rulebook_from_text, rulebook_text
from huimin_flow.settings import load_settings
from huimin_flow.testing import Desk
from huimin_flow.timetable import effects, ledger, metronome
from huimin_flow.timetable.ledger import attempts, failures, run_due, runs
from huimin_flow.timetable.metronome import beat

CUTOFF = at_hour(date(2023, 12, 15), 18)
LISTING = ("listing", "2024")


@pytest.fixture
def retry(config: Path) -> Retry:
    """The waits that the config ships."""
    found = load_settings(config).retry
    assert found is not None
    return found


@pytest.fixture
def broken(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """December's freeze refuses; the moments at which it was really tried."""
    tried: list[datetime] = []

    def breaks(*_: Any) -> Mapping[str, Any]:
        tried.append(desk.clock.now())
        raise StepRefused((Reason(code=Code.NO_TASK),))

    desk.clock.set(CUTOFF - timedelta(hours=1))
    run_due(desk.flow, desk.clock.now())
    monkeypatch.setitem(effects.EFFECTS, "listing", breaks)
    return tried


def minutes(desk: Desk, retry: Retry | None, count: int) -> list[dict[str, Any]]:
    """Serve ``count`` minutes from the cutoff on; return what was logged."""
    log = io.StringIO()
    for n in range(count):
        desk.clock.set(CUTOFF + timedelta(minutes=n, microseconds=40 + n % 7))
        beat(desk.flow, log, retry)
    return [json.loads(line) for line in log.getvalue().splitlines()]


def after(tried: list[datetime]) -> list[int]:
    return [int((one - CUTOFF).total_seconds()) // 60 for one in tried]


def refusals(desk: Desk) -> int:
    query = text("SELECT count(*) FROM huimin_refusal")
    return int(door_of(desk.flow).read(lambda c: c.execute(query).scalar_one()))


def test_the_waits_double_up_to_the_longest_and_each_attempt_is_one_line_and_one_row(
    desk: Desk, broken: list[datetime], retry: Retry
) -> None:
    lines = minutes(desk, retry, 190)
    assert after(broken) == [0, 1, 3, 7, 15, 31, 63, 123, 183]
    failed = [one for one in lines if one["event"] == "failed"]
    assert len(failed) == len(broken) == refusals(desk)
    assert sum(one["event"] == "ticked" for one in lines) == 190
    (kept,) = failures(desk.flow)
    assert kept.attempts == len(broken)


def test_a_later_service_remembers_the_waits_and_tries_once_at_its_start(
    desk: Desk, broken: list[datetime], retry: Retry, monkeypatch: pytest.MonkeyPatch
) -> None:
    minutes(desk, retry, 16)
    assert after(broken)[-1] == 15
    given: list[Retry | None] = []

    class Scheduler:
        def __init__(self, **_: object) -> None:
            self.job: Any = None

        def add_job(self, job: Any, *_: object, **told: object) -> None:
            self.job = job if told["id"] == "tick" else self.job

        def start(self) -> None:
            for _ in range(3):
                self.job()
            signal.raise_signal(signal.SIGTERM)

        def shutdown(self, *, wait: bool) -> None:
            assert wait

    honest = run_due

    def told(
        flow: Flow, now: datetime | None, patience: Retry | None
    ) -> ledger.TickResult:
        given.append(patience)
        return honest(flow, now, patience)

    monkeypatch.setattr(metronome, "BackgroundScheduler", Scheduler)
    monkeypatch.setattr(metronome, "run_due", told)
    desk.clock.set(CUTOFF + timedelta(minutes=17))
    metronome.serve(desk.flow, log=io.StringIO(), retry=retry)
    assert given == [None, retry, retry]
    assert after(broken)[-1] == 17
    assert failures(desk.flow)[0].attempts == 6


def test_a_fact_or_a_rulebook_that_somebody_records_lets_it_be_tried_at_once(
    desk: Desk, broken: list[datetime], retry: Retry
) -> None:
    minutes(desk, retry, 20)
    desk.clock.set(CUTOFF + timedelta(minutes=20))
    run_due(desk.flow, desk.clock.now(), retry)
    assert after(broken)[-1] == 15
    desk.collect("候工区")
    run_due(desk.flow, desk.clock.now(), retry)
    assert after(broken)[-1] == 20
    desk.clock.set(CUTOFF + timedelta(minutes=22))
    slots = tuple(
        replace(one, title=one.title + "。")
        for one in desk.flow.rulebook.active().timetable
    )
    book = replace(desk.flow.rulebook.active(), timetable=slots)
    desk.flow.rulebook.activate(
        rulebook_from_text(rulebook_text(book)), by=desk.office, second=desk.second
    )
    run_due(desk.flow, desk.clock.now(), retry)
    assert after(broken)[-1] == 22


def test_what_the_timetable_itself_records_is_no_mend(
    desk: Desk, broken: list[datetime], retry: Retry
) -> None:
    longest = replace(retry, first_minutes=retry.most_minutes)
    quiet = at_hour(date(2024, 1, 8), 18)  # scores, colors and the quarter are made
    for moment in (quiet - timedelta(minutes=9), quiet, quiet + timedelta(minutes=1)):
        desk.clock.set(moment)
        run_due(desk.flow, moment, longest)
    assert {one.job for one in runs(desk.flow) if one.ran > failures(desk.flow)[0].last}
    assert broken == [quiet - timedelta(minutes=9)]
    again = attempts(desk.flow, desk.clock.now(), longest)
    assert again[LISTING] == quiet + timedelta(minutes=51)


def test_by_hand_it_is_tried_at_once(
    desk: Desk, broken: list[datetime], retry: Retry
) -> None:
    minutes(desk, retry, 17)
    run_due(desk.flow, desk.clock.now())
    assert after(broken)[-2:] == [15, 16]


def test_a_job_that_rests_makes_no_other_miss_its_deadline_and_what_reads_it_waits(
    desk: Desk, retry: Retry, monkeypatch: pytest.MonkeyPatch
) -> None:
    longest = replace(retry, first_minutes=retry.most_minutes)

    def breaks(*_: Any) -> Mapping[str, Any]:
        raise InputRefused(Code.FACT_MISSING, fact="十一月")

    due = at_hour(date(2023, 12, 7), 18)
    desk.clock.set(due - timedelta(minutes=1))
    run_due(desk.flow, desk.clock.now())
    honest = effects.EFFECTS["monthly_score"]
    monkeypatch.setitem(effects.EFFECTS, "monthly_score", breaks)
    desk.clock.set(due)
    assert [one.due.job for one in run_due(desk.flow, due, longest).failed] == [
        "monthly_score"
    ]
    log = io.StringIO()
    desk.clock.set(due + timedelta(minutes=1))
    beat(desk.flow, log, longest)
    assert [json.loads(line)["event"] for line in log.getvalue().splitlines()] == [
        "ticked"
    ]
    resting = run_due(desk.flow, desk.clock.now(), longest)
    assert [one.job for one in resting.resting] == ["monthly_score"]
    assert [one.job for one in resting.held] == ["five_colors"]
    reminder = at_hour(date(2023, 12, 8), 9)
    desk.clock.set(reminder)
    assert [one.job for one in run_due(desk.flow, reminder, longest).ran] == [
        "listing_reminder",
        "policy_review",
        "monthly_digests",
    ]
    monkeypatch.setitem(effects.EFFECTS, "monthly_score", honest)
    desk.clock.set(reminder + timedelta(hours=1))
    done = run_due(desk.flow, desk.clock.now(), longest)
    assert [one.job for one in done.ran] == ["monthly_score", "five_colors"]


def test_a_database_held_by_another_process_ends_the_turn_and_counts_against_no_job(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def held(*given: Any, **_: Any) -> None:
        asked.append(given[0].__name__)
        raise StoreBusy(StoreCode.BUSY)

    desk.clock.set(CUTOFF)
    with monkeypatch.context() as locked:
        locked.setattr(door_of(desk.flow), "perform", held)
        with pytest.raises(StoreBusy):
            run_due(desk.flow, CUTOFF)
    assert asked == ["_run", "<lambda>"]  # the job, then its failure
    assert failures(desk.flow) == []
    assert LISTING in {(one.job, one.period) for one in run_due(desk.flow, CUTOFF).ran}


def test_a_clock_behind_the_last_attempt_tells_no_wait(
    desk: Desk, broken: list[datetime], retry: Retry
) -> None:
    minutes(desk, retry, 32)
    desk.clock.set(CUTOFF + timedelta(minutes=2))
    run_due(desk.flow, desk.clock.now(), retry)
    assert after(broken)[-2:] == [31, 2]


def test_without_waits_in_the_config_it_is_tried_every_minute(
    desk: Desk, broken: list[datetime]
) -> None:
    minutes(desk, None, 4)
    assert after(broken) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("first_minutes: {value: 1", "first_minutes: {value: 0", "应在1至360之间"),
        ("most_minutes: {value: 60", "most_minutes: {value: 500", "应在1至360之间"),
        ("first_minutes: {value: 1", "first_minutes: {value: 99", "不得早于或小于"),
    ],
)
def test_waits_out_of_range_are_refused_with_their_line(
    old: str, new: str, said: str, config: Path, tmp_path: Path
) -> None:
    shutil.copytree(config, tmp_path / "config")
    path = tmp_path / "config" / "huimin.yaml"
    path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigRefused, match=said) as refused:
        load_settings(tmp_path / "config")
    assert refused.value.problems[0].line is not None
