"""Actors, units and roles of the bureau, and who answers for whom on a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from huimin_flow.catalogue.terms import Area, Role, Scope, Step, UnitKind, Via
from huimin_flow.model.core.places.gazetteer import Gazetteer
from huimin_flow.model.core.values import later, later_mapping, value


@value
class Actor:
    """A person or service that takes a step.

    ``id`` is a staff pseudonym (never a name or a number of a person). ``own_roles``
    are roles of a host, which the organization maps.
    """

    id: str
    unit: str
    roles: frozenset[Role]
    via: Via
    own_roles: frozenset[str] = later(default=frozenset())


#: The actor who creates a database; there is no organization yet with posts.
FOUNDER = Actor(id="founder", unit="", roles=frozenset(), via=Via.FILE)


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
        # Few units have bodies, and this is asked of all units.
        if not self.bodies:
            return code == self.code
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
class OwnRole:
    """A role of a host: the permissions of some of our ``roles``, and further ones.

    It gives no place that a role of ours has otherwise: no seat in a deliberation, and
    no side in a spot check.
    """

    label: str
    english: str
    source: str
    roles: frozenset[Role] = frozenset()
    permissions: tuple[Permission, ...] = ()


@value
class Person:
    """A post, identified by its staff pseudonym; never a personal name.

    ``areas`` are those that a leader or deputy leader is in charge of (分管).
    ``holder`` is a pseudonym of who holds the post: posts with the same one are held
    by one person, whatever their accounts are.
    """

    id: str
    unit: str
    roles: frozenset[Role]
    accounts: tuple[str, ...] = ()
    areas: tuple[Area, ...] = ()
    holder: str = ""
    own_roles: frozenset[str] = later(default=frozenset())

    @property
    def holders(self) -> frozenset[str]:
        """The accounts of the post, and the pseudonym of who holds it."""
        held = {f"account {account}" for account in self.accounts}
        return frozenset(held | {f"holder {self.holder}"} if self.holder else held)


@value
class Deputy:
    """The post ``deputy`` acts for ``post``, too (代理), with its roles.

    From ``valid_from`` (inclusive) to ``valid_to`` (exclusive).
    """

    post: str
    deputy: str
    valid_from: date
    valid_to: date
    source: str

    def acts_on(self, day: date) -> bool:
        """Tell whether the deputy acts on ``day``."""
        return self.valid_from <= day < self.valid_to


@value
class Organization:
    """The bureau as config/organization.yaml describes it.

    ``places`` are those of config/places.yaml.
    """

    units: tuple[Unit, ...]
    areas: Mapping[Area, AreaLead]
    roles: Mapping[Role, tuple[Permission, ...]]
    people: tuple[Person, ...]
    #: The office that consolidates the city list (C3).
    office: str
    places: Gazetteer | None = None
    deputies: tuple[Deputy, ...] = ()
    #: The body above the bureau's divisions, agencies and office.
    superior: str = ""
    #: The roles of hosts, by name.
    own_roles: Mapping[str, OwnRole] = later_mapping(default_factory=dict)

    def unit(self, code: str, day: date) -> Unit | None:
        """Return the unit that has ``code`` on ``day``, or None."""
        for unit in self.units:
            if unit.code == code and unit.exists_on(day):
                return unit
        return None

    def town(self, code: str, day: date | None = None) -> str | None:
        """Return the name of the town or street with a code, None if none has it."""
        return None if self.places is None else self.places.town(code, day)

    @property
    def names(self) -> dict[str, str]:
        """The names of all units by code; the last name if a code was used twice."""
        return {unit.code: unit.name for unit in self.units}

    def name_of(self, code: str) -> str:
        """Return the name of a unit, body or town, or the code if unknown."""
        for unit in self.units:
            named: tuple[Unit | Body, ...] = (unit, *unit.bodies)
            for body in named:
                if body.code == code:
                    return body.name
        return self.town(code) or code

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
        predecessors, each from the day on which it ended. People of a unit that has
        ended, but still works, act for its one successor, too. A town is its own. Empty
        for a unit that does not work on ``day`` or does not exist.
        """
        codes: set[str] = set()
        more = {
            unit.code for unit in self.units if unit.bears(code) and unit.works_on(day)
        }
        if not more:
            # People of a town or street act for it alone (A2).
            return frozenset({code} if self.town(code, day) else ())
        after = {self.heir(own, day) for own in more}
        over = [
            unit
            for unit in self.units
            if unit.valid_to is not None and unit.valid_to <= day
        ]
        while more - codes:
            codes |= more
            more = {unit.code for unit in over if codes.intersection(unit.successors)}
        return frozenset(codes | after)

    def answering(self, unit: Unit, day: date) -> set[str]:
        """Return the codes of a unit on a day: its own, or those of its successors."""
        if unit.valid_to is None or day < unit.valid_to:
            return {unit.code} if unit.exists_on(day) else set()
        return {
            code
            for other in self.units
            if other.code in unit.successors
            if other.valid_to is None or other.valid_to > unit.valid_to
            for code in self.answering(other, day)
        }

    def heir(self, code: str, day: date) -> str:
        """Return the code of the unit that answers on ``day`` for what a unit owes.

        It is the unit itself while it exists, then its only successor. With several
        successors, or none, nobody is chosen: it is the unit itself.
        """
        if self.unit(code, day) is not None:
            return code
        heirs = {
            heir
            for unit in self.units
            if unit.code == code
            for heir in self.answering(unit, day)
        }
        return heirs.pop() if len(heirs) == 1 else code

    def answers_for(self, code: str, day: date) -> frozenset[str]:
        """Return the codes of the units for which a unit answers on ``day``."""
        return frozenset(
            unit.code for unit in self.units if self.heir(unit.code, day) == code
        )

    def ended(self, day: date) -> tuple[Unit, ...]:
        """Return the units that have ended by ``day``, in the order of the config."""
        return tuple(
            unit
            for unit in self.units
            if unit.valid_to is not None
            and unit.valid_to <= day
            and self.unit(unit.code, day) is None
        )

    def without_residents(self, day: date) -> tuple[Unit, ...]:
        """Return the units of ``day`` whose predecessors alone have residents.

        What is counted by residents is missing for them until the config has a figure.
        """
        former = {
            after
            for unit in self.ended(day)
            if unit.population is not None
            for after in unit.successors
        }
        return tuple(
            unit
            for unit in self.units_on(day)
            if unit.code in former and unit.population is None
        )

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

    def actor(self, person: str, via: Via, day: date | None = None) -> Actor | None:
        """Return the actor with a post's id, or None.

        With a day they also have the roles of the posts for which they are the
        deputy on it.
        """
        post = self.post(person)
        if post is None:
            return None
        held = [post]
        if day is not None:
            for each in self.deputies:
                if each.deputy != person or not each.acts_on(day):
                    continue
                absent = self.post(each.post)
                if absent is not None:
                    held.append(absent)
        return Actor(
            id=person,
            unit=post.unit,
            roles=frozenset[Role]().union(*(each.roles for each in held)),
            via=via,
            own_roles=frozenset[str]().union(*(each.own_roles for each in held)),
        )

    def permissions(self, roles: Iterable[str]) -> Iterator[Permission]:
        """Yield what roles permit, ours and those of hosts."""
        for name in roles:
            own = self.own_roles.get(name)
            if own is not None:
                yield from own.permissions
            for role in (name,) if own is None else own.roles:
                yield from self.roles.get(Role(role), ())

    def post(self, person: str) -> Person | None:
        """Return the post with an id, or None."""
        for post in self.people:
            if post.id == person:
                return post
        return None

    def in_charge(self, area: Area) -> tuple[str, ...]:
        """Return the posts of the leaders who are in charge of an area (分管)."""
        return tuple(post.id for post in self.people if area in post.areas)
