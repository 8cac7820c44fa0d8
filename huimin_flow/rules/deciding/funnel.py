"""The funnel of the four questions: how many items fell at which, and why (B1)."""

from __future__ import annotations

from collections.abc import Iterable

from huimin_flow.catalogue.terms import Area, Origin, Question, Step
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


def funnel(period: str, closed: Iterable[Deliberation]) -> Funnel:
    """Count the opinions of closed deliberations."""
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
            question = fell_at(opinion)
            answers = opinion.judgment.answers
            reason = "" if question is None else answers[question].reason
            falls.append(
                Fall(item=number, deliberation=key, question=question, reason=reason)
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
