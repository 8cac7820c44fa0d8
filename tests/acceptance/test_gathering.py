"""What many say about one problem, from the intake to the board's ground (A6, N7).

Only through public doors: acts and questions of ``Flow``.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from huimin_flow.api import (
    Appeal,
    Area,
    Demand,
    Gathering,
    InputRefused,
    Origin,
)
from huimin_flow.testing import UNIT, Desk

#: The same problem in different words, told on two channels; the firm is invented.
TOLD = (
    ("万盛达工地拖欠农民工工资", "万盛达建筑工地三个月没有发农民工工资,老板不见人"),
    ("万盛达建筑工地拖欠农民工工资", "万盛达工地老板不见人,三个月没有发农民工工资了"),
    ("万盛达工地拖欠工资三个月", "万盛达建筑工地农民工三个月没有发工资,请求解决"),
    ("反映万盛达工地拖欠农民工工资", "万盛达建筑工地三个月没有发农民工工资"),
    ("万盛达工地拖欠农民工工资问题", "农民工在万盛达建筑工地干活,三个月没有发工资"),
)


@pytest.fixture
def told(file_desk: Desk) -> Desk:
    appeals = [
        Appeal(
            key=f"M{number}",
            channel=("hotline_12333", "media")[number % 2],
            who=f"worker{number}",
            district=UNIT,
            title=title,
            text=text,
            at=file_desk.clock.now() - timedelta(days=9 - number),
        )
        for number, (title, text) in enumerate(TOLD)
    ]
    file_desk.flow.appeals.add_all(appeals, by=file_desk.office)
    return file_desk


def test_a_problem_told_by_many_is_one_item_and_a_ground_of_the_bad_board(
    told: Desk,
) -> None:
    flow, by = told.flow, told.office
    run = flow.gathering.run(by=by)
    assert run.compared == len(TOLD)
    for proposal in flow.gathering.mine(by=by):
        try:
            flow.gathering.yes(proposal.appeal, proposal.near, by=by)
        except InputRefused:  # an earlier yes has answered it
            continue
    (problem,) = flow.gathering.groups()
    assert (problem.appeals, problem.people, problem.places) == (5, 5, 1)
    assert problem.channels == {"hotline_12333": 3, "media": 2}
    demand = Demand(
        title="工地欠薪", origin=Origin.PROBLEM, area=Area.LABOR_RELATIONS, unit=UNIT
    )
    item = flow.gathering.collect(problem.group, demand, by=by)
    assert flow.items.tally(item.number).appeals == len(TOLD)
    verdict = flow.gathering.repeat(item.number)
    assert verdict.passed
    assert (verdict.inputs["appeals"], verdict.inputs["channels_count"]) == (5, 2)
    (repeating,) = flow.gathering.repeating()
    assert repeating.problem.item == item.number
    last = flow.gathering.explain(("media", "M1"))[-1]
    assert (last.outcome, last.item) == (Gathering.COLLECT, item.number)
