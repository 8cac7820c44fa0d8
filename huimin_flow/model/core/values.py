"""Declaration of values: frozen, with slots, keyword-only, without unknown keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import (
    MISSING,
    Field,
    dataclass,
    field,
    fields,
    is_dataclass,
    make_dataclass,
)
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar, dataclass_transform

C = TypeVar("C")
D = TypeVar("D")

#: The mark of a field that is written only if it differs from its default.
_LATER = "later"


def later(*, default: D) -> D:
    """Declare a field that a release adds to a class with recorded values.

    It is written only if it differs from its default. So a value that was recorded
    without it keeps its bytes and its hash.
    """
    declared: D = field(default=default, metadata={_LATER: True})
    return declared


def later_mapping(*, default_factory: Callable[[], D]) -> D:
    """Declare such a field that is a mapping, which is written unless it is empty."""
    declared: D = field(default_factory=default_factory, metadata={_LATER: True})
    return declared


@dataclass_transform(
    frozen_default=True,
    kw_only_default=True,
    field_specifiers=(field, later, later_mapping),
)
def value(cls: type[C]) -> type[C]:
    """Make ``cls`` a frozen dataclass; pydantic refuses extra keys for it.

    Its comparison, hash and text are functions of this module. ``dataclass`` would
    compile them for each class: with 150 classes, a tenth of a command's start.
    """
    frozen: Any = dataclass(
        frozen=True, slots=True, kw_only=True, eq=False, repr=False
    )(cls)
    frozen.__eq__, frozen.__hash__ = _comparison(
        *(part.name for part in fields(frozen) if part.compare)
    )
    frozen.__repr__ = _text_of
    frozen.__pydantic_config__ = {"extra": "forbid"}
    made: type[C] = frozen
    return made


@cache
def opened(cls: type[Any]) -> Any:
    """Return a class with the fields of ``cls`` whose values may be changed.

    It makes a value in a third of the time of ``cls``, which calls
    ``object.__setattr__`` for each field: a walk over a history makes millions. Who
    made an open value calls ``closed`` before anybody else gets it.
    """
    parts = [
        (
            part.name,
            part.type,
            field(
                default=part.default,
                default_factory=part.default_factory,
                metadata=part.metadata,
            ),
        )
        for part in fields(cls)
    ]
    return make_dataclass(
        cls.__name__, parts, slots=True, kw_only=True, eq=False, repr=False
    )


def closed(cls: type[C], value: Any) -> C:
    """Make an open value one of ``cls``, and so frozen; return it."""
    value.__class__ = cls
    made: C = value
    return made


def _comparison(*names: str) -> tuple[Callable[..., Any], Callable[[Any], int]]:
    """Return the methods that compare and hash values by these fields."""
    content: Callable[[Any], Any] = attrgetter(*names) if names else type

    def equal(self: object, other: object) -> Any:
        if type(other) is not type(self):
            return NotImplemented
        return content(self) == content(other)

    return equal, lambda self: hash(content(self))


def _text_of(self: Any) -> str:
    shown = (part.name for part in fields(self) if part.repr)  # never personal data
    parts = (f"{name}={getattr(self, name)!r}" for name in shown)
    return f"{type(self).__qualname__}({', '.join(parts)})"


T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """Return ``value`` as str, int, bool, None, list and dict only.

    Sets become sorted lists and decimals become text, so that a value has one text.

    Raises:
        ValueError: for a float or any other type that evidence may not contain.

    """
    kind: Any = type(value)
    if kind in _PLAIN:
        return value
    if kind is tuple or kind is list:
        return [part if type(part) in _PLAIN else to_plain(part) for part in value]
    parts = _parts_of(kind)
    if parts is not None:
        return _fields_of(value, parts)
    if isinstance(value, Enum):
        return value.value
    return value if isinstance(value, str | int) else _container(value)


class Plain(dict[str, Any]):
    """What ``to_plain`` has made of a value, for callers that use it several times."""

    __slots__ = ()

    @classmethod
    def of(cls, value: object) -> Plain:
        """Return a value with fields, or a mapping, as a plain one."""
        return cls(to_plain(value))


#: Types that are plain already; a subclass, such as an Enum of texts, is converted.
_PLAIN = frozenset({str, int, bool, type(None), Plain})


class _Parts(NamedTuple):
    """The names of a dataclass's fields, their getter, and the later ones."""

    names: tuple[str, ...]
    values_of: Callable[[Any], tuple[Any, ...]]
    added: tuple[Field[Any], ...]


@cache
def _parts_of(kind: type) -> _Parts | None:
    """Return the fields of a dataclass, None for another type."""
    if not is_dataclass(kind):
        return None
    declared = fields(kind)
    names = tuple(part.name for part in declared)
    # For one name alone the getter would return no tuple.
    getter = attrgetter(*names, "__class__", "__class__")
    added = tuple(part for part in declared if _LATER in part.metadata)
    return _Parts(names, getter, added)


def _fields_of(value: object, parts: _Parts) -> dict[str, Any]:
    plain = dict(zip(parts.names, parts.values_of(value), strict=False))
    for part in parts.added:
        default = {} if part.default is MISSING else part.default
        if plain[part.name] == default:
            del plain[part.name]
    for name, content in plain.items():
        if type(content) not in _PLAIN:
            plain[name] = to_plain(content)
    return plain


def _container(value: object) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict | Mapping):
        return {
            key if type(key) is str else str(to_plain(key)): (
                part if type(part) in _PLAIN else to_plain(part)
            )
            for key, part in value.items()
        }
    if isinstance(value, AbstractSet):
        return sorted(map(to_plain, value))
    if isinstance(value, list | tuple):
        return list(map(to_plain, value))
    message = f"no plain value for {type(value).__name__}"
    raise ValueError(message)


class Difference(NamedTuple):
    """One difference between two plain values, with its path of keys."""

    path: str
    old: Any
    new: Any


#: Fields that identify an element of a list, so that equal elements are compared.
_NAMES = ("id", "code", "key", "job", "unit", "item", "year")


def differences(old: Any, new: Any, path: str = "") -> Iterator[Difference]:
    """Yield the differences of two plain values; list elements match by their name.

    >>> list(differences({"a": [1], "b": 2}, {"a": [1], "b": 3}))
    [Difference(path='b', old=2, new=3)]

    """
    if old == new:
        return
    before, after = _parts(old), _parts(new)
    if before is None or after is None or not before | after:
        yield Difference(path, old, new)
        return
    for name in before | after:
        place = f"{path}{name}" if path else name.removeprefix(".")
        yield from differences(before.get(name), after.get(name), place)


def _parts(whole: Any) -> dict[str, Any] | None:
    """Return the parts of a plain value, by the last key of their path."""
    if whole is None:
        return {}
    if isinstance(whole, dict):
        return {f".{name}": part for name, part in whole.items()}
    if not isinstance(whole, list):
        return None
    names = []
    for n, part in enumerate(whole):
        fields = part if isinstance(part, dict) else {}
        own = [fields[name] for name in _NAMES if name in fields]
        names.append(str(part if isinstance(part, str) else own[0] if own else n))
    if len(set(names)) < len(names):
        names = list(map(str, range(len(whole))))
    return {f"[{name}]": part for name, part in zip(names, whole, strict=True)}


_READERS: dict[object, Any] = {}


def from_plain(kind: type[T], plain: object) -> T:
    """Return the value of ``kind`` that ``plain`` describes.

    Raises:
        pydantic.ValidationError: with each place that does not fit.

    """
    value: T = _reader(kind).validate_python(plain)
    return value


def from_json(kind: type[T], text: str | bytes) -> T:
    """Return the value of ``kind`` that a JSON text describes.

    What ``kind`` does not name is never made an object: a long text of which little
    is needed takes a third of the time, if ``kind`` is a dataclass that ignores it.

    Raises:
        pydantic.ValidationError: with each place that does not fit.

    """
    value: T = _reader(kind).validate_json(text)
    return value


def _reader(kind: type[T]) -> Any:
    reader = _READERS.get(kind)
    if reader is None:
        from pydantic import TypeAdapter  # noqa: PLC0415 - takes 0.1 s

        reader = _READERS.setdefault(kind, TypeAdapter(kind))
    return reader


@value
class Share:
    """A part of a whole, as two counts; the division happens only for display."""

    part: int
    whole: int

    def reaches(self, percent: int) -> bool:
        """Tell whether the part is at least ``percent`` of the whole.

        >>> Share(part=3, whole=3).reaches(100), Share(part=0, whole=0).reaches(100)
        (True, True)

        """
        return self.part * 100 >= percent * self.whole
