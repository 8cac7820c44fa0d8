"""Due moments as pure functions of slots and calendar (DESIGN §7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from huimin_flow.clock import at_hour
from huimin_flow.model.rulebook import Calendar, Rulebook, Slot
from huimin_flow.model.value import value
from huimin_flow.rules.workdays import rolled, working_day_after


@value
class Due:
    """A (job, period) and the moment, aware UTC, at which it is due."""

    job: str
    period: str
    at: datetime
    missed: str
    title: str


def due_between(book: Rulebook, first: datetime, last: datetime) -> list[Due]:
    """Return everything that falls due after ``first`` and up to ``last``.

    Raises:
        CalendarMissing: if a due day lies in a year that is not loaded.

    """
    found = [
        due
        for slot in book.timetable
        for due in _of(slot, book, first, last)
        if first < due.at <= last
    ]
    return sorted(found, key=lambda one: (one.at, one.job))


def next_due(book: Rulebook, now: datetime) -> list[Due]:
    """Return the next due moment of each job, within the calendars that are loaded."""
    known = max(one.year for one in book.calendar.years)
    later = min(now + timedelta(days=400), at_hour(date(known, 12, 31), 23))
    upcoming: dict[str, Due] = {}
    for due in due_between(book, now, later):
        upcoming.setdefault(due.job, due)
    return list(upcoming.values())


def _of(slot: Slot, book: Rulebook, first: datetime, last: datetime) -> Iterator[Due]:
    for year in range(first.year, last.year + 1):
        of = next((one for one in book.timetable if one.job == slot.of), None)
        if of is None:
            day = _day(slot, year, book.calendar)
        else:
            ahead = slot.before_days or 0
            day = working_day_after(
                _day(of, year, book.calendar), -ahead, book.calendar
            )
        yield Due(
            job=slot.job,
            period=str(year + 1),
            at=at_hour(day, slot.hour),
            missed=slot.missed,
            title=slot.title,
        )


def _day(slot: Slot, year: int, calendar: Calendar) -> date:
    """Return a yearly slot's day, rolled off days off but not out of its bounds."""
    day = date(year, slot.month or 1, slot.day or 1)
    moved = rolled(day, slot.roll, calendar)
    if slot.earliest is not None and moved.day < slot.earliest:
        return rolled(day, "forward", calendar)
    if slot.latest is not None and moved.day > slot.latest:
        return rolled(day, "back", calendar)
    return moved
