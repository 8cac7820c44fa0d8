"""A successor inherits the voices of its parent, and no person counts twice (H3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.reasons import AdviceCode
from huimin_flow.catalogue.terms import (
    AdviceState,
    Criterion,
    Dimension,
    RatingLevel,
    Recommendation,
    State,
    Step,
)
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.sensing.items import Demand
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.improving.advice import Advice
from huimin_flow.model.sensing.appeals import Tally
from huimin_flow.reports.improving.advice import advice_lines
from huimin_flow.reports.items import item_facts
from huimin_flow.reports.lives import item_page
from huimin_flow.reports.pages import page_of
from huimin_flow.reports.steps import preview_line
from huimin_flow.testing import UNIT, Desk
from tests.ratings import rating

SCORES = {Criterion.URGENCY: 80, Criterion.FUNDAMENTALITY: 80}


def successor(desk: Desk) -> tuple[str, str]:
    """Return an item that passed with 80/80, and its successor without a voice."""
    parent = desk.bring(State.ASSIGNED).number
    _, child = desk.flow.items.carry_over(parent, by=desk.operator)
    return parent, child.number


def test_what_carried_the_parent_carries_its_successor_without_a_new_voice(
    desk: Desk,
) -> None:
    parent, child = successor(desk)
    before = desk.flow.items.get(parent)
    shown = desk.flow.items.screening(child, SCORES)
    assert shown.step is Step.SCREEN
    assert "其中25条承接自上一轮" in preview_line(shown)
    item = desk.screen(child)
    assert item.state is State.SCREENED
    assert item.prevalence == before.prevalence
    with desk.flow.snapshot() as now:
        page = item_page(now, child)
    assert (page.appeals, page.inherited[0]) == (25, "其中25条承接自上一轮")
    assert desk.flow.appeals.count(item=child) == 0
    assert door_of(desk.flow).read(verify).findings == ()


def test_the_preview_shows_a_successor_beside_its_parent(desk: Desk) -> None:
    parent, child = successor(desk)
    desk.screen(child)
    desk.judge(child)
    desk.star(child)
    year = str(desk.today().year + 1)
    assert desk.flow.lists.preview(year).continues == {child: parent}
    with desk.flow.snapshot() as now:
        page = page_of(f"preview-{year}.html")(now)
    ((item, lines),) = page.values["successors"]
    shown = {line.label: (line.before, line.own) for line in lines}
    assert (item.number, shown["编号"]) == (child, (parent, child))


def test_a_person_of_both_rounds_counts_once(desk: Desk) -> None:
    parent, child = successor(desk)
    again = desk.appeals(3)
    pairs = [(appeal.channel, appeal.key) for appeal in again]
    desk.flow.appeals.add_all(
        [replace(appeal, who=f"p{n}") for n, appeal in enumerate(again, 1)],
        by=desk.office,
    )
    desk.flow.appeals.link(child, pairs, by=desk.office)
    tally, of_parent = desk.flow.items.tally(child), desk.flow.items.tally(parent)
    assert (tally.appeals, tally.inherited, tally.own) == (28, 25, 3)
    assert tally.people == of_parent.people == 25


def test_merging_unmerging_splitting_and_unlinking_follow_the_chain(
    desk: Desk,
) -> None:
    parent, child = successor(desk)
    flow, office = desk.flow, desk.office

    def counts(number: str) -> tuple[int, int]:
        tally = flow.items.tally(number)
        return tally.appeals, tally.inherited

    other = desk.collect("同类问题").number
    own = desk.link_appeals(other, 4)
    flow.items.merge(child, other, by=office)
    assert counts(other) == (29, 25)
    flow.items.unmerge(child, by=office)
    assert (counts(other), counts(child)) == ((4, 0), (25, 25))
    flow.items.merge(other, child, by=office)
    assert counts(child) == (29, 25)
    inherited = flow.appeals.list(item=parent, limit=1)[0]
    pair = (inherited.channel, inherited.key)
    with pytest.raises(InputRefused) as refused:
        flow.appeals.unlink(child, [pair], by=office)
    assert refused.value.reasons[0].code == "appeal_not_linked"
    flow.appeals.unlink(parent, [pair], by=office)
    assert (counts(child), counts(parent)) == ((28, 24), (24, 0))
    taken = [(own[0].channel, own[0].key)]
    flow.appeals.unlink(other, taken, by=office)
    assert counts(child) == (27, 24)
    desk.screen(child)
    # A later correction of the parent's voices leaves the screening as it was.
    flow.appeals.link(parent, [pair], by=office)
    assert door_of(flow).read(verify).findings == ()


def test_a_part_that_is_split_off_takes_no_voice_from_the_parent(desk: Desk) -> None:
    parent, child = successor(desk)
    item = desk.flow.items.get(child)
    part = Demand(title="分项", origin=item.origin, area=item.area, unit=item.unit)
    voice = desk.flow.appeals.list(item=parent, limit=1)[0]
    with pytest.raises(InputRefused) as refused:
        desk.flow.items.split(
            child, [(part, [(voice.channel, voice.key)])], by=desk.office
        )
    assert refused.value.reasons[0].code == "appeal_elsewhere"
    assert desk.flow.items.tally(parent).appeals == 25
    desk.flow.items.split(child, [(part, [])], by=desk.office)
    split = desk.flow.items.list()[-1].number
    assert desk.flow.items.tally(split) == Tally()


def test_the_whole_chain_is_inherited(desk: Desk) -> None:
    _, second = successor(desk)
    desk.link_appeals(second, 2)
    desk.screen(second)
    for step in (desk.judge, desk.star, desk.enlist, desk.assign):
        step(second)
    _, third = desk.flow.items.carry_over(second, by=desk.operator)
    tally = desk.flow.items.tally(third.number)
    assert (tally.appeals, tally.inherited) == (27, 27)
    assert desk.screen(third.number).state is State.SCREENED
    assert door_of(desk.flow).read(verify).findings == ()


def advised(desk: Desk, number: str, recommended: Recommendation) -> str:
    """Advise on a running item, and let the office decide for it."""
    desk.flow.items.advise(number, recommended, by=desk.operator)
    key = desk.flow.advice.list(item=number)[0].key
    more: dict[str, Any] = {"what": "加派人员", "unit": UNIT, "mended_by": desk.today()}
    more = more if recommended is Recommendation.IMPROVE else {}
    return desk.flow.advice.adopt(key, "同意", **more, by=desk.office).key


def test_the_result_of_the_parent_counts_in_screening_and_stars(desk: Desk) -> None:
    parent = desk.bring(State.ASSIGNED).number
    desk.report(parent, 10)
    key = advised(desk, parent, Recommendation.CONTINUE)
    _, made = desk.flow.items.carry_over(parent, by=desk.operator)
    child = made.number
    shown = desk.flow.items.screening(child, SCORES).verdict
    before = desk.flow.items.get(parent)
    assert shown is not None
    assert shown.inputs["parent_source"] == key
    # A fifth of the score is the parent's result, 100, the rest what it scored itself.
    assert (
        Decimal(shown.score or 0) == Decimal(before.screening_score or 0) * 8 / 10 + 20
    )
    assert "interim_counted" in {reason.code for reason in shown.reasons}
    desk.screen(child)
    desk.judge(child)
    level = dict.fromkeys(Dimension, 70)
    seen = desk.flow.items.starring(child, level).verdict
    assert seen is not None
    assert seen.score == "76.00"
    points = [each.values for each in seen.reasons if each.code == "strength_part"]
    assert sum(Decimal(str(each["points"])) for each in points) == 70
    [missing] = [each.values for each in seen.reasons if each.code == "next_star"]
    assert missing == {"stars": 5, "short": "9.00"}
    item = desk.star(child, 70)
    assert (item.perceived_benefit, item.stars) == ("76.00", 4)
    assert desk.flow.items.strength(child) == seen
    with desk.flow.snapshot() as now:
        page = item_page(now, child)
        assert "距5星还差9.00分" in page.strength
        facts = dict(item_facts(now, item))
    beside = {line.label: (line.before, line.own) for line in page.beside}
    assert beside["编号"] == (parent, child)
    assert beside["惠民有感强度"] == (before.perceived_benefit, "76.00")
    assert beside["调整建议"][0].startswith("继续实施")
    assert facts["构成"] == page.strength[-1]
    assert door_of(desk.flow).read(verify).findings == ()


def test_what_was_stopped_goes_on_neither_on_a_list_nor_through_a_screening(
    desk: Desk,
) -> None:
    parent, child = successor(desk)
    advised(desk, parent, Recommendation.STOP)
    shown = desk.flow.items.screening(child, SCORES)
    assert shown.step is Step.REJECT
    assert shown.verdict is not None
    assert "parent_stopped" in {reason.code for reason in shown.verdict.reasons}
    advised(desk, parent, Recommendation.IMPROVE)
    desk.screen(child)
    desk.judge(child)
    advised(desk, parent, Recommendation.STOP)
    with pytest.raises(StepRefused) as refused:
        desk.star(child)
    assert "parent_stopped" in {reason.code for reason in refused.value.reasons}
    assert desk.flow.items.get(child).state is State.JUDGED
    assert door_of(desk.flow).read(verify).findings == ()


def test_grounds_say_what_is_not_known_and_what_does_well(desk: Desk) -> None:
    plan = desk.plan()
    (task, *rest) = plan.tasks
    bare = replace(task, indicators=(), unmeasured="只能定性")
    number = desk.bring(State.LISTED).number
    desk.assign(number, replace(plan, tasks=(bare, *rest)))
    desk.clock.advance(timedelta(days=3))
    at = desk.clock.now() - timedelta(days=1)
    good = [rating(n, RatingLevel.SATISFIED, at=at) for n in range(40)]
    desk.flow.ratings.add(good, by=desk.office)
    grounds = desk.flow.items.grounds(number)
    codes = {reason.code for reason in grounds.reasons}
    assert {AdviceCode.PROGRESS_UNKNOWN, AdviceCode.SATISFACTION_REACHES} <= codes
    assert grounds.passed


def test_who_verified_without_a_word_stands_behind_a_dash() -> None:
    known = Advice(
        key="advice/2026-000001/1",
        item="2026-000001",
        unit="500101",
        state=AdviceState.MENDED,
        recommendation=Recommendation.IMPROVE,
        verdict=Verdict(rule="advising", revision=1, passed=True, inputs={}),
        advised_on=date(2026, 1, 2),
        verified_by="office-1",
    )
    assert dict(advice_lines(known, {}, {}))["核实"] == "—(office-1)"
