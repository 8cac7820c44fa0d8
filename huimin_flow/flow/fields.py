"""What an act asks for: each field with its kind and choices, and a JSON Schema.

Both come from the signature and the annotations of the use case, so they are what the
check of its arguments accepts. Who acts is no field: the door says it.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import date, datetime
from functools import cache
from importlib import import_module
from typing import Annotated, Any, Final, get_args, get_origin

from huimin_flow.catalogue.acts import ACTS
from huimin_flow.catalogue.fields import FIELDS
from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.catalogue.terms import Argument, Criterion, FieldKind, Term
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core import names
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.arguments import PAGING, bare, types_of, word_of
from huimin_flow.flow.core.names import Choice
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.sensing.items import MADE
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import showable
from huimin_flow.model.core.values import to_plain, value
from huimin_flow.model.executing.plans import Indicator
from huimin_flow.model.items import Effectiveness
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.store.core import repository

#: What a caller may not give: what is computed, and links that other steps create.
_NOT_GIVEN: Final = (f"scores.{Criterion.PREVALENCE}", *(f".{name}" for name in MADE))

#: The kinds of plain types.
_KINDS: Final[Mapping[Any, FieldKind]] = {
    bool: FieldKind.YES_NO,
    int: FieldKind.WHOLE,
    str: FieldKind.TEXT,
    date: FieldKind.DAY,
    datetime: FieldKind.MOMENT,
    bytes: FieldKind.FILE,
    Rulebook: FieldKind.FILE,
    Actor: FieldKind.CODE,
}

#: The kinds of fields whose type and word don't say it.
_OF_VALUES: Final[Mapping[tuple[Any, str], FieldKind]] = {
    **{(Effectiveness, name): FieldKind.PERCENT for name in ("value", "low", "high")},
    (Indicator, "unit"): FieldKind.TEXT,  # what is counted, not who counts
}


@value
class Field:
    """A field of an act.

    ``path`` is its place in the arguments: ``judgment.answers.wanted.yes``; ``[]``
    stands for each of several. ``word`` is its word in the catalogue, and ``label``
    and ``english`` are its labels. ``choices`` are the values of a term or the first
    50 codes. ``many`` means that there may be several.
    """

    path: str
    word: str
    label: str
    english: str
    kind: FieldKind
    required: bool
    default: str | int | None = None
    choices: tuple[Choice, ...] = ()
    many: bool = False


@question
def of(
    work: Work,
    act: Annotated[str, Argument.REFUSED_ACT],
    number: Annotated[str | None, Argument.NUMBER] = None,
) -> tuple[Field, ...]:
    """Return the fields that an act asks for, in the order of its arguments.

    ``act`` is the method of ``Flow``, ``noun.verb``. With the number of an item, its
    number and version are the defaults, and a screening asks for the criteria of its
    origin only. What the engine itself computes or links is no field.

    Raises:
        InputRefused: if there is no such act.
        NotFound: if no item has the number.

    """
    described = [*fields_of(act)]
    known: dict[str, str | int] = {}
    if number is not None:
        item = repository.item(work.connection, number)
        known = {"number": number, "version": item.version}
        if act in {"items.screen", "items.screening"}:
            criteria = work.rulebook.rules.screening.criteria[item.origin].weights
            other = {f"scores.{each}" for each in Criterion if each not in criteria}
            described = [each for each in described if each.path not in other]
    return tuple(
        replace(
            field,
            default=known.get(field.path, field.default),
            choices=field.choices
            or (
                names.choices(work, Argument(field.word))
                if field.kind is FieldKind.CODE
                else ()
            ),
        )
        for field in described
    )


def fields_of(act: str) -> tuple[Field, ...]:
    """Return the fields of an act or a question, without the codes of a database.

    What the engine itself computes or links is none.

    Raises:
        InputRefused: if there is no such act.

    """
    return tuple(
        field
        for name, hint, default in list(asked(act))
        for field in _of(name, hint, default)
        if not field.path.endswith(_NOT_GIVEN)
    )


@question
def schema(work: Work, act: Annotated[str, Argument.REFUSED_ACT]) -> Mapping[str, Any]:
    """Return the JSON Schema of the arguments of an act or a question.

    Posts are their pseudonyms, bytes are base64, a rulebook is its text.

    Raises:
        InputRefused: if there is no such method.

    """
    del work
    made: dict[str, Any] = model_of(act).model_json_schema()
    if hasattr(_method(act), "__deprecated__"):
        made["deprecated"] = True
    return {**made, "description": ACTS[act][0]}


@cache
def model_of(act: str) -> Any:
    """Return the model of pydantic that reads the arguments which ``schema`` describes.

    Raises:
        InputRefused: if there is no such act or question.

    """
    from pydantic import ConfigDict, create_model  # noqa: PLC0415 - heavy
    from pydantic import Field as Described  # noqa: PLC0415 - heavy

    described: dict[str, Any] = {}
    for name, hint, default in asked(act):
        title = _labels(word_of(hint, name))[0]
        help_line = FIELDS.get(word_of(hint, name), ("",))[0] or None
        least = 0 if name in PAGING else None
        shown: Any = Described(default, title=title, description=help_line, ge=least)
        described[name] = (_plain(hint), shown)
    config = ConfigDict(extra="forbid", val_json_bytes="base64")
    return create_model(act, __config__=config, **described)


def asked(act: str) -> Iterator[tuple[str, Any, Any]]:
    """Yield name, type and default (``...`` if required) of an act's arguments."""
    function = _method(act).__wrapped__
    hints = types_of(function)
    _, *parameters = inspect.signature(function).parameters.values()
    for parameter in parameters:
        if parameter.name != "by":
            empty = parameter.default is parameter.empty
            default = ... if empty else parameter.default
            hint: Any = hints[parameter.name]
            if parameter.kind is parameter.VAR_POSITIONAL:
                hint, default = tuple[hint, ...], ()
            yield parameter.name, hint, default


def _method(act: str) -> Any:
    """Return the method of a facet."""
    noun, _, verb = act.partition(".")
    flow: Any = import_module("huimin_flow.flow.facade").Flow  # its facet names us
    facet = getattr(inspect.getattr_static(flow, noun, None), "facet", None)
    if verb.startswith("_") or not hasattr(facet, verb):
        raise InputRefused(InputCode.ACT_UNKNOWN, act=showable(act))
    return getattr(facet, verb)


def _of(
    path: str, hint: Any, default: Any = ..., word: str = "", *, many: bool = False
) -> Iterator[Field]:
    """Yield the fields of a value of a type at a path; a type may have several."""
    word, hint = word_of(hint, word or path), bare(hint)
    origin, parts = get_origin(hint), get_args(hint)
    if origin in {tuple, Sequence}:
        if origin is Sequence or parts[1:] == (...,):
            yield from _of(f"{path}[]", parts[0], default, word, many=True)
            return
        for n, part in enumerate(parts, 1):
            yield from _of(f"{path}[{n}]", part, default, word, many=many)
    elif origin is not None and issubclass(origin, Mapping):
        yield from _mapped(path, parts, default, word)
    elif is_dataclass(hint) and hint not in _KINDS:
        yield from _parts(path, hint, default, many=many)
    else:
        yield _single(path, hint, default, word, many=many)


def _parts(path: str, hint: Any, default: Any, *, many: bool) -> Iterator[Field]:
    """Yield the fields of a value's parts; those of an optional value are optional."""
    for part in fields(hint):
        own: Any = None
        if part.default is not MISSING:
            own = part.default
        elif part.default_factory is MISSING and default is ...:
            own = ...
        place, inner = f"{path}.{part.name}", types_of(hint)[part.name]
        for field in _of(place, inner, own, part.name, many=many):
            kind = _OF_VALUES.get((hint, part.name), field.kind)
            yield replace(field, kind=kind)


def _mapped(path: str, parts: Any, default: Any, word: str) -> Iterator[Field]:
    """Yield the fields of a mapping: one for each term, or those of any key."""
    key, inner = parts
    if not issubclass(key, Term):
        yield from _of(f"{path}[]", inner, default, word, many=True)
        return
    for term in key:
        for field in _of(f"{path}.{term.value}", inner, default, word):
            label, english = f"{term.label} {field.label}", f"{term} {field.english}"
            kind = FieldKind.PERCENT if inner is int else field.kind
            yield replace(field, label=label, english=english, kind=kind)


def _single(path: str, hint: Any, default: Any, word: str, *, many: bool) -> Field:
    label, english = _labels(word)
    kind = _KINDS.get(hint, FieldKind.TEXT)
    choices: tuple[Choice, ...] = ()
    if isinstance(hint, type) and issubclass(hint, Term):
        kind = FieldKind.TERM
        choices = tuple(Choice(code=term.value, name=term.spoken) for term in hint)
    elif hint is str and word in names.CODED:
        kind = FieldKind.CODE
    return Field(
        path=path,
        word=word,
        label=label,
        english=english,
        kind=kind,
        required=default is ...,
        default=None if default in {..., ()} else to_plain(default),
        choices=choices,
        many=many,
    )


def _labels(word: str) -> tuple[str, str]:
    """Return the labels of a word, or the word itself if the catalogue lacks it."""
    known = next((each for each in Argument if each.value == word), None)
    return (word, word) if known is None else (known.label, known.english)


def _plain(hint: Any) -> Any:
    """Return the type with a text for an actor (their pseudonym) and a rulebook."""
    if bare(hint) in {Actor, Rulebook}:
        return str if hint is bare(hint) else str | None
    return hint
