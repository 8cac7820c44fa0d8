"""Values to plain JSON values and back; the only place that knows both shapes."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
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
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str | int):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return _container(value)


def _container(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {
            one.name: to_plain(getattr(value, one.name))
            for one in fields(value)
            if LATER not in one.metadata or not unfilled(one, getattr(value, one.name))
        }
    if isinstance(value, Mapping):
        return {str(to_plain(key)): to_plain(one) for key, one in value.items()}
    if isinstance(value, AbstractSet):
        return sorted(to_plain(one) for one in value)
    if isinstance(value, list | tuple):
        return [to_plain(one) for one in value]
    message = f"no plain value for {type(value).__name__}"
    raise ValueError(message)


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
