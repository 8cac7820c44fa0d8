"""Why a unit is the first or the last of its peer group in a quarter (D7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from huimin_flow.model.score import Score
from huimin_flow.model.value import value
from huimin_flow.model.verdict import Reason, Reasons
from huimin_flow.reasons import ScoreCode
from huimin_flow.rules.hundredths import signed, text


@value
class Month:
    """A peer group's scores of a month, by the weights of that month's rulebook."""

    scores: tuple[Score, ...]
    weights: Mapping[str, int]


@value
class Beyond:
    """An indicator of a unit beside the others' median, in points of its value."""

    key: str
    score: Fraction
    median: Fraction
    points: Fraction


def apart(months: Sequence[Month], unit: str, *, first: bool) -> Reasons:
    """Return why a ranked unit is the first of its group, or the last.

    Named is each indicator by which its value would move, to a hundredth, if its
    sub-scores had been the median of the others' means: by the weights that counted
    for it, which are more where others are missing. What brought it to its place
    comes first, the farthest before the rest, and then what speaks against it; the
    value it would have by all these medians, and their points, make its own. In the
    end comes what it lacked.
    """
    told = sorted(
        beyond(months, unit),
        key=lambda one: (-one.points if first else one.points, one.key),
    )
    reasons = [_named(one) for one in told if Fraction(text(one.points))]
    if reasons:
        base = exact(months, unit) - sum((one.points for one in told), Fraction(0))
        reasons.append(Reason(code=ScoreCode.AT_MEDIANS, values={"index": text(base)}))
    brought = ScoreCode.LEADS_AT if first else ScoreCode.TRAILS_AT
    if not reasons or reasons[0].code != brought:
        even = ScoreCode.EVENLY_FIRST if first else ScoreCode.EVENLY_LAST
        reasons.insert(0, Reason(code=even))
    return (*reasons, *left_out(months, unit))


def _named(one: Beyond) -> Reason:
    return Reason(
        code=ScoreCode.LEADS_AT if one.points > 0 else ScoreCode.TRAILS_AT,
        values={
            "index_indicator": one.key,
            "score": text(one.score),
            "median": text(one.median),
            "points": signed(one.points),
        },
    )


def beyond(months: Sequence[Month], unit: str) -> list[Beyond]:
    """Return the indicators of a unit that others of its group have, too."""
    by_unit = means(months)
    found = []
    for key, score in sorted(by_unit[unit].items()):
        others = [
            one[key] for code, one in by_unit.items() if code != unit and key in one
        ]
        if others:
            middle = median(others)
            points = exact(months, unit) - exact(months, unit, {key: middle})
            found.append(Beyond(key=key, score=score, median=middle, points=points))
    return found


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
