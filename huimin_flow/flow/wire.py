"""Calls of acts and questions as JSON: arguments, answers and refusals, both ways.

The server reads arguments and writes answers and refusals; a client does the inverse.
A post is written by its pseudonym, bytes as base64, a rulebook as its text, and every
other value as ``to_plain`` writes it.
"""

from __future__ import annotations

import base64
import inspect
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError, create_model
from pydantic_core import ErrorDetails

from huimin_flow import errors
from huimin_flow.catalogue.reasons import (
    ConfigProblem,
    InputCode,
    Reason,
    Reasons,
    reason_of,
)
from huimin_flow.catalogue.terms import Argument, Role
from huimin_flow.errors import ConfigRefused, HuiminError, InputRefused, StepRefused
from huimin_flow.flow.core.arguments import as_given, bare, refused_argument, types_of
from huimin_flow.flow.fields import model_of
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import showable
from huimin_flow.model.core.values import from_plain as value_of
from huimin_flow.model.core.values import to_plain as plain_of
from huimin_flow.model.rulebook import Rulebook, rulebook_from_text, rulebook_text

#: The header by which a client knows a server of these calls.
SIGN: Final = "huimin-flow"

#: The classes of refusals by their names.
_REFUSALS: Final[Mapping[str, type[HuiminError]]] = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, HuiminError)
}

#: How a value of these types is written, in an argument and in an answer.
_WRITTEN: Final[Mapping[type, Callable[[Any], str]]] = {
    bytes: lambda content: base64.urlsafe_b64encode(content).decode(),
    Rulebook: lambda book: rulebook_text(book).decode(),
}

#: How it is read again.
_READ: Final[Mapping[Any, Callable[[str], Any]]] = {
    bytes: base64.urlsafe_b64decode,
    Rulebook: lambda text: rulebook_from_text(text.encode()),
}

#: What pydantic says of a part that is missing, and of one that nobody knows.
_LACKING: Final = frozenset(
    {"missing", "missing_argument", "missing_keyword_only_argument"}
)
_STRANGE: Final = frozenset({"extra_forbidden", "unexpected_keyword_argument"})

#: How many places of a plain value a refusal names.
_MISFITS: Final = 20

T = TypeVar("T")


def plain_call(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a call as a plain value: its arguments, and as whom it is made.

    No account is written: the server knows it.

    Raises:
        InputRefused: for a value that no type of an argument has.

    """
    bound = inspect.signature(function).bind(None, *args, **kwargs).arguments
    _, *passed = bound.items()
    plain: dict[str, Any] = {}
    call: dict[str, Any] = {"args": plain}
    for name, value in passed:
        if name == "by":
            call |= {"by": value.id, "roles": sorted(value.roles)}
            if value.own_roles:
                call["own_roles"] = sorted(value.own_roles)
            continue
        try:
            plain[name] = value.id if isinstance(value, Actor) else to_plain(value)
        except ValueError:
            was = type(value).__name__
            code, kind = InputCode.NOT_OF_KIND, "JSON"
            raise InputRefused(
                code, argument=name, path=name, wanted=kind, was=was
            ) from None
    if "account" in plain:
        plain["account"] = ""
    return call


class Call(BaseModel):
    """A call as a client sends it: the arguments, and how the method is called.

    ``by`` is the post that acts, None for the caller's only one; ``roles`` leaves it
    only some of its roles, ``own_roles`` some of a host's. ``request`` is an
    idempotency key. With ``dry`` an act is only tried. ``now`` is a rehearsal's moment.
    """

    model_config = ConfigDict(extra="forbid", val_json_bytes="base64")

    by: str | None = None
    roles: frozenset[Role] | None = None
    own_roles: frozenset[str] | None = None
    request: str | None = None
    dry: bool = False
    now: AwareDatetime | None = None
    args: Any

    def values(self, function: Callable[..., Any]) -> dict[str, Any]:
        """Return the values of the arguments by name; a post stays a pseudonym.

        Raises:
            InputRefused: for a text that is no rulebook.

        """
        values = {part: getattr(self.args, part) for part in self.args.model_fields_set}
        for part, value in values.items():
            if bare(types_of(function)[part]) is Rulebook:
                values[part] = _book_of(value)
        return values


def call_of(name: str, function: Callable[..., Any], text: str | bytes) -> Call:
    """Return a call from its JSON text; ``args`` are what ``fields.schema`` describes.

    Raises:
        InputRefused: for no JSON, or naming the first part that is missing, unknown
            or doesn't fit.

    """
    try:
        call = _call(name).model_validate_json(text, strict=True)
    except ValidationError as failure:
        error = failure.errors(include_url=False)[0]
        raise _unfit(error, function) from None
    json.loads(text, object_pairs_hook=_each_once)
    return call


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON; two readers would take another one of two values."""
    made: dict[str, Any] = {}
    for name, part in pairs:
        if name in made:
            raise InputRefused(InputCode.NO_CALL, path=showable(name))
        made[name] = part
    return made


@cache
def _call(name: str) -> type[Call]:
    return create_model(name, __base__=Call, args=(model_of(name), ...))


def _unfit(error: ErrorDetails, function: Callable[..., Any]) -> InputRefused:
    head, *steps = error["loc"] or ("",)
    if head != "args":
        steps = []
    place = showable(".".join(map(str, steps or [head])))
    if error["type"] in _LACKING:
        return InputRefused(InputCode.ARGUMENT_MISSING, path=place)
    if error["type"] in _STRANGE:
        return InputRefused(InputCode.ARGUMENT_STRANGE, path=place)
    if not steps:  # no JSON, no object, or a wrong part beside the arguments
        return InputRefused(InputCode.NO_CALL, path=place)
    return refused_argument({**error, "loc": tuple(steps)}, function)


def _book_of(text: str) -> Rulebook:
    try:
        return rulebook_from_text(text.encode(errors="surrogatepass"))
    except (ValidationError, ValueError, RecursionError):
        code, word = InputCode.NOT_OF_KIND, Argument.BOOK.value
        raise InputRefused(
            code, argument=word, path=word, wanted=Rulebook.__name__, was="text"
        ) from None


def bound_of(
    function: Callable[..., Any], values: Mapping[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return arguments by name as those of a call; the engine passes the first one."""
    signature = inspect.signature(function)
    work = next(iter(signature.parameters))
    bound = inspect.BoundArguments(signature, OrderedDict({work: None, **values}))
    return bound.args[1:], bound.kwargs


def to_plain(value: Any) -> Any:
    """Return what a question or an act answers as str, int, bool, None, list and dict.

    It is JSON-ready and has no floats: a decimal is its text, a term its code, a day
    and a moment their ISO texts, bytes are base64, a rulebook is its text.

    >>> from huimin_flow.model.core.values import Share
    >>> to_plain(Share(part=3, whole=4))
    {'part': 3, 'whole': 4}

    Raises:
        ValueError: for a type that no answer has.

    """
    written = _WRITTEN.get(type(value))
    return plain_of(value) if written is None else written(value)


def from_plain(kind: type[T], plain: Any) -> T:
    """Return the value of a type that ``to_plain`` has written, equal to the first.

    >>> from huimin_flow.model.core.values import Share
    >>> from_plain(Share, {"part": 3, "whole": 4})
    Share(part=3, whole=4)

    Raises:
        InputRefused: if it does not fit, with a reason for each place: what is missing,
            what the type doesn't have, what cannot be so. ``path`` is the place, and
            "$" the whole.

    """
    try:
        return _value_of(kind, plain)
    except ValidationError as failure:
        reasons = tuple(_misfit(kind, error) for error in failure.errors()[:_MISFITS])
    except (ValueError, TypeError, AttributeError, RecursionError):
        whole = {
            "kind": getattr(kind, "__name__", str(kind)),
            "path": "$",
            "was": as_given(plain),
        }
        reasons = (reason_of(InputCode.PLAIN_UNFIT, whole),)
    raise InputRefused(reasons)


def _value_of(kind: type[T], plain: Any) -> T:
    read = _READ.get(kind)
    value: T = value_of(kind, plain) if read is None else read(plain)
    return value


def _misfit(kind: Any, error: ErrorDetails) -> Reason:
    """Return why a place of a plain value does not fit."""
    place = showable(".".join(map(str, error["loc"]))) or "$"
    said = {"kind": getattr(kind, "__name__", str(kind)), "path": place}
    if error["type"] in _LACKING:
        return reason_of(InputCode.PLAIN_MISSING, said)
    if error["type"] in _STRANGE:
        return reason_of(InputCode.PLAIN_STRANGE, said)
    was = as_given(error["input"])
    return reason_of(InputCode.PLAIN_UNFIT, {**said, "was": was})


def answer_of(function: Callable[..., Any], plain: Any) -> Any:
    """Return the answer that a plain value describes, of the annotated type.

    Raises:
        pydantic.ValidationError: if it does not fit, because the server is of
            another version.

    """
    return _value_of(types_of(function)["return"], plain)


def plain_refusal(refusal: HuiminError) -> dict[str, Any]:
    """Return a refusal as a plain value; its texts are in the chosen language."""
    fields: dict[str, Any] = {
        "error": type(refusal).__name__,
        "code": refusal.code if refusal.reasons else "",
        "message": str(refusal),
        "remedy": refusal.remedy,
        "reasons": plain_of(refusal.reasons),
        "earliest": plain_of(refusal.earliest),
    }
    if isinstance(refusal, StepRefused) and refusal.trace is not None:
        fields["trace"] = dict(refusal.trace)
    if isinstance(refusal, ConfigRefused):
        fields["problems"] = plain_of(refusal.problems)
    if notes := getattr(refusal, "__notes__", ()):
        fields["notes"] = list(notes)
    return fields


def refusal_of(plain: Mapping[str, Any]) -> HuiminError:
    """Return the refusal that a plain value describes, of the same class."""
    kind = _REFUSALS.get(plain["error"], HuiminError)
    refusal: HuiminError
    if kind is ConfigRefused:
        refusal = ConfigRefused(_value_of(tuple[ConfigProblem, ...], plain["problems"]))
    else:
        refusal = kind(_value_of(Reasons, plain["reasons"]))
    if isinstance(refusal, StepRefused):
        refusal.trace = plain.get("trace")
    for note in plain.get("notes", ()):
        refusal.add_note(note)
    return refusal
