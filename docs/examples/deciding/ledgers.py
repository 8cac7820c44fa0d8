"""Ledgers of demands, answers and tasks; and what resources the demands would take."""

from __future__ import annotations

from datetime import timedelta

from huimin_flow.api import Area, State
from huimin_flow.testing import UNIT, Desk


def respond(desk: Desk) -> None:
    """Decline a judged demand that is awaited, take it up after all, or drop it."""
    flow, office, second = desk.flow, desk.office, desk.second
    number = desk.bring(State.JUDGED).number

    awaited = flow.ledgers.awaited(unit="DIV-JYC")
    assert number in {each.item for each in awaited}
    assert flow.ledgers.count_awaited(unit="DIV-JYC") == len(awaited)

    other = desk.actor("head-DIV-JYC")
    response = flow.ledgers.decline(number, "DIV-JYC", "lacks_means", by=other)
    assert response in flow.ledgers.responses(item=number)
    flow.ledgers.reconsider(number, "DIV-JYC", "改为承接", by=other)
    assert flow.ledgers.count_responses(item=number) == 1
    assert flow.ledgers.by_unit()

    free = desk.bring(State.JUDGED).number
    dropped = flow.ledgers.drop(free, "not_ours", by=office, second=second)
    assert dropped.number == free


def read_ledgers(desk: Desk) -> None:
    """Read the ledger of demands, its changes, and the ledger of a unit's tasks."""
    flow = desk.flow
    number = desk.bring(State.ASSIGNED).number

    demands = flow.ledgers.demands(unit=UNIT, limit=50)
    assert flow.ledgers.count_demands(unit=UNIT) == len(demands)
    since = desk.today() - timedelta(days=30)
    assert flow.ledgers.demand_changes(since, unit=UNIT)
    assert number in {entry.demand.number for entry in flow.ledgers.tasks(UNIT)}


def weigh_resources(desk: Desk) -> None:
    """State what an area has, and what an item would cost; see what remains."""
    flow, office = desk.flow, desk.office
    number = desk.bring(State.SCREENED).number

    budget = flow.resources.state("2024", Area.EMPLOYMENT, 100, "财政批复", by=office)
    assert budget.amount == 100
    flow.resources.cost(number, 60, UNIT, "财政预算", headcount=3, by=office)
    assert flow.resources.of("2024").areas
