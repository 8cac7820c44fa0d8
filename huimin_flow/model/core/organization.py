"""Actors, units and roles of the bureau, and the names of units and places."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import field
from datetime import date
from functools import cached_property

from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.catalogue.terms import Area, Role, Scope, Step, UnitKind, Via
from huimin_flow.errors import InputRefused
from huimin_flow.model.core.values import value


@value
class Actor:
    """A person or service that takes a step.

    ``id`` is a staff pseudonym (never a name or a number of a person).
    """

    id: str
    unit: str
    roles: frozenset[Role]
    via: Via


@value
class Body:
    """One of several organizations that are responsible for a zone.

    Posts may belong to its ``code``; they act for the zone.
    """

    code: str
    name: str
    source: str


@value
class Unit:
    """A unit, valid from ``valid_from`` (inclusive) to ``valid_to`` (exclusive).

    A code may be reused over time, so look it up with a day. These are the legal
    days. In a transition, its people may act from ``works_from`` (inclusive) to
    ``works_until`` (exclusive; None: no end). ``bodies`` are the responsible
    organizations of a territory that has several. ``part_of`` is the unit in whose
    territory a zone lies; it gives no rights. ``population`` is residents of the
    2020 census. ``ranked`` is False for auditors and offices. ``aliases`` are its
    other names.
    """

    code: str
    name: str
    kind: UnitKind
    source: str
    valid_from: date | None = None
    valid_to: date | None = None
    bodies: tuple[Body, ...] = ()
    population: int | None = None
    tile: tuple[int, int] | None = None
    part_of: str | None = None
    successors: tuple[str, ...] = ()
    ranked: bool = True
    works_from: date | None = None
    works_until: date | None = None
    aliases: tuple[str, ...] = ()

    def works_on(self, day: date) -> bool:
        """Tell whether the unit's people may act on ``day``."""
        begins = self.works_from or self.valid_from
        begun = begins is None or begins <= day
        return begun and (self.works_until is None or day < self.works_until)

    def bears(self, code: str) -> bool:
        """Tell whether a code belongs to the unit or to one of its bodies."""
        return code == self.code or any(body.code == code for body in self.bodies)

    def exists_on(self, day: date) -> bool:
        """Tell whether the unit is valid on ``day``."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day < self.valid_to)


@value
class AreaLead:
    """The lead unit of an area (C1)."""

    lead_unit: str
    source: str


@value
class Permission:
    """What a role may do, and for whose items; the default is nothing."""

    steps: frozenset[Step]
    scope: Scope
    duties: frozenset[str] = frozenset()


@value
class Person:
    """A post, identified by its staff pseudonym; never a personal name."""

    id: str
    unit: str
    roles: frozenset[Role]
    accounts: tuple[str, ...] = ()


@value
class Places:
    """How people name places: each ``city`` name may precede a name, longest first.

    ``towns`` maps a unit's code to its towns and streets.
    """

    source: str
    city: tuple[str, ...] = ()
    towns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@value
class Organization:
    """The bureau as config/organization.yaml describes it."""

    units: tuple[Unit, ...]
    areas: Mapping[Area, AreaLead]
    roles: Mapping[Role, tuple[Permission, ...]]
    people: tuple[Person, ...]
    #: The office that consolidates the city list (C3).
    office: str
    places: Places | None = None

    def unit(self, code: str, day: date) -> Unit | None:
        """Return the unit that has ``code`` on ``day``, or None."""
        same = (unit for unit in self.units if unit.code == code)
        return next((unit for unit in same if unit.exists_on(day)), None)

    @property
    def names(self) -> dict[str, str]:
        """The names of all units by code; the last name if a code was used twice."""
        return {unit.code: unit.name for unit in self.units}

    def name_of(self, code: str) -> str:
        """Return the name of a unit or body of any time, or the code if unknown."""
        for unit in self.units:
            named: tuple[Unit | Body, ...] = (unit, *unit.bodies)
            for body in named:
                if body.code == code:
                    return body.name
        return code

    def begins_after(self, code: str, day: date) -> date | None:
        """Return the first day after ``day`` on which ``code`` begins, or None."""
        begins = (unit.valid_from for unit in self.units if unit.code == code)
        return min((first for first in begins if first and first > day), default=None)

    def works_after(self, code: str, day: date) -> date | None:
        """Return the first day after ``day`` on which people of ``code`` may act."""
        own = (unit for unit in self.units if unit.bears(code))
        begins = (unit.works_from or unit.valid_from for unit in own)
        return min((first for first in begins if first and first > day), default=None)

    def units_on(self, day: date) -> tuple[Unit, ...]:
        """Return all units valid on ``day``, in the order of the config."""
        return tuple(unit for unit in self.units if unit.exists_on(day))

    def acts_for(self, code: str, day: date) -> frozenset[str]:
        """Return the codes of the units for which people of ``code`` act on ``day``.

        That is their own unit while it works (the zone, for a body), and all its
        predecessors, each from the day on which it ended. Empty for a unit that does
        not work on ``day`` or does not exist.
        """
        codes: set[str] = set()
        more = {
            unit.code for unit in self.units if unit.bears(code) and unit.works_on(day)
        }
        while more - codes:
            codes |= more
            more = {
                unit.code
                for unit in self.units
                if unit.valid_to is not None
                and unit.valid_to <= day
                and codes.intersection(unit.successors)
            }
        return frozenset(codes)

    def gone_within(self, first: date, last: date) -> set[str]:
        """Return the codes that were valid on or after ``first`` but not on ``last``.

        This includes units that began and ended in between.
        """
        valid = {
            unit.code
            for unit in self.units
            if (unit.valid_from is None or unit.valid_from <= last)
            and (unit.valid_to is None or unit.valid_to > first)
        }
        return valid - {unit.code for unit in self.units_on(last)}

    def listing_units(self, day: date) -> tuple[str, ...]:
        """Return the codes of the units that have their own list (B4)."""
        units = self.units_on(day)
        return tuple(unit.code for unit in units if unit.kind is not UnitKind.AUDITOR)

    def actor(self, person: str, via: Via) -> Actor | None:
        """Return the actor with a person's id, or None."""
        for post in self.people:
            if post.id == person:
                return Actor(id=person, unit=post.unit, roles=post.roles, via=via)
        return None


#: What separates a code from a name, or a district from its town.
_SEPARATORS = re.compile(r"[\s,;:/()\u3001]+")
_CODE_ENDS = re.compile(r"(?<=[0-9])(?=[\u4e00-\u9fff])")

#: How many units a refusal lists.
_SHOWN = 12

#: The shortest prefix of a name that identifies a unit.
_SHORTEST = 2


class Directory:
    """An index of the names of units and places: it finds the unit of a text.

    It tries, in this order: a code; an official name (also after the city's name) or
    an alias; a prefix of one unit's name. A place may also be a town or street, or
    begin with any of these names. Full-width signs and digits equal their plain
    forms. Build one directory and use it for many look-ups.
    """

    def __init__(self, organization: Organization) -> None:
        """Index codes and names."""
        self._source = organization.places or Places(source="")
        self._units: defaultdict[str, list[Unit]] = defaultdict(list)
        self._codes: defaultdict[str, set[str]] = defaultdict(set)
        self._names: defaultdict[str, set[str]] = defaultdict(set)
        for unit in organization.units:
            self._units[unit.code].append(unit)
            self._codes[_plain(unit.code)].add(unit.code)
            for name in (unit.name, *unit.aliases):
                self._names[_plain(name)].add(unit.code)

    def codes(
        self, written: str, *, exact: bool = False, places: bool = False
    ) -> frozenset[str]:
        """Return the codes of the units that a text may mean, of any time.

        With ``exact``, only a code, an official name or an alias matches. With
        ``places``, towns match too.
        """
        whole = _plain(written)
        known = self._codes.get(whole) or self._names.get(whole)
        if known or exact:
            return frozenset(known or ())
        parts = _CODE_ENDS.sub(" ", whole).split(" ")
        several = [self._codes_of(part, places=places) for part in parts]
        meant = [codes for codes in several if codes] or [frozenset()]
        # "500106 沙坪坝区" is one unit; "500106 涪陵区" may be either.
        return frozenset.intersection(*meant) or frozenset.union(*meant)

    def unit(self, written: str, day: date, *, exact: bool = False) -> Unit:
        """Return the unit that a text means on ``day``.

        A valid unit takes precedence over one whose people still work after its end.

        Raises:
            InputRefused: if no unit or several units match, or if it has ended or
                not begun; it names the units, the day and the successors.

        """
        codes = self.codes(written, exact=exact)
        named = [unit for code in sorted(codes) for unit in self._units[code]]
        if not named:
            part = _plain(written)
            like = [
                _label(unit)
                for units in self._units.values()
                for unit in units
                if part and not exact and part in _plain(unit.name)
            ]
            if like:
                code, some = InputCode.UNIT_UNCLEAR, like[:_SHOWN]
                raise InputRefused(code, unit=written, units=some)
            raise InputRefused(InputCode.UNIT_UNKNOWN, unit=written, day=day)
        valid = [unit for unit in named if unit.exists_on(day)] or [
            unit
            for unit in named
            if unit.valid_to and unit.valid_to <= day and unit.works_on(day)
        ]
        if len(valid) == 1:
            return valid[0]
        if valid:
            code = InputCode.UNIT_UNCLEAR
            raise InputRefused(code, unit=written, units=map(_label, valid))
        begins = [
            (unit.valid_from, unit)
            for unit in named
            if unit.valid_from and day < unit.valid_from
        ]
        if begins:
            code, first = InputCode.UNIT_NOT_YET, min(first for first, _ in begins)
            raise InputRefused(
                code, unit=_label(begins[0][1]), day=first, earliest=first
            )
        ended = named[-1]
        successors = [
            _label(unit) for after in ended.successors for unit in self._units[after]
        ]
        raise InputRefused(
            InputCode.UNIT_ENDED if successors else InputCode.UNIT_ENDED_WITHOUT_HEIR,
            unit=_label(ended),
            day=ended.valid_to,
            successors=successors,
        )

    def place(self, written: str, day: date) -> str | None:
        """Return the code of the one unit in which a place lies on ``day``.

        A place of an ended unit belongs to its successor. None if no unit or several
        units match.
        """
        valid = {
            successor
            for code in self.codes(written, places=True)
            for unit in self._units[code]
            for successor in self._successors(unit, day)
        }
        return valid.pop() if len(valid) == 1 else None

    def _successors(self, unit: Unit, day: date) -> set[str]:
        """Return the codes of a unit on a day: its own, or those of its successors."""
        if unit.valid_to is None or day < unit.valid_to:
            return {unit.code} if unit.exists_on(day) else set()
        return {
            code
            for successor in unit.successors
            for other in self._units[successor]
            if other.valid_to is None or other.valid_to > unit.valid_to
            for code in self._successors(other, day)
        }

    @cached_property
    def _places(self) -> dict[str, set[str]]:
        towns: defaultdict[str, set[str]] = defaultdict(set)
        for code, names in self._source.towns.items():
            for name in names:
                towns[_plain(name)].add(code)
        return towns | self._names

    def _codes_of(self, words: str, *, places: bool) -> frozenset[str]:
        """Return the codes of the units that a text without separators may mean."""
        if words in self._codes:
            return frozenset(self._codes[words])
        known = self._places if places else self._names
        city = next((name for name in self._source.city if words.startswith(name)), "")
        for name in dict.fromkeys((words, words.removeprefix(city))):
            if len(name) < _SHORTEST:
                continue
            # A place may begin with several names: the longest counts.
            ends = range(len(name), _SHORTEST - 1 if places else len(name) - 1, -1)
            same = next((known[name[:k]] for k in ends if name[:k] in known), None)
            if same is not None:
                return frozenset(same)
            names = (whole for whole in self._names if whole.startswith(name))
            if begun := frozenset().union(*(self._names[whole] for whole in names)):
                return begun
        return frozenset()


def _plain(text: str) -> str:
    """Return a text with plain signs and digits, in capitals, with single spaces."""
    return _SEPARATORS.sub(" ", unicodedata.normalize("NFKC", text)).strip().upper()


def _label(unit: Unit) -> str:
    return f"{unit.name}({unit.code})"
