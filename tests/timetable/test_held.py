"""A database that another connection holds for longer than the service waits."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.clock import at_hour
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.settings import load_settings
from huimin_flow.store.core import engine
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import failures, heartbeat, pending, runs
from huimin_flow.timetable.metronome import beat

pytestmark = pytest.mark.parametrize("url", ["postgresql"], indirect=True)

JANUARY = at_hour(date(2024, 1, 20), 9)
HEAD = "SELECT value FROM huimin_counter WHERE name = 'position' FOR UPDATE"


@pytest.fixture
def impatient(desk: Desk, url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flow]:
    """An engine that waits for locks hardly at all, in a January full of dues."""
    monkeypatch.setattr(engine, "_LOCK_TIMEOUT", 20)
    desk.clock.set(JANUARY)
    with Flow.open(url, clock=desk.clock) as flow:
        assert len(pending(flow, JANUARY)) > 3
        yield flow


@pytest.fixture
def other(url: str) -> Iterator[psycopg.Connection[Any]]:
    """Another connection, which ends before the database is swept."""
    with psycopg.connect(url) as connection:
        yield connection
        connection.rollback()


def beaten(flow: Flow, config: Path) -> tuple[bool, list[dict[str, Any]]]:
    log = io.StringIO()
    well = beat(flow, log, load_settings(config).retry)
    return well, [json.loads(line) for line in log.getvalue().splitlines()]


def test_a_tick_that_meets_a_held_lock_says_so_tries_no_other_and_is_tried_again(
    desk: Desk,
    impatient: Flow,
    other: psycopg.Connection[Any],
    config: Path,
) -> None:
    other.execute(HEAD.encode())
    well, lines = beaten(impatient, config)
    assert not well
    events = [one["event"] for one in lines]
    assert (events[0], set(events[1:-1]), events[-1]) == ("failed", {"held"}, "ticked")
    assert (lines[0]["error"], lines[0]["reason"]) == (
        "StoreBusy", "另一个进程正在写入数据库",
    )  # fmt: skip
    (kept,) = failures(impatient)
    assert (kept.job, kept.attempts) == (lines[0]["job"], 1)
    assert runs(impatient) == []
    assert heartbeat(impatient) is not None
    _free_again(desk, impatient, other, config)


@pytest.mark.parametrize(
    "held",
    [
        HEAD + "; LOCK TABLE huimin_job_failure IN SHARE MODE",
        "LOCK TABLE huimin_event IN ACCESS EXCLUSIVE MODE",
        "LOCK TABLE huimin_job_run, huimin_job_failure IN SHARE MODE",
    ],
)
def test_where_the_failure_cannot_be_kept_either_the_tick_is_refused_in_words(
    held: str,
    desk: Desk,
    impatient: Flow,
    other: psycopg.Connection[Any],
    config: Path,
) -> None:
    other.execute(held.encode())
    well, lines = beaten(impatient, config)
    assert not well
    assert [one["event"] for one in lines] == ["refused"]
    assert lines[0]["reason"] == "另一个进程正在写入数据库"
    other.rollback()
    assert (failures(impatient), runs(impatient)) == ([], [])
    assert heartbeat(impatient) is None
    _free_again(desk, impatient, other, config)


def test_an_act_that_is_done_is_no_refusal_because_its_numbering_must_wait(
    desk: Desk, impatient: Flow, other: psycopg.Connection[Any]
) -> None:
    other.execute(HEAD.encode())
    item = Desk(impatient, desk.clock).collect("候工区")
    assert impatient.items.get(item.number) == item
    other.rollback()
    assert door_of(impatient).read(verify).findings == ()


def _free_again(
    desk: Desk, flow: Flow, other: psycopg.Connection[Any], config: Path
) -> None:
    """See that the next turns do each period once, and that nothing was half."""
    other.rollback()
    ran: list[tuple[str, str]] = []
    for minute in (1, 2):
        desk.clock.set(JANUARY + timedelta(minutes=minute, seconds=1))
        _, lines = beaten(flow, config)
        ran += [(one["job"], one["period"]) for one in lines if one["event"] == "ran"]
    assert len(ran) == len(set(ran)) == len(runs(flow))
    assert pending(flow, desk.clock.now()) == []
    assert failures(flow) == []
    assert door_of(flow).read(verify).findings == ()
