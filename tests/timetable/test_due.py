"""A period falls due by the rulebook of that moment; no later one moves it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.clock import at_hour
from huimin_flow.model.rulebook import Calendar, Rulebook, Slot
from huimin_flow.rules.core.due import Activation, Due, agenda, outlook
from huimin_flow.settings import load_rulebook
from tests.conftest import CONFIG

BOOK = load_rulebook(CONFIG)
FOUNDED = datetime(2023, 3, 6, 2, tzinfo=UTC)
LAST = datetime(2024, 6, 20, 2, tzinfo=UTC)


def slot(book: Rulebook, job: str) -> Slot:
    return next(one for one in book.timetable if one.job == job)


def moved(job: str, **changes: object) -> Rulebook:
    """The shipped rulebook with one slot changed."""
    slots = tuple(
        replace(one, **changes) if one.job == job else one  # type: ignore[arg-type]
        for one in BOOK.timetable
    )
    return replace(BOOK, timetable=slots)


def due_of(
    activations: list[Activation], job: str, period: str, last: datetime = LAST
) -> Due:
    return next(
        one
        for one in agenda(activations, last).due
        if (one.job, one.period) == (job, period)
    )


def test_an_activation_moves_no_deadline_that_has_passed() -> None:
    later = Activation(
        since=at_hour(date(2023, 12, 20), 9), book=moved("listing", day=12)
    )
    activations = [Activation(since=FOUNDED, book=BOOK), later]
    assert due_of(activations, "listing", "2024").at == at_hour(date(2023, 12, 15), 18)


def test_a_deadline_still_to_come_is_moved_by_an_activation() -> None:
    sooner = Activation(
        since=at_hour(date(2023, 12, 1), 9), book=moved("listing", day=12)
    )
    activations = [Activation(since=FOUNDED, book=BOOK), sooner]
    assert due_of(activations, "listing", "2024").at == at_hour(date(2023, 12, 12), 18)


def test_a_deadline_that_an_activation_puts_before_itself_falls_due_with_it() -> None:
    moment = at_hour(date(2023, 12, 14), 9)
    activations = [
        Activation(since=FOUNDED, book=BOOK),
        Activation(since=moment, book=moved("listing", day=12)),
    ]
    assert due_of(activations, "listing", "2024").at == moment


def test_what_fell_due_before_its_year_had_a_calendar_is_reckoned_once_it_has() -> None:
    known = Calendar(years=tuple(y for y in BOOK.calendar.years if y.year < 2024))
    blind = Activation(since=FOUNDED, book=replace(BOOK, calendar=known))
    assert agenda([blind], LAST).missing is not None
    activations = [blind, Activation(since=at_hour(date(2024, 1, 20), 9), book=BOOK)]
    assert agenda(activations, LAST).missing is None
    assert due_of(activations, "monthly_score", "2023-12").at == at_hour(
        date(2024, 1, 8), 18
    )


BOOKS = st.builds(
    lambda day, nth, hour: replace(
        BOOK,
        timetable=(
            replace(slot(BOOK, "listing"), day=day, hour=hour),
            replace(slot(BOOK, "monthly_score"), working_day=nth, hour=hour),
            replace(slot(BOOK, "quarterly_ranking"), working_day=nth, hour=hour),
        ),
    ),
    st.integers(11, 20),
    st.integers(1, 15),
    st.integers(0, 23),
)
#: Whole hours, so that activations often fall upon a deadline itself.
MOMENTS = st.lists(
    st.integers(1, int((LAST - FOUNDED).total_seconds() // 3600)),
    max_size=6,
    unique=True,
).map(sorted)


def activations_of(hours: list[int], books: list[Rulebook]) -> list[Activation]:
    since = [0, *hours]
    return [
        Activation(since=FOUNDED + timedelta(hours=one), book=book)
        for one, book in zip(since, books, strict=False)
    ]


@given(MOMENTS, st.lists(BOOKS, min_size=7, max_size=7))
def test_nothing_falls_due_twice_and_nothing_is_lost_at_the_seams(
    hours: list[int], books: list[Rulebook]
) -> None:
    activations = activations_of(hours, books)
    found = agenda(activations, LAST).due
    keys = [(one.job, one.period) for one in found]
    assert len(keys) == len(set(keys))
    spans = [outlook(one.book, FOUNDED, LAST).due for one in activations]
    always = set.intersection(*({(d.job, d.period) for d in span} for span in spans))
    assert always <= set(keys)
    seams = {one.since for one in activations[1:]}
    for due in found:
        ruling = [one for one in activations if one.since <= due.at][-1]
        own = outlook(ruling.book, due.at - timedelta(days=1), due.at).due
        assert due in own or due.at in seams


@given(
    MOMENTS,
    st.lists(BOOKS, min_size=7, max_size=7),
    st.integers(0, int((LAST - FOUNDED).total_seconds() // 3600)),
)
def test_what_had_fallen_due_at_a_moment_stays_as_it_was(
    hours: list[int], books: list[Rulebook], asked: int
) -> None:
    activations = activations_of(hours, books)
    moment = FOUNDED + timedelta(hours=asked)
    then = agenda([one for one in activations if one.since <= moment], moment).due
    since = [one for one in agenda(activations, LAST).due if one.at <= moment]
    assert sorted(then, key=str) == sorted(since, key=str)


@pytest.mark.parametrize("hour", [0, 18, 23])
def test_the_rulebook_of_the_founding_alone_gives_what_its_slots_say(hour: int) -> None:
    book = moved("monthly_score", hour=hour)
    activations = [Activation(since=FOUNDED, book=book)]
    assert agenda(activations, LAST).due == outlook(book, FOUNDED, LAST).due
