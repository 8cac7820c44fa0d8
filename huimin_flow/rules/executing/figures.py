"""Figures of reports, by kind of indicator: which are possible, how they add up (C4).

Reports know only months. So a case of 动态清零 counts as late only if it is late for
certain: found on its month's last day, helped on the first of a month, the oldest
case first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from huimin_flow.catalogue.reasons import ProgressCode, Reason, reason_of
from huimin_flow.catalogue.terms import Comparator, IndicatorKind
from huimin_flow.model.core.periods import last_day
from huimin_flow.model.core.values import value
from huimin_flow.model.executing.plans import Indicator, Progress

#: The largest figure accepted: other JSON readers are exact up to it.
LARGEST = 2**53 - 1

#: Kinds with a numerator and a denominator: the first figure is part of the second.
SHARES = frozenset({IndicatorKind.RATE, IndicatorKind.FULL})

#: The word of the document for a stock that must be kept all the time.
HELD: Final = "保持"

#: Kinds of which each month's figure counts: a missing one could hide a bad one.
_MONTHLY: Final = SHARES | {IndicatorKind.ZERO}

#: The characters that separate members in a sheet; no member's name has them.
SEPARATORS: Final = "\n;\uff1b\u3001"


def owed_months(indicator: Indicator, months: Sequence[str]) -> Sequence[str]:
    """Return the months whose figures an indicator's result can't do without.

    ``months`` are those in which its task ran, in order. A share, 动态清零 and a stock
    that is held could be better without a bad month, and a sum that must be exact
    without what is above it: they need all months. Another stock needs the last one. Of
    what adds up, a missing month can only be less.
    """
    held = indicator.kind is IndicatorKind.STOCK and HELD in indicator.quote
    exact = indicator.comparator is Comparator.EQ and indicator.kind in {
        IndicatorKind.FLOW,
        IndicatorKind.SET,
    }
    if indicator.kind in _MONTHLY or held or exact:
        return months
    return months[-1:] if indicator.kind is IndicatorKind.STOCK else ()


def named(reports: Sequence[Progress]) -> tuple[str, ...]:
    """Return the members that were reported as done, sorted."""
    return tuple(sorted({name for report in reports for name in report.members}))


def done(reports: Sequence[Progress]) -> int:
    """Return how much was done: figures without names add up, a member counts once.

    Figures without names may mean the named members. So the greater of both
    numbers counts.
    """
    nameless = sum(report.value for report in reports if not report.members)
    return max(nameless, len({name for report in reports for name in report.members}))


def is_whole(indicator: Indicator) -> bool:
    """Tell whether a set names all of its members; 等12项 leaves some unnamed."""
    return bool(indicator.members) and len(indicator.members) >= indicator.value


def figure_flaw(indicator: Indicator, report: Progress) -> Reason | None:
    """Return why the figures of a report are impossible, or None.

    A share needs numerator and denominator, 动态清零 the cases helped and found in
    the month; no other kind has a second figure. With a denominator of 0 the numerator
    is 0. If the denominator has a name, or for 应返尽返, the numerator is not larger.
    A set's figure is the number of its members, if they are named or all known.
    """
    figures = (report.value, report.denominator or 0)
    if min(figures) < 0 or max(figures) > LARGEST:
        code = ProgressCode.NEGATIVE if min(figures) < 0 else ProgressCode.TOO_LARGE
        return _reason(code, indicator)
    if indicator.kind in SHARES:
        return _share_flaw(indicator, report)
    if indicator.kind is IndicatorKind.ZERO:
        alone = report.denominator is None
        return _reason(ProgressCode.CASES_INCOMPLETE, indicator) if alone else None
    if report.denominator is not None:
        return _reason(ProgressCode.NO_DENOMINATOR, indicator)
    return _member_flaw(indicator, report)


def _share_flaw(indicator: Indicator, report: Progress) -> Reason | None:
    part, whole = report.value, report.denominator
    if whole is None:
        return _reason(ProgressCode.SHARE_INCOMPLETE, indicator)
    if whole == 0 and part > 0:
        return _reason(ProgressCode.SHARE_OF_NOTHING, indicator, value=part)
    bounded = indicator.kind is IndicatorKind.FULL or indicator.denominator is not None
    if bounded and part > whole:
        code, of = ProgressCode.SHARE_ABOVE_WHOLE, indicator.denominator or ""
        return _reason(code, indicator, value=part, whole=whole, of=of)
    return None


def _member_flaw(indicator: Indicator, report: Progress) -> Reason | None:
    names, known = report.members, indicator.members
    if indicator.kind is not IndicatorKind.SET:
        return _reason(ProgressCode.NO_SET, indicator) if names else None
    whole = is_whole(indicator)
    strange = [name for name in names if whole and name not in indicator.members]
    if strange:
        code = ProgressCode.MEMBER_UNKNOWN
        return _reason(code, indicator, given=strange[0], known=known)
    twice = sorted({name for name in names if names.count(name) > 1 or not name})
    if twice:
        return _reason(ProgressCode.MEMBER_TWICE, indicator, given=twice)
    if (names or whole) and len(names) != report.value:
        code = ProgressCode.MEMBERS_MISCOUNTED
        counts = {"value": report.value, "named": len(names)}
        return _reason(code, indicator, **counts, known=known)
    return None


def _reason(code: ProgressCode, indicator: Indicator, **values: object) -> Reason:
    return reason_of(code, {"indicator": indicator.name, **values})


@value
class Month:
    """A month's report: the numbers of cases ``helped`` and ``found`` in it."""

    helped: int
    found: int


@value
class Cleared:
    """Numbers of cases: ``found`` are those helped or past the limit.

    ``in_time`` were helped within the limit; ``overdue`` are past it, not helped.
    """

    found: int
    in_time: int
    overdue: int


def months_of(reports: Sequence[Progress]) -> dict[str, Month]:
    """Return reports by month; reports of one month (districts) add up."""
    helped: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for report in reports:
        helped[report.month] += report.value
        found[report.month] += report.denominator or 0
    return {month: Month(helped=helped[month], found=found[month]) for month in helped}


def cleared(months: Mapping[str, Month], limit: int, day: date) -> Cleared:
    """Return the cases at the end of ``day``, with a ``limit`` in days.

    Cases that are not helped and whose limit ends on ``day`` or later don't count.

    >>> from datetime import date
    >>> months = {"2026-01": Month(found=5, helped=2), "2026-02": Month(found=0,
    ...     helped=3)}
    >>> cleared(months, 30, date(2026, 2, 28))
    Cleared(found=5, in_time=5, overdue=0)

    """
    waiting: list[tuple[date, int]] = []
    found = in_time = 0
    for month, figures in sorted(months.items()):
        end, helped = last_day(month), figures.helped
        waiting.append((end + timedelta(days=limit), figures.found))
        while helped and waiting:
            due, cases = waiting.pop(0)
            done = min(helped, cases)
            helped -= done
            found += done
            in_time += done if due >= end.replace(day=1) else 0
            if cases > done:
                waiting.insert(0, (due, cases - done))
    late = sum(cases for due, cases in waiting if due < day)
    return Cleared(found=found + late, in_time=in_time, overdue=late)
