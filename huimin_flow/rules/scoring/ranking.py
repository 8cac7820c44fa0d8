"""Places within a peer group, with ties, and the steadiness of each place (D7)."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

from huimin_flow.model.core.values import value
from huimin_flow.model.scoring.rules import RankingRule, SensitivityRule
from huimin_flow.model.scoring.scores import Ranked
from huimin_flow.rules.core.formula import divided, text
from huimin_flow.rules.scoring.first_and_last import Month

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
            (s.unit, [(k, int(Fraction(s.parts[k]) * _MILLION)) for k in s.parts])
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
            for unit, parts in scores:
                total = sum(part * weights[key] for key, part in parts)
                mean = divided(total, sum(weights[key] for key, _ in parts))
                # In hundredths, rounded twice like a published index.
                index = divided(mean, _MILLION // 100)
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
