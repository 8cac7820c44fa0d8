"""The grounds of the boards: each alone, at its mark, and never against the good."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.reasons import BoardCode, sentence
from huimin_flow.catalogue.terms import Area, BoardGround, OrderState, State
from huimin_flow.model.improving.boards import (
    BadEntry,
    BoardFacts,
    Repeated,
    Satisfaction,
    SupervisionOrder,
)
from huimin_flow.rules.improving.boards import changed, drawn_up, entries, still_bad
from huimin_flow.rules.improving.grounds import BAD, GOOD, decided
from tests.rules.figures import IMPROVING

RULE = IMPROVING.boards
DAY = date(2026, 12, 31)


def facts(item: str = "2026-000001", **more: Any) -> BoardFacts:
    """A measure with all that the good board asks for, unless ``more`` says else."""
    known: dict[str, Any] = {
        "tasks": 1, "indicators": 4, "measured": 4, "proven": 2, "on_plan": 4, "behind": 0,
        "latest": "", "unreported": False, "silent": 0, "unproven": 0, "evaluated": False,
        "fulfilment": "90.00", "outcomes": 0, "met": 0,
        "satisfaction": Satisfaction(source="ratings", answers=400, satisfied=380),
    }  # fmt: skip
    return BoardFacts(
        item=item, title="候工区", unit="500101", area=Area.EMPLOYMENT,
        state=State.ASSIGNED, day=DAY, begun=date(2026, 3, 2), until=None,
        **{**known, **more},
    )  # fmt: skip


def order(key: str = "supervision_order/2026-0001") -> SupervisionOrder:
    return SupervisionOrder(
        key=key, item="2026-000001", unit="500101", authority="督查室",
        document="1号", dated=DAY, demanded="限期办结", due=DAY,
        state=OrderState.RECEIVED, received_on=DAY, received_by="office-1",
    )  # fmt: skip


def said(answers: int, satisfied: int) -> Satisfaction:
    return Satisfaction(source="ratings", answers=answers, satisfied=satisfied)


REPEAT = Repeated(appeals=9, people=5, channels=3, days=90, last=DAY)


def holding(known: BoardFacts) -> set[BoardGround]:
    return {ground for ground, made in decided(known, RULE).items() if made.passed}


def test_a_good_measure_has_three_grounds_and_no_bad_one() -> None:
    assert holding(facts()) == set(GOOD)


@pytest.mark.parametrize(
    ("ground", "at", "beyond"),
    [
        (BoardGround.HOLLOW, {"silent": 2}, {"silent": 3}),
        (BoardGround.HOLLOW, {"unproven": 5}, {"unproven": 6}),
        (BoardGround.HOLLOW, {}, {"indicators": 0}),
        (
            BoardGround.SLOW,
            {"behind": 30, "latest": "甲"},
            {"behind": 31, "latest": "甲"},
        ),
        (
            BoardGround.SLOW,
            {"behind": 30, "latest": "甲", "unreported": True},
            {"behind": 31, "latest": "甲", "unreported": True},
        ),
        (
            BoardGround.DISLIKED,
            {"satisfaction": said(12, 3)},  # nine are not satisfied
            {"satisfaction": said(15, 4)},
        ),
        (
            BoardGround.DISLIKED,
            {"satisfaction": said(40, 19)},  # 47 percent: at most 62
            {"satisfaction": said(40, 16)},
        ),
        (BoardGround.REPEATED, {}, {"repeats": (REPEAT,)}),
        (BoardGround.SUPERVISED, {}, {"orders": (order(),)}),
    ],
)
def test_each_bad_ground_holds_alone_beyond_its_mark(
    ground: BoardGround, at: dict[str, Any], beyond: dict[str, Any]
) -> None:
    assert ground not in holding(facts(**at))
    assert holding(facts(**beyond)) & set(BAD) == {ground}
    good, bad = entries([facts(**beyond)], "2026Q4", (), RULE)
    assert not good
    assert bad[0].grounds == (ground,)


def test_effect_without_a_judged_outcome_names_no_outcomes_but_the_figures() -> None:
    (reason,) = decided(facts(outcomes=0, met=0), RULE)[BoardGround.EFFECTIVE].reasons
    assert reason.code == BoardCode.REACHED
    assert "0项" not in sentence(reason.code, dict(reason.values))


def test_what_is_wholly_excused_is_not_measurable_and_so_not_hollow() -> None:
    nothing: dict[str, Any] = {
        "indicators": 0,
        "measured": 0,
        "proven": 0,
        "on_plan": 0,
    }
    assert holding(facts(tasks=0, fulfilment=None, **nothing)) & {*BAD} == set()
    assert BoardGround.CONCRETE not in holding(facts(tasks=0, **nothing))


@pytest.mark.parametrize(
    ("ground", "lacks"),
    [
        (BoardGround.CONCRETE, {"measured": 3}),
        (BoardGround.CONCRETE, {"proven": 1}),
        (BoardGround.CONCRETE, {"on_plan": 3}),
        (BoardGround.EFFECTIVE, {"fulfilment": "89.99"}),
        (BoardGround.EFFECTIVE, {"fulfilment": None}),
        (BoardGround.EFFECTIVE, {"evaluated": True, "outcomes": 2, "met": 1}),
        (BoardGround.SATISFIED, {"satisfaction": said(20, 18)}),
        (BoardGround.SATISFIED, {"satisfaction": said(0, 0)}),
    ],
)
def test_the_good_board_needs_all_three(
    ground: BoardGround, lacks: dict[str, Any]
) -> None:
    assert holding(facts(**lacks)) == set(GOOD) - {ground}
    assert entries([facts(**lacks)], "2026Q4", (), RULE) == ((), ())


def test_agreed_outcomes_stand_for_a_fulfilment_that_nothing_measures() -> None:
    evaluated: dict[str, Any] = {"evaluated": True, "fulfilment": None}
    assert BoardGround.EFFECTIVE in holding(facts(**evaluated, outcomes=2, met=2))
    assert BoardGround.EFFECTIVE not in holding(facts(**evaluated))


COUNTS = st.integers(0, 60)
FACTS = st.builds(
    facts,
    indicators=st.just(4),
    measured=st.integers(0, 4),
    proven=st.integers(0, 4),
    on_plan=st.integers(0, 4),
    behind=COUNTS,
    silent=st.integers(0, 8),
    unproven=st.integers(0, 8),
    evaluated=st.booleans(),
    fulfilment=st.sampled_from((None, "40.00", "95.00")),
    satisfaction=st.builds(
        lambda good, bad: said(good + bad, good), st.integers(0, 400), COUNTS
    ),
    repeats=st.sampled_from(((), (REPEAT,))),
    orders=st.sampled_from(((), (order(),))),
)


@given(FACTS, st.sampled_from(("2026-000001", "2026-000002")))
def test_another_order_removes_no_entry_of_the_bad_board(
    known: BoardFacts, of: str
) -> None:
    others = [known, replace(known, item="2026-000002")]
    more = [
        replace(each, orders=(*each.orders, order())) if each.item == of else each
        for each in others
    ]
    before, after = (entries(each, "2026Q4", (), RULE) for each in (others, more))
    assert {e.item for e in before[1]} | {of} == {e.item for e in after[1]}
    assert {e.item for e in before[0]} - {of} == {e.item for e in after[0]}


@given(FACTS, st.integers(1, 50), st.data())
def test_more_evidence_of_good_never_moves_an_item_to_the_bad_board(
    known: BoardFacts, more: int, data: st.DataObject
) -> None:
    word = known.satisfaction
    better: dict[str, Any] = data.draw(
        st.sampled_from(
            (
                {"satisfaction": said(word.answers + more, word.satisfied + more)},
                {"measured": 4, "silent": 0},
                {"proven": 4, "unproven": 0, "silent": 0},
                {"on_plan": 4, "behind": 0},
                {"fulfilment": "100.00"},
            )
        )
    )
    before, after = holding(known), holding(replace(known, **better))
    assert after & set(BAD) <= before & set(BAD)


def test_an_entry_remains_until_its_rectification_is_accepted() -> None:
    book = type("Book", (), {"digest": "d", "improving": IMPROVING})

    def draw(known: list[BoardFacts], period: str, before: tuple[BadEntry, ...]) -> Any:
        at: dict[str, Any] = {"cut": 9, "stood": 9, "book": book}
        return drawn_up(known, period, before, day=DAY, **at)

    first = draw([facts(orders=(order(),))], "2026Q3", ())
    (open_one,) = still_bad([first], frozenset())
    second = draw([facts()], "2026Q4", (open_one,))
    assert second.good == ()
    assert [(e.grounds, e.since, e.remains) for e in second.bad] == [
        ((), "2026Q3", True)
    ]
    ended = draw([], "2026Q4", (open_one,))  # it is closed, and stands there still
    assert [entry.item for entry in ended.bad] == ["2026-000001"]
    accepted = {("2026-000001", "2026Q3")}
    assert still_bad([first, second], accepted) == ()
    third = draw([facts()], "2027Q1", ())
    (change,) = changed(second, third)
    assert (change.before, change.now) == ("bad", "good")
