"""The values of the month's and the quarter's pages: colors, trend, places (D6, D7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from huimin_flow.catalogue.reasons import sentence
from huimin_flow.catalogue.terms import Color, UnitKind
from huimin_flow.model.core.events import Reasons
from huimin_flow.model.core.organization import Unit
from huimin_flow.model.core.periods import month_before
from huimin_flow.model.core.values import value
from huimin_flow.model.scoring.published import (
    MonthlyColors,
    MonthlyScore,
    QuarterlyRanking,
)
from huimin_flow.model.scoring.scores import Colored, Ranked
from huimin_flow.reports.scoring.trend import Trend, trend, trends
from huimin_flow.rules.scoring.colors import has_changed


@value
class Tile:
    """A district on the tile grid: no map, no border (示意图)."""

    x: int
    y: int
    code: str
    name: str
    color: str
    word: str
    index: str


@value
class ColorLine:
    """A unit's line in the month's table; ``why`` says why its color changed.

    ``kept`` says why it didn't, where hysteresis held it.
    """

    code: str
    unit: str
    index: str
    color: str
    word: str
    before: str
    parts: tuple[str, ...]
    trend: Trend
    why: str
    kept: str


@value
class ColorGroup:
    """One peer group of the month's chart.

    ``counts`` are color, word, how many units have it, and how many had it last
    month; None where last month has no chart. 数据不足 is counted last.
    """

    title: str
    lines: tuple[ColorLine, ...]
    tiles: tuple[Tile, ...]
    counts: tuple[tuple[str, str, int, int | None], ...]


@value
class PlaceLine:
    """A unit's line in the quarter's table; ``ranked`` tells that it has a place."""

    code: str
    ranked: bool
    place: str
    unit: str
    value: str
    interval: str
    steady: str
    why: tuple[str, ...]


@value
class PlaceGroup:
    """One peer group of the quarter."""

    title: str
    lines: tuple[PlaceLine, ...]


def color_groups(
    colors: MonthlyColors,
    scores: MonthlyScore,
    past: Mapping[str, MonthlyScore | None],
    units: Mapping[str, Unit],
    keys: Sequence[str],
    names: Mapping[str, str],
) -> tuple[ColorGroup, ...]:
    """Return the month's chart by peer group.

    ``scores`` are those on which the colors rest, ``past`` the months of the trend,
    oldest first. ``keys`` are the indicators of the columns; ``names`` has the names
    of all that a reason may tell of.
    """
    groups = []
    for kind in UnitKind:
        if colors.groups.get(kind):
            parts = {one.unit: one.parts for one in scores.groups.get(kind, ())}
            drawn = trends(past, kind)
            lines = tuple(
                _color_line(
                    one,
                    units[one.unit].name,
                    [_one_place(parts[one.unit].get(key)) for key in keys],
                    drawn.get(one.unit) or trend({}),
                    said(one.reasons, names),
                )
                for one in sorted(
                    colors.groups[kind],
                    key=lambda one: (-float(one.index or -1), one.unit),
                )
            )
            before = past.get(month_before(colors.period))
            lacked = None if before is None else _lacking(before, kind)
            groups.append(_color_group(kind, colors.groups[kind], lines, units, lacked))
    return tuple(groups)


def place_groups(
    ranking: QuarterlyRanking, units: Mapping[str, str], names: Mapping[str, str]
) -> tuple[PlaceGroup, ...]:
    """Return the quarter's places by peer group; units and indicators by name."""
    return tuple(
        PlaceGroup(
            title=kind.label,
            lines=tuple(_place_line(one, units, names) for one in ranking.groups[kind]),
        )
        for kind in UnitKind
        if ranking.groups.get(kind)
    )


def changed(groups: Sequence[ColorGroup]) -> tuple[str, ...]:
    """Return who changed color and why, one sentence each."""
    return tuple(
        f"{line.unit}{line.why}" for group in groups for line in group.lines if line.why
    )


def kept(groups: Sequence[ColorGroup]) -> tuple[str, ...]:
    """Return whose color hysteresis kept, one sentence each."""
    return tuple(
        f"{line.unit}:{line.kept}"
        for group in groups
        for line in group.lines
        if line.kept
    )


def said(reasons: Reasons, names: Mapping[str, str]) -> str:
    """Return reasons as one sentence, indicators by their names."""
    return ";".join(each(reasons, names))


def each(reasons: Reasons, names: Mapping[str, str]) -> tuple[str, ...]:
    """Return reasons as sentences, indicators by their names."""
    told = []
    for one in reasons:
        values = dict(one.values)
        key = values.get("index_indicator")
        if key in names:
            values["index_indicator"] = names[str(key)]
        told.append(sentence(one.code, dict(values)))
    return tuple(told)


def _color_group(
    kind: UnitKind,
    found: Sequence[Colored],
    lines: tuple[ColorLine, ...],
    units: Mapping[str, Unit],
    lacked: int | None,
) -> ColorGroup:
    known = lacked is not None
    counts = tuple(
        (
            color.value,
            color.label,
            sum(one.color is color for one in found),
            sum(one.before is color for one in found) if known else None,
        )
        for color in Color
    )
    none = sum(one.color is None for one in found)
    counts = (*counts, ("none", "数据不足", none, lacked))
    tiles = _tiles(found, units)
    return ColorGroup(title=kind.label, lines=lines, tiles=tiles, counts=counts)


def _lacking(scores: MonthlyScore, kind: UnitKind) -> int:
    return sum(one.index is None for one in scores.groups.get(kind, ()))


def _color_line(
    one: Colored, name: str, parts: Sequence[str], drawn: Trend, why: str
) -> ColorLine:
    moved = has_changed(one)
    return ColorLine(
        code=one.unit,
        unit=name,
        index=one.index or "—",
        color=one.color.value if one.color else "none",
        word=one.color.label if one.color else "数据不足",
        before=one.before.label if one.before else "—",
        parts=tuple(parts),
        trend=drawn,
        why=why if moved else "",
        kept="" if moved else why,
    )


def _tiles(found: Sequence[Colored], units: Mapping[str, Unit]) -> tuple[Tile, ...]:
    return tuple(
        Tile(
            x=tile[0],
            y=tile[1],
            code=one.unit,
            name=_short(units[one.unit].name),
            color=one.color.value if one.color else "none",
            word=one.color.label if one.color else "缺",
            index=one.index or "",
        )
        for one in found
        for tile in (units[one.unit].tile,)
        if tile is not None
    )


def _place_line(
    one: Ranked, units: Mapping[str, str], names: Mapping[str, str]
) -> PlaceLine:
    place = "—" if one.place is None else f"{one.place}{'(并列)' if one.tied else ''}"
    interval = ""
    if one.low is not None and one.high is not None and one.low != one.high:
        interval = f"{one.low}–{one.high}"
    return PlaceLine(
        code=one.unit,
        ranked=one.place is not None,
        place=place,
        unit=units.get(one.unit, one.unit),
        value=one.value or "数据不足",
        interval=interval,
        steady="" if one.steady is None else f"{one.steady}%",
        why=each(one.reasons, names),
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
