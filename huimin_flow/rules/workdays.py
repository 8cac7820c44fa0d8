"""Working days by the official notices; a year without one is said, not guessed."""

from __future__ import annotations

from datetime import date, timedelta

from huimin_flow.catalogue.reasons import ConfigCode
from huimin_flow.errors import CalendarMissing
from huimin_flow.model.rulebook import Calendar, CalendarYear


def is_working_day(day: date, calendar: Calendar) -> bool:
    """Tell whether people work on ``day``.

    Raises:
        CalendarMissing: if the calendar of its year is not loaded.

    """
    return _works(day, _year(day.year, calendar))


def _year(year: int, calendar: Calendar) -> CalendarYear:
    found = calendar.year(year)
    if found is None:
        raise CalendarMissing(ConfigCode.CALENDAR_MISSING, year=year)
    return found


def _works(day: date, year: CalendarYear) -> bool:
    if day.weekday() >= 5:
        return day in year.working_weekends
    return day not in year.days_off


def working_day_after(day: date, count: int, calendar: Calendar) -> date:
    """Return the ``count``-th working day after ``day`` (before it, if negative).

    Raises:
        CalendarMissing: if the way leads into a year that is not loaded.

    """
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    year = None
    while left:
        day += step
        if year is None or year.year != day.year:
            year = _year(day.year, calendar)
        left -= _works(day, year)
    return day


def nth_working_day(year: int, month: int, n: int, calendar: Calendar) -> date:
    """Return the ``n``-th working day (from 1) of a month."""
    return working_day_after(date(year, month, 1) - timedelta(days=1), n, calendar)


def rolled(day: date, roll: str, calendar: Calendar) -> date:
    """Return ``day``, or the nearest working day "back" or "forward" of it."""
    if roll == "none" or is_working_day(day, calendar):
        return day
    return working_day_after(day, -1 if roll == "back" else 1, calendar)
