"""Types at the door: what is given must be of the kind that an act asks for.

What evidence can't hold (a float, a bool for a number, a stranger's type) and
what no database can (a NUL, half a surrogate pair) is refused here by its name,
before anything is looked up.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.catalogue.terms import Given, GivenKind, Term
from huimin_flow.errors import InputRefused
from huimin_flow.model.canonical import GREATEST
from huimin_flow.model.rating import Rating
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.text import LONGEST, showable
from huimin_flow.personal import code_names_a_person, masked

#: Raises for what doesn't fit; the text names the place.
Check = Callable[[object, str], None]

#: Values that are whole by their making, or that are admitted one by one later.
_AS_THEY_ARE: tuple[type, ...] = (Rulebook, Rating)

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
            for one in given if several else (given,):
                checks[name](one, name)


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


@cache
def types_of(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the types of a function's parameters and of what it returns."""
    return get_type_hints(function)


@cache
def _asked(
    function: Callable[..., Any],
) -> tuple[inspect.Signature, dict[str, Check]]:
    signature = inspect.signature(function)
    hints = types_of(function)
    first, *names = signature.parameters
    del first
    return signature, {name: _check_of(hints[name]) for name in names}


@cache
def _check_of(kind: Any) -> Check:
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
    kinds = [one for one in parts if one is not type(None)]
    checks = [_check_of(one) for one in kinds]
    optional = len(kinds) < len(parts)

    def check(given: object, place: str) -> None:
        if given is None and optional:
            return
        for one in checks[:-1]:
            try:
                one(given, place)
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
    checks = [_check_of(one) for one in parts]

    def check(given: object, place: str) -> None:
        if not isinstance(given, tuple | list) or len(given) != len(checks):
            raise _unfit(place, f"{len(checks)}项的列表", given)
        for n, (one, item) in enumerate(zip(checks, given, strict=True), 1):
            one(item, f"{place}[{n}]")

    return check


def _each(container: type, part: Any) -> Check:
    inner = _check_of(part)

    def check(given: object, place: str) -> None:
        if not isinstance(given, container) or isinstance(given, str | bytes):
            raise _unfit(place, "列表", given)
        # tens of thousands are told at one look
        kinds = set(map(type, given))  # type: ignore[call-overload]
        if part in _AS_THEY_ARE and kinds == {part}:
            return
        if part is int and kinds == {int} and _all_whole(given):  # type: ignore[arg-type]
            return
        for n, one in enumerate(given, 1):  # type: ignore[var-annotated, arg-type]
            inner(one, f"{place}[{n}]")

    return check


def _mapping(parts: tuple[Any, ...]) -> Check:
    keys, values = _check_of(parts[0]), _check_of(parts[1])

    def check(given: object, place: str) -> None:
        if not isinstance(given, Mapping):
            raise _unfit(place, "“键: 值”", given)
        for name, one in given.items():
            keys(name, place)
            values(one, f"{place}.{name}")

    return check


def _value(kind: type) -> Check:
    inner: list[tuple[str, Check]] = []
    if is_dataclass(kind) and kind not in _AS_THEY_ARE:
        hints = get_type_hints(kind)
        inner = [(one.name, _check_of(hints[one.name])) for one in fields(kind)]
    named = called(kind)
    if issubclass(kind, Term):
        named = "下列之一:" + "、".join(f"{one.label}({one.value})" for one in kind)

    def check(given: object, place: str) -> None:
        if not isinstance(given, kind):
            raise _unfit(place, named, given)
        for name, one in inner:
            one(getattr(given, name), f"{place}.{name}")

    return check


def _whole(given: object, place: str) -> None:
    if isinstance(given, bool) or not isinstance(given, int):
        raise _unfit(place, "整数", given)
    if abs(given) > GREATEST:
        raise _unfit(place, "不超过2的53次方的整数", given)


def _all_whole(numbers: Collection[int]) -> bool:
    return max(numbers) <= GREATEST and min(numbers) >= -GREATEST


def _text(given: object, place: str) -> None:
    if not isinstance(given, str):
        raise _unfit(place, "文字", given)
    if len(given) > LONGEST:
        raise InputRefused(
            f"{said(place)}有{len(given)}个字符,超过{LONGEST}个", remedy="请缩短后重试"
        )
    for number, one in enumerate("" if given.isprintable() else given, 1):
        if one == "\0" or "\ud800" <= one <= "\udfff":
            raise InputRefused(
                f"{said(place)}第{number}个字符 U+{ord(one):04X} 不能使用",
                remedy="请删去该字符后重试;若满篇如此,输入多半不是 UTF-8 编码",
            )


def _day(given: object, place: str) -> None:
    if not isinstance(given, date) or isinstance(given, datetime):
        raise _unfit(place, "日期", given)


def _moment(given: object, place: str) -> None:
    if not isinstance(given, datetime) or given.tzinfo is None:
        raise _unfit(place, "带时区的时刻", given)
    if not 2 <= given.year <= 9998:
        raise _unfit(place, "公元2年至9998年的时刻", given)


def said(place: str) -> str:
    """Return how a refusal calls an argument or a field of one.

    >>> said("demand.title"), said("appeals[2].at"), said("by")
    ('“标题”(demand.title)', '第2项“时间”(appeals[2].at)', '“经办人”(by)')

    """
    _, _, last = place.rpartition(".")
    name, _, number = last.rstrip("]").partition("[")
    number = number or (place.partition("[")[2].partition("]")[0])
    named = next((one.label for one in Given if one == name), None)
    if named is None:
        return f"“{place}”"
    return f"第{number}项“{named}”({place})" if number else f"“{named}”({place})"


def called(kind: type) -> str:
    """Return what a refusal calls a type; one that is none of ours, by its name.

    >>> called(Rating), called(type(None)), called(type(...))
    ('评价(Rating)', '空值', '别的东西(ellipsis)')

    """
    name = kind.__name__
    known = next((one.label for one in GivenKind if one == name.lower()), None)
    if known is None:
        return f"别的东西({name})"
    return known if kind.__module__ == "builtins" else f"{known}({name})"


def _unfit(place: str, wanted: str, given: object) -> InputRefused:
    shown = called(type(given))
    if isinstance(given, str) and not isinstance(given, Enum):
        shown = f"文字“{showable(given)}”"
    elif isinstance(given, Term):
        shown = f"“{given.label}”"
    elif isinstance(given, int | float | date) and not isinstance(given, bool):
        shown = f"“{given}”"
    return InputRefused(
        f"{said(place)}应为{wanted},不能是{shown}", remedy=f"请核对{said(place)}"
    )
