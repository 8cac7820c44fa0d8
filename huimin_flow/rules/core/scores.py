"""Scores of 0–100: why a score cannot count, and the text of a weighted sum."""

from __future__ import annotations

from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import Attribute, Criterion, Dimension, Role
from huimin_flow.model.core.events import Reason


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
    """Return a number of hundredths (0 or more) as text with two places.

    >>> hundredths(8375), hundredths(5)
    ('83.75', '0.05')

    """
    return f"{total // 100}.{total % 100:02d}"
