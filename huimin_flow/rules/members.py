"""Sets: named members that are done, each counted once however often told (C4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from huimin_flow.model.indicator import Indicator, Progress

#: What stands between the names of members in a sheet, so in none of them.
APART: Final = "\n;\uff1b\u3001"


def named(reports: Sequence[Progress]) -> tuple[str, ...]:
    """Return the members that were reported as done, in order of the alphabet."""
    return tuple(sorted({name for one in reports for name in one.members}))


def done(reports: Sequence[Progress]) -> int:
    """Return how much was done: figures without names add, a member counts once.

    Nobody knows whether figures without names speak of the named members, so the
    greater of both counts, and nothing twice.
    """
    nameless = sum(one.value for one in reports if not one.members)
    return max(nameless, len(named(reports)))


def is_whole(indicator: Indicator) -> bool:
    """Tell whether a set names all of its members: of 等12项 the others are open."""
    return bool(indicator.members) and len(indicator.members) >= indicator.value
