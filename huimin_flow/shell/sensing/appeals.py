"""appeal: add an appeal, and show what was done about it (A1, F4)."""

from __future__ import annotations

from typing import Any

import click

from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.terms import Argument
from huimin_flow.shell.core import screens, values
from huimin_flow.shell.core.acting import NUMBER
from huimin_flow.shell.core.command_line import plain
from huimin_flow.shell.core.parameters import Named
from huimin_flow.shell.core.place import Place, paged, shared, tabled


@plain("appeal list")
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
            line.item or say("尚未挂接"),
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
        empty=say("没有这样的诉求"),
    )


@plain("appeal show")
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
        (say("诉求"), summary.key),
        (say("渠道"), channels.get(summary.channel, summary.channel)),
        (say("听到"), screens.shanghai(summary.at)),
        (say("地点"), names.get(summary.district, summary.district)),
        (say("生命周期"), summary.life_stage.spoken),
        (say("入库"), screens.shanghai(trail.kept_at)),
        (say("挂接"), screens.shanghai(linked) if linked else say("尚未挂到事项")),
    ]
    tables = [lines]
    for item in trail.items:
        origin = say("(来自{of})", of=item.of) if item.of else ""
        lines = [
            (item.tie.spoken, f"{item.number} {item.title}{origin}"),
            (say("单位"), names.get(item.unit, item.unit)),
            (say("现状"), item.state.spoken),
            *(
                (say("清单"), screens.list_title(edition, names))
                for edition in item.lists
            ),
        ]
        if item.evaluation_passed is not None:
            verdict = say("通过") if item.evaluation_passed else say("未通过")
            result = say(
                "落实度{fulfilment},满意度{satisfaction}%,{verdict}",
                fulfilment=item.fulfilment,
                satisfaction=item.satisfaction,
                verdict=verdict,
            )
            lines.append((say("最终评价"), result))
        if item.recommendation is not None:
            lines.append((say("动态调整"), item.recommendation.spoken))
        lines += [
            (step.day.isoformat(), f"{step.step.spoken} → {step.state.spoken}")
            for step in item.steps
        ]
        tables.append(lines)
    head = ("项目", "内容")
    place.show(trail, "\n\n".join(screens.table(head, rows) for rows in tables))
