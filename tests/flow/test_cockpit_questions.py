"""The questions of a cockpit, on both databases, held against other ways to count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from huimin_flow.catalogue.terms import (
    Area,
    FollowUpState,
    Misrating,
    RatingLevel,
    State,
)
from huimin_flow.clock import at_hour
from huimin_flow.errors import InputRefused, NotFound
from huimin_flow.model.core.values import Share
from huimin_flow.model.items import ItemTraits
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.store import awaited
from huimin_flow.testing import Desk
from tests.flow.scoring.test_scores import ratings as rated
from tests.ratings import rating, some

BAD = RatingLevel.DISSATISFIED


def walk(desk: Desk, *days: int) -> str:
    """Bring a new item through one state more after each of these numbers of days."""
    number = desk.collect().number
    desk.link_appeals(number)
    steps: list[Callable[[str], object]] = [desk.screen, desk.judge, desk.star]
    for step, later in zip(steps, days, strict=False):
        desk.clock.advance(timedelta(days=later))
        step(number)
    return number


@pytest.fixture(params=[0, 10**9], ids=["searched", "scanned"])
def _plan(request: pytest.FixtureRequest) -> Iterator[None]:
    """Read the moves of items in each of the two ways."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(awaited, "_SEARCH", request.param)
        yield


@pytest.mark.usefixtures("_plan")
def test_stays_are_counted_from_the_days_of_events(desk: Desk) -> None:
    walk(desk, 3, 1, 10)
    walk(desk, 5, 2)
    number = walk(desk, 20)
    desk.clock.advance(timedelta(days=7))
    desk.flow.items.amend(number, {"title": "零工市场缺少遮雨候工区"}, by=desk.office)
    desk.flow.items.return_(number, "facts_incomplete", by=desk.office)
    desk.clock.advance(timedelta(days=4))
    stays = desk.flow.items.stays()
    by_state = {each.state: each for each in stays.states}
    assert [each.state for each in stays.states] == list(State)
    collected, screened = by_state[State.COLLECTED], by_state[State.SCREENED]
    assert (collected.left.cases, collected.left.median, collected.left.most) == (
        3,
        5,
        20,
    )
    assert (collected.standing.cases, collected.standing.median) == (1, 4)
    assert (screened.left.cases, screened.left.median, screened.left.most) == (3, 2, 7)
    judged = by_state[State.JUDGED]
    assert (judged.left.median, judged.standing.median) == (10, 31)
    assert [(each.state, each.days, each.beyond) for each in stays.stuck] == [
        (State.STARRED, 38, 38),
        (State.JUDGED, 31, 21),
    ]
    narrowed = ItemTraits(stuck=True)
    items = desk.flow.items.list(traits=narrowed)
    assert {each.number for each in items} == {each.number for each in stays.stuck}
    assert desk.flow.items.count(State.JUDGED, traits=narrowed) == 1
    first = desk.flow.items.stays(limit=1)
    assert (first.beyond, first.stuck) == (stays.beyond, stays.stuck[:1])
    assert stays.beyond == len(stays.stuck)
    with pytest.raises(InputRefused):
        desk.flow.items.stays(limit=0)


@pytest.mark.usefixtures("_plan")
def test_a_stay_that_ended_over_a_year_ago_is_no_longer_usual(desk: Desk) -> None:
    walk(desk, 3)
    desk.clock.advance(timedelta(days=365))
    assert desk.flow.items.stays().states[0].left.cases == 1
    desk.clock.advance(timedelta(days=1))
    stays = desk.flow.items.stays()
    assert stays.states[0].left.cases == 0
    assert (stays.states[1].standing.median, stays.stuck[0].days) == (366, 366)


def test_an_empty_database_has_no_days(desk: Desk) -> None:
    stays = desk.flow.items.stays()
    assert {each.standing.median for each in stays.states} == {None}
    assert stays.stuck == ()
    assert desk.flow.appeals.by_month() == ()
    assert desk.flow.appeals.frequent() == ()
    assert desk.flow.ratings.overdue() == ()
    assert desk.flow.ratings.by_service("2023-10") == ()
    assert desk.flow.proposals.queue() == ()
    assert desk.flow.scores.last_colors() is None
    with pytest.raises(NotFound):
        desk.flow.lists.executed("list/2024/city")


def test_items_are_counted_by_area_and_state(desk: Desk) -> None:
    desk.bring(State.SCREENED)
    desk.collect()
    number = desk.collect().number
    desk.flow.items.amend(number, {"area": Area.TALENT}, by=desk.office)
    areas = {each.area: dict(each.states) for each in desk.flow.items.areas()}
    assert list(areas) == list(Area)
    assert areas[Area.EMPLOYMENT] == {State.COLLECTED: 1, State.SCREENED: 1}
    assert areas[Area.TALENT] == {State.COLLECTED: 1}
    assert areas[Area.GENERAL] == {}
    (own,) = desk.flow.items.units()
    assert own.unit == desk.operator.unit
    assert own.states == {State.COLLECTED: 2, State.SCREENED: 1}


def appeal(key: str, at: datetime, channel: str = "media") -> Appeal:
    return Appeal(
        key=key, channel=channel, who=key, district="500101", text="希望解决", at=at
    )


def test_appeals_are_counted_by_months_of_shanghai(desk: Desk) -> None:
    edge = at_hour(date(2023, 9, 1), 0)
    appeals = [
        appeal("A1", edge - timedelta(seconds=1)),
        appeal("A2", edge),
        appeal("A3", edge, "internet"),
        appeal("A4", at_hour(date(2023, 7, 3), 9)),
    ]
    desk.flow.appeals.add_all(appeals, by=desk.office)
    months = {each.month: dict(each.channels) for each in desk.flow.appeals.by_month()}
    assert months == {
        "2023-07": {"media": 1},
        "2023-08": {"media": 1},
        "2023-09": {"internet": 1, "media": 1},
        "2023-10": {},
    }
    for of, channels in months.items():
        listed = desk.flow.appeals.list(first=of, last=of)
        assert Counter(each.channel for each in listed) == channels
        assert desk.flow.appeals.count(first=of, last=of) == sum(channels.values())
    assert desk.flow.appeals.count(first="2023-08") == 3
    assert desk.flow.appeals.count(last="2023-08", channel="media") == 2
    with pytest.raises(InputRefused):
        desk.flow.appeals.list(first="2023")
    until = desk.flow.appeals.by_month(last="2023-08")
    assert [each.month for each in until] == ["2023-07", "2023-08"]
    assert desk.flow.appeals.by_month(last="2023-06") == ()
    desk.clock.set(at_hour(date(2025, 3, 1), 9))
    year = desk.flow.appeals.by_month()
    assert (len(year), year[0].month, year[0].total) == (12, "2024-04", 0)


def test_the_items_with_most_appeals_come_first(desk: Desk) -> None:
    few, many, gone, old = (desk.collect(f"事项{k}").number for k in range(4))
    past = desk.appeals(9)
    aged = [replace(each, at=datetime(2022, 1, 3, tzinfo=UTC)) for each in past]
    desk.flow.appeals.add_all(aged, by=desk.office)
    pairs = [(each.channel, each.key) for each in aged]
    desk.flow.appeals.link(old, pairs, by=desk.office)
    desk.link_appeals(few, 3)
    desk.link_appeals(many, 4)
    desk.link_appeals(gone, 5)
    desk.flow.items.merge(gone, many, by=desk.office)
    moved = desk.link_appeals(few, 10)
    pairs = [(each.channel, each.key) for each in moved]
    desk.flow.appeals.unlink(few, pairs[:8], by=desk.office)
    frequent = desk.flow.appeals.frequent()
    assert [(each.number, each.appeals) for each in frequent] == [(many, 9), (few, 5)]
    assert frequent[0].appeals == desk.flow.items.tally(many).appeals
    assert [each.number for each in desk.flow.appeals.frequent(limit=1)] == [many]
    everything = desk.flow.appeals.frequent(since=date(2021, 1, 1))
    assert (everything[1].number, everything[1].appeals) == (old, 9)


def test_overdue_answers_are_those_that_the_list_of_bad_ratings_shows(
    desk: Desk,
) -> None:
    desk.flow.ratings.add(
        [rating(k, BAD, unit=f"50010{1 + k % 2}", who=f"c{k}") for k in range(6)],
        by=desk.office,
    )
    unit = {f"50010{k}": desk.actor(f"op-50010{k}") for k in (1, 2)}
    ratings = desk.flow.ratings
    ratings.answer("T0", "已整改", by=unit["500101"], called_back_on=desk.today())
    ratings.object_to("T1", Misrating.MISTAKEN, "点错了", by=unit["500102"])
    before = desk.today()

    def listed() -> Counter[str]:
        answers = {FollowUpState.PENDING, FollowUpState.RETURNED, FollowUpState.UPHELD}
        bad = ratings.bad(overdue=True)
        return Counter(each.rating.unit for each in bad if each.state in answers)

    def counted(on: date | None = None) -> Counter[str]:
        return +Counter({each.unit: each.count for each in ratings.overdue(on=on)})

    assert counted() == listed() == {"500101": 2, "500102": 2}
    desk.clock.advance(timedelta(days=40))
    ratings.answer("T2", "已整改", by=unit["500101"], called_back_on=desk.today())
    assert counted() == listed() == {"500101": 1, "500102": 2}
    assert counted(on=before) == {"500101": 2, "500102": 2}
    assert counted(on=date(2023, 9, 4)) == {}
    ends = [counted(on=date(2023, month, 1) - timedelta(days=1)) for month in (10, 11)]
    for on, end in zip((before, None), ends, strict=True):
        month_before = {each.unit: each.before for each in ratings.overdue(on=on)}
        assert +Counter(month_before) == end
    assert {each.oldest for each in ratings.overdue()} == {
        min(each.due for each in ratings.bad(overdue=True) if each.due)
    }


def test_services_are_counted_like_the_rows(desk: Desk) -> None:
    desk.flow.ratings.add(some(60), by=desk.office)
    desk.flow.ratings.add([*rated(9, "500101", 3, 1)], by=desk.office)
    services = desk.flow.ratings.by_service("2023-09")
    rows = desk.flow.ratings.by("item", "2023-09")
    assert {each.item: (each.ratings, each.bad) for each in services} == {
        each.of[0]: (each.total, each.good.whole - each.good.part) for each in rows
    }
    assert [each.ratings for each in services] == sorted(
        (each.total for each in rows), reverse=True
    )


def test_a_list_says_how_many_of_its_items_were_executed_by_a_day(desk: Desk) -> None:
    numbers = [desk.bring(state).number for state in (State.LISTED, State.EXECUTED)]
    before = desk.today()
    desk.clock.advance(timedelta(days=1))
    executed = desk.flow.lists.executed
    assert executed("list/2099/city") == Share(part=1, whole=2)
    desk.assign(numbers[0])
    desk.execute(numbers[0])
    desk.evaluate(numbers[1])
    desk.adjust(numbers[1])
    desk.close(numbers[1])
    assert executed("list/2099/city") == Share(part=2, whole=2)
    assert executed("list/2099/city", on=before) == Share(part=1, whole=2)
    assert executed("list/2099/city", on=date(2023, 1, 1)) == Share(part=0, whole=2)


def test_the_queue_of_the_second_person_names_the_days(desk: Desk) -> None:
    desk.frozen(2099)
    values = {"edition": "list/2099/city"}
    desk.flow.proposals.propose("confirm", values, by=desk.office)
    asked = desk.today()
    desk.clock.advance(timedelta(days=12))
    (queued,) = desk.flow.proposals.queue()
    assert (queued.since, queued.proposal) == (
        asked,
        desk.flow.proposals.waiting()[0],
    )


def test_the_last_colors_are_those_of_the_last_month(scored: Desk) -> None:
    assert scored.flow.scores.last_colors() == scored.flow.scores.colors("2023-12")
