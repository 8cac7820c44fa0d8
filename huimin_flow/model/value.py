"""How a value is made: frozen, with slots, by keyword, refusing unknown keys."""

from __future__ import annotations

from dataclasses import Field, dataclass, field
from typing import Any, TypeVar, dataclass_transform

C = TypeVar("C")
D = TypeVar("D")

#: The mark of a field that is written only where it is filled.
LATER = "later"


def later(*, default: D) -> D:
    """Declare a field that a release adds to a class whose values are recorded.

    It is written only where it is filled: what was recorded without it keeps its
    bytes, and so its hash.
    """
    declared: D = field(default=default, metadata={LATER: True})
    return declared


def unfilled(declared: Field[Any], given: object) -> bool:
    """Tell whether a field that came later holds no more than its default."""
    return bool(given == declared.default)


@dataclass_transform(
    frozen_default=True, kw_only_default=True, field_specifiers=(field, later)
)
def value(cls: type[C]) -> type[C]:
    """Make ``cls`` a frozen dataclass that pydantic reads without extra keys."""
    made = dataclass(frozen=True, slots=True, kw_only=True)(cls)
    made.__pydantic_config__ = {"extra": "forbid"}  # type: ignore[attr-defined]
    return made
