"""Whole groups of appeals come together, and stay together when they move (A6)."""

from __future__ import annotations

import pytest

from huimin_flow.catalogue.reasons import GatheringCode, InputCode
from huimin_flow.catalogue.terms import Gathering
from huimin_flow.errors import InputRefused
from huimin_flow.testing import Desk

from .test_gathering import AGAIN, ALIKE, OTHER, WAGES, demand, held, take

#: The same trouble as WAGES in words that nothing finds.
APART = "老板跑了", "干了一冬没有领到一分钱,班组的人都在找包工头"


def sizes(desk: Desk) -> list[int]:
    return [each.appeals - each.likely for each in desk.flow.gathering.groups()]


def test_a_yes_brings_the_whole_group_and_says_before_how_many(desk: Desk) -> None:
    """Of four that were together none is left alone, and one undo takes all back."""
    gathering, by = desk.flow.gathering, desk.office
    first, _ = take(desk, ALIKE, ALIKE)
    later = take(desk, WAGES, AGAIN, first=9)
    gathering.run(by=by)
    (asked,) = gathering.list()
    assert (asked.appeal, asked.together, sizes(desk)) == (later[0], 2, [2, 2])
    with pytest.raises(InputRefused) as refused:
        gathering.yes(asked.appeal, asked.near, expected=1, by=by)
    assert refused.value.code == InputCode.GATHERED_MOVED
    gathering.yes(asked.appeal, asked.near, expected=2, by=by)
    assert sizes(desk) == [4]
    assert {each.key for each in gathering.members(later[1])} == {
        *(key for _, key in later), first[1], "G2",
    }  # fmt: skip
    gathering.undo(later[0], by=by)
    assert sizes(desk) == [2, 2]
    assert len(gathering.members(later[1])) == 2
    held(desk)


def test_a_link_of_one_of_a_group_brings_the_others_to_the_item(desk: Desk) -> None:
    gathering, by = desk.flow.gathering, desk.office
    first, again, other = take(desk, WAGES, AGAIN, OTHER)
    gathering.run(by=by)
    item = desk.flow.items.collect(demand(), by=by).number
    assert desk.flow.appeals.link(item, [first, other], by=by).appeals == 3
    assert gathering.members(again) == ()
    desk.flow.appeals.unlink(item, [again], by=by)
    assert len(gathering.members(again)) == 1  # not with those that are away
    gathering.undo(first, by=by)
    assert desk.flow.appeals.trail(first[1]).appeal.item is None
    held(desk)


def test_two_groups_are_joined_that_nothing_proposes_and_a_no_is_taken_back(
    desk: Desk,
) -> None:
    gathering, by = desk.flow.gathering, desk.office
    first, again, apart, _ = take(desk, WAGES, AGAIN, APART, APART)
    (noise,) = take(desk, ALIKE, first=9)
    gathering.run(by=by)
    assert sizes(desk) == [2, 2, 1]
    (asked,) = gathering.list()
    gathering.no(noise, asked.near, by=by)
    assert gathering.join(noise, asked.near, by=by) is None
    with pytest.raises(InputRefused) as refused:
        gathering.join(noise, first, by=by)
    assert refused.value.code == InputCode.GATHERED_TOGETHER
    assert gathering.join(apart, again, expected=2, by=by) is None
    assert sizes(desk) == [5]
    with pytest.raises(InputRefused) as refused:
        gathering.collect(first, demand(), expected=4, by=by)
    assert refused.value.code == InputCode.GATHERED_MOVED
    item = gathering.collect(first, demand(), expected=5, by=by)
    with pytest.raises(InputRefused) as refused:
        gathering.join(apart, first, by=by)
    assert refused.value.code == InputCode.GATHERED_LINKED
    assert desk.flow.items.tally(item.number).appeals == 5
    held(desk)


def test_without_its_first_appeal_a_group_stays_together(desk: Desk) -> None:
    gathering, by = desk.flow.gathering, desk.office
    first, again, third = take(desk, WAGES, AGAIN, WAGES)
    gathering.run(by=by)
    gathering.undo(first, by=by)
    assert sizes(desk) == [2, 1]
    assert [each.key for each in gathering.members(third)] == [third[1], again[1]]
    held(desk)


def test_undo_leaves_what_a_person_placed(desk: Desk) -> None:
    gathering, by = desk.flow.gathering, desk.office
    first, again = take(desk, WAGES, AGAIN)
    gathering.run(by=by)
    item = gathering.collect(first, demand(), by=by).number
    _, child = desk.flow.items.split(item, [(demand("甲"), [again])], by=by)
    with pytest.raises(InputRefused) as refused:
        gathering.undo(again, by=by)
    assert refused.value.code == InputCode.NOT_GATHERED
    assert desk.flow.appeals.trail(again[1]).appeal.item == child.number
    outcomes = [each.outcome for each in gathering.explain(again)]
    assert outcomes == [Gathering.LINK, Gathering.COLLECT]


def test_unmerging_takes_along_what_came_by_way_of_the_item(desk: Desk) -> None:
    flow, by = desk.flow, desk.office
    first, other = take(desk, WAGES, OTHER)
    flow.gathering.run(by=by)
    item = flow.gathering.collect(first, demand(), by=by).number
    into = flow.gathering.collect(other, demand("补卡"), by=by).number
    flow.items.merge(item, into, by=by)
    again, card = take(desk, AGAIN, OTHER, first=9)
    flow.gathering.run(by=by)
    trail = flow.appeals.trail
    assert {trail(pair[1]).appeal.item for pair in (again, card)} == {into}
    flow.items.unmerge(item, by=by)
    assert [trail(pair[1]).appeal.item for pair in (again, card)] == [item, into]
    assert flow.gathering.explain(again)[-1].near == first
    held(desk)


def test_each_proposal_has_its_own_reasons(desk: Desk) -> None:
    take(desk, ALIKE, LINE)
    take(desk, (LINE[0][5:], ALIKE[1]), first=9)
    desk.flow.gathering.run(by=desk.office)
    told = desk.flow.gathering.explain(("hotline_12333", "G9"))
    assert len(told) == 2
    assert told[0].reasons != told[1].reasons
    assert told[1].margin == told[1].score - told[0].score
    assert told[1].reasons[0].code == GatheringCode.BEHIND


def test_hot_problems_add_up_nothing_that_the_linker_holds_apart(desk: Desk) -> None:
    """Another line of the metro is another problem, and so is another district."""
    nine = (LINE[0].replace("3", "9"), LINE[1].replace("3", "9"))
    take(desk, LINE, LINE, nine)
    take(desk, LINE, first=9, district="500102")
    desk.flow.gathering.run(by=desk.office)
    assert {each.likeness.heading_others for each in desk.flow.gathering.list()} >= {1}
    found = desk.flow.gathering.groups()
    assert [(each.appeals, each.likely) for each in found] == [(2, 0), (1, 0), (1, 0)]


LINE = "地铁3号线工地农民工工资没发", "地铁3号线标段二十名农民工四个月没有领到工资"
