"""The funnel of the four questions: how many items fell at which, and why (B1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from huimin_flow.catalogue.terms import Area, Origin, Question, Step
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.deciding.deliberations import (
    Deliberation,
    Fall,
    Funnel,
    FunnelLine,
    Opinion,
)


def fell_at(opinion: Opinion) -> Question | None:
    """Return the first question with a no, None for four times yes.

    It is "capable" if resources did not suffice.
    """
    answers = opinion.judgment.answers
    short = {Question.CAPABLE} if opinion.short else frozenset()
    no = (q for q in Question if q in short or (q in answers and not answers[q].yes))
    return next(no, None)


def fallen(held: Deliberation) -> tuple[str, ...]:
    """Return the items that a closed deliberation did not pass."""
    opinions = held.opinions.items()
    return tuple(n for n, opinion in opinions if opinion.step is not Step.JUDGE)


def funnel(
    period: str,
    closed: Iterable[Deliberation],
    verdicts: Mapping[tuple[str, str], Verdict],
) -> Funnel:
    """Count the opinions of closed deliberations.

    ``verdicts`` are those on what fell, by meeting and item.
    """
    decided = [
        (held.key, number, held.opinions[number])
        for held in closed
        for number in held.agenda
        if number in held.opinions
    ]
    opinions = [opinion for *_, opinion in decided]
    units = sorted({each.unit for each in opinions})
    falls = []
    for key, number, opinion in decided:
        if opinion.step is not Step.JUDGE:
            falls.append(
                Fall(
                    item=number,
                    deliberation=key,
                    question=fell_at(opinion),
                    reasons=verdicts[key, number].reasons,
                )
            )
    return Funnel(
        period=period,
        total=_line(opinions),
        by_area={
            area: _line([each for each in opinions if each.area is area])
            for area in Area
            if any(each.area is area for each in opinions)
        },
        by_unit={
            unit: _line([each for each in opinions if each.unit == unit])
            for unit in units
        },
        by_origin={
            origin: _line([each for each in opinions if each.origin is origin])
            for origin in Origin
            if any(each.origin is origin for each in opinions)
        },
        falls=tuple(falls),
    )


def _line(opinions: list[Opinion]) -> FunnelLine:
    out = [fell_at(each) for each in opinions if each.step is not Step.JUDGE]
    return FunnelLine(
        judged=len(opinions),
        fell={question: out.count(question) for question in Question},
        below=out.count(None),
        passed=len(opinions) - len(out),
    )
