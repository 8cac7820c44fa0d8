"""The December freeze: on time, late, twice, with config edited meanwhile (B5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from huimin_flow.catalogue.terms import Area, State
from huimin_flow.clock import RehearsalClock, at_hour
from huimin_flow.errors import CalendarMissing
from huimin_flow.flow import Flow
from huimin_flow.model.core.rules import Figure
from huimin_flow.model.deciding.lists import Edition
from huimin_flow.model.rulebook import Rulebook, rulebook_from_text, rulebook_text
from huimin_flow.rules.core.due import outlook
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import pending, runs, tick

LATE = [date(2023, 12, 16), date(2023, 12, 31), date(2024, 1, 20)]


def prepared(desk: Desk) -> None:
    for title, level in (("甲", 95), ("乙", 80), ("丙", 60), ("丁", 45)):
        item = desk.collect(title)
        desk.link_appeals(item.number)
        desk.screen(item.number)
        desk.judge(item.number)
        desk.star(item.number, level)


def frozen_at(desk: Desk, moment: datetime) -> Edition:
    desk.clock.set(moment)
    tick(desk.flow, desk.clock.now())
    return desk.consolidate(2024)


@pytest.fixture
def on_time(book: Rulebook, tmp_path: Path) -> Iterator[Edition]:
    clock = RehearsalClock(datetime(2023, 10, 9, 2, tzinfo=UTC), seed=7)
    url = f"sqlite:///{tmp_path / 'on-time.db'}"
    with Flow.found(url, book, rehearsal=True, clock=clock) as flow:
        desk = Desk(flow, clock)
        prepared(desk)
        yield frozen_at(desk, at_hour(date(2023, 12, 15), 18))


@pytest.mark.parametrize("day", LATE)
def test_a_late_service_freezes_the_list_of_the_cutoff(
    day: date, desk: Desk, on_time: Edition, book: Rulebook
) -> None:
    prepared(desk)
    desk.clock.set(at_hour(date(2023, 12, 15), 19))
    late_comer = desk.bring(State.STARRED, "迟到的事项")
    selection = replace(
        book.rules.selection, quota_per_unit=Figure(value=1, source="ours")
    )
    edited = replace(book, rules=replace(book.rules, selection=selection))
    edited = rulebook_from_text(rulebook_text(edited))
    desk.flow.rulebook.activate(edited, by=desk.office, second=desk.second)
    late = frozen_at(desk, at_hour(day, 9))
    assert late.places == on_time.places
    assert late.left_out == on_time.left_out
    assert late_comer.number not in {place.item for place in late.places}
    run = next(one for one in runs(desk.flow) if one.job == "listing")
    assert run.late_seconds == int(
        (at_hour(day, 9) - at_hour(date(2023, 12, 15), 18)).total_seconds()
    )
    assert run.rulebook == book.digest


def test_each_period_runs_once_however_often_it_ticks(desk: Desk) -> None:
    prepared(desk)
    frozen_at(desk, at_hour(date(2023, 12, 20), 9))
    assert tick(desk.flow, desk.clock.now()) == []
    keys = [(one.job, one.period) for one in runs(desk.flow)]
    assert len(keys) == len(set(keys))
    assert sum(job == "listing" for job, _ in keys) == 1


def test_nothing_is_due_before_its_hour(desk: Desk) -> None:
    before = at_hour(date(2023, 12, 15), 17)
    assert "listing" not in {one.job for one in pending(desk.flow, before)}


def test_an_item_that_moved_on_after_the_cutoff_stays_on_the_list_unmoved(
    desk: Desk,
) -> None:
    prepared(desk)
    desk.clock.set(at_hour(date(2023, 12, 16), 9))
    first = desk.flow.items.list(State.STARRED)[0]

    desk.flow.items.defer(first.number, "not_this_period", by=desk.office)
    city = frozen_at(desk, at_hour(date(2023, 12, 18), 9))
    own = desk.flow.lists.get("list/2024/500101")
    assert first.number in {place.item for place in own.places}
    assert own.unmoved == (first.number,)
    # It takes no place on the city's list, which comes about after it moved.
    assert [out.item for out in city.left_out] == [first.number]


def test_an_item_that_was_amended_after_the_cutoff_counts_in_its_former_area(
    desk: Desk,
) -> None:
    prepared(desk)
    desk.clock.set(at_hour(date(2023, 12, 16), 9))
    number = desk.flow.items.list(State.STARRED)[0].number
    desk.flow.items.amend(number, {"area": Area.TALENT.value}, by=desk.office)
    city = frozen_at(desk, at_hour(date(2023, 12, 18), 9))
    areas = {place.item: place.area for place in city.places}
    assert areas[number] is Area.EMPLOYMENT
    assert desk.flow.items.get(number).area is Area.TALENT


def test_the_cutoff_rolls_back_from_a_weekend_but_stays_in_mid_december(
    book: Rulebook,
) -> None:
    days = [
        due.at.astimezone(UTC).date()
        for due in outlook(
            book, datetime(2022, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)
        ).due
        if due.job == "listing"
    ]
    assert [day.isoformat() for day in days] == [
        "2022-12-15", "2023-12-15", "2024-12-13", "2025-12-15", "2026-12-15",
    ]  # fmt: skip


def test_a_year_without_calendar_is_said_not_guessed(book: Rulebook) -> None:
    begun, ended = datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC)
    assert "2027" in str(outlook(book, begun, ended).missing)


def test_a_killed_job_leaves_nothing_and_runs_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared(desk)
    desk.clock.set(at_hour(date(2023, 12, 15), 18))

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("huimin_flow.flow.deciding.freezing.keep_edition", dies)
    with pytest.raises(KeyboardInterrupt):
        tick(desk.flow, desk.clock.now())
    assert "listing" not in {one.job for one in runs(desk.flow)}
    assert len(desk.flow.items.list(State.STARRED)) == 4
    monkeypatch.undo()
    tick(desk.flow, desk.clock.now())
    assert len(desk.flow.lists.get("list/2024/500101").places) == 3


def test_a_missing_calendar_keeps_back_no_other_deadline(
    file_url: str, book: Rulebook
) -> None:
    clock = RehearsalClock(datetime(2026, 12, 1, 2, tzinfo=UTC), seed=7)
    with Flow.found(file_url, book, rehearsal=True, clock=clock) as flow:
        clock.set(datetime(2027, 12, 20, 2, tzinfo=UTC))
        with pytest.raises(CalendarMissing, match="2027"):
            tick(flow, clock.now())
        assert ("listing", "2027") in {(one.job, one.period) for one in runs(flow)}
        assert flow.lists.get("list/2027/500101").period == "2027"
