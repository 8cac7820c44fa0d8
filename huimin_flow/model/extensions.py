"""What a host adds to the engine: own fields, guards and rules under one name (E1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from datetime import date
from string import Formatter
from types import MappingProxyType
from typing import Any, Final

from huimin_flow.catalogue.reasons import ExtensionCode, Reason, Wording
from huimin_flow.catalogue.terms import Step
from huimin_flow.errors import InputRefused
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.values import value
from huimin_flow.model.items import Item, OwnField

#: A name that stands before a dot: of an extension, a field, a code, a role.
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


@value
class Facts:
    """What a guard or a rule of an extension decides by; nothing in it can be changed.

    ``item`` is the item before the ``step``, None before its birth. ``own`` are the
    values of the extension's own fields, by name. ``changes`` are the fields that the
    step sets, as JSON values; None if somebody only asks what is possible, before the
    act has its arguments. ``section`` is the extension's own section of the
    rulebook, an instance of its model, or None. ``day`` is when it happened.
    """

    step: Step
    item: Item | None
    own: Mapping[str, Any]
    changes: Mapping[str, Any] | None
    section: Any
    day: date


#: Returns why not, or nothing; it can only add a "no".
OwnGuard = Callable[[Facts], Iterable[Reason]]

#: Returns what it found; a negative verdict is kept, and stops nothing.
OwnRule = Callable[[Facts], Verdict]


@value
class Extension:
    """Everything that a host adds under one ``name``.

    ``name`` is 1–40 ASCII letters, digits and underscores, and begins with a letter;
    it stands before the keys of its fields and codes. ``label`` and ``english`` are
    what people read. ``revision`` rises when a guard or a rule decides otherwise.
    ``fields`` is a model of pydantic: the own fields of an item. ``section`` is the
    model of its section in the rulebook. ``guards`` and ``rules`` are pure functions
    by step: the same facts give the same answer, today and in an audit. ``texts`` are
    the wordings of the codes of their reasons.

    Raises:
        InputRefused: for a name, revision, field, step or text that doesn't fit.

    """

    name: str
    label: str
    english: str
    revision: int
    fields: type[Any] | None = None
    section: type[Any] | None = None
    guards: Mapping[Step, OwnGuard] = field(default_factory=dict)
    rules: Mapping[Step, OwnRule] = field(default_factory=dict)
    texts: Mapping[str, Wording] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the declaration."""
        mappings = ("guards", "rules", "texts")
        odd = [
            part for part in mappings if not isinstance(getattr(self, part), Mapping)
        ]
        odd += [
            part
            for part in ("fields", "section")
            if (model := getattr(self, part)) is not None
            and not (isinstance(model, type) and hasattr(model, "model_fields"))
        ]
        if odd:
            raise InputRefused(
                ExtensionCode.UNFIT,
                extension=str(self.name)[:40],
                detail=f"{odd[0]} {type(getattr(self, odd[0])).__name__}",
            )
        names = [self.name, *self.texts]
        if self.fields is not None:
            names += list(self.fields.model_fields)
        functions = (*self.guards.items(), *self.rules.items())
        labels = (self.label, self.english)
        labeled = all(isinstance(label, str) and label for label in labels)
        flaws = {
            "name": next((name for name in names if not is_name(name)), None),
            "label": None if labeled else "—",
            "fields": None if _is_described(self.fields) else self.fields,
            "revision": None if _is_count(self.revision) else self.revision,
            "step": next(
                (
                    step
                    for step, function in functions
                    if not (isinstance(step, Step) and callable(function))
                ),
                None,
            ),
            "texts": next(
                (code for code, text in self.texts.items() if not _is_whole(text)), None
            ),
        }
        for part, flaw in flaws.items():
            if flaw is not None:
                raise InputRefused(
                    ExtensionCode.UNFIT,
                    extension=str(self.name)[:40],
                    detail=f"{part} {flaw}",
                )

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of its own fields: ``name.field``."""
        declared = () if self.fields is None else self.fields.model_fields
        return tuple(f"{self.name}.{name}" for name in declared)


@value
class Refused:
    """An item that a job left out because a guard refused its step, and what it asked.

    ``version`` is that of the item then. ``changes`` are what the step would have set,
    on ``day``. ``rulebook`` is the digest of that with the sections. ``extensions`` are
    as in the event of a step: by name, the revision and the verdicts, with a digest of
    the facts of each.
    """

    item: str
    version: int
    step: Step
    day: date
    rulebook: str
    changes: Mapping[str, Any]
    extensions: Mapping[str, Any]


def own_before(
    before: tuple[OwnField, ...], after: tuple[OwnField, ...]
) -> dict[str, str]:
    """Return the former texts of the own fields that differ; "" for one without value.

    >>> own_before((), (OwnField(key="a.b", value=1),))
    {'a.b': ''}

    """
    then = {each.key: each.text for each in before}
    now = {each.key: each.text for each in after}
    differ = sorted(key for key in then | now if then.get(key) != now.get(key))
    return {key: then.get(key, "") for key in differ}


def is_name(name: object) -> bool:
    """Tell whether a text may stand before or after the dot of a key.

    >>> is_name("funds"), is_name("资金"), is_name("a.b")
    (True, False, False)

    """
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def _is_described(model: type[Any] | None) -> bool:
    """Tell whether a JSON Schema describes each field of a model under its name.

    It does not for an alias, a type that JSON lacks, or a model within itself.
    """
    if model is None:
        return True
    try:
        described = model.model_json_schema().get("properties", {})
    except Exception:  # noqa: BLE001 - whatever a host's types raise
        return False
    return set(described) == set(model.model_fields)


def _is_count(number: object) -> bool:
    return type(number) is int and number >= 1


def _is_whole(text: object) -> bool:
    """Tell whether a wording says the same values in both languages."""
    if not (isinstance(text, tuple) and len(text) == 4 and all(text)):
        return False
    try:
        parts = [
            [each[1:] for each in Formatter().parse(part) if each[1] is not None]
            for part in text
        ]
    except (TypeError, ValueError):
        return False
    # A value stands there as it is: a width or an attribute of it could fail later.
    if any(
        spec or conversion or not str(name).isidentifier()
        for part in parts
        for name, spec, conversion in part
    ):
        return False
    named = [{name for name, *_ in part} for part in parts]
    return named[0] == named[1] and named[2] | named[3] <= named[0]


def frozen(plain: Any) -> Any:
    """Return a JSON value of which no part can be changed.

    >>> frozen({"a": [1]})["a"]
    (1,)

    """
    if isinstance(plain, Mapping):
        return MappingProxyType({name: frozen(part) for name, part in plain.items()})
    if isinstance(plain, list | tuple):
        return tuple(map(frozen, plain))
    return plain
