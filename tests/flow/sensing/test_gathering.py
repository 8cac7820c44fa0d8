"""Appeals of one problem come together: by the rule, by people, and back (A6, N7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.reasons import Code, GatheringCode, InputCode
from huimin_flow.catalogue.terms import Area, Gathering, Origin, State
from huimin_flow.clock import local_day
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.sensing.items import Demand
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.store.core.tables import POSTINGS
from huimin_flow.testing import UNIT, Desk

Pair = tuple[str, str]

#: Three tell of one problem, one of the same estate, one of nothing like it.
WAGES = (
    "金域华庭工地拖欠木工班组工资",
    "金域华庭项目木工班组三十人,从春节到现在工资没有发过",
)
AGAIN = (
    "金域华庭工地拖欠木工工资",
    "金域华庭项目木工班组的工资从春节到现在没有发过,求解决",
)
ALIKE = "金域华庭工地夜间施工噪音", "金域华庭项目工地晚上十二点还在施工,住户睡不着觉"
OTHER = "社保卡补办在哪里", "请问社会保障卡丢失以后到哪个网点补办,需要带什么"


def take(
    desk: Desk,
    *told: tuple[str, str],
    channel: str = "hotline_12333",
    first: int = 1,
    district: str = UNIT,
) -> list[Pair]:
    appeals = [
        Appeal(
            key=f"G{number}",
            channel=channel,
            who=f"p{number}",
            district=district,
            title=title,
            text=text,
            at=desk.clock.now() - timedelta(hours=50 - number),
        )
        for number, (title, text) in enumerate(told, first)
    ]
    intake = desk.flow.appeals.add_all(appeals, by=desk.office)
    assert not intake.refused
    return [(channel, appeal.key) for appeal in appeals]


def test_a_great_batch_keeps_the_postings_that_small_ones_keep(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = WAGES, ("", "第3号线G2栋,𠮷先生😀"), OTHER
    take(desk, *told)
    monkeypatch.setattr("huimin_flow.store.sensing.gathering._MANY", 3)
    take(desk, *told, first=11)
    query = sa.select(POSTINGS.c.body).order_by(POSTINGS.c.batch, POSTINGS.c.line)
    bodies = door_of(desk.flow).read(lambda c: c.execute(query).scalars().all())
    small, great = bodies[:3], bodies[3:]
    assert small == great
    assert all(small)


def demand(title: str = "欠薪") -> Demand:
    return Demand(
        title=title, origin=Origin.PROBLEM, area=Area.LABOR_RELATIONS, unit=UNIT
    )


def held(desk: Desk) -> None:
    assert door_of(desk.flow).ask(lambda work: verify(work.connection)).findings == ()


def test_appeals_of_one_problem_come_together_and_others_stay_apart(desk: Desk) -> None:
    first, again, alike, other = take(desk, WAGES, AGAIN, ALIKE, OTHER)
    run = desk.flow.gathering.run(by=desk.office)
    assert (run.compared, run.linked, run.proposed, run.new) == (4, 1, 1, 2)
    problems = desk.flow.gathering.groups()
    assert [(each.group, each.appeals) for each in problems] == [
        (first, 2), (alike, 1), (other, 1),
    ]  # fmt: skip
    (proposal,) = desk.flow.gathering.list()
    assert (proposal.appeal, proposal.group, proposal.unit) == (alike, first, UNIT)
    assert desk.flow.gathering.run(by=desk.office).compared == 0
    (why,) = desk.flow.gathering.explain(again)
    assert (why.outcome, why.near, why.actor) == (Gathering.LINK, first, desk.office.id)
    assert [reason.code for reason in why.reasons] == [GatheringCode.REACHES]
    held(desk)


def test_a_new_appeal_joins_the_open_item_also_while_it_runs(desk: Desk) -> None:
    (first,) = take(desk, WAGES)
    desk.flow.gathering.run(by=desk.office)
    item = desk.flow.gathering.collect(first, demand(), by=desk.office)
    assert desk.flow.items.tally(item.number).appeals == 1
    running = desk.bring(State.ASSIGNED)
    desk.flow.appeals.link(running.number, [first], by=desk.office)
    (again,) = take(desk, AGAIN, first=2)
    assert desk.flow.gathering.run(by=desk.office).linked == 1
    assert desk.flow.appeals.trail(again[1]).appeal.item == running.number
    held(desk)


def test_a_merged_item_passes_appeals_on_and_an_ended_one_takes_none(
    desk: Desk,
) -> None:
    (first,) = take(desk, WAGES)
    desk.flow.gathering.run(by=desk.office)
    item = desk.flow.gathering.collect(first, demand(), by=desk.office)
    into = desk.flow.items.collect(demand("欠薪二"), by=desk.office)
    desk.flow.items.merge(item.number, into.number, by=desk.office)
    (again,) = take(desk, AGAIN, first=2)
    assert desk.flow.gathering.run(by=desk.office).linked == 1
    assert desk.flow.appeals.trail(again[1]).appeal.item == into.number
    desk.flow.items.reject(into.number, "duplicate", by=desk.office)
    (third,) = take(desk, AGAIN, first=3)
    assert desk.flow.gathering.run(by=desk.office).new == 1
    assert desk.flow.appeals.trail(third[1]).appeal.item is None


def test_a_group_becomes_an_item_with_all_its_appeals_by_one_act(desk: Desk) -> None:
    first, again, _ = take(desk, WAGES, AGAIN, OTHER)
    desk.flow.gathering.run(by=desk.office)
    item = desk.flow.gathering.collect(again, demand(), by=desk.office)
    assert desk.flow.items.tally(item.number).appeals == 2
    assert desk.flow.appeals.trail(first[1]).appeal.item == item.number
    with pytest.raises(InputRefused) as refused:
        desk.flow.gathering.collect(again, demand(), by=desk.office)
    assert refused.value.code == InputCode.GATHERED_LINKED
    held(desk)


def test_yes_links_no_ends_and_later_puts_behind(desk: Desk) -> None:
    first, _, alike = take(desk, WAGES, AGAIN, ALIKE)
    second = take(
        desk, ("金域华庭工地围挡占道", "金域华庭项目工地的围挡占了人行道"), first=9
    )
    desk.flow.gathering.run(by=desk.office)
    gathering, by = desk.flow.gathering, desk.office
    asked = [(each.appeal, each.near) for each in gathering.list()]
    assert {pair for pair, _ in asked} == {alike, *second}
    near = asked[0][1]
    gathering.later(alike, near, by=by)
    assert gathering.list()[-1].later == 1
    before = gathering.count()
    gathering.no(alike, near, by=by)
    assert gathering.count() == before - 1
    with pytest.raises(InputRefused) as refused:
        gathering.yes(alike, near, by=by)
    assert refused.value.code == InputCode.NOT_PROPOSED
    item = gathering.collect(first, demand(), by=by)
    mine = [each for each in gathering.list() if each.appeal == second[0]]
    made = gathering.yes(second[0], mine[0].near, by=by)
    expected = item.number if mine[0].near != alike else None
    assert (made.number if made else None) == expected
    assert not [each for each in gathering.list() if each.appeal == second[0]]
    held(desk)


def test_an_undone_link_stands_alone_and_is_never_proposed_again(desk: Desk) -> None:
    first, again = take(desk, WAGES, AGAIN)
    gathering, by = desk.flow.gathering, desk.office
    gathering.run(by=by)
    gathering.undo(again, by=by)
    with pytest.raises(InputRefused) as refused:
        gathering.undo(again, by=by)
    assert refused.value.code == InputCode.NOT_GATHERED
    assert [each.appeals for each in gathering.groups()] == [1, 1]
    item = gathering.collect(first, demand(), by=by)
    third, fourth = take(desk, AGAIN, WAGES, first=3)
    gathering.run(by=by)
    assert {each.appeal for each in gathering.list()} & {again} == set()
    outcomes = [each.outcome for each in gathering.explain(again)]
    assert outcomes == [Gathering.LINK, Gathering.UNDO]
    linked = [
        pair
        for pair in (third, fourth)
        if desk.flow.appeals.trail(pair[1]).appeal.item == item.number
    ]
    for pair in linked:
        gathering.undo(pair, by=by)
        assert desk.flow.appeals.trail(pair[1]).appeal.item is None
    held(desk)


def test_who_may_not_link_for_the_place_answers_nothing(desk: Desk) -> None:
    take(desk, WAGES, ALIKE)
    desk.flow.gathering.run(by=desk.office)
    (asked,) = desk.flow.gathering.list()
    stranger = desk.actor("op-500102")
    with pytest.raises(StepRefused):
        desk.flow.gathering.no(asked.appeal, asked.near, by=stranger)
    with pytest.raises(StepRefused) as refused:
        desk.flow.gathering.run(by=stranger)
    assert [why.code for why in refused.value.reasons] == [Code.DUTY_NOT_CITY_WIDE]
    assert desk.flow.gathering.list(unit="500102") == ()
    desk.flow.gathering.no(asked.appeal, asked.near, by=desk.actor(f"op-{UNIT}"))


def test_a_person_who_is_erased_leaves_no_postings(desk: Desk) -> None:
    first, _ = take(desk, WAGES, AGAIN)
    desk.flow.gathering.run(by=desk.office)

    def left() -> int:
        query = sa.select(sa.func.count()).select_from(POSTINGS)
        return door_of(desk.flow).ask(
            lambda work: work.connection.execute(query).scalar_one()
        )

    assert left() == 2
    subject = "=".join(first)
    desk.flow.appeals.erase(subject, "本人要求", by=desk.office, second=desk.second)
    assert left() == 1
    assert [each.appeals for each in desk.flow.gathering.groups()] == [2]
    held(desk)


def test_merging_items_hides_no_repeat(desk: Desk) -> None:
    told = [(f"{WAGES[0]}", f"{WAGES[1]} {k}") for k in range(3)]
    pairs = take(desk, *told)
    pairs += take(desk, *told, channel="media", first=4)
    flow, by = desk.flow, desk.office
    one, two = (flow.items.collect(demand(), by=by).number for _ in range(2))
    flow.appeals.link(one, pairs[:3], by=by)
    flow.appeals.link(two, pairs[3:], by=by)
    assert not flow.gathering.repeat(one).passed
    assert flow.gathering.repeating() == ()
    flow.items.merge(one, two, by=by)
    verdict = flow.gathering.repeat(two)
    assert verdict.passed
    assert verdict.inputs["appeals"] == 6
    (found,) = flow.gathering.repeating()
    assert (found.problem.item, found.problem.channels) == (
        two, {"hotline_12333": 3, "media": 3},
    )  # fmt: skip
    assert not flow.gathering.repeat(
        two, until=desk.today() + timedelta(days=91)
    ).passed


def test_a_matter_of_the_whole_city_takes_up_what_other_districts_say(
    desk: Desk,
) -> None:
    (first,) = take(desk, WAGES)
    everywhere = replace(demand(), unit="DIV-GXC")
    item = desk.flow.items.collect(everywhere, by=desk.office)
    desk.flow.appeals.link(item.number, [first], by=desk.office)
    take(desk, AGAIN, first=2, district="500102")
    assert desk.flow.gathering.run(by=desk.office).linked == 1
    held(desk)


def test_a_hot_problem_counts_what_is_likely_and_its_trend(desk: Desk) -> None:
    """Nobody has confirmed a proposal yet, and the problem is hot already."""
    longer = "金域华庭木工讨薪", "木工班组三十人在金域华庭干了一冬,到现在一分钱没有拿到"
    first, _, likely, other = take(desk, WAGES, AGAIN, longer, OTHER)
    desk.flow.gathering.run(by=desk.office)
    hottest, alone = desk.flow.gathering.groups()
    assert desk.flow.gathering.count_groups() == 2
    assert (hottest.group, hottest.appeals, hottest.likely) == (first, 3, 1)
    assert (hottest.people, hottest.places, hottest.before) == (3, 1, 0)
    assert (alone.group, alone.appeals, alone.likely) == (other, 1, 0)
    (proposal,) = desk.flow.gathering.list()
    assert proposal.appeal == likely
    desk.flow.gathering.no(likely, proposal.near, by=desk.office)
    assert [each.appeals for each in desk.flow.gathering.groups()] == [2, 1, 1]
    take(desk, AGAIN, first=49)
    desk.flow.gathering.run(by=desk.office)
    since = local_day(desk.clock.now() - timedelta(hours=1))
    (lately,) = desk.flow.gathering.groups(since, since + timedelta(days=3))
    assert (lately.group, lately.appeals, lately.before) == (first, 1, 2)


def test_what_many_people_tell_comes_before_what_one_tells_often(desk: Desk) -> None:
    often = [
        Appeal(
            key=f"H{number}", channel="media", who="p9", district=UNIT, title=OTHER[0],
            text=OTHER[1], at=desk.clock.now() - timedelta(hours=number),
        )
        for number in range(1, 4)
    ]  # fmt: skip
    desk.flow.appeals.add_all(often, by=desk.office)
    take(desk, WAGES, AGAIN)
    desk.flow.gathering.run(by=desk.office)
    counts = [(each.people, each.appeals) for each in desk.flow.gathering.groups()]
    assert counts == [(2, 2), (1, 3)]


def test_the_service_compares_what_waits_and_the_audit_holds_it(desk: Desk) -> None:
    pairs = take(desk, WAGES, AGAIN)
    assert desk.flow.gathering.run(by=desk.scheduler).linked == 1
    (why,) = desk.flow.gathering.explain(pairs[1])
    assert why.actor == desk.scheduler.id
    held(desk)
