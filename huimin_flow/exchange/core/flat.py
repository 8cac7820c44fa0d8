"""Values as flat rows, for frames, tables and files of other programs (E1).

1. The columns follow from the type alone: an empty answer has the same ones.
2. A cell is a text, a whole number, a truth value or None. A decimal is its text, a
   day and a moment are ISO texts, a term is its code. Nothing is rounded.
3. A value within a value has dotted names: ``days.due``. So has a mapping whose keys
   are terms, a column for each term. What has any number of parts is one JSON text,
   unless ``each`` names it: then each part is a row of its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from operator import attrgetter, itemgetter
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from huimin_flow.catalogue.language import Language
from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.catalogue.terms.term import Term
from huimin_flow.errors import InputRefused
from huimin_flow.model.core.texts import showable
from huimin_flow.model.core.values import to_plain

#: One cell of a row; ``bool`` is an ``int``.
Cell = str | int | None

Reader = Callable[[Any], Any]


def to_rows(
    values: object, kind: Any, *, each: str = "", labels: Language | None = None
) -> list[dict[str, Cell]]:
    """Return values as rows with the columns of ``columns``: one or any number.

    ``kind`` is the type of the values. With ``each``, the dotted name of a field with
    several parts, there is a row for each part, and the rest of the value stands in
    each row; a value without parts has none. The key of a mapping's part stands under
    the name of the field. With ``labels`` a column of terms has its labels beside it.

    >>> from huimin_flow.model.core.values import Share
    >>> to_rows(Share(part=3, whole=4), Share)
    [{'part': 3, 'whole': 4}]

    Raises:
        InputRefused: for a value of another type, and for an unknown field.

    """
    if isinstance(kind, list | tuple | set | dict):  # the values, in its place
        code, was = InputCode.NOT_OF_KIND, type(kind).__name__
        raise InputRefused(code, argument="kind", path="kind", wanted="type", was=was)
    stages = _stages_of(kind, each, labels)
    one = isinstance(values, str | Mapping) or hasattr(values, "_fields")
    several = values if isinstance(values, Iterable) and not one else [values]
    rows: list[dict[str, Cell]] = []
    for value in several:
        if is_dataclass(kind) and not isinstance(value, _bare(kind)):
            wanted, was = _bare(kind).__name__, type(value).__name__
            raise InputRefused(
                InputCode.NOT_OF_KIND,
                argument="values",
                path="values",
                wanted=wanted,
                was=was,
            )
        rows += _filled(stages, value)
    return rows


def columns(
    kind: Any, *, each: str = "", labels: Language | None = None
) -> dict[str, type]:
    """Return the columns of ``to_rows`` in their order: ``str``, ``int`` or ``bool``.

    >>> from huimin_flow.model.core.values import Share
    >>> columns(Share)
    {'part': <class 'int'>, 'whole': <class 'int'>}

    Raises:
        InputRefused: for an unknown field.

    """
    stages = _stages_of(kind, each, labels)
    return {leaf.name: leaf.kind for stage in stages for leaf in stage.leaves}


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A column: its name and type, and how a cell is read from a value."""

    name: str
    kind: type
    read: Reader


@dataclass(frozen=True, slots=True)
class _Stage:
    """The columns of a value, and its parts if each is a row of its own."""

    leaves: tuple[_Leaf, ...]
    parts: Callable[[Any], Iterable[Any]] | None = None


def _filled(stages: Sequence[_Stage], value: Any) -> Iterator[dict[str, Cell]]:
    """Yield the rows of a value."""
    stage, *later = stages
    own = {leaf.name: leaf.read(value) for leaf in stage.leaves}
    if stage.parts is None:
        yield own
        return
    for part in stage.parts(value) or ():
        for row in _filled(later, part):
            yield own | row


@cache
def _stages_of(kind: Any, each: str, labels: Language | None) -> tuple[_Stage, ...]:
    path = each.split(".") if each else []
    return tuple(_stages(kind, path, "", labels))


def _stages(
    hint: Any, path: Sequence[str], name: str, labels: Language | None
) -> Iterator[_Stage]:
    """Yield the stage of a value, and those of the parts at the path of a field."""
    read: Reader = _itself
    at, place = hint, name
    for n, part in enumerate(path, 1):
        known = _hints_of(_bare(at))
        place = f"{place}.{part}" if place else part
        if part not in known:
            raise InputRefused(InputCode.ARGUMENT_STRANGE, path=showable(place))
        read, at = _then(read, attrgetter(part)), known[part]
        if _is_open(_bare(at)):
            leaves = _leaves(hint, name, _itself, labels)
            kept = (own for own in leaves if not f"{own.name}.".startswith(f"{place}."))
            yield _Stage(tuple(kept), _then(read, _opener(_bare(at))))
            yield from _parts(_bare(at), path[n:], place, labels)
            return
    if path:
        raise InputRefused(InputCode.ARGUMENT_STRANGE, path=showable(place))
    yield _Stage(tuple(_leaves(hint, name, _itself, labels)))


def _parts(
    hint: Any, path: Sequence[str], place: str, labels: Language | None
) -> Iterator[_Stage]:
    """Yield the stages of the parts of a container; those of its parts are rows, too.

    The parts of a mapping are pairs: the key is a column of its own.
    """
    inner = _bare(get_args(hint)[-1 if _is_mapping(hint) else 0])
    deeper = _opener(inner) if _is_open(inner) else None
    if _is_mapping(hint):
        key = _leaves(get_args(hint)[0], place, itemgetter(0), labels)
        rest = _then(itemgetter(1), deeper) if deeper else itemgetter(slice(1, None))
        yield _Stage(tuple(key), rest)
        if not deeper and not _hints_of(inner):
            place = f"{place}.value"
    elif deeper:
        yield _Stage((), deeper)
    if deeper:
        yield from _parts(inner, path, place, labels)
    else:
        yield from _stages(inner, path, place, labels)


def _leaves(
    hint: Any,
    name: str,
    read: Reader,
    labels: Language | None,
    within: frozenset[Any] = frozenset(),
) -> Iterator[_Leaf]:
    """Yield the columns of a value of a type; a value in itself is one JSON text."""
    hint = _bare(hint)
    known, inner = _hints_of(hint), get_args(hint)
    parts: list[tuple[str, Any, Reader]]
    if known and hint not in within:
        parts = [(part, known[part], attrgetter(part)) for part in known]
    elif (
        _is_mapping(hint) and isinstance(inner[0], type) and issubclass(inner[0], Term)
    ):
        parts = [(term.value, inner[1], _getter(term)) for term in inner[0]]
    elif get_origin(hint) is tuple and inner[-1] is not ...:
        parts = [(str(n + 1), part, itemgetter(n)) for n, part in enumerate(inner)]
    else:
        yield from _cells(hint, name or "value", read, labels)
        return
    for part, own, reader in parts:
        place, deeper = f"{name}.{part}" if name else part, within | {hint}
        yield from _leaves(own, place, _then(read, reader), labels, deeper)


def _cells(
    hint: Any, name: str, read: Reader, labels: Language | None
) -> Iterator[_Leaf]:
    """Yield the column of a single value, and that of its labels."""
    kinds = get_args(hint) if get_origin(hint) in {Union, UnionType} else (hint,)
    kinds = tuple(_bare(kind) for kind in kinds if kind is not NoneType)
    simple = all(isinstance(k, type) and issubclass(k, _SIMPLE) for k in kinds)
    if not simple:
        yield _Leaf(name, str, _then(read, _json))
        return
    kind = kinds[0] if set(kinds) in ({bool}, {int}) else str
    yield _Leaf(name, kind, _then(read, to_plain if kind is not str else _text))
    if labels is not None and any(map(_is_term, kinds)):
        label = "english" if labels is Language.ENGLISH else "label"
        yield _Leaf(
            f"{name}.label", str, _then(read, lambda term: getattr(term, label, None))
        )


_SIMPLE = (str, int, Decimal, date)


def _text(value: Any) -> str:
    return str(to_plain(value))


def _json(value: Any) -> str:
    plain = to_plain(value)
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _itself(value: Any) -> Any:
    return value


def _then(first: Reader, second: Reader) -> Reader:
    """Return a reader of a part of what another one reads; of nothing it is nothing."""
    if first is _itself:
        return lambda value: None if value is None else second(value)

    def read(value: Any) -> Any:
        part = first(value)
        return None if part is None else second(part)

    return read


def _opener(hint: Any) -> Reader:
    """Return a reader of the parts of a container."""
    return (lambda mapping: mapping.items()) if _is_mapping(hint) else _itself


def _getter(key: Term) -> Reader:
    return lambda mapping: mapping.get(key)


def _bare(hint: Any) -> Any:
    """Return a type without its word, and without None."""
    if get_origin(hint) is Annotated:
        return _bare(get_args(hint)[0])
    if get_origin(hint) in {Union, UnionType}:
        kinds = [part for part in get_args(hint) if part is not NoneType]
        return _bare(kinds[0]) if len(kinds) == 1 else hint
    return hint


@cache
def _hints_of(hint: Any) -> dict[str, Any]:
    """Return the fields of a value's type, none for another type."""
    named = is_dataclass(hint) or hasattr(hint, "_fields")
    return get_type_hints(hint, include_extras=True) if named else {}


def _is_term(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Term)


def _is_mapping(hint: Any) -> bool:
    origin = get_origin(hint)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _is_open(hint: Any) -> bool:
    """Tell whether a type has any number of parts."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is tuple:
        return inner[-1] is ...
    several = (Mapping, Sequence, AbstractSet)
    return isinstance(origin, type) and issubclass(origin, several)
