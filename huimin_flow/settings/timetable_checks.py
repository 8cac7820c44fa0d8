"""What timetable.yaml, holidays/ and the retries must hold beyond their shapes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from huimin_flow.catalogue.terms import Every, Job, Missed
from huimin_flow.model.retry import Retry
from huimin_flow.model.rulebook import Calendar, CalendarYear, Slot
from huimin_flow.settings.document import Document
from huimin_flow.settings.figures import within

#: How often each job falls due: the year's list, the month's score …
_EVERY = {
    Job.LISTING_REMINDER: Every.YEAR,
    Job.LISTING: Every.YEAR,
    Job.PROGRESS_CALL: Every.MONTH,
    Job.PROGRESS_CHASE: Every.MONTH,
    Job.MONTHLY_SCORE: Every.MONTH,
    Job.FIVE_COLORS: Every.MONTH,
    Job.QUARTERLY_RANKING: Every.QUARTER,
}

#: What rests on what: a later one is never due before an earlier one.
_IN_TURN = (Job.MONTHLY_SCORE, Job.FIVE_COLORS, Job.QUARTERLY_RANKING)

#: What a missed period would be missed for: it may not be skipped.
_NEVER_SKIPPED = {Job.LISTING, *_IN_TURN}

#: Minutes between two attempts: a job is tried again within its working day.
_WAIT = (1, 360)

#: The bounds of a slot's figures. Every month has 28 days and 15 working days.
_BOUNDS = {
    "hour": (0, 23),
    "month": (1, 12),
    "day": (1, 28),
    "working_day": (1, 15),
    "offset": (0, 12),
    "before_days": (1, 60),
}


def of_timetable(slots: tuple[Slot, ...], document: Document) -> Iterator[str]:
    """Yield what is wrong with the slots; the listing stays within 中旬 (B5)."""
    jobs = [slot.job for slot in slots]
    for job in Job:
        if job not in jobs:
            yield document.problem([], f"缺少作业 {job}", "请补上该作业")
    for index, slot in enumerate(slots):
        if jobs.count(slot.job) > 1:
            yield document.problem([index, "job"], "作业重复", "请只保留一条")
        if slot.every is not _EVERY[slot.job]:
            yield document.problem(
                [index, "every"], "与该作业的周期不符", f"请写 {_EVERY[slot.job]}"
            )
        if slot.missed is not Missed.EACH and slot.job in _NEVER_SKIPPED:
            yield document.problem(
                [index, "missed"], "该作业不能略过任何一期", "请写 each"
            )
        if slot.late_hours is not None and slot.late_hours.value < 1:
            yield document.problem([index, "late_hours"], "应不少于1小时", "请改正")
        yield from _of_figures(slot, document, index)
        yield from _of_day(slot, document, index)
        if slot.job is Job.LISTING:
            yield from _mid_december(slot, document, index)
    yield from _of_order(slots, document)


def _of_figures(slot: Slot, document: Document, index: int) -> Iterator[str]:
    for name, (low, high) in _BOUNDS.items():
        figure = getattr(slot, name)
        if figure is not None and not low <= figure <= high:
            yield document.problem([index, name], f"应在{low}至{high}之间", "请改正")


def _of_day(slot: Slot, document: Document, index: int) -> Iterator[str]:
    """A slot's day is told in one way: of the month, a working day, or ahead."""
    ways = [
        slot.day is not None,
        slot.working_day is not None,
        slot.of is not None and slot.before_days is not None,
    ]
    if sum(ways) != 1:
        yield document.problem(
            [index],
            "到期日应只用一种写法",
            "请写 day、working_day、of 与 before_days 三者之一",
        )
    if slot.every is Every.YEAR and slot.of is None and slot.month is None:
        yield document.problem([index], "每年的作业缺少 month", "请补上月份")


def _of_order(slots: tuple[Slot, ...], document: Document) -> Iterator[str]:
    """A month is scored, then colored, then ranked in its quarter (D5–D7)."""
    places = {slot.job: index for index, slot in enumerate(slots)}
    known = [job for job in _IN_TURN if job in places]
    for before, after in pairwise(known):
        one, other = slots[places[before]], slots[places[after]]
        alike = (one.day is None) == (other.day is None) and one.roll is other.roll
        if not alike or _moment(one) > _moment(other):
            yield document.problem(
                [places[after], "hour"],
                f"“{after.label}”须与“{before.label}”用同一种写法定日,且不早于它",
                "请改正 offset、working_day、day、hour",
            )


def _moment(slot: Slot) -> tuple[int, int, int]:
    return (slot.offset, slot.day or slot.working_day or 0, slot.hour)


def of_year(year: CalendarYear, document: Document) -> Iterator[str]:
    """Yield what is wrong with a file of holidays/: it rests on its year's notice."""
    if f"{year.year}年" not in year.notice:
        yield document.problem(
            ["notice"], f"没有写{year.year}年", "请写该年放假安排的通知全称"
        )


def of_calendar(calendar: Calendar) -> Iterator[str]:
    """Yield what is wrong with the years of holidays/."""
    years = [one.year for one in calendar.years]
    for earlier, later in pairwise(years):
        if later != earlier + 1:
            yield f"holidays/:{earlier}年之后缺{earlier + 1}年;请补上该年的文件"
    for one in calendar.years:
        days = [*one.days_off, *one.working_weekends]
        if any(day.year != one.year for day in days):
            yield f"holidays/{one.year}.yaml:有不属于{one.year}年的日期;请改正"
        if any(day.weekday() < 5 for day in one.working_weekends):
            yield f"holidays/{one.year}.yaml:working_weekends 只列周末;请改正"


def of_retry(retry: Retry, document: Document) -> Iterator[str]:
    """Yield what is wrong with the waits; the first is no longer than the longest."""
    yield from within(retry.first_minutes, _WAIT, document, ["retry", "first_minutes"])
    yield from within(retry.most_minutes, _WAIT, document, ["retry", "most_minutes"])
    if retry.first_minutes.value > retry.most_minutes.value:
        yield document.problem(
            ["retry", "most_minutes"], "短于 first_minutes", "请改正其中之一"
        )


def _mid_december(slot: Slot, document: Document, index: int) -> Iterator[str]:
    within = (
        slot.month == 12
        and slot.earliest is not None
        and slot.latest is not None
        and slot.day is not None
        and 11 <= slot.earliest <= slot.day <= slot.latest <= 20
    )
    if not within:
        yield document.problem(
            [index, "day"],
            "清单截止须在12月中旬(11至20日),顺延也不得越出",
            "请改正 month、day、earliest、latest",
        )
