"""item judge, star, reject, defer, return, revive (B1–B3)."""

from __future__ import annotations

from typing import Any

import click

from huimin_flow.catalogue.terms import (
    Argument,
    Attribute,
    Dimension,
    Placement,
    Question,
    Step,
)
from huimin_flow.model.deciding.deliberations import Judgment
from huimin_flow.model.items import Effectiveness
from huimin_flow.shell.core import values
from huimin_flow.shell.core.acting import (
    NUMBER_ARGUMENT,
    REASON,
    SCORES,
    Act,
    acts,
    by_two,
    dated,
    item_step,
    seen,
    yes,
)
from huimin_flow.shell.core.named import Named, Scored, Word


@click.command("judge", help="在论证会议上研判:想做、可做、能做、该做。")
@NUMBER_ARGUMENT
@click.option(
    "--meeting",
    required=True,
    type=Named(Argument.DELIBERATION),
    help="会议编号,如 deliberation/2026-0001。",
)
@click.option(
    "--answer",
    "answers",
    multiple=True,
    type=Scored(Question),
    callback=values.reading(values.answers),
    help="回答,如 想做=是:群众多次反映。",
)
@SCORES(
    type=Scored(Attribute),
    callback=values.reading(values.scores, Attribute),
    help="评分,如 可行性=75。",
)
@click.option(
    "--placement",
    default=Placement.YEAR,
    type=Word(Placement),
    help="下阶段、下年度、待定。",
)
@seen
@dated
@yes
@acts
def judge(
    act: Act,
    number: str,
    meeting: str,
    answers: Any,
    scores: Any,
    *,
    yes: bool,
    **basis: Any,
) -> None:
    """Judge an item in a deliberation."""
    judgment = Judgment(answers=answers, scores=scores)
    seen = act.sure(lambda now: now.items.judging(number, meeting, judgment), yes=yes)
    basis["version"] = basis["version"] or seen
    act.item(act.flow.items.judge(number, meeting, judgment, by=act.by, **basis))


@click.command("star", help="评定惠民有感强度与星级;星级由规则得出。")
@NUMBER_ARGUMENT
@SCORES(
    type=Scored(Dimension),
    callback=values.reading(values.scores, Dimension),
    help="评分,如 受益面=80。",
)
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
    act.item(act.flow.items.star(number, scores, effect, by=act.by, **basis))


reject = item_step(
    "reject",
    "不予采纳。",
    REASON,
    seen,
    ahead=lambda now, number, **_: now.items.preview(number, Step.REJECT),
)
return_ = item_step("return", "退回上一步。", REASON, seen, method="return_")


@click.command("defer", help="暂缓,待条件具备;已在清单上的须两人。")
@NUMBER_ARGUMENT
@REASON
@by_two
@seen
@acts
def defer(
    act: Act, number: str, reason: str, second: str | None, version: int | None
) -> None:
    """Defer an item, by two people if it is on a list."""
    from huimin_flow.flow.deciding.judgment import needs_two  # noqa: PLC0415 - heavy

    other = act.second(second)
    if other is None and needs_two(act.flow.items.get(number)):
        act.propose("defer", {"item": number, "reason": reason}, version)
        return
    act.item(
        act.flow.items.defer(number, reason, by=act.by, second=other, version=version)
    )


revive = item_step("revive", "恢复暂缓的事项。", seen)
