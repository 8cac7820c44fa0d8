"""appeal: add an appeal, and show what was done about it (A1, F4)."""

from __future__ import annotations

from typing import Any

import click

from huimin_flow.catalogue.terms import Argument, LifeStage
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.acting import NUMBER, Act, acts
from huimin_flow.shell.core.named import Named, Word
from huimin_flow.shell.core.place import Place, paged, shared, tabled

appeal = click.Group("appeal", help="诉求:登记一条;查看一条办到了哪一步。")


@appeal.command("add", help="登记一条诉求;同一渠道的同一编号只记一次。")
@click.option(
    "--channel",
    required=True,
    type=Named(Argument.CHANNEL),
    help="渠道代码,或名称,如 hotline_12333。",
)
@click.option("--key", required=True, help="该渠道自己的编号。")
@click.option("--who", required=True, help="来访人代号(不写姓名、电话、证件号)。")
@click.option("--district", required=True, help="区县代码或地名,如 500102、涪陵区。")
@click.option("--text", required=True, help="内容:诉求说了什么;“-”从标准输入读取。")
@click.option("--at", default=None, help="时间,如 2026-11-20T09:30;默认此刻。")
@click.option(
    "--life-stage", default=LifeStage.ALL, type=Word(LifeStage), help="生命周期阶段。"
)
@click.option("--item", default=None, type=NUMBER, help="事项编号:同时挂到它。")
@acts
def appeal_add(act: Act, at: str | None, item: str | None, **fields: Any) -> None:
    """Add an appeal."""
    new = Appeal(
        key=fields["key"],
        channel=fields["channel"],
        who=fields["who"],
        district=fields["district"],
        at=None if at is None else values.moment(at),
        text=values.text_or_stdin(fields["text"]),
        life_stage=fields["life_stage"],
    )
    kept = act.flow.appeals.add(new, by=act.by)
    text = "已登记" if kept.kept else "早已登记,没有重复记入"
    for place in kept.unplaced:
        text += f",地点“{place}”不是已知的一个单位,不计入任何单位的投诉率"
    if item is not None:
        act.part("link").appeals.link(item, [(new.channel, new.key)], by=act.by)
        text += f",已挂到 {item}"
    act.say(kept, f"诉求 {new.key} {text}")


@appeal.command("list", help="最近的诉求各挂在哪个事项;不显示来访人与内容。")
@click.option("--item", default=None, type=NUMBER, help="事项编号:只看挂在它上的。")
@click.option(
    "--channel",
    default=None,
    type=Named(Argument.CHANNEL),
    help="渠道代码,或名称:只看它的。",
)
@click.option(
    "--district",
    default=None,
    type=Named(Argument.UNIT),
    help="区县代码或地名:只看那里的。",
)
@click.option("--loose", is_flag=True, help="只看还没有挂到事项的。")
@paged(50, "写作 渠道=诉求编号")
@tabled
def appeal_list(place: Place, after: str | None, limit: int, **filters: Any) -> None:
    """List the newest appeals."""
    pair = None if after is None else values.pair(after, "hotline_12333=A001")
    with place.now() as now:
        appeals = now.appeals.list(after=pair, limit=limit, **filters)
        total = now.appeals.count(**filters)
        book = now.rulebook.active()
    channels = {intake.key: intake.name for intake in book.channels.intake}
    names = screens.unit_names(book.organization)
    rows = [
        (
            line.key,
            channels.get(line.channel, line.channel),
            screens.shanghai(line.at),
            names.get(line.district, line.district),
            line.item or "尚未挂接",
        )
        for line in appeals
    ]
    place.page(
        appeals,
        ("编号", "渠道", "时间", "地点", "事项"),
        rows,
        total=total,
        limit=limit,
        last="".join(f"{line.channel}={line.key}" for line in appeals[-1:]),
        empty="没有这样的诉求",
    )


@appeal.command("show", help="一条诉求从听到起办到了哪一步;不显示来访人与内容。")
@click.argument("key", metavar="诉求编号")
@click.option(
    "--channel",
    default=None,
    type=Named(Argument.CHANNEL),
    help="渠道代码,或名称;几个渠道有同一编号时写。",
)
@shared
def appeal_show(place: Place, key: str, channel: str | None) -> None:
    """Show an appeal's trail."""
    with place.now() as now:
        trail = now.appeals.trail(key, channel=channel)
        book = now.rulebook.active()
    channels = {intake.key: intake.name for intake in book.channels.intake}
    names = book.organization.names
    summary, linked = trail.appeal, trail.linked_at
    lines = [
        ("诉求", summary.key),
        ("渠道", channels.get(summary.channel, summary.channel)),
        ("听到", screens.shanghai(summary.at)),
        ("地点", names.get(summary.district, summary.district)),
        ("生命周期", summary.life_stage.label),
        ("入库", screens.shanghai(trail.kept_at)),
        ("挂接", screens.shanghai(linked) if linked else "尚未挂到事项"),
    ]
    tables = [lines]
    for item in trail.items:
        origin = f"(来自{item.of})" if item.of else ""
        lines = [
            (item.tie.label, f"{item.number} {item.title}{origin}"),
            ("单位", names.get(item.unit, item.unit)),
            ("现状", item.state.label),
            *(("清单", screens.list_title(edition, names)) for edition in item.lists),
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
        tables.append(lines)
    head = ("项目", "内容")
    place.show(trail, "\n\n".join(screens.table(head, rows) for rows in tables))
