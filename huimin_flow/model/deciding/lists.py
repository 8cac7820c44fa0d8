"""Editions of lists: one list per unit and period, and the city list (B5, C3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from huimin_flow.catalogue.terms import (
    Area,
    ChangeKind,
    EditionKind,
    EditionState,
    EntryField,
    Placement,
    Strength,
)
from huimin_flow.model.core.canonical import canonical_of_plain
from huimin_flow.model.core.canonical import digest as digest_of
from huimin_flow.model.core.events import Reason
from huimin_flow.model.core.values import later, to_plain, value

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
class Partner:
    """A supporting unit, with the name that it had when the entry was written."""

    unit: str
    name: str


@value
class Source:
    """Where appeals of an entry came from: a channel, its name, how many, and which.

    ``keys`` are the appeals' keys in the channel, at most ``LISTED_KEYS`` of an entry.
    """

    channel: str
    name: str
    appeals: int
    keys: tuple[str, ...] = ()


#: How many keys of appeals an entry lists, so that an edition stays readable.
LISTED_KEYS: Final = 200


@value
class Place:
    """An item's place in an edition, with all that is published of the item.

    ``rank`` counts from 1. ``lead`` is the name that ``unit`` had when the entry was
    written: renaming a unit rewrites no list. ``targets`` and ``due``, the last day
    of its tasks, are those of the plan, or of the list's own words. ``described`` are
    the parts in the words of the unit that leads; the others follow the item.
    ``benefit`` is decimal text, 0–100. ``appeals``, ``people`` and ``sources`` say
    where the item comes from.
    """

    item: str
    rank: int
    unit: str
    area: Area
    stars: int | None
    title: str = ""
    text: str = ""
    targets: tuple[str, ...] = ()
    deliverable: str = ""
    lead: str = ""
    supporting: tuple[Partner, ...] = ()
    due: date | None = None
    benefit: str | None = None
    appeals: int = 0
    people: int = 0
    sources: tuple[Source, ...] = ()
    described: tuple[EntryField, ...] = later(default=())

    @property
    def lacks(self) -> tuple[EntryField, ...]:
        """Return which of targets and due day the entry doesn't say."""
        parts = (EntryField.TARGETS, EntryField.DUE)
        return tuple(part for part in parts if not getattr(self, part.value))


@value
class Corrected:
    """A field of an entry that a change rewrote, as texts: of several, each a line."""

    field: str
    old: str
    new: str


@value
class Change:
    """What made an edition from the last one: an act on one item, with its reason.

    ``reason`` is a text, or a reason code of the rulebook. ``overrides`` are the rules
    of the selection that a supplement doesn't follow: least stars, placement, quotas.
    ``fields`` are the parts of the entry that a correction or a transfer rewrote.
    """

    kind: ChangeKind
    item: str
    title: str
    reason: str = ""
    overrides: tuple[Reason, ...] = ()
    fields: tuple[Corrected, ...] = ()


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


def owner_of_list(edition: Edition) -> str | None:
    """Return the unit that acts on a list: a unit, or an area's lead unit."""
    if area_of_list(edition.key) is not None:
        return edition.unit
    return unit_of_list(edition.key)


@value
class Edition:
    """A state of a list: ``key`` is ``list/2027/500101`` or ``list/2027/city``.

    ``edition`` counts the editions of the list from 1; the first change of a published
    one begins the next. ``changes`` made this edition from the last one. ``digest``
    covers the content: two people confirm it, and it is published. ``document`` is the
    number of the document by which it was published on ``dated``, signed by the body
    of that name, ``signature``. ``dropped`` is why the last draft after it was dropped.
    """

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
    edition: int = 1
    changes: tuple[Change, ...] = ()
    digest: str = ""
    document: str = ""
    signature: str = ""
    dated: date | None = None
    dropped: str = ""
    #: The areas that had not proposed: their drafts were taken, ``note`` says why.
    silent: tuple[Area, ...] = ()
    version: int = 1

    def place(self, number: str) -> Place | None:
        """Return an item's place, None if it has none."""
        return next((place for place in self.places if place.item == number), None)


def is_silent(proposal: Edition) -> bool:
    """Tell whether an area has items to propose and has not proposed them."""
    return proposal.state is EditionState.DRAFTED and bool(proposal.places)


#: The parts of an entry that the unit that leads may describe.
DESCRIBED: Final = (
    EntryField.TEXT,
    EntryField.TARGETS,
    EntryField.SUPPORTING,
    EntryField.DUE,
)


def described_as(place: Place, *others: Place | None) -> Place:
    """Return an entry with the parts that these entries of its item describe.

    The first of them that describes a part gives it.

    >>> city = Place(item="2026-000001", rank=3, unit="1", area=Area.TALENT, stars=4)
    >>> said = replace(city, text="建站", described=(EntryField.TEXT,))
    >>> described_as(city, None, said).text
    '建站'

    """
    for other in others:
        parts = set(other.described if other else ()) - set(place.described)
        kept = {part.value: getattr(other, part.value) for part in parts}
        said = {*place.described, *parts}
        place = replace(
            place, **kept, described=tuple(p for p in DESCRIBED if p in said)
        )
    return place


#: The fields that the digest of an edition covers.
CONTENT: Final = (
    *("key", "period", "kind", "unit", "edition", "places", "changes", "note"),
    "silent",
)


def content_digest(edition: Edition) -> str:
    """Return the hex SHA-256 of the content of an edition, as canonical JSON."""
    content = {name: to_plain(getattr(edition, name)) for name in CONTENT}
    return digest_of(canonical_of_plain(content))


def pending(edition: Edition) -> tuple[Change, ...]:
    """Return the changes that gather in a list's draft, none in a published list."""
    published = edition.state is EditionState.PUBLISHED
    return () if published else edition.changes


def next_edition(
    new: Edition, old: Edition | None, changes: Sequence[Change] | None = None
) -> Edition:
    """Return a changed list as the next state of its draft, with number and digest.

    A published list begins the next edition; changes of one that isn't published yet
    gather in it. ``changes`` are all of the draft, None for those of ``old``. An
    edition after the first is named by its changes.
    """
    number, gathered, kind = 1, tuple(changes or ()), new.kind
    if old is not None:
        number = old.edition + (old.state is EditionState.PUBLISHED)
        gathered = pending(old) if changes is None else gathered
    if number > 1 and gathered:
        added = all(each.kind is ChangeKind.SUPPLEMENT for each in gathered)
        kind = EditionKind.SUPPLEMENT if added else EditionKind.AMENDMENT
    draft = replace(
        new,
        kind=kind,
        edition=number,
        changes=gathered,
        document="",
        signature="",
        dated=None,
        dropped="",
    )
    return replace(draft, digest=content_digest(draft))


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
    each unit; those whom an area's quota leaves out come last. ``continues`` has the
    candidates that continue another item, each with that item. If the lists are
    ``frozen`` already, nobody is chosen any more, and nobody misses.
    """

    period: str
    cutoff: datetime | None
    units: tuple[Edition, ...]
    city: Edition
    missed: tuple[NearMiss, ...]
    ties: tuple[TieBreak, ...]
    continues: Mapping[str, str]
    frozen: bool = False
