"""The final evaluation of an item: fulfilment and satisfaction (B8, B9)."""

from __future__ import annotations

import re
from decimal import ROUND_DOWN, Decimal
from functools import partial
from typing import Final

from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import ResultMeasure, Role
from huimin_flow.model.core.events import Plain, Reason, Verdict
from huimin_flow.model.core.rules import EvaluationRule

RULE: Final = "evaluating"
REVISION: Final = 1

_verdict = partial(Verdict, rule=RULE, revision=REVISION)

_DECIMAL = re.compile(r"[0-9]{1,3}(\.[0-9]{1,9})?", re.ASCII)


def evaluate(
    fulfilment: str | None, satisfaction: int | None, rule: EvaluationRule
) -> Verdict:
    """Compare fulfilment (decimal text) and satisfaction, both 0–100, with their marks.

    ``score`` is the lower of both, with two places. If one of them is missing or
    impossible, ``score`` is None and nothing is decided.

    >>> from huimin_flow.model.core.rules import Figure
    >>> rule = EvaluationRule(
    ...     fulfilment_mark=Figure(value=90, source="ours"),
    ...     satisfaction_mark=Figure(value=80, source="ours"),
    ... )
    >>> verdict = evaluate("96.50", 72, rule)
    >>> verdict.passed, verdict.score
    (False, '72.00')

    """
    inputs: dict[str, Plain] = {
        ResultMeasure.FULFILMENT.value: fulfilment,
        ResultMeasure.SATISFACTION.value: satisfaction,
    }
    lacking = []
    for measure, figure in inputs.items():
        if figure is None:
            lacking.append(Reason.of(Code.FACT_MISSING, Role.OPERATOR, fact=measure))
        elif not _DECIMAL.fullmatch(str(figure)) or Decimal(str(figure)) > 100:
            code, values = Code.SCORE_OUT_OF_RANGE, {"criterion": measure}
            lacking.append(Reason.of(code, Role.OPERATOR, **values, given=figure))
    if lacking:
        return _verdict(passed=False, reasons=tuple(lacking), inputs=inputs)
    marks = (rule.fulfilment_mark.value, rule.satisfaction_mark.value)
    reached = {name: Decimal(str(figure)) for name, figure in inputs.items()}
    reasons = tuple(
        Reason.of(
            Code.ATTRIBUTE_REACHES if figure >= mark else Code.ATTRIBUTE_BELOW,
            attribute=name,
            score=_text(figure),
            mark=mark,
        )
        for (name, figure), mark in zip(reached.items(), marks, strict=True)
    )
    return _verdict(
        passed=all(reason.code == Code.ATTRIBUTE_REACHES for reason in reasons),
        score=_text(min(reached.values())),
        reasons=reasons,
        inputs=inputs,
    )


def _text(number: Decimal) -> str:
    # Rounded down: 89.999 does not reach 90, so it is shown as 89.99.
    return str(number.quantize(Decimal("0.01"), rounding=ROUND_DOWN))
