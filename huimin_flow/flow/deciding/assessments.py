"""The four assessments of an item: requested, submitted, accepted or returned (B7)."""

from __future__ import annotations

from typing import Annotated

from huimin_flow.catalogue.terms import (
    Argument,
    AssessmentKind,
    AssessmentState,
    Duty,
    RecordStep,
    StreamKind,
)
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import acting_as, keep_record, record_of, step_record
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import required
from huimin_flow.model.deciding.deliberations import Assessment
from huimin_flow.model.evidence import RequestEvidence
from huimin_flow.states.machine import require_road
from huimin_flow.states.records import ASSESSMENT
from huimin_flow.store import listings
from huimin_flow.store.core import repository


@question
def assessments(
    work: Work,
    *,
    item: str | None = None,
    kind: AssessmentKind | None = None,
    state: AssessmentState | None = None,
    after: Annotated[str | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[Assessment, ...]:
    """Return the assessments with their findings, those of the newest items first.

    A page begins after the key ``after``, and not
    with the first ``skip``.
    """
    return listings.records(
        work.connection,
        Assessment,
        {"about": item, "kind": kind, "state": state},
        newest=True,
        after=after,
        skip=skip,
        limit=limit,
    )


@question
def count(
    work: Work,
    *,
    item: str | None = None,
    kind: AssessmentKind | None = None,
    state: AssessmentState | None = None,
) -> int:
    """Return how many assessments ``list`` has with the same filters."""
    wanted = {"about": item, "kind": kind, "state": state}
    return listings.count_records(work.connection, Assessment, wanted)


@question
def assessment(work: Work, key: Annotated[str, Argument.ASSESSMENT]) -> Assessment:
    """Return an assessment with its finding and its state.

    Raises:
        NotFound: if there is none of that key.

    """
    return record_of(work, Assessment, key)


@act(Duty.ASSESS)
def assess(
    work: Work, number: str, kind: AssessmentKind, assessor: str, *, by: Actor = ACTING
) -> Assessment:
    """Request one of the four assessments for an item (B7).

    After an accepted one, another may be requested (a risk was treated): the
    last one counts.

    Raises:
        StepRefused: if the actor may not for this unit, or one is not finished.

    """
    item = repository.item(work.connection, number)
    work.duty(by, Duty.ASSESS, item.unit)
    known = repository.records(work.connection, Assessment, number)
    made = [assessment for assessment in known if assessment.kind is kind]
    # Keys sort in the order of requests; the first one has no number.
    more = [f"{len(made) + 1:04d}"] if made else []
    assessment = Assessment(
        key=StreamKind.ASSESSMENT.key(number, kind.value, *more),
        item=number,
        kind=kind,
        state=AssessmentState.REQUESTED,
        assessor=required(assessor, Argument.ASSESSOR, longest=100),
    )
    before = RequestEvidence(before=made[-1] if made else None)
    acting = acting_as(work, by, units=(item.unit,))
    step = RecordStep.REQUEST
    return keep_record(work, step, assessment, None, acting, before, about=number)


@act(Duty.ASSESS)
def submit_assessment(
    work: Work,
    key: Annotated[str, Argument.ASSESSMENT],
    finding: str,
    *,
    high_risk: bool,
    by: Actor = ACTING,
) -> Assessment:
    """Submit an assessment's finding; a returned one may be submitted again.

    Raises:
        StepRefused: if the actor may not for this unit, or none was requested.

    """
    old, unit = _load(work, key, by, Duty.ASSESS, RecordStep.SUBMIT)
    return step_record(
        work,
        RecordStep.SUBMIT,
        old,
        by=by,
        unit=unit,
        about=old.item,
        finding=required(finding, Argument.FINDING, lines=True),
        high_risk=high_risk,
        submitted_by=by.id,
    )


@act(Duty.CONFIRM)
def accept(
    work: Work, key: Annotated[str, Argument.ASSESSMENT], *, by: Actor = ACTING
) -> Assessment:
    """Accept a submitted assessment (B7).

    Raises:
        StepRefused: if the actor may not for this unit, or submitted it.

    """
    old, unit = _load(work, key, by, Duty.CONFIRM, RecordStep.ACCEPT)
    return step_record(work, RecordStep.ACCEPT, old, by=by, unit=unit, about=old.item)


@act(Duty.CONFIRM)
def return_(
    work: Work,
    key: Annotated[str, Argument.ASSESSMENT],
    note: Annotated[str, Argument.RETURN_REASON],
    *,
    by: Actor = ACTING,
) -> Assessment:
    """Return a submitted assessment with a note; it is submitted again (B7).

    Raises:
        StepRefused: if the actor may not for this unit.

    """
    old, unit = _load(work, key, by, Duty.CONFIRM, RecordStep.RETURN)
    finding = required(note, Argument.RETURN_REASON)
    return step_record(
        work, RecordStep.RETURN, old, by=by, unit=unit, about=old.item, finding=finding
    )


def _load(
    work: Work, key: str, by: Actor, duty: Duty, step: RecordStep
) -> tuple[Assessment, str]:
    """Return an assessment and its item's unit, if the actor may take a step there."""
    assessment = record_of(work, Assessment, key)
    unit = repository.item(work.connection, assessment.item).unit
    work.duty(by, duty, unit)
    require_road(ASSESSMENT, assessment.state, step, key)
    return assessment, unit
