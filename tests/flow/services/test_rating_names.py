"""Ratings by the names that officials use, and what the rulebook asks of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from huimin_flow.catalogue.terms import RatingLevel
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.testing import Desk
from tests.ratings import rating

BAD = RatingLevel.VERY_DISSATISFIED


def test_an_item_may_be_named_as_officials_name_it(desk: Desk) -> None:
    named = rating(1, item="一次性创业补助")
    assert desk.flow.add_ratings([named], by=desk.office).kept == 1
    assert [one.of for one in desk.flow.ratings_by("item", "2023-09")] == [
        ("startup_grant",)
    ]
    assert desk.flow.add_ratings([rating(1)], by=desk.office).known == 1


def test_the_share_that_must_be_called_back_is_the_rulebooks(desk: Desk) -> None:
    book = desk.flow.rulebook()
    assert book.services.follow_up is not None
    half = replace(
        book.services.follow_up,
        callback_percent=replace(book.services.follow_up.callback_percent, value=50),
    )
    asked = replace(book, services=replace(book.services, follow_up=half))
    desk.flow.activate(asked, by=desk.office, second=desk.second)
    bad = [rating(k, BAD, who=f"c{k}") for k in range(1, 4)]
    desk.flow.add_ratings(bad, by=desk.office)
    for number in ("T1", "T2", "T3"):
        called = desk.today() if number == "T1" else None
        desk.flow.answer_rating(number, "好", by=desk.office, called_back_on=called)
    with pytest.raises(StepRefused, match="尚未回访"):
        desk.flow.verify_answer("T2", "属实", accept=True, by=desk.second)
    for number in ("T1", "T2"):
        desk.flow.verify_answer(number, "属实", accept=True, by=desk.second)
    with pytest.raises(StepRefused, match="尚未回访"):
        desk.flow.verify_answer("T3", "属实", accept=True, by=desk.second)


def test_a_unit_that_never_was_is_refused(desk: Desk) -> None:
    for asked in (
        lambda: desk.flow.bad_ratings(unit="NOPE"),
        lambda: desk.flow.callback_rate("2023-09", unit="NOPE"),
        lambda: desk.flow.service_items(unit="NOPE"),
        lambda: desk.flow.progress_sheet("2023-09", unit="NOPE"),
        lambda: desk.flow.progress_owing("2023-09", unit="NOPE"),
    ):
        with pytest.raises(InputRefused, match="没有代码或名称为“NOPE”的单位"):
            asked()
