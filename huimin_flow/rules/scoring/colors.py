"""The five colors of a month, worst to best 红橙黄蓝绿, and their changes (D6)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from typing import Final

from huimin_flow.catalogue.reasons import ScoreCode
from huimin_flow.catalogue.terms import Color, Coloring
from huimin_flow.model.core.events import Plain, Reason, Reasons
from huimin_flow.model.scoring.rules import ColorRule
from huimin_flow.model.scoring.scores import Colored
from huimin_flow.rules.core.formula import signed, text, weighted_mean

RULE: Final = "coloring"
REVISION: Final = 1

#: Worst to best.
ORDER: Final = tuple(Color)

#: The reasons of units that changed, lost or gained a color.
CHANGES: Final = frozenset({
    ScoreCode.COLOR_ROSE, ScoreCode.COLOR_FELL,
    ScoreCode.COLOR_LOST, ScoreCode.COLOR_GAINED,
})  # fmt: skip

#: The text of a move by less than half of a hundredth.
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

    ``before`` holds last month's color and index, ``rule_before`` the rule of that
    month. A unit without an index has no color. With hysteresis, an index near the
    limit of last month's band keeps its color.
    """
    fresh = _fresh(values, rule)
    # Last month's indices in this month's bands show which units the bands move.
    again: Mapping[str, Color] = {}
    if rule_before is not None and _scale(rule) != _scale(rule_before):
        again = _fresh({unit: index for unit, (_, index) in before.items()}, rule)
    colored = []
    for unit in sorted(values):
        index = values[unit]
        old, old_index = before.get(unit, (None, None))
        new = fresh.get(unit)
        reasons: Reasons = ()
        if new is not old and old is not None and _keeps(index, old, rule):
            limits = {"band": fresh[unit].value, "reach": str(rule.hysteresis.value)}
            code = ScoreCode.COLOR_KEPT
            reasons = (Reason.of(code, color=old.value, index=index, **limits),)
            new = old
        elif unit in before and new is not old:
            reasons = (_change(new, index, old, old_index),)
            if new is not None and again.get(unit) is new:
                code, color = ScoreCode.BANDS_CHANGED, new.value
                reasons += (Reason.of(code, color=color, index_before=old_index),)
        colored.append(
            Colored(unit=unit, index=index, color=new, before=old, reasons=reasons)
        )
    return tuple(colored)


def has_changed(colored: Colored) -> bool:
    """Tell whether a unit's color differs from last month's."""
    return any(reason.code in CHANGES for reason in colored.reasons)


def causes(
    now: Mapping[str, str],
    before: Mapping[str, str],
    weights: Mapping[str, int],
    weights_before: Mapping[str, int],
    most: int,
) -> Reasons:
    """Return the sub-scores that moved an index, with points, largest move first.

    ``now`` and ``before`` are a unit's sub-scores of both months. A sub-score of both
    months moves the index by its difference times its share of the weights; a new or
    missing one by the index with it minus the index without it. Moves that round to
    0.00 points are not named.
    """
    moves: list[tuple[Fraction, Reason]] = []
    for key in sorted(now.keys() | before.keys()):
        figures = {"score": now.get(key), "score_before": before.get(key)}
        values = {
            name: text(Fraction(figure)) for name, figure in figures.items() if figure
        }
        if key not in before:
            code, points = ScoreCode.PART_CAME, _worth(key, now, weights)
        elif key not in now:
            code, points = ScoreCode.PART_WENT, -_worth(key, before, weights_before)
        else:
            code = ScoreCode.PART_MOVED
            share = Fraction(weights[key], sum(weights[each] for each in now))
            points = (Fraction(now[key]) - Fraction(before[key])) * share
        if text(points) != _NOTHING:
            values |= {"index_indicator": key, "points": signed(points)}
            moves.append((points, Reason.of(code, **values)))
    # Python's sort is stable: equal moves are in the order of keys.
    moves.sort(key=lambda move: -abs(move[0]))
    return tuple(reason for _, reason in moves[:most])


def _scale(rule: ColorRule) -> object:
    """Return the bands or shares of a rule; equal scales give equal colors."""
    return rule.by, rule.bands if rule.by is Coloring.BANDS else rule.shares


def _fresh(values: Mapping[str, str | None], rule: ColorRule) -> dict[str, Color]:
    """Return the colors from the indices alone, without hysteresis.

    Shares give colors from the best down; units with equal indices have one color.
    """
    known = {unit: Decimal(index) for unit, index in values.items() if index}
    best_first = ORDER[::-1]
    limits = list(accumulate(rule.shares[each].value for each in best_first))
    colors = {}
    for unit, index in known.items():
        if rule.by is Coloring.BANDS:
            fits = [index >= rule.bands[each].low.value for each in best_first]
        else:
            better = sum(other > index for other in known.values())
            fits = [100 * better < limit * len(known) for limit in limits]
        colors[unit] = best_first[fits.index(True)] if True in fits else ORDER[0]
    return colors


def _keeps(index: str | None, old: Color, rule: ColorRule) -> bool:
    """Tell whether an index is near enough to its last color's band to keep it."""
    if index is None or rule.by is not Coloring.BANDS:
        return False
    reach, band = rule.hysteresis.value, rule.bands[old]
    return band.low.value - reach <= Decimal(index) < band.high.value + reach


def _change(
    new: Color | None, index: str | None, old: Color | None, old_index: str | None
) -> Reason:
    """Return the reason for a change of color."""
    values: dict[str, Plain] = {}
    if new is not None:
        values |= {"color": new.value, "index": index}
    if old is not None:
        values |= {"before": old.value, "index_before": old_index}
    if new is None:
        code = ScoreCode.COLOR_LOST
    elif old is None:
        code = ScoreCode.COLOR_GAINED
    else:
        rose = ORDER.index(new) > ORDER.index(old)
        code = ScoreCode.COLOR_ROSE if rose else ScoreCode.COLOR_FELL
    return Reason(code=code, values=values)


def _worth(key: str, parts: Mapping[str, str], weights: Mapping[str, int]) -> Fraction:
    """Return the index with a sub-score minus the index without it."""
    figures = {each: Fraction(part) for each, part in parts.items()}
    rest = {each: part for each, part in figures.items() if each != key}
    without = weighted_mean(rest, weights) if rest else Fraction()
    return weighted_mean(figures, weights) - without
