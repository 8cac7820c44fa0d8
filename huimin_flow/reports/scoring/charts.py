"""The values of the month's and the quarter's pages: colors, trend, places (D6, D7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from huimin_flow.catalogue.language import (
    say,
    say_count,
    say_list,
    say_note,
    say_pair,
    say_sentences,
)
from huimin_flow.catalogue.reasons import sentence
from huimin_flow.catalogue.terms import Color, ScoreClass, UnitKind
from huimin_flow.model.core.events import Reasons
from huimin_flow.model.core.organization import Unit
from huimin_flow.model.core.periods import month_before
from huimin_flow.model.core.values import value
from huimin_flow.model.scoring.published import (
    MonthlyColors,
    MonthlyScore,
    QuarterlyRanking,
    UnitScore,
)
from huimin_flow.model.scoring.rules import IndexIndicator, IndexRule
from huimin_flow.model.scoring.scores import Colored, Spread
from huimin_flow.reports.core.present import short_name
from huimin_flow.reports.scoring.trend import Trend, trend, trends
from huimin_flow.rules.scoring.colors import has_changed
from huimin_flow.rules.scoring.index import is_unmeasured


@value
class ColorLine:
    """A unit's line in the month's table; ``why`` says why its color changed.

    ``parts`` are the sub-scores of the columns, each with the figure it is made of and
    how deep its cell is shaded: 0 from 90 points on, 4 below 60.
    ``kept`` says why hysteresis kept its color. ``lacks`` names the indicators without
    which a unit has no index, ``chance`` says whether its color may be chance, with the
    cases. ``tile`` is the column and row of a
    district on the tile grid, ``short`` its name there.
    """

    code: str
    unit: str
    short: str
    tile: tuple[int, int] | None
    index: str | None
    color: str
    word: str
    before: str
    parts: tuple[tuple[str, str, int], ...]
    trend: Trend
    why: str
    kept: str
    lacks: str
    chance: str


@value
class Tile:
    """A unit on the tile map: its color of a month, and how its index moved.

    ``place`` is the column and row of a district, None for a unit without a place on
    the map. ``move`` is the change of the index since the month before, ``+1.25``, ""
    if it is not known.
    """

    code: str
    unit: str
    short: str
    place: tuple[int, int] | None
    index: str | None
    color: str
    word: str
    move: str

    @property
    def arrow(self) -> str:
        """Return a sign for the change, "" without one."""
        return "▼" if self.move[:1] == "-" else "▲" if self.move.strip("+0.") else ""


@value
class ColorGroup:
    """A peer group of the month's chart; ``tiles`` are the lines on its grid.

    ``counts`` are color, word, number of units now, and number last month, which is
    None if last month has no chart. 数据不足 comes last. Without any color it is empty.
    """

    title: str
    lines: tuple[ColorLine, ...]
    tiles: tuple[ColorLine, ...]
    counts: tuple[tuple[str, str, int, int | None], ...]


@value
class PlaceLine:
    """A unit's line in the quarter's table; ``ranked`` tells if it has a place.

    ``lacks`` names the indicators that it lacked in months without an index.
    """

    code: str
    ranked: bool
    place: str
    unit: str
    value: str
    interval: str
    steady: str
    why: tuple[str, ...]
    lacks: str


@value
class PlaceGroup:
    """A peer group of the quarter."""

    title: str
    lines: tuple[PlaceLine, ...]


def color_groups(
    colors: MonthlyColors,
    scores: MonthlyScore,
    past: Mapping[str, MonthlyScore | None],
    units: Mapping[str, Unit],
    index: IndexRule,
    names: Mapping[str, str],
) -> tuple[ColorGroup, ...]:
    """Return the month's chart by peer group.

    ``scores`` are the scores of the colors, ``past`` the months of the trend, oldest
    first. ``index`` is the rule of the scores, ``names`` are the names of all
    indicators.
    """
    groups, apart = [], beside(scores, index)
    for kind in UnitKind:
        colored = colors.groups.get(kind, ())
        if not colored:
            continue
        scored = {score.unit: score for score in scores.groups.get(kind, ())}
        drawn = trends(past, kind)
        lines = {
            unit.unit: _color_line(
                unit,
                units[unit.unit],
                [_part(scored[unit.unit], column) for column in index.indicators],
                drawn.get(unit.unit) or trend({}),
                (
                    reason_text(unit.reasons, names),
                    lack_words(scored[unit.unit], apart.get(unit.unit, ()), names),
                    chance(unit.spread, names),
                ),
            )
            for unit in colored
        }
        last = past.get(month_before(colors.period))
        counts = Counter(unit.color for unit in colored)
        before = Counter(unit.before for unit in colored)
        if last is not None:
            before[None] = sum(
                score.index is None for score in last.groups.get(kind, ())
            )
        group = ColorGroup(
            title=kind.spoken,
            lines=tuple(
                sorted(
                    lines.values(),
                    key=lambda line: (-float(line.index or -1), line.code),
                )
            ),
            tiles=tuple(line for line in lines.values() if line.tile),
            counts=tuple(
                (*chip(color), counts[color], None if last is None else before[color])
                for color in ((*Color, None) if {*counts, *before} - {None} else ())
            ),
        )
        groups.append(group)
    return tuple(groups)


def tiles(
    colors: MonthlyColors, before: MonthlyScore | None, units: Mapping[str, Unit]
) -> tuple[Tile, ...]:
    """Return the tiles of all units; ``before`` are the scores of the month before."""
    past = {
        score.unit: score.index
        for group in (before.groups.values() if before else ())
        for score in group
    }
    made = []
    for group in colors.groups.values():
        for colored in group:
            unit, old = units[colored.unit], past.get(colored.unit)
            color, word = chip(colored.color, colored.standing)
            tile = Tile(
                code=unit.code,
                unit=unit.name,
                short=short_name(unit.name),
                place=unit.tile,
                index=colored.index,
                color=color,
                word=word,
                move=""
                if old is None or colored.index is None
                else f"{Decimal(colored.index) - Decimal(old):+}",
            )
            made.append(tile)
    return tuple(made)


def counts_of(colors: MonthlyColors) -> tuple[tuple[str, str, int, int], ...]:
    """Return color, word, number of units now, and of the month before."""
    units = [unit for group in colors.groups.values() for unit in group]
    now = Counter(unit.color for unit in units)
    before = Counter(unit.before for unit in units)
    return tuple((*chip(color), now[color], before[color]) for color in (*Color, None))


def beside(scores: MonthlyScore, index: IndexRule) -> dict[str, tuple[str, ...]]:
    """Return the units beside the ranking, with the keys of what keeps them there.

    These are the needed indicators that they lack, or all if none of them is needed.
    """
    return {
        score.unit: tuple(k for k in score.missing if k in index.needed_by(kind))
        or score.missing
        for kind, group in scores.groups.items()
        for score in group
        if score.index is None
    }


def lack_words(score: UnitScore, keys: Sequence[str], names: Mapping[str, str]) -> str:
    """Return the names of indicators that a unit lacks, and which can't be measured."""
    words = []
    for key in keys:
        name, reading = names.get(key, key), score.readings.get(key)
        if reading is not None and is_unmeasured(reading):
            name = say_note(name, ScoreClass.NOT_MEASURABLE.spoken)
        words.append(name)
    return say_list(words)


def chance(spread: Spread | None, names: Mapping[str, str]) -> str:
    """Return whether a color may be the chance of a sample, with the cases."""
    if spread is None:
        return ""
    cases = say_list(
        say_count("{name}{count}例", n, name=names.get(key, key))
        for key, n in spread.cases.items()
    )
    return (
        say_note(spread.certainty.spoken, cases) if cases else spread.certainty.spoken
    )


def chip(
    color: Color | None, standing: ScoreClass = ScoreClass.INSUFFICIENT
) -> tuple[str, str]:
    """Return the name of a color's class and its word.

    Without a color the word is that of the unit's ``standing``, which is 数据不足 or
    不可衡量.
    """
    return (color.value, color.spoken) if color else ("none", standing.spoken)


def _part(score: UnitScore, column: IndexIndicator) -> tuple[str, str, int]:
    """Return a unit's sub-score of an indicator, its raw figure, and its shade."""
    part, reading = score.parts.get(column.key), score.readings.get(column.key)
    figure = ""
    if reading is not None and reading.cases > 0 and column.scale is not None:
        raw = Fraction(reading.numerator) / reading.cases * Fraction(column.scale.value)
        figure = f"{float(raw):.1f}{column.unit}"
    if part is None:
        return "—", figure, 0
    return f"{float(part):.1f}", figure, min(4, max(0, (99 - int(float(part))) // 10))


def _color_line(
    colored: Colored,
    unit: Unit,
    parts: Sequence[tuple[str, str, int]],
    drawn: Trend,
    told: tuple[str, str, str],
) -> ColorLine:
    why, lacks, may_be_chance = told
    moved = has_changed(colored)
    color, word = chip(colored.color, colored.standing)
    return ColorLine(
        code=unit.code,
        unit=unit.name,
        short=short_name(unit.name),
        tile=unit.tile,
        index=colored.index,
        color=color,
        word=word,
        before=colored.before.spoken if colored.before else "—",
        parts=tuple(parts),
        trend=drawn,
        why=why if moved else "",
        kept="" if moved else why,
        lacks=lacks,
        chance=may_be_chance,
    )


def place_groups(
    ranking: QuarterlyRanking,
    units: Mapping[str, str],
    names: Mapping[str, str],
    months: Sequence[MonthlyScore],
    index: IndexRule,
) -> tuple[PlaceGroup, ...]:
    """Return the quarter's places by peer group; units and indicators by name.

    ``months`` are the scores that the ranking is based on, ``index`` is its rule.
    """
    lacking: dict[str, dict[str, None]] = {}
    for month in months:
        scored = {each.unit: each for group in month.groups.values() for each in group}
        for code, keys in beside(month, index).items():
            words = (lack_words(scored[code], [key], names) for key in keys)
            lacking.setdefault(code, {}).update(dict.fromkeys(words))
    groups = []
    for kind in UnitKind:
        lines = []
        for unit in ranking.groups.get(kind, ()):
            moves = None not in {unit.low, unit.high} and unit.low != unit.high
            place = "—" if unit.place is None else str(unit.place)
            if unit.tied:
                place = say("{place}(并列)", place=place)
            line = PlaceLine(
                code=unit.unit,
                ranked=unit.place is not None,
                place=place,
                unit=units.get(unit.unit, unit.unit),
                value=unit.value or say("数据不足"),
                interval=f"{unit.low}–{unit.high}" if moves else "",
                steady="" if unit.steady is None else f"{unit.steady}%",
                why=reason_lines(unit.reasons, names),
                lacks=say_list(lacking.get(unit.unit, ())),
            )
            lines.append(line)
        if lines:
            groups.append(PlaceGroup(title=kind.spoken, lines=tuple(lines)))
    return tuple(groups)


def changed(groups: Sequence[ColorGroup]) -> tuple[str, ...]:
    """Return a sentence for each unit whose color changed, with the reason."""
    return tuple(
        f"{line.unit}{line.why}" for group in groups for line in group.lines if line.why
    )


def kept(groups: Sequence[ColorGroup]) -> tuple[str, ...]:
    """Return a sentence for each unit whose color hysteresis kept."""
    return tuple(
        say_pair(line.unit, line.kept)
        for group in groups
        for line in group.lines
        if line.kept
    )


def reason_text(reasons: Reasons, names: Mapping[str, str]) -> str:
    """Return reasons as one text, with the names of indicators."""
    return say_sentences(reason_lines(reasons, names))


def reason_lines(reasons: Reasons, names: Mapping[str, str]) -> tuple[str, ...]:
    """Return reasons as sentences, with the names of indicators."""
    sentences = []
    for reason in reasons:
        fields: dict[str, object] = dict(reason.values)
        key = fields.get("index_indicator")
        if key in names:
            fields["index_indicator"] = names[str(key)]
        sentences.append(sentence(reason.code, fields))
    return tuple(sentences)
