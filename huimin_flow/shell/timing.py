"""timetable and scheduler: what is due, what ran, and the service itself."""

from __future__ import annotations

from pathlib import Path

import click

from huimin_flow.shell import given, screens
from huimin_flow.shell.place import Place, placed, shared


@click.group(help="时间表:有哪些作业、何时到期、做过什么。")
def timetable() -> None:
    """Group the commands of the timetable."""


@timetable.command("list", help="时间表上的作业。")
@shared
def timetable_list(database: str | None, config: Path | None, *, as_json: bool) -> None:
    """List the slots of the active rulebook."""
    with placed(database, config, as_json=as_json).flow() as flow:
        slots = flow.rulebook().timetable
    rows = [(one.job, one.every, f"{one.hour}时", one.title) for one in slots]
    head = ("作业", "周期", "时刻", "名称")
    screens.show(slots, screens.table(head, rows), as_json=as_json)


@timetable.command("due", help="已到期未做的,与接下来的。")
@shared
def timetable_due(database: str | None, config: Path | None, *, as_json: bool) -> None:
    """Show what is due and what comes next."""
    from huimin_flow.clock import SystemClock  # noqa: PLC0415 - heavy
    from huimin_flow.timetable.due import next_due  # noqa: PLC0415 - heavy
    from huimin_flow.timetable.ledger import pending  # noqa: PLC0415 - heavy

    now = SystemClock().now()
    with placed(database, config, as_json=as_json).flow() as flow:
        waiting = pending(flow, now)
        coming = next_due(flow.rulebook(), now)
    rows = [
        (
            word,
            one.job,
            one.period,
            screens.shanghai(one.at),
        )
        for word, some in (("待补做", waiting), ("将到期", coming))
        for one in some
    ]
    text = screens.table(("情况", "作业", "期", "到期"), rows)
    screens.show({"waiting": waiting, "coming": coming}, text, as_json=as_json)


@timetable.command("status", help="作业台账:每个(作业,期)一行。")
@shared
def timetable_status(
    database: str | None, config: Path | None, *, as_json: bool
) -> None:
    """Show the ledger."""
    from huimin_flow.store.history import moment_of  # noqa: PLC0415 - heavy
    from huimin_flow.timetable.ledger import runs  # noqa: PLC0415 - heavy

    with placed(database, config, as_json=as_json).flow() as flow:
        found = runs(flow)
    rows = [
        (
            one.job,
            one.period,
            screens.shanghai(moment_of(one.due)),
            screens.shanghai(moment_of(one.ran)),
            one.late_seconds,
            one.cut,
        )
        for one in found
    ]
    head = ("作业", "期", "到期", "完成", "迟(秒)", "截点")
    screens.show(found, screens.table(head, rows), as_json=as_json)


@timetable.command("run", help="立即做完所有已到期的作业。")
@shared
def timetable_run(database: str | None, config: Path | None, *, as_json: bool) -> None:
    """Tick once."""
    from huimin_flow.clock import SystemClock  # noqa: PLC0415 - heavy
    from huimin_flow.timetable.ledger import tick  # noqa: PLC0415 - heavy

    with placed(database, config, as_json=as_json).flow() as flow:
        found = tick(flow, SystemClock().now())
    text = (
        "\n".join(f"已做 {one.job} {one.period}" for one in found) or "没有到期的作业"
    )
    screens.show(found, text, as_json=as_json)


@click.command(help="无人值守的定时服务;SIGTERM 或 Ctrl-C 结束。")
@click.option(
    "--rehearse",
    nargs=2,
    default=None,
    metavar="起 止",
    help="在推演库上尽快走完一段日期,如 2026-12-01 2027-01-20。",
)
@click.option("--seed", type=int, default=0, help="推演的随机种子。")
@shared
def scheduler(
    rehearse: tuple[str, str] | None,
    seed: int,
    database: str | None,
    config: Path | None,
    *,
    as_json: bool,
) -> None:
    """Serve until told to stop; the log is JSON lines, with or without --json."""
    from huimin_flow.clock import SystemClock  # noqa: PLC0415 - heavy
    from huimin_flow.timetable.metronome import serve  # noqa: PLC0415 - heavy

    del as_json
    place = placed(database, config)
    if rehearse is not None:
        _rehearse(place, rehearse, seed)
        return
    with place.flow() as flow:
        serve(flow, SystemClock())


def _rehearse(place: Place, span: tuple[str, str], seed: int) -> None:
    from huimin_flow.clock import RehearsalClock, at_hour  # noqa: PLC0415 - heavy
    from huimin_flow.flow import Flow  # noqa: PLC0415 - heavy
    from huimin_flow.timetable.metronome import rehearse  # noqa: PLC0415 - heavy

    first, last = (given.day(one) for one in span)
    clock = RehearsalClock(at_hour(first, 0), seed=seed)
    with Flow.open(place.url(), clock=clock) as flow:
        rehearse(flow, clock, first, last)
