"""The index of the names of units: which unit a text means on a day."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date

from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.errors import InputRefused
from huimin_flow.model.core.organization import Organization, Unit
from huimin_flow.model.core.places.resolver import plain_name

#: What ends a code that a name follows without a space.
_CODE_ENDS = re.compile(r"(?<=[0-9])(?=[\u4e00-\u9fff])")

#: How many units a refusal lists.
_SHOWN = 12

#: The shortest prefix of a name that identifies a unit.
_SHORTEST = 2


class Directory:
    """An index of the names of units: it finds the unit of a text.

    It tries, in this order: a code; an official name (also after the city's name) or
    an alias; a prefix of one unit's name. Full-width signs and digits equal their
    plain forms. Build one directory and use it for many look-ups.
    """

    def __init__(self, organization: Organization) -> None:
        """Index codes and names."""
        self._organization = organization
        self._city = organization.places.city if organization.places else ()
        self._units: defaultdict[str, list[Unit]] = defaultdict(list)
        self._codes: defaultdict[str, set[str]] = defaultdict(set)
        self._names: defaultdict[str, set[str]] = defaultdict(set)
        for unit in organization.units:
            self._units[unit.code].append(unit)
            self._codes[plain_name(unit.code)].add(unit.code)
            for name in (unit.name, *unit.aliases):
                self._names[plain_name(name)].add(unit.code)

    def codes(self, written: str, *, exact: bool = False) -> frozenset[str]:
        """Return the codes of the units that a text may mean, of any time.

        With ``exact``, only a code, an official name or an alias matches.
        """
        whole = plain_name(written)
        known = self._codes.get(whole) or self._names.get(whole)
        if known or exact:
            return frozenset(known or ())
        meant = []
        for part in _CODE_ENDS.sub(" ", whole).split(" "):
            city = next((name for name in self._city if part.startswith(name)), "")
            for name in dict.fromkeys((part, part.removeprefix(city))):
                if len(name) < _SHORTEST:
                    continue
                begun = (whole for whole in self._names if whole.startswith(name))
                codes = self._codes.get(name) or self._names.get(name)
                codes = codes or set().union(*(self._names[whole] for whole in begun))
                if codes:
                    meant.append(frozenset(codes))
                    break
        if not meant:
            return frozenset()
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
            part = plain_name(written)
            like = [
                _label(unit)
                for units in self._units.values()
                for unit in units
                if part and not exact and part in plain_name(unit.name)
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


def _label(unit: Unit) -> str:
    return f"{unit.name}({unit.code})"
