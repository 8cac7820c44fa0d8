"""A voice is followed from the day it was heard to what was done about it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from huimin_flow.catalogue.terms import Area, Origin, Recommendation, State, Step, Tie
from huimin_flow.clock import at_hour
from huimin_flow.errors import InputRefused, NotFound
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.sensing.items import Demand
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.sensing.appeals import Trail
from huimin_flow.store.sensing.appeals import of_key
from huimin_flow.testing import UNIT, Desk


def ways(found: Trail) -> list[tuple[Tie, str, str]]:
    return [(one.tie, one.of, one.number) for one in found.items]


def test_a_voice_leads_to_its_item_its_lists_and_its_result(desk: Desk) -> None:
    item = desk.collect()
    voice = desk.link_appeals(item.number)[0]
    desk.clock.set(at_hour(date(2023, 10, 20), 9))
    desk.screen(item.number)
    desk.judge(item.number)
    desk.star(item.number)
    desk.enlist(item.number)
    found = desk.flow.appeals.trail(voice.key)
    assert found.appeal.at == voice.at
    assert found.kept_at == found.linked_at == at_hour(date(2023, 10, 9), 10)
    (one,) = found.items
    assert (one.tie, one.number, one.unit) == (Tie.HANGS, item.number, UNIT)
    assert one.state is State.LISTED
    assert one.lists == (f"list/2099/{UNIT}", "list/2099/city")
    assert one.evaluation_passed is None
    assert [step.step for step in one.steps] == [
        Step.COLLECT, Step.SCREEN, Step.JUDGE, Step.STAR, Step.ENLIST,
    ]  # fmt: skip
    assert one.steps[1].day == date(2023, 10, 20)
    desk.assign(item.number)
    desk.execute(item.number)
    desk.evaluate(item.number)
    desk.adjust(item.number)
    (one,) = desk.flow.appeals.trail(voice.key).items
    assert (one.evaluation_passed, one.satisfaction) == (True, "92.00")
    assert one.recommendation is Recommendation.CONTINUE


def test_a_voice_goes_on_with_what_came_of_its_item(desk: Desk) -> None:
    item = desk.bring(State.ASSIGNED)
    voice = desk.flow.appeals.list(item=item.number, limit=1)[0]
    _, heir = desk.flow.items.carry_over(item.number, by=desk.office)
    demand = Demand(
        title="执行中发现的差距", origin=Origin.POLICY, area=Area.EMPLOYMENT,
        unit=UNIT, arises_from=item.number,
    )  # fmt: skip
    born = desk.flow.items.collect(demand, by=desk.operator)
    assert ways(desk.flow.appeals.trail(voice.key)) == [
        (Tie.HANGS, "", item.number),
        (Tie.CONTINUES, item.number, heir.number),
        (Tie.ARISES_FROM, item.number, born.number),
    ]


def test_a_merged_items_voice_goes_into_the_other(desk: Desk) -> None:
    item = desk.collect()
    voice = desk.link_appeals(item.number, 1)[0]
    merged = desk.merge(item.number)
    assert ways(desk.flow.appeals.trail(voice.key)) == [
        (Tie.HANGS, "", item.number),
        (Tie.MERGED_INTO, item.number, str(merged.merged_into)),
    ]


def test_a_voice_on_no_item_is_shown_and_found_among_the_loose(desk: Desk) -> None:
    desk.link_appeals(desk.collect().number, 2)
    alone = desk.appeals(1)[0]
    desk.flow.appeals.add_all([alone], by=desk.office)
    found = desk.flow.appeals.trail(alone.key)
    assert (found.linked_at, found.items) == (None, ())
    assert [one.key for one in desk.flow.appeals.list(loose=True)] == [alone.key]
    assert len(desk.flow.appeals.list()) == 3
    assert len(desk.flow.appeals.list(limit=2)) == 2
    assert [one.key for one in desk.flow.appeals.list(channel=alone.channel)] == [
        alone.key
    ]


def test_no_answer_tells_who_spoke_or_what_was_said(desk: Desk) -> None:
    item = desk.collect()
    voice = replace(desk.appeals(1)[0], who="p-geheim", text="单独的一句话")
    desk.flow.appeals.add_all([voice], by=desk.office)
    desk.flow.appeals.link(item.number, [(voice.channel, voice.key)], by=desk.office)
    answers = (desk.flow.appeals.trail(voice.key), desk.flow.appeals.list())
    told = json.dumps(to_plain(answers), ensure_ascii=False)
    assert voice.key in told
    assert voice.who not in told
    assert voice.text not in told


def test_a_key_that_two_channels_gave_asks_for_the_channel(desk: Desk) -> None:
    voice = desk.appeals(1)[0]
    other = replace(voice, channel="hotline_12333")
    desk.flow.appeals.add_all([voice, other], by=desk.office)
    with pytest.raises(InputRefused) as refused:
        desk.flow.appeals.trail(voice.key)
    assert "hotline_12333" in str(refused.value)
    assert voice.channel in str(refused.value)
    found = desk.flow.appeals.trail(voice.key, channel="hotline_12333")
    assert found.appeal.channel == "hotline_12333"


def test_a_key_is_found_in_every_channel_ever_heard_without_reading_every_voice(
    desk: Desk,
) -> None:
    """Also where a channel has since been taken off the rulebook."""
    spoken = desk.appeals(1)[0]
    voices = [
        replace(spoken, key=f"V{number}", channel=channel)
        for channel in ("hotline_12333", "online_politics", "letters_visits")
        for number in range(3)
        if (channel, number) not in {("letters_visits", 1), ("hotline_12333", 2)}
    ]
    desk.flow.appeals.add_all(voices, by=desk.office)
    book = desk.flow.rulebook.active()
    kept = tuple(one for one in book.channels.intake if one.key != "letters_visits")
    fewer = replace(book, channels=replace(book.channels, intake=kept))
    desk.flow.rulebook.activate(fewer, by=desk.office, second=desk.second)
    asked: list[tuple[str, Any]] = []

    def found(connection: sa.Connection, key: str) -> set[str]:
        sa.event.listen(
            connection,
            "before_cursor_execute",
            lambda _c, _k, query, values, _x, _m: asked.append((query, values)),
        )
        return {one.appeal.channel for one in of_key(connection, key)}

    whole = {"hotline_12333", "online_politics", "letters_visits"}
    for key, channels in (
        ("V0", whole),
        ("V1", whole - {"letters_visits"}),
        ("V9", set()),
    ):
        assert door_of(desk.flow).read(partial(found, key=key)) == channels
    assert door_of(desk.flow).read(partial(found, key="V2")) == whole - {
        "hotline_12333"
    }
    query, values = next(one for one in asked if "V0" in str(one[1]))
    if "?" in query:
        plan = door_of(desk.flow).read(
            lambda c: c.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values).all()
        )
        told = [row[-1] for row in plan]
        assert not [one for one in told if one.startswith("SCAN huimin_appeal")], told
        assert [one for one in told if one.endswith("(channel=? AND key=?)")], told


def test_what_cannot_be_asked_is_refused(file_desk: Desk) -> None:
    flow = file_desk.flow
    with pytest.raises(NotFound, match="没有编号为“X”的诉求"):
        flow.appeals.trail("X")
    with pytest.raises(NotFound):
        flow.appeals.list(item="2099-000001")
    for limit in (0, 1001):
        with pytest.raises(InputRefused):
            flow.appeals.list(limit=limit)
    number = file_desk.collect().number
    with pytest.raises(InputRefused):
        flow.appeals.list(item=number, loose=True)
