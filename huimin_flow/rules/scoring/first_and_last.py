"""Why a unit is the first or the last of its peer group in a quarter (D7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from statistics import mean, median

from huimin_flow.catalogue.reasons import ScoreCode
from huimin_flow.model.core.events import Reason, Reasons
from huimin_flow.model.core.values import value
from huimin_flow.model.scoring.published import UnitScore
from huimin_flow.rules.core.formula import signed, text, weighted_mean


@value
class Month:
    """A peer group's scores of a month, and the weights of that month's rulebook."""

    scores: tuple[UnitScore, ...]
    weights: Mapping[str, int]


@value
class Effect:
    """The points that an indicator adds to a unit's value or takes from it.

    ``median`` is that of the other units, None if no other unit has the indicator.
    """

    key: str
    score: Fraction
    median: Fraction | None
    points: Fraction


def explained_place(months: Sequence[Month], unit: str, *, first: bool) -> Reasons:
    """Return why a ranked unit is the first of its group, or the last.

    A reason says by how much the unit's value would move if an indicator's sub-scores
    were the median of the other units' means; or, if no other unit has the indicator,
    if it did not count. Weights are those that counted for the unit. Reasons for the
    place come first, the largest first, then those against it. Then comes the value
    without these points; value and points sum to the unit's value. The indicators
    that the unit lacks come last.
    """
    moves = sorted(
        effects(months, unit),
        key=lambda move: (-move.points if first else move.points, move.key),
    )
    reasons = []
    for move in moves:
        code = ScoreCode.LEADS_AT if move.points > 0 else ScoreCode.TRAILS_AT
        if move.median is None:
            code = ScoreCode.ALONE_AT
        elif Fraction(text(move.points)) == 0:
            code = ScoreCode.EVEN_AT
        values = {"score": text(move.score), "points": signed(move.points)}
        if move.median is not None:
            values["median"] = text(move.median)
        reasons.append(Reason.of(code, index_indicator=move.key, **values))
    scored = list(_months_of(months, unit))
    index = mean(
        weighted_mean({key: Fraction(s.parts[key]) for key in s.parts}, weights)
        for weights, s in scored
    )
    base = text(index - sum((move.points for move in moves), Fraction()))
    reasons.append(Reason.of(ScoreCode.WITHOUT_THESE, index=base))
    farthest = Fraction(text(moves[0].points))
    if farthest == 0 or (farthest > 0) is not first:
        even = ScoreCode.EVENLY_FIRST if first else ScoreCode.EVENLY_LAST
        reasons.insert(0, Reason(code=even))
    lacking = dict.fromkeys(
        key for _, score in scored for key in score.missing if key not in score.parts
    )
    return (*reasons, *left_out(lacking))


def effects(months: Sequence[Month], unit: str) -> list[Effect]:
    """Return the points that each indicator adds to a unit's value or takes from it."""
    by_unit = means(months)
    own = by_unit.pop(unit)
    medians = {
        key: median(others)
        for key in own
        if (others := [parts[key] for parts in by_unit.values() if key in parts])
    }
    points = dict.fromkeys(own, Fraction())
    scored = list(_months_of(months, unit))
    for weights, score in scored:
        parts = {key: Fraction(part) for key, part in score.parts.items()}
        whole = sum(weights[key] for key in parts)
        # A part that does not count equals a part with the mean of the others.
        shared = {key: part for key, part in parts.items() if key in medians}
        rest = weighted_mean(shared, weights) if shared else None
        for key, part in parts.items():
            other = medians.get(key, rest)
            if other is not None:
                points[key] += (part - other) * weights[key] / whole / len(scored)
    return [
        Effect(key=key, score=own[key], median=medians.get(key), points=points[key])
        for key in sorted(own)
    ]


def means(months: Sequence[Month]) -> dict[str, dict[str, Fraction]]:
    """Return by unit the mean of each indicator's sub-scores over its months."""
    by_unit: dict[str, dict[str, list[Fraction]]] = {}
    for score in (score for month in months for score in month.scores):
        if score.index is not None:
            by_key = by_unit.setdefault(score.unit, {})
            for key, part in score.parts.items():
                by_key.setdefault(key, []).append(Fraction(part))
    return {
        unit: {key: mean(figures) for key, figures in parts.items()}
        for unit, parts in by_unit.items()
    }


def left_out(indicators: Iterable[str]) -> Reasons:
    """Return a reason for each indicator that a unit lacks and that didn't count."""
    return tuple(
        Reason.of(ScoreCode.LEFT_OUT, index_indicator=key) for key in indicators
    )


def _months_of(
    months: Sequence[Month], unit: str
) -> Iterator[tuple[Mapping[str, int], UnitScore]]:
    """Yield weights and scores of the months in which a unit has an index."""
    for month in months:
        for score in month.scores:
            if score.unit == unit and score.index is not None:
                yield month.weights, score
