"""Deciding: the four assessments of an item, each with its small machine (B7)."""

from __future__ import annotations

from dataclasses import replace

from huimin_flow.errors import NotFound, StepRefused
from huimin_flow.flow.records import keep_record
from huimin_flow.flow.work import Work
from huimin_flow.model.actor import Actor
from huimin_flow.model.deliberation import Assessment
from huimin_flow.model.text import required
from huimin_flow.model.verdict import Reason
from huimin_flow.reasons import Code
from huimin_flow.store import repository
from huimin_flow.terms import AssessmentKind, AssessmentState


def assess(
    work: Work, number: str, kind: AssessmentKind, assessor: str, *, by: Actor
) -> Assessment:
    """Request one of the four assessments for an item (B7)."""
    work.duty(by, "assess")
    repository.item(work.connection, number)
    assessment = Assessment(
        key=f"assessment/{number}/{kind.value}",
        item=number,
        kind=kind,
        state=AssessmentState.REQUESTED,
        assessor=required(assessor, "评估机构", longest=100),
    )
    return _assessed(work, assessment, "request", None, by)


def submit_assessment(
    work: Work, key: str, finding: str, *, high_risk: bool, by: Actor
) -> Assessment:
    """Submit an assessment's finding; one that was returned may come again."""
    old = _assessment(
        work, key, {AssessmentState.REQUESTED, AssessmentState.RETURNED}, "submit"
    )
    work.duty(by, "assess")
    new = replace(
        old,
        state=AssessmentState.SUBMITTED,
        finding=required(finding, "评估结论"),
        high_risk=high_risk,
        version=old.version + 1,
    )
    return _assessed(work, new, "submit", old.state, by)


def settle_assessment(
    work: Work, key: str, *, accept: bool, note: str = "", by: Actor
) -> Assessment:
    """Accept a submitted assessment, or return it with a note."""
    old = _assessment(work, key, {AssessmentState.SUBMITTED}, "settle")
    work.duty(by, "confirm")
    finding = old.finding if accept else required(note, "退回理由")
    state = AssessmentState.ACCEPTED if accept else AssessmentState.RETURNED
    new = replace(old, state=state, finding=finding, version=old.version + 1)
    return _assessed(work, new, "accept" if accept else "return_", old.state, by)


def _assessment(
    work: Work, key: str, states: set[AssessmentState], step: str
) -> Assessment:
    found = repository.find_record(work.connection, Assessment, key)
    if found is None:
        raise NotFound(f"没有编号为“{key}”的评估", remedy="请先委托评估")
    if found.state not in states:
        values = {
            "state": found.state.label,
            "step": step,
            "possible": "、".join(sorted(one.label for one in states)),
        }
        raise StepRefused((Reason(code=Code.NO_SUCH_ARC, values=dict(values)),))
    return found


def _assessed(
    work: Work,
    assessment: Assessment,
    step: str,
    source: AssessmentState | None,
    by: Actor,
) -> Assessment:
    keep_record(
        work,
        assessment.key,
        step,
        assessment,
        by=by,
        version=assessment.version,
        about=assessment.item,
        source=None if source is None else source.value,
        target=assessment.state.value,
    )
    return assessment
