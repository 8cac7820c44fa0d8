"""A year's page of services: names that tell, odd years, a rulebook without it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from huimin_flow.catalogue.terms import RatingLevel
from huimin_flow.errors import InputRefused
from huimin_flow.model.core.values import Share
from huimin_flow.model.services.catalogue import Services
from huimin_flow.model.services.ratings import UnitFollowUps
from huimin_flow.reports.pages import services_page
from huimin_flow.reports.services.catalogue import service_page
from huimin_flow.shell.pages import made
from huimin_flow.testing import Desk
from tests.ratings import rating

NONE = Share(part=0, whole=0)


def test_a_zone_and_the_district_of_its_name_are_told_apart_in_one_year(
    desk: Desk,
) -> None:
    book = desk.flow.rulebook.active()
    found = desk.flow.ratings.service_year(2025)
    both = tuple(
        UnitFollowUps(unit=unit, called_back=NONE, answered_on_time=NONE, bad=1)
        for unit in ("500157", "FA-LJXQ")
    )

    def units(*lines: UnitFollowUps) -> list[str]:
        page = service_page(replace(found, months={"2025-11": lines}), book)
        return [one.unit for one in page.tables[0].lines]

    first, second, total = units(*both)
    assert first != second
    assert all(one.startswith("两江新区(") for one in (first, second))
    assert units(both[0]) == ["两江新区", "合计"] == [units(both[1])[0], total]


@pytest.mark.parametrize("said", ["23", "2023-01", "二〇二三", "\uff12023", "1023", ""])
def test_a_year_that_is_none_is_refused_and_nothing_written(
    said: str, desk: Desk, tmp_path: Path
) -> None:
    with pytest.raises(InputRefused, match="年份"):
        made(desk.flow, services_page, said, tmp_path)
    assert not list(tmp_path.glob("*.html"))


def test_a_year_without_ratings_is_a_page_that_says_so(
    desk: Desk, tmp_path: Path
) -> None:
    text = made(desk.flow, services_page, "2022", tmp_path).read_text("utf-8")
    assert "2022年没有评价。" in text
    assert "126格缺评价" in text


def test_a_catalogue_without_items_is_a_page_whose_ratings_are_shown(
    desk: Desk,
) -> None:
    bad = rating(1, RatingLevel.DISSATISFIED, who="c1")
    desk.flow.ratings.add([bad], by=desk.office)
    book = desk.flow.rulebook.active()
    page = service_page(
        replace(desk.flow.ratings.service_year(2023), items=(), savings=()),
        replace(book, services=Services(follow_up=book.services.follow_up)),
    )
    assert page.items == ()
    assert [one.unit for one in page.tables[0].lines] == ["万州区", "合计"]
    assert "startup_grant" in [one.item for one in page.coverage]
