"""Why a unit is the first or the last of its peer group in a quarter (D7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from statistics import mean, median

from huimin_flow.catalogue.reasons import ScoreCode
from huimin_flow.model.core.events import Plain, Reason, Reasons
from huimin_flow.model.core.values import value
from huimin_flow.model.scoring.scores import Score
from huimin_flow.rules.core.formula import signed, text, weighted_mean


@value
class Month:
    """A peer group's scores of a month, by the weights of that month's rulebook."""

    scores: tuple[Score, ...]
    weights: Mapping[str, int]


@value
class Effect:
    """What an indicator gives or takes of a unit's value, in points.

    Beside ``median``, that of the others; None is one that no other unit has.
    """

    key: str
    score: Fraction
    median: Fraction | None
    points: Fraction


def explained_place(months: Sequence[Month], unit: str, *, first: bool) -> Reasons:
    """Return why a ranked unit is the first of its group, or the last.

    Told of each indicator is by how much its value would move if its sub-scores had
    been the median of the others' means; of one that no other unit has, if it did
    not count: by the weights that counted for the unit, which are more where others
    are missing. What brought it to its place comes first, the farthest before the
    rest, and then what speaks against it; the value it would have without all of
    this, and their points, make its own. In the end comes what it lacked.
    """
    moves = sorted(
        effects(months, unit),
        key=lambda move: (-move.points if first else move.points, move.key),
    )
    reasons = []
    for move in moves:
        values: dict[str, Plain] = {
            "index_indicator": move.key,
            "score": text(move.score),
            "points": signed(move.points),
        }
        if move.median is None:
            code = ScoreCode.ALONE_AT
        else:
            values["median"] = text(move.median)
            code = ScoreCode.LEADS_AT if move.points > 0 else ScoreCode.TRAILS_AT
            if Fraction(text(move.points)) == 0:
                code = ScoreCode.EVEN_AT
        reasons.append(Reason(code=code, values=values))
    scored = list(_months_of(months, unit))
    index = mean(
        weighted_mean({key: Fraction(part) for key, part in score.parts}, weights)
        for weights, score in scored
    )
    base = text(index - sum((move.points for move in moves), Fraction()))
    reasons.append(Reason(code=ScoreCode.WITHOUT_THESE, values={"index": base}))
    farthest = Fraction(text(moves[0].points))
    if farthest == 0 or (farthest > 0) is not first:
        even = ScoreCode.EVENLY_FIRST if first else ScoreCode.EVENLY_LAST
        reasons.insert(0, Reason(code=even))
    lacking = {
        key: None
        for _, score in scored
        for key in score.missing
        if key not in dict(score.parts)
    }
    return (*reasons, *left_out(lacking))


def effects(months: Sequence[Month], unit: str) -> list[Effect]:
    """Return what each indicator of a unit gives or takes of its value."""
    by_unit = means(months)
    mine = by_unit.pop(unit)
    medians = {
        key: median(others)
        for key in mine
        if (others := [parts[key] for parts in by_unit.values() if key in parts])
    }
    points = dict.fromkeys(mine, Fraction())
    scored = list(_months_of(months, unit))
    for weights, score in scored:
        parts = {key: Fraction(part) for key, part in score.parts}
        whole = sum(weights[key] for key in parts)
        # Not to count is to count as much as the rest does on the average.
        shared = {key: part for key, part in parts.items() if key in medians}
        rest = weighted_mean(shared, weights) if shared else None
        for key, part in parts.items():
            other = medians.get(key, rest)
            if other is not None:
                points[key] += (part - other) * weights[key] / whole / len(scored)
    return [
        Effect(key=key, score=mine[key], median=medians.get(key), points=points[key])
        for key in sorted(mine)
    ]


def means(months: Sequence[Month]) -> dict[str, dict[str, Fraction]]:
    """Return by unit the mean of each indicator's sub-scores over its months."""
    gathered: dict[str, dict[str, list[Fraction]]] = {}
    for score in (score for month in months for score in month.scores):
        if score.index is not None:
            mine = gathered.setdefault(score.unit, {})
            for key, part in score.parts:
                mine.setdefault(key, []).append(Fraction(part))
    return {
        unit: {key: mean(figures) for key, figures in parts.items()}
        for unit, parts in gathered.items()
    }


def left_out(indicators: Iterable[str]) -> Reasons:
    """Name the indicators that a unit lacked, and that did not count."""
    return tuple(
        Reason(code=ScoreCode.LEFT_OUT, values={"index_indicator": key})
        for key in indicators
    )


def _months_of(
    months: Sequence[Month], unit: str
) -> Iterator[tuple[Mapping[str, int], Score]]:
    """Yield weights and scores of the months in which a unit has an index."""
    for month in months:
        for score in month.scores:
            if score.unit == unit and score.index is not None:
                yield month.weights, score
