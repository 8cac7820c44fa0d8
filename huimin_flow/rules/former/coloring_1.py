"""Revision 1 of coloring: the five colors of a month, and who changed (D6)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from huimin_flow.catalogue.reasons import ScoreCode
from huimin_flow.catalogue.terms import Color, Coloring
from huimin_flow.model.score import Colored
from huimin_flow.model.scoring import ColorRule
from huimin_flow.model.verdict import Plain, Reason

#: Worst to best.
ORDER: Final = tuple(Color)


def color(
    values: Mapping[str, str | None],
    before: Mapping[str, tuple[Color, str]],
    rule: ColorRule,
) -> tuple[Colored, ...]:
    """Return every unit's color, in the order of codes.

    ``before`` holds last month's color and index. A unit without an index has
    no color. With hysteresis, an index near the edge of last month's band
    keeps its color.
    """
    fresh = (
        _by_shares(values, rule)
        if rule.by is Coloring.SHARES
        else {unit: _band(one, rule) for unit, one in _known(values).items()}
    )
    found = []
    for unit in sorted(values):
        new = fresh.get(unit)
        old = before.get(unit)
        if new is not None and old is not None and _clings(values[unit], old[0], rule):
            new = old[0]
        found.append(
            Colored(
                unit=unit,
                index=values[unit],
                color=new,
                before=None if old is None else old[0],
                reasons=_why(new, values[unit], old),
            )
        )
    return tuple(found)


def _known(values: Mapping[str, str | None]) -> dict[str, Decimal]:
    return {unit: Decimal(one) for unit, one in values.items() if one is not None}


def _band(index: Decimal, rule: ColorRule) -> Color:
    for one in reversed(ORDER):
        if index >= rule.bands[one].low.value:
            return one
    return ORDER[0]


def _by_shares(values: Mapping[str, str | None], rule: ColorRule) -> dict[str, Color]:
    """Give colors from the best down; those with one index get one color."""
    known = _known(values)
    edges = []
    total = 0
    for one in reversed(ORDER):
        total += rule.shares[one].value
        edges.append((total, one))
    found = {}
    for unit, index in known.items():
        better = sum(other > index for other in known.values())
        found[unit] = next(
            (one for edge, one in edges if 100 * better < edge * len(known)), ORDER[0]
        )
    return found


def _clings(value: str | None, old: Color, rule: ColorRule) -> bool:
    """Tell whether an index is too near its last color's band to leave it."""
    if value is None or rule.by is not Coloring.BANDS:
        return False
    reach = rule.hysteresis.value
    band = rule.bands[old]
    index = Decimal(value)
    return band.low.value - reach <= index < band.high.value + reach


def _why(
    new: Color | None, value: str | None, old: tuple[Color, str] | None
) -> tuple[Reason, ...]:
    if old is None or new is None or new is old[0]:
        return ()
    values: dict[str, Plain] = {
        "color": new.value,
        "before": old[0].value,
        "index": value,
        "index_before": old[1],
    }
    rises = ORDER.index(new) > ORDER.index(old[0])
    code = ScoreCode.COLOR_ROSE if rises else ScoreCode.COLOR_FELL
    return (Reason(code=code, values=values),)
