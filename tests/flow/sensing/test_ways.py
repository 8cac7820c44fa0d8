"""The way of appeals from intake to result: each step once, in order, by whom."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

from huimin_flow.catalogue.terms import (
    AnswerStep,
    Gathering,
    Role,
    State,
    Step,
    WayPart,
)
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.sensing.appeals import WayCount, WayStep
from huimin_flow.testing import UNIT, Desk
from tests.flow.sensing.test_answers import MONDAY, appeal

P = WayPart


def parts(way: tuple[WayStep, ...]) -> list[tuple[WayPart, object]]:
    return [(s.part, s.gathered or s.answer or s.step) for s in way]


def test_an_appeals_way_has_each_step_once_with_who_took_it(desk: Desk) -> None:
    flow = desk.flow
    flow.appeals.add(appeal(), by=desk.office)
    number = desk.collect().number
    pair = ("hotline_12333", "k")
    desk.clock.advance(timedelta(days=1))
    flow.appeals.link(number, [pair], by=desk.office)
    desk.clock.advance(timedelta(days=1))
    flow.appeals.unlink(number, [pair], by=desk.operator)
    flow.appeals.link(number, [pair], by=desk.operator)
    desk.clock.advance(timedelta(days=1))
    desk.screen(number)
    flow.answers.give("k", "正在办理。", by=desk.operator)
    way = flow.appeals.trail("k").way
    assert parts(way) == [
        (P.HEARD, None),
        (P.KEPT, None),
        (P.LINKED, None),
        (P.UNLINKED, None),
        (P.LINKED, None),
        (P.ITEM, Step.REJECT),
        (P.ANSWER, AnswerStep.ANSWER),
    ]
    kept, linked, screened, answered = way[1], way[2], way[5], way[6]
    assert (kept.actor, kept.roles, kept.unit) == (
        desk.office.id, (Role.OFFICE,), "OFFICE",
    )  # fmt: skip
    assert (linked.item, linked.day) == (number, MONDAY + timedelta(days=1))
    assert (screened.item, screened.state) == (number, State.REJECTED)
    assert (answered.actor, answered.unit) == (desk.operator.id, UNIT)


def test_what_the_rule_brought_together_says_why_and_is_one_step(desk: Desk) -> None:
    flow = desk.flow
    text = "区零工市场没有候工棚,下雨天大家只能在路边淋雨等活,请尽快搭建"
    flow.appeals.add(appeal("a", text=text, title=text), by=desk.office)
    number = desk.collect().number
    flow.appeals.link(number, [("hotline_12333", "a")], by=desk.office)
    flow.gathering.run(by=desk.office)
    flow.appeals.add(appeal("b", who="p2", text=text, title=text), by=desk.office)
    flow.gathering.run(by=desk.office)
    linked = [s for s in flow.appeals.trail("b").way if s.part is P.LINKED]
    assert [(s.gathered, s.item) for s in linked] == [(Gathering.LINK, number)]
    assert linked[0].reasons
    assert linked[0].near == ("hotline_12333", "a")
    flow.gathering.undo(("hotline_12333", "b"), by=desk.office)
    way = flow.appeals.trail("b").way
    assert [s.part for s in way][-2:] == [P.LINKED, P.UNLINKED]


def counted(ways: tuple[WayCount, ...]) -> list[tuple[WayPart, object, int, int]]:
    return [
        (w.part, w.gathered or w.answer or w.step, w.count, w.overdue) for w in ways
    ]


def test_an_items_appeals_are_counted_from_intake_to_answer(desk: Desk) -> None:
    flow = desk.flow
    told = [appeal(k, who=k) for k in ("a", "b", "c")]
    told.append(replace(appeal("d"), channel="media"))
    flow.appeals.add_all(told, by=desk.office)
    number = desk.collect().number
    assert flow.appeals.ways(number) == ()
    flow.appeals.link(number, [(t.channel, t.key) for t in told], by=desk.office)
    flow.answers.give("a", "已办。", by=desk.operator)
    desk.clock.advance(timedelta(days=30))
    ways = flow.appeals.ways(number)
    assert counted(ways) == [
        (P.HEARD, None, 4, 0),
        (P.KEPT, None, 4, 0),
        (P.LINKED, None, 4, 0),
        (P.ITEM, Step.COLLECT, 0, 0),
        (P.ANSWER, AnswerStep.ANSWER, 1, 0),
        (P.ANSWER, None, 3, 3),
    ]
    assert (ways[0].channels, ways[0].first) == (2, date(2023, 10, 9))
    said = json.dumps(to_plain(ways))
    assert "hotline" not in said
    merged = desk.merge(number)
    into = str(merged.merged_into)
    assert flow.appeals.ways(into)[0].count >= 4
