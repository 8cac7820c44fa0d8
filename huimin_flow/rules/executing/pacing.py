"""Progress against its plan curve: ahead, on time or behind, in days (C4)."""

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
from huimin_flow.model.core.periods import last_day, month_before, month_bounds
from huimin_flow.model.core.values import value
from huimin_flow.model.executing.plans import Indicator, Progress
from huimin_flow.model.scoring.rules import PlanCurve
from huimin_flow.rules.executing import clearing
from huimin_flow.rules.executing.figures import done

RULE: Final = "pacing"
REVISION: Final = 1

#: Kinds that grow toward their target; the others are met, or not, each month.
_GROWING: Final = {IndicatorKind.FLOW, IndicatorKind.SET}


@value
class Standing:
    """How an indicator stands: ``days`` are ahead (above 0) or behind (below 0).

    ``expected`` and ``actual`` are in the indicator's unit, shares in whole percent.
    """

    pace: Pace
    days: int
    expected: int
    actual: int | None


def planned(curve: PlanCurve, begun: date, due: date, day: date) -> Fraction:
    """Return the part of a plan, 0–1, that should be done at the end of ``day``.

    Shares are of the calendar's months: a month counts by as many of its days as
    the plan has, spread over them (seasonal) or at the last of them (stepped), and
    all that the plan has of the shares are its whole. A plan without any is to be
    done when it is due.

    >>> from datetime import date
    >>> line = PlanCurve(kind=CurveKind.LINEAR, source="ours")
    >>> planned(line, date(2026, 1, 1), date(2026, 1, 10), date(2026, 1, 5))
    Fraction(1, 2)

    """
    if day >= due:
        return Fraction(1)
    if day < begun:
        return Fraction(0)
    if curve.kind is CurveKind.LINEAR:
        return Fraction((day - begun).days + 1, (due - begun).days + 1)
    whole = _shares(curve, begun, due)
    return _shares(curve, begun, due, day) / whole if whole else Fraction(0)


def _shares(
    curve: PlanCurve, begun: date, due: date, day: date | None = None
) -> Fraction:
    """Return the percent that fall on a plan, up to ``day`` where one is given."""
    gathered, first = Fraction(0), begun
    until = due if day is None else day
    while first <= until:
        month, after = month_bounds(f"{first:%Y-%m}")
        last = min(due, after - timedelta(days=1))
        days = (min(last, until) - first).days + 1
        if curve.kind is CurveKind.SEASONAL or until >= last:
            length = (after - month).days
            gathered += Fraction(curve.shares[first.month - 1] * days, length)
        first = after
    return gathered


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
    unreported: Unreported = Unreported.LATE,
    limit: int = 0,
) -> Standing:
    """Hold an indicator's reports up to ``day`` against its plan.

    What grows is ahead or behind by the days between ``day`` and the day for
    which the plan has the same figure; what was due and isn't whole falls back
    further every day. A milestone is on time till it is due, reported or not,
    and ahead if it was done before. What is held or kept (stock, rate, full,
    zero) is behind by the days since the last month that met it ended, and
    never ahead; a month that ended without a report is ``unreported``: not met,
    or looked over. ``leeway`` is the percent that 左右 allows; ``tolerance`` is
    how many days off still count as on time; ``limit`` how many days a found
    case may wait for help (zero). Months after ``day``'s are not looked at;
    reports of one month add up, and a set's member counts once.
    """
    month = f"{day:%Y-%m}"
    known = sorted(
        (report for report in reports if report.month <= month),
        key=lambda report: report.month,
    )
    if indicator.kind is IndicatorKind.MILESTONE:
        actual = max((report.value for report in known), default=None)
        whole = actual is not None and actual >= indicator.value
        left = (due - day).days
        days = max(0, left) if whole else min(0, left)
        expected = indicator.value if day >= due else 0
        return _standing(days, expected, actual, tolerance)
    if indicator.kind in _GROWING:
        part = planned(curve, begun, due, day)
        expected = int(indicator.value * part)
        if not known:
            return _unreported(expected, part)
        goal = max(Fraction(1), Fraction(indicator.value * (100 - leeway), 100))
        reached = min(Fraction(1), done(known) / goal)
        off = (day_of(curve, begun, due, reached) - day).days
        days = max(0, off) if reached >= part else off
        return _standing(days, expected, done(known), tolerance)
    if not known:
        return _unreported(indicator.value, Fraction(1))
    last = ""
    if unreported is Unreported.LATE:
        last = month_before(f"{day + timedelta(days=1):%Y-%m}")
    met = [
        report.month
        for n, report in enumerate(known, 1)
        if _met(indicator, known[:n], leeway, limit)
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
    return _standing(behind, indicator.value, shown, tolerance)


def _overdue(known: Sequence[Progress], limit: int) -> int:
    """Return the cases still unhelped, their time run out, as last reported."""
    end = last_day(known[-1].month)
    return clearing.cleared(clearing.months_of(known), limit, end).overdue


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


def _unreported(expected: int, part: Fraction) -> Standing:
    pace = Pace.UNKNOWN if part > 0 else Pace.ON_TIME
    return Standing(pace=pace, days=0, expected=expected, actual=None)


def _standing(days: int, expected: int, actual: int | None, tolerance: int) -> Standing:
    pace = Pace.ON_TIME
    if days > tolerance:
        pace = Pace.AHEAD
    elif days < -tolerance:
        pace = Pace.BEHIND
    return Standing(pace=pace, days=days, expected=expected, actual=actual)
