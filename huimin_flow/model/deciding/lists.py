"""Editions of lists: one list per unit and period, and the city list (B5, C3)."""

from __future__ import annotations

from datetime import date, datetime

from huimin_flow.catalogue.terms import (
    Area,
    EditionKind,
    EditionState,
    Placement,
    Strength,
)
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
    title: str = ""


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


def area_of_list(key: str) -> Area | None:
    """Return the area whose proposal has this key, or None for other lists.

    >>> area_of_list("list/2027/talent").value, area_of_list("list/2027/city")
    ('talent', None)

    """
    last = key.rpartition("/")[2]
    return next((area for area in Area if area.value == last), None)


def unit_of_list(key: str) -> str | None:
    """Return the unit whose list has this key, or None for a list of the whole city.

    >>> unit_of_list("list/2027/500101"), unit_of_list("list/2027/city")
    ('500101', None)

    """
    last = key.rpartition("/")[2]
    return None if last == CITY or area_of_list(key) else last


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
class NearMiss:
    """A candidate that a freeze would not choose now, and how far it is from it (B5).

    ``behind`` is its place among those that a quota leaves out, 1 for the first.
    ``lacks_stars`` are the stars that it has less than the last chosen candidate, or
    than the rule requires. ``lacks_benefit`` is what it lacks with the same stars, in
    hundredths. None where that is not what decides.
    """

    item: str
    title: str
    unit: str
    area: Area
    stars: int
    benefit: int
    reason: Reason
    behind: int | None = None
    lacks_stars: int | None = None
    lacks_benefit: int | None = None


@value
class TieBreak:
    """Two neighbors in the order with the same stars and benefit (B5).

    ``first`` goes before ``second`` by ``broken_by``. ``decides`` is true if only the
    first of them is chosen.
    """

    first: str
    second: str
    broken_by: Strength
    decides: bool


@value
class ListPreview:
    """The lists of a year or quarter as a freeze would make them now (B5).

    ``cutoff`` is the moment of the freeze, aware UTC; None if it is past or not known
    yet. ``units`` are the lists of the units that have candidates, ``city`` is the
    city's list as the rules draft it. ``missed`` are all others, nearest first within
    each unit; those whom an area's quota leaves out come last.
    """

    period: str
    cutoff: datetime | None
    units: tuple[Edition, ...]
    city: Edition
    missed: tuple[NearMiss, ...]
    ties: tuple[TieBreak, ...]
