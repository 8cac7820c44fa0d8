"""Checks of timetable.yaml, holidays/ and the retries beyond their types."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from huimin_flow.catalogue.reasons import ConfigCode, RulebookCode
from huimin_flow.catalogue.terms import Every, Job, Missed
from huimin_flow.model.core.jobs import Retry
from huimin_flow.model.core.values import from_plain
from huimin_flow.model.rulebook import CalendarYear, Slot
from huimin_flow.settings.yaml import Document

#: How often each job falls due.
_EVERY = {
    Job.SUCCESSION: Every.UNIT_END,
    Job.LISTING_REMINDER: Every.YEAR,
    Job.LISTING: Every.YEAR,
    Job.PHASE_LISTING: Every.QUARTER,
    Job.SCREENING_ROUND: Every.MONTH,
    Job.POLICY_REVIEW: Every.MONTH,
    Job.FEED_PULL: Every.MONTH,
    Job.PROGRESS_CALL: Every.MONTH,
    Job.PROGRESS_CHASE: Every.MONTH,
    Job.RESPONSE_CHASE: Every.MONTH,
    Job.MONTHLY_SCORE: Every.MONTH,
    Job.FIVE_COLORS: Every.MONTH,
    Job.QUARTERLY_RANKING: Every.QUARTER,
    Job.QUARTERLY_BOARDS: Every.QUARTER,
    Job.MONTHLY_DIGESTS: Every.MONTH,
    Job.QUARTERLY_DIGESTS: Every.QUARTER,
}

#: Each job needs the results of the job before it, so it is not due earlier.
_SEQUENCE = (Job.MONTHLY_SCORE, Job.FIVE_COLORS, Job.QUARTERLY_RANKING)

#: Jobs that must run for every period.
_NEVER_SKIPPED = {Job.SUCCESSION, Job.LISTING, Job.PHASE_LISTING, *_SEQUENCE}


def check_timetable(slots: tuple[Slot, ...], document: Document) -> None:
    """Record what is wrong with the slots; the listing must be within 中旬 (B5)."""
    jobs = [slot.job for slot in slots]
    document.complete(jobs, Job)
    document.distinct(jobs, "job")
    for index, slot in enumerate(slots):
        every = _EVERY[slot.job]
        if slot.every is not every:
            document.problem(ConfigCode.MUST_BE, index, "every", allowed=every)
        if slot.missed is not Missed.EACH and slot.job in _NEVER_SKIPPED:
            document.problem(RulebookCode.NEVER_SKIPPED, index, "missed")
        mid_december = (
            slot.month == 12
            and slot.earliest is not None
            and slot.latest is not None
            and slot.day is not None
            and 11 <= slot.earliest <= slot.day <= slot.latest <= 20
        )
        if slot.job is Job.LISTING and not mid_december:
            document.problem(RulebookCode.LISTING_DAY, index, "day")
        if (slot.offset < 0) != (slot.job is Job.PHASE_LISTING):
            document.problem(RulebookCode.PHASE_OFFSET, index, "offset")
        _of_moment(slot, document, index)
    _of_order(slots, document)


def _of_moment(slot: Slot, document: Document, index: int) -> None:
    """Record what is wrong with a slot's day: a day, a working day, or days ahead."""
    if slot.late_hours is not None and slot.late_hours.value < 1:
        document.problem(ConfigCode.TOO_SMALL, index, "late_hours", least=1)
    ways = [
        slot.day is not None,
        slot.working_day is not None,
        slot.of is not None and slot.before_days is not None,
    ]
    if sum(ways) != (slot.every is not Every.UNIT_END):
        document.problem(RulebookCode.DAY_IN_ONE_WAY, index)
    if slot.every is Every.YEAR and slot.of is None and slot.month is None:
        document.problem(ConfigCode.ENTRY_MISSING, index, name="month")


def _of_order(slots: tuple[Slot, ...], document: Document) -> None:
    """Record a job that is due before a job whose results it needs (D5–D7)."""
    places = {slot.job: index for index, slot in enumerate(slots)}
    known = [job for job in _SEQUENCE if job in places]
    for before, after in pairwise(known):
        basis, slot = slots[places[before]], slots[places[after]]
        alike = (basis.day is None) == (slot.day is None) and basis.roll is slot.roll
        if not alike or _moment(basis) > _moment(slot):
            code, place = RulebookCode.DUE_BEFORE_ITS_BASIS, places[after]
            document.problem(code, place, "hour", job=after, basis=before)


def _moment(slot: Slot) -> tuple[int, int, int]:
    return (slot.offset, slot.day or slot.working_day or 0, slot.hour)


#: The character after the year in the title of its notice.
_YEAR = "年"


def check_year(year: CalendarYear, document: Document) -> None:
    """Record what is wrong with a file of holidays/, which needs its year's notice."""
    if f"{year.year}{_YEAR}" not in year.notice:
        document.problem(RulebookCode.NOTICE_OF_OTHER_YEAR, "notice", year=year.year)
    if document.name != f"holidays/{year.year}.yaml":
        document.problem(RulebookCode.FILE_OF_OTHER_YEAR, "year", year=year.year)
    if not year.days_off:
        document.problem(RulebookCode.NO_DAY_OFF, "days_off", year=year.year)
    for list_name in ("days_off", "working_weekends"):
        for n, text in enumerate(document.tree[list_name]):
            place, day = (list_name, n), from_plain(date, text)
            if day.year != year.year:
                code = RulebookCode.DAY_OF_OTHER_YEAR
                document.problem(code, *place, day=day, year=year.year, other=day.year)
            elif day in year.days_off and day in year.working_weekends:
                document.problem(RulebookCode.DAY_OFF_AND_WORKED, *place, day=day)
            elif list_name == "working_weekends" and day.weekday() < 5:
                document.problem(RulebookCode.NO_WEEKEND, *place, day=day)


def check_retry(retry: Retry, document: Document) -> None:
    """Record a first wait that is longer than the longest."""
    if retry.first_minutes.value > retry.most_minutes.value:
        code, other = ConfigCode.BEFORE_OTHER, "first_minutes"
        document.problem(code, "retry", "most_minutes", other=other)
