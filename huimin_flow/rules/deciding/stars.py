"""惠民有感强度: perceived benefit and its stars, computed and never typed in (B3)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import Dimension, Role
from huimin_flow.model.core.events import Plain, Reason, Verdict
from huimin_flow.model.core.rules import StarRule
from huimin_flow.model.improving.advice import Interim
from huimin_flow.rules.core.continuing import blended, inputs_of
from huimin_flow.rules.core.formula import hundredths, score_flaw

RULE: Final = "starring"
REVISION: Final = 1

_verdict = partial(Verdict, rule=RULE, revision=REVISION)


def star(
    scores: Mapping[Dimension, int], rule: StarRule, interim: Interim | None = None
) -> Verdict:
    """Compute the perceived benefit from the weighted dimensions, and its stars.

    ``score`` is the benefit, 0–100 with two places; ``inputs["stars"]`` are the
    stars, 1–5. With a missing or impossible score, nothing is decided.
    ``interim`` is the result of the item that it continues, with a weight of its own.

    >>> from huimin_flow.model.core.rules import Figure
    >>> parts = zip(Dimension, (30, 30, 25, 15), strict=True)
    >>> marks = [Figure(value=mark, source="ours") for mark in (40, 55, 70, 85)]
    >>> weights = {part: Figure(value=n, source="ours") for part, n in parts}
    >>> rule = StarRule(weights=weights, thresholds=tuple(marks))
    >>> verdict = star(dict(zip(Dimension, (90, 85, 80, 75), strict=True)), rule)
    >>> verdict.score, verdict.inputs["stars"]
    ('83.75', 4)

    """
    dimensions = sorted(rule.weights)
    inputs: dict[str, Plain] = {each.value: scores.get(each) for each in dimensions}
    inputs |= inputs_of(interim)
    lacking = []
    for dimension in dimensions:
        flaw = score_flaw(dimension, scores.get(dimension), Role.OFFICE)
        lacking += [flaw] if flaw else []
    if lacking:
        return _verdict(passed=False, reasons=tuple(lacking), inputs=inputs)
    total = sum(scores[each] * rule.weights[each].value for each in dimensions)
    counted = blended(total, interim, rule.interim_weight.value)
    benefit, stars = hundredths(counted.total), stars_of(counted.total, rule)
    reasons = [Reason.of(Code.STARS_GIVEN, benefit=benefit, stars=stars)]
    reasons += (
        Reason.of(
            Code.STRENGTH_PART,
            dimension=each.value,
            score=scores[each],
            weight=rule.weights[each].value,
            points=hundredths(scores[each] * rule.weights[each].value),
        )
        for each in dimensions
    )
    for mark in rule.thresholds[stars - 1 :][:1]:
        short = hundredths(100 * mark.value - counted.total)
        reasons.append(Reason.of(Code.NEXT_STAR, stars=stars + 1, short=short))
    inputs["stars"] = stars
    return _verdict(
        passed=not counted.stopped,
        score=benefit,
        reasons=(*reasons, *counted.reasons),
        inputs=inputs,
    )


def stars_of(benefit_hundredths: int, rule: StarRule) -> int:
    """Return 1–5 stars for a benefit in hundredths, 0–10000."""
    return 1 + sum(benefit_hundredths >= 100 * mark.value for mark in rule.thresholds)
