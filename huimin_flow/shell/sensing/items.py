"""item collect, link, screen, merge, unmerge, split (A2–A6)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from huimin_flow.catalogue.terms import (
    Area,
    Argument,
    Criterion,
    LifeStage,
    Origin,
    Step,
)
from huimin_flow.shell.core import values
from huimin_flow.shell.core.acting import (
    NUMBER,
    NUMBER_ARGUMENT,
    SCORES,
    Act,
    acts,
    born,
    dated,
    item_step,
    seen,
    yes,
)
from huimin_flow.shell.core.named import Named, Scored, Word


@click.command("collect", help="采集一个新事项。")
@click.option("--title", required=True, help="标题。")
@click.option(
    "--origin",
    required=True,
    type=Word(Origin),
    help="来源:问题反映、社情民意、政策执行。",
)
@click.option("--area", required=True, type=Word(Area), help="业务板块,如 就业创业。")
@click.option(
    "--unit",
    default=None,
    type=Named(Argument.UNIT, later=True),
    help="单位代码,或名称:属于谁,如 万州区;默认本单位。",
)
@click.option("--description", default="", help="说明;“-”从标准输入读取。")
@click.option(
    "--life-stage", default=LifeStage.ALL, type=Word(LifeStage), help="生命周期阶段。"
)
@click.option("--arises-from", default=None, type=NUMBER, help="源于哪个事项。")
@dated
@acts
def collect(act: Act, occurred_on: date | None, **fields: Any) -> None:
    """Collect a new item."""
    from huimin_flow.flow.sensing.items import Demand  # noqa: PLC0415 - heavy

    demand = Demand(
        title=fields["title"],
        origin=fields["origin"],
        area=fields["area"],
        unit=act.plain.people.unit(fields["unit"] or act.by.unit, day=occurred_on).code,
        description=values.text_or_stdin(fields["description"]),
        life_stage=fields["life_stage"],
        arises_from=fields["arises_from"],
    )
    act.item(act.flow.items.collect(demand, by=act.by, occurred_on=occurred_on))


@click.command("link", help="把诉求挂到事项上,写作 渠道=诉求编号。")
@NUMBER_ARGUMENT
@click.argument("appeals", metavar="渠道=诉求编号…", nargs=-1, required=True)
@acts
def link(act: Act, number: str, appeals: tuple[str, ...]) -> None:
    """Link appeals to an item."""
    pairs = [values.pair(text, "hotline_12333=A001") for text in appeals]
    tally = act.flow.appeals.link(number, pairs, by=act.by)
    text = f"{number} 现有诉求{tally.appeals}条,{tally.people}人,{tally.places}地"
    act.say(tally, text)


@click.command("unlink", help="把挂错的诉求从事项上取下,写作 渠道=诉求编号。")
@NUMBER_ARGUMENT
@click.argument("appeals", metavar="渠道=诉求编号…", nargs=-1, required=True)
@acts
def unlink(act: Act, number: str, appeals: tuple[str, ...]) -> None:
    """Take wrong appeals off an item."""
    pairs = [values.pair(text, "hotline_12333=A001") for text in appeals]
    tally = act.flow.appeals.unlink(number, pairs, by=act.by)
    text = f"{number} 现有诉求{tally.appeals}条,{tally.people}人,{tally.places}地"
    act.say(tally, text)


screen = item_step(
    "screen",
    "按来源的标准筛选;普遍性由系统计算。",
    SCORES(
        type=Scored(Criterion),
        callback=values.reading(values.scores, Criterion),
        help="评分,如 紧迫性=80;逐项写。",
    ),
    seen,
    dated,
    ahead=lambda now, number, scores, **_: now.items.screening(number, scores),
)

merge = item_step(
    "merge",
    "并入另一事项;诉求随之过去。",
    click.option(
        "--keep",
        "into",
        required=True,
        type=NUMBER,
        help="保留哪个事项:本事项并入它。",
    ),
    seen,
    ahead=lambda now, number, **_: now.items.preview(number, Step.MERGE),
)

unmerge = item_step("unmerge", "撤回合并,回到原处。", seen)


@click.command("split", help="拆分;各部分写在 YAML 或 JSON 文件里。")
@NUMBER_ARGUMENT
@click.option(
    "--parts",
    type=values.PATH,
    required=True,
    help="文件:逐项写 demand(title、origin、area、unit)与 appeals([渠道, 编号])。",
)
@seen
@yes
@acts
def split(
    act: Act, number: str, parts: Path, version: int | None, *, yes: bool
) -> None:
    """Split an item."""
    from huimin_flow.flow.sensing.items import Part  # noqa: PLC0415 - heavy

    read = values.from_file(tuple[Part, ...], parts)
    pairs = [(part.demand, part.appeals) for part in read]
    moved = f",其中{sum(len(part.appeals) for part in read)}条随{len(read)}项拆出"
    version = version or act.sure(
        lambda now: now.items.preview(number, Step.SPLIT), yes=yes, more=moved
    )
    items = act.flow.items.split(number, pairs, by=act.by, version=version)
    act.say(items, born(*items))
