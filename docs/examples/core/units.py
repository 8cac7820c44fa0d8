"""Units end: what they leave goes on to their heirs."""

from __future__ import annotations

from datetime import date

from huimin_flow.api import Area, CalendarMissing, Demand, Origin
from huimin_flow.testing import Desk, at_hour


def see_what_merged_units_left(desk: Desk) -> None:
    """See which units have ended, who works for them, and what is left with them."""
    flow = desk.flow
    demand = Demand(
        title="候工区", origin=Origin.PROBLEM, area=Area.EMPLOYMENT, unit="500105"
    )
    item = flow.items.collect(demand, by=desk.actor("op-500105"))

    desk.clock.set(at_hour(date(2025, 12, 1), 9))
    for succession in flow.items.successions():
        print(succession.former, succession.unit, succession.items, succession.left)

    today = date(2031, 3, 3)
    desk.clock.set(at_hour(today, 9))
    try:
        flow.orders.receive(
            item.number, "督查室", "31号", today, "限期办结", by=desk.office
        )
    except CalendarMissing as refused:  # days off of that year are not known yet
        assert refused.remedy
