"""audit: verify the whole, replay one."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from huimin_flow.shell import screens
from huimin_flow.shell.acting import NUMBER
from huimin_flow.shell.place import placed, shared

#: What the chained logs are called.
_LOGS = {"huimin_refusal": "拒绝记录", "huimin_request": "请求首答"}


@click.group(help="审计:核验全部历史,重放单个事项;只读。")
def audit() -> None:
    """Group the auditor's commands."""


@audit.command("verify", help="核验全部历史、现状、数据行;有异常则指明位置。")
@shared
def audit_verify(database: str | None, config: Path | None, *, as_json: bool) -> None:
    """Verify the whole database; exit 1 if anything is found."""
    from huimin_flow.audit.verify import verify  # noqa: PLC0415 - heavy

    with placed(database, config, as_json=as_json).flow() as flow:
        report = flow.read(partial(verify, shelf=flow.shelf, release=True))
    rows = [(one.flaw.label, one.place, one.detail) for one in report.findings]
    text = (
        f"事件{report.events}条、事项{report.items}个、数据行{report.facts}行;"
        f"日志根 {report.head[:16]}\n"
    )
    text += "".join(
        f"{_LOGS[one.log]}{one.rows}条;链尾 {one.head[:16] or '—'}\n"
        for one in report.logs
    )
    text += "无异常" if report.clean else screens.table(("异常", "位置", "说明"), rows)
    screens.show(report, text, as_json=as_json)
    if not report.clean:
        raise click.exceptions.Exit(1)


@audit.command("replay", help="从历史重放一个事项,并与现状比对。")
@click.argument("number", metavar="编号", type=NUMBER)
@shared
def audit_replay(
    number: str, database: str | None, config: Path | None, *, as_json: bool
) -> None:
    """Fold one item's history and hold it against its row."""
    from huimin_flow.errors import NotFound  # noqa: PLC0415 - with the rest
    from huimin_flow.states.evolve import fold  # noqa: PLC0415 - heavy
    from huimin_flow.store import history  # noqa: PLC0415 - heavy

    with placed(database, config, as_json=as_json).flow() as flow:
        stored = flow.read(lambda c: history.read_stream(c, f"item/{number}"))
        replayed = fold(history.event_of(one.header) for one in stored)
        if replayed is None:
            raise NotFound(f"没有编号为“{number}”的事项", remedy="请核对编号")
        same = replayed == flow.item(number)
    said = {"events": len(stored), "same": same, "item": replayed}
    word = "与现状一致" if same else "与现状不符"
    text = f"重放{len(stored)}条事件,{number} 为“{replayed.state.label}”,{word}"
    screens.show(said, text, as_json=as_json)
    if not same:
        raise click.exceptions.Exit(1)
