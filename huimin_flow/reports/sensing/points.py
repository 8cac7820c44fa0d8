"""Direct-report points in words: their list, and the page of their coverage (A2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.language import (
    say,
    say_count,
    say_list,
    say_phrase,
)
from huimin_flow.catalogue.reasons import spoken
from huimin_flow.catalogue.terms import Argument, Color, PointLevel
from huimin_flow.clock import local_day
from huimin_flow.model.core.values import value
from huimin_flow.reports.core.lists import Row, Sight, listed
from huimin_flow.reports.core.present import short_name
from huimin_flow.reports.core.render import Page

if TYPE_CHECKING:
    from huimin_flow.flow import Snapshot
    from huimin_flow.model.sensing.points import ReportingPoint
    from huimin_flow.rules.sensing.coverage import DistrictCoverage, PointCoverage

#: The columns of the coverage of a district.
HEAD: Final = (
    "单位", *(level.label for level in PointLevel), "缺哪级", "镇街覆盖", "静默点",
    "诉求", "每万人诉求",
)  # fmt: skip


@value
class CoverageTile:
    """A district on the tile map: its color, and in words what it says."""

    code: str
    short: str
    place: tuple[int, int]
    color: str
    word: str


@listed(
    name="points",
    title="直报点",
    question="points.list",
    head=("编号", "名称", "级别", "地点", "负责岗位", "开设", "撤点", "状态"),
    empty="没有这样的直报点",
    words={"unit": Argument.UNIT},
)
def points(sight: Sight, point: ReportingPoint) -> Row:
    """Return a direct-report point: its place, who is in charge, its days."""
    parts = point.unit, point.town, point.village
    return (
        point.key,
        point.name,
        point.level.spoken,
        say_phrase(*(sight.unit(part) for part in parts if part)),
        point.in_charge or "—",
        point.opened_on,
        point.closed_on or "—",
        point.state.spoken,
    )


def coverage_row(line: DistrictCoverage, names: Mapping[str, str]) -> Row:
    """Return what the points of a district cover."""
    return (
        names.get(line.unit, line.unit),
        *(line.points[level] for level in PointLevel),
        say_list(level.spoken for level in line.lacking) or "—",
        f"{line.covered}/{line.towns}" if line.towns else "—",
        len(line.silent),
        line.appeals,
        line.per_10000 or "—",
    )


def coverage_notes(made: PointCoverage) -> tuple[str, ...]:
    """Return what the figures are of, and what they do not count."""
    notes = [
        say(
            "截至{day};诉求为此前{days}天的(不含当天),静默为{days}天内没有诉求写明来自该点",
            day=made.day,
            days=made.days,
        )
    ]
    if made.unplaced:
        notes.append(
            say_count("另有{count}条诉求地点不明,没有计入任何区县", made.unplaced)
        )
    if made.unnamed:
        notes.append(
            say_count("另有{count}条经直报点的诉求没有写明哪个点", made.unnamed)
        )
    notes += (spoken(flaw) for line in made.districts for flaw in line.flaws)
    return tuple(notes)


def silent_words(made: PointCoverage) -> str:
    """Return the keys of the silent points, "" if there are none."""
    keys = [key for line in made.districts for key in line.silent]
    return say_phrase(say("静默的直报点:"), say_list(keys)) if keys else ""


def coverage_page(now: Snapshot) -> Page:
    """Return the page of the coverage: the tile map, the table, the silent points."""
    made = now.points.coverage()
    organization = now.rulebook.active().organization
    units = {unit.code: unit for unit in organization.units_on(local_day(now.moment()))}
    tiles = [
        CoverageTile(
            code=line.unit,
            short=short_name(units[line.unit].name),
            place=place,
            color=color.value,
            word=word,
        )
        for line in made.districts
        if (place := units[line.unit].tile) is not None
        for color, word in [_seen(line)]
    ]
    keys = [
        (color.value, say(word))
        for color, word in (
            (Color.GREEN, "各级都有"),
            (Color.YELLOW, "有静默"),
            (Color.ORANGE, "缺一级"),
            (Color.RED, "缺两级以上"),
        )
    ]
    rows = [
        (line.unit, coverage_row(line, organization.names)) for line in made.districts
    ]
    return Page(
        file="points-coverage.html",
        template="coverage.html.j2",
        title=say("直报点覆盖"),
        values={
            "notes": coverage_notes(made),
            "keys": keys,
            "tiles": tiles,
            "head": [say(text) for text in HEAD],
            "rows": rows,
            "texts": HEAD.index("缺哪级"),
            "silent": silent_words(made),
        },
    )


def _seen(line: DistrictCoverage) -> tuple[Color, str]:
    """Return the color of a district on the map, and its word there."""
    if len(line.lacking) > 1:
        return Color.RED, say_count("缺{count}级", len(line.lacking))
    if line.lacking:
        return Color.ORANGE, say_count("缺{count}级", 1)
    if line.silent:
        return Color.YELLOW, say_count("静默{count}", len(line.silent))
    return Color.GREEN, say("齐")
