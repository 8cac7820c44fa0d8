"""Permissions: roles, their steps and the owners of items; the default is none (F1)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any

from huimin_flow.catalogue.reasons import Code, Reason, Reasons, reason_of
from huimin_flow.catalogue.terms import Area, Duty, Role, Scope, Step, Via
from huimin_flow.errors import StepRefused
from huimin_flow.model.core.organization import Actor, Organization, Permission
from huimin_flow.model.core.places.gazetteer import Locality
from huimin_flow.model.core.texts import showable
from huimin_flow.model.core.values import value
from huimin_flow.model.evidence import Authors
from huimin_flow.model.items import Item
from huimin_flow.model.rulebook import Rulebook

#: The answers of the organizations that were asked last, by identity (P10). They
#: depend on nothing else; a new rulebook has a new organization.
_ANSWERS: dict[int, tuple[Organization, dict[tuple[object, ...], Reasons]]] = {}

#: The step whose right includes that of taking it back, or of its like.
_INCLUDED_IN = {Step.REOPEN: Step.REJECT, Step.ANNOTATE: Step.AMEND}

#: How many organizations, and how many answers of each, are remembered.
_ORGANIZATIONS, _QUESTIONS = 8, 50_000


def whole(permission: Permission) -> Permission:
    """Return a permission with the steps that its steps include."""
    more = {step for step, of in _INCLUDED_IN.items() if of in permission.steps}
    return replace(permission, steps=permission.steps | more)


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

    It is empty if they may. A unit also owns the items of its predecessor.
    """
    return _answer(organization, actor, step, item_unit, item_area, day)


def may_do(
    actor: Actor, duty: Duty, organization: Organization, *, unit: str | None, day: date
) -> Reasons:
    """Return why ``actor`` may not do a duty on ``day``, or nothing.

    ``unit`` owns the item or record; None is the whole city, which needs the duty
    for all units.
    """
    return _answer(organization, actor, duty, unit, None, day)


def _answer(organization: Organization, *question: Any) -> Reasons:
    """Return what ``_why_not`` does; an equal question is answered from memory."""
    known = _ANSWERS.get(id(organization))
    if known is None or len(known[1]) >= _QUESTIONS:
        if len(_ANSWERS) >= _ORGANIZATIONS:
            _ANSWERS.clear()
        known = _ANSWERS[id(organization)] = (organization, {})
    answers = known[1]
    if question not in answers:
        answers[question] = _why_not(organization, *question)
    return answers[question]


def _why_not(
    organization: Organization,
    actor: Actor,
    right: Step | Duty,
    unit: str | None,
    area: Area | None,
    day: date,
) -> Reasons:
    scopes, is_step = (
        _granted(_names(actor), right, organization),
        isinstance(right, Step),
    )
    roles = sorted(_names(actor)) or actor.id
    values = {"roles": roles, "step" if is_step else "duty": right}
    if not scopes:
        code = Code.STEP_NOT_PERMITTED if is_step else Code.DUTY_MISSING
        may = [role for role in Role if _granted([role], right, organization)]
        return (reason_of(code, values | {"may": may}),)
    idle = _why_idle(actor, organization, day)
    if idle or Scope.ALL in scopes:
        return idle
    if unit is None:
        may = [
            role for role in Role if Scope.ALL in _granted([role], right, organization)
        ]
        return (reason_of(Code.DUTY_NOT_CITY_WIDE, values | {"may": may}),)
    own = organization.acts_for(actor.unit, day)
    lead = None if area is None else organization.areas.get(area)
    if Scope.OWN in scopes and (unit in own or (unit == actor.unit and not is_step)):
        return ()
    if Scope.AREA in scopes and lead is not None:
        charged = area is not None and actor.id in organization.in_charge(area)
        if charged or lead.lead_unit in own:
            return ()
    why = others(unit, organization)
    post = organization.post(actor.id)
    if Scope.AREA in scopes and lead is not None and post is not None and post.areas:
        known = {"area": area, "areas": post.areas}
        why = reason_of(Code.AREA_NOT_IN_CHARGE, known)
    return (why,)


def may_handle(
    actor: Actor,
    duty: Duty,
    place: Locality,
    organization: Organization,
    *,
    day: date,
) -> Reasons:
    """Return why ``actor`` may not do a duty with a place's appeal, or nothing (A2).

    The people of its town and of its unit may, and those who have the duty for the
    whole city; only they may if the place is unknown.
    """
    units = [unit for unit in (place.town, place.district) if unit]
    asked = [
        may_do(actor, duty, organization, unit=unit, day=day) for unit in units
    ] or [may_do(actor, duty, organization, unit=None, day=day)]
    if not all(asked):
        return ()
    codes = {why[0].code for why in asked}
    if codes == {Code.DUTY_NOT_CITY_WIDE}:
        return (reason_of(Code.PLACE_NOBODYS, {"place": place.written}),)
    if codes != {Code.OTHER_UNITS_ITEM}:
        return asked[0]
    names = [organization.name_of(unit) for unit in units]
    own = organization.name_of(actor.unit)
    return (reason_of(Code.OTHER_UNITS_PLACE, {"units": names, "own": own}),)


def may_report(
    actor: Actor, item: Item, unit: str, organization: Organization, *, day: date
) -> Reasons:
    """Return why ``actor`` may not report on an item's task on ``day``, or nothing.

    The accountable ``unit`` may, and everyone who may execute the item.
    """
    if unit in organization.acts_for(actor.unit, day):
        return ()
    return authorize(actor, Step.EXECUTE, item.unit, item.area, organization, day=day)


def others(unit: str, organization: Organization) -> Reason:
    """Return the reason that something belongs to another unit."""
    values = {"unit": unit, "unit_name": organization.name_of(unit)}
    return reason_of(Code.OTHER_UNITS_ITEM, values)


def _why_idle(actor: Actor, organization: Organization, day: date) -> Reasons:
    """Return why nobody of the actor's unit may act on ``day``, or nothing."""
    unit = actor.unit
    known = any(each.bears(unit) for each in organization.units)
    if not known or organization.acts_for(unit, day):
        return ()
    values = {"unit": unit, "unit_name": organization.name_of(unit), "day": day}
    earliest = organization.works_after(unit, day)
    return (reason_of(Code.UNIT_NOT_AT_WORK, values, earliest=earliest),)


def are_one_person(first: str, second: str, organization: Organization) -> bool:
    """Return whether two posts are the same, or one account or person holds both."""
    return first == second or is_held_by(
        second, holders_of(first, organization), organization
    )


def holders_of(person: str, organization: Organization) -> frozenset[str]:
    """Return the accounts of a post, and the pseudonym of who holds it."""
    post = organization.post(person)
    return frozenset() if post is None else post.holders


def is_held_by(
    person: str, holders: AbstractSet[str], organization: Organization
) -> bool:
    """Return whether a post has one of some holders, who may have left another."""
    return not holders.isdisjoint(holders_of(person, organization))


def is_author(
    person: str,
    author: str,
    authors: Authors,
    organization: Organization,
) -> bool:
    """Return whether a post is held by who acted under another, or the same, before.

    ``authors`` says who held that other post then, because people change posts.
    """
    then = authors(author)
    if then is None:
        return are_one_person(person, author, organization)
    return person == author or is_held_by(person, then, organization)


def admits(old: Rulebook, new: Rulebook, day: date) -> bool:
    """Return whether the founder may activate a rulebook on a day, without two people.

    Only accounts may differ, and only while no two people with accounts could activate
    one: those of a database that was founded without accounts, or with one person's.
    """
    organization = old.organization
    may = [
        post.id
        for post in organization.people
        if post.accounts
        and (actor := organization.actor(post.id, Via.FILE, day)) is not None
        and not may_do(actor, Duty.ACTIVATE, organization, unit=None, day=day)
    ]
    if any(not are_one_person(*pair, organization) for pair in combinations(may, 2)):
        return False
    bare = [
        replace(
            book,
            digest="",
            organization=replace(
                book.organization,
                people=tuple(
                    replace(post, accounts=(), holder="")
                    for post in book.organization.people
                ),
            ),
        )
        for book in (old, new)
    ]
    return old.digest != new.digest and bare[0] == bare[1]


def only_units(
    actor: Actor, duty: Duty, organization: Organization, day: date
) -> frozenset[str] | None:
    """Return the only units for which an actor may do a duty, or None for all."""
    if Scope.ALL in _granted(_names(actor), duty, organization):
        return None
    return organization.acts_for(actor.unit, day)


def as_entered(actor: Actor, organization: Organization, day: date) -> Actor:
    """Return an actor with those roles that the organization has entered.

    A host may name fewer roles than a post has, never more.

    Raises:
        StepRefused: if no post has that id, or nobody maps a role of the host.

    """
    known = organization.actor(actor.id, actor.via, day)
    if known is None:
        raise StepRefused(Code.POST_UNKNOWN, person=showable(actor.id))
    for name in sorted(actor.own_roles - organization.own_roles.keys()):
        raise StepRefused(Code.OWN_ROLE_UNMAPPED, given=showable(name))
    if (known.roles, known.own_roles) == (actor.roles, actor.own_roles):
        return known
    roles, own = known.roles & actor.roles, known.own_roles & actor.own_roles
    return replace(known, roles=roles, own_roles=own)


@value
class Reach:
    """The items that a right covers: those of units or areas; None is all items."""

    units: frozenset[str] | None = None
    areas: frozenset[Area] = frozenset()


def reach(
    actor: Actor, may: Step, organization: Organization, day: date
) -> Reach | None:
    """Return the items with which an actor may take a step on ``day``, None if none.

    ``authorize`` says the same of one item.
    """
    scopes = _granted(_names(actor), may, organization)
    if not scopes or _why_idle(actor, organization, day):
        return None
    if Scope.ALL in scopes:
        return Reach()
    units = organization.acts_for(actor.unit, day)
    led = (
        area
        for area, lead in organization.areas.items()
        if lead.lead_unit in units or actor.id in organization.in_charge(area)
    )
    return Reach(
        units=units if Scope.OWN in scopes else frozenset(),
        areas=frozenset(led) if Scope.AREA in scopes else frozenset(),
    )


def _names(actor: Actor) -> frozenset[str]:
    """Return the roles of an actor, ours and those of hosts."""
    return actor.roles | actor.own_roles


def _granted(
    roles: Iterable[str], may: Step | Duty, organization: Organization
) -> set[Scope]:
    """Return the scopes in which roles permit a step or a duty.

    Whoever may reject an item may reopen one, too; who may amend may enter own fields.
    """
    rights = {may, _INCLUDED_IN.get(may, may)} if isinstance(may, Step) else {may}
    return {
        permission.scope
        for permission in organization.permissions(roles)
        if not rights.isdisjoint((*permission.steps, *permission.duties))
    }
