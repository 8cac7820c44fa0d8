"""Revision 1 of ranking: every month by the weights of the last one's rulebook (D7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Context, Decimal, localcontext
from itertools import product

from huimin_flow.catalogue.reasons import ScoreCode
from huimin_flow.catalogue.terms import UnitKind
from huimin_flow.model.monthly import MonthlyScore, UnitScore
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.score import Ranked, Score
from huimin_flow.model.scoring import IndexRule, RankingRule, SensitivityRule
from huimin_flow.model.value import value
from huimin_flow.model.verdict import Plain, Reason


@value
class Steadiness:
    """The places a unit takes while weights move: best, worst, percent kept."""

    low: int
    high: int
    kept: int


def places(
    months: Sequence[MonthlyScore | None], kind: UnitKind, book: Rulebook
) -> tuple[Ranked, ...]:
    """Return the places of a peer group from the quarter's published months."""
    # As it was released: rounded half to even, whatever a host has set.
    with localcontext(Context()):
        by_month = [
            {one.unit: one.index for one in scores.groups.get(kind, ())}
            if scores
            else {}
            for scores in months
        ]
        units = sorted({unit for by_unit in by_month for unit in by_unit})
        values = {
            unit: quarter_value(
                [by_unit.get(unit) for by_unit in by_month], book.scoring_part().ranking
            )
            for unit in units
        }
        scores = [
            tuple(_score_of(unit, one.period) for unit in one.groups.get(kind, ()))
            for one in months
            if one is not None
        ]
        return _told(ranked(values), scores, book)


def _score_of(published: UnitScore, period: str) -> Score:
    return Score(
        unit=published.unit,
        period=period,
        standing=published.standing,
        index=published.index,
        parts=tuple(sorted(published.parts.items())),
        missing=published.missing,
    )


def _told(
    found: tuple[Ranked, ...], scores: list[tuple[Score, ...]], book: Rulebook
) -> tuple[Ranked, ...]:
    """Add how steady each place is, and why the first and the last are there."""
    rules = book.scoring_part()
    moved = steadiness(scores, rules.index, rules.ranking, rules.sensitivity)
    worst = max((one.place for one in found if one.place is not None), default=0)
    told = []
    for one in found:
        steady = moved.get(one.unit)
        new = one
        if steady is not None and one.place is not None:
            new = replace(one, low=steady.low, high=steady.high, steady=steady.kept)
        if one.place in {1, worst} and worst > 1 and one.unit in moved:
            reason = apart(scores, one.unit, first=one.place == 1)
            new = replace(new, reasons=() if reason is None else (reason,))
        told.append(new)
    return tuple(told)


def quarter_value(months: Sequence[str | None], rule: RankingRule) -> str | None:
    """Return the mean of a quarter's months, two places, or None for too few."""
    known = [Decimal(one) for one in months if one is not None]
    if len(known) < max(1, rule.least_months.value):
        return None
    mean = sum(known, Decimal(0)) / len(known)
    return str(mean.quantize(Decimal("0.01")))


def ranked(values: Mapping[str, str | None]) -> tuple[Ranked, ...]:
    """Return the units by place, best first; equal values share a place.

    Units without a value come last, without a place.
    """
    known = {unit: Decimal(one) for unit, one in values.items() if one is not None}
    order = sorted(known, key=lambda unit: (-known[unit], unit))
    often = Counter(known.values())
    placed = [
        Ranked(
            unit=unit,
            place=1 + sum(other > known[unit] for other in known.values()),
            value=values[unit],
            tied=often[known[unit]] > 1,
        )
        for unit in order
    ]
    without = sorted(unit for unit, one in values.items() if one is None)
    return tuple(
        placed + [Ranked(unit=unit, place=None, value=None) for unit in without]
    )


def steadiness(
    months: Sequence[Sequence[Score]],
    index: IndexRule,
    ranking: RankingRule,
    rule: SensitivityRule,
) -> dict[str, Steadiness]:
    """Return each ranked unit's places while every weight moves up and down.

    All sets of weights are tried in which each is moved by the rule's percent
    up, down, or not at all; so there is no chance in it. ``months`` are one
    peer group's scores of the quarter.
    """
    move = rule.percent.value
    keys = [one.key for one in index.indicators]
    weights = [one.weight.value for one in index.indicators]
    taken_by: dict[str, list[int]] = {}
    # The first set is the one where no weight is moved.
    for moves in product((100, 100 - move, 100 + move), repeat=len(keys)):
        moved = {
            key: weight * by
            for key, weight, by in zip(keys, weights, moves, strict=True)
        }
        for one in ranked(_quarter(months, moved, ranking)):
            if one.place is not None:
                taken_by.setdefault(one.unit, []).append(one.place)
    return {
        unit: Steadiness(
            low=min(taken),
            high=max(taken),
            kept=100 * taken.count(taken[0]) // len(taken),
        )
        for unit, taken in taken_by.items()
    }


def apart(
    months: Sequence[Sequence[Score]], unit: str, *, first: bool
) -> Reason | None:
    """Return the indicator that sets a unit apart from its group's median most."""
    by_unit = _means(months)
    best: tuple[Decimal, str, Decimal] | None = None
    for key, mine in sorted(by_unit.get(unit, {}).items()):
        others = sorted(parts[key] for parts in by_unit.values() if key in parts)
        median = others[len(others) // 2]
        distance = (mine - median) * (1 if first else -1)
        if best is None or distance > best[0]:
            best = (distance, key, median)
    if best is None or best[0] <= 0:
        return None
    values: dict[str, Plain] = {
        "index_indicator": best[1],
        "score": _short(by_unit[unit][best[1]]),
        "median": _short(best[2]),
    }
    code = ScoreCode.STRONGEST_AT if first else ScoreCode.WEAKEST_AT
    return Reason(code=code, values=values)


def _quarter(
    months: Sequence[Sequence[Score]], weights: Mapping[str, int], rule: RankingRule
) -> dict[str, str | None]:
    """Return the units' values of a quarter, as published, under other weights."""
    by_unit: dict[str, list[str | None]] = {}
    for scores in months:
        for one in scores:
            value = None if one.index is None else _short(_index(one, weights))
            by_unit.setdefault(one.unit, []).append(value)
    return {unit: quarter_value(found, rule) for unit, found in by_unit.items()}


def _index(score: Score, weights: Mapping[str, int]) -> Decimal:
    parts = [(Decimal(sub_score), weights[key]) for key, sub_score in score.parts]
    total = sum(weight for _, weight in parts)
    mean = sum((one * weight for one, weight in parts), Decimal(0)) / total
    return mean.quantize(Decimal("0.000001"))


def _means(months: Sequence[Sequence[Score]]) -> dict[str, dict[str, Decimal]]:
    """Return by unit the mean of each indicator's sub-scores over the months."""
    gathered: dict[str, dict[str, list[Decimal]]] = {}
    for scores in months:
        for one in scores:
            for key, sub_score in one.parts:
                mine = gathered.setdefault(one.unit, {}).setdefault(key, [])
                mine.append(Decimal(sub_score))
    return {
        unit: {key: sum(found, Decimal(0)) / len(found) for key, found in parts.items()}
        for unit, parts in gathered.items()
    }


def _short(number: Decimal) -> str:
    return str(number.quantize(Decimal("0.01")))
