"""The rulebook that config/ proposes: its text, calendar, units and sources."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest

from huimin_flow.model.rulebook import Rulebook, rulebook_from_text, rulebook_text
from huimin_flow.rules.core.due import rolled


def test_the_rulebooks_text_gives_the_same_rulebook(book: Rulebook) -> None:
    assert rulebook_from_text(rulebook_text(book)) == book


@pytest.mark.parametrize("year", range(2022, 2027))
def test_the_calendar_is_that_of_the_notices(book: Rulebook, year: int) -> None:
    day = date(year, 1, 1)
    while day.year == year:
        works = rolled(day, "forward", book.calendar) == day
        assert works == chinese_calendar.is_workday(day)
        day += timedelta(days=1)


def test_mid_december_ends_on_a_known_working_day(book: Rulebook) -> None:
    last = [
        rolled(date(year, 12, 20), "back", book.calendar) for year in range(2022, 2027)
    ]
    assert [one.day for one in last] == [20, 20, 20, 19, 18]


def test_the_districts_change_on_their_day(book: Rulebook) -> None:
    organization = book.organization
    assert organization.unit("500112", date(2025, 11, 5)) is not None
    assert organization.unit("500112", date(2025, 11, 6)) is None
    assert organization.unit("500157", date(2025, 11, 6)) is not None
    zone = organization.unit("FA-GXQ", date(2024, 1, 1))
    assert zone is not None
    assert len(zone.bodies) == 2


def test_every_service_item_says_where_it_comes_from(book: Rulebook) -> None:
    services = book.services
    assert all(one.source for one in services.items)
    assert all(one.source for one in services.windows)
    assert all(one.source for one in services.reach.values())
    counted = [one for one in services.items if one.before is not None]
    assert {one.figures_source for one in counted} == {"ours"}
