"""Editions of lists: one list per unit and period, and the city list (B5, C3)."""

from __future__ import annotations

from datetime import date

from huimin_flow.catalogue.terms import Area, EditionKind, EditionState, Placement
from huimin_flow.model.core.events import Reason
from huimin_flow.model.core.values import value

#: The last part of the key of a city list.
CITY = "city"


@value
class Candidate:
    """A starred item with the values that selection needs (B5).

    ``benefit`` is in hundredths (0–10000). ``since`` is the day it was collected.
    ``placement`` is the list for which it was judged, or None.
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
    """An item's place in an edition: ``rank`` counts from 1."""

    item: str
    rank: int
    unit: str
    area: Area
    stars: int | None


@value
class LeftOut:
    """An item that was not chosen, and the reason."""

    item: str
    reason: Reason


def unit_of_list(key: str) -> str | None:
    """Return the unit whose list has this key, or None for the city list.

    >>> unit_of_list("list/2027/500101"), unit_of_list("list/2027/city")
    ('500101', None)

    """
    last = key.rpartition("/")[2]
    return None if last == CITY else last


@value
class Edition:
    """A state of a list: ``key`` is ``list/2027/500101`` or ``list/2027/city``."""

    key: str
    period: str
    unit: str
    kind: EditionKind
    state: EditionState
    places: tuple[Place, ...]
    left_out: tuple[LeftOut, ...] = ()
    #: Items that were chosen at the cutoff, but moved on before a late run.
    unmoved: tuple[str, ...] = ()
    note: str = ""
    version: int = 1


@value
class ListPreview:
    """The city's list as a freeze would make it now.

    ``cutoff`` is the day of the freeze, None if it is past or not known yet.
    ``left_out`` are those who fall out of their unit's list, then of the city's.
    """

    edition: Edition
    cutoff: date | None
    left_out: tuple[LeftOut, ...]
