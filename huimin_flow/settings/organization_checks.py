"""What organization.yaml must hold beyond its shape: codes over time, tiles, posts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations

from huimin_flow.catalogue.terms import Area, Role, UnitKind
from huimin_flow.model.organization import Organization, Unit
from huimin_flow.settings.document import Document
from huimin_flow.settings.figures import complete
from huimin_flow.settings.post_checks import of_posts

#: The tile grid of the five-color chart: columns and rows.
GRID = (12, 8)


def of_organization(organization: Organization, document: Document) -> Iterator[str]:
    """Yield what is wrong with units, areas, roles and people."""
    codes = {unit.code for unit in organization.units}
    yield from _of_units(organization.units, codes, document)
    if organization.office not in codes:
        yield document.problem(["office"], _UNKNOWN, _ADD)
    yield from complete(organization.areas, Area, document, ["areas"])
    for area, lead in organization.areas.items():
        if lead.lead_unit not in codes:
            yield document.problem(["areas", area.value, "lead_unit"], _UNKNOWN, _ADD)
    yield from complete(organization.roles, Role, document, ["roles"])
    yield from _of_people(organization, codes, document)
    yield from of_posts(organization, document)


def _of_units(
    units: tuple[Unit, ...], codes: set[str], document: Document
) -> Iterator[str]:
    for index, unit in enumerate(units):
        place: list[str | int] = ["units", index]
        if not (unit.code.isascii() and unit.code.isprintable() and unit.code.strip()):
            yield document.problem([*place, "code"], "不是ASCII代码", "请改正")
        if _ends_before_it_begins(unit):
            yield document.problem([*place, "valid_to"], "不晚于 valid_from", "请核对")
        yield from _of_work(unit, place, document)
        if unit.population is not None and unit.population <= 0:
            yield document.problem([*place, "population"], "应为正数", "请核对")
        if unit.tile is not None and not _on_grid(unit.tile):
            yield document.problem(
                [*place, "tile"],
                "不在示意图的格子之内",
                f"列0至{GRID[0] - 1},行0至{GRID[1] - 1}",
            )
        if unit.kind is UnitKind.AUDITOR and unit.ranked:
            yield document.problem(
                [*place, "ranked"], "监督单位不参加排名", "请写 ranked: false"
            )
        named = [*unit.successors, *([unit.part_of] if unit.part_of else [])]
        for code in named:
            if code not in codes:
                yield document.problem(place, f"{_UNKNOWN}:{code}", _ADD)
    yield from _of_pairs(units, document)


def _of_work(unit: Unit, place: list[str | int], document: Document) -> Iterator[str]:
    """A unit that ends says until when its people act."""
    if unit.valid_to is not None and unit.works_until is None:
        yield document.problem(
            [*place, "valid_to"],
            "没有写明其岗位办理到哪一天",
            "请补上 works_until(不含该日)",
        )
    if unit.works_until is not None and unit.works_until <= (
        unit.works_from or _begins(unit)
    ):
        yield document.problem([*place, "works_until"], "不晚于办理的起始日", "请核对")


def _of_pairs(units: tuple[Unit, ...], document: Document) -> Iterator[str]:
    """On one day a code is one unit's, and so is a tile."""
    for (_, one), (index, other) in combinations(enumerate(units), 2):
        if not _overlap(one, other):
            continue
        if one.code == other.code:
            yield document.problem(
                ["units", index, "code"], "同一天有两个单位使用该代码", "请核对起止日期"
            )
        if one.tile is not None and one.tile == other.tile:
            yield document.problem(
                ["units", index, "tile"],
                f"同一天与“{one.name}”在同一格",
                "请改用空格子",
            )


def _of_people(
    organization: Organization, codes: set[str], document: Document
) -> Iterator[str]:
    bodies = [body.code for unit in organization.units for body in unit.bodies]
    posts = codes.union(bodies)
    for code in sorted(set(bodies)):
        if code in codes or bodies.count(code) > 1:
            yield document.problem(
                ["units"], f"责任机构代码“{code}”重复", "请改用另一个代码"
            )
    seen: set[str] = set()
    for index, person in enumerate(organization.people):
        if person.unit not in posts:
            yield document.problem(["people", index, "unit"], _UNKNOWN, _ADD)
        if person.id in seen:
            yield document.problem(
                ["people", index, "id"], "岗位代号重复", "请改用另一个代号"
            )
        seen.add(person.id)


def _overlap(one: Unit, other: Unit) -> bool:
    return _begins(one) < _ends(other) and _begins(other) < _ends(one)


def _begins(unit: Unit) -> date:
    return unit.valid_from or date.min


def _ends(unit: Unit) -> date:
    return unit.valid_to or date.max


def _ends_before_it_begins(unit: Unit) -> bool:
    return _ends(unit) <= _begins(unit)


def _on_grid(tile: tuple[int, int]) -> bool:
    return 0 <= tile[0] < GRID[0] and 0 <= tile[1] < GRID[1]


_UNKNOWN = "没有该代码的单位"
_ADD = "请在 units 中补上"
