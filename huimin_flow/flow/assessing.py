"""Deciding: the four assessments of an item, each with its small machine (B7)."""

from __future__ import annotations

from dataclasses import replace

from huimin_flow.catalogue.terms import (
    AssessmentKind,
    AssessmentState,
    RecordStep,
    StreamKind,
)
from huimin_flow.errors import NotFound
from huimin_flow.flow.records import keep_record
from huimin_flow.flow.work import Work
from huimin_flow.model.actor import Actor
from huimin_flow.model.deliberation import Assessment
from huimin_flow.model.text import required
from huimin_flow.states.records import ASSESSMENTS, require
from huimin_flow.store import repository


def assess(
    work: Work, number: str, kind: AssessmentKind, assessor: str, *, by: Actor
) -> Assessment:
    """Request one of the four assessments for an item (B7).

    Once one was accepted another may be requested: after a risk was treated,
    the last one counts.

    Raises:
        StepRefused: if the actor may not for this unit, or one still runs.

    """
    item = repository.item(work.connection, number)
    work.duty_for(by, "assess", item.unit)
    made = [
        one
        for one in repository.records(work.connection, Assessment, number)
        if one.kind is kind
    ]
    if made:
        require(RecordStep.REQUEST, made[-1].key, made[-1].state, ASSESSMENTS)
    first = StreamKind.ASSESSMENT.key(number, kind.value)
    assessment = Assessment(
        # Keys sort in the order of making; the first ones bear no number.
        key=f"{first}/{len(made) + 1:04d}" if made else first,
        item=number,
        kind=kind,
        state=AssessmentState.REQUESTED,
        assessor=required(assessor, "评估机构", longest=100),
    )
    return _assessed(work, assessment, RecordStep.REQUEST, None, by)


def submit_assessment(
    work: Work, key: str, finding: str, *, high_risk: bool, by: Actor
) -> Assessment:
    """Submit an assessment's finding; one that was returned may come again.

    Raises:
        StepRefused: if the actor may not for this unit, or nothing was asked.

    """
    old = _assessment(work, key, by, "assess")
    require(RecordStep.SUBMIT, key, old.state, ASSESSMENTS)
    new = replace(
        old,
        state=AssessmentState.SUBMITTED,
        finding=required(finding, "评估结论", lines=True),
        high_risk=high_risk,
        submitted_by=by.id,
        version=old.version + 1,
    )
    return _assessed(work, new, RecordStep.SUBMIT, old.state, by)


def settle_assessment(
    work: Work, key: str, *, accept: bool, note: str = "", by: Actor
) -> Assessment:
    """Accept a submitted assessment, or return it with a note.

    Raises:
        StepRefused: if the actor may not for this unit, or submitted it.

    """
    old = _assessment(work, key, by, "confirm")
    step = RecordStep.ACCEPT if accept else RecordStep.RETURN
    require(step, key, old.state, ASSESSMENTS)
    if accept:
        work.different(by.id, old.submitted_by)
    finding = old.finding if accept else required(note, "退回理由")
    state = AssessmentState.ACCEPTED if accept else AssessmentState.RETURNED
    new = replace(old, state=state, finding=finding, version=old.version + 1)
    return _assessed(work, new, step, old.state, by)


def _assessment(work: Work, key: str, by: Actor, duty: str) -> Assessment:
    found = repository.find_record(work.connection, Assessment, key)
    if found is None:
        raise NotFound(f"没有编号为“{key}”的评估", remedy="请先委托评估")
    unit = repository.item(work.connection, found.item).unit
    work.duty_for(by, duty, unit)
    return found


def _assessed(
    work: Work,
    assessment: Assessment,
    step: RecordStep,
    source: AssessmentState | None,
    by: Actor,
) -> Assessment:
    keep_record(
        work,
        assessment.key,
        step.value,
        assessment,
        by=by,
        version=assessment.version,
        about=assessment.item,
        source=None if source is None else source.value,
        target=assessment.state.value,
    )
    return assessment
