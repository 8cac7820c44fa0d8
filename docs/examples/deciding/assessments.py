"""Assessments before an item is assigned, and the register of third parties."""

from __future__ import annotations

from datetime import timedelta

from huimin_flow.api import AssessmentKind, AssessmentState, State, ThirdPartyKind
from huimin_flow.testing import UNIT, Desk


def assess(desk: Desk) -> None:
    """Request an assessment, submit a finding, return it, and accept the next."""
    flow, office, second = desk.flow, desk.office, desk.second
    number = desk.bring(State.LISTED).number

    assessment = flow.assessments.request(
        number, AssessmentKind.LEGALITY, "法规处", by=office
    )
    key = assessment.key
    flow.assessments.submit(key, "有疑问", high_risk=False, by=office)
    flow.assessments.return_(key, "请写明依据", by=second)
    flow.assessments.submit(key, "合法", high_risk=False, by=office)
    accepted = flow.assessments.accept(key, by=second)
    assert accepted.state is AssessmentState.ACCEPTED

    assert flow.assessments.get(key) == accepted
    assert len(flow.assessments.findings(key)) == 2
    assert accepted in flow.assessments.list(item=number)
    assert flow.assessments.count(item=number) == 1


def treat_a_high_risk(desk: Desk) -> None:
    """Record how a high risk is treated, before its item goes on."""
    flow, office = desk.flow, desk.office
    number = desk.bring(State.LISTED).number

    risky = flow.assessments.request(number, AssessmentKind.LEGALITY, "甲", by=office)
    flow.assessments.submit(risky.key, "有隐患", high_risk=True, by=office)
    flow.assessments.accept(risky.key, by=desk.second)
    due = desk.today() + timedelta(days=30)
    treated = flow.assessments.treat(risky.key, "走访", UNIT, due, by=office)
    assert treated.treatment
    flow.assessments.return_(risky.key, "请写明期限", by=desk.second)
    (finding,) = flow.assessments.findings(risky.key)
    assert finding.treatments[0].returned == "请写明期限"


def keep_third_parties(desk: Desk) -> None:
    """Register an organization that may assess, amend its entry, and end it."""
    flow, office = desk.flow, desk.office

    party = flow.third_parties.register(
        "乙大学", ThirdPartyKind.UNIVERSITY, "评估8项", "公共就业", by=office
    )
    party = flow.third_parties.amend(party.key, parent="某集团", by=office)
    assert flow.third_parties.get(party.key) == party
    flow.third_parties.end(party.key, "注销", by=office)
    assert flow.third_parties.count() == len(flow.third_parties.list())
