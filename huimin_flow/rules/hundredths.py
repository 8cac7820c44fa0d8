"""Exact figures to two places, half to even, whatever the host's decimal context."""

from __future__ import annotations

from fractions import Fraction


def divided(number: int, by: int) -> int:
    """Return ``number`` ÷ ``by`` (positive) as a whole, half to even.

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
    hundredths = divided(100 * number.numerator, number.denominator)
    sign = "-" if hundredths < 0 else ""
    whole, rest = divmod(abs(hundredths), 100)
    return f"{sign}{whole}.{rest:02d}"


def signed(number: Fraction) -> str:
    """Return decimal text with two places that shows its sign.

    >>> signed(Fraction(5, 2)), signed(Fraction(-5, 2))
    ('+2.50', '-2.50')

    """
    shown = text(number)
    return shown if shown.startswith("-") else f"+{shown}"
