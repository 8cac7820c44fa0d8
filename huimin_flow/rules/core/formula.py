"""Figures: formulas as trees, computed from their leaves alone (X3), and scores.

Published figures have two places, rounded half to even in a decimal context of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from fractions import Fraction
from statistics import median
from typing import Final, TypeVar

from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import Attribute, Criterion, Dimension, Role, Term
from huimin_flow.model.core.events import Plain, Reason
from huimin_flow.model.scoring.scores import Node

W = TypeVar("W", bound=Term)
Op = Callable[[Sequence[Decimal]], Decimal]

#: Every inner figure is rounded to a millionth, so that its text is exact.
_GRAIN: Final = Decimal("0.000001")

#: A host's own decimal context changes no figure.
_CONTEXT: Final = Context(prec=40, rounding=ROUND_HALF_EVEN)


def leaf(name: str, number: Decimal | int, source: str) -> Node:
    """Return a leaf: a number and where it comes from."""
    return Node(name=name, op="given", value=_text(Decimal(number)), source=source)


def made(name: str, op: str, *inputs: Node) -> Node:
    """Return the node that ``op`` computes from its inputs."""
    figure = _computed(op, [Decimal(each.value) for each in inputs])
    return Node(name=name, op=op, value=_text(figure), inputs=inputs)


def evaluate(node: Node) -> Decimal:
    """Compute a tree's figure again, from its leaves alone.

    Raises:
        KeyError: if it names an unknown operation.

    """
    if node.op == "given":
        return Decimal(node.value)
    return _computed(node.op, [evaluate(each) for each in node.inputs])


def leaves(node: Node) -> list[Node]:
    """Return the leaves of a tree, from left to right."""
    if node.op == "given":
        return [node]
    return [leaf for each in node.inputs for leaf in leaves(each)]


def two_places(node: Node) -> str:
    """Return a figure as it is published: two places, half to even."""
    with localcontext(_CONTEXT):
        return str(Decimal(node.value).quantize(Decimal("0.01")))


def divided(number: int, by: int) -> int:
    """Return ``number`` ÷ ``by`` (positive), rounded to an integer, half to even.

    >>> divided(5, 2), divided(7, 2), divided(-5, 2)
    (2, 4, -2)

    """
    whole, rest = divmod(number, by)
    above = 2 * rest - by
    return whole + (above > 0 or (above == 0 and whole % 2 == 1))


def text(number: Fraction) -> str:
    """Return decimal text with two places.

    >>> text(Fraction(1005, 1000)), text(Fraction(-1, 3))
    ('1.00', '-0.33')

    """
    return hundredths(divided(100 * number.numerator, number.denominator))


def signed(number: Fraction) -> str:
    """Return decimal text with two places that shows its sign.

    >>> signed(Fraction(5, 2)), signed(Fraction(-5, 2))
    ('+2.50', '-2.50')

    """
    shown = text(number)
    return shown if shown.startswith("-") else f"+{shown}"


def weighted_mean(
    parts: Mapping[str, Fraction], weights: Mapping[str, int]
) -> Fraction:
    """Return the weighted mean of sub-scores; a weight without a part doesn't count."""
    total = sum((part * weights[key] for key, part in parts.items()), Fraction())
    return total / sum(weights[key] for key in parts)


def _computed(op: str, numbers: Sequence[Decimal]) -> Decimal:
    with localcontext(_CONTEXT):
        return OPS[op](numbers).quantize(_GRAIN)


def _text(number: Decimal) -> str:
    with localcontext(_CONTEXT):
        return format(number.quantize(_GRAIN).normalize(), "f")


def _wilson(numbers: Sequence[Decimal], sign: int) -> Decimal:
    """Return the Wilson score bound of n out of d, in percent, at z."""
    part, whole, z = numbers
    share = min(part, whole) / whole
    square = z * z
    middle = share + square / (2 * whole)
    spread = (share * (1 - share) / whole + square / (4 * whole * whole)).sqrt()
    return 100 * (middle + sign * z * spread) / (1 + square / whole)


def differ(one: tuple[int, int], other: tuple[int, int], z: Decimal) -> bool:
    """Tell whether two shares, n out of d, differ by more than chance at z.

    The interval of their difference is made of both Wilson intervals (Newcombe 1998,
    method 10); they differ if it leaves out zero.

    >>> differ((9, 10), (8, 10), Decimal("1.96"))
    False
    >>> differ((900, 1000), (800, 1000), Decimal("1.96"))
    True

    """
    with localcontext(_CONTEXT):
        lower, higher = sorted((one, other), key=lambda share: Fraction(*share))
        low, high = (100 * Decimal(n) / d for n, d in (lower, higher))
        up = _wilson([*map(Decimal, lower), z], 1) - low
        down = high - _wilson([*map(Decimal, higher), z], -1)
        return (high - low) ** 2 > up**2 + down**2


def _curve(short: Decimal, numbers: Sequence[Decimal]) -> Decimal:
    _, _, slope, full, floor = numbers
    return max(floor, full - slope * max(Decimal(0), short))


def _beside(numbers: Sequence[Decimal], sign: int) -> Decimal:
    """Return par plus slope points for each percent of distance to the peers' median.

    With a median of zero the result is the end of the scale: there is no percent of
    zero. Near zero, every figure above the median is near that end, too; so a peer
    that gets better cannot move another unit beyond it.
    """
    figure, median, par, slope, floor = numbers
    if median == 0:
        end = Decimal(100) if sign > 0 else floor
        return par if figure == 0 else end
    beside = sign * 100 * (figure - median) / median
    return min(Decimal(100), max(floor, par + slope * beside))


def _percentile(numbers: Sequence[Decimal], sign: int) -> Decimal:
    figure, others = numbers[0], numbers[1:]
    beaten = sum(sign * figure > sign * each for each in others)
    level = sum(figure == each for each in others)
    return Decimal(100) * (2 * beaten + level) / (2 * len(others))


def _weighted(numbers: Sequence[Decimal]) -> Decimal:
    """Return the weighted mean; figures and weights alternate."""
    figures, weights = numbers[::2], numbers[1::2]
    pairs = zip(figures, weights, strict=True)
    total = sum((each * weight for each, weight in pairs), Decimal(0))
    return total / sum(weights, Decimal(0))


#: The operations of formulas. A released operation never changes.
OPS: Final[Mapping[str, Op]] = {
    # Inputs: numerator, denominator, scale.
    "ratio": lambda numbers: numbers[2] * numbers[0] / numbers[1],
    "difference": lambda numbers: numbers[0] - numbers[1],
    "less": lambda numbers: max(Decimal(0), numbers[0] - numbers[1]),
    # Inputs: the most, then what is added up.
    "capped": lambda numbers: min(numbers[0], sum(numbers[1:], Decimal(0))),
    "wilson_low": lambda numbers: max(Decimal(0), _wilson(numbers, -1)),
    "wilson_high": lambda numbers: min(Decimal(100), _wilson(numbers, 1)),
    "curve_higher": lambda numbers: _curve(numbers[1] - numbers[0], numbers),
    "curve_lower": lambda numbers: _curve(numbers[0] - numbers[1], numbers),
    "beside_higher": lambda numbers: _beside(numbers, 1),
    "beside_lower": lambda numbers: _beside(numbers, -1),
    "percentile_higher": lambda numbers: _percentile(numbers, 1),
    "percentile_lower": lambda numbers: _percentile(numbers, -1),
    "median": median,
    "weighted": _weighted,
    "mean": lambda numbers: sum(numbers, Decimal(0)) / len(numbers),
    "rounded": lambda numbers: numbers[0].quantize(Decimal("0.01")),
}


def score_flaw(
    criterion: Criterion | Dimension | Attribute, score: int | None, supplier: Role
) -> Reason | None:
    """Return why a score cannot count: it is missing or not within 0–100; or None."""
    if score is None:
        return Reason.of(Code.SCORE_MISSING, supplier, criterion=criterion.value)
    if 0 <= score <= 100:
        return None
    code = Code.SCORE_OUT_OF_RANGE
    return Reason.of(code, supplier, criterion=criterion.value, given=score)


def hundredths(total: int) -> str:
    """Return a number of hundredths as text with two places.

    >>> hundredths(8375), hundredths(5), hundredths(-33)
    ('83.75', '0.05', '-0.33')

    """
    whole, rest = divmod(abs(total), 100)
    return f"{'-' if total < 0 else ''}{whole}.{rest:02d}"


def scores_in(inputs: Mapping[str, Plain], words: type[W]) -> dict[W, int]:
    """Return the scores that the inputs of a verdict have, by their words.

    Raises:
        ValueError: for a score that is no integer.

    """
    scores = {word: score_in(inputs, word.value) for word in words}
    return {word: score for word, score in scores.items() if score is not None}


def score_in(inputs: Mapping[str, Plain], word: str) -> int | None:
    """Return the score of one word, None without one."""
    return None if inputs.get(word) is None else whole(inputs[word])


def whole(figure: Plain) -> int:
    """Return an integer; an edited history may contain a float or a text here."""
    if isinstance(figure, int) and not isinstance(figure, bool):
        return figure
    raise ValueError(f"{figure!r} is no integer")
