"""The contribution index, 贡献度评价指数: from data alone, leaf by leaf (D5, X3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from huimin_flow.catalogue.reasons import ScoreCode
from huimin_flow.catalogue.terms import (
    Bound,
    Direction,
    Missing,
    Normalization,
    ScoreClass,
)
from huimin_flow.model.score import Node, Reading, Score
from huimin_flow.model.scoring import Amount, IndexIndicator, IndexRule
from huimin_flow.model.verdict import Plain, Reason, Reasons
from huimin_flow.rules.formula import given, made, two_places

RULE: Final = "contribution"
REVISION: Final = 1

#: By indicator, by unit: what was counted. A unit that is absent has no figure.
Readings = Mapping[str, Mapping[str, Reading]]


def contribution(
    group: tuple[str, ...],
    readings: Readings,
    sizes: Mapping[str, int],
    rule: IndexRule,
    *,
    period: str,
) -> tuple[Score, ...]:
    """Return the index of every unit of one peer group, in the order of codes.

    ``sizes`` (residents) tell which peers are of like size. Units of different
    groups are never given together.
    """
    units = tuple(sorted(group))
    figures = {
        one.key: _figures(one, units, readings.get(one.key, {}), rule.z)
        for one in rule.indicators
    }
    return tuple(
        replace(one, reasons=_why(one, readings, rule))
        for one in (_score(unit, figures, sizes, rule, period) for unit in units)
    )


def _figures(
    indicator: IndexIndicator,
    units: tuple[str, ...],
    readings: Mapping[str, Reading],
    z: Amount,
) -> dict[str, Node]:
    """Return the units' figures before they become sub-scores."""
    found = {}
    for unit in units:
        reading = readings.get(unit)
        if reading is not None and _says_enough(indicator, reading):
            found[unit] = replace(_figure(indicator, reading, z), of=unit)
    return found


def _says_enough(indicator: IndexIndicator, reading: Reading) -> bool:
    if indicator.scale is None:
        return True
    return reading.cases >= max(1, indicator.least_n.value)


def _figure(indicator: IndexIndicator, reading: Reading, z: Amount) -> Node:
    source = reading.numerator_source or reading.source
    part = given("numerator", reading.numerator, source)
    part = replace(part, apart=reading.late, unplaced=reading.unplaced)
    if indicator.scale is None or reading.denominator is None:
        return part
    source = reading.denominator_source or reading.source
    whole = given("denominator", reading.denominator, source)
    if reading.excluded:
        without = given("excluded", reading.excluded, reading.why)
        whole = made("cases", "difference", whole, without)
    if indicator.bound is Bound.WILSON:
        # The cautious side: nobody looks better for having few cases.
        side = "low" if indicator.direction is Direction.HIGHER else "high"
        return made(
            indicator.key, f"wilson_{side}", part, whole, given("z", z.value, z.source)
        )
    scale = given("scale", indicator.scale.value, indicator.scale.source)
    return made(indicator.key, "ratio", part, whole, scale)


def _score(
    unit: str,
    figures: Mapping[str, Mapping[str, Node]],
    sizes: Mapping[str, int],
    rule: IndexRule,
    period: str,
) -> Score:
    found = {
        one.key: _sub_score(one, unit, figures[one.key], sizes)
        for one in rule.indicators
    }
    missing = tuple(key for key, sub_score in found.items() if sub_score is None)
    parts = [(one, _or_floor(one, found[one.key])) for one in rule.indicators]
    turns = [
        part
        for one, node in parts
        if node is not None
        for part in (node, given("weight", one.weight.value, one.weight.source))
    ]
    refused = any(
        one.key in missing and one.missing is Missing.INSUFFICIENT
        for one in rule.indicators
    )
    tree = None
    if not refused and len(missing) < len(rule.indicators):
        tree = made("index", "rounded", made("mean", "weighted", *turns))
    return Score(
        unit=unit,
        period=period,
        standing=ScoreClass.INSUFFICIENT if tree is None else ScoreClass.SCORED,
        index=None if tree is None else two_places(tree),
        parts=tuple((one.key, node.value) for one, node in parts if node is not None),
        missing=missing,
        tree=tree,
    )


def _why(score: Score, readings: Readings, rule: IndexRule) -> Reasons:
    """Return why each missing indicator is missing, and what that does."""
    return tuple(
        _why_missing(one, readings.get(one.key, {}).get(score.unit))
        for one in rule.indicators
        if one.key in score.missing
    )


def _why_missing(indicator: IndexIndicator, reading: Reading | None) -> Reason:
    values: dict[str, Plain] = {
        "index_indicator": indicator.key,
        "weight": indicator.weight.value,
        "missing": indicator.missing.value,
    }
    if reading is None:
        return Reason(code=ScoreCode.NO_FIGURE, values=values)
    if _says_enough(indicator, reading):
        return Reason(code=ScoreCode.NO_PEERS, values=values)
    least = max(1, indicator.least_n.value)
    values |= {"n": reading.cases, "least_n": least}
    return Reason(code=ScoreCode.TOO_FEW_CASES, values=values)


def _or_floor(indicator: IndexIndicator, sub_score: Node | None) -> Node | None:
    """Return the sub-score, or the lowest one where the rulebook says so."""
    if sub_score is not None or indicator.missing is not Missing.FLOOR:
        return sub_score
    floor = indicator.normalizing.floor or Amount(value=Decimal(0), source="ours")
    return given(indicator.key, floor.value, floor.source)


def _sub_score(
    indicator: IndexIndicator,
    unit: str,
    figures: Mapping[str, Node],
    sizes: Mapping[str, int],
) -> Node | None:
    figure = figures.get(unit)
    if figure is None:
        return None
    way = indicator.direction.value
    how = indicator.normalizing
    if how.kind is Normalization.CURVE:
        bounds = [_leaf(name, how) for name in ("target", "slope", "full", "floor")]
        return made(indicator.key, f"curve_{way}", figure, *bounds)
    others = {other: node for other, node in figures.items() if other != unit}
    if not others:
        return None
    if how.kind is Normalization.PERCENTILE:
        peers = [others[other] for other in sorted(others)]
        return made(indicator.key, f"percentile_{way}", figure, *peers)
    near = _near(unit, others, sizes, how.count.value if how.count else len(others))
    median = made("peers", "median", *(others[other] for other in near))
    bounds = [_leaf(name, how) for name in ("par", "slope", "floor")]
    return made(indicator.key, f"beside_{way}", figure, median, *bounds)


def _near(
    unit: str, others: Mapping[str, Node], sizes: Mapping[str, int], count: int
) -> list[str]:
    """Return the peers of like size; all of them where sizes are not known."""
    size = sizes.get(unit)
    known = [other for other in others if other in sizes]
    if size is None or len(known) < count:
        return sorted(others)
    return sorted(known, key=lambda other: (abs(sizes[other] - size), other))[:count]


def _leaf(name: str, how: object) -> Node:
    amount: Amount | None = getattr(how, name)
    if amount is None:
        raise ValueError(f"{name} is missing")
    return given(name, amount.value, amount.source)
