"""rules: the rulebook checked, shown, activated."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from huimin_flow.catalogue.terms import StreamKind
from huimin_flow.shell import screens
from huimin_flow.shell.acting import Act, acts, by_two
from huimin_flow.shell.place import placed, shared

if TYPE_CHECKING:
    from huimin_flow.model.event import Event
    from huimin_flow.model.rulebook import Rulebook


@click.group(help="规则库:检查、启用、查看。")
def rules() -> None:
    """Group the commands of the rulebook."""


@rules.command("check", help="整体检查 config/,指出文件、行、键、值与改法。")
@shared
def rules_check(database: str | None, config: Path | None, *, as_json: bool) -> None:
    """Validate the proposal as a whole."""
    from huimin_flow.settings import check  # noqa: PLC0415 - heavy

    digest = check(placed(database, config, as_json=as_json).folder()).digest
    screens.show({"digest": digest}, f"配置无误,规则库 {digest[:12]}", as_json=as_json)


@rules.command(
    "show", help="查看启用中的规则库:何时由谁启用,有哪些部分;全部内容用 --json。"
)
@shared
def rules_show(database: str | None, config: Path | None, *, as_json: bool) -> None:
    """Show the active rulebook."""
    from huimin_flow.model.rulebook import rulebook_text  # noqa: PLC0415 - heavy

    with placed(database, config, as_json=as_json).now() as now:
        book = now.rulebook()
        made = [one.event for one in now.events(StreamKind.RULEBOOK)]
    if as_json:
        screens.echo_json(rulebook_text(book).decode())
        return
    lines = [
        f"启用中的规则库 {book.digest[:12]}",
        _activated(made[-1]),
        screens.table(("部分", "数量"), _parts(book)),
        "全部内容见 huimin rules show --json",
    ]
    screens.echo("\n".join(lines))


def _activated(event: Event) -> str:
    """Return when and by whom a rulebook was activated, and how often one was."""
    from huimin_flow.flow.founding import FOUNDER  # noqa: PLC0415 - heavy

    second = event.public["confirmed_by"]
    who = (
        "建库时启用"
        if event.actor == FOUNDER.id
        else f"办理 {event.actor},复核 {second}"
    )
    return f"第{event.n}次启用,{screens.shanghai(event.at)},{who}"


def _parts(book: Rulebook) -> list[tuple[str, str]]:
    """Return what a rulebook holds, and how much of each."""
    organization, rules = book.organization, book.rules
    years = "、".join(str(one.year) for one in book.calendar.years) or "无"
    counts = (
        ("单位", len(organization.units)),
        ("岗位", len(organization.people)),
        ("采集渠道", len(book.channels.intake)),
        ("不予采纳与暂缓的理由", len(rules.reject_reasons)),
        ("退回的理由", len(rules.return_reasons)),
        ("定时作业", len(book.timetable)),
        ("评价指标", len(book.scoring.index.indicators)),
        ("进度曲线", len(book.scoring.progress.curves)),
        ("服务事项", len(book.services.items)),
    )
    return [*((name, f"{count}项") for name, count in counts), ("历法年份", years)]


@rules.command("activate", help="由两人启用 config/ 中的规则库。")
@by_two
@acts
def rules_activate(act: Act, second: str | None) -> None:
    """Activate the proposal by two people."""
    book = act.place.rulebook()
    other = act.second(second)
    if other is None:
        act.proposed(act.flow.propose_rulebook(book, by=act.by))
        return
    digest = act.flow.activate(book, by=act.by, second=other)
    act.say({"digest": digest}, f"已启用规则库 {digest[:12]}")
