"""The check of arguments by pydantic: each must have the type of its annotation.

The check is strict, and looks into values again. What an event can't hold (a number
beyond 2**53) or no database can (a NUL, half a surrogate pair) is refused here by its
name, before any look-up. The ``Argument`` in the annotation names an argument or a
field, ``Annotated[str, Argument.POST]``; without one its own name does.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import is_dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Final,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ArgsKwargs, ErrorDetails, SchemaValidator

from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.catalogue.terms import Argument, Term
from huimin_flow.errors import InputRefused
from huimin_flow.model.core.canonical import GREATEST
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.periods import EARLIEST, LATEST
from huimin_flow.model.core.texts import LONGEST, showable
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.model.services.ratings import Rating
from huimin_flow.personal import code_names_a_person, masked

#: Values of which an act checks each by its own code: their fields are not checked.
_WHOLE: Final = frozenset({Rulebook, Rating, Appeal})

#: The longest request id; it is a key of an index.
_LONGEST_REQUEST = 200

_STRICT: Final = {"strict": True}
_FIRST = datetime.combine(EARLIEST, time.min, UTC)
_LAST = datetime.combine(LATEST, time.max, UTC)

#: The most lines of a page, where lines are counted.
MOST_LISTED: Final = 1000

#: The arguments that choose a page, never negative; and how they are refused.
PAGING: Final = {
    "limit": InputCode.COUNT_OUT_OF_RANGE,
    "skip": InputCode.SKIP_NEGATIVE,
}

#: The names of containers.
_CONTAINERS: Final = {Sequence: "list", Mapping: "dict", tuple: "tuple"}

#: Signs that no database can hold: a NUL, and each half of a surrogate pair.
_UNFIT: Final = frozenset({"\0", *map(chr, range(0xD800, 0xE000))})

#: What each kind of pydantic's schemas is asked besides its type.
_LIMITS: Final[dict[str, dict[str, Any]]] = {
    "bool": _STRICT,
    "bytes": _STRICT,
    "dataclass": _STRICT | {"revalidate_instances": "always"},
    "date": _STRICT | {"ge": EARLIEST, "le": LATEST},
    "datetime": _STRICT | {"ge": _FIRST, "le": _LAST, "tz_constraint": "aware"},
    "enum": _STRICT,
    "frozenset": _STRICT,
    "int": _STRICT | {"ge": -GREATEST, "le": GREATEST},
    "str": _STRICT | {"max_length": LONGEST, "pattern": r"^[^\x00]*$"},
    "tuple": _STRICT,
}


def fitting(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> None:
    """Check the arguments of an act against its annotations.

    The engine passes the first parameter of ``function``.

    Raises:
        InputRefused: naming the first argument or field that doesn't fit.
        TypeError: for too many, too few or unknown arguments.

    """
    try:
        _check_of(function).validate_python(ArgsKwargs(args, dict(kwargs)))
    except ValidationError as failure:
        signature = inspect.signature(function)
        signature.bind(None, *args, **kwargs)
        _, *parameters = signature.parameters.values()
        names = [part.name for part in parameters if part.kind != part.KEYWORD_ONLY]
        error = failure.errors(include_url=False)[0]
        raise refused_argument(error, function, names) from None


def fit_fields(value: object, path: str) -> None:
    """Check the fields of a value against their annotations.

    Raises:
        InputRefused: naming the first field that doesn't fit.

    """
    kind: Any = type(value)
    try:
        _check_of(kind).validate_python(value)
    except ValidationError as failure:
        error = failure.errors(include_url=False)[0]
        raise refused_argument(error, kind, path=f"{path}.") from None


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


def bare(hint: Any) -> Any:
    """Return a type without its marks and without None.

    >>> bare(Annotated[str, Argument.TITLE] | None)
    <class 'str'>

    """
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return bare(parts[0])
    if origin in {Union, UnionType}:
        return bare(next(part for part in parts if part is not NoneType))
    return hint


@cache
def types_of(kind: Any) -> dict[str, Any]:
    """Return the types of a value's fields, or of a function's arguments and result."""
    return get_type_hints(kind, include_extras=True)


@cache
def _check_of(kind: Any) -> SchemaValidator:
    """Return pydantic's check of a value's fields, or of a use case's arguments."""

    def asked(*_args: Any, **_kwargs: Any) -> None:
        """Do nothing: pydantic reads its signature only."""

    checked: Any = kind
    if not is_dataclass(kind):
        checked = asked
        _, *parameters = inspect.signature(kind).parameters.values()
        checked.__signature__ = inspect.Signature(parameters)
        checked.__annotations__ = types_of(kind)
    adapter = TypeAdapter[Any](checked)
    return SchemaValidator(_tightened(adapter.core_schema, _WHOLE - {kind}))


def _from_nought(schema: Any) -> Any:
    """Return the schema of a whole number without its negative ones."""
    if isinstance(schema, list):
        return [_from_nought(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {name: _from_nought(part) for name, part in schema.items()}
    return kept | {"ge": 0} if schema.get("type") == "int" else kept


def _tightened(schema: Any, whole: AbstractSet[type]) -> Any:
    """Return a schema of pydantic with our limits; only the class of ``whole`` counts.

    A sequence becomes a list for its check, and not its own type again.
    """
    if isinstance(schema, list):
        return [_tightened(part, whole) for part in schema]
    match schema:
        case {"type": "json-or-python", "python_schema": inner}:
            return _tightened(inner, whole)
        case {"type": "function-wrap", "schema": {"type": "list"} as inner}:
            return _tightened(inner, whole)
        case {"type": "dataclass", "cls": kind, "ref": ref} if kind in whole:
            return {"type": "is-instance", "cls": kind, "ref": ref}
        case {}:
            kept = {name: _tightened(part, whole) for name, part in schema.items()}
            if schema.get("name") in PAGING:
                kept = _from_nought(kept)
            return kept | _LIMITS.get(schema.get("type", ""), {})
    return schema


def refused_argument(
    error: ErrorDetails, kind: Any, names: Sequence[str] = (), path: str = ""
) -> InputRefused:
    """Return the refusal of a value that doesn't fit, from pydantic's error.

    ``names`` are those of arguments without a name; the last one takes the rest.
    """
    code: Any = error["type"]
    value, (name, *steps) = error["input"], error["loc"]
    if isinstance(name, int):
        name = names[min(name, len(names) - 1)]
    if code == "missing":  # a part of a tuple
        steps.pop()
    hint = types_of(kind)[name]
    word, path, wanted = _place_of(hint, word_of(hint, name), f"{path}{name}", steps)
    place = path if "[" in path else word
    if code == "string_too_long":
        code, length = InputCode.TEXT_TOO_LONG, len(value)
        return InputRefused(code, argument=place, length=length, longest=LONGEST)
    if code in {"string_pattern_mismatch", "string_unicode"}:
        n = next(n for n, sign in enumerate(value, 1) if sign in _UNFIT)
        code, sign = InputCode.TEXT_UNFIT, f"U+{ord(value[n - 1]):04X}"
        return InputRefused(code, argument=place, place=n, sign=sign)
    if code in {"greater_than_equal", "less_than_equal"}:
        known: dict[str, Any] = {"argument": word, "path": path}
        if isinstance(value, date):
            known = {"argument": place, "day": date.fromordinal(value.toordinal())}
            known |= {"first": EARLIEST, "last": LATEST}
            return InputRefused(InputCode.DAY_OUT_OF_RANGE, **known)
        page = PAGING.get(name) if value < 0 else None
        if page is not None:
            most = {"most": MOST_LISTED} if name == "limit" else {}
            known = {"given": value, **most}
        return InputRefused(page or InputCode.NUMBER_TOO_GREAT, **known)
    said: dict[str, Any] = {"argument": word, "path": path, "was": as_given(value)}
    if isinstance(wanted, type) and issubclass(wanted, Term):
        choices = [f"{wanted.__name__}.{member.name}" for member in wanted]
        return InputRefused(InputCode.NOT_ONE_OF, **said, choices=choices)
    kind = Sequence if get_args(wanted)[-1:] == (...,) else get_origin(wanted)
    code = InputCode.NOT_AN_ACTOR if wanted is Actor else InputCode.NOT_OF_KIND
    wanted = _CONTAINERS.get(kind) or wanted.__name__
    return InputRefused(code, **said, wanted=wanted)


def as_given(value: object) -> str:
    """Return the type of a value that doesn't fit, and what can be shown of it.

    >>> as_given(3)
    'int 3'

    """
    was = type(value).__name__
    if isinstance(value, str):
        was += f" “{showable(value)}”"
    elif isinstance(value, int | float | date) and not isinstance(value, bool):
        was += f" {value}"
    return was


def _place_of(
    hint: Any, word: str, path: str, steps: list[Any]
) -> tuple[str, str, Any]:
    """Return word, path and type of the value that pydantic's steps lead to."""
    keyed = steps[-1:] == ["[key]"]
    for step in steps[:-2] if keyed else steps:
        hint = bare(hint)
        origin, parts = get_origin(hint), get_args(hint)
        if is_dataclass(hint):
            fields: Any = hint
            hint, path = types_of(fields)[step], f"{path}.{step}"
            word = word_of(hint, step)
        elif origin is Mapping:
            hint, path = parts[1], f"{path}.{step}"
        elif parts:
            hint = parts[0 if parts[-1] is ... or origin is Sequence else step]
            path += f"[{step + 1}]"
    return word, path, bare(get_args(bare(hint))[0] if keyed else hint)
