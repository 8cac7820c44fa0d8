"""惠民有感强度: perceived benefit and its stars, by rule, never typed in (B3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huimin_flow.model.rules import StarRule
from huimin_flow.model.verdict import Plain, Reason, Verdict
from huimin_flow.reasons import Code
from huimin_flow.terms import Dimension, Role

RULE: Final = "starring"
REVISION: Final = 1


def star(scores: Mapping[Dimension, int], rule: StarRule) -> Verdict:
    """Weigh the dimensions into the perceived benefit and give its stars.

    ``score`` is the benefit, 0–100 with two places; ``inputs["stars"]`` the
    stars, 1–5. A missing or impossible score decides nothing.
    """
    inputs: dict[str, Plain] = {one.value: scores.get(one) for one in Dimension}
    wanting = tuple(_wanting(scores))
    if wanting:
        return Verdict(
            rule=RULE, revision=REVISION, passed=False, reasons=wanting, inputs=inputs
        )
    total = sum(scores[one] * weight.value for one, weight in rule.weights.items())
    benefit = f"{total // 100}.{total % 100:02d}"
    inputs["stars"] = stars_of(total, rule)
    values = {"benefit": benefit, "stars": inputs["stars"]}
    return Verdict(
        rule=RULE,
        revision=REVISION,
        passed=True,
        score=benefit,
        reasons=(Reason(code=Code.STARS_GIVEN, values=values),),
        inputs=inputs,
    )


def stars_of(benefit: int, rule: StarRule) -> int:
    """Return 1–5 stars for a benefit in hundredths, 0–10000."""
    return 1 + sum(benefit >= mark.value * 100 for mark in rule.thresholds)


def _wanting(scores: Mapping[Dimension, int]) -> list[Reason]:
    reasons = []
    for one in Dimension:
        given = scores.get(one)
        if given is None:
            code, values = Code.SCORE_MISSING, {"criterion": one.label}
        elif not 0 <= given <= 100:
            code, values = (
                Code.SCORE_OUT_OF_RANGE,
                {"criterion": one.label, "given": str(given)},
            )
        else:
            continue
        reasons.append(Reason(code=code, values=values, supplier=Role.OFFICE))
    return reasons
