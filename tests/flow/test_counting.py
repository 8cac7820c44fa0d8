"""What a month's data say: whenever it is asked, and never silence as zero."""

from __future__ import annotations

from datetime import date

from huimin_flow.audit.verify import verify
from huimin_flow.clock import at_hour
from huimin_flow.model.score import Reading
from huimin_flow.terms import State
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import tick
from tests.flow.test_scoring import month_of_data

UNIT = "500101"


def reading(desk: Desk, month: str, key: str, unit: str = UNIT) -> Reading | None:
    scores = desk.flow.monthly_score(month)
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
    page = [one.item for one in desk.flow.progress_sheet("2023-10")]
    assert first is not None
    assert first.denominator == 2
    assert sorted(page) == sorted([number, canceled])
    desk.flow.cancel(canceled, "duplicate", by=desk.office, second=desk.second)
    desk.execute(number)
    at(desk, 2023, 12, 20)
    desk.evaluate(number)
    desk.adjust(number)
    desk.close(number)
    assert [one.item for one in desk.flow.progress_sheet("2023-10")] == page
    desk.flow.correct_score("2023-10", "核对", by=desk.office, second=desk.second)
    assert reading(desk, "2023-10", "implementation") == first
    assert [one.item for one in desk.flow.progress_sheet("2023-11")] == [number]
    assert desk.flow.progress_sheet("2023-12") == ()
    assert desk.flow.read(verify).clean
