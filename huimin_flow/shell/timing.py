"""timetable and scheduler: what is due, what ran, and the service itself."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
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
from huimin_flow.errors import CalendarMissing, InputRefused
from huimin_flow.model.period import in_words
from huimin_flow.shell import dues, given, screens, words
from huimin_flow.shell.given import Whole
from huimin_flow.shell.place import Place, placed, shared, watched
from huimin_flow.shell.rehearsed import timed

if TYPE_CHECKING:
    from datetime import date

    from huimin_flow.flow import Flow


@click.group(help="时间表:有哪些作业、何时到期、做过什么。")
def timetable() -> None:
    """Group the commands of the timetable."""


@timetable.command("list", help="时间表上的作业。")
@shared
def timetable_list(database: str | None, config: Path | None, *, as_json: bool) -> None:
    """List the slots of the active rulebook."""
    with placed(database, config, as_json=as_json).now() as now:
        slots = now.rulebook().timetable
    rows = [
        (one.title, words.word(Every, one.every), f"{one.hour}时", one.job)
        for one in slots
    ]
    head = ("作业", "周期", "时刻", "代码")
    screens.show(slots, screens.table(head, rows), as_json=as_json)


@timetable.command("due", help="已到期未做的,与接下来的。")
@timed
@shared
def timetable_due(database: str | None, config: Path | None, *, as_json: bool) -> None:
    """Show what is due and what comes next."""
    from huimin_flow.rules.due import next_due  # noqa: PLC0415 - heavy
    from huimin_flow.timetable.ledger import waiting  # noqa: PLC0415 - heavy

    with placed(database, config, as_json=as_json).now() as now:
        overdue = waiting(now)
        coming = next_due(now.rulebook(), now.moment())
    text = dues.due({"待补做": overdue.due, "将到期": coming})
    shown = {"waiting": overdue.due, "coming": coming}
    screens.show(shown, text or "没有到期的作业", as_json=as_json)
    if overdue.missing is not None:
        raise _partly(overdue.missing, as_json=as_json)


@timetable.command(
    "status", help="作业台账:每个(作业,期)一行;失败未了的与各作业的下一期另列。"
)
@timed
@shared
def timetable_status(
    database: str | None, config: Path | None, *, as_json: bool
) -> None:
    """Show the ledger, what has failed and is not done yet, and what comes next."""
    from huimin_flow.rules.due import next_due  # noqa: PLC0415 - heavy
    from huimin_flow.timetable import failures  # noqa: PLC0415 - heavy
    from huimin_flow.timetable.ledger import runs  # noqa: PLC0415 - heavy

    place = placed(database, config, as_json=as_json)
    with place.now() as now:
        found, failed = runs(now), failures.failures(now)
        again = failures.attempts(now, now.moment(), place.retry())
        coming = next_due(now.rulebook(), now.moment())
    rows = [
        (
            words.word(Job, one.job),
            in_words(one.period),
            dues.moment(one.due),
            dues.moment(one.ran),
            one.late_seconds,
            one.cut,
            _in_words(json.loads(one.result)),
        )
        for one in found
    ]
    head = ("作业", "期", "到期", "完成", "迟(秒)", "截点", "结果")
    text = screens.table(head, rows) if rows else "台账为空:还没有作业运行过"
    if failed:
        text += "\n\n失败未了:\n" + dues.failed(failed, again)
    if coming:
        text += "\n\n各作业的下一期:\n" + dues.due({"将到期": coming})
    retries = {f"{job}/{period}": at for (job, period), at in again.items()}
    told = {"runs": found, "failures": failed, "retries": retries, "next": coming}
    screens.show(told, text, as_json=as_json)


def _in_words(result: Mapping[str, Any]) -> str:
    """Return what a run found in words: 全市入选12、未入选3."""
    said = []
    for name, found in result.items():
        word = next(
            (one.label for kind in _WORDS for one in kind if one.value == name), name
        )
        if found is True:
            said.append(word)
        elif isinstance(found, dict):
            said.append(f"{word}({_in_words(found)})")
        else:
            said.append(f"{word}{found}")
    return "、".join(said)


#: Whose words stand in a run's result, its own first.
_WORDS: tuple[type[Term], ...] = (Outcome, ScoreClass, Color, State)


@timetable.command("calls", help="征集与催报点名的未报任务;可只看一个月。")
@click.argument("month", metavar="[月份]", required=False)
@shared
def timetable_calls(
    month: str | None, database: str | None, config: Path | None, *, as_json: bool
) -> None:
    """Show whom each call for progress named."""
    with placed(database, config, as_json=as_json).now() as now:
        found = now.progress_calls(month)
        names = words.unit_names(now)
    rows = [
        (
            words.word(Job, call.key.partition("/")[0]),
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
    screens.show(found, text, as_json=as_json)


@timetable.command("run", help="立即做完所有已到期的作业;有失败的,其余照做。")
@timed
@shared
def timetable_run(database: str | None, config: Path | None, *, as_json: bool) -> None:
    """Take one turn; exit 1 if a job failed."""
    from huimin_flow.timetable import failures  # noqa: PLC0415 - heavy
    from huimin_flow.timetable.ledger import turn  # noqa: PLC0415 - heavy

    place = placed(database, config, as_json=as_json)
    with place.flow() as flow:
        now = place.clock.now()
        done = turn(flow, now)
        failed = failures.failures(flow)
        again = failures.attempts(flow, now, place.retry())
    said = [
        f"{state} {words.job(one.job, one.period)}"
        for state, some in (("已做", done.ran), ("等待", done.held))
        for one in some
    ]
    text = "\n".join(said) or "没有到期的作业"
    if failed:
        text += "\n失败未了:\n" + dues.failed(failed, again)
    shown = {"ran": done.ran, "failures": failed, "held": done.held}
    screens.show(shown, text, as_json=as_json)
    if done.missing is not None:
        raise _partly(done.missing, as_json=as_json)
    if done.failed:
        raise click.exceptions.Exit(1)


def _partly(missing: CalendarMissing, *, as_json: bool) -> click.exceptions.Exit:
    """Say that a year has no calendar when all the rest was done; return the end."""
    if as_json:
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
@click.option("--seed", type=Whole(), default=0, help="随机种子;同一种子结果相同。")
@shared
def scheduler(
    rehearse: tuple[str, str] | None,
    seed: int,
    database: str | None,
    config: Path | None,
    *,
    as_json: bool,
) -> None:
    """Serve until told to stop; the log is JSON lines, with or without --json.

    A rehearsal in which anything failed or was refused ends with exit code 1.
    """
    from huimin_flow.clock import SystemClock  # noqa: PLC0415 - heavy
    from huimin_flow.timetable.metronome import serve  # noqa: PLC0415 - heavy

    del as_json
    place = placed(database, config)
    if rehearse is not None:
        _rehearse(place, rehearse, seed)
        return
    with place.flow() as flow:
        if not isinstance(place.clock, SystemClock):
            raise InputRefused(DoorCode.AHEAD_OF_CLOCK)
        serve(flow, log=sys.stdout, retry=place.retry())


def _rehearse(place: Place, span: tuple[str, str], seed: int) -> None:
    from huimin_flow.clock import RehearsalClock, at_hour  # noqa: PLC0415 - heavy
    from huimin_flow.flow import Flow  # noqa: PLC0415 - heavy
    from huimin_flow.timetable.metronome import rehearse  # noqa: PLC0415 - heavy

    first, last = (given.day(one) for one in span)
    clock = RehearsalClock(at_hour(first, 0), seed=seed)
    with watched(Flow.open(place.url(), clock=clock)) as flow:
        _go_on(flow, first)
        well = rehearse(flow, clock, first, last, log=sys.stdout)
    if not well:
        raise click.exceptions.Exit(1)


def _go_on(flow: Flow, first: date) -> None:
    """Refuse a rehearsal that would begin before what it has recorded."""
    from huimin_flow.clock import local_day  # noqa: PLC0415 - heavy

    last = flow.last_recorded()
    if last is not None and first < local_day(last):
        raise InputRefused(
            DoorCode.BEFORE_LAST_RECORD, moment=first, last=screens.shanghai(last)
        )
