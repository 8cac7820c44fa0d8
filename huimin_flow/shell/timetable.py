"""timetable and scheduler: what is due, what ran, and the service itself."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from huimin_flow.catalogue.reasons import DoorCode
from huimin_flow.catalogue.terms import (
    Color,
    Every,
    Job,
    Outcome,
    ScoreClass,
    State,
    Term,
)
from huimin_flow.catalogue.terms.timetable import period_in_words
from huimin_flow.clock import RehearsalClock, SystemClock, at_hour, local_day
from huimin_flow.errors import CalendarMissing, InputRefused
from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.place import Place, shared, timed, watched

if TYPE_CHECKING:
    from datetime import datetime

    from huimin_flow.model.core.jobs import Failure
    from huimin_flow.rules.core.due import Due


timetable = click.Group("timetable", help="时间表:有哪些作业、何时到期、做过什么。")


@timetable.command("list", help="时间表上的作业。")
@shared
def timetable_list(place: Place) -> None:
    """List the slots of the active rulebook."""
    with place.now() as now:
        slots = now.rulebook().timetable
    rows = [
        (one.title, screens.word(Every, one.every), f"{one.hour}时", one.job)
        for one in slots
    ]
    head = ("作业", "周期", "时刻", "代码")
    place.show(slots, screens.table(head, rows))


@timetable.command("due", help="已到期未做的,与接下来的。")
@timed
@shared
def timetable_due(place: Place) -> None:
    """Show what is due and what comes next."""
    from huimin_flow.rules.core.due import next_due  # noqa: PLC0415 - heavy
    from huimin_flow.timetable.ledger import waiting  # noqa: PLC0415 - heavy

    with place.now() as now:
        overdue = waiting(now)
        coming = next_due(now.rulebook(), now.moment())
    text = _due({"待补做": overdue.due, "将到期": coming})
    shown = {"waiting": overdue.due, "coming": coming}
    place.show(shown, text or "没有到期的作业")
    if overdue.missing is not None:
        raise _partly(place, overdue.missing)


@timetable.command(
    "status", help="作业台账:每个(作业,期)一行;失败未了的与各作业的下一期另列。"
)
@timed
@shared
def timetable_status(place: Place) -> None:
    """Show the ledger, what has failed and is not done yet, and what comes next."""
    from huimin_flow.rules.core.due import next_due  # noqa: PLC0415 - heavy
    from huimin_flow.timetable import ledger  # noqa: PLC0415 - heavy

    with place.now() as now:
        found, failed = ledger.runs(now), ledger.failures(now)
        again = ledger.attempts(now, now.moment(), place.retry())
        coming = next_due(now.rulebook(), now.moment())
    rows = [
        (
            screens.word(Job, one.job),
            period_in_words(one.period),
            _moment(one.due),
            _moment(one.ran),
            one.late_seconds,
            one.cut,
            _in_words(json.loads(one.result)),
        )
        for one in found
    ]
    head = ("作业", "期", "到期", "完成", "迟(秒)", "截点", "结果")
    text = screens.table(head, rows) if rows else "台账为空:还没有作业运行过"
    if failed:
        text += "\n\n失败未了:\n" + _failed(failed, again)
    if coming:
        text += "\n\n各作业的下一期:\n" + _due({"将到期": coming})
    retries = {f"{job}/{period}": at for (job, period), at in again.items()}
    told = {"runs": found, "failures": failed, "retries": retries, "next": coming}
    place.show(told, text)


def _in_words(result: Mapping[str, Any]) -> str:
    """Return what a run found in words: 全市入选12、未入选3."""
    kinds: tuple[type[Term], ...] = (Outcome, ScoreClass, Color, State)
    words = [word for kind in kinds for word in kind]
    parts = []
    for name, value in result.items():
        part = screens.word(words, name)
        if isinstance(value, dict):
            part += f"({_in_words(value)})"
        elif value is not True:
            part += str(value)
        parts.append(part)
    return "、".join(parts)


@timetable.command("calls", help="征集与催报点名的未报任务;可只看一个月。")
@click.argument("month", metavar="[月份]", required=False)
@shared
def timetable_calls(place: Place, month: str | None) -> None:
    """Show whom each call for progress named."""
    with place.now() as now:
        found = now.progress_calls(month)
        names = now.rulebook().organization.names
    rows = [
        (
            screens.word(Job, call.key.partition("/")[0]),
            call.period,
            names.get(one.unit, one.unit),
            one.item,
            one.task,
            "、".join(one.indicators),
        )
        for call in found
        for one in call.owing
    ]
    head = ("作业", "月份", "单位", "事项", "任务", "未报指标")
    text = screens.table(head, rows) if rows else "没有点名任何单位"
    place.show(found, text)


@timetable.command("run", help="立即做完所有已到期的作业;有失败的,其余照做。")
@timed
@shared
def timetable_run(place: Place) -> None:
    """Do what is due; exit 1 if a job failed."""
    from huimin_flow.timetable import ledger  # noqa: PLC0415 - heavy

    with place.flow() as flow:
        now = place.clock.now()
        done = ledger.run_due(flow, now)
        failed = ledger.failures(flow)
        again = ledger.attempts(flow, now, place.retry())
    said = [
        f"{state} {screens.job(one.job, one.period)}"
        for state, some in (("已做", done.ran), ("等待", done.held))
        for one in some
    ]
    text = "\n".join(said) or "没有到期的作业"
    if failed:
        text += "\n失败未了:\n" + _failed(failed, again)
    shown = {"ran": done.ran, "failures": failed, "held": done.held}
    place.show(shown, text)
    if done.missing is not None:
        raise _partly(place, done.missing)
    if done.failed:
        raise click.exceptions.Exit(1)


def _partly(place: Place, missing: CalendarMissing) -> click.exceptions.Exit:
    """Say that a year has no calendar when all the rest was done; return the end."""
    if place.as_json:
        screens.refuse(missing, as_json=True)
    else:
        screens.echo(f"未做完:{missing};该年到期的作业未列、未做,其余照常", err=True)
        screens.echo(f"可以这样做:{missing.remedy}", err=True)
    return click.exceptions.Exit(1)


@click.command(help="无人值守的定时服务;SIGTERM 或 Ctrl-C 结束。")
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
    """Serve until told to stop; the log is JSON lines, with or without --json.

    A rehearsal in which anything failed or was refused ends with exit code 1.
    """
    from huimin_flow.timetable.metronome import serve  # noqa: PLC0415 - heavy

    if rehearse is not None:
        _rehearse(place, rehearse, seed)
        return
    with place.flow() as flow:
        if not isinstance(place.clock, SystemClock):
            raise InputRefused(DoorCode.AHEAD_OF_CLOCK)
        serve(flow, log=sys.stdout, retry=place.retry())


def _rehearse(place: Place, span: tuple[str, str], seed: int) -> None:
    from huimin_flow.flow import Flow  # noqa: PLC0415 - heavy
    from huimin_flow.timetable.metronome import rehearse  # noqa: PLC0415 - heavy

    first, last = (values.day(text) for text in span)
    clock = RehearsalClock(at_hour(first, 0), seed=seed)
    with watched(Flow.open(place.url(), clock=clock)) as flow:
        known = flow.last_recorded()
        if known is not None and first < local_day(known):
            code = DoorCode.BEFORE_LAST_RECORD
            raise InputRefused(code, moment=first, last=screens.shanghai(known))
        well = rehearse(flow, clock, first, last, log=sys.stdout)
    if not well:
        raise click.exceptions.Exit(1)


def _due(dues: Mapping[str, Sequence[Due]]) -> str:
    """Return dues by what is said of them as a table, empty where there is none."""
    rows = [
        (
            heading,
            screens.word(Job, due.job),
            period_in_words(due.period),
            screens.shanghai(due.at),
        )
        for heading, some in dues.items()
        for due in some
    ]
    return screens.table(("情况", "作业", "期", "到期"), rows) if rows else ""


def _failed(
    failures: Sequence[Failure], again: Mapping[tuple[str, str], datetime]
) -> str:
    """Return failures as a table, with the moment at which each is tried again."""
    rows = [
        (
            screens.word(Job, failure.job),
            period_in_words(failure.period),
            _moment(failure.due),
            _moment(failure.last),
            failure.attempts,
            screens.shanghai(again[failure.job, failure.period]),
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
    return screens.table(head, rows)


def _moment(written: str) -> str:
    """Return a stored moment as Shanghai's clock shows it."""
    from huimin_flow.store.core.history import moment_of  # noqa: PLC0415 - heavy

    return screens.shanghai(moment_of(written))
