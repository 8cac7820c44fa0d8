"""Guards of good practices and of their replication (D1)."""

from __future__ import annotations

from huimin_flow.catalogue.reasons import Reasons, ReplicationCode
from huimin_flow.catalogue.terms import (
    Ending,
    PracticeState,
    Role,
    StalePart,
    State,
    Step,
    UnitKind,
)
from huimin_flow.model.evidence import (
    Acting,
    Evidence,
)
from huimin_flow.model.improving.replication import Replication
from huimin_flow.model.record_evidence import (
    ReplicationEvidence,
    ShelvingEvidence,
)
from huimin_flow.states.authority import authorize
from huimin_flow.states.guards.core import require_passed, why_not

#: The rules that decide what may be shelved, and how effects compare.
SHELVING, COMPARING = "shelving", "comparing"

_ENDED = frozenset({State.CLOSED, State.REJECTED, State.MERGED})
_EVALUATED = frozenset({State.EVALUATED, State.ADJUSTED})


def is_handled_by_the_office(
    subject: object, by: Acting, evidence: Evidence
) -> Reasons:
    """Require an actor of the office."""
    organization = by.organization
    if organization.office in organization.acts_for(by.actor.unit, by.day):
        return ()
    name = organization.name_of(by.actor.unit)
    return why_not(ReplicationCode.NOT_THE_OFFICE, Role.OFFICE, unit_name=name)


def is_a_good_practice(
    subject: None, by: Acting, evidence: ShelvingEvidence
) -> Reasons:
    """Require that the rule passes the item, and that it is not on the shelf yet."""
    if evidence.shelved is not None:
        code = ReplicationCode.SHELVED_ALREADY
        return why_not(code, item=evidence.item.number, key=evidence.shelved)
    return require_passed(evidence, SHELVING)


def is_on_the_shelf(
    subject: None, by: Acting, evidence: ReplicationEvidence
) -> Reasons:
    """Require a practice that is not withdrawn, and an item that did not fail.

    An item that was closed after its evaluation has ended well.
    """
    practice, item = evidence.practice, evidence.item
    if practice.state is PracticeState.WITHDRAWN:
        return why_not(ReplicationCode.WITHDRAWN, key=practice.key)
    done = item.state is State.CLOSED and item.outcome is not Ending.CANCELLED
    if item.state in _ENDED and not done:
        code = ReplicationCode.ITEM_ENDED
        return why_not(code, item=item.number, state=item.status)
    return ()


def goes_to_another_unit(
    subject: None, by: Acting, evidence: ReplicationEvidence
) -> Reasons:
    """Require a unit that has items, and is not that of the practice."""
    practice, organization = evidence.practice, by.organization
    unit = organization.unit(evidence.unit, by.day)
    name = organization.name_of(evidence.unit)
    if unit is None or unit.kind is UnitKind.AUDITOR:
        return why_not(ReplicationCode.UNIT_UNFIT, unit_name=name)
    own = organization.acts_for(unit.code, by.day) | {unit.code}
    if own & {practice.unit, evidence.item.unit}:
        code = ReplicationCode.SAME_UNIT
        return why_not(code, unit_name=name, key=practice.key)
    return ()


def is_not_asked_already(
    subject: None, by: Acting, evidence: ReplicationEvidence
) -> Reasons:
    """Require that the unit was not asked, and that few units have not answered."""
    key, before = evidence.practice.key, evidence.before
    if before is not None:
        name = by.organization.name_of(evidence.unit)
        code, state = ReplicationCode.PROPOSED_ALREADY, before.state
        return why_not(code, unit_name=name, key=before.key, state=state)
    if evidence.open >= evidence.most:
        code, most = ReplicationCode.TOO_MANY, evidence.most
        return why_not(code, key=key, open=evidence.open, most=most)
    return ()


def answers_for_their_unit(
    subject: Replication, by: Acting, evidence: ReplicationEvidence
) -> Reasons:
    """Require the right to respond for the unit to which it was proposed."""
    area, organization = evidence.item.area, by.organization
    return authorize(
        by.actor, Step.RESPOND, subject.unit, area, organization, day=by.day
    )


def is_comparable(
    subject: Replication, by: Acting, evidence: ReplicationEvidence
) -> Reasons:
    """Require an evaluation that stands, or none to come, and a new effect."""
    replica = evidence.replica
    if replica is None or replica.state not in _EVALUATED | _ENDED:
        number = subject.successor
        state = subject.state if replica is None else replica.status
        code = ReplicationCode.NOT_EVALUATED
        return why_not(code, Role.OFFICE, item=number, state=state)
    if StalePart.EVALUATION in replica.stale:
        code = ReplicationCode.IN_DOUBT
        return why_not(code, Role.OFFICE, item=replica.number)
    known, verdict = subject.verdict, evidence.verdict
    if known is not None and verdict is not None and known.inputs == verdict.inputs:
        return why_not(ReplicationCode.NOTHING_NEW, key=subject.key)
    return ()
