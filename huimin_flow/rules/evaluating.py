"""The final evaluation of an item: fulfilment and satisfaction (B8, B9)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_DOWN, Decimal
from typing import Final

from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import ResultMeasure, Role
from huimin_flow.model.rules import EvaluationRule
from huimin_flow.model.verdict import Plain, Reason, Verdict

RULE: Final = "evaluating"
REVISION: Final = 1

_DECIMAL = re.compile(r"[0-9]{1,3}(\.[0-9]{1,9})?", re.ASCII)


def evaluate(
    fulfilment: str | None, satisfaction: int | None, rule: EvaluationRule
) -> Verdict:
    """Hold fulfilment (decimal text) and satisfaction, both 0–100, to their marks.

    ``score`` is the lower of both, with two places; it is None, and nothing is
    decided, while one of them is missing or impossible.

    >>> from huimin_flow.model.rules import Figure
    >>> rule = EvaluationRule(
    ...     fulfilment_mark=Figure(value=90, source="ours"),
    ...     satisfaction_mark=Figure(value=80, source="ours"),
    ... )
    >>> found = evaluate("96.50", 72, rule)
    >>> found.passed, found.score
    (False, '72.00')

    """
    given: dict[ResultMeasure, Plain] = {
        ResultMeasure.FULFILMENT: fulfilment,
        ResultMeasure.SATISFACTION: satisfaction,
    }
    inputs = {one.value: text for one, text in given.items()}
    wanting = tuple(_wanting(given))
    if wanting:
        return Verdict(
            rule=RULE, revision=REVISION, passed=False, reasons=wanting, inputs=inputs
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
        passed=all(one.code == Code.ATTRIBUTE_REACHES for one in reasons),
        score=_text(min(reached, satisfied)),
        reasons=reasons,
        inputs=inputs,
    )


def _wanting(given: dict[ResultMeasure, Plain]) -> Iterator[Reason]:
    for measure, one in given.items():
        if one is None:
            yield Reason(
                code=Code.FACT_MISSING,
                values={"fact": measure.value},
                supplier=Role.OPERATOR,
            )
        elif not _DECIMAL.fullmatch(str(one)) or Decimal(str(one)) > 100:
            yield Reason(
                code=Code.SCORE_OUT_OF_RANGE,
                values={"criterion": measure.value, "given": one},
                supplier=Role.OPERATOR,
            )


def _held(measure: ResultMeasure, reached: Decimal, mark: int) -> Reason:
    code = Code.ATTRIBUTE_REACHES if reached >= mark else Code.ATTRIBUTE_BELOW
    values: dict[str, Plain] = {
        "attribute": measure.value,
        "score": _text(reached),
        "mark": mark,
    }
    return Reason(code=code, values=values)


def _text(number: Decimal) -> str:
    # Down, so that 89.999 is never shown as the 90 that it has not reached.
    return str(number.quantize(Decimal("0.01"), rounding=ROUND_DOWN))
