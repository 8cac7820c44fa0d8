"""Places within a peer group: ties as ties, and how steady each place is (D7)."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

from huimin_flow.model.score import Ranked, Score
from huimin_flow.model.scoring import RankingRule, SensitivityRule
from huimin_flow.model.value import value
from huimin_flow.model.verdict import Plain, Reason, Reasons
from huimin_flow.reasons import ScoreCode
from huimin_flow.rules.hundredths import divided, text

RULE: Final = "ranking"
REVISION: Final = 3

_MILLION: Final = 1_000_000


@value
class Month:
    """A peer group's scores of a month, by the weights of that month's rulebook."""

    scores: tuple[Score, ...]
    weights: Mapping[str, int]


@value
class Steadiness:
    """The places a unit takes while weights move: best, worst, percent kept."""

    low: int
    high: int
    kept: int


def quarter_value(months: Sequence[str | None], rule: RankingRule) -> str | None:
    """Return the mean of a quarter's months, two places, or None for too few.

    >>> from huimin_flow.model.rules import Figure
    >>> rule = RankingRule(least_months=Figure(value=2, source="ours"))
    >>> quarter_value(["80.00", None, "90.50"], rule)
    '85.25'

    """
    mean = _quarter([_hundredths(one) for one in months if one is not None], rule)
    return None if mean is None else text(Fraction(mean, 100))


def ranked(values: Mapping[str, str | None]) -> tuple[Ranked, ...]:
    """Return the units by place, best first; equal values share a place.

    Units without a value come last, without a place.
    """
    known = {unit: _hundredths(one) for unit, one in values.items() if one is not None}
    places = _places(known)
    often = Counter(known.values())
    told = [
        Ranked(
            unit=unit,
            place=places[unit],
            value=values[unit],
            tied=often[known[unit]] > 1,
        )
        for unit in sorted(known, key=lambda unit: (-known[unit], unit))
    ]
    without = sorted(unit for unit, one in values.items() if one is None)
    return tuple(told + [Ranked(unit=unit, place=None, value=None) for unit in without])


def steadiness(
    months: Sequence[Month], ranking: RankingRule, rule: SensitivityRule
) -> dict[str, Steadiness]:
    """Return each ranked unit's places while every weight moves up and down.

    ``months`` are one peer group's months of the quarter. A set of weights moves
    each indicator by the rule's percent up, down, or not at all, alike in every
    month, from the weights of the month's own rulebook. So where none is moved the
    places are those of the published indices.
    """
    keys = list(dict.fromkeys(key for month in months for key in month.weights))
    read = [_read(month) for month in months]
    places: dict[str, list[int]] = {}
    for moves in weight_sets(keys, rule):
        by_unit: dict[str, list[int]] = {}
        for month, parts in zip(months, read, strict=True):
            moved = {key: one * moves[key] for key, one in month.weights.items()}
            for unit, mine in parts:
                by_unit.setdefault(unit, []).append(_index(mine, moved))
        values = {unit: _quarter(found, ranking) for unit, found in by_unit.items()}
        known = {unit: one for unit, one in values.items() if one is not None}
        for unit, place in _places(known).items():
            places.setdefault(unit, []).append(place)
    # The first set is the one where no weight is moved.
    return {
        unit: Steadiness(
            low=min(taken),
            high=max(taken),
            kept=100 * taken.count(taken[0]) // len(taken),
        )
        for unit, taken in places.items()
    }


def weight_sets(
    keys: Sequence[str], rule: SensitivityRule
) -> Iterator[Mapping[str, int]]:
    """Yield sets of weights as percent by indicator; the first moves none.

    With k indicators there are 3^k: the n-th reads n in base three, least digit
    first, 0 for no move, 1 for down, 2 for up. Where these are more than the
    rule's ``sets``, that many are drawn, the same each time: after the first, the
    j-th is number SHA-256(j in ASCII digits) modulo 3^k.

    >>> from huimin_flow.model.rules import Figure
    >>> rule = SensitivityRule(percent=Figure(value=10, source="ours"))
    >>> [one["a"] for one in weight_sets(["a"], rule)]
    [100, 90, 110]

    """
    moves = (100, 100 - rule.percent.value, 100 + rule.percent.value)
    whole = 3 ** len(keys)
    count = min(whole, rule.sets.value)
    for j in range(count):
        number = j if count == whole else _drawn(j, whole)
        found = {}
        for key in keys:
            number, digit = divmod(number, 3)
            found[key] = moves[digit]
        yield found


def apart(months: Sequence[Month], unit: str, *, first: bool) -> Reasons:
    """Return why a ranked unit is the first of its group, or the last.

    It is the indicator by which its value would move farthest, down for the first
    and up for the last, if its sub-scores had been the median of the others' means:
    by the weights that counted for it, which are more where others are missing.
    Where there is none, the place comes from being even, or from what is missing.
    """
    by_unit = means(months)
    mine = by_unit[unit]
    best: tuple[Fraction, str, Fraction] | None = None
    for key in sorted(mine):
        others = [
            one[key] for code, one in by_unit.items() if code != unit and key in one
        ]
        if not others:
            continue
        middle = median(others)
        points = _moved(months, unit, key, middle)
        beyond = points if first else -points
        if beyond > 0 and (best is None or beyond > best[0]):
            best = (beyond, key, middle)
    if best is None:
        code = ScoreCode.EVENLY_FIRST if first else ScoreCode.EVENLY_LAST
        return (Reason(code=code), *left_out(months, unit))
    beyond, key, middle = best
    values: dict[str, Plain] = {
        "index_indicator": key,
        "score": text(mine[key]),
        "median": text(middle),
        "points": text(beyond),
    }
    code = ScoreCode.LEADS_AT if first else ScoreCode.TRAILS_AT
    return (Reason(code=code, values=values),)


def _moved(months: Sequence[Month], unit: str, key: str, middle: Fraction) -> Fraction:
    """Return by how much a unit's value is above what it were with ``middle``."""
    points = []
    for month in months:
        for one in month.scores:
            if one.unit != unit or one.index is None:
                continue
            parts = dict(one.parts)
            whole = sum(month.weights[other] for other in parts)
            weight = Fraction(month.weights[key], whole) if key in parts else 0
            points.append((Fraction(parts.get(key, 0)) - middle) * weight)
    return sum(points, Fraction(0)) / len(points)


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
        for month in months
        for one in month.scores
        if one.unit == unit and one.index is not None
        for key in one.missing
        if key not in dict(one.parts)
    }
    return tuple(
        Reason(code=ScoreCode.LEFT_OUT, values={"index_indicator": key})
        for key in lacking
    )


def _drawn(j: int, whole: int) -> int:
    """Return the number of the j-th set that is drawn; the first moves none."""
    drawn = hashlib.sha256(str(j).encode("ascii")).digest()
    return int.from_bytes(drawn, "big") % whole if j else 0


def _hundredths(value: str) -> int:
    return int(Fraction(value) * 100)


def _quarter(months: Sequence[int], rule: RankingRule) -> int | None:
    if len(months) < max(1, rule.least_months.value):
        return None
    return divided(sum(months), len(months))


def _places(known: Mapping[str, int]) -> dict[str, int]:
    worst_first = sorted(known.values())
    better = {one: bisect_left(worst_first, one + 1) for one in set(worst_first)}
    return {unit: 1 + len(known) - better[one] for unit, one in known.items()}


def _read(month: Month) -> list[tuple[str, tuple[tuple[str, int], ...]]]:
    """Return the sub-scores of the units with an index, in millionths."""
    return [
        (
            one.unit,
            tuple((key, int(Fraction(part) * _MILLION)) for key, part in one.parts),
        )
        for one in month.scores
        if one.index is not None
    ]


def _index(parts: Sequence[tuple[str, int]], weights: Mapping[str, int]) -> int:
    """Return an index in hundredths, rounded as a published one is: twice."""
    total = sum(part * weights[key] for key, part in parts)
    mean = divided(total, sum(weights[key] for key, _ in parts))
    return divided(mean, _MILLION // 100)
