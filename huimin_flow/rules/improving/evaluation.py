"""The final evaluation of an item: fulfilment and satisfaction (B8, B9)."""

from __future__ import annotations

import re
from decimal import ROUND_DOWN, Decimal
from typing import Final

from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import ResultMeasure, Role
from huimin_flow.model.core.events import Plain, Reason, Verdict
from huimin_flow.model.core.rules import EvaluationRule

RULE: Final = "evaluating"
REVISION: Final = 1

_DECIMAL = re.compile(r"[0-9]{1,3}(\.[0-9]{1,9})?", re.ASCII)


def evaluate(
    fulfilment: str | None, satisfaction: int | None, rule: EvaluationRule
) -> Verdict:
    """Hold fulfilment (decimal text) and satisfaction, both 0–100, to their marks.

    ``score`` is the lower of both, with two places; it is None, and nothing is
    decided, while one of them is missing or impossible.

    >>> from huimin_flow.model.core.rules import Figure
    >>> rule = EvaluationRule(
    ...     fulfilment_mark=Figure(value=90, source="ours"),
    ...     satisfaction_mark=Figure(value=80, source="ours"),
    ... )
    >>> found = evaluate("96.50", 72, rule)
    >>> found.passed, found.score
    (False, '72.00')

    """
    inputs: dict[str, Plain] = {
        ResultMeasure.FULFILMENT.value: fulfilment,
        ResultMeasure.SATISFACTION.value: satisfaction,
    }
    lacking = []
    for measure, figure in inputs.items():
        values: dict[str, Plain] = {"criterion": measure, "given": figure}
        code = Code.SCORE_OUT_OF_RANGE
        if figure is None:
            values, code = {"fact": measure}, Code.FACT_MISSING
        elif _DECIMAL.fullmatch(str(figure)) and Decimal(str(figure)) <= 100:
            continue
        lacking.append(Reason(code=code, values=values, supplier=Role.OPERATOR))
    if lacking:
        return Verdict(
            rule=RULE,
            revision=REVISION,
            passed=False,
            reasons=tuple(lacking),
            inputs=inputs,
        )
    reached = Decimal(str(fulfilment))
    satisfied = Decimal(str(satisfaction))
    reasons = (
        _held(ResultMeasure.FULFILMENT, reached, rule.fulfilment_mark.value),
        _held(ResultMeasure.SATISFACTION, satisfied, rule.satisfaction_mark.value),
    )
    return Verdict(
        rule=RULE,
        revision=REVISION,
        passed=all(reason.code == Code.ATTRIBUTE_REACHES for reason in reasons),
        score=_text(min(reached, satisfied)),
        reasons=reasons,
        inputs=inputs,
    )


def _held(measure: ResultMeasure, reached: Decimal, mark: int) -> Reason:
    return Reason(
        code=Code.ATTRIBUTE_REACHES if reached >= mark else Code.ATTRIBUTE_BELOW,
        values={"attribute": measure.value, "score": _text(reached), "mark": mark},
    )


def _text(number: Decimal) -> str:
    # Down, so that 89.999 is never shown as the 90 that it has not reached.
    return str(number.quantize(Decimal("0.01"), rounding=ROUND_DOWN))
