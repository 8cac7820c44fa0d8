"""Lists are filtered, paged and counted; what is recorded can be read (H16)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from huimin_flow.catalogue.terms import (
    Area,
    Argument,
    AssessmentKind,
    AssessmentState,
    Attribute,
    EditionKind,
    EditionState,
    ItemOrder,
    Origin,
    ProposalState,
    Question,
    State,
    Step,
    TwoPeople,
)
from huimin_flow.errors import HuiminError, InputRefused, NotFound, StepRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.methods import methods
from huimin_flow.flow.sensing.items import Demand
from huimin_flow.model.items import ItemTraits
from huimin_flow.model.sensing.appeals import AppealSummary
from huimin_flow.testing import UNIT, Desk
from tests.statements import recorded


def test_items_are_filtered_and_counted_by_the_same(desk: Desk) -> None:
    first = desk.bring(State.LISTED, "零工市场缺少候工区").number
    second = desk.collect("社保卡补办太慢", unit="500102").number
    talent = Demand(
        title="人才公寓 100%_满", origin=Origin.OPINION, area=Area.TALENT, unit=UNIT
    )
    third = desk.flow.items.collect(talent, by=desk.operator).number
    city = desk.flow.lists.list(item=first)[-1].key
    assert city == "list/2099/city"
    for filters, numbers in (
        ({}, [first, second, third]),
        ({"unit": UNIT}, [first, third]),
        ({"area": Area.TALENT}, [third]),
        ({"origin": Origin.PROBLEM}, [first, second]),
        ({"origin": Origin.PROBLEM, "unit": UNIT}, [first]),
        ({"text": "社保卡"}, [second]),
        ({"text": "100%_"}, [third]),
        ({"text": "1%满"}, []),
        ({"text": "补办 社保卡"}, [second]),
        ({"text": "000003"}, [third]),
        ({"text": "人才 补办"}, []),
        ({"traits": ItemTraits(stars=desk.flow.items.get(first).stars)}, [first]),
        ({"traits": ItemTraits(stars=0)}, []),
        ({"traits": ItemTraits(year=int(first[:4]))}, [first, second, third]),
        ({"traits": ItemTraits(year=2001)}, []),
        ({"traits": ItemTraits(stale=True)}, []),
        ({"edition": city}, [first]),
        ({"edition": f"list/2099/{UNIT}"}, [first]),
        ({"edition": "list/2099/500102"}, []),
    ):
        listed = desk.flow.items.list(**filters)
        assert [item.number for item in listed] == numbers, filters
        assert desk.flow.items.count(**filters) == len(numbers)
    assert desk.flow.items.count(State.LISTED, State.COLLECTED) == 3
    assert desk.flow.items.list(State.LISTED, unit="500102") == []
    for wrong in ({"edition": "list/2050/city"}, {"after": "2050-000001"}):
        with pytest.raises(NotFound):
            desk.flow.items.list(**wrong)  # type: ignore[arg-type]
    with pytest.raises(InputRefused):
        desk.flow.items.count(unit="999999")


@pytest.mark.parametrize("order", ItemOrder)
def test_pages_of_items_follow_each_other_without_a_gap(
    desk: Desk, order: ItemOrder
) -> None:
    for n, level in enumerate((60, 90, 0, 75, 90)):
        number = desk.bring(State.JUDGED, f"事项{n}").number
        if level:
            desk.star(number, level)
    whole = desk.flow.items.list(order=order)
    if order is ItemOrder.STARS:
        assert [item.stars or 0 for item in whole] == sorted(
            (item.stars or 0 for item in whole), reverse=True
        )
        assert whole[-1].stars is None
    paged, after = [], None
    while page := desk.flow.items.list(order=order, after=after, limit=2):
        paged += page
        after = page[-1].number
    assert paged == whole


def test_items_with_a_task_due_or_with_facts_in_doubt_are_listed(desk: Desk) -> None:
    number = desk.bring(State.ASSIGNED).number
    desk.collect()
    due = max(task.due for task in desk.flow.items.get(number).plan.tasks)  # type: ignore[union-attr]
    for traits, numbers in (
        (ItemTraits(due=due), [number]),
        (ItemTraits(due=date(2000, 1, 1)), []),
        (ItemTraits(stale=True), []),
    ):
        listed = desk.flow.items.list(traits=traits)
        assert [item.number for item in listed] == numbers
        assert desk.flow.items.count(traits=traits) == len(numbers)
    amended = desk.flow.items.amend(number, {"origin": "opinion"}, by=desk.operator)
    assert amended.stale
    assert desk.flow.items.list(traits=ItemTraits(stale=True)) == [amended]


@pytest.mark.parametrize("order", ItemOrder)
def test_a_page_begins_without_the_lines_that_it_skips(
    desk: Desk, order: ItemOrder
) -> None:
    number = desk.collect().number
    desk.link_appeals(number, 7)
    for _ in range(4):
        desk.collect()
    listed = desk.flow.items.list(order=order)
    assert desk.flow.items.list(order=order, skip=2) == listed[2:]
    assert desk.flow.items.list(order=order, skip=1, limit=2) == listed[1:3]
    appeals = desk.flow.appeals
    for item in (None, number):
        whole = appeals.list(item=item)
        assert appeals.list(item=item, skip=2, limit=3) == whole[2:5]


@pytest.mark.parametrize("page", [{"limit": -1}, {"skip": -1}], ids=str)
def test_a_page_of_fewer_than_no_items_is_refused(
    desk: Desk, page: dict[str, int]
) -> None:
    with pytest.raises(InputRefused) as refused:
        desk.flow.items.list(**page)  # type: ignore[arg-type]
    assert refused.value.code in {"count_out_of_range", "skip_negative"}


def test_no_question_takes_a_negative_page(desk: Desk) -> None:
    flow = desk.flow
    paged = 0
    for name, method in methods(Flow).items():
        known = flow.fields.schema(name)["properties"]
        for part in known.keys() & {"limit", "skip"}:
            assert part in method.__signature__.parameters
            paged += 1
            kinds = known[part].get("anyOf", [known[part]])
            assert kinds[0]["minimum"] == 0, name
    assert paged > 60
    for asked in (
        lambda: flow.ledgers.awaited(skip=-1),
        lambda: flow.gathering.list(limit=-1),
        lambda: flow.fields.choices(Argument.UNIT, limit=-1),
        lambda: flow.items.numbered("2023", -1),
        lambda: flow.items.stays(limit=-5),
    ):
        with pytest.raises(InputRefused) as refused:
            asked()
        assert refused.value.code in {"count_out_of_range", "skip_negative"}
        assert refused.value.remedy


def test_pages_of_appeals_follow_each_other_without_a_gap(desk: Desk) -> None:
    number = desk.collect().number
    desk.link_appeals(number, 12)
    desk.flow.appeals.add_all(desk.appeals(3), by=desk.office)
    appeals = desk.flow.appeals
    for filters, count in (({}, 15), ({"item": number}, 12), ({"loose": True}, 3)):
        whole = appeals.list(**filters)
        assert appeals.count(**filters) == len(whole) == count
        paged: tuple[AppealSummary, ...] = ()
        after = None
        while page := appeals.list(after=after, limit=4, **filters):
            paged += page
            after = page[-1].channel, page[-1].key
        assert paged == whole
    first = whole[0]
    assert first in appeals.list(district=first.district, channel=first.channel)
    assert appeals.get(first.key) == first
    assert appeals.get("V1").item == number
    assert appeals.count(district="500106") == len(appeals.list(district="500106"))
    with pytest.raises(NotFound):
        appeals.list(after=("media", "V999"))
    with pytest.raises(InputRefused):
        appeals.count(item=number, loose=True)


def test_lists_meetings_assessments_and_proposals_are_paged(desk: Desk) -> None:
    numbers = [desk.bring(State.ASSIGNED).number for _ in range(2)]
    listed = desk.bring(State.LISTED).number
    for act, values in (
        ("cancel", {"item": listed, "reason": "duplicate"}),
        ("defer", {"item": listed, "reason": "duplicate"}),
    ):
        made = desk.flow.proposals.propose(act, values, by=desk.office)
    desk.flow.proposals.withdraw(made.key, by=desk.office)
    flow = desk.flow
    for noun in (flow.lists, flow.meetings, flow.assessments, flow.proposals):
        whole = list(noun.list())
        paged: list[object] = []
        after = None
        while page := noun.list(after=after, limit=2):
            paged += page
            after = page[-1].key
        assert paged == whole
        assert noun.count() == len(whole) > 1
    lists, meetings, assessments = flow.lists, flow.meetings, flow.assessments
    assert len(lists.list(item=listed)) == lists.count(item=listed) == 2
    assert [e.key for e in lists.list(period="2099", unit=UNIT)] == [
        f"list/2099/{UNIT}"
    ]
    annual = lists.list(kind=EditionKind.ANNUAL, state=EditionState.FROZEN)
    assert lists.count(kind=EditionKind.ANNUAL) == len(annual) > 1
    (held,) = meetings.list(item=listed)
    assert held.agenda == (listed,)
    assert meetings.list()[0] == held  # the newest
    assert meetings.count(item=listed) == 1
    legality = AssessmentKind.LEGALITY
    (done,) = assessments.list(item=numbers[0], kind=legality)
    assert done == assessments.get(done.key)
    assert (done.finding, done.state) == ("可行", AssessmentState.ACCEPTED)
    assert assessments.count(state=AssessmentState.REQUESTED) == 0
    proposals = flow.proposals
    assert proposals.list(state=ProposalState.WITHDRAWN, act=TwoPeople.DEFER) == (
        proposals.get(made.key).proposal,
    )
    assert proposals.list(state=ProposalState.WAITING) == proposals.waiting()
    assert proposals.count(person="leader-1") == 0


def test_a_meeting_gives_the_reasons_of_each_item_judged_there(desk: Desk) -> None:
    first = desk.bring(State.SCREENED).number
    judged = desk.judge(first, no=Question.PERMITTED)
    meeting = desk.flow.meetings.get(str(judged.deliberation))
    assert meeting.deliberation.minutes == "一致同意"
    (line,) = meeting.judged
    assert (line.item, line.step) == (first, Step.REJECT)
    assert line.judgment.answers[Question.PERMITTED].yes is False
    assert line.judgment.answers[Question.WANTED].reason == "已核实"
    assert line.judgment.scores == dict.fromkeys(Attribute, 80)
    assert line.verdict.reasons[0].values["question"] == "permitted"
    with pytest.raises(NotFound):
        desk.flow.meetings.get("deliberation/2050-0001")


def test_a_history_has_every_event_with_its_verdict(desk: Desk) -> None:
    item = desk.bring(State.STARRED)
    history = desk.flow.items.history(item.number)
    assert [recorded.event.step for recorded in history] == [
        "collect", "screen", "judge", "star",
    ]  # fmt: skip
    verdict = history[-1].event.verdict
    assert verdict is not None
    assert verdict["score"] == item.perceived_benefit
    with pytest.raises(NotFound):
        desk.flow.items.history("2050-000001")


def test_refusals_are_read_newest_first_by_whom_and_about_what(desk: Desk) -> None:
    number = desk.collect().number
    by_act: tuple[tuple[str, Callable[[], object]], ...] = (
        ("close", lambda: desk.flow.items.close(number, by=desk.office)),
        ("close", lambda: desk.flow.items.close(number, by=desk.operator)),
        ("revive", lambda: desk.flow.items.revive(number, by=desk.office)),
    )
    for _, act in by_act:
        with pytest.raises(StepRefused):
            act()
    records = desk.flow.records
    whole = records.refusals()
    assert [refusal.act for refusal in whole] == ["revive", "close", "close"]
    assert {refusal.about for refusal in whole} == {number}
    assert whole[-1].at == desk.clock.now()
    assert whole[0].reasons[0].code == "no_such_arc"
    assert records.refusals(act="close", person=desk.operator.id) == whole[1:2]
    assert records.refusals(after=whole[0].id, limit=1) == whole[1:2]
    assert records.count_refusals(about=number) == 3
    assert records.count_refusals(act="close") == 2
    with pytest.raises(InputRefused):
        records.refusals(limit=1001)


def test_a_refusal_shows_no_number_of_a_person(desk: Desk) -> None:
    with pytest.raises(HuiminError):
        desk.flow.items.close("13800138000", by=desk.operator)
    with pytest.raises(StepRefused):
        desk.flow.items.assign(desk.collect().number, desk.plan(), by=desk.second)
    assert "13800138000" not in str(desk.flow.records.refusals())


def test_each_list_takes_the_same_statements_for_many_as_for_few(desk: Desk) -> None:
    def world() -> None:
        desk.bring(State.ASSIGNED)
        with pytest.raises(StepRefused):
            desk.flow.items.close("2023-000001", by=desk.office)

    def taken() -> dict[str, int]:
        counts = {}
        for name, ask in asked.items():
            with recorded(door_of(flow).own) as texts:
                ask()
            counts[name] = len([text for text in texts if "SELECT" in text])
        return counts

    flow = desk.flow
    asked: dict[str, Callable[[], object]] = {
        "items": lambda: flow.items.list(edition="list/2099/city", text="零工"),
        "stars": lambda: flow.items.list(order=ItemOrder.STARS, after="2023-000001"),
        "items counted": lambda: flow.items.count(State.ASSIGNED, unit=UNIT),
        "history": lambda: flow.items.history("2023-000001"),
        "appeals": lambda: flow.appeals.list(after=("media", "V1"), limit=100),
        "appeals counted": flow.appeals.count,
        "lists": lambda: flow.lists.list(item="2023-000001"),
        "meetings": lambda: flow.meetings.list(item="2023-000001"),
        "meeting": lambda: flow.meetings.get("deliberation/2023-0001"),
        "assessments": flow.assessments.list,
        "proposals": flow.proposals.list,
        "refusals": flow.records.refusals,
    }
    world()
    taken()  # the rulebook is read once
    few = taken()
    for _ in range(5):
        world()
    assert taken() == few
    assert max(few.values()) <= 5, few
