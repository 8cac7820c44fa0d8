"""Due moments as pure functions of slots, calendars and activations.

Working days are those of the official notices; a year without one is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from huimin_flow.catalogue.reasons import ConfigCode
from huimin_flow.catalogue.terms import Every, Job
from huimin_flow.clock import at_hour, local_day
from huimin_flow.errors import CalendarMissing
from huimin_flow.model.core.organization import Organization
from huimin_flow.model.core.periods import month_before, months_of
from huimin_flow.model.core.values import value
from huimin_flow.model.rulebook import Calendar, CalendarYear, Rulebook, Slot

#: A (job, period).
Key = tuple[str, str]

#: The resolution of recorded time.
_INSTANT = timedelta(microseconds=1)

#: How far ahead ``still_due`` looks: further than any list's deadline.
_AHEAD = timedelta(days=800)

#: How long after its cutoff a job waits for transactions that were open then; ours.
CUT_WAIT = timedelta(minutes=10)

#: The longest time between two periods of a slot.
_YEAR = timedelta(days=400)


@value
class Due:
    """A (job, period) and the moment, aware UTC, at which it is due.

    If ``missed`` is "skip", it is not done later than ``late_hours`` after ``at``.
    ``rulebook`` is the digest of the rulebook whose timetable sets the moment.
    """

    job: str
    period: str
    at: datetime
    missed: str
    title: str
    late_hours: int = 0
    rulebook: str = ""

    @property
    def key(self) -> Key:
        """Return the (job, period)."""
        return self.job, self.period

    @property
    def needs(self) -> tuple[Key, ...]:
        """Return the (job, period)s whose results the job reads.

        >>> due = Due(job="quarterly_ranking", period="2026Q4", title="",
        ...           missed="each", at=datetime(2027, 1, 8, 10, tzinfo=UTC))
        >>> due.needs[0]
        ('monthly_score', '2026-10')

        """
        scores = Job.MONTHLY_SCORE.value
        if self.job == Job.FIVE_COLORS:
            return (scores, self.period), (self.job, month_before(self.period))
        if self.job == Job.QUARTERLY_RANKING:
            return tuple((scores, month) for month in months_of(self.period))
        return ()


def first_ready(left: Sequence[Due], awaited: Collection[Key]) -> Due | None:
    """Return the first due whose needs are neither in ``left`` nor in ``awaited``.

    ``awaited`` are periods that failed or are not due yet.
    """
    undone = {*awaited, *(due.key for due in left)}
    return next((due for due in left if undone.isdisjoint(due.needs)), None)


def passed_over(left: Sequence[Due]) -> frozenset[Key]:
    """Return the missed periods of jobs that run only their newest missed period."""
    newest = {due.job: due for due in sorted(left, key=lambda due: due.at)}
    return frozenset(
        due.key for due in left if due.missed == "once" and due is not newest[due.job]
    )


@value
class Activation:
    """A rulebook and the moment, aware UTC, from which it is the active rulebook."""

    since: datetime
    book: Rulebook


@value
class Outlook:
    """What falls due in a span, and the refusal for the first missing calendar."""

    due: tuple[Due, ...]
    missing: CalendarMissing | None = None


def outlook(book: Rulebook, first: datetime, last: datetime) -> Outlook:
    """Return everything that falls due after ``first`` and up to ``last``.

    A year without a calendar hides only what is due in that year.
    """
    due: list[Due] = []
    missing: CalendarMissing | None = None
    begun, ended = local_day(first), local_day(last)
    for slot in book.timetable:
        for period, year, month in _periods(slot, book, begun, ended):
            try:
                at = at_hour(_due_day(slot, book, year, month), slot.hour)
            except CalendarMissing as refusal:
                missing = missing or refusal
                continue
            if first < at <= last:
                due.append(_due(slot, book, period, at))
        if slot.every is Every.UNIT_END:
            ends = unit_ends(book.organization, slot.hour)
            due += [
                _due(slot, book, period, at)
                for period, at in ends.items()
                if first < at <= last
            ]
    # Python's sort is stable: slots of one moment keep the timetable's order.
    due.sort(key=lambda each: each.at)
    return Outlook(due=tuple(due), missing=missing)


def _due(slot: Slot, book: Rulebook, period: str, at: datetime) -> Due:
    return Due(
        job=slot.job,
        period=period,
        at=at,
        missed=slot.missed,
        title=slot.title,
        late_hours=slot.lateness(),
        rulebook=book.digest,
    )


#: What joins the code of a unit and its legal end day in the period of its succession.
_JOINT = "@"


def unit_ends(organization: Organization, hour: int = 0) -> dict[str, datetime]:
    """Return the successions of an organization: the period and moment of each.

    A code may be used again, so a period has the unit's code and its last day.
    """
    return {
        end_period(unit.code, unit.valid_to): at_hour(unit.valid_to, hour)
        for unit in organization.units
        if unit.valid_to is not None
    }


def end_period(code: str, day: date) -> str:
    """Return the period of the succession of a unit that ends on a day."""
    return f"{code}{_JOINT}{day}"


def unit_end(period: str) -> tuple[str, date]:
    """Return the code of the unit that ends, and the day.

    >>> unit_end("500105@2025-11-06")
    ('500105', datetime.date(2025, 11, 6))

    """
    code, _, day = period.rpartition(_JOINT)
    return code, date.fromisoformat(day)


def agenda(activations: Sequence[Activation], last: datetime) -> Outlook:
    """Return everything that fell due up to ``last``, each period once.

    The rulebook that is active at the due moment decides: a later rulebook moves no
    deadline that has passed. ``activations`` are in order and begin with the founding;
    what falls due at the founding itself is left out. If an activation moves an open
    deadline to a moment before the activation, the period is due at the activation.
    """
    by_period: dict[tuple[str, str], Due] = {}
    missing = None
    founded = activations[0].since
    ruled = [activation for activation in activations if activation.since <= last]
    for n, activation in enumerate(ruled):
        book = _with_later_calendars(activation.book, activations[n + 1 :])
        since = activation.since - _INSTANT if n else activation.since
        until = ruled[n + 1].since - _INSTANT if n + 1 < len(ruled) else last
        coming = outlook(book, since, until)
        missing = missing or coming.missing
        former = ruled[n - 1].book if n else book
        before = _with_later_calendars(former, activations[n:])
        overtaken: list[Due] = []
        if (before.timetable, before.calendar) != (book.timetable, book.calendar):
            # Open by the book before, and past by the new book.
            next_year = outlook(before, since, later(activation.since, _YEAR)).due
            awaited = {(each.job, each.period) for each in next_year}
            overtaken = [
                replace(each, at=activation.since)
                for each in outlook(book, activation.since - _YEAR, since).due
                if (each.job, each.period) in awaited
            ]
        if n:  # the book ends a unit on a day that is past
            overtaken += [
                replace(each, at=activation.since)
                for each in outlook(book, founded, since).due
                if each.job == Job.SUCCESSION
            ]
        for due in (*overtaken, *coming.due):
            by_period.setdefault((due.job, due.period), due)
    return Outlook(due=tuple(by_period.values()), missing=missing)


def deadline(
    since: date,
    activations: Sequence[Activation],
    days: Callable[[Rulebook], int | None],
) -> date | None:
    """Return the last day to do what is due since a day, None without a limit.

    ``days`` gives the working days that a rulebook allows, or None. The rulebook
    and the calendar of the due day itself decide: no later activation makes a
    late act punctual. If an activation moves an open deadline to a day before the
    activation, the deadline is the activation's day.

    Raises:
        CalendarMissing: if the count reaches a year without a calendar.

    """
    due = None
    for n, activation in enumerate(activations):
        ended = (
            local_day(activations[n + 1].since) if n + 1 < len(activations) else None
        )
        allowed = days(activation.book)
        if allowed is None or (ended is not None and ended <= since):
            continue
        calendar = _with_later_calendars(activation.book, activations[n + 1 :]).calendar
        try:
            due = working_day_after(since, allowed, calendar)
        except CalendarMissing:
            if ended is None:
                raise
            continue  # the due day is after all calendars, so after the next activation
        if n:
            due = max(due, local_day(activation.since))
        if ended is None or due < ended:
            return due
    return due


def _with_later_calendars(book: Rulebook, later: Sequence[Activation]) -> Rulebook:
    """Return a book with the calendar years that only later books have.

    What fell due in a year without a calendar is computed when the year has one.
    """
    books = [*(activation.book for activation in reversed(later)), book]
    years = {year.year: year for each in books for year in each.calendar.years}
    calendar = Calendar(years=tuple(years[number] for number in sorted(years)))
    return replace(book, calendar=calendar)


def next_due(book: Rulebook, now: datetime) -> list[Due]:
    """Return the next due moment of each job, within the calendars that are loaded."""
    upcoming: dict[str, Due] = {}
    for due in outlook(book, now, later(now, _YEAR)).due:
        upcoming.setdefault(due.job, due)
    return list(upcoming.values())


def later(moment: datetime, span: timedelta) -> datetime:
    """Return the aware moment ``span`` later, at most the last one possible."""
    last = datetime.max.replace(tzinfo=UTC)
    return moment + span if moment < last - span else last


def still_due(book: Rulebook, job: str, period: str, now: datetime) -> datetime | None:
    """Return the moment at which a job falls due for a period, if it is in the future.

    None if it is past or more than 800 days ahead.

    Raises:
        CalendarMissing: if its year's calendar isn't loaded.

    """
    begun, ended = local_day(now), local_day(later(now, _AHEAD))
    for slot in book.timetable:
        for of, year, month in _periods(slot, book, begun, ended):
            if (slot.job, of) == (job, period):
                at = at_hour(_due_day(slot, book, year, month), slot.hour)
                return at if at > now else None
    return None


def was_over(period: str, day: date) -> bool:
    """Tell whether a month or quarter ended before ``day``; False for other periods.

    >>> from datetime import date
    >>> was_over("2026-10", date(2026, 11, 1)), was_over("2026Q4", date(2026, 11, 1))
    (True, False)

    """
    if _JOINT in period or ("-" not in period and "Q" not in period):
        return False
    last = months_of(period)[-1] if "Q" in period else period
    return last < f"{day:%Y-%m}"


def _periods(
    slot: Slot, book: Rulebook, begun: date, ended: date
) -> Iterator[tuple[str, int, int]]:
    """Yield a slot's periods due in a span, with the year and month of the due day."""
    if slot.every is Every.UNIT_END:
        return
    # What is due in the month before may roll into the span.
    first = begun.year * 12 + begun.month - 1 - (slot.roll == "forward")
    for index in range(first, ended.year * 12 + ended.month):
        year, month = index // 12, index % 12 + 1
        of_year, of_month = divmod(index - slot.offset, 12)
        if slot.every is Every.YEAR:
            if month == (_followed(slot, book).month or 1):
                yield str(year + 1), year, month
        elif slot.every is Every.MONTH:
            yield f"{of_year}-{of_month + 1:02d}", year, month
        elif of_month % 3 == 2:
            yield f"{of_year}Q{of_month // 3 + 1}", year, month


def _followed(slot: Slot, book: Rulebook) -> Slot:
    """Return the slot that a reminder announces, or the slot itself."""
    return next((each for each in book.timetable if each.job == slot.of), slot)


def _due_day(slot: Slot, book: Rulebook, year: int, month: int) -> date:
    of = _followed(slot, book)
    if of is not slot:
        day = _due_day(of, book, year, month)
        return working_day_after(day, -(slot.before_days or 0), book.calendar)
    if slot.working_day is not None:
        eve = date(year, month, 1) - timedelta(days=1)
        return working_day_after(eve, slot.working_day, book.calendar)
    day = date(year, month, slot.day or 1)
    moved = rolled(day, slot.roll, book.calendar)
    # A day off moves the day, but not out of the slot's bounds.
    if slot.earliest is not None and moved.day < slot.earliest:
        return rolled(day, "forward", book.calendar)
    if slot.latest is not None and moved.day > slot.latest:
        return rolled(day, "back", book.calendar)
    return moved


def works_on(day: date, year: CalendarYear) -> bool:
    """Tell whether a day of a year is a working day."""
    if day.weekday() >= 5:
        return day in year.working_weekends
    return day not in year.days_off


def _year(year: int, calendar: Calendar) -> CalendarYear:
    covered = calendar.year(year)
    if covered is None:
        raise CalendarMissing(ConfigCode.CALENDAR_MISSING, year=year)
    return covered


def working_day_after(day: date, count: int, calendar: Calendar) -> date:
    """Return the ``count``-th working day after ``day`` (before it, if negative).

    Raises:
        CalendarMissing: if the count reaches a year that is not loaded.

    """
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    year = None
    while left:
        day += step
        if year is None or year.year != day.year:
            year = _year(day.year, calendar)
        left -= works_on(day, year)
    return day


def rolled(day: date, roll: str, calendar: Calendar) -> date:
    """Return ``day`` if it is a working day, else the nearest one in a direction.

    ``roll`` is "back", "forward" or "none"; with "none" the day stays.
    """
    if roll == "none" or works_on(day, _year(day.year, calendar)):
        return day
    return working_day_after(day, -1 if roll == "back" else 1, calendar)
