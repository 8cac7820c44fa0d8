"""Gathering: which appeals tell of one problem; then what waits for its screening."""

from __future__ import annotations

from huimin_flow.api import Appeal, Area, Demand, Origin
from huimin_flow.testing import UNIT, Desk

WAGES = "金域华庭项目木工班组三十人,从春节到现在工资没有发过"
NOISE = "金域华庭项目工地晚上十二点还在施工,住户睡不着觉"


def _tell(desk: Desk, *keys: str) -> None:
    """Add appeals: the first two of one problem, the third perhaps of the same."""
    told = (
        ("金域华庭工地拖欠木工班组工资", WAGES),
        ("金域华庭工地拖欠木工工资", WAGES.replace("三十人,", "") + ",求解决"),
        ("金域华庭工地夜间施工噪音", NOISE),
    )
    for key, (title, text) in zip(keys, told, strict=False):
        appeal = Appeal(
            key=key, channel="media", who=key, district=UNIT, title=title, text=text
        )
        desk.flow.appeals.add(appeal, by=desk.office)


def gather(desk: Desk) -> None:
    """Let the rule gather appeals, and decide what it leaves open."""
    flow, office = desk.flow, desk.office
    _tell(desk, "G1", "G2", "G3")

    run = flow.gathering.run(by=office)
    assert run
    proposals = flow.gathering.list()
    assert flow.gathering.count() == len(proposals)
    assert flow.gathering.mine(by=office) == proposals
    assert flow.gathering.count_mine(by=office) == len(proposals)
    proposal = next(each for each in proposals if each.appeal[1] == "G3")

    appeal, near = proposal.appeal, proposal.near
    flow.gathering.later(appeal, near, by=office)
    with flow.dry() as dry:
        dry.gathering.yes(appeal, near, by=office)
    with flow.dry() as dry:
        dry.gathering.join(appeal, near, by=office)
    flow.gathering.no(appeal, near, by=office)

    assert flow.gathering.explain(("media", "G2"))
    members = flow.gathering.members(("media", "G1"))
    assert {each.key for each in members} == {"G1", "G2"}
    assert len(flow.gathering.groups()) == flow.gathering.count_groups()

    demand = Demand(
        title="木工班组工资",
        origin=Origin.PROBLEM,
        area=Area.LABOR_RELATIONS,
        unit=UNIT,
    )
    with flow.dry() as dry:
        dry.gathering.undo(("media", "G2"), by=office)
    item = flow.gathering.collect(("media", "G1"), demand, by=office)
    assert flow.items.tally(item.number).appeals == 2


def repeat(desk: Desk) -> None:
    """See which problems come again after they were answered."""
    flow = desk.flow
    number = desk.collect().number
    desk.link_appeals(number, count=12)

    verdict = flow.gathering.repeat(number)
    assert verdict.rule
    for each in flow.gathering.repeating():
        print(each.problem, each.verdict)
    flow.gathering.run(by=desk.office)
    for kept in flow.gathering.verdicts(number):
        print(kept.verdict)


def screen_in_rounds(desk: Desk) -> None:
    """See what waits for its screening, and keep a round of it."""
    flow, office = desk.flow, desk.office
    desk.collect("少有人反映的事")

    waiting = flow.screening.list(unit=UNIT, limit=10)
    assert len(waiting) <= flow.screening.count(unit=UNIT)
    assert waiting[0].lacking

    kept = flow.screening.run(by=office)
    assert flow.screening.get(kept.key) == kept
    assert flow.screening.count_rounds() == len(flow.screening.rounds())
    print(flow.screening.referred())
