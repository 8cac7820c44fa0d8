"""timetable, scheduler and desk: due jobs, finished runs, and the two services."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from huimin_flow.catalogue.language import say, say_clauses, say_list, say_pair
from huimin_flow.catalogue.reasons import DeskCode, DoorCode
from huimin_flow.catalogue.terms import (
    Every,
    Job,
    Outcome,
)
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.clock import (
    FollowingClock,
    RehearsalClock,
    SystemClock,
    at_hour,
    local_day,
    shanghai,
)
from huimin_flow.errors import CalendarMissing, InputRefused
from huimin_flow.model.core.jobs import Failure
from huimin_flow.reports import listings
from huimin_flow.reports.core.histories import word
from huimin_flow.reports.core.lists import Sight
from huimin_flow.rules.core.due import Due, next_due
from huimin_flow.settings import load_settings
from huimin_flow.settings.desk import secret_of
from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.acting import account
from huimin_flow.shell.core.command_line import plain, watched
from huimin_flow.shell.core.commands import Shown, View, view
from huimin_flow.shell.core.failed import refuse
from huimin_flow.shell.core.place import Place, shared, tabled, timed

if TYPE_CHECKING:
    from huimin_flow.flow import Flow


@plain("timetable list")
@tabled
def timetable_list(place: Place) -> None:
    """List the slots of the active rulebook."""
    with place.now() as now:
        slots = now.rulebook.active().timetable
    rows = [
        (
            word(Job, slot.job),
            word(Every, slot.every),
            say("{hour}时", hour=slot.hour),
            slot.job,
        )
        for slot in slots
    ]
    place.table(slots, ("作业", "周期", "时刻", "代码"), rows)


@plain("timetable due")
@timed
@tabled
def timetable_due(place: Place) -> None:
    """Show the due jobs and the next ones."""
    from huimin_flow.timetable.ledger import waiting  # noqa: PLC0415 - heavy

    with place.now() as now:
        overdue = waiting(now)
        coming = next_due(now.rulebook.active(), now.moment())
    shown = {"waiting": overdue.due, "coming": coming}
    waits = overdue.due or coming or place.as_csv
    due = _due({say("待补做"): overdue.due, say("将到期"): coming})
    place.show(shown, due if waits else say("没有到期的作业"))
    if overdue.missing is not None:
        raise _partly(place, overdue.missing)


@plain("timetable status")
@timed
@tabled
def timetable_status(place: Place) -> None:
    """Show the ledger, the failed jobs that are not done yet, and the next jobs."""
    from huimin_flow.timetable import ledger  # noqa: PLC0415 - heavy

    with place.now() as now:
        runs, failed = ledger.runs(now), ledger.failures(now)
        retries = ledger.attempts(now, now.moment(), place.retry())
        coming = next_due(now.rulebook.active(), now.moment())
        sight = Sight(now, {})
        rows = [tuple(listings.runs.row(sight, run)) for run in runs]
    ran = screens.Table(listings.runs.head, rows)
    parts = [ran if rows or place.as_csv else say("台账为空:还没有作业运行过")]
    if failed:
        parts += [f"\n{say('失败未了:')}", _failed(failed, retries)]
    if coming:
        parts += [f"\n{say('各作业的下一期:')}", _due({say("将到期"): coming})]
    shown = {
        "runs": runs,
        "failures": failed,
        "retries": {f"{job}/{period}": at for (job, period), at in retries.items()},
        "next": coming,
    }
    place.show(shown, *parts)


@view(
    "timetable calls",
    settings={"period": {"nargs": 1, "metavar": "[月份]", "required": False}},
)
def _calls(view: View) -> Shown:
    rows = [
        (
            word(Job, call.key.partition("/")[0]),
            call.period,
            view.unit(line.unit),
            line.item,
            line.task,
            say_list(line.indicators),
        )
        for call in view.answer
        for line in call.owing
    ]
    head = ("作业", "月份", "单位", "事项", "任务", "未报指标")
    return view.answer, screens.Table(head, rows, "没有点名任何单位")


@plain("timetable run")
@timed
@shared
def timetable_run(place: Place) -> None:
    """Run the due jobs; exit 1 if a job failed."""
    from huimin_flow.timetable import ledger  # noqa: PLC0415 - heavy

    place.changes()
    place.require_database()
    with place.flow() as flow:
        _require_duty(place, flow)
        now = place.clock.now()
        done = ledger.run_due(flow, now)
        failed = ledger.failures(flow)
        retries = ledger.attempts(flow, now, place.retry())
    lines = []
    for run in done.ran:
        skipped = json.loads(run.result).get(Outcome.SKIPPED)
        state = say("略过") if skipped else say("已做")
        lines.append(f"{state} {screens.job(run.job, run.period)}")
    lines += [f"{say('等待')} {screens.job(due.job, due.period)}" for due in done.held]
    text = "\n".join(lines) or say("没有到期的作业")
    if failed:
        text += f"\n{say('失败未了:')}\n{_failed(failed, retries)}"
    shown = {"ran": done.ran, "failures": failed, "held": done.held}
    place.show(shown, text)
    if done.missing is not None:
        raise _partly(place, done.missing)
    if done.failed:
        raise click.exceptions.Exit(1)


def _require_duty(place: Place, flow: Flow) -> None:
    """Refuse an account that may not run a service on this database (S12)."""
    from huimin_flow.timetable import ledger  # noqa: PLC0415 - heavy

    service = load_settings(place.folder()).desk.service_account
    ledger.require_duty(flow, account(), service)


def _partly(place: Place, missing: CalendarMissing) -> click.exceptions.Exit:
    """Print that a year has no calendar and all other jobs ran; return exit 1."""
    if place.as_json:
        refuse(missing, as_json=True)
    else:
        screens.echo(
            say("未做完:{missing};该年到期的作业未列、未做,其余照常", missing=missing),
            err=True,
        )
        screens.echo(say_pair(say("可以这样做"), missing.remedy), err=True)
    return click.exceptions.Exit(1)


@plain("scheduler")
@click.option(
    "--rehearse",
    nargs=2,
    default=None,
    metavar="起 止",
    help="在推演库上尽快走完一段日期,如 2026-12-01 2027-01-20。",
)
@values.seed(default=0)
@shared
def scheduler(place: Place, rehearse: tuple[str, str] | None, seed: int) -> None:
    """Run the service until it is stopped; the log is JSON lines in any case.

    A rehearsal with a failure or a refusal ends with exit code 1.
    """
    from huimin_flow.flow import Flow  # noqa: PLC0415 - heavy
    from huimin_flow.timetable import metronome  # noqa: PLC0415 - heavy

    place.changes()
    place.require_database()
    if rehearse is None:
        with place.flow() as flow:
            if not isinstance(place.clock, SystemClock):
                raise InputRefused(DoorCode.AHEAD_OF_CLOCK)
            _require_duty(place, flow)
            settings = load_settings(place.folder())
            metronome.serve(
                flow, log=sys.stdout, retry=settings.retry, outbox=settings.outbox
            )
        return
    first, last = (values.day(text) for text in rehearse)
    clock = RehearsalClock(at_hour(first, 0), seed=seed)
    with watched(Flow.open(place.url(), clock=clock)) as flow:
        known = flow.records.last_recorded()
        if known is not None and first < local_day(known):
            code = DoorCode.BEFORE_LAST_RECORD
            raise InputRefused(code, moment=first, last=shanghai(known))
        well = metronome.rehearse(flow, clock, first, last, log=sys.stdout)
    if not well:
        raise click.exceptions.Exit(1)


@plain("desk")
@click.argument(
    "what",
    type=click.Choice(["link", "sign-out-all"]),
    required=False,
)
@click.option("--port", type=values.Whole(0, 65_535), help="本机端口;0 任选一个。")
@click.option("--socket", "path", type=values.PATH, help="套接字的路径。")
@timed
@shared
def desk(place: Place, what: str | None, port: int | None, path: Path | None) -> None:
    """Serve pages and forms until stopped, or fetch a link from a running server.

    Who runs it alone, without a socket, gets a link, which is printed to the error
    stream. The log is JSON lines; a terminal gets only what is unusual.
    """
    settings = load_settings(place.folder()).desk
    url, socket = place.url(), settings.socket
    if what is not None and url.startswith("unix:"):
        socket = url.removeprefix("unix:")
    if path is None and socket is not None:
        path = Path(socket)
    if what is not None:
        if path is None and not place.opens:
            path = Path(place.url().removeprefix("unix:"))
        if path is None:
            raise InputRefused(DeskCode.NO_SOCKET)
        from huimin_flow.flow.remote import Line  # noqa: PLC0415 - heavy

        answered = Line(str(path)).call(f"/api/{what}", b"{}")
        place.show(answered, str(answered.get("link") or say("已退出全部登录")))
        return
    from huimin_flow.desk.core.state import Desk  # noqa: PLC0415 - heavy
    from huimin_flow.desk.serve import serve  # noqa: PLC0415 - heavy

    place.changes()
    place.require_database()
    with place.flow(quiet=True, serves=True) as flow:
        if path is not None:
            _require_duty(place, flow)
        made = Desk(
            flow=flow,
            settings=settings,
            log=sys.stdout,
            clock=place.clock if isinstance(place.clock, FollowingClock) else None,
            secret=secret_of(settings),
            port=settings.port if port is None else port,
        )

        def ready() -> None:
            address = made.address
            if path is None and not made.rehearsal:
                address += f"link-{made.sessions.open_link(account())}"
            screens.echo(say("请用浏览器打开:{address}", address=address), err=True)

        serve(made, path=path, ready=ready)


def _due(dues: Mapping[str, Sequence[Due]]) -> screens.Table:
    """Return due periods by heading as a table."""
    rows = [
        (
            heading,
            word(Job, due.job),
            period_in_words(due.period),
            shanghai(due.at),
        )
        for heading, listed in dues.items()
        for due in listed
    ]
    return screens.Table(("情况", "作业", "期", "到期"), rows)


def _failed(
    failures: Sequence[Failure], retries: Mapping[tuple[str, str], datetime]
) -> screens.Table:
    """Return failures as a table, with the moment of each retry."""
    rows = [
        (
            word(Job, failure.job),
            period_in_words(failure.period),
            _moment(failure.due),
            _moment(failure.last),
            failure.attempts,
            shanghai(retries[failure.job, failure.period]),
            failure.error,
            failure.reason,
            failure.remedy,
        )
        for failure in failures
    ]
    head = (
        *("作业", "期", "到期", "最近一次", "次数"),
        *("下一次", "类别", "原因", "可以这样做"),
    )
    return screens.Table(head, rows)


def _moment(text: str) -> str:
    """Return a stored moment in Shanghai time."""
    from huimin_flow.store.core.history import moment_of  # noqa: PLC0415 - heavy

    return shanghai(moment_of(text))


@plain("outbox send")
@shared
def outbox_send(place: Place) -> None:
    """Send what is due, once; exit 1 if a delivery failed."""
    from huimin_flow.timetable.sending import send_due  # noqa: PLC0415 - heavy

    place.changes()
    place.require_database()
    settings = load_settings(place.folder()).outbox
    with place.flow() as flow:
        _require_duty(place, flow)
        owner = f"{account()}/{place.clock.token(8).hex()}"
        results = send_due(flow, settings, owner)
    lines = []
    for result in results:
        words = [say("已投递{count}件", count=result.sent)]
        if result.failed:
            words.append(say("失败{count}件", count=len(result.failed)))
        if result.elsewhere:
            words = [say("另一个服务正在投递")]
        if result.fenced:
            words.append(say("已由另一个服务接手"))
        lines.append(say_pair(result.destination, say_clauses(*words)))
    place.show(results, "\n".join(lines) or say("huimin.yaml 里没有投递目的地"))
    if any(result.failed for result in results):
        raise click.exceptions.Exit(1)
