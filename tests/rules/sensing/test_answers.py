from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.terms import AnswerState, AnswerStep
from huimin_flow.errors import CalendarMissing
from huimin_flow.model.core.rules import Figure
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.sensing.answers import AnswerAct, Answering, AnswerRound
from huimin_flow.rules.core.due import Activation, works_on
from huimin_flow.rules.sensing import answers as rules

FOUNDED = datetime(2023, 1, 3, tzinfo=UTC)
DAYS = st.dates(date(2023, 1, 4), date(2026, 10, 1))
STEPS = st.lists(
    st.tuples(
        st.sampled_from(AnswerStep), st.integers(0, 40), st.sampled_from(("a", "b"))
    ),
    max_size=8,
)


def start(day: date) -> Answering:
    at = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
    return Answering(
        channel="hotline_12333", key="A-1", at=at, district="500101", town="",
        unit="500101", state=AnswerState.RECEIVED, since=day,
    )  # fmt: skip


def acts_of(
    day: date, steps: list[tuple[AnswerStep, int, str]]
) -> tuple[AnswerAct, ...]:
    at, acts = start(day).at, []
    for n, (step, later, unit) in enumerate(steps, 1):
        at += timedelta(days=later)
        days = 10 if step is AnswerStep.EXTEND else None
        acts.append(AnswerAct(n=n, step=step, unit=unit, at=at, batch=n, days=days))
    return tuple(acts)


def test_a_deadline_counts_the_channels_working_days(book: Rulebook) -> None:
    due = rules.answers_due((Activation(since=FOUNDED, book=book),))
    # The hotline has 5 working days; the National Day holidays of 2023 ended on
    # 6 October, and 7 and 8 October were worked.
    assert due(date(2023, 9, 27), "hotline_12333", 0) == date(2023, 10, 10)
    assert due(date(2023, 9, 27), "hotline_12333", 2) == date(2023, 10, 12)
    assert due(date(2023, 9, 27), "no such channel", 0) is None
    with pytest.raises(CalendarMissing):
        due(date(2026, 12, 30), "hotline_12333", 0)


def test_a_later_rulebook_moves_no_deadline_that_has_passed(book: Rulebook) -> None:
    intake = tuple(
        replace(each, days=Figure(value=60, source="ours"))
        for each in book.channels.intake
    )
    slower = replace(book, channels=replace(book.channels, intake=intake))
    later = Activation(since=datetime(2023, 11, 1, tzinfo=UTC), book=slower)
    due = rules.answers_due((Activation(since=FOUNDED, book=book), later))
    assert due(date(2023, 9, 27), "hotline_12333", 0) == date(2023, 10, 10)
    slow = due(date(2023, 10, 30), "hotline_12333", 0)
    assert slow is not None
    assert slow > date(2024, 1, 1)


@given(DAYS, STEPS)
def test_an_answers_rounds_are_those_of_its_steps(
    day: date, steps: list[tuple[AnswerStep, int, str]]
) -> None:
    acts = acts_of(day, steps)
    now, known = rules.followed(start(day), acts), list(rules.rounds(start(day), acts))
    opened = [each for each in known if each.answered is None and not each.given]
    assert len(opened) == (now.state is AnswerState.RECEIVED)
    assert all(a.answered is None or a.answered >= a.since for a in known)
    assert [a.since for a in known] == sorted(a.since for a in known)
    if opened:
        assert (opened[0].since, opened[0].extended) == (now.since, now.extended)
    assert now.version == len(acts)


def test_a_reopened_answer_counts_anew_and_a_transfer_before_does_not() -> None:
    step = AnswerStep
    moved = acts_of(date(2023, 9, 1), [(step.TRANSFER, 3, "b"), (step.ANSWER, 1, "b")])
    _, first, *_ = rules.rounds(start(date(2023, 9, 1)), moved)
    assert (first.since, first.answered, first.unit) == (
        date(2023, 9, 1), date(2023, 9, 5), "b",
    )  # fmt: skip
    again = acts_of(
        date(2023, 9, 1),
        [(step.ANSWER, 1, "a"), (step.INFORM, 1, "a"), (step.REOPEN, 5, "a")],
    )
    done, waiting = rules.rounds(start(date(2023, 9, 1)), again)
    assert (done.answered, waiting.since, waiting.answered) == (
        date(2023, 9, 2), date(2023, 9, 8), None,
    )  # fmt: skip


ROUNDS = st.lists(
    st.builds(
        lambda since, took: AnswerRound(
            since=since,
            unit="a",
            answered=None if took is None else since + timedelta(days=took),
        ),
        st.dates(date(2023, 9, 1), date(2023, 9, 30)),
        st.none() | st.integers(0, 60),
    ),
    max_size=30,
)


@given(answers=ROUNDS)
def test_the_rate_counts_what_is_open_and_overdue(
    book: Rulebook, answers: list[AnswerRound]
) -> None:
    due = rules.answers_due((Activation(since=FOUNDED, book=book),))
    days, today = rules.WorkingDays(book.calendar), date(2023, 12, 1)
    many = Counter(answers)
    told = rules.rate("a", "hotline_12333", many, due=due, days=days, today=today)
    share = told.in_time_share
    assert 0 <= share.part <= share.whole <= told.received
    assert told.received == told.answered + told.open
    assert told.overdue == told.open  # whatever came in September was due by then
    calendar = book.calendar.year(2023)
    assert calendar is not None
    spans = sorted(
        sum(
            works_on(a.since + timedelta(days=n), calendar)
            for n in range(1, (a.answered - a.since).days + 1)
        )
        for a in answers
        if a.answered is not None
    )
    assert told.measured == len(spans)
    for percent, value in ((50, told.median), (90, told.ninetieth)):
        assert (value is None) is (not spans)
        if value is not None:
            below, within = (
                sum(span < value for span in spans),
                sum(span <= value for span in spans),
            )
            assert below * 100 < percent * len(spans) <= within * 100
    late = 0
    for a in answers:
        limit = due(a.since, "hotline_12333", 0)
        assert limit is not None
        late += a.answered is None or a.answered > limit
    assert share.whole - share.part == late


def test_a_span_over_a_year_without_a_calendar_is_not_guessed(book: Rulebook) -> None:
    days = rules.WorkingDays(book.calendar)
    assert days.between(date(2023, 9, 28), date(2023, 10, 9)) == 3
    assert days.between(date(2021, 12, 1), date(2022, 1, 10)) is None


def test_who_answers_is_the_later_of_a_transfer_and_an_item(book: Rulebook) -> None:
    organization, day = book.organization, date(2023, 10, 9)
    given_to = acts_of(day, [(AnswerStep.TRANSFER, 0, "AG-SBJ")])

    def who(
        *places: str, item: tuple[str, int] | None = None, given: bool = False
    ) -> str:
        return rules.answerer(
            places, item, given_to if given else (), organization, day
        )

    assert who("", "500101") == "500101"
    assert who("五桥街道", "某地") == organization.office
    assert who("500101", item=("DIV-JYC", 5)) == "DIV-JYC"
    assert who("500101", given=True) == "AG-SBJ"
    assert who("500101", item=("DIV-JYC", 5), given=True) == "DIV-JYC"
    assert who("500101", item=("DIV-JYC", 0), given=True) == "AG-SBJ"
    assert (
        rules.answerer(("500105",), None, (), organization, date(2026, 3, 2))
        == "500157"
    )
