"""Revision 2 of pacing: no limit for cases, no names of members (C4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from huimin_flow.catalogue.terms import Comparator, IndicatorKind, Pace, Unreported
from huimin_flow.model.indicator import Indicator, Progress
from huimin_flow.model.scoring import PlanCurve
from huimin_flow.rules.former.pacing_3 import planned
from huimin_flow.rules.pacing import Standing, day_of

#: Kinds that grow toward their target; the others are met, or not, each month.
_GROWING: Final = {IndicatorKind.FLOW, IndicatorKind.SET}


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
    limit: int = 0,  # noqa: ARG001 - it was never asked
) -> Standing:
    """Hold an indicator's reports up to ``day`` against its plan.

    What grows is ahead or behind by the days between ``day`` and the day for
    which the plan has the same figure; what was due and isn't whole falls back
    further every day. A milestone is on time till it is due, reported or not,
    and ahead if it was done before. What is held or kept (stock, rate, full,
    zero) is behind by the days since the last month that met it ended, and
    never ahead; a month that ended without a report is ``unreported``: not met,
    or looked over. ``leeway`` is the percent that 左右 allows; ``tolerance`` is
    how many days off still count as on time. Months after ``day``'s are not
    looked at; reports of one month add up.
    """
    month = day.strftime("%Y-%m")
    known = sorted(
        (one for one in reports if one.month <= month), key=lambda one: one.month
    )
    if indicator.kind is IndicatorKind.MILESTONE:
        return _milestone(indicator, known, due, day, tolerance)
    if indicator.kind in _GROWING:
        part = planned(curve, begun, due, day)
        expected = int(indicator.value * part)
        if not known:
            return _unreported(expected, part)
        actual = sum(one.value for one in known)
        goal = max(Fraction(1), Fraction(indicator.value * (100 - leeway), 100))
        reached = min(Fraction(1), actual / goal)
        off = (day_of(curve, begun, due, reached, planned) - day).days
        days = max(0, off) if reached >= part else off
        return _standing(days, expected, actual, tolerance)
    if not known:
        return _unreported(indicator.value, Fraction(1))
    met = [one.month for one in known if _met(indicator, one, leeway)]
    asked = known[-1].month
    if unreported is Unreported.LATE:
        asked = max(asked, _last_ended(day))
    since = _after(met[-1]) if met else begun
    late = not met or met[-1] < asked
    behind = min(0, (since - day).days) if late else 0
    return _standing(behind, indicator.value, _shown(known[-1]), tolerance)


def _last_ended(day: date) -> str:
    """Return the last month that has ended at the end of ``day``."""
    after = day + timedelta(days=1)
    return (after.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")


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
    actual = max((one.value for one in known), default=None)
    expected = indicator.value if day >= due else 0
    done = actual is not None and actual >= indicator.value
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


def _standing(days: int, expected: int, actual: int | None, tolerance: int) -> Standing:
    pace = Pace.ON_TIME
    if days > tolerance:
        pace = Pace.AHEAD
    elif days < -tolerance:
        pace = Pace.BEHIND
    return Standing(pace=pace, days=days, expected=expected, actual=actual)
