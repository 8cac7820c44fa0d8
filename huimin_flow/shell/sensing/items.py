"""item collect … item star: the first half of an item's life, as commands."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import click

from huimin_flow.catalogue.terms import (
    Area,
    Attribute,
    Criterion,
    Dimension,
    LifeStage,
    Origin,
    Placement,
)
from huimin_flow.model.deciding.deliberations import Judgment
from huimin_flow.model.items import Effectiveness
from huimin_flow.shell.core import values
from huimin_flow.shell.core.acting import (
    NUMBER,
    NUMBER_ARGUMENT,
    Act,
    acts,
    dated,
    item_step,
    seen,
)

_SCORES = partial(click.option, "--score", "scores", multiple=True)


@click.command("collect", help="采集一个新事项。")
@click.option("--title", required=True, help="标题。")
@click.option("--origin", required=True, help="来源:问题反映、社情民意、政策执行。")
@click.option("--area", required=True, help="业务板块,如 就业创业。")
@click.option("--unit", required=True, help="单位代码:属于谁,如 500101 或 万州区。")
@click.option("--description", default="", help="说明;“-”从标准输入读取。")
@click.option("--life-stage", default="all", help="生命周期阶段。")
@click.option("--arises-from", default=None, type=NUMBER, help="源于哪个事项。")
@dated
@acts
def collect(act: Act, occurred_on: date | None, **fields: str) -> None:
    """Collect a new item."""
    from huimin_flow.flow.sensing.items import Demand  # noqa: PLC0415 - heavy

    demand = Demand(
        title=fields["title"],
        origin=values.word(Origin, fields["origin"]),
        area=values.word(Area, fields["area"]),
        unit=act.plain.unit(fields["unit"], day=occurred_on).code,
        description=values.text_or_stdin(fields["description"]),
        life_stage=values.word(LifeStage, fields["life_stage"]),
        arises_from=fields["arises_from"],
    )
    act.item(act.flow.collect(demand, by=act.by, occurred_on=occurred_on))


@click.command("link", help="把诉求挂到事项上,写作 渠道=诉求编号。")
@NUMBER_ARGUMENT
@click.argument("appeals", metavar="渠道=诉求编号…", nargs=-1, required=True)
@acts
def link(act: Act, number: str, appeals: tuple[str, ...]) -> None:
    """Hang appeals on an item."""
    pairs = [values.pair(text, "hotline_12333=A001") for text in appeals]
    tally = act.flow.link(number, pairs, by=act.by)
    text = f"{number} 现有诉求{tally.appeals}条,{tally.people}人,{tally.places}地"
    act.say(tally, text)


@click.command("judge", help="在论证会议上研判:想做、可做、能做、该做。")
@NUMBER_ARGUMENT
@click.option("--meeting", required=True, help="会议编号,如 deliberation/2026-0001。")
@click.option(
    "--answer",
    "answers",
    multiple=True,
    callback=values.reading(values.answers),
    help="回答,如 想做=是:群众多次反映。",
)
@_SCORES(callback=values.reading(values.scores, Attribute), help="评分,如 可行性=75。")
@click.option(
    "--placement",
    default="year",
    callback=values.reading(values.word, Placement),
    help="下阶段、下年度、待定。",
)
@seen
@dated
@acts
def judge(
    act: Act, number: str, meeting: str, answers: Any, scores: Any, **basis: Any
) -> None:
    """Judge an item in a deliberation."""
    judgment = Judgment(answers=answers, scores=scores)
    act.item(act.flow.judge(number, meeting, judgment, by=act.by, **basis))


@click.command("star", help="评定惠民有感强度与星级;星级由规则得出。")
@NUMBER_ARGUMENT
@_SCORES(callback=values.reading(values.scores, Dimension), help="评分,如 受益面=80。")
@click.option("--expected", type=values.PERCENT, required=True, help="预估效度。")
@click.option("--low", type=values.PERCENT, required=True, help="预估下限。")
@click.option("--high", type=values.PERCENT, required=True, help="预估上限。")
@seen
@dated
@acts
def star(
    act: Act, number: str, scores: Any, expected: int, low: int, high: int, **basis: Any
) -> None:
    """Give an item its stars."""
    effect = Effectiveness(value=expected, low=low, high=high)
    act.item(act.flow.star(number, scores, effect, by=act.by, **basis))


screen = item_step(
    "screen",
    "按来源的标准筛选;普遍性由系统计算。",
    _SCORES(
        callback=values.reading(values.scores, Criterion),
        help="评分,如 紧迫性=80;逐项写。",
    ),
    seen,
    dated,
)

STEPS = (collect, link, screen, judge, star)
