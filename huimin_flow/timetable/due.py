"""Due moments as pure functions of slots and calendar (DESIGN §7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from huimin_flow.clock import at_hour, local_day
from huimin_flow.errors import CalendarMissing
from huimin_flow.model.rulebook import Calendar, Rulebook, Slot
from huimin_flow.model.value import value
from huimin_flow.rules.workdays import (
    nth_working_day,
    rolled,
    working_day_after,
)


@value
class Due:
    """A (job, period) and the moment, aware UTC, at which it is due."""

    job: str
    period: str
    at: datetime
    missed: str
    title: str


@value
class Outlook:
    """What falls due in a span, and the first day that no calendar covers."""

    due: tuple[Due, ...]
    missing: CalendarMissing | None = None


def outlook(book: Rulebook, first: datetime, last: datetime) -> Outlook:
    """Return everything that falls due after ``first`` and up to ``last``.

    A year without its calendar hides only what is due in it: the rest is told.
    """
    found: list[Due] = []
    missing = None
    for slot in book.timetable:
        try:
            for due in _of(slot, book, first, last):
                if first < due.at <= last:
                    found.append(due)  # noqa: PERF401 - kept when it breaks off
        except CalendarMissing as refusal:
            missing = refusal
    jobs = [str(slot.job) for slot in book.timetable]
    found.sort(key=lambda one: (one.at, jobs.index(one.job)))
    return Outlook(due=tuple(found), missing=missing)


def due_between(book: Rulebook, first: datetime, last: datetime) -> list[Due]:
    """Return everything that falls due after ``first`` and up to ``last``.

    Raises:
        CalendarMissing: if a due day lies in a year that is not loaded.

    """
    found = outlook(book, first, last)
    if found.missing is not None:
        raise found.missing
    return list(found.due)


def next_due(book: Rulebook, now: datetime) -> list[Due]:
    """Return the next due moment of each job, within the calendars that are loaded."""
    upcoming: dict[str, Due] = {}
    for due in outlook(book, now, now + timedelta(days=400)).due:
        upcoming.setdefault(due.job, due)
    return list(upcoming.values())


def was_over(period: str, day: date) -> bool:
    """Tell whether a month or quarter had ended before ``day``; years never had.

    >>> from datetime import date
    >>> was_over("2026-10", date(2026, 11, 1)), was_over("2026Q4", date(2026, 11, 1))
    (True, False)

    """
    if "Q" in period:
        year, _, quarter = period.partition("Q")
        last = (int(year), 3 * int(quarter))
    elif "-" in period:
        last = (int(period[:4]), int(period[5:]))
    else:
        return False
    return last < (day.year, day.month)


def _of(slot: Slot, book: Rulebook, first: datetime, last: datetime) -> Iterator[Due]:
    """Yield a slot's dues by period, oldest first, none that begins after ``last``."""
    begun, ended = local_day(first), local_day(last)
    for year, month in _months(begun, ended, before=slot.roll == "forward"):
        period = _period(slot, book, year, month)
        if period is None:
            continue
        day = _due_day(slot, book, year, month)
        yield Due(
            job=slot.job,
            period=period,
            at=at_hour(day, slot.hour),
            missed=slot.missed,
            title=slot.title,
        )


def _months(begun: date, ended: date, *, before: bool) -> Iterator[tuple[int, int]]:
    """Yield the months of a span, and the one ``before``, which may roll into it."""
    index = begun.year * 12 + begun.month - 1 - before
    while index <= ended.year * 12 + ended.month - 1:
        yield index // 12, index % 12 + 1
        index += 1


def _period(slot: Slot, book: Rulebook, year: int, month: int) -> str | None:
    """Return the period whose due day lies in a month, or None."""
    if slot.every == "year":
        of = _followed(slot, book)
        return str(year + 1) if month == (of.month or 1) else None
    index = year * 12 + month - 1 - slot.offset
    year, month = index // 12, index % 12 + 1
    if slot.every == "month":
        return f"{year}-{month:02d}"
    return f"{year}Q{month // 3}" if month % 3 == 0 else None


def _followed(slot: Slot, book: Rulebook) -> Slot:
    """Return the slot that a reminder goes ahead of, or the slot itself."""
    return next((one for one in book.timetable if one.job == slot.of), slot)


def _due_day(slot: Slot, book: Rulebook, year: int, month: int) -> date:
    of = _followed(slot, book)
    if of is not slot:
        day = _due_day(of, book, year, month)
        return working_day_after(day, -(slot.before_days or 0), book.calendar)
    if slot.working_day is not None:
        return nth_working_day(year, month, slot.working_day, book.calendar)
    return _day(slot, date(year, month, slot.day or 1), book.calendar)


def _day(slot: Slot, day: date, calendar: Calendar) -> date:
    """Return a slot's day, rolled off days off but not out of its bounds."""
    moved = rolled(day, slot.roll, calendar)
    if slot.earliest is not None and moved.day < slot.earliest:
        return rolled(day, "forward", calendar)
    if slot.latest is not None and moved.day > slot.latest:
        return rolled(day, "back", calendar)
    return moved
