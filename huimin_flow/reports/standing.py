"""The values of the month's and the quarter's pages: colors, trend, places (D6, D7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from huimin_flow.model.monthly import MonthlyColors, MonthlyScore, QuarterlyRanking
from huimin_flow.model.organization import Organization, Unit
from huimin_flow.model.score import Colored, Ranked
from huimin_flow.model.scoring import IndexRule
from huimin_flow.model.value import value
from huimin_flow.model.verdict import Reasons
from huimin_flow.reasons import sentence
from huimin_flow.terms import Color, UnitKind

#: How many months the trend shows.
TREND = 12

_WIDTH, _HEIGHT = 96, 22


@value
class Tile:
    """A district on the tile grid: no map, no border (示意图)."""

    x: int
    y: int
    name: str
    color: str
    word: str
    index: str


@value
class ColorLine:
    """A unit's line in the month's table; ``trend`` are points of a polyline."""

    unit: str
    index: str
    color: str
    word: str
    before: str
    parts: tuple[str, ...]
    trend: str
    why: str


@value
class ColorGroup:
    """One peer group of the month's chart."""

    title: str
    lines: tuple[ColorLine, ...]
    tiles: tuple[Tile, ...]
    counts: tuple[tuple[str, str, int, int], ...]


@value
class PlaceLine:
    """A unit's line in the quarter's table."""

    place: str
    unit: str
    value: str
    interval: str
    steady: str
    why: str


@value
class PlaceGroup:
    """One peer group of the quarter."""

    title: str
    lines: tuple[PlaceLine, ...]


def color_groups(
    colors: MonthlyColors,
    scores: MonthlyScore,
    past: Sequence[MonthlyScore],
    organization: Organization,
    index: IndexRule,
    day: date,
) -> tuple[ColorGroup, ...]:
    """Return the month's chart by peer group; ``past`` are months, oldest first."""
    return tuple(
        _color_group(kind, colors.groups[kind], scores, past, organization, index, day)
        for kind in UnitKind
        if colors.groups.get(kind)
    )


def place_groups(
    ranking: QuarterlyRanking, organization: Organization, index: IndexRule
) -> tuple[PlaceGroup, ...]:
    """Return the quarter's places by peer group."""
    names = {unit.code: unit.name for unit in organization.units}
    return tuple(
        PlaceGroup(
            title=kind.label,
            lines=tuple(_place_line(one, names, index) for one in ranking.groups[kind]),
        )
        for kind in UnitKind
        if ranking.groups.get(kind)
    )


def changed(groups: Sequence[ColorGroup]) -> tuple[str, ...]:
    """Return who changed color and why, one sentence each."""
    return tuple(
        f"{line.unit}{line.why}" for group in groups for line in group.lines if line.why
    )


def said(reasons: Reasons, index: IndexRule | None = None) -> str:
    """Return reasons as one sentence, indicators by their names."""
    names = {one.key: one.name for one in index.indicators} if index else {}
    told = []
    for one in reasons:
        values = dict(one.values)
        key = values.get("index_indicator")
        if key in names:
            values["index_indicator"] = names[str(key)]
        told.append(sentence(one.code, dict(values)))
    return ";".join(told)


def _color_group(
    kind: UnitKind,
    found: Sequence[Colored],
    scores: MonthlyScore,
    past: Sequence[MonthlyScore],
    organization: Organization,
    index: IndexRule,
    day: date,
) -> ColorGroup:
    units = {one.code: one for one in organization.units_on(day)}
    parts = {one.unit: one.parts for one in scores.groups.get(kind, ())}
    keys = [row.key for row in index.indicators]
    history = _history(kind, past)
    order = sorted(found, key=lambda one: (-float(one.index or -1), one.unit))
    lines = tuple(
        _color_line(
            one, units[one.unit].name, parts[one.unit], keys, history.get(one.unit, [])
        )
        for one in order
    )
    counts = tuple(
        (
            color.value,
            color.label,
            sum(one.color is color for one in found),
            sum(one.before is color for one in found),
        )
        for color in Color
    )
    tiles = _tiles(found, units)
    return ColorGroup(title=kind.label, lines=lines, tiles=tiles, counts=counts)


def _color_line(
    one: Colored,
    name: str,
    parts: Mapping[str, str],
    keys: Sequence[str],
    history: Sequence[str | None],
) -> ColorLine:
    return ColorLine(
        unit=name,
        index=one.index or "—",
        color=one.color.value if one.color else "none",
        word=one.color.label if one.color else "数据不足",
        before=one.before.label if one.before else "—",
        parts=tuple(_one_place(parts.get(key)) for key in keys),
        trend=_trend(history),
        why=said(one.reasons),
    )


def _tiles(found: Sequence[Colored], units: Mapping[str, Unit]) -> tuple[Tile, ...]:
    return tuple(
        Tile(
            x=tile[0],
            y=tile[1],
            name=_short(units[one.unit].name),
            color=one.color.value if one.color else "none",
            word=one.color.label if one.color else "缺",
            index=one.index or "",
        )
        for one in found
        for tile in (units[one.unit].tile,)
        if tile is not None
    )


def _history(
    kind: UnitKind, past: Sequence[MonthlyScore]
) -> dict[str, list[str | None]]:
    history: dict[str, list[str | None]] = {}
    for month in past[-TREND:]:
        for one in month.groups.get(kind, ()):
            history.setdefault(one.unit, []).append(one.index)
    return history


def _trend(values: Sequence[str | None]) -> str:
    """Return the points of a line in a box of 96 by 22; gaps are left out."""
    step = _WIDTH / max(1, TREND - 1)
    first = TREND - len(values)
    return " ".join(
        f"{(first + k) * step:.1f},{_HEIGHT - float(one) / 100 * _HEIGHT:.1f}"
        for k, one in enumerate(values)
        if one is not None
    )


def _place_line(one: Ranked, names: Mapping[str, str], index: IndexRule) -> PlaceLine:
    place = "—" if one.place is None else f"{one.place}{'(并列)' if one.tied else ''}"
    interval = ""
    if one.low is not None and one.high is not None and one.low != one.high:
        interval = f"{one.low}–{one.high}"
    return PlaceLine(
        place=place,
        unit=names.get(one.unit, one.unit),
        value=one.value or "数据不足",
        interval=interval,
        steady="" if one.steady is None else f"{one.steady}%",
        why=said(one.reasons, index),
    )


def _one_place(text: str | None) -> str:
    return "—" if text is None else f"{float(text):.1f}"


def _short(name: str) -> str:
    """Return a district's name as a tile has room for it.

    >>> _short("石柱土家族自治县"), _short("万州区"), _short("忠县")
    ('石柱', '万州', '忠县')

    """
    for nation in ("土家族", "苗族"):
        name = name.partition(nation)[0]
    if name.startswith("西部科学城重庆"):
        return "高新区"
    return name[:-1] if len(name) > 2 and name[-1] in "区县" else name[:4]
