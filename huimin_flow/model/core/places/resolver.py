"""The one resolver of places: where a written place lies on a day (A1, A2)."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date
from functools import cached_property

from huimin_flow.catalogue.terms import PlaceMatch, UnitKind
from huimin_flow.model.core.organization import Organization, Unit
from huimin_flow.model.core.places.gazetteer import (
    DISTRICT_DIGITS,
    TOWN_DIGITS,
    Gazetteer,
    Locality,
    Mention,
    Towns,
)

#: What separates a code from a name, or a district from its town. Patterns are
#: compiled at their first use, not at a command's start.
_SEPARATORS = r"[\s,;:/()\u3001]+"

#: What else may stand between a district and its town.
_JOINTS = r"[\s\-_|>\u00b7\u2013\u2014\u2192]+"

#: What ends a clause of a free text: a name does not cross it.
_CLAUSE = r"[,;:!?\u3002\u3001\n]+"

#: Characters that nobody sees, such as zero-width spaces.
_INVISIBLE = "[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+"

#: What stands around a name besides: spaces, and the sign of a spreadsheet for a text.
_AROUND = " '\"\u2018\u2019\u201c\u201d"

#: Traditional signs of names of places, as some systems still write them.
_TRADITIONAL = str.maketrans("縣區慶鎮鄉萬黔陽", "县区庆镇乡万黔阳")

#: The codes of a district, a town and a village.
_NUMBERS = r"(?<![0-9])(?:[0-9]{6}|[0-9]{9}|[0-9]{12})(?![0-9])"

#: The shortest name or beginning of a name, and the longest name, in characters.
_SHORTEST, _LONGEST = 2, 40

#: How many places a resolver remembers, and how many resolvers there are.
_REMEMBERED, _ORGANIZATIONS = 100_000, 8


class Resolver:
    """The places of an organization, with an index that is made at its first use."""

    def __init__(self, organization: Organization) -> None:
        """Index the codes and names of units; ``resolver_of`` keeps the last few."""
        self._organization = organization
        self._source = organization.places or Gazetteer(source="")
        self._units: defaultdict[str, list[Unit]] = defaultdict(list)
        self._codes: defaultdict[str, set[str]] = defaultdict(set)
        self._names: defaultdict[str, set[str]] = defaultdict(set)
        days = {change.since for change in self._source.changes}
        days |= {former.until for former in self._source.former}
        for unit in organization.units:
            self._units[unit.code].append(unit)
            self._codes[plain_name(unit.code)].add(unit.code)
            for name in (unit.name, *unit.aliases):
                self._names[plain_name(name)].add(unit.code)
            days |= {unit.valid_from or date.min, unit.valid_to or date.max}
        self._days = sorted(days)
        self._resolved: dict[tuple[str, int], Locality] = {}
        self._follow: dict[tuple[frozenset[str], int], frozenset[str] | None] = {}
        self._short: set[str] = set()

    def resolve(self, written: str, day: date) -> Locality:
        """Return the place that a text means on ``day``: its unit, town and village.

        The text is a code, a name in any spelling, or begins with one, as an address
        does. A place of an ended unit lies in its successor, a town that moved in the
        unit of the day. A text that may mean several units is unclear.
        """
        key = written, bisect_right(self._days, day)
        place = self._resolved.get(key)
        if place is None:
            if len(self._resolved) >= _REMEMBERED:
                self._resolved.clear()
            place = self._resolved[key] = self._resolve(written, day)
        return place

    @property
    def codes(self) -> AbstractSet[str]:
        """Return the codes of all units of any time."""
        return self._units.keys()

    def unit_of(self, place: str, day: date) -> str:
        """Return the code of the unit of a stored place, "" if it is not known.

        A stored place is a unit's code, or as it was written if nobody knew it then.
        What is known now counts, so an alias that is added later places it.
        """
        return place if place in self._units else self.resolve(place, day).district

    def stored(self, district: str, town: str, day: date) -> Locality:
        """Return the place of a stored appeal, by what is known now.

        Its people are those of its town and unit; see ``authority.may_handle``.
        """
        place = self.resolve(f"{district} {town}" if town else district, day)
        if district not in self._units:
            return place
        known = town if town in self._towns.codes else place.town
        how = PlaceMatch.CODE
        return Locality(written=district, how=how, district=district, town=known)

    def villages_of(self, town: str) -> tuple[str, ...]:
        """Return the listed villages of a town, by its code."""
        return self._source.villages.get(town, ())

    def has_town(self, name: str) -> bool:
        """Tell whether some town has a name in full."""
        return _joined(name) in self._towns.named

    def in_unit(self, town: str, unit: str, day: date) -> Locality:
        """Return the place of a town's name in a unit, unknown if it has none of it."""
        within, _ = self._towns.first(town, self._possible({unit}, day))
        place = self._lying({unit} if within else (), day, PlaceMatch.TOWN, within)
        return replace(place, written=town)

    def mentioned(self, text: str, day: date) -> tuple[Mention, ...]:
        """Return the names of places in a free text, in order, and what each means.

        They are the names of districts and zones, in full or short, and of towns in
        full; a town behind its district is one mention with it. A name does not cross
        a comma or the end of a sentence.
        """
        named: list[Mention] = []
        for clause in re.split(_CLAUSE, unicodedata.normalize("NFKC", text)):
            plain, k = _joined(clause), 0
            while k < len(plain) - 1:
                known = self._begun.get(plain[k : k + _SHORTEST], ())
                name = next((name for name in known if plain.startswith(name, k)), "")
                if not name:
                    k += 1
                    continue
                units = self._spellings.get(name)
                if units:
                    follows = plain[k + len(name) : k + _LONGEST]
                    rest = self._towns.first(follows, self._possible(units, day))[1]
                    name += follows.removesuffix(rest)
                place, rest = self.resolve(name, day), plain[k + len(name) :]
                listed = self._source.villages.get(place.town, ())
                village = next((each for each in listed if rest.startswith(each)), "")
                named.append(
                    Mention(
                        name=name,
                        place=replace(place, village=village),
                        unit=bool(units),
                        short=bool(units) and name in self._short,
                    )
                )
                k += len(name)
        return tuple(named)

    def _resolve(self, written: str, day: date) -> Locality:
        words, read = plain_name(written), []
        for number in re.findall(_NUMBERS, words):
            place = self._of_number(number, day)
            if place.district or place.candidates:
                read.append(place)
                words = words.replace(number, " ")
        for part in words.split():
            if part in self._codes:
                read.append(self._lying(self._codes[part], day, PlaceMatch.CODE))
                words = words.replace(part, " ")
        for text in (_joined(words), *words.split()):
            place = self._of_name(text, day)
            if place.district or place.candidates:
                read.append(place)
                break
        if not read:
            return Locality(written=written, how=PlaceMatch.UNKNOWN)
        units = [{each.district, *each.candidates} - {""} for each in read]
        both, how = set.intersection(*units), read[0].how
        if len(both) == 1 and any(each.district for each in read):
            # A code and a name agree, or only one of them is clear.
            (unit,) = both
            best = next((each for each in read if each.town), read[-1])
            town, village = best.town, best.village
            if how is PlaceMatch.UNCLEAR:
                how = read[-1].how
            return Locality(
                written=written, how=how, district=unit, town=town, village=village
            )
        either = tuple(sorted(both or set.union(*units)))
        return Locality(written=written, how=PlaceMatch.UNCLEAR, candidates=either)

    def _of_number(self, number: str, day: date) -> Locality:
        """Return the place of a code of six, nine or twelve digits."""
        unit, town = number[:DISTRICT_DIGITS], number[:TOWN_DIGITS]
        former = {
            each.unit
            for each in self._source.former
            if each.code == unit and (day < each.until or unit not in self._units)
        }
        if former:
            return self._lying(former, day, PlaceMatch.FORMER)
        towns = self._towns.named.get(town) or self._towns.codes & {town}
        known = () if towns else self._units.keys() & {unit}
        return self._lying(known, day, PlaceMatch.CODE, frozenset(towns))

    def _of_name(self, text: str, day: date) -> Locality:
        """Return the place with whose name a text without separators begins."""
        for name in self._source.city:
            text = text.removeprefix(name)
        towns, named = self._towns, ""
        units: AbstractSet[str] = frozenset()
        for k in range(min(len(text), _LONGEST), 1, -1):
            units = self._spellings.get(text[:k], frozenset())
            # A short name stands alone, or before a town.
            if units and (
                text[:k] not in self._short
                or k == len(text)
                or towns.first(text[k:], self._possible(units, day))[0]
            ):
                named = text[:k]
                break
        if not named and len(text) >= _SHORTEST:
            begun = [name for name in self._names if name.startswith(text)]
            units = frozenset().union(*(self._names[name] for name in begun))
            named = text if begun else ""
        within, rest = towns.first(text[len(named) :], self._possible(units, day))
        if not named and len(text) == _SHORTEST and text not in towns.named:
            # Two signs without an ending say too little, even if one town has them.
            clear = self._lying((), day, PlaceMatch.TOWN, within)
            maybe = filter(None, (clear.district, *clear.candidates))
            return replace(clear, district="", town="", candidates=tuple(maybe))
        how = PlaceMatch.OTHER_NAME if named else PlaceMatch.TOWN
        if named in self._names and named not in self._short:
            how = PlaceMatch.NAME
        elif any(named == each.name for each in self._source.former):
            how = PlaceMatch.FORMER
        place = self._lying(units, day, how, within)
        if not place.town:
            return place
        listed = self._source.villages.get(place.town, ())
        village = next((name for name in listed if rest.startswith(name)), "")
        match = None if village else self._village.match(rest)
        if match is not None:
            village = match[1] + self._source.endings.village[match[2]]
        return replace(place, village=village)

    def _lying(
        self,
        units: Iterable[str],
        day: date,
        how: PlaceMatch,
        towns: frozenset[str] = frozenset(),
    ) -> Locality:
        """Return the place in one of some units, or of some towns, on a day.

        A town decides in which unit it lies, except for a zone, whose towns have the
        codes of districts.
        """
        live = self._answering(units, day)
        if towns and not live & self._zones:
            source = self._source
            live = self._answering({source.unit_of(town, day) for town in towns}, day)
        if len(live) != 1:
            how = PlaceMatch.UNCLEAR if live else PlaceMatch.UNKNOWN
            return Locality(written="", how=how, candidates=tuple(sorted(live)))
        town = min(towns) if len(towns) == 1 else ""
        return Locality(written="", how=how, district=min(live), town=town)

    def _answering(self, units: Iterable[str], day: date) -> set[str]:
        return {
            code
            for named in units
            for unit in self._units.get(named, ())
            for code in self._organization.answering(unit, day)
        }

    def _possible(self, units: AbstractSet[str], day: date) -> frozenset[str] | None:
        """Return the towns that may follow the name of units, None for all towns.

        A unit has the towns of those that it succeeds; a zone of the day may have any.
        """
        key = frozenset(units), bisect_right(self._days, day)
        if not units or key in self._follow:
            return self._follow.get(key)
        live = self._answering(units, day)
        within: set[str] = set()
        for unit in self._organization.units:
            if unit.code in live or not live.isdisjoint(unit.successors):
                within |= self._towns.within[unit.part_of or unit.code]
        wide = any(
            unit.code in live & self._zones and unit.part_of is None
            for unit in self._organization.units
        )
        self._follow[key] = None if wide else frozenset(within)
        return self._follow[key]

    @cached_property
    def _towns(self) -> Towns:
        return Towns(self._source)

    @cached_property
    def _zones(self) -> set[str]:
        zone = UnitKind.ZONE
        return {unit.code for unit in self._organization.units if unit.kind is zone}

    @cached_property
    def _spellings(self) -> Mapping[str, AbstractSet[str]]:
        """Return the names of units in every spelling; ``_short`` are those alone."""
        names: defaultdict[str, set[str]] = defaultdict(set)
        ends = sorted(self._source.endings.district, key=len, reverse=True)
        full = [
            (plain_name(name), unit.code)
            for unit in self._organization.units
            for name in (unit.name, *unit.aliases)
        ]
        full += [(plain_name(each.name), each.unit) for each in self._source.former]
        for code in self._source.aliases.keys() & self._units.keys():
            for name in self._source.aliases[code]:
                names[plain_name(name)].add(code)
        places = {UnitKind.DISTRICT, UnitKind.ZONE}
        for name, code in full:
            names[name].add(code)
            if not places.intersection(unit.kind for unit in self._units[code]):
                continue
            end = next((end for end in ends if name.endswith(end)), "")
            stem = name.removesuffix(end)
            for people in self._source.endings.peoples:
                stem = stem.replace(people, "")
            if len(stem) < _SHORTEST:
                continue
            for spelled in (stem, *(stem + end for end in ends)):
                names[spelled].add(code)
            self._short.update({stem} if end else {stem, name})
        return names

    @cached_property
    def _begun(self) -> Mapping[str, list[str]]:
        """Return the names of places by their first two signs, the longest first."""
        places = {UnitKind.DISTRICT, UnitKind.ZONE}
        units = self._source.aliases.keys() & self._units.keys()
        # What people call a unit may be part of any other word, as in 流沙区域.
        called = {plain_name(n) for code in units for n in self._source.aliases[code]}
        known = {
            name
            for name, codes in self._spellings.items()
            if name not in called
            and any(unit.kind in places for code in codes for unit in self._units[code])
        }
        begun: defaultdict[str, list[str]] = defaultdict(list)
        names = {name for name in {*known, *self._towns.named} if not name.isascii()}
        for name in sorted(names, key=lambda name: (-len(name), name)):
            begun[name[:_SHORTEST]].append(name)
        return begun

    @cached_property
    def _village(self) -> re.Pattern[str]:
        ends = sorted(self._source.endings.village, key=len, reverse=True)
        return re.compile(rf"([\u4e00-\u9fff]{{1,12}}?)({'|'.join(ends) or '(?!)'})")


#: The resolvers of the organizations that were asked last, by identity. Each has
#: an index of all towns, which takes longer to make than an act.
_RESOLVERS: dict[int, tuple[Organization, Resolver]] = {}


def resolver_of(organization: Organization) -> Resolver:
    """Return the resolver of an organization, made once for the last few of them."""
    known = _RESOLVERS.get(id(organization))
    if known is None:
        if len(_RESOLVERS) >= _ORGANIZATIONS:
            _RESOLVERS.clear()
        known = organization, Resolver(organization)
        _RESOLVERS[id(organization)] = known
    return known[1]


def plain_name(text: str) -> str:
    """Return a text with plain signs and digits, in capitals, with single spaces."""
    plain = unicodedata.normalize("NFKC", text)
    if not plain.isascii():
        plain = re.sub(_INVISIBLE, "", plain).translate(_TRADITIONAL)
    return re.sub(_SEPARATORS, " ", plain).strip(_AROUND).upper()


def _joined(text: str) -> str:
    return re.sub(_JOINTS, "", plain_name(text))
