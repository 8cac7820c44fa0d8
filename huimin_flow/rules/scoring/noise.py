"""Whether a month's color is more than the chance of who was asked (D6).

A satisfaction of some ratings is a sample: with other people asked, it would differ.
The index counts such a figure by its cautious Wilson bound; here it is also computed
by the other bound. If both indices have one color, that color is steady. Hysteresis
counts at both ends: a color that only last month keeps, while the other end would lose
it, is within the error.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from huimin_flow.catalogue.terms import Certainty, Color, Coloring
from huimin_flow.model.scoring.rules import ColorRule
from huimin_flow.model.scoring.scores import Node, Score, Spread
from huimin_flow.rules.core.formula import evaluate, made, two_places
from huimin_flow.rules.scoring.colors import Before, color

#: By operation: the other end of the interval.
_OTHER: Final = {"wilson_low": "wilson_high", "wilson_high": "wilson_low"}


def spread(score: Score, rule: ColorRule, before: Color | None = None) -> Spread | None:
    """Return how far chance may move an index; None without one, or with shares.

    The figures of peers stay as they are: only the unit's own figures are moved.
    ``before`` is last month's color, which hysteresis may keep at either end.
    """
    if score.tree is None or rule.by is not Coloring.BANDS:
        return None
    cases: dict[str, int] = {}
    high = two_places(_moved(score.tree, score.unit, cases))
    low = two_places(score.tree)
    last: Before = {} if before is None else {score.unit: (before, None)}
    shown = {color({score.unit: end}, last, rule)[0].color for end in (low, high)}
    steady = len(shown) == 1
    return Spread(
        certainty=Certainty.STEADY if steady else Certainty.WITHIN_ERROR,
        low=low,
        high=high,
        cases=cases,
    )


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
