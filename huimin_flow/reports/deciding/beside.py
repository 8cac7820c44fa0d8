"""A successor side by side with the item that it continues (B9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huimin_flow.catalogue.language import say, say_clauses, say_count
from huimin_flow.model.core.values import value
from huimin_flow.reports.core.histories import in_words

if TYPE_CHECKING:
    from huimin_flow.flow import Questions
    from huimin_flow.model.items import Item


@value
class BesideLine:
    """A fact of both items: its label, of the one before, of the successor."""

    label: str
    before: str
    own: str


def beside_lines(now: Questions, item: Item) -> tuple[BesideLine, ...]:
    """Return a successor beside the item that it continues; nothing without one."""
    if item.continues is None:
        return ()
    parent = now.items.get(item.continues)
    columns = [_facts(now, each) for each in (parent, item)]
    return tuple(
        BesideLine(label=label, before=before, own=columns[1][label])
        for label, before in columns[0].items()
    )


def _facts(now: Questions, item: Item) -> dict[str, str]:
    """Return what is compared of an item, by label; a dash for what is not known."""
    tally, expected = now.items.tally(item.number), item.expected_effectiveness
    known = now.advice.list(item=item.number)
    last = known[0] if known else None
    result = "—"
    if item.evaluation_passed is not None:
        satisfied = item.satisfaction
        result = say(
            "落实度{fulfilment},满意度{satisfaction}",
            fulfilment=item.fulfilment or "—",
            satisfaction="—" if satisfied is None else f"{satisfied}%",
        )
    elif last is not None:
        result = in_words(last.verdict)
    return {
        say("编号"): item.number,
        say("状态"): item.state.spoken,
        say("诉求"): say_clauses(
            say_count("{count}条", tally.appeals), say_count("{count}人", tally.people)
        ),
        say("普遍性"): "—" if item.prevalence is None else str(item.prevalence),
        say("筛选得分"): item.screening_score or "—",
        say("惠民有感强度"): item.perceived_benefit or "—",
        say("星级"): str(item.stars or "—"),
        say("预估执行效度"): "—"
        if expected is None
        else f"{expected.value}% ({expected.low}–{expected.high}%)",
        say("实施结果"): result,
        say("调整建议"): "—"
        if last is None
        else say_clauses(last.recommendation.spoken, last.state.spoken),
    }
