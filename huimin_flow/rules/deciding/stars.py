"""惠民有感强度: perceived benefit and its stars, by rule, never typed in (B3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import Dimension, Role
from huimin_flow.model.core.events import Plain, Reason, Verdict
from huimin_flow.model.core.rules import StarRule

RULE: Final = "starring"
REVISION: Final = 1


def star(scores: Mapping[Dimension, int], rule: StarRule) -> Verdict:
    """Weigh the dimensions into the perceived benefit and give its stars.

    ``score`` is the benefit, 0–100 with two places; ``inputs["stars"]`` the
    stars, 1–5. A missing or impossible score decides nothing.

    >>> from huimin_flow.model.core.rules import Figure
    >>> parts = zip(Dimension, (30, 30, 25, 15), strict=True)
    >>> marks = [Figure(value=one, source="ours") for one in (40, 55, 70, 85)]
    >>> rule = StarRule(
    ...     weights={one: Figure(value=part, source="ours") for one, part in parts},
    ...     thresholds=tuple(marks),
    ... )
    >>> found = star(dict(zip(Dimension, (90, 85, 80, 75), strict=True)), rule)
    >>> found.score, found.inputs["stars"]
    ('83.75', 4)

    """
    asked = sorted(rule.weights)
    inputs: dict[str, Plain] = {one.value: scores.get(one) for one in asked}
    lacking = []
    for dimension in asked:
        score = scores.get(dimension)
        values: dict[str, Plain] = {"criterion": dimension.value}
        code = Code.SCORE_MISSING
        if score is not None:
            values["given"] = score
            code = Code.SCORE_OUT_OF_RANGE
        if score is None or not 0 <= score <= 100:
            lacking.append(Reason(code=code, values=values, supplier=Role.OFFICE))
    if lacking:
        return Verdict(
            rule=RULE,
            revision=REVISION,
            passed=False,
            reasons=tuple(lacking),
            inputs=inputs,
        )
    total = sum(scores[one] * rule.weights[one].value for one in asked)
    benefit = f"{total // 100}.{total % 100:02d}"
    stars = stars_of(total, rule)
    given = Reason(code=Code.STARS_GIVEN, values={"benefit": benefit, "stars": stars})
    return Verdict(
        rule=RULE,
        revision=REVISION,
        passed=True,
        score=benefit,
        reasons=(given,),
        inputs={**inputs, "stars": stars},
    )


def stars_of(benefit_hundredths: int, rule: StarRule) -> int:
    """Return 1–5 stars for a benefit in hundredths, 0–10000."""
    return 1 + sum(benefit_hundredths >= 100 * mark.value for mark in rule.thresholds)
