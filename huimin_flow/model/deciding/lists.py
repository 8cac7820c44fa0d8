"""Editions of lists: one per unit and period, and the city list (B5, C3)."""

from __future__ import annotations

from datetime import date

from huimin_flow.catalogue.terms import Area, EditionKind, EditionState, Placement
from huimin_flow.model.core.events import Reason
from huimin_flow.model.core.values import value

#: How the key of a list of the whole city ends.
CITY = "city"


@value
class Candidate:
    """What selection needs to know of a starred item (B5).

    ``benefit`` is in hundredths (0–10000), ``since`` the day it was collected,
    ``placement`` the list for which it was judged, None where nobody said.
    """

    number: str
    unit: str
    area: Area
    stars: int
    benefit: int
    prevalence: int
    since: date
    placement: Placement | None = None


@value
class Place:
    """Where an item stands in an edition: ``rank`` counts from 1."""

    item: str
    rank: int
    unit: str
    area: Area
    stars: int | None


@value
class LeftOut:
    """An item that was not chosen, and why not."""

    item: str
    reason: Reason


def unit_of_list(key: str) -> str | None:
    """Return the unit whose own list bears a key, or None for the city's.

    >>> unit_of_list("list/2027/500101"), unit_of_list("list/2027/city")
    ('500101', None)

    """
    last = key.rpartition("/")[2]
    return None if last == CITY else last


@value
class Edition:
    """A list as it stood: ``key`` is ``list/2027/500101`` or ``list/2027/city``."""

    key: str
    period: str
    unit: str
    kind: EditionKind
    state: EditionState
    places: tuple[Place, ...]
    left_out: tuple[LeftOut, ...] = ()
    #: Chosen as of the cutoff, but moved on before a late run could enlist them.
    unmoved: tuple[str, ...] = ()
    note: str = ""
    version: int = 1
