"""Revision 3 of ranking: the one indicator that was largest, and nothing beside it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from huimin_flow.catalogue.reasons import ScoreCode
from huimin_flow.model.verdict import Plain, Reason, Reasons
from huimin_flow.rules.apart import Month, exact, left_out, means, median
from huimin_flow.rules.hundredths import text


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
        points = exact(months, unit) - exact(months, unit, {key: middle})
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
