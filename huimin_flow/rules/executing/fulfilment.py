"""Fulfilment by kind of indicator: sums, stocks and rates add up differently (C4).

Like readiness, ``fulfilment`` writes down what it looks at, the sum of each month,
and decides from that alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import Comparator, IndicatorKind, Role, TargetFlaw
from huimin_flow.model.core.events import Plain, Reason, Verdict
from huimin_flow.model.core.periods import last_day
from huimin_flow.model.core.rules import FulfilmentRule
from huimin_flow.model.executing.plans import Indicator, Plan, Progress
from huimin_flow.rules.executing.clearing import Cleared, Month, cleared
from huimin_flow.rules.executing.figures import named

RULE: Final = "fulfilment"
ITEM_RULE: Final = "item_fulfilment"
REVISION: Final = 1
ITEM_REVISION: Final = 1

#: The word by which the document asks for a stock to be held all the time.
HELD: Final = "保持"

_RATES = {IndicatorKind.RATE, IndicatorKind.FULL}
_OF_SOMETHING = _RATES | {IndicatorKind.ZERO}

#: What stands between the names of members in evidence.
_BETWEEN: Final = "、"


def fulfilment(
    indicator: Indicator,
    reports: Sequence[Progress],
    rule: FulfilmentRule,
    *,
    day: date | None = None,
) -> Verdict:
    """Hold an indicator's reports against its target.

    ``score`` is percent of the target, two places, rounded down; without data
    it is None, which is never zero. Reports may come in any order, and those of
    one month (districts) add. By kind: a flow sums over months; a stock is
    what the last month says, or, where the text says 保持, the month farthest
    from its target; rate and full add numerators and denominators; zero asks
    that every found case was helped within ``zero_days``, or still has time at
    the end of ``day`` (the last reported month's end, where none is given); a
    set counts each member once; a milestone once done stays done.

    >>> from huimin_flow.catalogue.terms import Comparator
    >>> target = Indicator(name="困难人员就业", quote="帮扶困难人员就业8万人以上",
    ...     kind=IndicatorKind.FLOW, comparator=Comparator.GE, value=80000, unit="人")
    >>> months = [
    ...     Progress(item="2023-00002", task="1", indicator="困难人员就业",
    ...              month=month, value=value)
    ...     for month, value in (("2023-07", 41000), ("2023-08", 37000))
    ... ]
    >>> from huimin_flow.model.core.rules import Figure
    >>> rule = FulfilmentRule(tolerances={}, zero_days=Figure(value=30, source="ours"))
    >>> found = fulfilment(target, months, rule)
    >>> found.passed, found.score
    (False, '97.50')

    """
    inputs: dict[str, Plain] = {
        "indicator": indicator.name,
        "kind": indicator.kind.value,
        "comparator": indicator.comparator.value,
        "target": indicator.value,
        "tolerance": indicator.tolerance,
        "held": HELD in indicator.quote,
    }
    ordered = sorted(reports, key=lambda one: one.month)
    if indicator.kind is IndicatorKind.ZERO and ordered:
        inputs["day"] = (day or last_day(ordered[-1].month)).isoformat()
    if indicator.kind is IndicatorKind.SET:
        names = named(ordered)
        missing = [each for each in indicator.members if each not in names]
        if names:
            inputs["members"] = len(names)
            inputs["done"] = _BETWEEN.join(names)
            inputs["missing"] = _BETWEEN.join(missing)
        # Members of all months count once, so they are told in one place.
        ordered = [one for one in ordered if not one.members]
    for one in ordered:
        name = f"month_{one.month}"
        inputs[name] = _number(inputs.get(name)) + one.value
        if indicator.kind in _OF_SOMETHING:
            of = f"of_{one.month}"
            # One report without its denominator spoils the month for good.
            known = one.denominator is not None and inputs.get(of, 0) is not None
            inputs[of] = (
                _number(inputs.get(of)) + (one.denominator or 0) if known else None
            )
    return fulfilment_from(inputs, rule)


def fulfilment_from(inputs: Mapping[str, Plain], rule: FulfilmentRule) -> Verdict:
    """Decide from the inputs of an earlier verdict, as ``fulfilment`` did."""
    name = inputs["indicator"]
    flaw = _flaw(inputs, rule)
    actual = None if flaw else _actual(inputs, rule)
    values: dict[str, Plain] = {"indicator": name}
    if actual is None:
        code = Code.NO_DATA
        if flaw:
            code, values["hint"] = Code.TARGET_NOT_MEASURABLE, flaw.value
        lacking = Reason(code=code, values=values, supplier=Role.OPERATOR)
        return Verdict(
            rule=RULE,
            revision=REVISION,
            passed=False,
            reasons=(lacking,),
            inputs=dict(inputs),
        )
    reasons = []
    if inputs["kind"] == IndicatorKind.ZERO:
        cases = _cleared(inputs, rule)
        met = actual == 0
        percent = 100 - (100 * actual / cases.found if cases.found else Fraction())
        values |= {"found": cases.found, "in_time": cases.in_time}
        values["days"] = rule.zero_days.value
        code = Code.CASES_CLEARED if met else Code.CASES_LATE
        reasons.append(Reason(code=code, values=values))
    else:
        met = _meets(inputs, actual, rule)
        percent = actual * 100 / _number(inputs["target"])
        code = Code.TARGET_MET
        if not met:
            code = Code.TARGET_MISSED
            values |= {"actual": decimal_text(actual), "target": inputs["target"]}
        reasons.append(Reason(code=code, values=values))
        missing = str(inputs.get("missing") or "")
        if missing and not met:
            values = {"indicator": name, "missing": missing}
            reasons.append(Reason(code=Code.MEMBERS_MISSING, values=values))
    return Verdict(
        rule=RULE,
        revision=REVISION,
        passed=met,
        score=decimal_text(max(percent, Fraction())),
        reasons=tuple(reasons),
        inputs=dict(inputs),
    )


def fulfilments(
    plan: Plan | None,
    reports: Sequence[Progress],
    rule: FulfilmentRule,
    *,
    day: date,
    until: date | None = None,
) -> tuple[Verdict, ...]:
    """Return the verdict on every indicator of an item's plan, as ``day`` sees it.

    What ran ``until`` a day is judged by the end of that month: later nothing can
    be reported.
    """
    if until is not None:
        day = min(day, last_day(f"{until:%Y-%m}"))
    return tuple(
        fulfilment(
            indicator,
            [
                one
                for one in reports
                if (one.task, one.indicator) == (task.key, indicator.name)
            ],
            rule,
            day=day,
        )
        for task in (plan or Plan()).tasks
        for indicator in task.indicators
    )


def item_fulfilment(verdicts: Sequence[Verdict]) -> Verdict:
    """Return an item's fulfilment: the mean of its indicators, each at most 100.

    An indicator without data counts as nothing reached, lest silence pay, and is
    named. ``score`` is None only for an item without indicators.
    """
    ordered = sorted(
        verdicts, key=lambda one: (str(one.inputs["indicator"]), one.score or "")
    )
    scores = [min(Fraction(one.score or 0), Fraction(100)) for one in ordered]
    return Verdict(
        rule=ITEM_RULE,
        revision=ITEM_REVISION,
        passed=bool(ordered) and all(one.passed for one in ordered),
        score=decimal_text(sum(scores, Fraction()) / len(scores)) if scores else None,
        reasons=tuple(r for one in ordered if not one.passed for r in one.reasons),
        inputs={
            f"{n}_{one.inputs['indicator']}": one.score
            for n, one in enumerate(ordered, 1)
        },
    )


def decimal_text(number: Fraction) -> str:
    """Return a number with two places, rounded towards zero.

    >>> decimal_text(Fraction(200, 3))
    '66.66'

    """
    hundredths = abs(number.numerator) * 100 // number.denominator
    sign = "-" if number < 0 and hundredths else ""
    return f"{sign}{hundredths // 100}.{hundredths % 100:02d}"


def _flaw(inputs: Mapping[str, Plain], rule: FulfilmentRule) -> TargetFlaw | None:
    """Return why nothing can be held against the target, or None."""
    zero = inputs["kind"] == IndicatorKind.ZERO
    if not zero and _number(inputs["target"]) <= 0:
        return TargetFlaw.NOT_POSITIVE
    approximate = inputs["comparator"] == Comparator.APPROX
    if approximate and not zero and str(inputs["tolerance"]) not in rule.tolerances:
        return TargetFlaw.NO_TOLERANCE
    if any(key.startswith("of_") and inputs[key] is None for key in inputs):
        return TargetFlaw.NO_DENOMINATOR
    return None


def _actual(inputs: Mapping[str, Plain], rule: FulfilmentRule) -> Fraction | None:
    """Return what was reached, None without data."""
    months = [
        _number(inputs[key]) for key in sorted(inputs) if key.startswith("month_")
    ]
    kind = IndicatorKind(str(inputs["kind"]))
    members = _number(inputs.get("members"))
    if not months and not members:
        return None
    if kind in _RATES:
        whole = sum(_number(inputs[key]) for key in inputs if key.startswith("of_"))
        return Fraction(100 * sum(months), whole) if whole > 0 else None
    reached = sum(months)
    if kind is IndicatorKind.ZERO:
        cases = _cleared(inputs, rule)
        reached = cases.found - cases.in_time
    elif kind is IndicatorKind.MILESTONE:
        reached = max(months)
    elif kind is IndicatorKind.SET:
        # Figures without names may speak of the named members: nothing twice.
        reached = max(reached, members)
    elif kind is IndicatorKind.STOCK:
        reached = months[-1]
        if inputs["held"] and inputs["comparator"] in {Comparator.GE, Comparator.BARE}:
            reached = min(months)
        elif inputs["held"]:
            target = _number(inputs["target"])
            reached = max(months, key=lambda each: (abs(each - target), -each))
    return Fraction(reached)


def _cleared(inputs: Mapping[str, Plain], rule: FulfilmentRule) -> Cleared:
    months = {}
    for key in inputs:
        if key.startswith("month_"):
            month = key.removeprefix("month_")
            months[month] = Month(
                helped=_number(inputs[key]), found=_number(inputs[f"of_{month}"])
            )
    day = date.fromisoformat(str(inputs["day"]))
    return cleared(months, rule.zero_days.value, day)


def _meets(inputs: Mapping[str, Plain], actual: Fraction, rule: FulfilmentRule) -> bool:
    target = _number(inputs["target"])
    if inputs["comparator"] == Comparator.APPROX:
        percent = rule.tolerances[str(inputs["tolerance"])].value
        margin = Fraction(target * percent, 100)
        # 左右 bounds a stock on both sides; of what sums up, more is no miss.
        above = actual > target + margin and inputs["kind"] == IndicatorKind.STOCK
        return actual >= target - margin and not above
    if inputs["comparator"] == Comparator.EQ:
        return actual == target
    return actual >= target


def _number(given: Plain) -> int:
    return int(given or 0)
