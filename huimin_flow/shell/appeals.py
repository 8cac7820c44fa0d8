"""appeal: one voice at a time (A1)."""

from __future__ import annotations

import click

from huimin_flow.shell import given
from huimin_flow.shell.acting import NUMBER, Act, acts


@click.group(help="诉求:登记一条。")
def appeal() -> None:
    """Group the commands of appeals."""


@appeal.command("add", help="登记一条诉求;同一渠道的同一编号只记一次。")
@click.option("--channel", required=True, help="采集渠道代码,如 hotline_12333。")
@click.option("--key", required=True, help="该渠道自己的编号。")
@click.option("--who", required=True, help="来访人代号(不写姓名、电话、证件号)。")
@click.option("--district", required=True, help="区县代码或地名。")
@click.option("--text", required=True, help="诉求内容;“-”从标准输入读取。")
@click.option("--at", default=None, help="时间,如 2026-11-20T09:30;默认此刻。")
@click.option("--life-stage", default="all", help="生命周期阶段。")
@click.option("--item", default=None, type=NUMBER, help="同时挂到哪个事项。")
@acts
def appeal_add(act: Act, at: str | None, item: str | None, **told: str) -> None:
    """Keep one appeal."""
    from huimin_flow.model.appeal import Appeal  # noqa: PLC0415 - heavy
    from huimin_flow.terms import LifeStage  # noqa: PLC0415 - heavy

    voice = Appeal(
        key=told["key"],
        channel=told["channel"],
        who=told["who"],
        district=told["district"],
        at=None if at is None else given.moment(at),
        text=given.text_or_stdin(told["text"]),
        life_stage=given.word(LifeStage, told["life_stage"]),
    )
    kept = act.flow.add_appeals([voice], by=act.by)
    said = "已登记" if kept.kept else "早已登记,没有重复记入"
    if item is not None:
        act.part("link").link(item, [(voice.channel, voice.key)], by=act.by)
        said += f",已挂到 {item}"
    act.say(kept, f"诉求 {voice.key} {said}")
