"""The alarm clock: APScheduler wakes the timetable, and owns no truth."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import chain, repeat
from types import FrameType
from typing import Any, TextIO

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from huimin_flow.catalogue.reasons import StoreCode, TimeCode
from huimin_flow.clock import SHANGHAI, RehearsalClock, at_hour
from huimin_flow.errors import (
    CalendarMissing,
    HuiminError,
    InputRefused,
    StoreRefused,
    why_not,
)
from huimin_flow.flow import Flow
from huimin_flow.model.core.jobs import Retry
from huimin_flow.rules.core.due import outlook
from huimin_flow.timetable.failures import reasons_of
from huimin_flow.timetable.ledger import Turn, turn


class Told:
    """What a service has said already, and says again only when it changes."""

    def __init__(self) -> None:
        """Remember nothing yet: a service that starts says everything."""
        self._missing = ""

    def anew(self, missing: CalendarMissing | None) -> bool:
        """Tell whether a year without calendar is news, and remember it."""
        before, self._missing = self._missing, str(missing or "")
        return self._missing not in {"", before}


def serve(flow: Flow, *, log: TextIO = sys.stdout, retry: Retry | None = None) -> None:
    """Tick at start and every minute until SIGTERM or Ctrl-C, by the flow's clock.

    A tick that fails is logged and tried again a minute later; what it began
    was rolled back whole. A job that fails is tried again as ``retry`` says, and
    at the start: whoever starts a service anew may have mended what it failed for.
    """
    patience, told = chain([None], repeat(retry)), Told()
    stop = threading.Event()
    # Whoever calls us from a shell wants Ctrl-C back afterwards.
    before = {
        name: signal.signal(name, _stopping(stop))
        for name in (signal.SIGTERM, signal.SIGINT)
    }
    scheduler = BackgroundScheduler(timezone=SHANGHAI)
    scheduler.add_job(
        lambda: beat(flow, log, next(patience), told),
        CronTrigger(second=0, timezone=SHANGHAI),
        id="tick",
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
        next_run_time=flow.moment(),
    )
    say(log, flow.moment(), "started", rehearsal=flow.rehearsal)
    scheduler.start()
    try:
        stop.wait()
    finally:
        scheduler.shutdown(wait=True)
        for name, handler in before.items():
            signal.signal(name, handler)
    say(log, flow.moment(), "stopped")


def rehearse(
    flow: Flow,
    clock: RehearsalClock,
    first: date,
    last: date,
    *,
    log: TextIO = sys.stdout,
) -> bool:
    """Serve a rehearsal from ``first`` to ``last`` as fast as it can.

    The clock is moved to every due moment and to each midnight in Shanghai;
    between them a minute's tick would find nothing to do. Recorded time never
    goes back: the first day begins where the database's last record stands.
    Return whether every turn went well.

    Raises:
        InputRefused: if the span is empty.
        StoreRefused: on a production database.

    """
    if not flow.rehearsal:
        raise StoreRefused(TimeCode.NO_REHEARSAL)
    if last < first:
        raise InputRefused(TimeCode.SPAN_EMPTY, first=first, last=last)
    day = first
    begin = max(at_hour(day, 0), flow.last_recorded() or at_hour(day, 0))
    clock.set(begin)
    say(log, clock.now(), "started", rehearsal=flow.rehearsal)
    well, told = True, Told()
    while day <= last:
        begun, ended = at_hour(day, 0), at_hour(day + timedelta(days=1), 0)
        begun = max(begun, begin)
        moments = {one.at for one in outlook(flow.rulebook(), begun, ended).due}
        for moment in sorted({begun, *moments} - {ended}):
            clock.set(moment)
            well = beat(flow, log, told=told) and well
        day += timedelta(days=1)
    say(log, clock.now(), "stopped")
    return well


def beat(
    flow: Flow,
    log: TextIO,
    retry: Retry | None = None,
    told: Told | None = None,
) -> bool:
    """Take one turn, and log each run, failure and refusal as one JSON line.

    A job that has failed and rests until its next attempt, as ``retry`` says,
    is no news, nor is what waits for it, nor a year without calendar that was
    ``told`` before. Return whether all went well: nothing that goes wrong in a
    turn ends the service, the next minute tries again.
    """
    try:
        done = turn(flow, None, retry)
        _tell(done, flow, log, told or Told())
    except HuiminError as refusal:
        say(log, flow.moment(), "refused", reason=str(refusal), remedy=refusal.remedy)
    except Exception as error:  # noqa: BLE001 - a silent death is the worst of all
        say(log, flow.moment(), "failed", **_unforeseen(error))
    else:
        return not done.failed and done.missing is None
    return False


def _tell(done: Turn, flow: Flow, log: TextIO, told: Told) -> None:
    for run in done.ran:
        say(
            log,
            flow.moment(),
            "ran",
            job=run.job,
            period=run.period,
            late_seconds=run.late_seconds,
            result=json.loads(run.result),
        )
    for one in done.failed:
        key = {"job": one.due.job, "period": one.due.period}
        cause = HuiminError(reasons_of(one.error))
        more = {
            "error": type(one.error).__name__,
            "code": cause.code,
            "reason": str(cause),
            "remedy": cause.remedy,
        }
        if not isinstance(one.error, HuiminError):
            more |= _unforeseen(one.error)
        say(log, flow.moment(), "failed", **key, **more)
    for due in done.held if done.failed or not done.resting else ():
        say(log, flow.moment(), "held", job=due.job, period=due.period)
    why = done.missing
    if told.anew(why) and why is not None:
        say(log, flow.moment(), "refused", reason=str(why), remedy=why.remedy)
    say(log, flow.moment(), "ticked")


def _unforeseen(error: Exception) -> dict[str, str]:
    """Return the class and traceback of what nobody foresaw, for the log alone."""
    whole = "".join(traceback.format_exception(error))
    return {"error": type(error).__name__, "traceback": whole}


def say(log: TextIO, at: datetime, what: str, **more: Any) -> None:
    """Write one JSON line; newlines in values are escaped by JSON itself.

    A log that takes nothing any more ends no service: the error stream is told.
    """
    line = {"at": at.astimezone(UTC).isoformat(), "event": what, **more}
    try:
        try:
            log.write(json.dumps(line, ensure_ascii=False) + "\n")
        except UnicodeEncodeError:  # a log in another encoding takes ASCII at least
            log.write(json.dumps(line) + "\n")
        log.flush()
    except OSError as error:
        _unheard(log, what, error)


def _unheard(log: TextIO, what: str, error: OSError) -> None:
    """Say that the log is lost, where that still is heard, and go on without it."""
    if isinstance(error, BrokenPipeError):
        # Nobody will read it again; the interpreter must not flush into it either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), log.fileno())
    with suppress(OSError):
        lost = StoreRefused(StoreCode.LOG_LOST, line=what, why=why_not(error))
        sys.stderr.write(f"{lost}\n")


def _stopping(stop: threading.Event) -> Callable[[int, FrameType | None], None]:
    def handle(_: int, __: FrameType | None) -> None:
        stop.set()

    return handle
