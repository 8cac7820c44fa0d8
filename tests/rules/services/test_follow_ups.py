from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.model.core.rules import Figure
from huimin_flow.model.core.values import Share
from huimin_flow.model.services.catalogue import FollowUpRule
from huimin_flow.rules.services.follow_ups import callback_lacks
from tests.ratings import rating

DAY = date(2023, 9, 5)


def asking(percent: int) -> FollowUpRule:
    days = Figure(value=5, source="ours")
    return FollowUpRule(
        answer_days=days, verify_days=days, objection_days=days,
        callback_percent=Figure(value=percent, source="ours"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("percent", "part", "whole", "lacks"),
    [
        (100, 9, 9, True),
        (90, 9, 9, False),
        (90, 8, 8, True),
        (90, 9, 10, True),
        (50, 1, 1, False),
        (50, 0, 0, True),
        (0, 0, 9, False),
    ],
)
def test_the_share_called_back_may_not_fall_below_what_the_rulebook_asks(
    percent: int, part: int, whole: int, *, lacks: bool
) -> None:
    verified = Share(part=part, whole=whole)
    named = rating(who="c1")
    assert callback_lacks(named, None, verified, asking(percent)) is lacks
    assert not callback_lacks(named, DAY, verified, asking(percent))
    assert not callback_lacks(rating(), None, verified, asking(percent))


@given(st.integers(0, 100), st.lists(st.booleans(), max_size=60))
def test_what_was_verified_by_the_rule_reaches_its_share(
    percent: int, called: list[bool]
) -> None:
    verified = Share(part=0, whole=0)
    for one in called:
        day = DAY if one else None
        if not callback_lacks(rating(who="c"), day, verified, asking(percent)):
            verified = Share(part=verified.part + one, whole=verified.whole + 1)
    assert verified.reaches(percent)
