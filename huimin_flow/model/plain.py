"""Values to plain JSON values and back; the only place that knows both shapes."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import Field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

from huimin_flow.model.value import LATER, unfilled

T = TypeVar("T")


def to_plain(value: object) -> Any:
    """Return ``value`` as str, int, bool, None, list and dict only.

    Sets come out sorted and decimals as text, so that one value has one text.

    Raises:
        ValueError: for a float or any other type that evidence may not hold.

    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is dict or kind in _FIELDS:
        return _container(value)
    if isinstance(value, Enum):
        return value.value
    return value if isinstance(value, str | int) else _other(value)


def _other(value: object) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return _container(value)


#: What is plain as it stands; a subclass, as an Enum of texts is, is looked at.
_PLAIN = frozenset({str, int, bool, type(None)})

#: By dataclass, once met, its fields' names and those that came later.
_FIELDS: dict[type, tuple[tuple[str, Field[Any] | None], ...]] = {}


def _container(value: object) -> Any:
    kind = type(value)
    if kind in _FIELDS or is_dataclass(kind):
        return {
            name: to_plain(one)
            for name, later in _fields(kind)
            for one in (getattr(value, name),)
            if later is None or not unfilled(later, one)
        }
    if isinstance(value, Mapping):
        return {str(to_plain(key)): to_plain(one) for key, one in value.items()}
    if isinstance(value, AbstractSet):
        return sorted(to_plain(one) for one in value)
    if isinstance(value, list | tuple):
        return [to_plain(one) for one in value]
    message = f"no plain value for {type(value).__name__}"
    raise ValueError(message)


def _fields(kind: type) -> tuple[tuple[str, Field[Any] | None], ...]:
    found = _FIELDS.get(kind)
    if found is None:
        found = tuple(
            (one.name, one if LATER in one.metadata else None) for one in fields(kind)
        )
        _FIELDS[kind] = found
    return found


_READERS: dict[object, Any] = {}


def from_plain(kind: type[T], plain: object) -> T:
    """Return the value of ``kind`` that ``plain`` describes.

    Raises:
        pydantic.ValidationError: naming each place that does not fit.

    """
    reader = _READERS.get(kind)
    if reader is None:
        from pydantic import TypeAdapter  # noqa: PLC0415 - 0.1 s that not all need

        reader = _READERS.setdefault(kind, TypeAdapter(kind))
    value: T = reader.validate_python(plain)
    return value
