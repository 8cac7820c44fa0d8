"""On time = closed on time ÷ (closed + open and overdue); no 100 % beside a backlog."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from huimin_flow.model.rating import Owed, Share

RULE: Final = "promptness"
REVISION: Final = 1


def kept(owed: Owed, day: date, *, first: date | None = None) -> bool | None:
    """Tell whether something was done on time; None where it doesn't count.

    As it stood at the end of ``day``: what is open and not yet overdue doesn't
    count, nor what has no due day. With ``first``, what was closed before it
    doesn't count either. On its due day nothing is overdue yet.

    >>> late = Owed(due=date(2026, 11, 3), closed=None)
    >>> kept(late, date(2026, 11, 3)), kept(late, date(2026, 11, 4))
    (None, False)

    """
    if owed.due is None:
        return None
    if owed.closed is not None and owed.closed <= day:
        before = first is not None and owed.closed < first
        return None if before else owed.closed <= owed.due
    return False if owed.due < day else None


def promptness(given: Iterable[Owed], day: date, *, first: date | None = None) -> Share:
    """Return how many of those that count were done on time.

    >>> done = Owed(due=date(2026, 11, 3), closed=date(2026, 11, 2))
    >>> overdue = Owed(due=date(2026, 11, 3), closed=None)
    >>> promptness([done, overdue], date(2026, 11, 30))
    Share(part=1, whole=2)

    """
    found = [kept(one, day, first=first) for one in given]
    return Share(part=found.count(True), whole=len(found) - found.count(None))
