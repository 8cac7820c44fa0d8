"""The gazetteer: how people name districts, towns and villages, over time (A1, A2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date

from huimin_flow.catalogue.terms import PlaceMatch
from huimin_flow.model.core.values import value

#: The length of a district's code, which begins that of each of its towns.
DISTRICT_DIGITS = 6

#: The length of a town's code.
TOWN_DIGITS = 9


@value
class Endings:
    """The last words of names of places: people leave them out, or write another.

    ``village`` maps each ending to the one that is kept. ``peoples`` may stand before
    an ending and may be left out.
    """

    district: tuple[str, ...] = ()
    town: tuple[str, ...] = ()
    village: Mapping[str, str] = field(default_factory=dict)
    peoples: tuple[str, ...] = ()


@value
class FormerUnit:
    """A code and name that ended on ``until``; the place lies in ``unit`` since.

    The code may have been given to another unit on that day.
    """

    code: str
    name: str
    until: date
    unit: str
    source: str


@value
class TownChange:
    """What is new about a town ``since`` a day: the unit in which it lies, its name."""

    town: str
    since: date
    source: str
    unit: str | None = None
    name: str | None = None


@value
class Gazetteer:
    """config/places.yaml: the names of towns and villages, and other names of places.

    Each ``city`` name may precede a name, the longest first. ``towns`` maps a unit's
    code to its towns: the last digits of a town's code to its name. A town's code
    stays when it moves or is renamed; another code is one of its ``aliases``,
    which units have, too: what people call them, and no screen should.
    ``villages`` lists villages and communities by town, where they are known.
    """

    source: str
    city: tuple[str, ...] = ()
    endings: Endings = Endings()
    towns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    former: tuple[FormerUnit, ...] = ()
    changes: tuple[TownChange, ...] = ()
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    villages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def codes(self) -> set[str]:
        """Return the codes of all towns."""
        return {unit + more for unit, towns in self.towns.items() for more in towns}

    def town(self, code: str, day: date | None = None) -> str | None:
        """Return the name of a town on a day, its last if None; None if unknown."""
        unit, digits = code[:DISTRICT_DIGITS], code[DISTRICT_DIGITS:]
        name = self.towns.get(unit, {}).get(digits)
        for change in self.changes:
            if change.town == code and (day is None or change.since <= day):
                name = change.name or name
        return name

    def unit_of(self, town: str, day: date) -> str:
        """Return the code of the unit in which a town lies on a day.

        That unit may have ended; then the town lies in its successor.
        """
        unit = town[:DISTRICT_DIGITS]
        for change in self.changes:
            if change.town == town and change.since <= day:
                unit = change.unit or unit
        return unit

    def towns_in(self, units: Iterable[str], day: date) -> tuple[str, ...]:
        """Return the codes of the towns that lie in some units on a day, in order."""
        moved = {change.town for change in self.changes}
        within = frozenset(units)
        own = (unit + digits for unit in within for digits in self.towns.get(unit, ()))
        stay = (town for town in own if town not in moved)
        came = (town for town in moved if self.unit_of(town, day) in within)
        return tuple(sorted((*stay, *came)))


@value
class Locality:
    """A place as written, and what it means on a day.

    ``district`` is a unit's code, "" if the place is unknown or unclear; then
    ``candidates`` are the codes of the units that it may be. ``town`` is a town's
    code or "". ``village`` is a name or "".
    """

    written: str
    how: PlaceMatch
    district: str = ""
    town: str = ""
    village: str = ""
    candidates: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return the district's code, or the place as written if it is unknown."""
        return self.district or self.written


@value
class Mention:
    """The name of a place in a free text, and what it means on a day.

    ``unit`` if it begins with the name of a district or zone, ``short`` if that is
    all and stands without its ending. Else it is the name of a town.
    """

    name: str
    place: Locality
    unit: bool = False
    short: bool = False


class Towns:
    """An index of the names of towns, which many look-ups share."""

    def __init__(self, source: Gazetteer) -> None:
        """Index the names, with every ending and without."""
        self._ends = sorted(source.endings.town, key=len, reverse=True)
        self._peoples = source.endings.peoples
        self.named: defaultdict[str, set[str]] = defaultdict(set)
        self._stems: defaultdict[str, set[str]] = defaultdict(set)
        self.within: defaultdict[str, set[str]] = defaultdict(set)
        for unit, towns in source.towns.items():
            for digits, name in towns.items():
                self._add(unit, unit + digits, name)
        for change in source.changes:
            known = change.name or source.town(change.town) or ""
            self._add(source.unit_of(change.town, change.since), change.town, known)
        for town, aliases in source.aliases.items():
            for name in aliases if len(town) == TOWN_DIGITS else ():
                self.named[name].add(town)
        self.codes = source.codes

    def _add(self, unit: str, town: str, name: str) -> None:
        self.within[unit].add(town)
        self.named[name].add(town)
        end = next((end for end in self._ends if name.endswith(end)), "")
        stem = bare = name.removesuffix(end)
        for people in self._peoples:
            bare = bare.replace(people, "")
        for short in {stem, bare}:
            if len(short) > 1:
                self._stems[short].add(town)
        if bare != stem:
            self.named[bare + end].add(town)

    def first(
        self, text: str, among: frozenset[str] | None = None
    ) -> tuple[frozenset[str], str]:
        """Return the towns whose name a text begins with, and the rest of the text.

        The longest name counts: a full one, else a short one that is the whole text
        or has another town's ending. ``among`` are the towns that are possible.
        """
        for names, whole in ((self.named, False), (self._stems, True)):
            for k in range(min(len(text), 20), 1, -1):
                towns = names.get(text[:k])
                fit = towns if among is None else among.intersection(towns or ())
                if not fit:
                    continue
                rest = text[k:]
                end = next((end for end in self._ends if rest.startswith(end)), "")
                if not whole or not rest or end:
                    return frozenset(fit), rest.removeprefix(end) if whole else rest
        return frozenset(), text
