"""Ratings by the names that officials use, and what the rulebook asks of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from huimin_flow.catalogue.terms import RatingLevel
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.services.admission import Admission
from huimin_flow.model.core.events import Reason
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.services.ratings import RatingRow
from huimin_flow.testing import Desk
from tests.ratings import BEGUN, rating

BAD = RatingLevel.VERY_DISSATISFIED


def test_an_item_may_be_named_as_officials_name_it(desk: Desk) -> None:
    named = rating(1, item="一次性创业补助")
    assert desk.flow.ratings.add([named], by=desk.office).kept == 1
    assert [one.of for one in desk.flow.ratings.by("item", "2023-09")] == [
        ("startup_grant",)
    ]
    assert desk.flow.ratings.add([rating(1)], by=desk.office).known == 1


def test_the_share_that_must_be_called_back_is_the_rulebooks(desk: Desk) -> None:
    book = desk.flow.rulebook.active()
    assert book.services.follow_up is not None
    half = replace(
        book.services.follow_up,
        callback_percent=replace(book.services.follow_up.callback_percent, value=50),
    )
    asked = replace(book, services=replace(book.services, follow_up=half))
    desk.flow.rulebook.activate(asked, by=desk.office, second=desk.second)
    bad = [rating(k, BAD, who=f"c{k}") for k in range(1, 4)]
    desk.flow.ratings.add(bad, by=desk.office)
    for number in ("T1", "T2", "T3"):
        called = desk.today() if number == "T1" else None
        desk.flow.ratings.answer(number, "好", by=desk.office, called_back_on=called)
    with pytest.raises(StepRefused, match="尚未回访"):
        desk.flow.ratings.verify("T2", "属实", accept=True, by=desk.second)
    for number in ("T1", "T2"):
        desk.flow.ratings.verify(number, "属实", accept=True, by=desk.second)
    with pytest.raises(StepRefused, match="尚未回访"):
        desk.flow.ratings.verify("T3", "属实", accept=True, by=desk.second)


def test_a_unit_that_never_was_is_refused(desk: Desk) -> None:
    for asked in (
        lambda: desk.flow.ratings.bad(unit="NOPE"),
        lambda: desk.flow.ratings.callback_rate("2023-09", unit="NOPE"),
        lambda: desk.flow.ratings.service_items(unit="NOPE"),
        lambda: desk.flow.tasks.sheet("2023-09", unit="NOPE"),
        lambda: desk.flow.tasks.owing("2023-09", unit="NOPE"),
    ):
        with pytest.raises(InputRefused, match="没有代码或名称为“NOPE”的单位"):
            asked()


_ODD: list[dict[str, Any]] = [
    {"transaction": ""}, {"transaction": " T 1 "}, {"transaction": "13800138000"},
    {"transaction": "1.0"}, {"transaction": "T\n"}, {"transaction": "惠"},
    {"transaction": "x" * 97}, {"who": "a b"}, {"who": "13800138000"}, {"who": "张三"},
    {"who": "p13800138000"}, {"person": "6222021234567890123"}, {"person": "a@b.cn"},
    {"window": "W01"}, {"window": " W01 "}, {"window": "W77"}, {"item": "nothing"},
    {"item": "一次性创业补助"}, {"channel": "电脑端"}, {"channel": "fax"},
    {"level": "excellent"}, {"unit": "500112"}, {"unit": "500157"}, {"unit": "万州区"},
    {"unit": "500102"}, {"unit": "nowhere"}, {"at": BEGUN.replace(tzinfo=None)},
    {"at": datetime.max.replace(tzinfo=UTC)}, {"at": datetime.min.replace(tzinfo=UTC)},
    {"at": datetime(9999, 12, 31, 23, 59, tzinfo=timezone(-timedelta(hours=12)))},
    {"at": BEGUN.replace(microsecond=7)}, {"at": BEGUN - timedelta(days=9_999)},
    {"at": BEGUN.replace(tzinfo=timezone(timedelta(hours=8, microseconds=1)))},
]  # fmt: skip


@given(
    odd=st.lists(st.sampled_from([*_ODD, *[{}] * 20]), max_size=6),
    own=st.sampled_from([None, frozenset({"500101"})]),
)
@example(odd=[{}], own=None)
def test_ratings_are_admitted_by_columns_as_they_are_one_by_one(
    book: Rulebook, odd: list[dict[str, Any]], own: frozenset[str] | None
) -> None:
    """Whatever is odd about a rating: the row is the same, or the reason."""
    ratings = [replace(rating(k), **changed) for k, changed in enumerate(odd)]
    now = BEGUN + timedelta(days=30)
    admission = Admission(book, now, only_units=own)
    together = list(admission.admit_all(ratings))
    assert together == [admission.admit(each) for each in ratings]
    assert {type(each) for each in together} <= {RatingRow, Reason}
