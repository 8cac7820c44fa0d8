"""Figures for the tests of scores; no figure here is official."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from huimin_flow.model.rules import Figure
from huimin_flow.model.score import Reading, Score
from huimin_flow.model.scoring import Amount, IndexRule, Normalizing, Scoring
from huimin_flow.rules.contribution import Readings, contribution
from huimin_flow.settings import load_rulebook
from huimin_flow.terms import Normalization

SCORING: Scoring = load_rulebook(Path(__file__).parents[2] / "config").scoring_part()
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
