"""What ``make test`` takes of a matrix: each kind of its cells; by night all of them."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

import pytest

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


#: Where what differs between the databases is written or read: every test of these
#: folders runs on both by day.
NEAR_THE_STORE = ("/tests/store/", "/tests/faults/", "/tests/audit/", "/core/")


#: Programs with the engine inside have a stage of their own: all of it on both.
OF_HOSTS = "/tests/hosts/"


def on_both(items: list[pytest.Item]) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """Return which collected tests run by day, and which only by night.

    Every test runs on SQLite. Of one that runs on PostgreSQL, too, one of its cells
    does by day; far from the store, where the same statements of the store are given
    by many tests, it is every third test of a file that does, the first among them. A
    test of PostgreSQL alone always runs, and so does every test of a host.
    """
    names = {item.nodeid for item in items}
    places: dict[str, dict[str, int]] = {}
    by_day: list[pytest.Item] = []
    by_night: list[pytest.Item] = []
    met: set[str] = set()
    for item in items:
        name, _, cell = item.nodeid.partition("[")
        twin = cell.replace("postgresql", "sqlite", 1)
        file = item.path.as_posix()
        alone = twin == cell or f"{name}[{twin}" not in names
        if NIGHTLY or alone or OF_HOSTS in file:
            by_day.append(item)
            continue
        tests = places.setdefault(file, {})
        place = tests.setdefault(name, len(tests))
        near = any(part in file for part in NEAR_THE_STORE)
        chosen = name not in met and (near or place % 3 == 0)
        met.add(name)
        (by_day if chosen else by_night).append(item)
    return by_day, by_night
