"""Items, from the demand to the end, and back where the book allows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from huimin_flow.api import (
    Area,
    Criterion,
    Demand,
    Dimension,
    Effectiveness,
    ItemMoved,
    ItemOrder,
    ItemTraits,
    NewTarget,
    Origin,
    OutcomeResult,
    Recommendation,
    State,
    Step,
    StepRefused,
    Supporter,
    TaskResult,
)
from huimin_flow.testing import RESULTS, UNIT, Desk

LEVEL = {Criterion.URGENCY: 80, Criterion.FUNDAMENTALITY: 80}
SCORES = dict.fromkeys(Dimension, 80)


def collect_and_screen(desk: Desk) -> None:
    """Collect a demand, see what its screening would say, and screen it."""
    flow, office, clerk = desk.flow, desk.office, desk.operator

    demand = Demand(
        title="零工市场缺少遮雨候工区",
        origin=Origin.PROBLEM,
        area=Area.EMPLOYMENT,
        unit=UNIT,
    )
    suggestion = flow.items.suggest(demand.title, unit=UNIT)
    item = flow.items.collect(demand, by=clerk)
    assert item.state is State.COLLECTED
    print(suggestion)

    try:
        flow.items.close(item.number, by=office)
    except StepRefused as refused:
        assert refused.code == "no_such_arc"

    desk.link_appeals(item.number)
    assert flow.items.tally(item.number).appeals == 25

    preview = flow.items.screening(item.number, LEVEL)
    assert (preview.verdict, preview.prevalence) != (None, None)
    seen = flow.items.get(item.number).version
    item = flow.items.screen(item.number, LEVEL, by=office, version=seen)
    assert item.state is State.SCREENED

    try:
        flow.items.return_(item.number, "facts_incomplete", by=office, version=1)
    except ItemMoved as stale:  # somebody was here before
        assert stale.reasons


def judge_and_star(desk: Desk) -> None:
    """Judge an item in a meeting and give it stars, each previewed before."""
    flow, office = desk.flow, desk.office
    number = desk.bring(State.SCREENED).number
    meeting = desk.meet([number])

    judgment = desk.judgment()
    assert flow.items.judging(number, meeting.key, judgment).target is State.JUDGED
    flow.items.judge(number, meeting.key, judgment, by=office)
    desk.close_meeting(meeting.key)  # the judgment takes effect
    assert flow.items.get(number).state is State.JUDGED

    assert flow.items.starring(number, SCORES).target is State.STARRED
    expected = Effectiveness(value=85, low=80, high=90)
    item = flow.items.star(number, SCORES, expected, by=office)
    assert item.state is State.STARRED

    strength = flow.items.strength(number)
    assert strength is not None


def carry_out(desk: Desk) -> None:
    """Assign a listed item, report it as executed, evaluate, adjust and close it."""
    flow, office, clerk = desk.flow, desk.office, desk.operator
    number = desk.bring(State.LISTED).number
    desk.assess(number)

    support = Supporter(unit="500103", part="提供场地")
    plan = replace(desk.plan(), supporting_units=(support,))
    item = flow.items.assign(number, plan, by=clerk)
    assert item.state is State.ASSIGNED

    due = desk.today() + timedelta(days=230)
    targets = [NewTarget(indicator="候工区", value=12)]
    with flow.dry() as dry:
        dry.items.reassign(number, "T1", "due_changed", new_targets=targets, by=office)
    flow.items.reassign(number, "T1", "due_changed", due=due, by=office)

    desk.report(number)
    assert [verdict.passed for verdict in flow.items.fulfilments(number)] == [True]
    assert flow.items.coverage(number).rule == "coverage"
    item = flow.items.execute(number, [TaskResult(task="T1", met=True)], by=clerk)

    flow.items.advise(number, Recommendation.CONTINUE, grounds="好", by=clerk)
    assert flow.items.grounds(number).inputs

    desk.survey(number)
    results: tuple[OutcomeResult, ...] = RESULTS
    item = flow.items.evaluate(number, results, by=office)
    flow.items.doubt(number, "登记台账有误", by=office)
    item = flow.items.evaluate(number, results, by=office)

    item = flow.items.adjust(number, Recommendation.CONTINUE, "良好", by=office)
    assert flow.items.preview(number, Step.CLOSE).target is State.CLOSED
    item = flow.items.close(number, by=office)
    assert item.state is State.CLOSED


def amend_and_attach(desk: Desk) -> None:
    """Amend an item's facts, and attach a file to it."""
    flow, clerk = desk.flow, desk.operator
    number = desk.collect().number

    item = flow.items.amend(number, {"title": "室内候工区"}, by=clerk)
    assert item.title == "室内候工区"

    kept = flow.items.attach(number, "来函.txt", "请研究".encode(), by=clerk)
    assert kept in flow.items.attachments(number)
    assert flow.items.attached(kept.digest) == "请研究".encode()


def merge_and_split(desk: Desk) -> None:
    """Merge two items of one demand, take that back, and split one in two."""
    flow, office = desk.flow, desk.office
    one, other = desk.collect(), desk.collect("同类问题")
    desk.link_appeals(one.number, count=4)

    merged = flow.items.merge(one.number, other.number, by=office)
    assert merged.state is State.MERGED
    assert flow.items.unmerge(one.number, by=office).state is State.COLLECTED

    demand = Demand(
        title="候工区饮水", origin=Origin.PROBLEM, area=Area.EMPLOYMENT, unit=UNIT
    )
    appeal, *_ = flow.appeals.list(item=one.number)
    parts = [(demand, [(appeal.channel, appeal.key)])]
    split, part = flow.items.split(one.number, parts, by=office)
    assert part.number != split.number


def go_back(desk: Desk) -> None:
    """Reject, return, defer, revive, cancel, reopen and rework items."""
    flow, office, second = desk.flow, desk.office, desk.second

    rejected = flow.items.reject(desk.collect().number, "duplicate", by=office)
    reopened = flow.items.reopen(
        rejected.number, "facts_incomplete", by=office, second=second
    )
    assert reopened.state is State.COLLECTED

    screened = desk.bring(State.SCREENED).number
    assert flow.items.undo(screened, office).step is Step.RETURN
    item = flow.items.return_(screened, "facts_incomplete", by=office)
    assert item.state is State.COLLECTED

    starred = desk.bring(State.STARRED).number
    item = flow.items.defer(starred, "not_this_period", by=office)
    item = flow.items.revive(starred, by=office)
    assert item.state is not State.DEFERRED

    listed = desk.bring(State.LISTED).number
    item = flow.items.cancel(listed, "not_ours", by=office, second=second)
    assert item.state is State.CLOSED

    executed = desk.bring(State.EXECUTED).number
    failed = desk.evaluate(executed, value=3)  # ten places were promised
    item = flow.items.rework(failed.number, by=office)
    assert item.state is State.ASSIGNED


def carry_over_and_respond(desk: Desk) -> None:
    """Take up a demand again: the next year, in another unit, or by transfer."""
    flow, office = desk.flow, desk.office

    parent, successor = flow.items.carry_over(
        desk.bring(State.EXECUTED).number, by=desk.operator
    )
    assert successor.continues == parent.number
    assert parent.number in {
        link.item.number for link in flow.items.links(successor.number)
    }

    for merged in flow.items.successions(unit=UNIT):  # units that end, and what is left
        print(merged.former, merged.items)

    judged = desk.bring(State.JUDGED).number
    asked, response = flow.items.respond(judged, "500102", by=office)
    assert response.responds_to == asked.number

    item = flow.items.transfer(desk.collect().number, "500102", "wrong_unit", by=office)
    assert item.unit == "500102"


def find_items(desk: Desk) -> None:
    """List, count, search and page items; read one with its history."""
    flow, office = desk.flow, desk.office
    number = desk.bring(State.SCREENED).number

    item = flow.items.get(number)
    events = [stored.event.step for stored in flow.items.history(number)]
    assert events[-1] == "screen"
    assert flow.items.numbered(number[:6])

    page = flow.items.list(State.SCREENED, unit=UNIT, order=ItemOrder.NEWEST, limit=20)
    assert item in page
    traits = ItemTraits(stuck=True)
    assert flow.items.count(traits=traits) == len(flow.items.list(traits=traits))

    steps = {each.step: each for each in flow.items.possible(number, office)}
    assert steps[Step.REJECT].possible
    assert flow.items.stays(limit=3).states
    assert {each.area for each in flow.items.areas()}
    assert {each.unit for each in flow.items.units()} >= {UNIT}
