"""What a month's data say: whenever it is asked, and never silence as zero."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import Measure, RatingLevel, State
from huimin_flow.clock import at_hour
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.core.rules import Figure
from huimin_flow.model.core.values import Share
from huimin_flow.model.rulebook import Rulebook, rulebook_from_text, rulebook_text
from huimin_flow.model.scoring.scores import Reading
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.rules.scoring.measuring import COUNTED
from huimin_flow.testing import Desk, rehearsal
from huimin_flow.timetable.ledger import tick
from tests.flow.scoring.test_scores import month_of_data, ratings
from tests.ratings import rating

UNIT = "500101"
BAD = RatingLevel.VERY_DISSATISFIED


def reading(desk: Desk, month: str, key: str, unit: str = UNIT) -> Reading | None:
    scores = desk.flow.scores.month(month)
    found = {one.unit: one for units in scores.groups.values() for one in units}
    return found[unit].readings.get(key)


def at(desk: Desk, year: int, month: int, day: int) -> None:
    desk.clock.set(at_hour(date(year, month, day), 9))
    tick(desk.flow, desk.clock.now())


def test_a_page_and_a_correction_after_closing_say_what_the_first_edition_said(
    desk: Desk,
) -> None:
    number = desk.bring(State.ASSIGNED).number
    canceled = desk.bring(State.ASSIGNED, "另一件").number
    month_of_data(desk, 10)
    at(desk, 2023, 11, 9)
    first = reading(desk, "2023-10", "implementation")
    page = [one.item for one in desk.flow.tasks.sheet("2023-10")]
    assert first is not None
    assert first.denominator == 2
    assert sorted(page) == sorted([number, canceled])
    desk.flow.items.cancel(canceled, "duplicate", by=desk.office, second=desk.second)
    desk.execute(number)
    desk.evaluate(number)
    at(desk, 2023, 12, 20)
    desk.adjust(number)
    desk.close(number)
    assert [one.item for one in desk.flow.tasks.sheet("2023-10")] == page
    desk.flow.scores.correct(
        "score/2023-10", "核对", by=desk.office, second=desk.second
    )
    assert reading(desk, "2023-10", "implementation") == first
    assert [one.item for one in desk.flow.tasks.sheet("2023-11")] == [number]
    assert desk.flow.tasks.sheet("2023-12") == ()
    assert door_of(desk.flow).read(verify).clean


def with_index(book: Rulebook, **changes: object) -> Rulebook:
    index = replace(book.scoring.index, **changes)  # type: ignore[arg-type]
    changed = replace(book, scoring=replace(book.scoring, index=index))
    return rulebook_from_text(rulebook_text(changed))


def measured(book: Rulebook, *measures: Measure) -> Rulebook:
    """A rulebook whose table is of these measures alone, under keys of its own."""
    like = book.scoring.index.indicators[0]
    rows = tuple(
        replace(
            like,
            key=f"ours_{n}",
            measure=one.value,
            weight=Figure(value=100 // len(measures), source="ours"),
        )
        for n, one in enumerate(measures)
    )
    return with_index(book, indicators=rows)


def rated(desk: Desk, unit: str, count: int = 60, bad: int = 0, day: int = 27) -> None:
    """Ratings of 2 October, which come in on a later day."""
    desk.clock.set(at_hour(date(2023, 10, day), 10))
    desk.flow.ratings.add(list(ratings(10, unit, count, bad)), by=desk.office)


def voice(unit: str, channel: str, k: int = 1) -> Appeal:
    return Appeal(
        key=f"{unit}-{channel}-{k}", channel=channel, who=f"p{k}", district=unit,
        at=at_hour(date(2023, 10, 20), 10), text="办事难",
    )  # fmt: skip


def test_complaints_nobody_reported_are_missing_and_never_zero(desk: Desk) -> None:
    rated(desk, UNIT, 400)
    at(desk, 2023, 11, 9)
    assert reading(desk, "2023-10", "complaint_rate") is None
    assert reading(desk, "2023-10", "satisfaction") is not None
    desk.flow.appeals.add_all([voice("500102", "hotline_12333")], by=desk.office)
    kept = desk.flow.appeals.add_all([voice("500103", "hotline_12333")], by=desk.office)
    desk.flow.scores.correct(
        "score/2023-10", "补报", by=desk.office, second=desk.second
    )
    found = reading(desk, "2023-10", "complaint_rate")
    assert found is not None
    assert (found.numerator, found.denominator) == (0, 400)
    # Zero rests on the batches that told of others.
    told = f"batch/{kept.batch - 1}、batch/{kept.batch}"
    assert found.numerator_source == told


def test_a_voice_is_a_complaint_only_where_the_rulebook_says_so(
    book: Rulebook,
) -> None:
    voices = [
        voice(UNIT, "proposals"),
        voice(UNIT, "consultation"),
        voice(UNIT, "letters_visits"),
    ]
    stored = with_index(book, complaints=None)
    for chosen, count in ((book, 1), (stored, 3)):
        with rehearsal(book=chosen) as desk:
            rated(desk, UNIT)
            desk.flow.appeals.add_all(voices, by=desk.office)
            at(desk, 2023, 11, 9)
            found = reading(desk, "2023-10", "complaint_rate")
            assert found is not None
            assert found.numerator == count


def test_units_without_residents_have_a_complaint_rate_too(desk: Desk) -> None:
    rated(desk, "DIV-JYC")
    rated(desk, UNIT)
    said = [voice("DIV-JYC", "hotline_12333"), voice("DIV-JYC", "hotline_12333", 2)]
    desk.flow.appeals.add_all(said, by=desk.office)
    at(desk, 2023, 11, 9)
    found = reading(desk, "2023-10", "complaint_rate", "DIV-JYC")
    assert found is not None
    assert (found.numerator, found.denominator) == (2, 60)
    assert reading(desk, "2023-10", "caseload", "DIV-JYC") is None
    # Of districts nobody spoke.
    assert reading(desk, "2023-10", "complaint_rate") is None


def test_every_measure_can_be_counted_and_is_named_by_any_key(book: Rulebook) -> None:
    assert set(COUNTED) == set(Measure)
    chosen = measured(book, Measure.TASKS_ON_TIME, Measure.FOLLOW_UPS_ON_TIME)
    with rehearsal(book=chosen) as desk:
        number = desk.bring(State.ASSIGNED).number
        late = desk.bring(State.LISTED).number
        plan = desk.plan()
        (task,) = plan.tasks
        desk.assign(late, replace(plan, tasks=(replace(task, due=desk.today()),)))
        rated(desk, UNIT, 60, 3, day=12)
        desk.flow.ratings.answer("10-500101-0", "已改进", by=desk.operator)
        desk.execute(number)
        at(desk, 2023, 11, 9)
        tasks = reading(desk, "2023-10", "ours_0")
        assert tasks is not None
        assert (tasks.numerator, tasks.denominator) == (1, 2)
        assert tasks.source == f"item/{number}、item/{late}"
        answers = reading(desk, "2023-10", "ours_1")
        assert answers is not None
        # Two more were owed and overdue at the month's end.
        assert (answers.numerator, answers.denominator) == (1, 3)
        assert answers.source.startswith("followup/10-500101-0、followup/10-500101-1")
        at(desk, 2023, 12, 8)
        answers = reading(desk, "2023-11", "ours_1")
        assert answers is not None
        assert (answers.numerator, answers.denominator) == (0, 2)
        assert door_of(desk.flow).read(verify).clean


def test_the_answers_to_a_months_bad_ratings_are_told_beside_those_overdue(
    desk: Desk,
) -> None:
    rated(desk, UNIT, 60, 4, day=12)
    for k in range(3):
        desk.flow.ratings.answer(f"10-{UNIT}-{k}", "已改进", by=desk.operator)
    assert desk.flow.ratings.answer_rate("2023-10") == Share(part=3, whole=3)
    desk.clock.set(at_hour(date(2023, 12, 1), 10))
    assert desk.flow.ratings.answer_rate("2023-10", unit=UNIT) == Share(part=3, whole=4)
    desk.flow.ratings.answer(f"10-{UNIT}-3", "已改进", by=desk.operator)
    assert desk.flow.ratings.answer_rate("2023-10") == Share(part=3, whole=4)
    assert desk.flow.ratings.answer_rate("2023-10", unit="500102") == Share(
        part=0, whole=0
    )
    with pytest.raises(InputRefused, match="NOPE"):
        desk.flow.ratings.answer_rate("2023-10", unit="NOPE")


def test_a_past_month_is_held_against_the_plan_of_its_time(desk: Desk) -> None:
    number = desk.bring(State.ASSIGNED).number
    desk.clock.set(at_hour(date(2023, 12, 20), 9))
    november = desk.flow.tasks.sheet("2023-11")
    desk.flow.items.return_(number, "plan_unworkable", by=desk.operator)
    assert desk.flow.tasks.sheet("2023-12") == ()
    plan = desk.plan()
    (task,) = plan.tasks
    desk.clock.set(at_hour(date(2024, 1, 10), 9))
    other = replace(plan, tasks=(replace(task, title="另一方案"),))
    desk.flow.items.assign(number, other, by=desk.operator)
    assert desk.flow.tasks.sheet("2023-11") == november
    (line,) = desk.flow.tasks.sheet("2024-01")
    assert line.task_title == "另一方案"


def test_each_unit_has_a_call_back_rate_of_its_own(desk: Desk) -> None:
    other = [rating(k, BAD, unit="500102", window="", person="") for k in (8, 9)]
    bad = [rating(k, BAD, who=f"c{k}" if k else "") for k in range(3)]
    desk.flow.ratings.add([*bad, *other], by=desk.office)
    desk.flow.ratings.answer("T1", "好", by=desk.operator, called_back_on=desk.today())
    first, second = desk.flow.ratings.follow_ups("2023-09")
    assert (first.unit, second.unit) == ("500101", "500102")
    for one in (first, second):
        mine = one.unit
        assert one.called_back == desk.flow.ratings.callback_rate("2023-09", unit=mine)
        assert one.answered_on_time == desk.flow.ratings.answer_rate(
            "2023-09", unit=mine
        )
    assert (first.called_back.part, first.called_back.whole) == (1, 2)
    assert (first.bad, second.bad) == (3, 2)
    whole = desk.flow.ratings.callback_rate("2023-09").whole
    assert whole == first.called_back.whole + second.called_back.whole
    assert desk.flow.ratings.follow_ups("2023-08") == ()


def test_months_the_wrong_way_round_are_refused_and_not_all_missing(
    desk: Desk,
) -> None:
    with pytest.raises(InputRefused, match="2023-10晚于截止月2023-09"):
        desk.flow.ratings.coverage("2023-10", "2023-09")
