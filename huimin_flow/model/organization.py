"""Units over time, areas with their lead units, roles and people (F1, C1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from huimin_flow.model.actor import Actor
from huimin_flow.model.value import value
from huimin_flow.terms import Area, Role, Scope, Step, UnitKind, Via


@value
class Unit:
    """A unit, valid from ``valid_from`` (inclusive) to ``valid_to`` (exclusive).

    A code alone is no key over time: ask with a day. ``bodies`` names the
    responsible organizations where a territory has several. ``population`` is
    residents of the 2020 census. ``ranked`` is False for auditors and offices.
    """

    code: str
    name: str
    kind: UnitKind
    source: str
    valid_from: date | None = None
    valid_to: date | None = None
    bodies: tuple[str, ...] = ()
    population: int | None = None
    tile: tuple[int, int] | None = None
    part_of: str | None = None
    successors: tuple[str, ...] = ()
    ranked: bool = True

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
    """What a role may do, and for whose items; default is nothing."""

    steps: frozenset[Step]
    scope: Scope
    duties: frozenset[str] = frozenset()


@value
class Person:
    """A post that acts, by its staff pseudonym; never a personal name."""

    id: str
    unit: str
    roles: frozenset[Role]
    accounts: tuple[str, ...] = ()


@value
class Organization:
    """The bureau as config/organization.yaml describes it."""

    units: tuple[Unit, ...]
    areas: Mapping[Area, AreaLead]
    roles: Mapping[Role, tuple[Permission, ...]]
    people: tuple[Person, ...]
    #: The office that consolidates the city list (C3).
    office: str

    def unit(self, code: str, day: date) -> Unit | None:
        """Return the unit that bears ``code`` on ``day``, or None."""
        for unit in self.units:
            if unit.code == code and unit.exists_on(day):
                return unit
        return None

    def units_on(self, day: date) -> tuple[Unit, ...]:
        """Return all units valid on ``day``, in the order of the config."""
        return tuple(unit for unit in self.units if unit.exists_on(day))

    def gone_within(self, first: date, last: date) -> set[str]:
        """Return the codes that stood on a day from ``first`` on, not on ``last``.

        Units that both began and ended in between are among them.
        """
        stood = {
            one.code
            for one in self.units
            if (one.valid_from is None or one.valid_from <= last)
            and (one.valid_to is None or one.valid_to > first)
        }
        return stood - {one.code for one in self.units_on(last)}

    def listing_units(self, day: date) -> tuple[str, ...]:
        """Return the codes of the units that keep a list of their own (B4)."""
        return tuple(
            unit.code
            for unit in self.units_on(day)
            if unit.kind is not UnitKind.AUDITOR
        )

    def actor(self, person: str, via: Via) -> Actor | None:
        """Return the actor for a person's id, or None if nobody bears it."""
        for one in self.people:
            if one.id == person:
                return Actor(id=one.id, unit=one.unit, roles=one.roles, via=via)
        return None
