"""Guards of review meetings and of their decisions (F3)."""

from __future__ import annotations

from huimin_flow.catalogue.reasons import Reasons, ReviewCode
from huimin_flow.catalogue.terms import Role
from huimin_flow.model.evidence import Acting, Evidence
from huimin_flow.model.improving.reviews import Decision
from huimin_flow.states.guards.core import require_another, why_not


def is_of_the_office(subject: object, by: Acting, evidence: Evidence) -> Reasons:
    """Require an actor of the office."""
    organization = by.organization
    if organization.office in organization.acts_for(by.actor.unit, by.day):
        return ()
    name = organization.name_of(by.actor.unit)
    return why_not(ReviewCode.NOT_THE_OFFICE, Role.OFFICE, unit_name=name)


def is_its_owner(subject: Decision, by: Acting, evidence: Evidence) -> Reasons:
    """Require the post that owns a decision, if a post of today does."""
    post = by.organization.post(subject.post) if subject.post else None
    if post is None or by.actor.id == post.id:
        return ()
    values = {"post": subject.post, "actor": by.actor.id}
    return why_not(ReviewCode.NOT_THE_OWNER, None, **values)


def is_not_reported_by_them(
    subject: Decision, by: Acting, evidence: Evidence
) -> Reasons:
    """Require that another person has reported it as done."""
    return require_another(by, subject.reported_by)
