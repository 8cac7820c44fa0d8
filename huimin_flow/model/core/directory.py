"""The index of the names of units and places: which unit a text means on a day."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from datetime import date
from functools import cached_property

from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.errors import InputRefused
from huimin_flow.model.core.organization import Organization, Places, Unit

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
        self._organization = organization
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

    def unit(
        self, written: str, day: date, *, exact: bool = False, working: bool = True
    ) -> Unit:
        """Return the unit that a text means on ``day``.

        A valid unit takes precedence over one whose people still work after its end,
        which counts only with ``working``.

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
            if working
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
            for successor in self._organization.answering(unit, day)
        }
        return valid.pop() if len(valid) == 1 else None

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
