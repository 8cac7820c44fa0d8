"""Figures for the tests of scores; no figure here is official."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from huimin_flow.catalogue.terms import Normalization, ScoreClass
from huimin_flow.model.core.rules import Figure
from huimin_flow.model.scoring.published import UnitScore
from huimin_flow.model.scoring.rules import Amount, IndexRule, Normalizing, Scoring
from huimin_flow.model.scoring.scores import Reading, Score
from huimin_flow.rules.scoring.index import Readings, contribution
from huimin_flow.rules.scoring.ranking import Month
from huimin_flow.settings import load_rulebook

SCORING: Scoring = load_rulebook(Path(__file__).parents[2] / "config").scoring
INDEX: IndexRule = SCORING.index


def amount(number: str) -> Amount:
    return Amount(value=Decimal(number), source="ours")


def curve(target: str, slope: str, full: str, floor: str) -> Normalizing:
    return Normalizing(
        kind=Normalization.CURVE,
        target=amount(target),
        slope=amount(slope),
        full=amount(full),
        floor=amount(floor),
    )


def only(key: str, **changes: object) -> IndexRule:
    """The index of one indicator alone, changed as told."""
    one = next(one for one in INDEX.indicators if one.key == key)
    changed = replace(one, weight=Figure(value=100, source="ours"), **changes)  # type: ignore[arg-type]
    return replace(INDEX, indicators=(changed,))


def scores(
    readings: Readings, rule: IndexRule = INDEX, sizes: dict[str, int] | None = None
) -> dict[str, Score]:
    group = tuple({unit for by_unit in readings.values() for unit in by_unit})
    found = contribution(group, readings, sizes or {}, rule, period="2026-11")
    return {one.unit: one for one in found}


def read(numerator: int, denominator: int | None = None) -> Reading:
    return Reading(numerator=numerator, denominator=denominator, source="batch/1")


def month(told: Readings, rule: IndexRule = INDEX) -> Month:
    weights = {one.key: one.weight.value for one in rule.indicators}
    published = [
        UnitScore(
            unit=score.unit,
            standing=score.standing,
            index=score.index,
            parts=dict(score.parts),
            missing=score.missing,
            readings={},
        )
        for score in scores(told, rule).values()
    ]
    return Month(scores=tuple(published), weights=weights)


def given_parts(
    parts: dict[str, tuple[int, int]], *, x: int = 45, y: int = 55
) -> Month:
    """Two indicators, weighed as told: sub-scores as they are given."""
    weights = {"x": x, "y": y}
    found = []
    for unit, mine in parts.items():
        index = Decimal(x * mine[0] + y * mine[1]) / 100
        found.append(
            UnitScore(
                unit=unit,
                standing=ScoreClass.SCORED,
                index=f"{index:.2f}",
                parts={"x": str(mine[0]), "y": str(mine[1])},
                missing=(),
                readings={},
            )
        )
    return Month(scores=tuple(found), weights=weights)
