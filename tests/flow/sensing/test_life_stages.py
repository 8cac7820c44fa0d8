"""Which stages of life speak up, and which the items serve (X1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from huimin_flow.catalogue.terms import Area, LifeStage, Origin
from huimin_flow.clock import at_hour
from huimin_flow.flow.sensing.items import Demand
from huimin_flow.model.sensing.appeals import Appeal, StageCoverage
from huimin_flow.testing import Desk

FIRST = Appeal(
    key="1", channel="hotline_12333", who="p1", district="500101", text="招聘会太少",
    at=at_hour(date(2023, 10, 2), 10), life_stage=LifeStage.FIRST_JOB,
)  # fmt: skip


def test_a_stage_of_life_counts_its_appeals_people_and_items(desk: Desk) -> None:
    demand = Demand(
        title="毕业生招聘会",
        origin=Origin.PROBLEM,
        area=Area.EMPLOYMENT,
        unit="500101",
        life_stage=LifeStage.FIRST_JOB,
    )
    number = desk.flow.items.collect(demand, by=desk.office).number
    others = [
        replace(FIRST, key="2"),
        replace(FIRST, key="3", who="p2", at=at_hour(date(2023, 9, 2), 10)),
        replace(FIRST, key="4", life_stage=LifeStage.RETIREMENT),
    ]
    desk.flow.appeals.add_all([FIRST, *others], by=desk.office)
    desk.flow.appeals.link(number, [(FIRST.channel, "1")], by=desk.office)
    october = desk.flow.appeals.by_life_stage(first="2023-10", last="2023-10")
    stages = {stage.life_stage: stage for stage in october}
    assert tuple(stages) == tuple(LifeStage), "a stage without appeals is shown, too"
    assert stages[LifeStage.FIRST_JOB] == StageCoverage(
        life_stage=LifeStage.FIRST_JOB, appeals=2, people=1, linked=1, items=1
    )
    assert stages[LifeStage.RETIREMENT].appeals == 1
    assert stages[LifeStage.STUDY] == StageCoverage(life_stage=LifeStage.STUDY)
    (ever,) = (
        stage
        for stage in desk.flow.appeals.by_life_stage()
        if stage.life_stage is LifeStage.FIRST_JOB
    )
    assert (ever.appeals, ever.people) == (3, 2)
