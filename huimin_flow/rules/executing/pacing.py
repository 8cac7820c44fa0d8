"""Progress against its plan curve: ahead, on time or behind, in days (C4)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from fractions import Fraction
from operator import attrgetter
from typing import Final

from huimin_flow.catalogue.terms import (
    Comparator,
    CurveKind,
    IndicatorKind,
    Pace,
)
from huimin_flow.model.core.periods import last_day, month_before, month_bounds
from huimin_flow.model.core.values import value
from huimin_flow.model.executing.plans import Indicator, Progress
from huimin_flow.model.scoring.rules import PlanCurve
from huimin_flow.rules.executing.figures import cleared, done, months_of

RULE: Final = "pacing"
REVISION: Final = 1

#: Kinds that grow toward their target; the others are met or missed each month.
_GROWING: Final = {IndicatorKind.FLOW, IndicatorKind.SET}


@value
class IndicatorPace:
    """An indicator's pace: ``days`` ahead (above 0) or behind (below 0).

    ``expected`` and ``actual`` are in the indicator's unit, shares in whole percent.
    """

    pace: Pace
    days: int
    expected: int
    actual: int | None


def planned(curve: PlanCurve, begun: date, due: date, day: date) -> tuple[int, int]:
    """Return the part of a plan, 0–1, that should be done at the end of ``day``.

    It is a numerator and a denominator, because a sheet needs it for each indicator,
    and a ``Fraction`` takes most of the time.

    A curve has a share for each calendar month. A month that the plan covers in part
    counts in proportion to its days: spread over them (seasonal) or on the last of
    them (stepped). The shares of the plan's days together are 1. A plan whose shares
    are all 0 is to be done on its due day.

    >>> from datetime import date
    >>> line = PlanCurve(kind=CurveKind.LINEAR, source="ours")
    >>> planned(line, date(2026, 1, 1), date(2026, 1, 10), date(2026, 1, 5))
    (5, 10)

    """
    if day >= due:
        return 1, 1
    if day < begun:
        return 0, 1
    if curve.kind is CurveKind.LINEAR:
        return (day - begun).days + 1, (due - begun).days + 1
    whole = _shares(curve, begun, due)
    if not whole:
        return 0, 1
    return (_shares(curve, begun, due, day) / whole).as_integer_ratio()


def _shares(
    curve: PlanCurve, begun: date, due: date, day: date | None = None
) -> Fraction:
    """Return the sum of a plan's shares in percent, up to ``day`` if not None."""
    total, first = Fraction(0), begun
    until = due if day is None else day
    while first <= until:
        month, after = month_bounds(f"{first:%Y-%m}")
        last = min(due, after - timedelta(days=1))
        days = (min(last, until) - first).days + 1
        if curve.kind is CurveKind.SEASONAL or until >= last:
            length = (after - month).days
            total += Fraction(curve.shares[first.month - 1] * days, length)
        first = after
    return total


def day_of(curve: PlanCurve, begun: date, due: date, part: int, of: int) -> date:
    """Return the first day at the end of which the plan reaches a part, 0–1."""
    low, high = begun - timedelta(days=1), due
    if part <= 0:
        return low
    if curve.kind is CurveKind.LINEAR and due >= begun:
        days = -(-part * ((due - begun).days + 1) // of)
        return min(low + timedelta(days=days), due)
    while (high - low).days > 1:
        middle = low + timedelta(days=(high - low).days // 2)
        reached, whole = planned(curve, begun, due, middle)
        if reached * of >= part * whole:
            high = middle
        else:
            low = middle
    return high


def indicator_pace(
    indicator: Indicator,
    reports: Sequence[Progress],
    curve: PlanCurve,
    *,
    begun: date,
    due: date,
    day: date,
    tolerance: int,
    leeway: int = 0,
    limit: int = 0,
    months: Collection[str] = (),
) -> IndicatorPace:
    """Compare an indicator's reports up to ``day`` with its plan.

    A growing indicator (flow, set) is ahead or behind by the days between ``day``
    and the day for which the plan has the same figure; past its due day it falls
    behind by one more day each day. A milestone is on time until its due day,
    reported or not, and ahead if it is done earlier. A kept indicator (stock, rate,
    full, zero) is never ahead; it is behind by the days since the end of the last
    month that met the target. An ended month without a report counts as not met.
    ``leeway`` is the percent that 左右 allows, ``tolerance`` the days off that still
    count as on time, ``limit`` the days within which a found case must be helped
    (zero); of ``months`` its figures are owed, and no month is met while an earlier one
    may hide cases. Months after ``day`` don't
    count; reports of one month add up, and a set's member counts once.
    """
    month = day.isoformat()[:7]
    known = [report for report in reports if report.month <= month]
    known.sort(key=attrgetter("month"))
    if indicator.kind is IndicatorKind.MILESTONE:
        actual = max((report.value for report in known), default=None)
        whole = actual is not None and actual >= indicator.value
        left = (due - day).days
        days = max(0, left) if whole else min(0, left)
        expected = indicator.value if day >= due else 0
        return _within_tolerance(days, expected, actual, tolerance)
    if indicator.kind in _GROWING:
        part, of = planned(curve, begun, due, day)
        expected = indicator.value * part // of
        if not known:
            return _unreported(expected, is_due=part > 0)
        actual = done(known)
        goal = max(100, indicator.value * (100 - leeway))
        reached = min(100 * actual, goal)
        off = (day_of(curve, begun, due, reached, goal) - day).days
        days = max(0, off) if reached * of >= part * goal else off
        return _within_tolerance(days, expected, actual, tolerance)
    if not known:
        return _unreported(indicator.value, is_due=True)
    last = month_before(f"{day + timedelta(days=1):%Y-%m}")
    hidden = ""
    if indicator.kind is IndicatorKind.ZERO:
        hidden = min(set(months) - {report.month for report in known}, default="")
    met = [
        report.month
        for n, report in enumerate(known, 1)
        if not (hidden and report.month > hidden)
        and _met(indicator, known[:n], leeway, limit)
    ]
    since = month_bounds(met[-1])[1] if met else begun
    late = not met or met[-1] < max(known[-1].month, last)
    behind = min(0, (since - day).days) if late else 0
    report = known[-1]
    shown = report.value
    if indicator.kind is IndicatorKind.ZERO:
        shown = _overdue(known, limit)
    elif report.denominator is not None:
        shown = 100 * report.value // max(1, report.denominator)
    return _within_tolerance(behind, indicator.value, shown, tolerance)


def _overdue(known: Sequence[Progress], limit: int) -> int:
    """Return the overdue cases at the end of the last reported month."""
    end = last_day(known[-1].month)
    return cleared(months_of(known), limit, end).overdue


def _met(
    indicator: Indicator, known: Sequence[Progress], leeway: int, limit: int
) -> bool:
    """Tell whether the last of the ``known`` months met its target."""
    if indicator.kind is IndicatorKind.ZERO:
        return _overdue(known, limit) == 0
    report = known[-1]
    share = report.denominator is not None
    actual = 100 * report.value if share else report.value
    whole = indicator.value * (report.denominator or 0) if share else indicator.value
    if indicator.comparator is Comparator.EQ:
        return actual == whole
    low = 100 * actual >= whole * (100 - leeway)
    # 左右 bounds a stock on both sides.
    bounded = leeway and indicator.kind is IndicatorKind.STOCK
    return low and (not bounded or 100 * actual <= whole * (100 + leeway))


def _unreported(expected: int, *, is_due: bool) -> IndicatorPace:
    pace = Pace.UNKNOWN if is_due else Pace.ON_TIME
    return IndicatorPace(pace=pace, days=0, expected=expected, actual=None)


def _within_tolerance(
    days: int, expected: int, actual: int | None, tolerance: int
) -> IndicatorPace:
    pace = Pace.ON_TIME
    if days > tolerance:
        pace = Pace.AHEAD
    elif days < -tolerance:
        pace = Pace.BEHIND
    return IndicatorPace(pace=pace, days=days, expected=expected, actual=actual)
