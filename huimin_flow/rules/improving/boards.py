"""When two supervision orders are one, and which of them are open (X2)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

from huimin_flow.catalogue.terms import OrderState
from huimin_flow.model.improving.boards import SupervisionOrder

#: The states in which an authority is not content yet.
OPEN: Final = frozenset(OrderState) - {OrderState.DISCHARGED, OrderState.WITHDRAWN}

#: The brackets around a year, which are written in several ways.
_BRACKETS: Final = str.maketrans("[]{}【】〔〕", "()()()()")


def same_paper(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Tell whether two pairs of authority and number name one paper.

    Spaces, full-width signs and the kind of brackets make no difference.

    >>> same_paper(("督查室", "渝督〔2026〕12号"), ("督查室", "渝督[2026] 12号"))
    True

    """
    return _plain(one) == _plain(other)


def _plain(paper: tuple[str, str]) -> tuple[str, ...]:
    return tuple(
        "".join(unicodedata.normalize("NFKC", text).translate(_BRACKETS).split())
        for text in paper
    )


def still_open(orders: Iterable[SupervisionOrder]) -> tuple[SupervisionOrder, ...]:
    """Return the orders that are open, the earliest due first."""
    waiting = (each for each in orders if each.state in OPEN)
    return tuple(sorted(waiting, key=lambda each: (each.due, each.key)))
