"""Registers: direct-report points, policies of the state, and the city's measures."""

from __future__ import annotations

from datetime import date, timedelta

from huimin_flow.api import (
    Area,
    PointEntry,
    PointLevel,
    Promise,
    Undertaking,
    tick,
)
from huimin_flow.testing import UNIT, Desk


def keep_points(desk: Desk) -> None:
    """Register points where citizens speak, and see how far they reach."""
    flow, office = desk.flow, desk.office

    point = flow.points.add("零工市场直报点", PointLevel.DISTRICT, "万州区", by=office)
    entries = [
        PointEntry(name="社区直报点", level=PointLevel.DISTRICT, locality="涪陵区"),
        PointEntry(name="乙", level=PointLevel.DISTRICT, locality="不知道"),
    ]
    intake = flow.points.add_all(entries, by=office)
    assert (len(intake.kept), len(intake.refused)) == (1, 1)

    for todo in flow.todo(desk.actor("op-500102")):  # which levels have none
        print(todo.kind.label, todo.subject, todo.step.label)

    moved = flow.points.move(point.key, new_name="候工区直报点", by=office)
    assert flow.points.get(point.key) == moved
    flow.points.close(point.key, "场地撤销", by=office)

    assert flow.points.count() == len(flow.points.list())
    assert flow.points.coverage().districts


def keep_policies(desk: Desk) -> None:
    """Register a policy with its promises, and the measures that carry it out."""
    flow, office = desk.flow, desk.office

    promises = [
        Promise(
            key="P1", indicator="零工市场", due=date(2024, 6, 30), target=12, unit="个"
        )
    ]
    policy = flow.policies.register(
        "人社部", "9号", "零工市场建设", desk.today(), promises, by=office
    )
    policy = flow.policies.amend(policy.key, title="零工市场建设意见", by=office)
    assert flow.policies.get(policy.key).title == "零工市场建设意见"
    assert flow.policies.count() == len(flow.policies.list())

    undertaking = Undertaking(promise="P1", due=date(2024, 5, 31))
    measure = flow.measures.register(
        policy.key, "每区建一个", Area.EMPLOYMENT, UNIT, [undertaking], by=office
    )
    measure = flow.measures.amend(measure.key, title="每个区县建一个", by=office)
    assert flow.measures.get(measure.key) == measure
    assert flow.measures.count(policy=policy.key) == len(flow.measures.list())
    (line,) = flow.measures.compare(policy=policy.key)
    print(line)

    flow.measures.withdraw(measure.key, "已并入", by=office)
    flow.policies.withdraw(policy.key, "到期", by=office)


def close_what_is_old(desk: Desk) -> None:
    """Let time pass: the timetable reviews policies, answered appeals are closed."""
    flow, clerk = desk.flow, desk.operator

    desk.clock.advance(timedelta(days=60))
    tick(flow)
    (kept, *_) = flow.policies.reviews()
    assert flow.policies.review(kept.key) == kept
    assert flow.policies.count_reviews() == 1

    ripe = flow.answers.to_close(unit=UNIT)
    assert flow.answers.count_to_close(unit=UNIT) == len(ripe)
    closed = flow.answers.close(unit=UNIT, by=clerk, expected=len(ripe))
    assert closed.count == len(ripe)
