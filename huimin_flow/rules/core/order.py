"""Which due jobs must wait for others: a month before its colors and its quarter."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from huimin_flow.model.core.periods import month_before, months_of
from huimin_flow.rules.core.due import Due

#: A (job, period).
Key = tuple[str, str]


def _month(period: str) -> tuple[Key, ...]:
    """Colors rest on the month's scores, and stand beside the month before."""
    return ("monthly_score", period), ("five_colors", month_before(period))


def _quarter(period: str) -> tuple[Key, ...]:
    return tuple(("monthly_score", one) for one in months_of(period))


#: What each job reads of what other jobs have made; the others read facts alone.
_NEEDS: Mapping[str, Callable[[str], tuple[Key, ...]]] = {
    "five_colors": _month,
    "quarterly_ranking": _quarter,
}


def key_of(due: Due) -> Key:
    """Return the (job, period) of a due."""
    return due.job, due.period


def needs(due: Due) -> tuple[Key, ...]:
    """Return the (job, period)s whose results a job reads.

    >>> from datetime import UTC, datetime
    >>> due = Due(job="quarterly_ranking", period="2026Q4", title="", missed="each",
    ...           at=datetime(2027, 1, 8, 10, tzinfo=UTC))
    >>> needs(due)[0]
    ('monthly_score', '2026-10')

    """
    of = _NEEDS.get(due.job)
    return () if of is None else of(due.period)


def first_ready(left: Sequence[Due], awaited: Collection[Key]) -> Due | None:
    """Return the first due that needs nothing of ``left`` nor of ``awaited``.

    ``awaited`` are periods that have failed, or are not due yet.
    """
    undone = {*awaited, *(key_of(one) for one in left)}
    return next((one for one in left if undone.isdisjoint(needs(one))), None)


def passed_over(left: Sequence[Due]) -> frozenset[Key]:
    """Return the periods missed of a job that makes up for its newest one only."""
    newest: dict[str, Due] = {}
    for one in left:
        if one.job not in newest or newest[one.job].at < one.at:
            newest[one.job] = one
    return frozenset(
        key_of(one)
        for one in left
        if one.missed == "once" and one is not newest[one.job]
    )
