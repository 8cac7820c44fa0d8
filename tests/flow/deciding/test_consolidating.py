"""The areas' proposals, and the city's list that consolidates them (C1, C3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.reasons import Code, DecisionCode, InputCode, PublicationCode
from huimin_flow.catalogue.terms import (
    Area,
    ChangeKind,
    EditionState,
    Origin,
    Role,
    State,
)
from huimin_flow.clock import at_hour
from huimin_flow.errors import HuiminError, InputRefused, StepRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.sensing.items import Demand
from huimin_flow.testing import UNIT, Desk
from huimin_flow.timetable.ledger import tick
from tests.flow.scoring.test_charts import sealed

if TYPE_CHECKING:
    from collections.abc import Callable

    from huimin_flow.model.core.organization import Actor

KEY, TALENT, CITY = "list/2024/employment", "list/2024/talent", "list/2024/city"


def starred(desk: Desk, title: str, area: Area = Area.EMPLOYMENT) -> str:
    demand = Demand(title=title, origin=Origin.PROBLEM, area=area, unit=UNIT)
    by = desk.post(Role.OPERATOR, UNIT)
    number = desk.flow.items.collect(demand, by=by).number
    desk.link_appeals(number)
    desk.screen(number)
    desk.judge(number)
    return desk.star(number).number


def frozen(desk: Desk, count: int = 3) -> list[str]:
    """Freeze the lists with items of employment, and one of talent at the end."""
    numbers = [starred(desk, f"事项{n}") for n in range(count)]
    numbers.append(starred(desk, "人才", Area.TALENT))
    desk.clock.set(at_hour(date(2023, 12, 18), 9))
    tick(desk.flow, desk.clock.now())
    return numbers


def heads(desk: Desk) -> tuple[Actor, Actor]:
    """Return the heads of the lead units of employment and of talent."""
    post = desk.post
    return post(Role.UNIT_HEAD, "DIV-JYC"), post(Role.UNIT_HEAD, "DIV-RCB")


def order(desk: Desk, key: str) -> list[str]:
    return [place.item for place in desk.flow.lists.get(key).places]


def why(act: Callable[[], object]) -> str:
    with pytest.raises(HuiminError) as refused:
        act()
    return refused.value.reasons[0].code


def test_what_the_lead_units_propose_becomes_the_citys_list(desk: Desk) -> None:
    first, second, third, talent = frozen(desk)
    lists, (head, other) = desk.flow.lists, heads(desk)
    drafted = lists.get(KEY)
    assert (drafted.unit, drafted.state) == ("DIV-JYC", EditionState.DRAFTED)
    assert (order(desk, KEY), order(desk, TALENT)) == ([first, second, third], [talent])
    lists.arrange(KEY, third, 1, "群众最盼", by=head)
    lists.leave_out(KEY, first, "已另有安排", by=head)
    lists.arrange(KEY, first, 3, "复核后仍列入", by=head)
    proposed = lists.propose(KEY, by=head)
    kinds = ChangeKind.ORDER, ChangeKind.LEFT_OUT, ChangeKind.TAKEN_IN
    assert [(each.kind, each.reason) for each in proposed.changes] == [
        *zip(kinds, ("群众最盼", "已另有安排", "复核后仍列入"), strict=True)
    ]
    with pytest.raises(StepRefused) as refused:
        lists.consolidate("2024", by=desk.office)
    (reason,) = refused.value.reasons
    assert (reason.code, reason.values["areas"]) == (
        PublicationCode.AREAS_SILENT, "talent",
    )  # fmt: skip
    lists.propose(TALENT, by=other)
    desk.flow.items.defer(
        second, "conditions_not_ready", by=desk.office, second=desk.second
    )
    city = lists.consolidate("2024", by=desk.office)
    # The areas follow each other; who left its list since is left out, with the reason.
    assert order(desk, CITY) == [third, first, talent]
    assert [place.rank for place in city.places] == [1, 2, 3]
    assert [(out.item, out.reason.code) for out in city.left_out] == [
        (second, Code.LEFT_ITS_LIST)
    ]
    assert (city.state, city.silent, city.note) == (EditionState.FROZEN, (), "")
    assert door_of(desk.flow).read(verify).clean


def test_what_the_lead_unit_describes_is_published_and_no_plan_rewrites_it(
    desk: Desk,
) -> None:
    first, second, talent = frozen(desk, 2)
    lists, (head, other) = desk.flow.lists, heads(desk)
    own, due = f"list/2024/{UNIT}", date(2024, 12, 31)
    describe, code = lists.describe, PublicationCode
    assert why(lambda: describe(KEY, first, by=head)) == code.NOTHING_DESCRIBED
    assert why(lambda: describe(KEY, talent, "甲", by=head)) == code.NOT_ON_LIST
    for wrong, expected in (
        ({"due": date(2023, 12, 1)}, code.ENTRY_DUE_PAST),
        ({"supporting": [UNIT]}, DecisionCode.SUPPORTER_LEADS),
        ({"supporting": ["500999"]}, InputCode.UNIT_UNKNOWN),
    ):
        assert why(partial(describe, KEY, first, by=head, **wrong)) == expected
    assert why(lambda: describe(KEY, first, "甲", by=other)) == Code.OTHER_UNITS_ITEM
    assert why(lambda: describe(own, first, "甲", by=head)) == Code.OTHER_UNITS_ITEM
    lists.propose(KEY, by=head)
    describe(KEY, first, targets=["建9个驿站", "服务500人"], due=due, by=head)
    unit_head = desk.post(Role.UNIT_HEAD, UNIT)
    describe(own, first, "建设驿站", ["作废"], ["500102"], by=unit_head)
    # What was proposed was changed: it must be proposed again.
    assert lists.get(KEY).state is EditionState.DRAFTED
    lists.propose(KEY, by=head)
    city = lists.consolidate("2024", "逾期", by=desk.office)
    entry = city.place(first)
    assert entry is not None
    assert (entry.text, entry.targets, entry.due) == (
        "建设驿站", ("建9个驿站", "服务500人"), due,
    )  # fmt: skip
    assert [each.unit for each in entry.supporting] == ["500102"]
    desk.assign(first)
    desk.flow.items.amend(first, {"title": "换题"}, by=desk.office)
    now = replace(entry, title="换题", deliverable=desk.plan().deliverable)
    assert lists.get(CITY).place(first) == now
    describe(CITY, second, targets=["补写"], by=desk.office)
    lists.confirm(CITY, by=desk.office, second=desk.second)
    lists.publish(CITY, by=desk.office)
    describe(CITY, second, targets=["改写"], by=desk.office)
    [change] = lists.get(CITY).changes
    assert [(f.field, f.old, f.new) for f in change.fields] == [
        ("targets", "补写", "改写")
    ]
    assert door_of(desk.flow).read(verify).clean


def test_a_silent_area_is_taken_as_drafted_for_a_reason_and_marked_so(
    desk: Desk,
) -> None:
    first, second, _, talent = frozen(desk)
    head, _ = heads(desk)
    desk.flow.lists.leave_out(KEY, second, "并入他项", by=head)
    desk.flow.lists.propose(KEY, by=head)
    city = desk.flow.lists.consolidate("2024", "逾期三日未提", by=desk.office)
    assert (city.silent, city.note) == ((Area.TALENT,), "逾期三日未提")
    assert talent in order(desk, CITY)
    assert second not in order(desk, CITY)
    consolidate = desk.flow.lists.consolidate
    for again in (
        lambda: consolidate("2024", by=desk.office),
        lambda: desk.flow.lists.leave_out(KEY, first, "改", by=head),
        lambda: desk.flow.lists.propose(TALENT, by=heads(desk)[1]),
    ):
        assert why(again) == PublicationCode.CONSOLIDATED_ALREADY
    assert door_of(desk.flow).read(verify).clean


def test_what_a_proposal_cannot_be_is_refused_with_a_way_out(desk: Desk) -> None:
    numbers = frozen(desk, 2)
    first, _, talent = numbers
    stranger = starred(desk, "截止后")
    head, other = heads(desk)
    lists, code = desk.flow.lists, PublicationCode
    before = [lists.get(key) for key in (KEY, TALENT)]
    for act, expected in (
        (lambda: lists.arrange(KEY, talent, 1, "想要", by=head), code.OF_OTHER_AREA),
        (
            lambda: lists.arrange(KEY, stranger, 1, "想", by=head),
            code.NOT_ON_UNITS_LIST,
        ),
        (lambda: lists.arrange(KEY, first, 9, "末位", by=head), code.NO_SUCH_RANK),
        (lambda: lists.leave_out(KEY, talent, "不列", by=head), code.NOT_ON_LIST),
        (lambda: lists.propose(f"list/2024/{UNIT}", by=head), code.NO_AREAS_LIST),
        (lambda: lists.consolidate("2030", by=desk.office), code.LIST_UNKNOWN),
        (lambda: lists.propose(KEY, by=other), Code.OTHER_UNITS_ITEM),
        (lambda: lists.propose(KEY, by=desk.operator), Code.DUTY_MISSING),
    ):
        assert why(act) == expected
    with pytest.raises(InputRefused):
        lists.arrange(KEY, first, 1, " ", by=head)
    assert [lists.get(key) for key in (KEY, TALENT)] == before


def test_a_full_area_takes_in_only_what_another_makes_room_for(desk: Desk) -> None:
    book = desk.flow.rulebook.active()
    quotas = book.rules.selection.quota_per_area
    one = {**quotas, Area.EMPLOYMENT: replace(quotas[Area.EMPLOYMENT], value=1)}
    selection = replace(book.rules.selection, quota_per_area=one)
    rules = replace(book.rules, selection=selection)
    desk.flow.rulebook.activate(
        sealed(replace(book, rules=rules)),
        by=desk.office,
        second=desk.actor("deputy-1"),
    )
    numbers = frozen(desk, 2)[:2]
    (listed,), (head, _), lists = order(desk, KEY), heads(desk), desk.flow.lists
    waits = next(number for number in numbers if number != listed)
    act = partial(lists.arrange, KEY, waits, 1, "群众最盼", by=head)
    assert why(act) == PublicationCode.AREA_FULL
    lists.leave_out(KEY, listed, "已另有安排", by=head)
    act()
    assert order(desk, KEY) == [waits]


def test_an_empty_year_is_consolidated_only_for_a_reason(desk: Desk) -> None:
    desk.clock.set(at_hour(date(2023, 12, 18), 9))
    tick(desk.flow, desk.clock.now())
    consolidate = desk.flow.lists.consolidate
    assert why(lambda: consolidate("2024", by=desk.office)) == (
        PublicationCode.NOTHING_PROPOSED
    )
    assert consolidate("2024", "今年不列", by=desk.office).places == ()


def test_each_next_step_of_the_list_waits_for_who_takes_it_with_a_day(
    desk: Desk,
) -> None:
    frozen(desk)

    def waits(by: Actor) -> set[tuple[str, str, date | None]]:
        return {
            (each.subject, each.act, each.due)
            for each in desk.flow.todo(by)
            if each.act.startswith("lists.") and UNIT not in each.subject
        }

    head, _ = heads(desk)
    # Frozen on the 18th of December, a Monday, for the 15th.
    assert (KEY, "lists.propose", date(2023, 12, 21)) in waits(head)
    due = date(2023, 12, 21)
    assert (KEY, "lists.describe", due) in waits(head)
    for place in desk.flow.lists.get(KEY).places:
        desk.flow.lists.describe(KEY, place.item, "", ["甲"], due=due, by=head)
    assert (KEY, "lists.describe", due) not in waits(head)
    assert not any("consolidate" in act for _, act, _ in waits(desk.office))
    desk.clock.set(at_hour(date(2023, 12, 22), 9))
    assert (CITY, "lists.consolidate", date(2023, 12, 25)) in waits(desk.office)
    desk.consolidate(2024)
    assert (CITY, "lists.confirm", date(2023, 12, 26)) in waits(desk.office)
    assert not any("propose" in act for _, act, _ in waits(head))
    desk.flow.lists.confirm(CITY, by=desk.office, second=desk.second)
    desk.clock.advance(timedelta(hours=1))
    publisher = desk.post(Role.PUBLICITY)
    assert (CITY, "lists.publish", date(2023, 12, 26)) in waits(publisher)
    assert State.LISTED in {item.state for item in desk.flow.items.list()}
