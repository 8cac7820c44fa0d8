"""What checks of several files ask of their figures: complete, in range, whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from huimin_flow.model.rules import Figure
from huimin_flow.model.scoring import Amount
from huimin_flow.settings.document import Document

#: What a percent may be.
PERCENT = (0, 100)
#: A count of people, places, cases: as many as a country has.
COUNT = (1, 10**9)
#: The stars of an item's perceived benefit (B3).
STARS = (1, 5)


def hundred(
    figures: Iterable[Figure], document: Document, place: Sequence[str | int]
) -> Iterator[str]:
    """Yield a problem unless the weights sum to 100, none of them below 0."""
    values = [one.value for one in figures]
    if sum(values) != 100:
        yield document.problem(place, f"权重之和为{sum(values)}", "各项之和应为100")
    if any(one < 0 for one in values):
        yield document.problem(place, "权重不能为负", "请改正")


def within(
    figure: Figure | Amount,
    bounds: tuple[int, int],
    document: Document,
    place: Sequence[str | int],
) -> Iterator[str]:
    """Yield a problem unless a figure lies within its bounds, both included."""
    low, high = bounds
    if not low <= figure.value <= high:
        yield document.problem([*place, "value"], f"应在{low}至{high}之间", "请改正")


def complete(
    given: Mapping[Any, object],
    words: Iterable[object],
    document: Document,
    place: Sequence[str | int],
) -> Iterator[str]:
    """Yield a problem for each word that a mapping should have and hasn't."""
    for word in words:
        if word not in given:
            yield document.problem(place, f"缺少 {word}", "请补上该项")
