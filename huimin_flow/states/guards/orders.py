"""Guards of supervision orders (X2) and of decisions of review meetings (F3)."""

from __future__ import annotations

from huimin_flow.catalogue.reasons import OrderCode, Reasons, ReviewCode
from huimin_flow.catalogue.terms import Role, State
from huimin_flow.model.evidence import (
    Acting,
    Evidence,
)
from huimin_flow.model.improving.boards import SupervisionOrder
from huimin_flow.model.improving.reviews import Decision
from huimin_flow.model.record_evidence import (
    OrderedEvidence,
)
from huimin_flow.states.guards.core import require_another, why_not

#: The states of items on which nobody acts any more.
_ENDED = frozenset({State.CLOSED, State.REJECTED})


def is_on_an_open_item(subject: None, by: Acting, evidence: OrderedEvidence) -> Reasons:
    """Require an item that is not closed, rejected or merged into another one."""
    item = evidence.item
    if item.state is State.MERGED:
        into = item.merged_into
        return why_not(OrderCode.ITEM_MERGED, item=item.number, into=into)
    if item.state in _ENDED:
        return why_not(OrderCode.ITEM_ENDED, item=item.number, state=item.status)
    return ()


def is_recorded_by_the_office(
    subject: object, by: Acting, evidence: Evidence
) -> Reasons:
    """Require an actor of the office."""
    organization = by.organization
    if organization.office in organization.acts_for(by.actor.unit, by.day):
        return ()
    name = organization.name_of(by.actor.unit)
    return why_not(OrderCode.NOT_THE_OFFICE, Role.OFFICE, unit_name=name)


def is_not_answered_by_them(
    subject: SupervisionOrder, by: Acting, evidence: Evidence
) -> Reasons:
    """Require that another person has answered."""
    return require_another(by, subject.answered_by)


def is_not_recorded_by_them(
    subject: SupervisionOrder, by: Acting, evidence: Evidence
) -> Reasons:
    """Require that another person has recorded it."""
    return require_another(by, subject.received_by)


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
