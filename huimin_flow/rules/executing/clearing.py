"""动态清零: cases found month by month, to be helped within a limit of days (C4).

Reports know only months. So a case counts as late only if it is late for certain:
found on its month's last day, helped on the first of a month, the oldest case first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from huimin_flow.model.core.periods import last_day
from huimin_flow.model.core.values import value
from huimin_flow.model.executing.plans import Progress


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
