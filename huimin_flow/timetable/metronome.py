"""The alarm clock: APScheduler wakes the timetable, and owns no truth."""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import FrameType
from typing import Any, TextIO

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from huimin_flow.clock import SHANGHAI, Clock, RehearsalClock, at_hour
from huimin_flow.errors import HuiminError, InputRefused
from huimin_flow.flow import Flow
from huimin_flow.timetable.due import outlook
from huimin_flow.timetable.ledger import tick


def serve(flow: Flow, clock: Clock, *, log: TextIO = sys.stdout) -> None:
    """Tick at start and every minute until SIGTERM or Ctrl-C.

    A tick that fails is logged and tried again a minute later; what it began
    was rolled back whole.
    """
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, _stopping(stop))
    scheduler = BackgroundScheduler(timezone=SHANGHAI)
    scheduler.add_job(
        lambda: beat(flow, clock, log),
        CronTrigger(second=0, timezone=SHANGHAI),
        id="tick",
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
        next_run_time=clock.now(),
    )
    say(log, clock.now(), "started")
    scheduler.start()
    stop.wait()
    scheduler.shutdown(wait=True)
    say(log, clock.now(), "stopped")


def rehearse(
    flow: Flow,
    clock: RehearsalClock,
    first: date,
    last: date,
    *,
    log: TextIO = sys.stdout,
) -> None:
    """Serve a rehearsal from ``first`` to ``last`` as fast as it can.

    The clock is moved to every due moment and to each midnight in Shanghai;
    between them a minute's tick would find nothing to do.

    Raises:
        InputRefused: if the span is empty.

    """
    if last < first:
        raise InputRefused(
            f"推演的终点{last.isoformat()}早于起点{first.isoformat()}",
            remedy="请先写起点,再写终点",
        )
    day = first
    clock.set(at_hour(day, 0))
    say(log, clock.now(), "started")
    while day <= last:
        begun, ended = at_hour(day, 0), at_hour(day + timedelta(days=1), 0)
        moments = {one.at for one in outlook(flow.rulebook(), begun, ended).due}
        for moment in sorted({begun, *moments} - {ended}):
            clock.set(moment)
            beat(flow, clock, log)
        day += timedelta(days=1)
    say(log, clock.now(), "stopped")


def beat(flow: Flow, clock: Clock, log: TextIO) -> None:
    """Tick once, and log each run or the refusal as one JSON line."""
    try:
        for run in tick(flow, clock.now()):
            say(
                log,
                clock.now(),
                "ran",
                job=run.job,
                period=run.period,
                late_seconds=run.late_seconds,
                result=json.loads(run.result),
            )
        say(log, clock.now(), "ticked")
    except HuiminError as refusal:
        say(log, clock.now(), "refused", reason=str(refusal), remedy=refusal.remedy)


def say(log: TextIO, at: datetime, what: str, **more: Any) -> None:
    """Write one JSON line; newlines in values are escaped by JSON itself."""
    line = {"at": at.astimezone(UTC).isoformat(), "event": what, **more}
    log.write(json.dumps(line, ensure_ascii=False) + "\n")
    log.flush()


def _stopping(stop: threading.Event) -> Callable[[int, FrameType | None], None]:
    def handle(_: int, __: FrameType | None) -> None:
        stop.set()

    return handle
