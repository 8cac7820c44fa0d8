"""A deadline that has passed is judged by the rulebook and calendar of its due day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Connection

from huimin_flow.catalogue.terms import Measure, Pace, RatingLevel, State
from huimin_flow.clock import at_hour
from huimin_flow.errors import CalendarMissing
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.core.rules import Figure
from huimin_flow.model.core.values import Share
from huimin_flow.model.rulebook import (
    Calendar,
    Rulebook,
    rulebook_from_text,
    rulebook_text,
)
from huimin_flow.rules.core.due import Activation, deadline
from huimin_flow.rules.executing import pacing
from huimin_flow.rules.scoring import measuring
from huimin_flow.rules.services.follow_ups import answer_days
from huimin_flow.store.core import positions
from huimin_flow.store.scoring import months
from huimin_flow.testing import Desk
from tests.flow.executing.test_progress import assigned, told
from tests.flow.scoring.test_counting import measured
from tests.ratings import rating

#: Fifteen working days after 2 March 2026, a Monday.
DUE = date(2026, 3, 23)
RATED = at_hour(date(2026, 3, 2), 10)
BAD = RatingLevel.VERY_DISSATISFIED


def resealed(book: Rulebook) -> Rulebook:
    return rulebook_from_text(rulebook_text(book))


def allowing(book: Rulebook, days: int, percent: int = 100) -> Rulebook:
    """A rulebook that allows so many working days for an answer."""
    rule = book.services.follow_up
    assert rule is not None
    changed = replace(
        rule,
        answer_days=Figure(value=days, source="ours"),
        callback_percent=Figure(value=percent, source="ours"),
    )
    return resealed(replace(book, services=replace(book.services, follow_up=changed)))


def without(book: Rulebook, year: int, *off: date) -> Rulebook:
    """A rulebook in whose calendar these days of a year are off, too."""
    years = tuple(
        replace(one, days_off=one.days_off | {*off}) if one.year == year else one
        for one in book.calendar.years
    )
    return resealed(replace(book, calendar=Calendar(years=years)))


def activate(desk: Desk, book: Rulebook, day: date) -> None:
    desk.clock.set(at_hour(day, 9))
    desk.flow.rulebook.activate(book, by=desk.office, second=desk.second)


@pytest.fixture
def late(desk: Desk) -> Desk:
    """A bad rating of 2 March, answered on 25 March, two days late."""
    desk.clock.set(at_hour(date(2026, 3, 3), 9))
    desk.flow.ratings.add([rating(1, BAD, at=RATED, who="c1")], by=desk.office)
    desk.clock.set(at_hour(date(2026, 3, 25), 9))
    desk.flow.ratings.answer("T1", "已重办", by=desk.operator)
    return desk


def test_a_late_answer_stays_late_whatever_rulebook_follows(
    late: Desk, book: Rulebook
) -> None:
    assert late.flow.ratings.answer_rate("2026-03") == Share(part=0, whole=1)
    activate(late, allowing(book, 20), date(2026, 4, 10))
    assert late.flow.ratings.answer_rate("2026-03") == Share(part=0, whole=1)
    (unit,) = late.flow.ratings.follow_ups("2026-03")
    assert unit.answered_on_time == Share(part=0, whole=1)
    (unit,) = late.flow.ratings.service_year(2026).months["2026-03"]
    assert unit.answered_on_time == Share(part=0, whole=1)


def test_a_day_off_that_is_entered_afterwards_makes_no_answer_punctual(
    late: Desk, book: Rulebook
) -> None:
    off = [date(2026, 3, 16), date(2026, 3, 17)]
    activate(late, without(book, 2026, *off), date(2026, 4, 10))
    assert late.flow.ratings.answer_rate("2026-03") == Share(part=0, whole=1)


def test_a_published_score_does_not_take_the_late_answer_as_punctual_either(
    late: Desk, book: Rulebook
) -> None:
    counted = measured(allowing(book, 20), Measure.FOLLOW_UPS_ON_TIME)
    activate(late, counted, date(2026, 4, 2))
    late.collect()

    def read(connection: Connection) -> measuring.MonthFacts:
        cut = positions.last_position(connection)
        needed = measuring.facts_needed(counted)
        return months.month_facts(connection, "2026-03", cut, needed)

    found = measuring.readings(
        door_of(late.flow).read(read), counted, pacing.indicator_pace
    )
    reading = found["ours_0"]["500101"]
    assert (reading.numerator, reading.denominator) == (0, 1)


def test_an_overdue_answer_stays_overdue_whatever_rulebook_follows(
    desk: Desk, book: Rulebook
) -> None:
    desk.clock.set(at_hour(date(2026, 3, 3), 9))
    desk.flow.ratings.add([rating(1, BAD, at=RATED)], by=desk.office)
    activate(desk, allowing(book, 20), date(2026, 3, 26))
    (line,) = desk.flow.ratings.bad(overdue=True)
    assert line.due == DUE


@pytest.mark.parametrize(
    ("days", "activated", "due"),
    [
        (20, date(2026, 3, 20), date(2026, 3, 30)),  # still to come: moved
        (20, DUE, date(2026, 3, 30)),  # on its own day it has not passed
        (20, date(2026, 3, 24), DUE),
        (5, date(2026, 3, 20), date(2026, 3, 20)),  # never before the activation
        (5, date(2026, 3, 3), date(2026, 3, 9)),
    ],
)
def test_an_activation_moves_only_what_is_still_to_come(
    days: int, activated: date, due: date, book: Rulebook
) -> None:
    activations = [
        Activation(since=at_hour(date(2025, 1, 1), 9), book=book),
        Activation(since=at_hour(activated, 9), book=allowing(book, days)),
    ]
    assert deadline(date(2026, 3, 2), activations, answer_days) == due


def test_what_was_owed_before_the_first_rulebook_is_owed_by_it(book: Rulebook) -> None:
    activations = [Activation(since=at_hour(date(2026, 3, 10), 9), book=book)]
    assert deadline(date(2026, 3, 2), activations, answer_days) == DUE
    assert deadline(date(2026, 3, 2), activations, lambda _: None) is None


def test_a_year_that_only_a_later_rulebook_knows_is_reckoned_by_it(
    book: Rulebook,
) -> None:
    years = tuple(one for one in book.calendar.years if one.year < 2026)
    blind = Activation(
        since=at_hour(date(2025, 1, 1), 9),
        book=replace(book, calendar=Calendar(years=years)),
    )
    with pytest.raises(CalendarMissing):
        deadline(date(2026, 3, 2), [blind], answer_days)
    seeing = Activation(since=at_hour(date(2026, 4, 10), 9), book=allowing(book, 20))
    assert deadline(date(2026, 3, 2), [blind, seeing], answer_days) == DUE


def test_a_past_months_sheet_stands_by_the_rulebook_of_its_last_day(
    desk: Desk, book: Rulebook
) -> None:
    desk.clock.set(at_hour(date(2024, 1, 4), 9))
    number = assigned(desk, desk.bring(State.LISTED).number, "")
    desk.clock.set(at_hour(date(2024, 4, 3), 9))
    desk.flow.tasks.report([told(number, "2024-03", 1)], by=desk.operator)
    before = desk.flow.tasks.sheet("2024-03")
    assert before[0].pace is Pace.BEHIND
    part = book.scoring
    rule = replace(part.progress, tolerance_days=Figure(value=300, source="ours"))
    patient = resealed(replace(book, scoring=replace(part, progress=rule)))
    activate(desk, patient, date(2024, 4, 10))
    assert desk.flow.tasks.sheet("2024-03") == before
    assert desk.flow.tasks.sheet("2024-04")[0].pace is not Pace.BEHIND


def test_a_year_of_services_says_what_was_asked_of_bad_ratings_then(
    late: Desk, book: Rulebook
) -> None:
    activate(late, allowing(book, 20, percent=50), date(2027, 1, 10))
    rule = late.flow.ratings.service_year(2026).follow_up
    assert rule is not None
    assert (rule.answer_days.value, rule.callback_percent.value) == (15, 100)
    assert late.flow.rulebook.active(on=date(2026, 12, 31)).digest == book.digest
    assert late.flow.rulebook.active(on=date(2027, 1, 10)).digest != book.digest
    assert late.flow.rulebook.active(on=date(2001, 1, 1)).digest == book.digest
