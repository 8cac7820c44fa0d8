"""Who stood for a list at a cut, as the history knew them then (B5)."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import Connection

from huimin_flow.catalogue.terms import State
from huimin_flow.model.edition import Candidate
from huimin_flow.model.item import Item
from huimin_flow.states.evolve import fold
from huimin_flow.store import history, positions


def candidates_at(connection: Connection, cut: int) -> list[Candidate]:
    """Return the items that stood starred at a cut, as they were then."""
    found = []
    for stream in positions.streams_in(connection, State.STARRED.value, cut):
        item = fold(history.events_of(connection, stream, upto=cut))
        if item is not None:
            found.append(_candidate(item))
    return found


def _candidate(item: Item) -> Candidate:
    return Candidate(
        number=item.number,
        unit=item.unit,
        area=item.area,
        stars=item.stars or 0,
        benefit=int(Decimal(item.perceived_benefit or 0) * 100),
        prevalence=item.prevalence or 0,
        since=item.collected_on,
        placement=item.placement,
    )
