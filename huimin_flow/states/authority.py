"""Who may: roles, their steps and for whose items; the default is nobody (F1)."""

from __future__ import annotations

from datetime import date

from huimin_flow.catalogue.reasons import Code, Plain, Reason, Reasons, plain
from huimin_flow.catalogue.terms import Area, Duty, Scope, Step
from huimin_flow.model.core.organization import Actor, Organization, Permission
from huimin_flow.model.items import Item


def authorize(
    actor: Actor,
    step: Step,
    item_unit: str,
    item_area: Area,
    organization: Organization,
    *,
    day: date,
) -> Reasons:
    """Return why ``actor`` may not take ``step`` on ``day`` with such an item.

    Nothing where they may. Items of a unit that ended are its successor's, too.
    """
    permissions = [
        one for one in _permissions(actor, organization) if step in one.steps
    ]
    if not permissions:
        values = {"roles": _roles(actor), "step": step.value}
        return (Reason(code=Code.STEP_NOT_PERMITTED, values=dict(values)),)
    idle = _idle(actor, organization, day)
    if idle:
        return idle
    units = organization.acts_for(actor.unit, day)
    for one in permissions:
        if _covers(one.scope, units, item_unit, item_area, organization):
            return ()
    return (others(item_unit, organization),)


def may_do(
    actor: Actor,
    duty: Duty,
    organization: Organization,
    *,
    unit: str | None,
    day: date,
) -> Reasons:
    """Return why ``actor`` may not do a duty on ``day``, or nothing.

    ``unit`` owns the thing it is done with; None is the whole city's thing, for
    which only a duty for all units will do.
    """
    scopes = {
        one.scope for one in _permissions(actor, organization) if duty in one.duties
    }
    if not scopes:
        values = {"roles": _roles(actor), "duty": duty.value}
        return (Reason(code=Code.DUTY_MISSING, values=dict(values)),)
    idle = _idle(actor, organization, day)
    if idle or Scope.ALL in scopes:
        return idle
    if unit is None:
        values = {"roles": _roles(actor), "duty": duty.value}
        return (Reason(code=Code.DUTY_NOT_CITY_WIDE, values=dict(values)),)
    own = {actor.unit, *organization.acts_for(actor.unit, day)}
    if Scope.OWN in scopes and unit in own:
        return ()
    return (others(unit, organization),)


def may_report(
    actor: Actor, item: Item, unit: str, organization: Organization, *, day: date
) -> Reasons:
    """Return why ``actor`` may not report of an item's task on ``day``, or nothing.

    The accountable ``unit`` may, and whoever may execute the item.
    """
    if unit in organization.acts_for(actor.unit, day):
        return ()
    return authorize(actor, Step.EXECUTE, item.unit, item.area, organization, day=day)


def _roles(actor: Actor) -> Plain:
    return plain(sorted(actor.roles)) if actor.roles else actor.id


def others(unit: str, organization: Organization) -> Reason:
    """Return that something belongs to another unit, by code and name."""
    values = {"unit": unit, "unit_name": organization.name_of(unit)}
    return Reason(code=Code.OTHER_UNITS_ITEM, values=dict(values))


def _idle(actor: Actor, organization: Organization, day: date) -> Reasons:
    """Return why nobody of the actor's unit may act on ``day``, or nothing."""
    known = any(one.bears(actor.unit) for one in organization.units)
    if not known or organization.acts_for(actor.unit, day):
        return ()
    values = {
        "unit": actor.unit,
        "unit_name": organization.name_of(actor.unit),
        "day": day.isoformat(),
    }
    return (
        Reason(
            code=Code.UNIT_NOT_AT_WORK,
            values=dict(values),
            earliest=organization.works_after(actor.unit, day),
        ),
    )


def are_one_person(first: str, second: str, organization: Organization) -> bool:
    """Tell whether two posts are one, or are held by one account."""
    if first == second:
        return True
    held = [
        set(one.accounts) for one in organization.people if one.id in {first, second}
    ]
    return len(held) == 2 and bool(held[0] & held[1])


def only_units(
    actor: Actor, duty: Duty, organization: Organization, day: date
) -> frozenset[str] | None:
    """Return the units for which alone an actor may do a duty, or None for all."""
    everywhere = any(
        duty in one.duties and one.scope is Scope.ALL
        for one in _permissions(actor, organization)
    )
    return None if everywhere else organization.acts_for(actor.unit, day)


def _permissions(actor: Actor, organization: Organization) -> list[Permission]:
    return [
        permission
        for role in sorted(actor.roles)
        for permission in organization.roles.get(role, ())
    ]


def _covers(
    scope: Scope,
    units: frozenset[str],
    unit: str,
    area: Area,
    organization: Organization,
) -> bool:
    if scope is Scope.ALL:
        return True
    if scope is Scope.OWN:
        return unit in units
    lead = organization.areas.get(area)
    return lead is not None and lead.lead_unit in units
