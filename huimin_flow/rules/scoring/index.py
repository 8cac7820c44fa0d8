"""The contribution index, 贡献度评价指数: from data alone, leaf by leaf (D5, X3)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from huimin_flow.catalogue.reasons import ScoreCode, plain
from huimin_flow.catalogue.terms import (
    Bound,
    Direction,
    Missing,
    Normalization,
    ScoreClass,
)
from huimin_flow.model.core.events import Plain, Reason
from huimin_flow.model.core.rules import Figure
from huimin_flow.model.scoring.rules import Amount, IndexIndicator, IndexRule
from huimin_flow.model.scoring.scores import Deduction, Node, Reading, Score
from huimin_flow.rules.core.formula import leaf, made, two_places

RULE: Final = "contribution"
REVISION: Final = 1

#: By indicator, by unit: what was counted. A missing unit has no figure.
Readings = Mapping[str, Mapping[str, Reading]]


def contribution(
    group: tuple[str, ...],
    readings: Readings,
    sizes: Mapping[str, int],
    rule: IndexRule,
    *,
    period: str,
    needed: Collection[str] = (),
    deductions: Mapping[str, tuple[Deduction, ...]] = MappingProxyType({}),
    most: Figure | None = None,
) -> tuple[Score, ...]:
    """Return the index of every unit of a peer group, in the order of codes.

    ``sizes`` (residents) tell which peers are of similar size. Readings of units
    outside the group don't count. A unit that lacks one of the ``needed`` indicators
    has no index, whatever the indicator's ``missing`` says: its other sub-scores are
    kept, and it stands beside the ranking. ``deductions`` take their points off an
    index, together at ``most`` so many.
    """
    rule = replace(rule, indicators=as_needed(rule, needed))
    figures = {
        indicator.key: {
            unit: replace(figure_of(indicator, reading, rule.z), of=unit)
            for unit, reading in readings.get(indicator.key, {}).items()
            if unit in group and has_enough_cases(indicator, reading)
        }
        for indicator in rule.indicators
    }
    return tuple(
        _lessened(
            _score(unit, figures, readings, sizes, rule, period),
            deductions.get(unit, ()),
            most,
        )
        for unit in sorted(group)
    )


def as_needed(rule: IndexRule, needed: Collection[str]) -> tuple[IndexIndicator, ...]:
    """Return the indicators, of which a unit can't do without the needed ones."""
    return tuple(
        replace(each, missing=Missing.INSUFFICIENT) if each.key in needed else each
        for each in rule.indicators
    )


def _lessened(
    score: Score, deductions: Sequence[Deduction], most: Figure | None
) -> Score:
    """Return a score whose index lacks the points of findings."""
    if score.tree is None or not deductions:
        return score
    found = (leaf("finding", each.points, each.source) for each in deductions)
    off = made("points_off", "capped", _leaf("most_points", most), *found)
    before = replace(score.tree, name="before_findings")
    tree = made("index", "less", before, off)
    return replace(score, index=two_places(tree), tree=tree)


def has_enough_cases(indicator: IndexIndicator, reading: Reading) -> bool:
    """Tell whether a reading has the cases that its indicator needs."""
    return indicator.scale is None or reading.cases >= max(1, indicator.least_n.value)


def is_unmeasured(reading: Reading) -> bool:
    """Tell whether a reading is of tasks of which nothing can be measured."""
    return not reading.cases and bool(reading.unmeasured or reading.excused)


def figure_of(indicator: IndexIndicator, reading: Reading, z: Amount) -> Node:
    """Return a unit's figure before it becomes a sub-score."""
    source = reading.numerator_source or reading.source
    part = leaf("numerator", reading.numerator, source)
    part = replace(
        part,
        uncounted=reading.late,
        unplaced=reading.unplaced,
        fed=reading.fed,
        unmeasured=reading.unmeasured,
        excused=reading.excused,
    )
    if indicator.scale is None or reading.denominator is None:
        return part
    source = reading.denominator_source or reading.source
    whole = leaf("denominator", reading.denominator, source)
    if reading.excluded:
        without = leaf("excluded", reading.excluded, reading.why)
        whole = made("cases", "difference", whole, without)
    if indicator.bound is Bound.WILSON:
        # The cautious bound: a unit with few cases does not look better.
        side = "low" if indicator.direction is Direction.HIGHER else "high"
        return made(indicator.key, f"wilson_{side}", part, whole, _leaf("z", z))
    return made(indicator.key, "ratio", part, whole, _leaf("scale", indicator.scale))


def _score(
    unit: str,
    figures: Mapping[str, Mapping[str, Node]],
    readings: Readings,
    sizes: Mapping[str, int],
    rule: IndexRule,
    period: str,
) -> Score:
    parts: dict[str, Node] = {}
    missing: dict[str, Reason] = {}
    weighted = []
    for indicator in rule.indicators:
        key = indicator.key
        part = _sub_score(indicator, unit, figures[key], sizes)
        if part is None:
            missing[key] = why_missing(indicator, readings.get(key, {}).get(unit))
            if indicator.missing is Missing.FLOOR:
                lowest = Amount(value=Decimal(0), source="ours")
                part = _leaf(key, indicator.normalizing.floor or lowest)
        if part is not None:
            parts[key] = part
            weighted += [part, _leaf("weight", indicator.weight)]
    needed = {i.key for i in rule.indicators if i.missing is Missing.INSUFFICIENT}
    tree = None
    if len(missing) < len(rule.indicators) and needed.isdisjoint(missing):
        tree = made("index", "rounded", made("mean", "weighted", *weighted))
    standing = ScoreClass.SCORED
    if tree is None:
        codes = {reason.code for reason in missing.values()}
        blank = ScoreCode.NOT_MEASURED in codes
        standing = ScoreClass.NOT_MEASURABLE if blank else ScoreClass.INSUFFICIENT
    return Score(
        unit=unit,
        period=period,
        standing=standing,
        index=None if tree is None else two_places(tree),
        parts=tuple((key, part.value) for key, part in parts.items()),
        missing=tuple(missing),
        tree=tree,
        reasons=tuple(missing.values()),
    )


def why_missing(indicator: IndexIndicator, reading: Reading | None) -> Reason:
    """Return why an indicator is missing, and the effect on the index."""
    values: dict[str, Plain] = {"weight": indicator.weight.value}
    code = ScoreCode.NO_FIGURE
    if reading is not None and is_unmeasured(reading):
        code = ScoreCode.NOT_MEASURED
        values["tasks"] = plain((*reading.unmeasured, *reading.excused))
    elif reading is not None:
        code = ScoreCode.NO_PEERS
        if not has_enough_cases(indicator, reading):
            code = ScoreCode.TOO_FEW_CASES
            values |= {"n": reading.cases, "least_n": max(1, indicator.least_n.value)}
    missing = indicator.missing.value
    return Reason.of(code, index_indicator=indicator.key, missing=missing, **values)


def _sub_score(
    indicator: IndexIndicator,
    unit: str,
    figures: Mapping[str, Node],
    sizes: Mapping[str, int],
) -> Node | None:
    figure = figures.get(unit)
    if figure is None:
        return None
    way, how = indicator.direction.value, indicator.normalizing
    if how.kind is Normalization.CURVE:
        names = ("target", "slope", "full", "floor")
        bounds = [_leaf(name, getattr(how, name)) for name in names]
        return made(indicator.key, f"curve_{way}", figure, *bounds)
    others = sorted(other for other in figures if other != unit)
    if not others:
        return None
    if how.kind is Normalization.PERCENTILE:
        peers = [figures[other] for other in others]
        return made(indicator.key, f"percentile_{way}", figure, *peers)
    # The peers of similar size; all of them if sizes are not known.
    known = [other for other in others if other in sizes]
    count = how.count.value if how.count else len(others)
    if unit in sizes and len(known) >= count:
        known.sort(key=lambda other: abs(sizes[other] - sizes[unit]))
        others = known[:count]
    median = made("peers", "median", *(figures[other] for other in others))
    bounds = [_leaf(name, getattr(how, name)) for name in ("par", "slope", "floor")]
    return made(indicator.key, f"beside_{way}", figure, median, *bounds)


def _leaf(name: str, amount: Amount | Figure | None) -> Node:
    """Return a figure of the rulebook as a leaf."""
    if amount is None:
        raise ValueError(f"{name} is missing")
    return leaf(name, amount.value, amount.source)
