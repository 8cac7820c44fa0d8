"""Checks of units, roles, posts, channels and service items, beyond their types."""

from __future__ import annotations

import re
from datetime import date
from itertools import combinations

from huimin_flow.catalogue.reasons import ConfigCode, RulebookCode
from huimin_flow.catalogue.terms import Area, Duty, Role, UnitKind
from huimin_flow.model.core.organization import Organization, Unit
from huimin_flow.model.core.places.gazetteer import Gazetteer
from huimin_flow.model.extensions import is_name
from huimin_flow.model.rulebook import Channels
from huimin_flow.model.services.catalogue import Services
from huimin_flow.personal import is_code
from huimin_flow.settings.yaml import Document

#: The tile grid of the five-color chart: columns and rows.
GRID = (12, 8)


def check_organization(
    places: Gazetteer | None, organization: Organization, document: Document
) -> None:
    """Record what is wrong with units, areas, roles and posts (F1).

    ``places`` has the towns of posts; it is None if its file is not valid.
    """
    if organization.places is not None:
        document.problem(ConfigCode.KEY_UNKNOWN, "places")
    codes = {unit.code for unit in organization.units}
    for index, unit in enumerate(organization.units):
        _of_unit(unit, index, codes, document)
    _of_pairs(organization.units, document)
    document.complete(organization.areas, Area, "areas")
    document.complete(organization.roles, Role, "roles")
    auditors = _auditors(organization)
    enduring = {unit.code for unit in organization.units if unit.valid_to is None}
    leads: dict[tuple[str, ...], str] = {
        ("areas", area.value, "lead_unit"): lead.lead_unit
        for area, lead in organization.areas.items()
    }
    for place, code in {("office",): organization.office, **leads}.items():
        if code not in codes:
            document.problem(RulebookCode.UNIT_UNKNOWN, *place)
        elif code in auditors:
            document.problem(RulebookCode.AUDITOR_LEADS, *place)
        elif code not in enduring and place in leads:
            document.problem(RulebookCode.UNIT_ENDS, *place)
    _of_roles(organization, document)
    posts = codes | _of_bodies(organization.units, codes, document)
    towns = set() if places is None else places.codes
    _of_people(organization, posts, towns, document)
    _of_charges(organization, document)
    _of_own_roles(organization, document)


def _of_own_roles(organization: Organization, document: Document) -> None:
    for n, person in enumerate(organization.people):
        for name in sorted(person.own_roles):
            known = organization.own_roles
            document.among(name, known, "people", n, "own_roles")
    for name, own in organization.own_roles.items():
        if not is_name(name) or name in set(Role):
            document.problem(ConfigCode.NOT_A_CODE, "own_roles", name)
        for n, permission in enumerate(own.permissions):
            place = ("own_roles", name, "permissions", n, "duties")
            for duty in sorted(permission.duties):
                document.among(duty, tuple(Duty), *place)


def _of_unit(unit: Unit, index: int, codes: set[str], document: Document) -> None:
    place = ("units", index)
    for n, code in enumerate(unit.successors):
        document.unit(code, codes, *place, "successors", n)
    document.unit(unit.part_of, codes, *place, "part_of")
    if not (unit.code.isascii() and unit.code.isprintable() and unit.code.strip()):
        document.problem(ConfigCode.NOT_A_CODE, *place, "code")
    after = ConfigCode.NOT_AFTER_OTHER
    if _ends(unit) <= _begins(unit):
        document.problem(after, *place, "valid_to", other="valid_from")
    # A unit that ends must say until which day its people act.
    if unit.valid_to is not None and unit.works_until is None:
        document.problem(RulebookCode.WORKS_UNTIL_MISSING, *place, "valid_to")
    working = unit.works_from or _begins(unit)
    if unit.works_until is not None and unit.works_until <= working:
        other = "works_from" if unit.works_from else "valid_from"
        document.problem(after, *place, "works_until", other=other)
    if unit.population is not None and unit.population <= 0:
        document.problem(ConfigCode.TOO_SMALL, *place, "population", least=1)
    columns, rows = GRID
    column, row = unit.tile or (0, 0)
    if not (0 <= column < columns and 0 <= row < rows):
        most = {"column": columns - 1, "row": rows - 1}
        document.problem(RulebookCode.TILE_OFF_GRID, *place, "tile", **most)
    if unit.kind is UnitKind.AUDITOR and unit.ranked:
        document.problem(RulebookCode.AUDITOR_RANKED, *place, "ranked")


def _of_pairs(units: tuple[Unit, ...], document: Document) -> None:
    """Record codes, names and tiles that two units share on the same day."""
    for (_, unit), (index, other) in combinations(enumerate(units), 2):
        if _begins(unit) >= _ends(other) or _begins(other) >= _ends(unit):
            continue
        if unit.code == other.code:
            document.problem(RulebookCode.CODE_SHARED, "units", index, "code")
        names = {unit.name, *unit.aliases} & {other.name, *other.aliases}
        for name in sorted(names):
            code = RulebookCode.NAME_SHARED
            document.problem(code, "units", index, name=name, unit=unit.code)
        if unit.tile is not None and unit.tile == other.tile:
            code = RulebookCode.TILE_SHARED
            document.problem(code, "units", index, "tile", unit=unit.name)


def _begins(unit: Unit) -> date:
    return unit.valid_from or date.min


def _ends(unit: Unit) -> date:
    return unit.valid_to or date.max


def _of_roles(organization: Organization, document: Document) -> None:
    for role, permissions in organization.roles.items():
        for n, permission in enumerate(permissions):
            place = ("roles", role.value, n)
            for duty in sorted(permission.duties):
                document.among(duty, tuple(Duty), *place, "duties")
            if role is Role.AUDITOR and permission.steps:
                document.problem(RulebookCode.AUDITOR_STEPS, *place, "steps")
            if role is Role.AUDITOR and permission.duties - {Duty.AUDIT}:
                document.problem(RulebookCode.AUDITOR_DUTIES, *place, "duties")


def _of_bodies(
    units: tuple[Unit, ...], codes: set[str], document: Document
) -> set[str]:
    """Return the codes of the bodies; record those of a unit or another body."""
    seen: set[str] = set()
    for index, unit in enumerate(units):
        for n, body in enumerate(unit.bodies):
            if body.code in codes | seen:
                code = ConfigCode.REPEATED
                document.problem(code, "units", index, "bodies", n, "code")
            seen.add(body.code)
    return seen


def _of_people(
    organization: Organization, posts: set[str], towns: set[str], document: Document
) -> None:
    auditors = _auditors(organization)
    ids = [person.id for person in organization.people]
    owners: dict[str, str] = {}
    for index, person in enumerate(organization.people):
        place = ("people", index)
        document.unit(person.unit, posts | towns, *place, "unit")
        own = [organization.own_roles.get(name) for name in sorted(person.own_roles)]
        mapped = person.roles.union(*(each.roles for each in own if each is not None))
        more = any(each is not None and each.permissions for each in own)
        if (person.unit in towns) != (Role.TOWN in mapped) or (
            Role.TOWN in mapped and (len(mapped) > 1 or more)
        ):
            document.problem(RulebookCode.TOWN_POST, *place, "roles")
        if person.id in ids[:index]:
            document.problem(ConfigCode.REPEATED, *place, "id")
        if not is_code(person.id):
            document.problem(RulebookCode.POST_ID, *place, "id")
        if not person.roles | person.own_roles:
            document.problem(ConfigCode.EMPTY, *place, "roles")
        if Role.AUDITOR in mapped and (len(mapped) > 1 or more):
            document.problem(RulebookCode.AUDITOR_ALONE, *place, "roles")
        if person.unit in auditors and (more or mapped - {Role.AUDITOR}):
            document.problem(RulebookCode.AUDITOR_ONLY, *place, "roles")
        for account in person.accounts:
            unit = owners.setdefault(account, person.unit)
            if unit != person.unit:
                code = RulebookCode.ACCOUNT_SHARED
                document.problem(code, *place, "accounts", account=account, unit=unit)


def _of_charges(organization: Organization, document: Document) -> None:
    """Record what is wrong with areas in charge, holders and deputies (F1)."""
    leaders = {Role.LEADER, Role.DEPUTY_LEADER}
    for index, person in enumerate(organization.people):
        if person.areas and not person.roles & leaders:
            document.problem(RulebookCode.NOT_IN_CHARGE, "people", index, "areas")
        if person.holder and not is_code(person.holder):
            document.problem(RulebookCode.POST_ID, "people", index, "holder")
    for index, deputy in enumerate(organization.deputies):
        place = ("deputies", index)
        absent = organization.post(deputy.post)
        acts = organization.post(deputy.deputy)
        for name, post in {"post": absent, "deputy": acts}.items():
            if post is None:
                document.problem(RulebookCode.POST_MISSING, *place, name)
        if (
            absent is not None
            and acts is not None
            and (absent.unit != acts.unit or absent.id == acts.id)
        ):
            document.problem(RulebookCode.DEPUTY_ELSEWHERE, *place, "deputy")
        if deputy.valid_to <= deputy.valid_from:
            code = ConfigCode.NOT_AFTER_OTHER
            document.problem(code, *place, "valid_to", other="valid_from")


def check_places(
    organization: Organization | None, places: Gazetteer, document: Document
) -> None:
    """Record what is wrong with places.yaml: units and towns that are unknown.

    ``organization`` is None if its file is not valid.
    """
    units = None
    if organization is not None:
        units = {unit.code for unit in organization.units}
    for unit, towns in places.towns.items():
        document.unit(unit, units, "towns", unit)
        for digits in towns:
            if not re.fullmatch("[0-9]{3}", digits):
                document.problem(ConfigCode.NOT_A_CODE, "towns", unit, digits)
    for n, former in enumerate(places.former):
        document.unit(former.unit, units, "former", n, "unit")
    known = places.codes
    for n, change in enumerate(places.changes):
        document.unit(change.unit, units, "changes", n, "unit")
    named: list[tuple[str | int, ...]]
    named = [("changes", n, "town") for n in range(len(places.changes))]
    named += [("aliases", town) for town in places.aliases]
    named += [("villages", town) for town in places.villages]
    codes = [*(change.town for change in places.changes), *places.aliases]
    for place, town in zip(named, [*codes, *places.villages], strict=True):
        of_unit = place[0] == "aliases" and town in (units or ())
        if town not in known and not of_unit:
            document.problem(RulebookCode.TOWN_UNKNOWN, *place)


def _auditors(organization: Organization) -> set[str]:
    return {unit.code for unit in organization.units if unit.kind is UnitKind.AUDITOR}


def check_channels(channels: Channels, document: Document) -> None:
    """Record what is wrong with the channels: repeated keys, deadlines out of range."""
    document.distinct([channel.key for channel in channels.intake], "key", "intake")
    for name in ("intake", "service"):
        if not getattr(channels, name):
            document.problem(ConfigCode.EMPTY, name)
    for name in channels.rating_codes:
        document.among(name, channels.service, "rating_codes", name)


def check_services(
    organization: Organization | None,
    channels: Channels | None,
    services: Services,
    document: Document,
) -> None:
    """Record what is wrong with service_items.yaml.

    ``organization`` and ``channels`` are None if their files are not valid; what
    depends on them is not checked then.
    """
    units = None
    if organization is not None:
        units = {unit.code for unit in organization.units}
    _of_items(services, units, document)
    seen: set[tuple[str, str]] = set()
    for index, window in enumerate(services.windows):
        place = ("windows", index)
        if not window.code:
            document.problem(ConfigCode.EMPTY, *place, "code")
        elif (window.unit, window.code) in seen:
            document.problem(ConfigCode.REPEATED, *place, "code")
        seen.add((window.unit, window.code))
        document.unit(window.unit, units, *place, "unit")
    if channels is not None:
        document.complete(services.reach, channels.service, "reach")
        for channel in services.reach:
            document.among(channel, channels.service, "reach", channel)


def _of_items(services: Services, units: set[str] | None, document: Document) -> None:
    keys = [item.key for item in services.items]
    for index, item in enumerate(services.items):
        place = ("items", index)
        if item.key in keys[:index]:
            document.problem(ConfigCode.REPEATED, *place, "key")
        if not (item.key.isascii() and item.key.isprintable()):
            document.problem(ConfigCode.NOT_A_CODE, *place, "key")
        document.unit(item.unit, units, *place, "unit")
        burdens = {"before": item.before, "after": item.after}
        missing = [name for name, burden in burdens.items() if burden is None]
        if len(missing) == 1:
            document.problem(ConfigCode.ENTRY_MISSING, *place, name=missing[0])
        if item.before is not None and not item.figures_source:
            document.problem(ConfigCode.ENTRY_MISSING, *place, name="figures_source")
        for name, burden in burdens.items():
            for part in ("steps", "documents", "days", "visits"):
                if burden is not None and getattr(burden, part) < 0:
                    document.problem(ConfigCode.TOO_SMALL, *place, name, part, least=0)
