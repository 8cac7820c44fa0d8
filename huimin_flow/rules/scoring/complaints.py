"""Whose a complaint is beside the place's: the division that answers for its item (D5).

A division has no territory. It answers for the items that it owns, and leads an area
in which districts own items.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from huimin_flow.catalogue.terms import Area, UnitKind
from huimin_flow.model.core.organization import Organization
from huimin_flow.model.core.values import value

#: The units that have no place of their own: their complaints are those of items.
BY_ITEM: Final = frozenset({UnitKind.DIVISION, UnitKind.AGENCY})


@value
class Linked:
    """The number of a month's appeals of a channel and batch that an item has.

    ``unit`` is the item's unit, ``area`` its area, both as known at the cut.
    """

    item: str
    unit: str
    area: Area
    channel: str
    batch: int
    count: int


def answering(
    linked: Linked, organization: Organization, heir: Callable[[str], str]
) -> str:
    """Return the division or agency that answers for an item's appeals, "" if none.

    It is the item's unit, or the lead unit of its area if that is of another kind;
    ``heir`` gives the unit that is responsible for another's acts.
    """
    kinds = {unit.code: unit.kind for unit in organization.units}
    lead = organization.areas[linked.area].lead_unit
    units = (heir(linked.unit), heir(lead))
    return next((unit for unit in units if kinds.get(unit) in BY_ITEM), "")
