"""What meetings have taken of a period's resources (量力而行, B1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final

from huimin_flow.catalogue.terms import Area, MeetingState, Placement, State, Step
from huimin_flow.model.core.periods import quarters_from
from huimin_flow.model.deciding.deliberations import Deliberation
from huimin_flow.model.items import Item

#: The states of an item whose judgment no longer stands.
_FREE: Final = frozenset(
    {State.COLLECTED, State.SCREENED, State.MERGED, State.REJECTED, State.DEFERRED}
)


def period_of(held_on: date, placement: Placement) -> str:
    """Return the period whose resources a judgment needs, "" if it is not settled.

    >>> period_of(date(2026, 11, 20), Placement.YEAR)
    '2027'
    >>> period_of(date(2026, 11, 20), Placement.PHASE)
    '2027Q1'

    """
    return {
        Placement.YEAR: str(held_on.year + 1),
        Placement.PHASE: quarters_from(held_on)[1],
    }.get(placement, "")


def taken(
    meetings: Iterable[Deliberation],
    item_of: Callable[[str], Item | None],
    period: str,
    area: Area,
    *,
    before: tuple[str, str] = ("", ""),
) -> dict[str, int]:
    """Return the costs of the items that were judged capable for a period and area.

    Closed meetings count, with the items whose judgment still stands. ``before`` are
    a meeting that is not closed and an item of its agenda: what comes before the item
    there counts, the item itself does not.
    """
    own, number = before
    costs: dict[str, int] = {}
    for held in sorted(meetings, key=lambda each: (each.held_on, each.key)):
        ahead = held.agenda
        if held.key == own:
            ahead = ahead[: ahead.index(number)] if number in ahead else ()
        elif held.state is not MeetingState.CLOSED:
            continue
        for other in ahead:
            opinion, item = held.opinions.get(other), item_of(other)
            if opinion is None or opinion.step is not Step.JUDGE or item is None:
                continue
            stands = item.state not in _FREE and item.outcome is None
            if held.key != own and not (stands and item.deliberation == held.key):
                continue
            wanted = (period_of(held.held_on, opinion.placement), opinion.area)
            if wanted == (period, area) and other != number:
                costs[other] = opinion.cost or 0
    return costs
