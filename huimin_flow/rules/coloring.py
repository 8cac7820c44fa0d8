"""The five colors of a month: worst to best 红橙黄蓝绿, and who changed (D6)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final

from huimin_flow.catalogue.reasons import ScoreCode
from huimin_flow.catalogue.terms import Color, Coloring
from huimin_flow.model.score import Colored
from huimin_flow.model.scoring import ColorRule
from huimin_flow.model.verdict import Plain, Reason, Reasons
from huimin_flow.rules.hundredths import signed, text

RULE: Final = "coloring"
REVISION: Final = 1

#: Worst to best.
ORDER: Final = tuple(Color)

#: The reasons of those who changed color, or lost or gained one.
CHANGES: Final = frozenset(
    {
        ScoreCode.COLOR_ROSE,
        ScoreCode.COLOR_FELL,
        ScoreCode.COLOR_LOST,
        ScoreCode.COLOR_GAINED,
    }
)

#: What moves an index by less than half of a hundredth.
_NOTHING: Final = text(Fraction(0))

#: By unit: last month's color and index; both None where data were not enough.
Before = Mapping[str, tuple[Color | None, str | None]]


def color(
    values: Mapping[str, str | None],
    before: Before,
    rule: ColorRule,
    rule_before: ColorRule | None = None,
) -> tuple[Colored, ...]:
    """Return every unit's color, in the order of codes, and why it changed.

    ``before`` holds last month's color and index, ``rule_before`` is the rule by
    which they were given. A unit without an index has no color. With hysteresis, an
    index near the edge of last month's band keeps its color.
    """
    fresh = _fresh(values, rule)
    # Last month's indices by today's bands: whom the bands alone would have moved.
    again: Mapping[str, Color] = {}
    if rule_before is not None and not _alike(rule, rule_before):
        again = _fresh({unit: index for unit, (_, index) in before.items()}, rule)
    found = []
    for unit in sorted(values):
        index = values[unit]
        old, old_index = before.get(unit, (None, None))
        new = own = fresh.get(unit)
        if own is not None and old is not None and _clings(index, old, rule):
            new = old
        reasons: Reasons = ()
        if new is not own:
            reasons = (_kept(old, own, index, rule),)
        elif unit in before and new is not old:
            reasons = _why(new, index, old, old_index)
            if new is not None and again.get(unit) is new:
                reasons += (_moved_bands(new, old_index),)
        found.append(
            Colored(unit=unit, index=index, color=new, before=old, reasons=reasons)
        )
    return tuple(found)


def has_changed(colored: Colored) -> bool:
    """Tell whether a unit's color is another than last month's."""
    return any(one.code in CHANGES for one in colored.reasons)


def causes(
    now: Mapping[str, str],
    before: Mapping[str, str],
    weights: Mapping[str, int],
    weights_before: Mapping[str, int],
    most: int,
) -> Reasons:
    """Return which sub-scores moved an index, by how many points, largest first.

    ``now`` and ``before`` are a unit's sub-scores of both months. One that is in
    both moves the index by its difference times its share of the weights; one that
    came or went, by the index with it less the index without it. What rounds to no
    hundredth of a point is not named.
    """
    moves: list[tuple[Fraction, Reason]] = []
    for key in sorted(now.keys() | before.keys()):
        values: dict[str, Plain] = {"index_indicator": key}
        if key in now:
            values["score"] = text(Fraction(now[key]))
        if key in before:
            values["score_before"] = text(Fraction(before[key]))
        if key not in before:
            code, points = ScoreCode.PART_CAME, _worth(key, now, weights)
        elif key not in now:
            code, points = ScoreCode.PART_WENT, -_worth(key, before, weights_before)
        else:
            code = ScoreCode.PART_MOVED
            share = Fraction(weights[key], sum(weights[one] for one in now))
            points = (Fraction(now[key]) - Fraction(before[key])) * share
        if text(points) != _NOTHING:
            values["points"] = signed(points)
            moves.append((points, Reason(code=code, values=values)))
    # Python's sort is stable: of equal moves the first by key stands first.
    moves.sort(key=lambda one: -abs(one[0]))
    return tuple(reason for _, reason in moves[:most])


def _known(values: Mapping[str, str | None]) -> dict[str, Decimal]:
    return {unit: Decimal(one) for unit, one in values.items() if one is not None}


def _fresh(values: Mapping[str, str | None], rule: ColorRule) -> dict[str, Color]:
    """Return the colors as the indices alone give them."""
    if rule.by is Coloring.SHARES:
        return _by_shares(values, rule)
    return {unit: _band(one, rule) for unit, one in _known(values).items()}


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


def _kept(
    old: Color | None, own: Color | None, index: str | None, rule: ColorRule
) -> Reason:
    values: dict[str, Plain] = {
        "color": None if old is None else old.value,
        "band": None if own is None else own.value,
        "index": index,
        "reach": str(rule.hysteresis.value),
    }
    return Reason(code=ScoreCode.COLOR_KEPT, values=values)


def _why(
    new: Color | None, index: str | None, old: Color | None, old_index: str | None
) -> Reasons:
    values: dict[str, Plain] = {}
    if new is not None:
        values |= {"color": new.value, "index": index}
    if old is not None:
        values |= {"before": old.value, "index_before": old_index}
    if new is None:
        code = ScoreCode.COLOR_LOST
    elif old is None:
        code = ScoreCode.COLOR_GAINED
    elif ORDER.index(new) > ORDER.index(old):
        code = ScoreCode.COLOR_ROSE
    else:
        code = ScoreCode.COLOR_FELL
    return (Reason(code=code, values=values),)


def _alike(rule: ColorRule, was: ColorRule) -> bool:
    """Tell whether two rules give one index of one group one color."""
    if rule.by is Coloring.BANDS:
        return was.by is Coloring.BANDS and rule.bands == was.bands
    return was.by is Coloring.SHARES and rule.shares == was.shares


def _moved_bands(new: Color, old_index: str | None) -> Reason:
    values: dict[str, Plain] = {
        "color": new.value,
        "index_before": old_index,
    }
    return Reason(code=ScoreCode.BANDS_CHANGED, values=values)


def _worth(key: str, parts: Mapping[str, str], weights: Mapping[str, int]) -> Fraction:
    """Return the index with a sub-score less the index without it."""
    rest = {one: part for one, part in parts.items() if one != key}
    if not rest:
        return Fraction(parts[key])
    return _mean(parts, weights) - _mean(rest, weights)


def _mean(parts: Mapping[str, str], weights: Mapping[str, int]) -> Fraction:
    total = sum(
        (Fraction(part) * weights[key] for key, part in parts.items()), Fraction()
    )
    return total / sum(weights[key] for key in parts)
