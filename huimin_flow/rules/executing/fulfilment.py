"""Fulfilment by kind of indicator: sums, stocks and rates add up differently (C4).

``fulfilment`` first collects its inputs, such as the sum of each month, and decides
from these alone. So a verdict's inputs are enough to decide again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Final

from huimin_flow.catalogue.reasons import Code, Reasons, TaskCode
from huimin_flow.catalogue.terms import Comparator, IndicatorKind, Role, TargetFlaw
from huimin_flow.model.core.events import Plain, Reason, Verdict
from huimin_flow.model.core.periods import last_day
from huimin_flow.model.core.rules import FulfilmentRule
from huimin_flow.model.executing.plans import Indicator, Plan, Progress, TaskResult
from huimin_flow.rules.core.formula import hundredths
from huimin_flow.rules.executing.figures import (
    HELD,
    Cleared,
    Month,
    cleared,
    named,
    owed_months,
)

RULE: Final = "fulfilment"
ITEM_RULE: Final = "item_fulfilment"
REVISION: Final = 1
ITEM_REVISION: Final = 1

_RATES = {IndicatorKind.RATE, IndicatorKind.FULL}
_WITH_DENOMINATOR = _RATES | {IndicatorKind.ZERO}

#: Separates the names of members in evidence.
_SEPARATOR: Final = "、"


def fulfilment(
    indicator: Indicator,
    reports: Sequence[Progress],
    rule: FulfilmentRule,
    *,
    day: date | None = None,
    months: Sequence[str] = (),
) -> Verdict:
    """Compare an indicator's reports with its target.

    ``score`` is percent of the target, two places, rounded down; without data
    it is None, not zero. Reports may be in any order; those of one month
    (districts) add up. By kind: a flow is the sum of the months; a stock is the
    last month's figure or, if the text says 保持, the month farthest from the
    target; rate and full add numerators and denominators; zero needs every found
    case to be helped within ``zero_days``, or to have time left at the end of
    ``day`` (default: the last reported month's end); a set counts each member
    once; a milestone that was done stays done. Of ``months`` figures are owed: without
    one that counts for its kind (``owed_months``) there is no score, because the
    missing month may be the bad one.

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
    >>> verdict = fulfilment(target, months, rule)
    >>> verdict.passed, verdict.score
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
    ordered = sorted(reports, key=lambda report: report.month)
    reported = {report.month for report in ordered}
    owed = [each for each in owed_months(indicator, months) if each not in reported]
    if ordered and owed:
        inputs["owed"] = _SEPARATOR.join(owed)
    if indicator.kind is IndicatorKind.ZERO and ordered:
        inputs["day"] = (day or last_day(ordered[-1].month)).isoformat()
    if indicator.kind is IndicatorKind.SET:
        names = named(ordered)
        missing = [each for each in indicator.members if each not in names]
        if names:
            inputs["members"] = len(names)
            inputs["done"] = _SEPARATOR.join(names)
            inputs["missing"] = _SEPARATOR.join(missing)
        # A member counts once in all months, so members are no figure of a month.
        ordered = [report for report in ordered if not report.members]
    for report in ordered:
        name, of = f"month_{report.month}", f"of_{report.month}"
        inputs[name] = int(inputs.get(name) or 0) + report.value
        if indicator.kind in _WITH_DENOMINATOR:
            # A report without a denominator leaves the whole month without one.
            whole, before = report.denominator, inputs.get(of, 0)
            known = whole is not None and before is not None
            inputs[of] = int(before or 0) + (whole or 0) if known else None
    return fulfilment_from(inputs, rule)


def fulfilment_from(inputs: Mapping[str, Plain], rule: FulfilmentRule) -> Verdict:
    """Decide from the inputs of an earlier verdict, as ``fulfilment`` did."""
    name = inputs["indicator"]
    verdict = partial(Verdict, rule=RULE, revision=REVISION, inputs=dict(inputs))
    flaw = _flaw(inputs, rule)
    actual = None if flaw else _actual(inputs, rule)
    if actual is not None and inputs.get("owed"):
        owed: dict[str, Plain] = {"indicator": name, "months": inputs["owed"]}
        owed["actual"] = decimal_text(actual)
        reason = Reason.of(Code.MONTHS_OWED, Role.OPERATOR, **owed)
        return verdict(passed=False, reasons=(reason,))
    if actual is None:
        code, values = Code.NO_DATA, {"indicator": name}
        if flaw:
            code, values["hint"] = Code.TARGET_NOT_MEASURABLE, flaw.value
        return verdict(
            passed=False, reasons=(Reason.of(code, Role.OPERATOR, **values),)
        )
    if inputs["kind"] == IndicatorKind.ZERO:
        cases = _cleared(inputs, rule)
        met = actual == 0
        percent = 100 - (100 * actual / cases.found if cases.found else Fraction())
        code = Code.CASES_CLEARED if met else Code.CASES_LATE
        counts = {"found": cases.found, "in_time": cases.in_time}
        days = rule.zero_days.value
        reasons = [Reason.of(code, indicator=name, days=days, **counts)]
    else:
        met = _meets(inputs, actual, rule)
        percent = actual * 100 / int(inputs["target"] or 0)
        reasons = [Reason.of(Code.TARGET_MET, indicator=name)]
        if not met:
            reached, target = decimal_text(actual), inputs["target"]
            code, missing = Code.TARGET_MISSED, inputs.get("missing")
            reasons = [Reason.of(code, indicator=name, actual=reached, target=target)]
            if missing:
                code = Code.MEMBERS_MISSING
                reasons.append(Reason.of(code, indicator=name, missing=missing))
    score = decimal_text(max(percent, Fraction()))
    return verdict(passed=met, score=score, reasons=tuple(reasons))


def fulfilments(
    plan: Plan | None,
    reports: Sequence[Progress],
    rule: FulfilmentRule,
    *,
    day: date,
    until: date | None = None,
    months: Sequence[str] = (),
) -> tuple[Verdict, ...]:
    """Return the verdict on every indicator of an item's plan at the end of ``day``.

    The inputs name the task and its unit, too.
    An item that ran ``until`` a day is judged by the end of that month at the
    latest: later months have no reports. Of ``months`` figures are owed.
    """
    if until is not None:
        day = min(day, last_day(f"{until:%Y-%m}"))
    made = []
    for task in (plan or Plan()).tasks:
        for indicator in task.indicators:
            own = (task.key, indicator.name)
            known = [r for r in reports if (r.task, r.indicator) == own]
            verdict = fulfilment(indicator, known, rule, day=day, months=months)
            of = {"task": task.key, "unit": task.unit}
            made.append(replace(verdict, inputs={**of, **verdict.inputs}))
    return tuple(made)


def counted(plan: Plan | None, results: Sequence[TaskResult]) -> Plan:
    """Return a plan without the tasks that were excused: they are out of the count."""
    excused = {result.task for result in results if result.excused_by}
    plan = plan or Plan()
    kept = tuple(task for task in plan.tasks if task.key not in excused)
    return replace(plan, tasks=kept)


def unmet(
    plan: Plan | None,
    met: Collection[str],
    reports: Sequence[Progress],
    rule: FulfilmentRule,
    *,
    day: date,
    months: Sequence[str] = (),
) -> Reasons:
    """Return what of the tasks that are said to be ``met`` figures don't bear out.

    Reports of months after ``day`` don't count. Of the ``months`` before that of
    ``day`` figures are owed. A task without an indicator has no figures, so that it is
    believed.
    """
    month = f"{day:%Y-%m}"
    owed = [each for each in months if each < month]
    known = [report for report in reports if report.month <= month]
    reasons: list[Reason] = []
    for task in (plan or Plan()).tasks:
        if task.key not in met:
            continue
        own = Plan(tasks=(task,))
        verdicts = fulfilments(own, known, rule, day=day, months=owed)
        for indicator, verdict in zip(task.indicators, verdicts, strict=True):
            values = {"task": task.key, "indicator": indicator.name}
            codes = {reason.code for reason in verdict.reasons}
            if verdict.passed:
                continue
            if verdict.score is not None:
                code, below = TaskCode.BELOW_TARGET, dict[str, Plain](values)
                below |= {"target": indicator.value, "score": verdict.score}
                reasons.append(Reason.of(code, Role.OPERATOR, **below))
            elif Code.NO_DATA in codes:
                reasons.append(Reason.of(TaskCode.NO_FIGURE, Role.OPERATOR, **values))
            else:
                reasons += verdict.reasons
    return tuple(reasons)


def item_fulfilment(verdicts: Sequence[Verdict]) -> Verdict:
    """Return an item's fulfilment: the mean of its indicators, each at most 100.

    An indicator without data counts as 0 and is named: a unit must not gain by not
    reporting. ``score`` is None only for an item without indicators.
    """
    ordered = sorted(
        verdicts, key=lambda each: (str(each.inputs["indicator"]), each.score or "")
    )
    scores = [min(Fraction(each.score or 0), Fraction(100)) for each in ordered]
    return Verdict(
        rule=ITEM_RULE,
        revision=ITEM_REVISION,
        passed=bool(ordered) and all(each.passed for each in ordered),
        score=decimal_text(sum(scores, Fraction()) / len(scores)) if scores else None,
        reasons=tuple(r for each in ordered if not each.passed for r in each.reasons),
        inputs={
            f"{n}_{each.inputs['indicator']}": each.score
            for n, each in enumerate(ordered, 1)
        },
    )


def decimal_text(number: Fraction) -> str:
    """Return a number with two places, rounded towards zero.

    >>> decimal_text(Fraction(200, 3))
    '66.66'

    """
    return hundredths(int(number * 100))


def _flaw(inputs: Mapping[str, Plain], rule: FulfilmentRule) -> TargetFlaw | None:
    """Return why reports cannot be compared with the target, or None."""
    zero = inputs["kind"] == IndicatorKind.ZERO
    if not zero and int(inputs["target"] or 0) <= 0:
        return TargetFlaw.NOT_POSITIVE
    approximate = inputs["comparator"] == Comparator.APPROX
    if approximate and not zero and str(inputs["tolerance"]) not in rule.tolerances:
        return TargetFlaw.NO_TOLERANCE
    lacking = any(key.startswith("of_") and inputs[key] is None for key in inputs)
    return TargetFlaw.NO_DENOMINATOR if lacking else None


def _by_month(inputs: Mapping[str, Plain], name: str) -> dict[str, int]:
    """Return the inputs with the prefix ``name`` ("month_" or "of_") by month."""
    return {
        key.removeprefix(name): int(inputs[key] or 0)
        for key in sorted(inputs)
        if key.startswith(name)
    }


def _actual(inputs: Mapping[str, Plain], rule: FulfilmentRule) -> Fraction | None:
    """Return the figure that was reached, None without data."""
    months = list(_by_month(inputs, "month_").values())
    kind = IndicatorKind(str(inputs["kind"]))
    members = int(inputs.get("members") or 0)
    if not months and not members:
        return None
    if kind in _RATES:
        whole = sum(_by_month(inputs, "of_").values())
        return Fraction(100 * sum(months), whole) if whole > 0 else None
    reached = sum(months)
    if kind is IndicatorKind.ZERO:
        cases = _cleared(inputs, rule)
        reached = cases.found - cases.in_time
    elif kind is IndicatorKind.MILESTONE:
        reached = max(months)
    elif kind is IndicatorKind.SET:
        # Figures without names may mean the named members: count nothing twice.
        reached = max(reached, members)
    elif kind is IndicatorKind.STOCK:
        reached = months[-1]
        if inputs["held"] and inputs["comparator"] in {Comparator.GE, Comparator.BARE}:
            reached = min(months)
        elif inputs["held"]:
            target = int(inputs["target"] or 0)
            reached = max(months, key=lambda figure: (abs(figure - target), -figure))
    return Fraction(reached)


def _cleared(inputs: Mapping[str, Plain], rule: FulfilmentRule) -> Cleared:
    found = _by_month(inputs, "of_")
    months = {
        month: Month(helped=helped, found=found[month])
        for month, helped in _by_month(inputs, "month_").items()
    }
    day = date.fromisoformat(str(inputs["day"]))
    return cleared(months, rule.zero_days.value, day)


def _meets(inputs: Mapping[str, Plain], actual: Fraction, rule: FulfilmentRule) -> bool:
    target = int(inputs["target"] or 0)
    if inputs["comparator"] == Comparator.APPROX:
        percent = rule.tolerances[str(inputs["tolerance"])].value
        margin = Fraction(target * percent, 100)
        # 左右 bounds a stock on both sides; a sum above its target meets it.
        above = actual > target + margin and inputs["kind"] == IndicatorKind.STOCK
        return actual >= target - margin and not above
    if inputs["comparator"] == Comparator.EQ:
        return actual == target
    return actual >= target
