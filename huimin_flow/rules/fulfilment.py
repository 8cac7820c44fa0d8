"""Fulfilment by kind of indicator: sums, stocks and rates add up differently (C4)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from huimin_flow.model.indicator import Indicator, Progress
from huimin_flow.model.rules import FulfilmentRule
from huimin_flow.model.verdict import Plain, Reason, Verdict
from huimin_flow.reasons import Code
from huimin_flow.terms import Comparator, IndicatorKind, Role

RULE: Final = "fulfilment"
REVISION: Final = 1

_RATES = {IndicatorKind.RATE, IndicatorKind.FULL}
_LAST_COUNTS = {IndicatorKind.STOCK, IndicatorKind.ZERO}


def fulfilment(
    indicator: Indicator, reports: Sequence[Progress], rule: FulfilmentRule
) -> Verdict:
    """Hold an indicator's reports against its target.

    ``score`` is percent of the target, two places, rounded down; without data
    it is None, which is never zero. A stock that must be held (保持) has to
    reach its target in every reported month.
    """
    actual = actual_value(indicator, reports)
    inputs: dict[str, Plain] = {
        "indicator": indicator.name,
        "kind": indicator.kind.value,
        "comparator": indicator.comparator.value,
        "target": indicator.value,
        "reports": len(reports),
        "actual": None if actual is None else decimal_text(actual),
    }
    if actual is None:
        reason = Reason(
            code=Code.NO_DATA,
            values={"indicator": indicator.name},
            supplier=Role.OPERATOR,
        )
        return Verdict(
            rule=RULE, revision=REVISION, passed=False, reasons=(reason,), inputs=inputs
        )
    met = _meets(indicator, actual, rule)
    values: dict[str, Plain] = {"indicator": indicator.name}
    if not met:
        values |= {"actual": decimal_text(actual), "target": indicator.value}
    code = Code.TARGET_MET if met else Code.TARGET_MISSED
    return Verdict(
        rule=RULE,
        revision=REVISION,
        passed=met,
        score=decimal_text(_percent(indicator, actual)),
        reasons=(Reason(code=code, values=values),),
        inputs=inputs,
    )


def actual_value(indicator: Indicator, reports: Sequence[Progress]) -> Fraction | None:
    """Return what has been reached, added up as the indicator's kind asks.

    Reports carry one figure a month and may come in any order; None without
    data, or for a rate whose denominators add up to nothing.
    """
    if not reports:
        return None
    if indicator.kind in _RATES:
        whole = sum(one.denominator or 0 for one in reports)
        part = sum(one.value for one in reports)
        return Fraction(100 * part, whole) if whole else None
    if indicator.kind in _LAST_COUNTS:
        last = max(one.month for one in reports)
        return Fraction(sum(one.value for one in reports if one.month == last))
    return Fraction(sum(one.value for one in reports))


def item_fulfilment(verdicts: Sequence[Verdict]) -> Verdict:
    """Return an item's fulfilment: the mean of its indicators, each at most 100.

    An indicator without data counts as nothing reached and is named; an item
    without indicators has no score.
    """
    reasons = tuple(r for one in verdicts if not one.passed for r in one.reasons)
    scores = [min(Fraction(one.score or 0), Fraction(100)) for one in verdicts]
    inputs: dict[str, Plain] = {
        str(one.inputs["indicator"]): one.score for one in verdicts
    }
    score = decimal_text(sum(scores, Fraction()) / len(scores)) if scores else None
    return Verdict(
        rule=RULE,
        revision=REVISION,
        passed=bool(verdicts) and not reasons,
        score=score,
        reasons=reasons,
        inputs=inputs,
    )


def decimal_text(number: Fraction) -> str:
    """Return a number that is not negative with two places, rounded down.

    >>> decimal_text(Fraction(200, 3))
    '66.66'

    """
    hundredths = number.numerator * 100 // number.denominator
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _meets(indicator: Indicator, actual: Fraction, rule: FulfilmentRule) -> bool:
    if indicator.kind is IndicatorKind.ZERO:
        return actual == 0
    if indicator.comparator is Comparator.APPROX:
        percent = rule.tolerances[indicator.tolerance or ""].value
        return actual >= Fraction(indicator.value * (100 - percent), 100)
    if indicator.comparator is Comparator.EQ:
        return actual == indicator.value
    return actual >= indicator.value


def _percent(indicator: Indicator, actual: Fraction) -> Fraction:
    if indicator.kind is IndicatorKind.ZERO:
        return Fraction(100 if actual == 0 else 0)
    return actual * 100 / indicator.value
