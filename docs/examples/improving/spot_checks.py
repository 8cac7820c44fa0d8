"""Spot checks, drawn by two secrets that neither party could choose alone."""

from __future__ import annotations

from datetime import timedelta

from huimin_flow.api import CheckWay, Severity, State, tick
from huimin_flow.testing import Desk


def draw_and_find(desk: Desk) -> None:
    """Plan a check, seal two secrets, cut, reveal, draw, find, answer and correct."""
    flow, office, group = desk.flow, desk.office, desk.actor("supervision-1")
    desk.bring(State.ASSIGNED)

    check = flow.spot_checks.plan("四季度抽查", by=office)
    for todo in flow.todo(office):
        print(todo.kind.label, todo.subject, todo.step.label, todo.due)
    mine = flow.spot_checks.secret(check.key, by=office)
    theirs = flow.spot_checks.secret(check.key, by=group)
    flow.spot_checks.commit(check.key, mine.digest, by=office)
    flow.spot_checks.commit(check.key, theirs.digest, by=group)
    flow.spot_checks.cut(check.key, by=office)

    flow.spot_checks.reveal(check.key, mine.secret, by=office)
    flow.spot_checks.reveal(check.key, theirs.secret, by=group)
    drawn = flow.spot_checks.draw(check.key, by=office)
    assert drawn.drawn

    file = flow.spot_checks.attach(check.key, "照片.txt", b"1", by=office)
    for line in drawn.drawn:
        flow.spot_checks.find(
            check.key, line.id, CheckWay.ONLINE, Severity.SERIOUS, "窗口无人",
            evidence=[file.digest], by=office,
        )  # fmt: skip
    flow.spot_checks.finish(check.key, by=office)

    assert flow.spot_checks.record(check.key)  # all that a stranger needs to draw again

    line = drawn.drawn[0]
    unit = next(each for each in drawn.drawn if each.id == line.id).unit
    clerk = desk.actor(f"op-{unit}")
    flow.spot_checks.answer(check.key, line.id, "已安排轮班", by=clerk)
    flow.spot_checks.correct(
        check.key, line.id, Severity.MINOR, "当日培训", by=office, second=desk.second
    )


def take_points_off(desk: Desk) -> None:
    """See what findings of spot checks take off the index of their month."""
    flow, month = desk.flow, f"{desk.today():%Y-%m}"

    desk.clock.advance(timedelta(days=40))
    tick(flow)
    for units in flow.scores.month(month).groups.values():
        for unit in units:
            if unit.deductions:
                print(unit.unit, unit.deductions, unit.points_off)


def look_up_checks(desk: Desk) -> None:
    """List checks, see one as a unit or as its party, and void one."""
    flow, office = desk.flow, desk.office

    check = flow.spot_checks.plan("临时抽查", by=office)
    assert check not in flow.spot_checks.list()  # nobody sees it before it is done
    assert check in flow.spot_checks.mine(by=office)
    assert flow.spot_checks.show(check.key, by=office).check == check
    void = flow.spot_checks.void(check.key, "改期", by=office)

    assert void in flow.spot_checks.list()
    assert flow.spot_checks.get(void.key) == void
    assert flow.spot_checks.view(void.key).check == void
