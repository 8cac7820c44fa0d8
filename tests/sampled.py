"""What ``make test`` takes of a matrix: each kind of its cells; by night all of them."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

T = TypeVar("T")

#: The nightly run tries every cell.
NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"


def sampled(cells: Iterable[T], *kinds: Callable[[T], Hashable]) -> list[T]:
    """Return enough cells to meet each value of each of the ``kinds``.

    The cells are looked through in a mixed order, which is the same in every run: a
    kind is not always met in the first row.
    """
    whole = list(cells)
    if NIGHTLY:
        return whole
    mixed = list(range(len(whole)))
    random.Random(20231216).shuffle(mixed)
    met: set[tuple[int, Hashable]] = set()
    chosen: list[int] = []
    for place in mixed:
        new = {(n, kind(whole[place])) for n, kind in enumerate(kinds)} - met
        if new:
            met |= new
            chosen.append(place)
    return [whole[place] for place in sorted(chosen)]


def two_of_a_kind(files: Iterable[str]) -> tuple[str, ...]:
    """Return the first two pages of each kind of a site, by night all of them."""
    met: Counter[str] = Counter()
    chosen = []
    for file in files:
        kind = file.partition("-")[0]
        met[kind] += 1
        if NIGHTLY or met[kind] <= 2:
            chosen.append(file)
    return tuple(chosen)
