"""Revision 2 of ranking: first and last by the table's weights, nothing missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from huimin_flow.catalogue.reasons import ScoreCode
from huimin_flow.model.verdict import Plain, Reason, Reasons
from huimin_flow.rules.apart import Month, left_out, means, median
from huimin_flow.rules.hundredths import text


def apart(months: Sequence[Month], unit: str, *, first: bool) -> Reasons:
    """Return why a ranked unit is the first of its group, or the last.

    It is the indicator whose sub-score, the mean of the months, lies farthest
    beyond the median of the other ranked units, counted by its weight in the
    table, also where others were missing.
    """
    by_unit = means(months)
    weights = _weights(months)
    whole = sum(weights.values())
    mine = by_unit[unit]
    best: tuple[Fraction, str, Fraction] | None = None
    for key in sorted(mine):
        others = [
            one[key] for code, one in by_unit.items() if code != unit and key in one
        ]
        if not others:
            continue
        middle = median(others)
        points = (mine[key] - middle) * Fraction(weights[key], whole)
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


def _weights(months: Sequence[Month]) -> Counter[str]:
    weights: Counter[str] = Counter()
    for month in months:
        weights.update(month.weights)
    return weights
