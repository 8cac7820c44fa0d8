"""Whether a month's color is more than the chance of who was asked (D6).

A satisfaction of some ratings is a sample: with other people asked, it would differ.
The index counts such a figure by its cautious Wilson bound; here it is also computed
by the other bound. If both indices are in one band, the color is steady.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from huimin_flow.catalogue.terms import Certainty, Color, Coloring
from huimin_flow.model.scoring.rules import ColorRule
from huimin_flow.model.scoring.scores import Node, Score, Spread
from huimin_flow.rules.core.formula import evaluate, made, two_places

#: By operation: the other end of the interval.
_OTHER: Final = {"wilson_low": "wilson_high", "wilson_high": "wilson_low"}


def spread(score: Score, rule: ColorRule) -> Spread | None:
    """Return how far chance may move an index; None without one, or with shares.

    The figures of peers stay as they are: only the unit's own figures are moved.
    """
    if score.tree is None or rule.by is not Coloring.BANDS:
        return None
    cases: dict[str, int] = {}
    high = two_places(_moved(score.tree, score.unit, cases))
    low = two_places(score.tree)
    steady = band_of(low, rule) is band_of(high, rule)
    return Spread(
        certainty=Certainty.STEADY if steady else Certainty.WITHIN_ERROR,
        low=low,
        high=high,
        cases=cases,
    )


def band_of(index: str, rule: ColorRule) -> Color:
    """Return the color of the band that has an index."""
    fits = (c for c in reversed(Color) if Decimal(index) >= rule.bands[c].low.value)
    return next(fits, Color.RED)


def _moved(node: Node, unit: str, cases: dict[str, int]) -> Node:
    """Return a tree with the other bounds of a unit's samples; count their cases."""
    if node.op == "given" or node.of not in {"", unit}:
        return node
    if node.op in _OTHER:
        _, whole, _ = node.inputs
        cases[node.name] = int(evaluate(whole))
        return replace(made(node.name, _OTHER[node.op], *node.inputs), of=node.of)
    inner = (_moved(each, unit, cases) for each in node.inputs)
    return replace(made(node.name, node.op, *inner), of=node.of)
