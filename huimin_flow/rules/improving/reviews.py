"""Decisions of review meetings: which are alike, and when one is late (F3)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final

from huimin_flow.catalogue.terms import DecisionState
from huimin_flow.model.improving.reviews import Decision

#: The states in which nothing more is to be done about a decision.
ENDED: Final = frozenset({DecisionState.ACCEPTED, DecisionState.DROPPED})


def plain_words(text: str) -> str:
    """Return a text without signs and blanks, to compare what was decided.

    >>> plain_words("补齐 候工区(含饮水)。") == plain_words("补齐候工区（含饮水）")
    True

    """
    wide = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in wide if sign.isalnum())


def alike(decision: Decision, others: Iterable[Decision]) -> Decision | None:
    """Return an open decision of the same owner that says the same, if any.

    The due day makes no difference: it is the same thing, decided twice.
    """
    said = plain_words(decision.decided)
    return next(
        (
            other
            for other in others
            if other.state not in ENDED
            and (other.unit, other.post) == (decision.unit, decision.post)
            and plain_words(other.decided) == said
        ),
        None,
    )


def days_late(decision: Decision, day: date) -> int:
    """Return by how many calendar days a decision is late on a day; 0 if it is not.

    One that was reported as done in time does not become late while the office looks.
    """
    if decision.state in ENDED:
        return 0
    until = day
    if decision.state is DecisionState.REPORTED and decision.reported_on is not None:
        until = decision.reported_on
    return max((until - decision.due).days, 0)


def is_below(percent: str, mark: int) -> bool:
    """Tell whether a result in percent, as decimal text, doesn't reach its mark.

    >>> is_below("79.99", 80), is_below("80.00", 80)
    (True, False)

    """
    return Decimal(percent) < mark
