"""On time is told beside what is overdue, never without it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.terms import FollowUpState
from huimin_flow.model.core.rules import Figure
from huimin_flow.model.core.values import Share
from huimin_flow.model.services.ratings import Deadline
from huimin_flow.rules.core.due import Activation
from huimin_flow.rules.services.follow_ups import (
    answer_deadlines,
    answers_due,
    promptness,
)
from huimin_flow.settings import load_rulebook

DAY = date(2026, 11, 30)
DAYS = st.dates(date(2026, 10, 1), date(2027, 1, 31))
OWED = st.lists(
    st.builds(Deadline, due=st.none() | DAYS, closed=st.none() | DAYS), max_size=12
)
OVERDUE = Deadline(due=DAY - timedelta(days=1), closed=None)


def owed(due: int, closed: int | None) -> Deadline:
    done = None if closed is None else DAY + timedelta(days=closed)
    return Deadline(due=DAY + timedelta(days=due), closed=done)


def test_all_closed_on_time_beside_overdue_ones_is_not_a_hundred_percent() -> None:
    done = [owed(-3, -4)] * 99
    assert promptness(done, DAY).reaches(100)
    beside = promptness([*done, OVERDUE], DAY)
    assert beside == Share(part=99, whole=100)
    assert not beside.reaches(100)


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (owed(0, 0), (1, 1)),
        (owed(-1, 0), (0, 1)),
        (owed(0, None), (0, 0)),
        (owed(-1, None), (0, 1)),
        (owed(5, -9), (1, 1)),
        (owed(-5, 1), (0, 1)),
        (owed(5, 1), (0, 0)),
        (Deadline(due=None, closed=DAY), (0, 0)),
    ],
)
def test_each_way_to_stand_counts_on_its_side(
    one: Deadline, found: tuple[int, int]
) -> None:
    share = promptness([one], DAY)
    assert (share.part, share.whole) == found


def test_what_was_closed_before_the_month_counts_no_more() -> None:
    first = DAY.replace(day=1)
    old = owed(-40, -45)
    assert promptness([old, OVERDUE], DAY, first=first) == Share(part=0, whole=1)
    assert promptness([owed(-29, -29)], DAY, first=first) == Share(part=1, whole=1)


@given(OWED)
def test_the_rate_is_a_share_whatever_the_order(cases: list[Deadline]) -> None:
    share = promptness(cases, DAY)
    assert 0 <= share.part <= share.whole <= len(cases)
    assert promptness(cases[::-1], DAY) == share


@given(OWED)
def test_one_more_that_is_overdue_never_helps(cases: list[Deadline]) -> None:
    before, after = promptness(cases, DAY), promptness([*cases, OVERDUE], DAY)
    assert after.part == before.part
    assert after.whole == before.whole + 1
    assert not after.reaches(100)


@given(st.lists(DAYS, min_size=1, max_size=8))
def test_to_close_what_is_overdue_never_hurts(dues: list[date]) -> None:
    still = promptness([Deadline(due=one, closed=None) for one in dues], DAY)
    done = promptness([Deadline(due=one, closed=DAY) for one in dues], DAY)
    assert done.part * max(1, still.whole) >= still.part * done.whole


def test_an_answer_is_due_again_when_it_is_returned_or_an_objection_turned_down() -> (
    None
):
    config = load_rulebook(Path(__file__).parents[3] / "config")
    at_once = Figure(value=0, source="ours")
    rule = replace(config.services.follow_up, answer_days=at_once)
    book = replace(config, services=replace(config.services, follow_up=rule))
    active = [Activation(since=datetime(2026, 1, 1, tzinfo=UTC), book=book)]
    state, day = FollowUpState, date(2026, 11, 2)
    days = [day + timedelta(days=k) for k in range(6)]

    def asked(*acts: FollowUpState) -> list[tuple[date | None, date | None]]:
        dated = zip(acts, days[1:], strict=False)
        answers = answer_deadlines(day, dated, answers_due(active))
        return [(answer.due, answer.closed) for answer in answers]

    assert asked() == [(day, None)]
    assert asked(state.ANSWERED, state.VERIFIED) == [(day, days[1])]
    assert asked(state.ANSWERED, state.RETURNED, state.ANSWERED) == [
        (day, days[1]),
        (days[2], days[3]),
    ]
    assert asked(state.OBJECTED) == []
    assert asked(state.OBJECTED, state.UPHELD) == [(days[2], None)]
    assert asked(state.ANSWERED, state.OBJECTED, state.SET_ASIDE) == []
