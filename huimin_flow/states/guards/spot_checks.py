"""Guards of spot checks: who is a party, who may check whom, what is open (D8)."""

from __future__ import annotations

from huimin_flow.catalogue.reasons import Reasons, SpotCheckCode
from huimin_flow.catalogue.terms import Role
from huimin_flow.model.evidence import Acting, CheckedEvidence, Evidence
from huimin_flow.model.improving.spot_checks import (
    Commitment,
    Reveal,
    SpotCheck,
    party_of,
)
from huimin_flow.states.authority import others
from huimin_flow.states.guards.core import require_another, why_not


def is_a_party(subject: SpotCheck, by: Acting, evidence: Evidence) -> Reasons:
    """Require an actor of the office or of the supervision group."""
    if party_of(by.actor.roles) is None:
        return why_not(SpotCheckCode.NOT_A_PARTY, Role.SUPERVISION)
    return ()


def is_not_the_other_party(
    subject: SpotCheck, by: Acting, evidence: Evidence
) -> Reasons:
    """Require that another person acts for the other party."""
    own = party_of(by.actor.roles)
    acted: tuple[Commitment | Reveal, ...] = (*subject.commitments, *subject.reveals)
    for each in acted:
        if each.party is not own and (why := require_another(by, each.by)):
            return why
    return ()


def has_not_revealed(subject: SpotCheck, by: Acting, evidence: Evidence) -> Reasons:
    """Require that the actor's party has not revealed its secret."""
    own = party_of(by.actor.roles)
    if own is None or own in subject.unrevealed():
        return ()
    return why_not(SpotCheckCode.REVEALED_ALREADY, party=own)


def other_has_committed(subject: SpotCheck, by: Acting, evidence: Evidence) -> bool:
    """Select the arc of the second commitment."""
    return not {*subject.uncommitted()} - {party_of(by.actor.roles)}


def other_has_not_committed(subject: SpotCheck, by: Acting, evidence: Evidence) -> bool:
    """Select the arc of the first commitment."""
    return not other_has_committed(subject, by, evidence)


def other_has_revealed(subject: SpotCheck, by: Acting, evidence: Evidence) -> bool:
    """Select the arc of the second reveal."""
    return not {*subject.unrevealed()} - {party_of(by.actor.roles)}


def other_has_not_revealed(subject: SpotCheck, by: Acting, evidence: Evidence) -> bool:
    """Select the arc of the first reveal."""
    return not other_has_revealed(subject, by, evidence)


def is_not_of_the_checked(
    subject: SpotCheck, by: Acting, evidence: CheckedEvidence
) -> Reasons:
    """Require a checker, and who confirms, of another unit than the checked one."""
    organization = by.organization
    for who in filter(None, (by.actor, by.second)):
        if evidence.unit in organization.acts_for(who.unit, by.day):
            name = organization.name_of(evidence.unit)
            return why_not(SpotCheckCode.OWN_UNIT, unit_name=name)
    return ()


def is_of_the_checked(
    subject: SpotCheck, by: Acting, evidence: CheckedEvidence
) -> Reasons:
    """Require an actor of the checked unit."""
    organization = by.organization
    if evidence.unit in organization.acts_for(by.actor.unit, by.day):
        return ()
    return (others(evidence.unit, organization),)


def all_is_checked(subject: SpotCheck, by: Acting, evidence: Evidence) -> Reasons:
    """Require a finding at everything that was drawn."""
    left = subject.unchecked()
    if not left:
        return ()
    return why_not(SpotCheckCode.UNCHECKED, count=len(left), first=left[0].id)
