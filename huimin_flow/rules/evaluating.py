"""The final evaluation of an item: fulfilment and satisfaction (B8, B9)."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from huimin_flow.model.rules import EvaluationRule
from huimin_flow.model.verdict import Plain, Reason, Verdict
from huimin_flow.reasons import Code
from huimin_flow.terms import Role

RULE: Final = "evaluating"
REVISION: Final = 1


def evaluate(
    fulfilment: str | None, satisfaction: int | None, rule: EvaluationRule
) -> Verdict:
    """Hold fulfilment (decimal text) and satisfaction (both 0–100) to their marks.

    ``score`` is the lower of both; it is None, and nothing is decided, while
    one of them is missing.
    """
    inputs: dict[str, Plain] = {
        "fulfilment": fulfilment,
        "satisfaction": satisfaction,
    }
    if fulfilment is None or satisfaction is None:
        wanting = tuple(
            Reason(
                code=Code.FACT_MISSING, values={"fact": label}, supplier=Role.OPERATOR
            )
            for label, given in (("落实度", fulfilment), ("满意度", satisfaction))
            if given is None
        )
        return Verdict(
            rule=RULE, revision=REVISION, passed=False, reasons=wanting, inputs=inputs
        )
    reached = Decimal(fulfilment)
    reasons = (
        _held("落实度", reached, rule.fulfilment_mark.value),
        _held("满意度", Decimal(satisfaction), rule.satisfaction_mark.value),
    )
    return Verdict(
        rule=RULE,
        revision=REVISION,
        passed=all(one.code == Code.REACHES_PASS_MARK for one in reasons),
        score=str(min(reached, Decimal(satisfaction))),
        reasons=reasons,
        inputs=inputs,
    )


def _held(label: str, reached: Decimal, mark: int) -> Reason:
    code = Code.REACHES_PASS_MARK if reached >= mark else Code.BELOW_PASS_MARK
    return Reason(
        code=code, values={"fact": label, "score": str(reached), "mark": mark}
    )
