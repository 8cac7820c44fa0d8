"""The check of arguments: each must have the type of its annotation.

A value that an event can't hold (a float, a bool for a number, a foreign type) or
that no database can (a NUL, half a surrogate pair) is refused here by its name,
before any look-up. The ``Argument`` in the annotation names an argument or a field,
``Annotated[str, Argument.POST]``; without one its own name does.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import (
    Annotated,
    Any,
    NamedTuple,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.catalogue.terms import Argument, Term
from huimin_flow.errors import InputRefused
from huimin_flow.model.core.canonical import GREATEST
from huimin_flow.model.core.periods import EARLIEST, LATEST
from huimin_flow.model.core.texts import LONGEST, showable
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.model.services.ratings import Rating
from huimin_flow.personal import code_names_a_person, masked


class Place(NamedTuple):
    """The place of a value: its path in Python, and its word."""

    path: str
    word: str

    @property
    def name(self) -> str:
        """Return the word, or the path if it has an index."""
        return self.path if "[" in self.path else self.word


#: Raises if the value doesn't fit at its place.
Check = Callable[[object, Place], None]

#: Values whose fields are not checked here: their own code checks them.
_UNCHECKED: tuple[type, ...] = (Rulebook, Rating, Appeal)

#: The longest request id; it is a key of an index.
_LONGEST_REQUEST = 200


def fitting(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> None:
    """Check the arguments of an act against its annotations.

    The engine passes the first parameter of ``function``.

    Raises:
        InputRefused: naming the first argument or field that doesn't fit.
        TypeError: for too many, too few or unknown arguments.

    """
    signature, checks = _signature_of(function), _checks_of(function)
    for name, argument in signature.bind(None, *args, **kwargs).arguments.items():
        if name in checks:
            kind = signature.parameters[name].kind
            check, place = checks[name]
            several = kind is inspect.Parameter.VAR_POSITIONAL
            for value in argument if several else (argument,):
                check(value, place)


def fit_fields(value: object, path: str) -> None:
    """Check the fields of a value against their annotations.

    Raises:
        InputRefused: naming the first field that doesn't fit.

    """
    kind: Any = type(value)
    for name, check, place in _field_checks(kind, path):
        check(getattr(value, name), place)


@lru_cache(maxsize=1024)
def _field_checks(kind: Any, path: str) -> list[tuple[str, Check, Place]]:
    """Return the name, check and place of each field of a value at a path."""
    return [
        (name, check, place._replace(path=f"{path}.{name}"))
        for name, (check, place) in _checks_of(kind).items()
    ]


def fit_request(request: object) -> None:
    """Refuse a request id other than 1–200 printable ASCII characters.

    It must not name a person, because it is kept for ever.

    Raises:
        InputRefused: for such an id.

    """
    accepted = (
        isinstance(request, str)
        and 0 < len(request) <= _LONGEST_REQUEST
        and request.isascii()
        and request.isprintable()
    )
    if not accepted:
        raise InputRefused(InputCode.REQUEST_UNFIT, longest=_LONGEST_REQUEST)
    if code_names_a_person(str(request)):
        raise InputRefused(
            InputCode.NOT_A_CODE, argument=Argument.REQUEST, given=masked(str(request))
        )


def word_of(hint: Any, name: str) -> str:
    """Return the word for an argument or a field: of its annotation, or its name.

    >>> word_of(Annotated[str, Argument.TITLE] | None, "x"), word_of(str, "unit")
    ('title', 'unit')

    """
    if isinstance(hint, str):
        return name
    for mark in get_args(hint):
        if isinstance(mark, Argument):
            return mark.value
        if get_origin(mark) is Annotated:
            return word_of(mark, name)
    return name


def called(kind: type) -> str:
    """Return the word for a type: its name in small letters.

    >>> called(Rating), called(type(None)), called(type(...))
    ('rating', 'nonetype', 'ellipsis')

    """
    return kind.__name__.lower()


@cache
def types_of(kind: Any) -> dict[str, Any]:
    """Return the types of a value's fields, or of a function's arguments and result."""
    return get_type_hints(kind, include_extras=True)


_signature_of = cache(inspect.signature)


@cache
def _checks_of(kind: Any) -> dict[str, tuple[Check, Place]]:
    """Return the check of each field of a value, or of each argument of an act."""
    if is_dataclass(kind):
        names = [field.name for field in fields(kind)]
    else:
        _, *names = _signature_of(kind).parameters
    hints = types_of(kind)
    return {
        name: (_check_of(hints[name]), Place(name, word_of(hints[name], name)))
        for name in names
    }


@cache
def _check_of(kind: Any) -> Check:
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    origin, parts = get_origin(kind), get_args(kind)
    if origin in {Union, types.UnionType}:
        return _either(parts)
    if origin is tuple:
        return _each(tuple, parts[0]) if parts[1:] == (...,) else _row(parts)
    if origin is Sequence:
        return _each(Sequence, parts[0])
    if origin is not None and issubclass(origin, Mapping | AbstractSet):
        return _mapping(parts) if parts[1:] else _each(AbstractSet, parts[0])
    plain: dict[Any, Check] = {int: _whole, str: _text, date: _day, datetime: _moment}
    if isinstance(kind, type):
        return plain.get(kind) or _value(kind)
    return lambda _value, _place: None


def _either(parts: tuple[Any, ...]) -> Check:
    *others, last = [_check_of(kind) for kind in parts if kind is not type(None)]
    optional = type(None) in parts

    def check(value: object, place: Place) -> None:
        if value is None and optional:
            return
        for inner in others:
            with suppress(InputRefused):
                inner(value, place)
                return
        last(value, place)

    return check


def _row(parts: tuple[Any, ...]) -> Check:
    checks = [_check_of(part) for part in parts]

    def check(value: object, place: Place) -> None:
        if not isinstance(value, tuple | list) or len(value) != len(checks):
            raise _unfit(place, "tuple", value)
        for n, (inner, item) in enumerate(zip(checks, value, strict=True), 1):
            inner(item, place._replace(path=f"{place.path}[{n}]"))

    return check


def _each(container: Any, part: Any) -> Check:
    inner = _check_of(part)

    def check(value: Any, place: Place) -> None:
        if not isinstance(value, container) or isinstance(value, str | bytes):
            raise _unfit(place, "list", value)
        # One check of the types is enough for tens of thousands of values.
        kinds = set(map(type, value))
        if part in _UNCHECKED and kinds == {part}:
            return
        if part is int and kinds == {int} and max(map(abs, value)) <= GREATEST:
            return
        for n, item in enumerate(value, 1):
            inner(item, place._replace(path=f"{place.path}[{n}]"))

    return check


def _mapping(parts: tuple[Any, ...]) -> Check:
    keys, values = map(_check_of, parts)

    def check(value: object, place: Place) -> None:
        if not isinstance(value, Mapping):
            raise _unfit(place, "dict", value)
        for key, item in value.items():
            keys(key, place)
            values(item, place._replace(path=f"{place.path}.{key}"))

    return check


def _value(kind: type) -> Check:
    whole = not is_dataclass(kind) or kind in _UNCHECKED

    def check(value: object, place: Place) -> None:
        if not isinstance(value, kind):
            choices = tuple(kind) if issubclass(kind, Term) else ()
            raise _unfit(place, called(kind), value, choices=choices)
        if not whole:
            fit_fields(value, place.path)

    return check


def _whole(value: object, place: Place) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _unfit(place, "int", value)
    if abs(value) > GREATEST:
        code = InputCode.NUMBER_TOO_GREAT
        raise InputRefused(code, argument=place.word, path=place.path)


def _text(value: object, place: Place) -> None:
    if not isinstance(value, str):
        raise _unfit(place, "str", value)
    name = place.name
    if len(value) > LONGEST:
        code, length = InputCode.TEXT_TOO_LONG, len(value)
        raise InputRefused(code, argument=name, length=length, longest=LONGEST)
    for number, sign in enumerate("" if value.isprintable() else value, 1):
        if sign == "\0" or "\ud800" <= sign <= "\udfff":
            code, point = InputCode.TEXT_UNFIT, f"U+{ord(sign):04X}"
            raise InputRefused(code, argument=name, place=number, sign=point)


def _day(value: object, place: Place) -> None:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise _unfit(place, "date", value)
    if not EARLIEST <= value <= LATEST:
        raise InputRefused(
            InputCode.DAY_OUT_OF_RANGE,
            argument=place.name,
            day=value,
            first=EARLIEST,
            last=LATEST,
        )


def _moment(value: object, place: Place) -> None:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise _unfit(place, "datetime", value)
    _day(value.date(), place)


def _unfit(
    place: Place, wanted: str, value: object, *, choices: tuple[Term, ...] = ()
) -> InputRefused:
    actual = called(type(value))
    if isinstance(value, str):
        actual = f"“{showable(value)}”"
    elif isinstance(value, int | float | date) and not isinstance(value, bool):
        actual = f"“{value}”"
    return InputRefused(
        InputCode.NOT_ONE_OF if choices else InputCode.NOT_OF_KIND,
        argument=place.word,
        path=place.path,
        was=actual,
        **({"choices": choices} if choices else {"wanted": wanted}),
    )
