"""A reason: a code with values, not a sentence; the sentence is built when shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, Self

from huimin_flow.catalogue.terms import ReasonCode, Role
from huimin_flow.personal import masked

#: The values of a reason or a verdict: no floats, so that a hash is stable.
Plain = str | int | bool | None

#: How many characters of a text a reason keeps.
_SHOWN = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a rule decided or a guard refused.

    ``code`` is a code of ``catalogue.reasons``; ``values`` fill its sentence.
    ``supplier`` is who can supply what is missing, ``earliest`` the first day on
    which the step could pass; both may be None. ``str()`` returns its sentence,
    ``remedy`` the way out, both in the chosen language.
    """

    code: str
    values: Mapping[str, Plain] = field(default_factory=dict)
    supplier: Role | None = None
    earliest: date | None = None

    @classmethod
    def of(
        cls, code: ReasonCode, supplier: Role | None = None, /, **values: Plain
    ) -> Self:
        """Return the reason of a code, with the values of its sentence."""
        return cls(code=code, values=values, supplier=supplier)

    @property
    def remedy(self) -> str:
        """Return the way out, in the chosen language; "" if there is none."""
        from huimin_flow.catalogue.reasons import ways_out  # noqa: PLC0415 - it needs us

        return ways_out((self,))

    def __str__(self) -> str:
        """Return the sentence, in the chosen language."""
        from huimin_flow.catalogue.reasons import spoken  # noqa: PLC0415 - it needs us

        return spoken(self)


# The pydantic settings of a value, as in model/core/values.py.
Reason.__pydantic_config__ = {"extra": "forbid"}  # type: ignore[attr-defined]

Reasons = tuple[Reason, ...]


class Wording(NamedTuple):
    """The sentence of a reason and its way out, in both languages, as templates.

    ``label`` and ``way`` are Chinese, ``english`` and ``way_english`` English. A value
    stands in them as ``{name}``.
    """

    label: str
    english: str
    way: str
    way_english: str


#: The wordings of codes that extensions bring, ``extension.code``; each is known once
#: its extension is used in this process.
EXTENDED: dict[str, Wording] = {}


def plain(value: object) -> Plain:
    """Return a value as a reason keeps it; several values are joined with "、".

    Personal numbers are masked, so that no refusal repeats them.

    >>> plain(date(2026, 12, 15)), plain(("a", "b")), plain("x" * 400) == "x" * 300
    ('2026-12-15', 'a、b', True)

    """
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        shown = masked(value[: 2 * _SHOWN])[:_SHOWN]
        return shown.encode(errors="replace").decode()
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Iterable):
        return plain("、".join(str(each) for each in value))
    return plain(str(value))


def reason_of(
    code: ReasonCode,
    values: Mapping[str, object],
    supplier: Role | None = None,
    earliest: date | None = None,
) -> Reason:
    """Return the reason of a code, with values of any type made plain."""
    kept = {name: plain(value) for name, value in values.items()}
    return Reason(code=code.value, values=kept, supplier=supplier, earliest=earliest)
