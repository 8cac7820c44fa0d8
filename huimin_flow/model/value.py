"""How a value is made: frozen, with slots, by keyword, refusing unknown keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

C = TypeVar("C")


@dataclass_transform(
    frozen_default=True, kw_only_default=True, field_specifiers=(field,)
)
def value(cls: type[C]) -> type[C]:
    """Make ``cls`` a frozen dataclass that pydantic reads without extra keys."""
    made = dataclass(frozen=True, slots=True, kw_only=True)(cls)
    made.__pydantic_config__ = {"extra": "forbid"}  # type: ignore[attr-defined]
    return made
