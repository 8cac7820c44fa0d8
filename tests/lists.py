"""A list that is frozen already, to which two people may add."""

from __future__ import annotations

from huimin_flow.errors import NotFound
from huimin_flow.flow import listing
from huimin_flow.flow.work import Work
from huimin_flow.model.actor import Actor
from huimin_flow.terms import Role, Via
from tests.desk import Desk

SCHEDULER = Actor(
    id="scheduler", unit="OFFICE", roles=frozenset({Role.SCHEDULER}), via=Via.SERVICE
)


def frozen(desk: Desk, year: int) -> str:
    """Freeze an empty list of ``year``, as of before anything; return its key."""
    key = f"list/{year}/city"
    try:
        desk.flow.edition(key)
    except NotFound:
        desk.flow.perform(_freeze, year)
    return key


def _freeze(work: Work, year: int) -> None:
    listing.freeze(work, year, 0, work.rulebook, by=SCHEDULER)
