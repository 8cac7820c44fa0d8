"""Who may: roles, their steps and for whose items; the default is nobody (F1)."""

from __future__ import annotations

from huimin_flow.model.actor import Actor
from huimin_flow.model.organization import Organization, Permission
from huimin_flow.model.verdict import Reason, Reasons
from huimin_flow.reasons import Code
from huimin_flow.terms import Area, Scope, Step


def authorize(
    actor: Actor,
    step: Step,
    item_unit: str,
    item_area: Area,
    organization: Organization,
) -> Reasons:
    """Return why ``actor`` may not take ``step`` with such an item, or nothing."""
    permissions = [
        one for one in _permissions(actor, organization) if step in one.steps
    ]
    if not permissions:
        roles = "、".join(sorted(role.label for role in actor.roles)) or actor.id
        values = {"roles": roles, "step": step.label}
        return (Reason(code=Code.STEP_NOT_PERMITTED, values=values),)
    for one in permissions:
        if _covers(one.scope, actor, item_unit, item_area, organization):
            return ()
    return (Reason(code=Code.OTHER_UNITS_ITEM, values={"unit": item_unit}),)


def has_duty(actor: Actor, duty: str, organization: Organization) -> bool:
    """Tell whether one of the actor's roles carries ``duty``."""
    return any(duty in one.duties for one in _permissions(actor, organization))


def only_unit(actor: Actor, duty: str, organization: Organization) -> str | None:
    """Return the one unit for which an actor may do a duty, or None for all."""
    everywhere = any(
        duty in one.duties and one.scope is Scope.ALL
        for one in _permissions(actor, organization)
    )
    return None if everywhere else actor.unit


def _permissions(actor: Actor, organization: Organization) -> list[Permission]:
    return [
        permission
        for role in sorted(actor.roles)
        for permission in organization.roles.get(role, ())
    ]


def _covers(
    scope: Scope, actor: Actor, unit: str, area: Area, organization: Organization
) -> bool:
    if scope is Scope.ALL:
        return True
    if scope is Scope.OWN:
        return actor.unit == unit
    lead = organization.areas.get(area)
    return lead is not None and lead.lead_unit == actor.unit
