"""How a value is made: frozen, with slots, by keyword, refusing unknown keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field
from typing import Any, TypeVar, dataclass_transform

C = TypeVar("C")
D = TypeVar("D")

#: The mark of a field that is written only where it is filled.
LATER = "later"


def later(*, default: D) -> D:
    """Declare a field that came after values of its class had been recorded.

    It is written only where it is filled: what was recorded without it keeps its
    bytes, and so its hash.
    """
    declared: D = field(default=default, metadata={LATER: True})
    return declared


def later_map(*, default_factory: Callable[[], Mapping[str, D]]) -> Mapping[str, D]:
    """Declare a mapping that came later, as ``later`` does, with its own default."""
    declared: Mapping[str, D] = field(
        default_factory=default_factory, metadata={LATER: True}
    )
    return declared


def unfilled(declared: Field[Any], given: object) -> bool:
    """Tell whether a field that came later holds no more than its default."""
    if declared.default_factory is not MISSING:
        return bool(given == declared.default_factory())
    return bool(given == declared.default)


@dataclass_transform(
    frozen_default=True,
    kw_only_default=True,
    field_specifiers=(field, later, later_map),
)
def value(cls: type[C]) -> type[C]:
    """Make ``cls`` a frozen dataclass that pydantic reads without extra keys."""
    made = dataclass(frozen=True, slots=True, kw_only=True)(cls)
    made.__pydantic_config__ = {"extra": "forbid"}  # type: ignore[attr-defined]
    return made
