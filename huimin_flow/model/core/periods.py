"""The written form of periods: a month ``2026-11``, a quarter ``2026Q4``."""

from __future__ import annotations

import re
from datetime import date, timedelta

from huimin_flow.catalogue.reasons import InputCode, ProgressCode
from huimin_flow.errors import InputRefused

#: The range of accepted dates: others are typing errors or wrong clocks.
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)

_MONTH = re.compile(r"2[01][0-9]{2}-(0[1-9]|1[0-2])", re.ASCII)
_YEAR = re.compile(r"2[01][0-9]{2}", re.ASCII)
_QUARTER = re.compile(r"2[01][0-9]{2}Q[1-4]", re.ASCII)


def month(period: str) -> str:
    """Return ``period`` if it is a month, ``2023-07``.

    Raises:
        InputRefused: if it is not a month.

    """
    if not _MONTH.fullmatch(period):
        raise InputRefused(ProgressCode.MONTH_UNFIT, period=period[:40])
    return period


def year(period: str) -> int:
    """Return the number of a period if it is a year, ``2023``.

    Raises:
        InputRefused: if it is not a year.

    >>> year("2023")
    2023

    """
    if not _YEAR.fullmatch(period):
        raise InputRefused(ProgressCode.YEAR_UNFIT, period=period[:40])
    return int(period)


def year_or_quarter(period: str) -> str:
    """Return ``period`` if it is a year or a quarter, the periods of lists.

    Raises:
        InputRefused: if it is neither.

    >>> year_or_quarter("2026Q4")
    '2026Q4'

    """
    if "Q" in period:
        months_of(period)
    elif not _YEAR.fullmatch(period):
        raise InputRefused(ProgressCode.LIST_PERIOD_UNFIT, period=period[:40])
    return period


def month_bounds(period: str) -> tuple[date, date]:
    """Return the first day of a month and of the next month.

    >>> month_bounds("2023-12")
    (datetime.date(2023, 12, 1), datetime.date(2024, 1, 1))

    """
    first = date.fromisoformat(f"{period}-01")
    year, number = divmod(first.year * 12 + first.month, 12)
    return first, date(year, number + 1, 1)


def last_day(period: str) -> date:
    """Return the last day of a month.

    >>> last_day("2024-02")
    datetime.date(2024, 2, 29)

    """
    return month_bounds(period)[1] - timedelta(days=1)


def month_before(period: str) -> str:
    """Return the month before a month.

    >>> month_before("2026-01")
    '2025-12'

    """
    first, _ = month_bounds(period)
    return (first - timedelta(days=1)).strftime("%Y-%m")


def months_of(period: str) -> tuple[str, ...]:
    """Return the months of a quarter.

    >>> months_of("2026Q4")
    ('2026-10', '2026-11', '2026-12')

    Raises:
        InputRefused: if it is not a quarter.

    """
    if not _QUARTER.fullmatch(period):
        raise InputRefused(ProgressCode.QUARTER_UNFIT, period=period[:40])
    year, _, number = period.partition("Q")
    first = 3 * int(number) - 2
    return tuple(f"{year}-{first + k:02d}" for k in range(3))


def quarters_from(day: date) -> tuple[str, str]:
    """Return the quarter of a day and the next one.

    >>> quarters_from(date(2026, 11, 6))
    ('2026Q4', '2027Q1')

    """
    index = day.year * 4 + (day.month - 1) // 3
    first, second = (f"{n // 4:04d}Q{n % 4 + 1}" for n in (index, index + 1))
    return first, second


def spanned(period: str) -> frozenset[str]:
    """Return the months of a year, a quarter or a month.

    >>> sorted(spanned("2026Q4"))
    ['2026-10', '2026-11', '2026-12']

    Raises:
        InputRefused: if it is none of them.

    """
    if "-" in period:
        return frozenset({month(period)})
    if "Q" in period:
        return frozenset(months_of(period))
    if not _YEAR.fullmatch(period):
        raise InputRefused(InputCode.SPAN_UNFIT, period=period[:40])
    return frozenset(f"{year(period)}-{number:02d}" for number in range(1, 13))
