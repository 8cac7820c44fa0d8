"""What a plan agreed, and how it turned out, in words (B6, B8)."""

from __future__ import annotations

from collections.abc import Iterator

from huimin_flow.catalogue.language import say, say_clauses, say_note
from huimin_flow.catalogue.terms import Grade
from huimin_flow.model.core.values import value
from huimin_flow.model.executing.agreements import AgreedOutcome, SatisfactionMeasure
from huimin_flow.model.items import Item


@value
class OutcomeLine:
    """An agreed outcome in words; ``result`` is "" before the final evaluation."""

    key: str
    kind: str
    statement: str
    agreed: str
    due: str
    result: str
    evidence: str


def measure_words(measure: SatisfactionMeasure) -> str:
    """Return how satisfaction is measured: method, who is asked, sample and mark."""
    method = "—" if measure.method is None else measure.method.spoken
    parts = [say_note(method, measure.population) if measure.population else method]
    if measure.size:
        parts.append(say("样本不少于{size}份", size=measure.size))
    if measure.share:
        parts.append(say("抽样不低于{share}%", share=measure.share))
    return say_clauses(*parts, say("合格线{mark}%", mark=measure.mark))


def agreed_words(outcome: AgreedOutcome) -> str:
    """Return the mark of a counted outcome, or how another one is checked."""
    if not outcome.counted:
        return say("凭{check}核对", check=outcome.check)
    return say(
        "{counted}{side}{mark}{unit}",
        counted=outcome.counted,
        side=outcome.side.spoken,
        mark=outcome.mark,
        unit=outcome.unit,
    )


def figures_words(fulfilment: str | None, satisfaction: int | None) -> str:
    """Return fulfilment and satisfaction; fulfilment may be not measurable."""
    if fulfilment is None:
        return say("落实度不可衡量,满意度{satisfaction}%", satisfaction=satisfaction)
    return say(
        "落实度{fulfilment},满意度{satisfaction}%",
        fulfilment=fulfilment,
        satisfaction=satisfaction,
    )


def outcome_lines(item: Item) -> Iterator[OutcomeLine]:
    """Yield what the item's plan agreed, with the results of the final evaluation."""
    results = {result.outcome: result for result in item.outcomes}
    for outcome in item.plan.outcomes if item.plan else ():
        result = results.get(outcome.key)
        words = "" if result is None else (result.grade or Grade.NOT_MEASURABLE).spoken
        if result is not None and result.value is not None:
            words = say_note(words, f"{result.value}{outcome.unit}")
        yield OutcomeLine(
            key=outcome.key,
            kind=outcome.kind.spoken,
            statement=outcome.statement,
            agreed=agreed_words(outcome),
            due=outcome.due.isoformat(),
            result=words,
            evidence="" if result is None else result.evidence,
        )
