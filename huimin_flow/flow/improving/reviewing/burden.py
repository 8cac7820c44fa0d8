"""The burden meter: what units do by hand, and the price of a rulebook (X4, N12)."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Final

from huimin_flow.catalogue.terms import StreamKind
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.reads import known_unit
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.executing.feeding.questions import shares
from huimin_flow.model.core.periods import last_day, month, month_bounds
from huimin_flow.model.improving.reviews import Price, Scale, UnitBurden
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.executing.running import running
from huimin_flow.rules.improving import burden as rules
from huimin_flow.store.executing.running import run_histories
from huimin_flow.store.improving import reviews as store

#: The kinds of records by which something is asked of a unit, when they begin.
_CHECKS: Final = frozenset(
    {
        StreamKind.SUPERVISION_ORDER,
        StreamKind.DECISION,
        StreamKind.RECTIFICATION,
        StreamKind.ANSWER_RETURN,
    }
)


@question
def burdens(
    work: Work, period: str, *, unit: str | None = None
) -> tuple[UnitBurden, ...]:
    """Return what each unit did by hand in a month, and what was asked of it (X4).

    It is counted from events and facts. Units of which nothing is known are left out.

    Raises:
        InputRefused: for a period that is no month, or a code that no unit ever had.

    """
    known_unit(work, unit)
    days, end = month_bounds(month(period)), last_day(period)
    organization = work.rulebook.organization
    posts = {post.id: post.unit for post in organization.people}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for done in store.acts(work.connection, days):
        own = posts.get(done.actor)
        if own is not None:
            upload = done.kind is StreamKind.ATTACHMENT
            counts[own]["uploads" if upload else "steps"] += 1
        if done.first and done.unit and done.kind in _CHECKS:
            counts[organization.heir(done.unit, end)]["checks"] += 1
    for share in shares(work, period):
        counts[share.unit]["by_hand"] += share.by_hand + share.corrected
        counts[share.unit]["fed"] += share.fed
    return tuple(
        UnitBurden(
            unit=code,
            month=period,
            steps=own_counts["steps"],
            uploads=own_counts["uploads"],
            checks=own_counts["checks"],
            by_hand=own_counts["by_hand"],
            fed=own_counts["fed"],
        )
        for code, own_counts in sorted(counts.items())
        if unit in {None, code}
    )


@question
def price(work: Work, book: Rulebook) -> Price:
    """Return what a rulebook asks more of all units in a month than the active one.

    It counts the units, items and indicators that run in the present month.
    """
    day = work.today
    ran = running(run_histories(work.connection, f"{day:%Y-%m}", None), day)
    scale = Scale(
        units=len(work.rulebook.organization.units_on(day)),
        items=len(ran),
        indicators=sum(len(t.indicators) for item in ran for t in item.plan.tasks),
    )
    return rules.price(work.rulebook, book, scale)
