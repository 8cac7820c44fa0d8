"""Revision 1 of pacing: what stood once reported stayed reported (C4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from huimin_flow.catalogue.terms import (
    Comparator,
    CurveKind,
    IndicatorKind,
    Pace,
    Unreported,
)
from huimin_flow.model.indicator import Indicator, Progress
from huimin_flow.model.scoring import PlanCurve
from huimin_flow.rules.pacing import Standing

#: Kinds that grow toward their target; the others are met, or not, each month.
_GROWING: Final = {IndicatorKind.FLOW, IndicatorKind.SET}


def planned(curve: PlanCurve, begun: date, due: date, day: date) -> Fraction:
    """Return the part of a plan, 0–1, that should be done at the end of ``day``."""
    whole = (due - begun).days + 1
    gone = min(max((day - begun).days + 1, 0), whole)
    if whole <= 0 or gone == whole:
        return Fraction(1)
    if curve.kind is CurveKind.LINEAR:
        return Fraction(gone, whole)
    place = Fraction(12 * gone, whole)
    full = int(place)
    done = Fraction(sum(curve.shares[:full]), 100)
    if curve.kind is CurveKind.STEPPED:
        return done
    return done + (place - full) * Fraction(curve.shares[full], 100)


def day_of(curve: PlanCurve, begun: date, due: date, part: Fraction) -> date:
    """Return the first day at whose end the plan has reached ``part``."""
    low, high = begun - timedelta(days=1), due
    if part <= 0:
        return low
    while (high - low).days > 1:
        middle = low + timedelta(days=(high - low).days // 2)
        if planned(curve, begun, due, middle) >= part:
            high = middle
        else:
            low = middle
    return high


def standing(
    indicator: Indicator,
    reports: Sequence[Progress],
    curve: PlanCurve,
    *,
    begun: date,
    due: date,
    day: date,
    tolerance: int,
    leeway: int = 0,
    unreported: Unreported = Unreported.SKIP,  # noqa: ARG001 - it was never asked
    limit: int = 0,  # noqa: ARG001 - nor was this
) -> Standing:
    """Hold an indicator's reports up to ``day`` against its plan.

    What grows is ahead or behind by the days between ``day`` and the day for
    which the plan has the same figure. A milestone is on time till it is due,
    ahead if it was done before. What is held or kept (stock, rate,
    full, zero) is behind by the days since the last month that met it ended,
    and never ahead. ``leeway`` is the percent that 左右 allows; ``tolerance``
    is how many days off still count as on time. Months after ``day``'s are
    not looked at; reports of one month add up.
    """
    month = day.strftime("%Y-%m")
    known = sorted(
        (one for one in reports if one.month <= month), key=lambda one: one.month
    )
    if indicator.kind in _GROWING:
        part = planned(curve, begun, due, day)
        expected = int(indicator.value * part)
        if not known:
            return _unreported(expected, part)
        actual = sum(one.value for one in known)
        goal = max(Fraction(1), Fraction(indicator.value * (100 - leeway), 100))
        reached = min(Fraction(1), actual / goal)
        days = (day_of(curve, begun, due, reached) - min(day, due)).days
        if reached >= part:
            days = max(0, days)
        return _standing(days, expected, actual, tolerance)
    if not known:
        return _unreported(indicator.value, Fraction(1))
    if indicator.kind is IndicatorKind.MILESTONE:
        return _milestone(indicator, known, due, day, tolerance)
    met = [one.month for one in known if _met(indicator, one, leeway)]
    actual = _shown(known[-1])
    if met and met[-1] == known[-1].month:
        return _standing(0, indicator.value, actual, tolerance)
    since = _after(met[-1]) if met else begun
    behind = min(0, (since - day).days)
    return _standing(behind, indicator.value, actual, tolerance)


def _shown(report: Progress) -> int:
    """Return a figure as its target is written: of shares, whole percent."""
    if report.denominator is None:
        return report.value
    return 100 * report.value // max(1, report.denominator)


def _milestone(
    indicator: Indicator,
    known: Sequence[Progress],
    due: date,
    day: date,
    tolerance: int,
) -> Standing:
    actual = max(one.value for one in known)
    expected = indicator.value if day >= due else 0
    done = actual >= indicator.value
    left = (due - day).days
    days = max(0, left) if done else min(0, left)
    return _standing(days, expected, actual, tolerance)


def _met(indicator: Indicator, report: Progress, leeway: int) -> bool:
    if indicator.kind is IndicatorKind.ZERO:
        return report.value == 0
    share = report.denominator is not None
    actual = 100 * report.value if share else report.value
    whole = indicator.value * (report.denominator or 0) if share else indicator.value
    if indicator.comparator is Comparator.EQ:
        return actual == whole
    low = 100 * actual >= whole * (100 - leeway)
    # 左右 bounds a stock on both sides.
    bounded = leeway and indicator.kind is IndicatorKind.STOCK
    return low and (not bounded or 100 * actual <= whole * (100 + leeway))


def _after(month: str) -> date:
    """Return the first day after a month."""
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]), 12)
    return date(year, number + 1, 1)


def _unreported(expected: int, part: Fraction) -> Standing:
    pace = Pace.UNKNOWN if part > 0 else Pace.ON_TIME
    return Standing(pace=pace, days=0, expected=expected, actual=None)


def _standing(days: int, expected: int, actual: int, tolerance: int) -> Standing:
    pace = Pace.ON_TIME
    if days > tolerance:
        pace = Pace.AHEAD
    elif days < -tolerance:
        pace = Pace.BEHIND
    return Standing(pace=pace, days=days, expected=expected, actual=actual)
