"""appeal: one voice at a time, and what was done about each (A1, F4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.acting import NUMBER, Act, acts
from huimin_flow.shell.core.place import Place, shared

if TYPE_CHECKING:
    from collections.abc import Mapping

    from huimin_flow.flow import Snapshot
    from huimin_flow.model.sensing.appeals import TrailItem


@click.group(help="诉求:登记一条;查看一条办到了哪一步。")
def appeal() -> None:
    """Group the commands of appeals."""


@appeal.command("add", help="登记一条诉求;同一渠道的同一编号只记一次。")
@click.option("--channel", required=True, help="渠道代码,或名称,如 hotline_12333。")
@click.option("--key", required=True, help="该渠道自己的编号。")
@click.option("--who", required=True, help="来访人代号(不写姓名、电话、证件号)。")
@click.option("--district", required=True, help="区县代码或地名,如 500102、涪陵区。")
@click.option("--text", required=True, help="内容:诉求说了什么;“-”从标准输入读取。")
@click.option("--at", default=None, help="时间,如 2026-11-20T09:30;默认此刻。")
@click.option("--life-stage", default="all", help="生命周期阶段。")
@click.option("--item", default=None, type=NUMBER, help="事项编号:同时挂到它。")
@acts
def appeal_add(act: Act, at: str | None, item: str | None, **told: str) -> None:
    """Keep one appeal."""
    from huimin_flow.catalogue.terms import LifeStage  # noqa: PLC0415 - heavy
    from huimin_flow.model.sensing.appeals import Appeal  # noqa: PLC0415 - heavy

    voice = Appeal(
        key=told["key"],
        channel=told["channel"],
        who=told["who"],
        district=told["district"],
        at=None if at is None else values.moment(at),
        text=values.text_or_stdin(told["text"]),
        life_stage=values.word(LifeStage, told["life_stage"]),
    )
    kept = act.flow.add_appeal(voice, by=act.by)
    said = "已登记" if kept.kept else "早已登记,没有重复记入"
    for place in kept.unplaced:
        said += f",地点“{place}”不是已知的一个单位,不计入任何单位的投诉率"
    if item is not None:
        act.part("link").link(item, [(voice.channel, voice.key)], by=act.by)
        said += f",已挂到 {item}"
    act.say(kept, f"诉求 {voice.key} {said}")


@appeal.command("list", help="最近的诉求各挂在哪个事项;不显示来访人与内容。")
@click.option("--item", default=None, type=NUMBER, help="事项编号:只看挂在它上的。")
@click.option("--channel", default=None, help="渠道代码:只看它的。")
@click.option("--loose", is_flag=True, help="只看还没有挂到事项的。")
@click.option("--limit", type=values.Whole(1), default=50, help="最多几条。")
@shared
def appeal_list(
    place: Place, item: str | None, channel: str | None, limit: int, *, loose: bool
) -> None:
    """List the last voices heard."""
    with place.now() as now:
        found = now.appeals(item=item, channel=channel, loose=loose, limit=limit)
        channels, places = _channels(now), screens.unit_names(now)
    rows = [
        (
            one.key,
            channels.get(one.channel, one.channel),
            screens.shanghai(one.at),
            places.get(one.district, one.district),
            one.item or "尚未挂接",
        )
        for one in found
    ]
    text = screens.table(("编号", "渠道", "时间", "地点", "事项"), rows)
    place.show(found, text if rows else "没有这样的诉求")


@appeal.command("show", help="一条诉求从听到起办到了哪一步;不显示来访人与内容。")
@click.argument("key", metavar="诉求编号")
@click.option("--channel", default=None, help="渠道代码;几个渠道有同一编号时写。")
@shared
def appeal_show(place: Place, key: str, channel: str | None) -> None:
    """Follow one voice."""
    with place.now() as now:
        found = now.trail(key, channel=channel)
        channels, names = _channels(now), screens.unit_names(now)
    appeal = found.appeal
    linked = screens.shanghai(found.linked_at) if found.linked_at else "尚未挂到事项"
    lines = [
        ("诉求", appeal.key),
        ("渠道", channels.get(appeal.channel, appeal.channel)),
        ("听到", screens.shanghai(appeal.at)),
        ("地点", names.get(appeal.district, appeal.district)),
        ("生命周期", appeal.life_stage.label),
        ("入库", screens.shanghai(found.kept_at)),
        ("挂接", linked),
    ]
    tables = [lines, *(_of_item(item, names) for item in found.items)]
    head = ("项目", "内容")
    place.show(found, "\n\n".join(screens.table(head, rows) for rows in tables))


def _channels(now: Snapshot) -> dict[str, str]:
    return {one.key: one.name for one in now.rulebook().channels.intake}


def _of_item(item: TrailItem, names: Mapping[str, str]) -> list[tuple[str, str]]:
    whence = f"(来自{item.of})" if item.of else ""
    lines = [
        (item.tie.label, f"{item.number} {item.title}{whence}"),
        ("单位", names.get(item.unit, item.unit)),
        ("现状", item.state.label),
        *(("清单", screens.list_title(key, names)) for key in item.lists),
    ]
    if item.evaluation_passed is not None:
        verdict = "通过" if item.evaluation_passed else "未通过"
        result = f"落实度{item.fulfilment},满意度{item.satisfaction}%,{verdict}"
        lines.append(("最终评价", result))
    if item.recommendation is not None:
        lines.append(("动态调整", item.recommendation.label))
    lines += [
        (step.day.isoformat(), f"{step.step.label} → {step.state.label}")
        for step in item.steps
    ]
    return lines
