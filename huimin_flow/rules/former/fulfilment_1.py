"""Revision 1 of fulfilment: no limit for cases, no names of members (C4).

Verdicts of that time are asked again from their inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import Comparator, IndicatorKind, Role, TargetFlaw
from huimin_flow.model.rules import FulfilmentRule
from huimin_flow.model.verdict import Plain, Reason, Verdict
from huimin_flow.rules.fulfilment import RULE, decimal_text

REVISION: Final = 1

_RATES = {IndicatorKind.RATE, IndicatorKind.FULL}


def fulfilment_from(inputs: Mapping[str, Plain], rule: FulfilmentRule) -> Verdict:
    """Decide from the inputs of an earlier verdict, as ``fulfilment`` did."""
    name = inputs["indicator"]
    obstacle = _obstacle(inputs, rule)
    actual = None if obstacle else _actual(inputs)
    if obstacle or actual is None:
        lacking = Reason(
            code=Code.NO_DATA, values={"indicator": name}, supplier=Role.OPERATOR
        )
        return Verdict(
            rule=RULE,
            revision=REVISION,
            passed=False,
            reasons=(obstacle or lacking,),
            inputs=dict(inputs),
        )
    met = _meets(inputs, actual, rule)
    values: dict[str, Plain] = {"indicator": name}
    if not met:
        values |= {"actual": decimal_text(actual), "target": inputs["target"]}
    return Verdict(
        rule=RULE,
        revision=REVISION,
        passed=met,
        score=decimal_text(max(_percent(inputs, actual), Fraction())),
        reasons=(
            Reason(code=Code.TARGET_MET if met else Code.TARGET_MISSED, values=values),
        ),
        inputs=dict(inputs),
    )


def _obstacle(inputs: Mapping[str, Plain], rule: FulfilmentRule) -> Reason | None:
    if inputs["kind"] == IndicatorKind.ZERO:
        return None
    approximate = inputs["comparator"] == Comparator.APPROX
    if _number(inputs["target"]) <= 0:
        flaw = TargetFlaw.NOT_POSITIVE
    elif approximate and str(inputs["tolerance"]) not in rule.tolerances:
        flaw = TargetFlaw.NO_TOLERANCE
    elif any(key.startswith("of_") and inputs[key] is None for key in inputs):
        flaw = TargetFlaw.NO_DENOMINATOR
    else:
        return None
    values: dict[str, Plain] = {"indicator": inputs["indicator"], "hint": flaw.value}
    return Reason(
        code=Code.TARGET_NOT_MEASURABLE, values=values, supplier=Role.OPERATOR
    )


def _actual(inputs: Mapping[str, Plain]) -> Fraction | None:
    months = [
        _number(inputs[key]) for key in sorted(inputs) if key.startswith("month_")
    ]
    if not months:
        return None
    kind = IndicatorKind(str(inputs["kind"]))
    if kind in _RATES:
        whole = sum(_number(inputs[key]) for key in inputs if key.startswith("of_"))
        return Fraction(100 * sum(months), whole) if whole > 0 else None
    if kind is IndicatorKind.STOCK:
        return Fraction(_farthest(inputs, months) if inputs["held"] else months[-1])
    if kind is IndicatorKind.ZERO:
        return Fraction(sum(one != 0 for one in months))
    if kind is IndicatorKind.MILESTONE:
        return Fraction(max(months))
    return Fraction(sum(months))


def _farthest(inputs: Mapping[str, Plain], months: list[int]) -> int:
    if inputs["comparator"] in {Comparator.GE, Comparator.BARE}:
        return min(months)
    target = _number(inputs["target"])
    return max(months, key=lambda one: (abs(one - target), -one))


def _meets(inputs: Mapping[str, Plain], actual: Fraction, rule: FulfilmentRule) -> bool:
    target = _number(inputs["target"])
    if inputs["kind"] == IndicatorKind.ZERO:
        return actual == 0
    if inputs["comparator"] == Comparator.APPROX:
        percent = rule.tolerances[str(inputs["tolerance"])].value
        margin = Fraction(target * percent, 100)
        # 左右 bounds a stock on both sides; of what sums up, more is no miss.
        above = actual > target + margin and inputs["kind"] == IndicatorKind.STOCK
        return actual >= target - margin and not above
    if inputs["comparator"] == Comparator.EQ:
        return actual == target
    return actual >= target


def _percent(inputs: Mapping[str, Plain], actual: Fraction) -> Fraction:
    if inputs["kind"] == IndicatorKind.ZERO:
        months = sum(key.startswith("month_") for key in inputs)
        return 100 - 100 * actual / months
    return actual * 100 / _number(inputs["target"])


def _number(given: Plain) -> int:
    return int(given or 0)
