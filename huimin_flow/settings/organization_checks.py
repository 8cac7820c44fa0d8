"""What organization.yaml must hold beyond its shape: units over time, roles, posts."""

from __future__ import annotations

from datetime import date
from itertools import combinations

from huimin_flow.catalogue.reasons import ConfigCode, RulebookCode
from huimin_flow.catalogue.terms import Area, Duty, Role, UnitKind
from huimin_flow.model.core.organization import Organization, Unit
from huimin_flow.personal import is_code
from huimin_flow.settings.document import Document, Place

#: The tile grid of the five-color chart: columns and rows.
GRID = (12, 8)


def check_organization(organization: Organization, document: Document) -> None:
    """Note what is wrong with units, areas, roles and posts (F1)."""
    codes = {unit.code for unit in organization.units}
    _of_units(organization, codes, document)
    document.complete(organization.areas, Area, ["areas"])
    document.complete(organization.roles, Role, ["roles"])
    auditors = _auditors(organization)
    enduring = {unit.code for unit in organization.units if unit.valid_to is None}
    leads: dict[tuple[str, ...], str] = {
        ("areas", area.value, "lead_unit"): lead.lead_unit
        for area, lead in organization.areas.items()
    }
    for place, code in {("office",): organization.office, **leads}.items():
        if code not in codes:
            document.problem(place, RulebookCode.UNIT_UNKNOWN)
        elif code in auditors:
            document.problem(place, RulebookCode.AUDITOR_LEADS)
        elif code not in enduring and place in leads:
            document.problem(place, RulebookCode.UNIT_ENDS)
    _of_roles(organization, document)
    posts = codes | _of_bodies(organization.units, codes, document)
    _of_people(organization, posts, document)


def _of_units(organization: Organization, codes: set[str], document: Document) -> None:
    for index, unit in enumerate(organization.units):
        place: Place = ["units", index]
        _of_unit(unit, place, document)
        for n, code in enumerate(unit.successors):
            if code not in codes:
                here = [*place, "successors", n]
                document.problem(here, RulebookCode.UNIT_UNKNOWN)
        if unit.part_of and unit.part_of not in codes:
            document.problem([*place, "part_of"], RulebookCode.UNIT_UNKNOWN)
    _of_pairs(organization.units, document)
    for code in organization.places.towns if organization.places else ():
        if code not in codes:
            document.problem(["places", "towns", code], RulebookCode.UNIT_UNKNOWN)


def _of_unit(unit: Unit, place: Place, document: Document) -> None:
    if not (unit.code.isascii() and unit.code.isprintable() and unit.code.strip()):
        document.problem([*place, "code"], ConfigCode.NOT_A_CODE)
    if _ends(unit) <= _begins(unit):
        here, code = [*place, "valid_to"], ConfigCode.NOT_AFTER_OTHER
        document.problem(here, code, other="valid_from")
    # A unit that ends says until when its people act.
    if unit.valid_to is not None and unit.works_until is None:
        document.problem([*place, "valid_to"], RulebookCode.WORKS_UNTIL_MISSING)
    working = unit.works_from or _begins(unit)
    if unit.works_until is not None and unit.works_until <= working:
        here, code = [*place, "works_until"], ConfigCode.NOT_AFTER_OTHER
        other = "works_from" if unit.works_from else "valid_from"
        document.problem(here, code, other=other)
    if unit.population is not None and unit.population <= 0:
        document.problem([*place, "population"], ConfigCode.TOO_SMALL, least=1)
    columns, rows = GRID
    if unit.tile is not None and not (
        0 <= unit.tile[0] < columns and 0 <= unit.tile[1] < rows
    ):
        document.problem(
            [*place, "tile"],
            RulebookCode.TILE_OFF_GRID,
            column=columns - 1,
            row=rows - 1,
        )
    if unit.kind is UnitKind.AUDITOR and unit.ranked:
        document.problem([*place, "ranked"], RulebookCode.AUDITOR_RANKED)


def _of_pairs(units: tuple[Unit, ...], document: Document) -> None:
    """On one day a code is one unit's, and so are a name and a tile."""
    for (_, unit), (index, other) in combinations(enumerate(units), 2):
        if _begins(unit) >= _ends(other) or _begins(other) >= _ends(unit):
            continue
        if unit.code == other.code:
            document.problem(["units", index, "code"], RulebookCode.CODE_SHARED)
        names = {unit.name, *unit.aliases} & {other.name, *other.aliases}
        for name in sorted(names):
            code = RulebookCode.NAME_SHARED
            document.problem(["units", index], code, name=name, unit=unit.code)
        if unit.tile is not None and unit.tile == other.tile:
            place: Place = ["units", index, "tile"]
            document.problem(place, RulebookCode.TILE_SHARED, unit=unit.name)


def _begins(unit: Unit) -> date:
    return unit.valid_from or date.min


def _ends(unit: Unit) -> date:
    return unit.valid_to or date.max


def _of_roles(organization: Organization, document: Document) -> None:
    for role, permissions in organization.roles.items():
        for n, permission in enumerate(permissions):
            place: Place = ["roles", role.value, n]
            for duty in sorted(permission.duties):
                document.among(duty, tuple(Duty), [*place, "duties"])
            if role is Role.AUDITOR and permission.steps:
                document.problem([*place, "steps"], RulebookCode.AUDITOR_STEPS)
            if role is Role.AUDITOR and permission.duties - {Duty.AUDIT}:
                document.problem([*place, "duties"], RulebookCode.AUDITOR_DUTIES)


def _of_bodies(
    units: tuple[Unit, ...], codes: set[str], document: Document
) -> set[str]:
    """Return the codes of the bodies; none is a unit's or another body's."""
    seen: set[str] = set()
    for index, unit in enumerate(units):
        for n, body in enumerate(unit.bodies):
            if body.code in codes | seen:
                place: Place = ["units", index, "bodies", n, "code"]
                document.problem(place, ConfigCode.REPEATED)
            seen.add(body.code)
    return seen


def _of_people(organization: Organization, posts: set[str], document: Document) -> None:
    auditors = _auditors(organization)
    ids = [person.id for person in organization.people]
    owners: dict[str, str] = {}
    for index, person in enumerate(organization.people):
        place: Place = ["people", index]
        if person.unit not in posts:
            document.problem([*place, "unit"], RulebookCode.UNIT_UNKNOWN)
        if person.id in ids[:index]:
            document.problem([*place, "id"], ConfigCode.REPEATED)
        if not is_code(person.id):
            document.problem([*place, "id"], RulebookCode.POST_ID)
        here = [*place, "roles"]
        if not person.roles:
            document.problem(here, ConfigCode.EMPTY)
        if Role.AUDITOR in person.roles and len(person.roles) > 1:
            document.problem(here, RulebookCode.AUDITOR_ALONE)
        if person.unit in auditors and person.roles - {Role.AUDITOR}:
            document.problem(here, RulebookCode.AUDITOR_ONLY)
        for account in person.accounts:
            unit = owners.setdefault(account, person.unit)
            if unit != person.unit:
                code = RulebookCode.ACCOUNT_SHARED
                document.problem([*place, "accounts"], code, account=account, unit=unit)


def _auditors(organization: Organization) -> set[str]:
    return {unit.code for unit in organization.units if unit.kind is UnitKind.AUDITOR}
