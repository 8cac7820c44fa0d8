"""The service: APScheduler calls the timetable every minute, and stores nothing."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import chain, repeat
from typing import Any, Final, TextIO

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from huimin_flow.catalogue.reasons import StoreCode, TimeCode
from huimin_flow.clock import SHANGHAI, RehearsalClock, at_hour, local_day
from huimin_flow.errors import HuiminError, InputRefused, StoreRefused, why_not
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.core.jobs import Retry
from huimin_flow.rules.core.due import outlook
from huimin_flow.settings.outbox import OutboxSettings
from huimin_flow.store.sensing.gathering import first_waiting
from huimin_flow.timetable.ledger import SCHEDULER, TickResult, reasons_of, run_due
from huimin_flow.timetable.sending import send_due

#: The service ticks each minute.
MINUTE: Final = timedelta(minutes=1)

#: How often, in seconds, the service looks whether its clock was set back.
_LOOK: Final = 20.0


def serve(
    flow: Flow,
    *,
    log: TextIO = sys.stdout,
    retry: Retry | None = None,
    outbox: OutboxSettings | None = None,
) -> None:
    """Tick at start and every minute until SIGTERM or Ctrl-C, by the flow's clock.

    Each minute it also sends what the ``outbox`` says, in a thread of its own: a
    receiver that is slow holds up no job. In others it compares new appeals,
    closes the answers whose term is over, and records the rungs of the ladder that
    overdue rectifications have reached.

    A tick that fails is rolled back, logged and tried again a minute later. A job
    that fails is tried again as ``retry`` says, and at the start of a service: the
    operator may have removed the cause before.
    """
    retries = chain([None], repeat(retry))
    reported: set[str] = set()
    stop = threading.Event()
    # A caller in a shell needs Ctrl-C again afterwards.
    before = {
        name: signal.signal(name, lambda *_: stop.set())
        for name in (signal.SIGTERM, signal.SIGINT)
    }
    scheduler = BackgroundScheduler(timezone=SHANGHAI)
    jobs = {"tick": lambda: beat(flow, log, next(retries), reported)}
    jobs["gather"] = lambda: gather(flow, log)
    closed: set[date] = set()
    jobs["close"] = lambda: close_answers(flow, log, closed)
    escalated: set[date] = set()
    jobs["escalate"] = lambda: escalate(flow, log, escalated)
    if outbox is not None and outbox.destinations:
        # Another process may get this one's number when it has ended.
        owner = f"{socket.gethostname()[:60]}/{door_of(flow).clock.token(8).hex()}"
        jobs["send"] = lambda: send(flow, log, outbox, owner)
    for id_, job in jobs.items():
        scheduler.add_job(
            job,
            EveryMinute(),
            id=id_,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
            next_run_time=flow.moment(),
        )
    # Others never use what a job makes, whatever the umask of the caller is.
    mask = os.umask(0o027)
    say(log, flow, "started", rehearsal=flow.rehearsal)
    scheduler.start()
    try:
        while not stop.wait(_LOOK):
            realign(scheduler, flow.moment())
    finally:
        scheduler.shutdown(wait=True)
        os.umask(mask)
        for name, handler in before.items():
            signal.signal(name, handler)
    say(log, flow, "stopped")


class EveryMinute(BaseTrigger):  # type: ignore[misc]
    """The start of the next minute by the clock as it is now.

    APScheduler's own triggers go on from the last time: after a leap of years they
    would list each minute of it.
    """

    def get_next_fire_time(self, _: datetime | None, now: datetime) -> datetime:
        """Return the start of the minute after ``now``."""
        return now.replace(second=0, microsecond=0) + MINUTE


def realign(scheduler: BackgroundScheduler, now: datetime) -> None:
    """Wake a scheduler that waits for a time before which its clock was set back (S4).

    It waits for the old time of its clock; the caller waits by the monotonic clock.
    """
    for job in scheduler.get_jobs():
        if job.next_run_time > now + MINUTE:
            job.modify(next_run_time=now)


def rehearse(
    flow: Flow,
    clock: RehearsalClock,
    first: date,
    last: date,
    *,
    log: TextIO = sys.stdout,
) -> bool:
    """Serve a rehearsal from ``first`` to ``last`` as fast as possible.

    The clock moves to every due moment and to each midnight in Shanghai; between
    them a tick would find nothing to do. Recorded time never goes back: the first
    day begins at the database's last record. Return whether every tick succeeded.

    Raises:
        InputRefused: if the span is empty.
        StoreRefused: on a production database.

    """
    if not flow.rehearsal:
        raise StoreRefused(TimeCode.NO_REHEARSAL)
    if last < first:
        raise InputRefused(TimeCode.SPAN_EMPTY, first=first, last=last)
    day, begin = first, at_hour(first, 0)
    begin = max(begin, flow.records.last_recorded() or begin)
    clock.set(begin)
    say(log, flow, "started", rehearsal=flow.rehearsal)
    succeeded, reported = True, set[str]()
    while day <= last:
        begun = max(at_hour(day, 0), begin)
        ended = at_hour(day + timedelta(days=1), 0)
        moments = {due.at for due in outlook(flow.rulebook.active(), begun, ended).due}
        for moment in sorted({begun, *moments} - {ended}):
            clock.set(moment)
            succeeded = beat(flow, log, reported=reported) and succeeded
        day += timedelta(days=1)
    say(log, flow, "stopped")
    return succeeded


def beat(
    flow: Flow,
    log: TextIO,
    retry: Retry | None = None,
    reported: set[str] | None = None,
) -> bool:
    """Do what is due, and log each run, failure and refusal as one JSON line.

    A failed job that waits for its next attempt, as ``retry`` says, is not logged,
    and neither is a job that waits for it. ``reported`` has the missing calendar
    that the last beat logged; it is logged again only when it changes. Return
    whether all succeeded: a failure never ends the service.
    """
    try:
        result = run_due(flow, None, retry)
        _log(result, flow, log, set() if reported is None else reported)
    except HuiminError as refusal:
        said = {"reason": str(refusal), "remedy": refusal.remedy}
        say(log, flow, "refused", code=refusal.code, **said)
    except Exception as error:  # noqa: BLE001 - the service must not die silently
        say(log, flow, "failed", **_unforeseen(error))
    else:
        return not result.failed and result.missing is None
    return False


def gather(flow: Flow, log: TextIO) -> bool:
    """Compare the appeals that wait, and log how many were linked and proposed.

    Return whether it succeeded: a failure never ends the service.
    """

    def compare() -> None:
        # Nobody waits for the lock of an act that would do nothing.
        if door_of(flow).ask(lambda work: first_waiting(work.connection)) is not None:
            made = flow.gathering.run(by=SCHEDULER)
            counts = {"linked": made.linked, "proposed": made.proposed}
            say(log, flow, "gathered", **counts, new=made.new)

    return _tried(flow, log, compare)


def close_answers(flow: Flow, log: TextIO, closed: set[date]) -> bool:
    """Close the answers whose term is over, once a day, and log how many.

    ``closed`` are the Shanghai days on which it was done; it gets the present one once
    nothing is left. Return whether it succeeded: a failure never ends the service.
    """
    today = local_day(flow.moment())

    def close() -> None:
        if flow.answers.count_to_close():
            say(log, flow, "closed", count=flow.answers.close(by=SCHEDULER).count)
        else:
            closed.add(today)

    return today in closed or _tried(flow, log, close)


def escalate(flow: Flow, log: TextIO, escalated: set[date]) -> bool:
    """Open the rectifications of bad boards, and record rungs, once a day (D2, F3).

    ``escalated`` are the Shanghai days on which it was done. Return whether it
    succeeded: a failure never ends the service.
    """
    today = local_day(flow.moment())

    def record() -> None:
        if opened := flow.rectifications.open_listed(by=SCHEDULER):
            say(log, flow, "rectifying", count=len(opened))
        if made := flow.rectifications.escalate(by=SCHEDULER):
            say(log, flow, "escalated", count=len(made))
        escalated.add(today)

    return today in escalated or _tried(flow, log, record)


def _tried(flow: Flow, log: TextIO, act: Callable[[], None]) -> bool:
    """Do something for the service; log why it was refused or has failed."""
    try:
        act()
    except HuiminError as refusal:
        said = {"reason": str(refusal), "remedy": refusal.remedy}
        say(log, flow, "refused", code=refusal.code, **said)
        return False
    except Exception as error:  # noqa: BLE001 - the service must not die silently
        say(log, flow, "failed", **_unforeseen(error))
        return False
    return True


def send(flow: Flow, log: TextIO, settings: OutboxSettings, owner: str) -> bool:
    """Send what is due, and log what was sent and each failure as one JSON line.

    A line has neither addresses nor contents. Return whether all succeeded: a failure
    never ends the service.
    """
    try:
        results = send_due(flow, settings, owner)
    except HuiminError as refusal:
        said = {"reason": str(refusal), "remedy": refusal.remedy}
        say(log, flow, "refused", code=refusal.code, **said)
        return False
    except Exception as error:  # noqa: BLE001 - the service must not die silently
        say(log, flow, "failed", **_unforeseen(error))
        return False
    for result in results:
        for made in result.failed:
            say(
                log,
                flow,
                "delivery_failed" if made.due else "delivery_dead",
                destination=result.destination,
                position=made.position,
                attempts=made.attempts,
                fault=None if made.fault is None else made.fault.value,
            )
        if result.sent:
            say(log, flow, "sent", destination=result.destination, count=result.sent)
        if result.fenced:
            say(log, flow, "fenced", destination=result.destination)
    return not any(result.failed or result.fenced for result in results)


def _log(result: TickResult, flow: Flow, log: TextIO, reported: set[str]) -> None:
    for run in result.ran:
        done = {"job": run.job, "period": run.period, "late_seconds": run.late_seconds}
        say(log, flow, "ran", **done, result=json.loads(run.result))
    for failed in result.failed:
        cause = HuiminError(reasons_of(failed.error))
        more = {
            "job": failed.due.job,
            "period": failed.due.period,
            "error": type(failed.error).__name__,
            "code": cause.code,
            "reason": str(cause),
            "remedy": cause.remedy,
        }
        if not isinstance(failed.error, HuiminError):
            more |= _unforeseen(failed.error)
        say(log, flow, "failed", **more)
    for due in result.held if result.failed or not result.resting else ():
        say(log, flow, "held", job=due.job, period=due.period)
    missing = result.missing
    if missing is not None and str(missing) not in reported:
        say(log, flow, "refused", reason=str(missing), remedy=missing.remedy)
    reported.clear()
    reported.update(() if missing is None else (str(missing),))
    say(log, flow, "ticked")


def _unforeseen(error: Exception) -> dict[str, str]:
    """Return the class and traceback of an error that is no refusal."""
    whole = "".join(traceback.format_exception(error))
    return {"error": type(error).__name__, "traceback": whole}


def say(log: TextIO, flow: Flow, what: str, **more: Any) -> None:
    """Write one JSON line; JSON escapes newlines in values.

    A log that can't be written doesn't end the service: stderr reports it.
    """
    at = flow.moment().astimezone(UTC).isoformat()
    line = {"at": at, "event": what, **more}
    try:
        try:
            log.write(json.dumps(line, ensure_ascii=False) + "\n")
        except UnicodeEncodeError:  # a log in another encoding accepts ASCII
            log.write(json.dumps(line) + "\n")
        log.flush()
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            # The reader is gone; the interpreter must not flush into the pipe either.
            os.dup2(os.open(os.devnull, os.O_WRONLY), log.fileno())
        with suppress(OSError):
            lost = StoreRefused(StoreCode.LOG_LOST, line=what, why=why_not(error))
            sys.stderr.write(f"{lost}\n")
