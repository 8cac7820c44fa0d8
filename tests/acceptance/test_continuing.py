"""Advice on a running measure, its decision and its mending, through the door (B9)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import (
    AdviceState,
    RatingLevel,
    Recommendation,
    State,
    Step,
)
from huimin_flow.clock import at_hour
from huimin_flow.errors import HuiminError
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.improving.advice import Advice
from huimin_flow.model.services.ratings import rating_of
from huimin_flow.reports.cockpit import cockpit_page
from huimin_flow.reports.lives import item_page
from huimin_flow.reports.units import unit_page
from huimin_flow.testing import UNIT, Desk

IMPROVE, CONTINUE = Recommendation.IMPROVE, Recommendation.CONTINUE


def refused(act: Callable[[], object]) -> set[str]:
    """Return the codes with which an act is refused."""
    with pytest.raises(HuiminError) as refusal:
        act()
    assert str(refusal.value.remedy)
    return {reason.code for reason in refusal.value.reasons}


def in_november(desk: Desk, value: int = 0) -> str:
    """Return an item that runs since 9 October, with a figure of October."""
    number = desk.bring(State.ASSIGNED).number
    desk.clock.set(at_hour(date(2023, 11, 6), 10))
    desk.report(number, value)
    return number


def advised(desk: Desk, number: str, recommended: Recommendation = IMPROVE) -> Advice:
    desk.flow.items.advise(number, recommended, by=desk.operator)
    return desk.flow.advice.list(item=number)[0]


def rate(desk: Desk, good: int, bad: int) -> None:
    """Rate the unit's services so often in the last days."""
    levels = [RatingLevel.SATISFIED] * good + [RatingLevel.DISSATISFIED] * bad
    ratings = [
        rating_of(
            f"R{n:04d}", UNIT, "startup_grant", "app", level,
            desk.clock.now() - timedelta(days=n % 9), "", "", "",
        )
        for n, level in enumerate(levels)
    ]  # fmt: skip
    desk.flow.ratings.add(ratings, by=desk.office)


def test_the_grounds_are_computed_and_what_is_missing_is_missing(desk: Desk) -> None:
    number = in_november(desk, 9)
    first = desk.flow.items.grounds(number)
    assert [each.code for each in first.reasons] == [
        "progress_reaches", "satisfaction_unknown", "complaints_few",
    ]  # fmt: skip
    assert (first.passed, first.score) == (True, "100.00")
    replicate = Recommendation.REPLICATE
    assert refused(
        lambda: desk.flow.items.advise(number, replicate, by=desk.operator)
    ) == {"replication_unproven"}
    rate(desk, 27, 13)
    voices = desk.appeals(15)
    desk.flow.appeals.add_all(voices, by=desk.office)
    pairs = [(voice.channel, voice.key) for voice in voices]
    desk.flow.appeals.link(number, pairs, by=desk.office)
    second = desk.flow.items.grounds(number)
    assert [each.code for each in second.reasons] == [
        "progress_reaches", "satisfaction_low", "complaints_many",
    ]  # fmt: skip
    assert second.inputs["ratings"] == 40
    assert (second.passed, second.score) == (False, "67.50")
    act = desk.flow.items.advise
    assert refused(lambda: act(number, CONTINUE, by=desk.operator)) == {"advice_unfit"}
    known = advised(desk, number)
    assert known.verdict == second
    assert desk.flow.items.get(number).state is State.ASSIGNED
    assert door_of(desk.flow).read(verify).findings == ()


def test_the_office_decides_and_follows_what_is_to_be_mended_until_it_is(
    desk: Desk,
) -> None:
    flow, number = desk.flow, in_november(desk)
    unit, office, second = desk.operator, desk.office, desk.second
    waits = [(each.act, each.due) for each in flow.people.todo(unit)]
    assert ("items.advise", date(2023, 12, 15)) in waits
    key = advised(desk, number).key
    until = desk.today() + timedelta(days=20)
    whole = {"what": "加派选址人员", "unit": UNIT}
    adopt = flow.advice.adopt

    def acts(by: Actor) -> set[str]:
        return {each.act for each in flow.people.todo(by) if each.subject == key}

    assert "items.advise" not in {each.act for each in flow.people.todo(unit)}
    assert (acts(office), acts(unit)) == ({"advice.adopt"}, set())
    before = flow.records.events(key)
    assert refused(lambda: flow.items.advise(number, IMPROVE, by=unit)) == {
        "advice_open"
    }
    head = desk.actor(f"head-{UNIT}")
    assert "not_the_office" in refused(lambda: adopt(key, "同意", by=head))
    assert refused(lambda: adopt(key, "同意", by=office)) == {"mending_needed"}
    assert refused(lambda: adopt(key, "同意", what="加派人员", by=office)) == {
        "mending_needed"
    }
    assert refused(
        lambda: adopt(key, "同意", **whole, mended_by=date(2023, 11, 5), by=office)
    ) == {"mending_until_past"}
    assert "unit_unknown" in refused(
        lambda: adopt(key, "同意", what="甲", unit="999999", mended_by=until, by=office)
    )
    assert refused(lambda: adopt(key, " ", **whole, mended_by=until, by=office))
    assert flow.records.events(key) == before
    known = adopt(key, "确有必要", **whole, mended_by=until, by=office)
    assert known.state is AdviceState.MENDING
    assert refused(lambda: flow.advice.decline(key, "不", by=office)) == {"not_so_far"}
    [todo] = [each for each in flow.people.todo(unit) if each.subject == key]
    assert (todo.act, todo.due) == ("advice.mend", until)
    assert refused(
        lambda: flow.advice.mend(key, "已完善", evidence=["abcdef12"], by=unit)
    ) == {"mending_file_unknown"}
    stranger = desk.actor("op-500102")
    assert refused(lambda: flow.advice.mend(key, "已完善", by=stranger)) == {
        "other_units_item"
    }
    flow.advice.mend(key, "已加派3人", by=unit)
    assert (acts(office), acts(unit)) == ({"advice.verify"}, set())
    flow.advice.return_(key, "未写明到岗日期", by=second)
    assert acts(unit) == {"advice.mend"}
    flow.advice.mend(key, "已加派3人,11月8日到岗", by=unit)
    known = flow.advice.verify(key, finding="属实", by=second)
    assert (known.state, known.done) == (AdviceState.MENDED, "已加派3人,11月8日到岗")
    assert (acts(office), acts(unit)) == (set(), set())
    assert flow.advice.count(state=AdviceState.MENDED) == 1
    assert door_of(flow).read(verify).findings == ()


def test_the_adviser_does_not_decide_and_a_decision_stands(desk: Desk) -> None:
    flow, number = desk.flow, in_november(desk)
    flow.items.advise(number, Recommendation.STOP, by=desk.office)
    key = flow.advice.list(item=number)[0].key
    assert refused(lambda: flow.advice.adopt(key, "同意", by=desk.office)) == {
        "same_person"
    }
    until = desk.today()
    assert refused(
        lambda: flow.advice.adopt(
            key, "同意", what="甲", unit=UNIT, mended_by=until, by=desk.second
        )
    ) == {"mending_unfit"}
    flow.advice.adopt(key, "同意停止", by=desk.second)
    assert refused(lambda: flow.items.carry_over(number, by=desk.operator)) == {
        "measure_stopped"
    }
    possible = flow.items.possible(number, desk.operator, Step.CARRY_OVER)
    assert [reason.code for reason in possible[0].reasons] == ["measure_stopped"]
    # Things have changed: the next advice that is adopted counts.
    later = advised(desk, number).key
    flow.advice.decline(later, "尚无必要", by=desk.office)
    assert refused(lambda: flow.items.carry_over(number, by=desk.operator)) == {
        "measure_stopped"
    }
    desk.report(number, 9)
    last = advised(desk, number, CONTINUE).key
    flow.advice.adopt(last, "进度已恢复", by=desk.office)
    assert flow.items.carry_over(number, by=desk.operator)
    assert door_of(flow).read(verify).findings == ()


def test_nothing_closes_and_every_page_says_so_while_it_is_to_be_mended(
    desk: Desk,
) -> None:
    flow, number = desk.flow, in_november(desk)
    key, until = advised(desk, number).key, desk.today() + timedelta(days=3)
    flow.advice.adopt(
        key, "同意", what="加派选址人员", unit=UNIT, mended_by=until, by=desk.office
    )
    desk.clock.advance(timedelta(days=9))
    with flow.snapshot() as now:
        lines = dict(item_page(now, number).advice[0])
        assert lines["完善内容"] == "加派选址人员"
        mending = unit_page(now, UNIT).values["mending"]
        assert [(item, "已超期" in words) for _, item, words in mending] == [
            (number, True)
        ]
        concerns = cockpit_page(now).values["concerns"]
        assert [
            (each.count, each.lines[0].more)
            for each in concerns
            if each.title == "要完善的措施"
        ] == [(1, "已超期")]
    desk.execute(number)
    desk.evaluate(number)
    desk.adjust(number)
    assert refused(lambda: desk.close(number)) == {"mending_open"}
    flow.advice.mend(key, "已加派", by=desk.operator)
    assert refused(lambda: desk.close(number)) == {"mending_open"}
    flow.advice.verify(key, by=desk.office)
    assert desk.close(number).state is State.CLOSED
    assert door_of(flow).read(verify).findings == ()


def test_a_file_of_the_item_proves_what_was_mended(file_desk: Desk) -> None:
    flow, number, unit = file_desk.flow, in_november(file_desk), file_desk.operator
    key, day = advised(file_desk, number).key, file_desk.today()
    by = file_desk.office
    flow.advice.adopt(key, "同意", what="加派人员", unit=UNIT, mended_by=day, by=by)
    digest = flow.items.attach(number, "到岗.txt", b"3", by=unit).digest
    known = flow.advice.mend(key, "已加派3人", evidence=[digest[:8]], by=unit)
    assert known.files == (digest,)
    assert door_of(flow).read(verify).findings == ()


def test_advice_is_given_only_while_a_measure_runs(file_desk: Desk) -> None:
    for state in (State.LISTED, State.EVALUATED):
        number = file_desk.bring(state).number
        act, by = file_desk.flow.items.advise, file_desk.office
        assert refused(lambda: act(number, IMPROVE, by=by)) == {"no_such_arc"}  # noqa: B023
        assert refused(lambda: file_desk.flow.items.grounds(number))  # noqa: B023
