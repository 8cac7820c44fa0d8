"""Why a unit is the first or the last of its peer group in a quarter (D7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from huimin_flow.catalogue.reasons import ScoreCode
from huimin_flow.model.score import Score
from huimin_flow.model.value import value
from huimin_flow.model.verdict import Plain, Reason, Reasons
from huimin_flow.rules.hundredths import signed, text


@value
class Month:
    """A peer group's scores of a month, by the weights of that month's rulebook."""

    scores: tuple[Score, ...]
    weights: Mapping[str, int]


@value
class Beyond:
    """What an indicator gives or takes of a unit's value, in points.

    Beside ``median``, that of the others; None is one that no other unit has.
    """

    key: str
    score: Fraction
    median: Fraction | None
    points: Fraction


def apart(months: Sequence[Month], unit: str, *, first: bool) -> Reasons:
    """Return why a ranked unit is the first of its group, or the last.

    Told of each indicator is by how much its value would move if its sub-scores had
    been the median of the others' means; of one that no other unit has, if it did
    not count: by the weights that counted for the unit, which are more where others
    are missing. What brought it to its place comes first, the farthest before the
    rest, and then what speaks against it; the value it would have without all of
    this, and their points, make its own. In the end comes what it lacked.
    """
    told = sorted(
        beyond(months, unit),
        key=lambda one: (-one.points if first else one.points, one.key),
    )
    base = exact(months, unit) - sum((one.points for one in told), Fraction(0))
    reasons = [_named(one) for one in told]
    reasons.append(Reason(code=ScoreCode.WITHOUT_THESE, values={"index": text(base)}))
    farthest = Fraction(text(told[0].points))
    if farthest == 0 or (farthest > 0) is not first:
        even = ScoreCode.EVENLY_FIRST if first else ScoreCode.EVENLY_LAST
        reasons.insert(0, Reason(code=even))
    return (*reasons, *left_out(months, unit))


def _named(one: Beyond) -> Reason:
    values: dict[str, Plain] = {
        "index_indicator": one.key,
        "score": text(one.score),
        "points": signed(one.points),
    }
    if one.median is None:
        return Reason(code=ScoreCode.ALONE_AT, values=values)
    values["median"] = text(one.median)
    if Fraction(text(one.points)) == 0:
        return Reason(code=ScoreCode.EVEN_AT, values=values)
    code = ScoreCode.LEADS_AT if one.points > 0 else ScoreCode.TRAILS_AT
    return Reason(code=code, values=values)


def beyond(months: Sequence[Month], unit: str) -> list[Beyond]:
    """Return what each indicator of a unit gives or takes of its value."""
    by_unit = means(months)
    mine = by_unit[unit]
    medians = {
        key: median(others)
        for key in mine
        if (
            others := [
                one[key] for code, one in by_unit.items() if code != unit and key in one
            ]
        )
    }
    points = dict.fromkeys(mine, Fraction(0))
    scored = list(_months_of(months, unit))
    for weights, score in scored:
        parts = {key: Fraction(one) for key, one in score.parts}
        whole = sum(weights[key] for key in parts)
        # Not to count is to count as much as the rest does on the average.
        rest = _mean({key: parts[key] for key in parts if key in medians}, weights)
        for key, part in parts.items():
            other = medians.get(key, rest)
            if other is not None:
                points[key] += (part - other) * weights[key] / whole / len(scored)
    return [
        Beyond(key=key, score=mine[key], median=medians.get(key), points=points[key])
        for key in sorted(mine)
    ]


def _mean(parts: Mapping[str, Fraction], weights: Mapping[str, int]) -> Fraction | None:
    """Return the weighted mean of sub-scores, None of none."""
    if not parts:
        return None
    total = sum((one * weights[key] for key, one in parts.items()), Fraction(0))
    return total / sum(weights[key] for key in parts)


def exact(
    months: Sequence[Month], unit: str, instead: Mapping[str, Fraction] | None = None
) -> Fraction:
    """Return a unit's value of a quarter, unrounded, some sub-scores put otherwise."""
    found = []
    for weights, score in _months_of(months, unit):
        whole = sum(weights[key] for key, _ in score.parts)
        total = sum(
            (instead or {}).get(key, Fraction(part)) * weights[key]
            for key, part in score.parts
        )
        found.append(Fraction(total) / whole)
    return sum(found, Fraction(0)) / len(found)


def means(months: Sequence[Month]) -> dict[str, dict[str, Fraction]]:
    """Return by unit the mean of each indicator's sub-scores over its months."""
    gathered: dict[str, dict[str, list[Fraction]]] = {}
    for month in months:
        for one in month.scores:
            if one.index is None:
                continue
            for key, part in one.parts:
                mine = gathered.setdefault(one.unit, {}).setdefault(key, [])
                mine.append(Fraction(part))
    return {
        unit: {
            key: sum(found, Fraction(0)) / len(found) for key, found in parts.items()
        }
        for unit, parts in gathered.items()
    }


def median(numbers: Sequence[Fraction]) -> Fraction:
    """Return the middle of some numbers, or the mean of the two in the middle."""
    ordered = sorted(numbers)
    half = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[half]
    return (ordered[half - 1] + ordered[half]) / 2


def left_out(months: Sequence[Month], unit: str) -> Reasons:
    """Name what a unit lacked in the months in which it has an index."""
    lacking = {
        key: None
        for _, score in _months_of(months, unit)
        for key in score.missing
        if key not in dict(score.parts)
    }
    return tuple(
        Reason(code=ScoreCode.LEFT_OUT, values={"index_indicator": key})
        for key in lacking
    )


def _months_of(
    months: Sequence[Month], unit: str
) -> Iterator[tuple[Mapping[str, int], Score]]:
    """Yield weights and scores of the months in which a unit has an index."""
    for month in months:
        for one in month.scores:
            if one.unit == unit and one.index is not None:
                yield month.weights, one
