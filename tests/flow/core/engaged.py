"""Engagements of third parties that acts are tried with, and tests begin with."""

from __future__ import annotations

from datetime import date
from typing import Any

from huimin_flow.catalogue.terms import Severity, State, ThirdPartyKind
from huimin_flow.model.deciding.assessments import Staff
from huimin_flow.model.improving.engagements import Engagement, FindingEntry
from huimin_flow.testing import Desk
from huimin_flow.testing.agreed import RESULTS

LATE = date(2099, 1, 1)
STAFF = (Staff(role="调查员", qualification="社会工作师", count=4),)
FRAME = tuple(f"w{n:02d}" for n in range(20))
FINDINGS = (
    FindingEntry(severity=Severity.SERIOUS, text="登记台账不全", outcome="E1"),
    FindingEntry(severity=Severity.MINOR, text="指引牌少"),
)


def engaged(desk: Desk, number: str, due: date = LATE) -> Engagement:
    """Plan an engagement of an item, with an organization of the register."""
    flow, office = desk.flow, desk.office
    if not flow.third_parties.list(limit=1):
        kind = ThirdPartyKind.UNIVERSITY
        flow.third_parties.register("丁大学", kind, "有", "有", by=office)
    name = flow.third_parties.list(limit=1)[0].name
    return flow.engagements.plan(number, name, "问卷与走访", due, by=office)


def entered(desk: Desk, number: str) -> Engagement:
    """Plan an engagement, and have its evaluator in the field."""
    key = engaged(desk, number).key
    enter = desk.flow.engagements.enter
    return enter(key, STAFF, "候工人员", FRAME, 5, by=desk.office)


def with_report(
    desk: Desk, number: str, results: Any = RESULTS, findings: Any = FINDINGS
) -> Engagement:
    """Have the report of an engagement recorded, with these results and findings."""
    key, acts, office = entered(desk, number).key, desk.flow.engagements, desk.office
    file = acts.attach(key, "报告.txt", key.encode(), by=office).digest
    return acts.report(key, file, outcomes=results, findings=findings, by=office)


def engagement_arguments(known: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """By act on engagements: what it is given."""
    told = {"key": known["told_by"], "finding": 1}
    return {
        "engagements.plan": {
            "number": known["unengaged"],
            "assessor": known["evaluator"],
            "approach": "走访",
            "due": LATE,
        },
        "engagements.enter": {
            "key": known["engaged"],
            "staff": STAFF,
            "examined": "候工人员",
            "frame": FRAME,
            "drawn": 5,
        },
        "engagements.attach": {
            "key": known["entered"],
            "name": "报告",
            "content": b"8",
        },
        "engagements.report": {"key": known["entered"], "file": known["first_report"]},
        "engagements.correct": {"key": known["told_by"], "file": known["next_report"]}
        | {"reason": "录入有误"},
        "engagements.answer": told
        | {"measures": "补登记", "owner": known["owner"], "due": LATE},
        "engagements.decline": told | {"reason": "已在册"},
        "engagements.complete": {"key": known["answered_by"], "finding": 1}
        | {"done": "已补", "evidence": [known["its_proof"]]},
        "engagements.follow": {"key": known["answered_by"]},
        "engagements.call_off": {"key": known["engaged"], "reason": "改期"},
    }


def prepare(desk: Desk, known: dict[str, Any], unit: str) -> None:
    """Have an engagement of each of four items: planned, entered, told, answered."""
    acts, office, own = desk.flow.engagements, desk.office, desk.actor(f"op-{unit}")
    planned, fielded, told, answered, free = (
        desk.bring(State.EXECUTED).number for _ in range(5)
    )
    known["unengaged"], known["owner"] = free, unit
    known["engaged"] = engaged(desk, planned).key
    known["evaluator"] = acts.get(known["engaged"]).assessor
    known["entered"] = entered(desk, fielded).key
    first = acts.attach(known["entered"], "甲", b"81", by=office)
    known["first_report"] = first.digest
    known["told_by"] = with_report(desk, told).key
    again = acts.attach(known["told_by"], "乙", b"82", by=office)
    known["next_report"] = again.digest
    known["answered_by"] = key = with_report(desk, answered).key
    acts.answer(key, 1, "补登记", unit, LATE, by=own)
    acts.decline(key, 2, "已有指引", by=own)
    known["its_proof"] = desk.flow.items.attach(answered, "照片", b"83", by=own).digest
