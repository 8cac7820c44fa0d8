"""The four assessments of an item: requested, submitted, accepted or returned (B7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Final

from huimin_flow.catalogue.reasons import DecisionCode
from huimin_flow.catalogue.terms import (
    Argument,
    AssessmentKind,
    AssessmentState,
    Duty,
    RecordStep,
    StreamKind,
)
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import acting_as, keep_record, step_record
from huimin_flow.flow.core.reads import record_of, refuse_ended
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import accepted, accepted_in, required
from huimin_flow.model.core.values import from_plain
from huimin_flow.model.deciding.assessments import (
    Assessment,
    Finding,
    Staff,
    ThirdParty,
    Treated,
    Treatment,
)
from huimin_flow.model.evidence import RequestEvidence
from huimin_flow.rules.deciding import independence
from huimin_flow.states.machine import require_road
from huimin_flow.states.records import ASSESSMENT
from huimin_flow.store import listings
from huimin_flow.store.core import history, repository

#: The most people of one role in an engagement.
_MOST_STAFF: Final = 1000

#: The steps that decide on a finding, or on the treatment of its risk.
_DECIDES: Final = frozenset({RecordStep.ACCEPT.value, RecordStep.RETURN.value})


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


@question
def findings(
    work: Work, key: Annotated[str, Argument.ASSESSMENT]
) -> tuple[Finding, ...]:
    """Return every submitted version of a finding in order, and what came of it.

    Each has who accepted or returned it and why, and every treatment of its high risk.

    Raises:
        NotFound: if there is no assessment of that key.

    """
    record_of(work, Assessment, key)
    kept: list[Finding] = []
    for event in history.events_of(work.connection, key):
        value = event.public["value"]
        if event.step == RecordStep.SUBMIT:
            kept.append(
                Finding(
                    number=len(kept) + 1,
                    day=event.occurred_on,
                    by=event.actor,
                    text=value["finding"],
                    high_risk=value["high_risk"],
                )
            )
        elif event.step == RecordStep.TREAT:
            made = Treated(
                day=event.occurred_on,
                by=event.actor,
                treatment=from_plain(Treatment, value["treatment"]),
            )
            kept[-1] = replace(kept[-1], treatments=(*kept[-1].treatments, made))
        elif event.step in _DECIDES:
            returned = value["note"] if event.step == RecordStep.RETURN else ""
            last, by = kept[-1], event.actor
            if last.treatments:
                *older, made = last.treatments
                made = replace(made, returned=returned, decided_by=by)
                kept[-1] = replace(last, treatments=(*older, made))
            else:
                kept[-1] = replace(last, returned=returned, decided_by=by)
    return tuple(kept)


@act(Duty.ASSESS)
def assess(
    work: Work,
    number: str,
    kind: AssessmentKind,
    assessor: str,
    approach: str = "",
    staff: Sequence[Staff] = (),
    *,
    by: Actor = ACTING,
) -> Assessment:
    """Request one of the four assessments for an item (B7).

    A third party is named by its key or its name in the register; the request says
    how it will assess and with which staff. After an accepted assessment another may
    be requested; the last one counts. A high risk is treated first.

    Raises:
        StepRefused: if the actor may not for this unit, one is not finished, or the
            assessor is not registered or not independent.
        InputRefused: for unfit text, or numbers of staff.

    """
    item = repository.item(work.connection, number)
    work.duty(by, Duty.ASSESS, item.unit)
    for each in staff:
        required(each.qualification, Argument.QUALIFICATION)
        if not 1 <= each.count <= _MOST_STAFF:
            code, most = DecisionCode.STAFF_UNFIT, _MOST_STAFF
            raise InputRefused(code, role=each.role, count=each.count, most=most)
    known = repository.records(work.connection, Assessment, number)
    made = [assessment for assessment in known if assessment.kind is kind]
    # Keys sort in the order of requests; the first one has no number.
    more = [f"{len(made) + 1:04d}"] if made else []
    named = required(assessor, Argument.ASSESSOR, longest=100)
    register = repository.records(work.connection, ThirdParty)
    party = independence.party_named(named, register)
    assessment = Assessment(
        key=StreamKind.ASSESSMENT.key(number, kind.value, *more),
        item=number,
        kind=kind,
        state=AssessmentState.REQUESTED,
        assessor=named if party is None else party.name,
        third_party=None if party is None else party.key,
        approach=accepted(approach, Argument.APPROACH, lines=True),
        staff=accepted_in(tuple(staff), Argument.STAFF),
    )
    makers = [
        repository.item(work.connection, other).unit
        for other in independence.linked(item)
    ]
    organization = work.rulebook.organization
    concerned = independence.concerned_by(
        item, item.plan, makers, organization, register
    )
    evidence = RequestEvidence(
        before=made[-1] if made else None,
        verdict=independence.independent(assessment, party, concerned),
    )
    acting = acting_as(work, by, units=(item.unit,))
    step = RecordStep.REQUEST
    return keep_record(work, step, assessment, None, acting, evidence, about=number)


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
        note="",
        submitted_by=by.id,
    )


@act(Duty.CONFIRM)
def accept(
    work: Work, key: Annotated[str, Argument.ASSESSMENT], *, by: Actor = ACTING
) -> Assessment:
    """Accept a submitted assessment, or the treatment of its high risk (B7).

    Raises:
        StepRefused: if the actor may not for this unit, submitted it, or recorded the
            treatment.

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
    """Return a submitted assessment, or a treatment, with a note; it comes again (B7).

    Every submitted version of the finding stays readable.

    Raises:
        StepRefused: if the actor may not for this unit.

    """
    old, unit = _load(work, key, by, Duty.CONFIRM, RecordStep.RETURN)
    why = required(note, Argument.RETURN_REASON)
    return step_record(
        work, RecordStep.RETURN, old, by=by, unit=unit, about=old.item, note=why
    )


@act(Duty.ASSESS)
def treat(
    work: Work,
    key: Annotated[str, Argument.ASSESSMENT],
    measures: str,
    unit: str,
    due: date,
    *,
    by: Actor = ACTING,
) -> Assessment:
    """Record how a high risk is treated: measures, who takes them, by when (B7).

    The item stays stopped until another person accepts the treatment.

    Raises:
        StepRefused: if the actor may not for this unit, or no high risk was accepted.
        InputRefused: for a unit that doesn't exist, or a day before today.

    """
    old, owner = _load(work, key, by, Duty.ASSESS, RecordStep.TREAT)
    organization, today = work.rulebook.organization, work.today
    refuse_ended(work, unit)
    if organization.unit(unit, today) is None:
        raise InputRefused(
            DecisionCode.TREATED_BY_NO_UNIT,
            unit=unit,
            earliest=organization.begins_after(unit, today),
        )
    if due < today:
        raise InputRefused(DecisionCode.TREATED_TOO_EARLY, day=due, today=today)
    measures = required(measures, Argument.MEASURES, longest=2000, lines=True)
    return step_record(
        work,
        RecordStep.TREAT,
        old,
        by=by,
        unit=owner,
        about=old.item,
        treatment=Treatment(measures=measures, unit=unit, due=due),
        treated_by=by.id,
        note="",
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
