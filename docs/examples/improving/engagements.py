"""Engagements: a third party evaluates an item, and its findings are followed."""

from __future__ import annotations

from datetime import date

from huimin_flow.api import (
    EngagementState,
    FindingEntry,
    Severity,
    Staff,
    State,
    ThirdPartyKind,
)
from huimin_flow.testing import RESULTS, UNIT, Desk

LATE = date(2024, 12, 31)
STAFF = (Staff(role="调查员", qualification="社会工作师", count=4),)
FRAME = [f"w{n:02d}" for n in range(20)]


def evaluate_by_a_third_party(desk: Desk) -> None:
    """Plan an engagement, record field work and report, and follow the findings."""
    flow, office, clerk = desk.flow, desk.office, desk.operator
    number = desk.bring(State.EXECUTED).number
    party = flow.third_parties.register(
        "丁大学", ThirdPartyKind.UNIVERSITY, "评估8项", "公共就业", by=office
    )

    engagement = flow.engagements.plan(number, party.name, "走访", LATE, by=office)
    key = engagement.key
    for todo in flow.todo(office):
        print(todo.kind.label, todo.subject, todo.step.label, todo.due)
    flow.engagements.enter(key, STAFF, "候工人员", FRAME, 5, by=office)
    sample = flow.engagements.sample(key)
    assert flow.engagements.redraw(key, FRAME) == sample

    file = flow.engagements.attach(key, "报告.txt", "甲".encode(), by=office)
    findings = [
        FindingEntry(severity=Severity.SERIOUS, text="登记台账不全", outcome="E1"),
        FindingEntry(severity=Severity.MINOR, text="指引牌少"),
    ]
    flow.engagements.report(
        key, file.digest, outcomes=RESULTS, findings=findings, by=office
    )
    assert file in flow.engagements.files(key)

    flow.engagements.answer(key, 1, "补登记", UNIT, LATE, by=clerk)
    flow.engagements.decline(key, 2, "已有指引", by=clerk)
    proof = flow.items.attach(number, "照片.txt", b"1", by=clerk).digest
    flow.engagements.complete(key, 1, "已补", [proof], by=clerk)
    followed = flow.engagements.follow(key, by=office)
    assert flow.engagements.get(key) == followed


def correct_and_call_off(desk: Desk) -> None:
    """Correct a report that was entered wrongly; call an engagement off."""
    flow, office = desk.flow, desk.office
    number = desk.bring(State.EXECUTED).number

    engagement = flow.engagements.plan(number, "丁大学", "走访", LATE, by=office)
    key = engagement.key
    assert engagement in flow.engagements.list(state=EngagementState.PLANNED)
    assert flow.engagements.count(item=number) == 1
    flow.engagements.enter(key, STAFF, "候工人员", FRAME, 5, by=office)
    first = flow.engagements.attach(key, "甲.txt", b"81", by=office).digest
    flow.engagements.report(key, first, outcomes=RESULTS, by=office)
    second = flow.engagements.attach(key, "乙.txt", b"82", by=office).digest
    flow.engagements.correct(key, second, "录入有误", outcomes=RESULTS, by=desk.second)

    other = desk.bring(State.EXECUTED).number
    planned = flow.engagements.plan(other, "丁大学", "走访", LATE, by=office)
    flow.engagements.call_off(planned.key, "改期", by=office)
