"""Places in a peer group, their steadiness, and why the first and the last (D7)."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from statistics import mean, median
from typing import Final

from huimin_flow.catalogue.reasons import ScoreCode
from huimin_flow.model.core.events import Reason, Reasons
from huimin_flow.model.core.values import value
from huimin_flow.model.scoring.published import UnitScore
from huimin_flow.model.scoring.rules import RankingRule, SensitivityRule
from huimin_flow.model.scoring.scores import Ranked
from huimin_flow.rules.core.formula import divided, signed, text, weighted_mean


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
        max(
            Fraction(),
            weighted_mean({key: Fraction(s.parts[key]) for key in s.parts}, weights)
            - s.points_off,
        )
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


RULE: Final = "ranking"
REVISION: Final = 1

_MILLION: Final = 1_000_000


@value
class Steadiness:
    """A unit's places while weights move: best, worst, percent of sets that keep it."""

    low: int
    high: int
    kept: int


def quarter_value(months: Sequence[str | None], rule: RankingRule) -> str | None:
    """Return the mean of a quarter's months, two places; None for too few months.

    >>> from huimin_flow.model.core.rules import Figure
    >>> rule = RankingRule(least_months=Figure(value=2, source="ours"))
    >>> quarter_value(["80.00", None, "90.50"], rule)
    '85.25'

    """
    mean = _quarter([_hundredths(index) for index in months if index], rule)
    return None if mean is None else text(Fraction(mean, 100))


def ranked(values: Mapping[str, str | None]) -> tuple[Ranked, ...]:
    """Return the units by place, best first; equal values have one place.

    Units without a value come last and have no place.
    """
    known = {unit: _hundredths(index) for unit, index in values.items() if index}
    places = _places(known)
    counts = Counter(known.values())
    placed = [
        Ranked(
            unit=unit,
            place=places[unit],
            value=values[unit],
            tied=counts[known[unit]] > 1,
        )
        for unit in sorted(known, key=lambda unit: (-known[unit], unit))
    ]
    without = [Ranked(unit=unit, place=None, value=None) for unit in sorted(values)]
    return (*placed, *(each for each in without if each.unit not in known))


def steadiness(
    months: Sequence[Month], ranking: RankingRule, rule: SensitivityRule
) -> dict[str, Steadiness]:
    """Return each ranked unit's places while every weight moves up and down.

    ``months`` are a peer group's months of the quarter. A set of weights moves each
    indicator by the rule's percent up, down, or not at all, in every month alike,
    from the weights of the month's own rulebook. The set without a move gives the
    places of the published indices.
    """
    keys = list(dict.fromkeys(key for month in months for key in month.weights))
    # The sub-scores of the units with an index, in millionths.
    by_month = [
        [
            (
                s.unit,
                [(k, int(Fraction(s.parts[k]) * _MILLION)) for k in s.parts],
                100 * s.points_off,
            )
            for s in month.scores
            if s.index is not None
        ]
        for month in months
    ]
    places: dict[str, list[int]] = {}
    for moves in weight_sets(keys, rule):
        by_unit: dict[str, list[int]] = {}
        for month, scores in zip(months, by_month, strict=True):
            weights = {key: n * moves[key] for key, n in month.weights.items()}
            for unit, parts, off in scores:
                total = sum(part * weights[key] for key, part in parts)
                mean = divided(total, sum(weights[key] for key, _ in parts))
                # In hundredths, rounded twice like a published index.
                index = max(0, divided(mean, _MILLION // 100) - off)
                by_unit.setdefault(unit, []).append(index)
        values = {unit: _quarter(own, ranking) for unit, own in by_unit.items()}
        known = {unit: mean for unit, mean in values.items() if mean is not None}
        for unit, place in _places(known).items():
            places.setdefault(unit, []).append(place)
    # The first set moves no weight.
    return {
        unit: Steadiness(
            low=min(by_set),
            high=max(by_set),
            kept=100 * by_set.count(by_set[0]) // len(by_set),
        )
        for unit, by_set in places.items()
    }


def weight_sets(
    keys: Sequence[str], rule: SensitivityRule
) -> Iterator[Mapping[str, int]]:
    """Yield sets of weights as percent by indicator; the first moves none.

    k indicators have 3^k sets: the digits of n in base three, lowest digit first,
    give the n-th set: 0 for no move, 1 for down, 2 for up. If there are more than
    the rule's ``sets``, that many are drawn, the same each time: after the first,
    the j-th is number SHA-256(j in ASCII digits) modulo 3^k.

    >>> from huimin_flow.model.core.rules import Figure
    >>> ten, all_sets = (Figure(value=n, source="ours") for n in (10, 243))
    >>> rule = SensitivityRule(percent=ten, sets=all_sets)
    >>> [weights["a"] for weights in weight_sets(["a"], rule)]
    [100, 90, 110]

    """
    moves = (100, 100 - rule.percent.value, 100 + rule.percent.value)
    whole = 3 ** len(keys)
    count = min(whole, rule.sets.value)
    for j in range(count):
        number = j
        if count < whole and j:
            drawn = hashlib.sha256(str(j).encode("ascii")).digest()
            number = int.from_bytes(drawn, "big") % whole
        weights = {}
        for key in keys:
            number, digit = divmod(number, 3)
            weights[key] = moves[digit]
        yield weights


def _hundredths(value: str) -> int:
    return int(Fraction(value) * 100)


def _quarter(months: Sequence[int], rule: RankingRule) -> int | None:
    if len(months) < max(1, rule.least_months.value):
        return None
    return divided(sum(months), len(months))


def _places(known: Mapping[str, int]) -> dict[str, int]:
    worst_first = sorted(known.values())
    better = {value: bisect_left(worst_first, value + 1) for value in set(worst_first)}
    return {unit: 1 + len(known) - better[value] for unit, value in known.items()}
