"""Types at the door: what is given must be of the kind that an act asks for.

What evidence can't hold (a float, a bool for a number, a stranger's type) and
what no database can (a NUL, half a surrogate pair) is refused here by its name,
before anything is looked up. An argument or a field is called by the ``Given`` of
its annotation, ``Annotated[str, Given.POST]``, else by the one of its own name.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
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
from huimin_flow.catalogue.terms import Given, Term
from huimin_flow.errors import InputRefused
from huimin_flow.model.core.canonical import GREATEST
from huimin_flow.model.core.periods import EARLIEST, LATEST
from huimin_flow.model.core.texts import LONGEST, showable
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.model.services.ratings import Rating
from huimin_flow.personal import code_names_a_person, masked


class Place(NamedTuple):
    """Where a value stands: its path in Python, and the word for it."""

    path: str
    word: str

    @property
    def name(self) -> str:
        """Return the word, or the path where several have the word."""
        return self.path if "[" in self.path else self.word


#: Raises for what doesn't fit at its place.
Check = Callable[[object, Place], None]

#: Values that are whole by their making, or that are admitted one by one later.
_AS_THEY_ARE: tuple[type, ...] = (Rulebook, Rating, Appeal)

#: The longest request id; it is a key of an index.
_LONGEST_REQUEST = 200


def fitting(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> None:
    """Hold what is given to an act against its annotations.

    The first parameter of ``function`` is the engine's own.

    Raises:
        InputRefused: naming the first argument or field that doesn't fit.
        TypeError: for too many, too few or unknown arguments.

    """
    signature, checks = _asked(function)
    for name, given in signature.bind(None, *args, **kwargs).arguments.items():
        if name in checks:
            parameter = signature.parameters[name]
            several = parameter.kind is inspect.Parameter.VAR_POSITIONAL
            check, place = checks[name]
            for value in given if several else (given,):
                check(value, place)


def fit_fields(value: object, path: str) -> None:
    """Hold the fields of a value against their annotations.

    Raises:
        InputRefused: naming the first field that doesn't fit.

    """
    kind: Any = type(value)
    for check, place in _fields_of(kind):
        check(getattr(value, place.path), place._replace(path=f"{path}.{place.path}"))


def fit_request(request: object) -> None:
    """Refuse a request id other than 1–200 printable ASCII characters.

    It names nobody: it is kept for good.

    Raises:
        InputRefused: saying so.

    """
    fit = (
        isinstance(request, str)
        and 0 < len(request) <= _LONGEST_REQUEST
        and request.isascii()
        and request.isprintable()
    )
    if not fit:
        raise InputRefused(InputCode.REQUEST_UNFIT, longest=_LONGEST_REQUEST)
    if code_names_a_person(str(request)):
        raise InputRefused(
            InputCode.NOT_A_CODE, argument=Given.REQUEST, given=masked(str(request))
        )


def word_of(hint: Any, name: str) -> str:
    """Return what an argument or a field is called: by its annotation, or its name.

    >>> word_of(Annotated[str, Given.TITLE] | None, "x"), word_of(str, "unit")
    ('title', 'unit')

    """
    if isinstance(hint, str):
        return name
    for mark in get_args(hint):
        if isinstance(mark, Given):
            return mark.value
        if get_origin(mark) is Annotated:
            return word_of(mark, name)
    return name


def called(kind: type) -> str:
    """Return the word for a type; for one that is none of ours, its name.

    >>> called(Rating), called(type(None)), called(type(...))
    ('rating', 'nonetype', 'ellipsis')

    """
    return kind.__name__.lower()


@cache
def types_of(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the types of a function's parameters and of what it returns."""
    return get_type_hints(function, include_extras=True)


@cache
def _asked(
    function: Callable[..., Any],
) -> tuple[inspect.Signature, dict[str, tuple[Check, Place]]]:
    signature = inspect.signature(function)
    hints = types_of(function)
    _, *names = signature.parameters
    checks = {
        name: (_check_of(hints[name]), Place(name, word_of(hints[name], name)))
        for name in names
    }
    return signature, checks


@cache
def _fields_of(kind: Any) -> tuple[tuple[Check, Place], ...]:
    hints = get_type_hints(kind, include_extras=True)
    return tuple(
        (_check_of(hints[name]), Place(name, word_of(hints[name], name)))
        for name in (field.name for field in fields(kind))
    )


@cache
def _check_of(kind: Any) -> Check:
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    origin, parts = get_origin(kind), get_args(kind)
    if origin in {Union, types.UnionType}:
        return _either(parts)
    if origin is tuple or origin is Sequence:
        return _row(origin, parts)
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(parts)
    if origin is not None and issubclass(origin, AbstractSet):
        return _each(AbstractSet, parts[0])
    plain: dict[Any, Check] = {int: _whole, str: _text, date: _day, datetime: _moment}
    if isinstance(kind, type):
        return plain.get(kind) or _value(kind)
    return lambda _given, _place: None


def _either(parts: tuple[Any, ...]) -> Check:
    kinds = [kind for kind in parts if kind is not type(None)]
    checks = [_check_of(kind) for kind in kinds]
    optional = len(kinds) < len(parts)

    def check(given: object, place: Place) -> None:
        if given is None and optional:
            return
        for inner in checks[:-1]:
            try:
                inner(given, place)
            except InputRefused:
                continue
            return
        checks[-1](given, place)

    return check


def _row(origin: Any, parts: tuple[Any, ...]) -> Check:
    if origin is Sequence:
        return _each(Sequence, parts[0])
    if len(parts) == 2 and parts[1] is ...:
        return _each(tuple, parts[0])
    checks = [_check_of(part) for part in parts]

    def check(given: object, place: Place) -> None:
        if not isinstance(given, tuple | list) or len(given) != len(checks):
            raise _unfit(place, "tuple", given)
        for n, (inner, item) in enumerate(zip(checks, given, strict=True), 1):
            inner(item, place._replace(path=f"{place.path}[{n}]"))

    return check


def _each(container: type, part: Any) -> Check:
    inner = _check_of(part)

    def check(given: object, place: Place) -> None:
        if not isinstance(given, container) or isinstance(given, str | bytes):
            raise _unfit(place, "list", given)
        # Tens of thousands are known at one look.
        items: Iterable[object] = given  # type: ignore[assignment]
        kinds = set(map(type, items))
        if part in _AS_THEY_ARE and kinds == {part}:
            return
        if part is int and kinds == {int} and _all_whole(given):  # type: ignore[arg-type]
            return
        for n, item in enumerate(items, 1):
            inner(item, place._replace(path=f"{place.path}[{n}]"))

    return check


def _mapping(parts: tuple[Any, ...]) -> Check:
    keys, values = _check_of(parts[0]), _check_of(parts[1])

    def check(given: object, place: Place) -> None:
        if not isinstance(given, Mapping):
            raise _unfit(place, "dict", given)
        for name, value in given.items():
            keys(name, place)
            values(value, place._replace(path=f"{place.path}.{name}"))

    return check


def _value(kind: type) -> Check:
    whole = not is_dataclass(kind) or kind in _AS_THEY_ARE

    def check(given: object, place: Place) -> None:
        if isinstance(given, kind):
            if not whole:
                fit_fields(given, place.path)
        elif issubclass(kind, Term):
            raise _unfit(place, "", given, choices=tuple(kind))
        else:
            raise _unfit(place, called(kind), given)

    return check


def _whole(given: object, place: Place) -> None:
    if isinstance(given, bool) or not isinstance(given, int):
        raise _unfit(place, "int", given)
    if abs(given) > GREATEST:
        raise InputRefused(
            InputCode.NUMBER_TOO_GREAT, argument=place.word, path=place.path
        )


def _all_whole(numbers: Collection[int]) -> bool:
    return max(numbers) <= GREATEST and min(numbers) >= -GREATEST


def _text(given: object, place: Place) -> None:
    if not isinstance(given, str):
        raise _unfit(place, "str", given)
    if len(given) > LONGEST:
        raise InputRefused(
            InputCode.TEXT_TOO_LONG,
            argument=place.name,
            length=len(given),
            longest=LONGEST,
        )
    for number, sign in enumerate("" if given.isprintable() else given, 1):
        if sign == "\0" or "\ud800" <= sign <= "\udfff":
            raise InputRefused(
                InputCode.TEXT_UNFIT,
                argument=place.name,
                place=number,
                sign=f"U+{ord(sign):04X}",
            )


def _day(given: object, place: Place) -> None:
    if not isinstance(given, date) or isinstance(given, datetime):
        raise _unfit(place, "date", given)
    _in_range(given, place)


def _moment(given: object, place: Place) -> None:
    if not isinstance(given, datetime) or given.tzinfo is None:
        raise _unfit(place, "datetime", given)
    _in_range(given.date(), place)


def _in_range(day: date, place: Place) -> None:
    if not EARLIEST <= day <= LATEST:
        raise InputRefused(
            InputCode.DAY_OUT_OF_RANGE,
            argument=place.name,
            day=day,
            first=EARLIEST,
            last=LATEST,
        )


def _unfit(
    place: Place, wanted: str, given: object, *, choices: tuple[Term, ...] = ()
) -> InputRefused:
    was = called(type(given))
    if isinstance(given, Term):
        was = f"“{given.value}”"
    elif isinstance(given, str):
        was = f"“{showable(given)}”"
    elif isinstance(given, int | float | date) and not isinstance(given, bool):
        was = f"“{given}”"
    if choices:
        return InputRefused(
            InputCode.NOT_ONE_OF,
            argument=place.word,
            path=place.path,
            choices=choices,
            was=was,
        )
    return InputRefused(
        InputCode.NOT_OF_KIND,
        argument=place.word,
        path=place.path,
        wanted=wanted,
        was=was,
    )
