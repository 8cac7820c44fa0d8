"""The own fields of an item, 附加字段: what there is to enter, and the act (E1)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from huimin_flow.catalogue.reasons import ExtensionCode
from huimin_flow.catalogue.terms import FieldKind, Step
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import acting_as, advance
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.canonical import GREATEST
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import accepted, showable
from huimin_flow.model.core.values import value
from huimin_flow.model.evidence import OwnEvidence
from huimin_flow.model.extensions import Extension, own_before
from huimin_flow.model.items import Item, OwnField
from huimin_flow.rules.extensions import asking
from huimin_flow.settings.extensions import in_force
from huimin_flow.states.authority import authorize
from huimin_flow.store.core import repository
from huimin_flow.store.extensions import keep_own

#: By a type of JSON Schema and its format, the kind of an input.
_KINDS: Mapping[tuple[str, str], FieldKind] = {
    ("boolean", ""): FieldKind.YES_NO,
    ("integer", ""): FieldKind.WHOLE,
    ("string", "date"): FieldKind.DAY,
    ("string", "date-time"): FieldKind.MOMENT,
}


@value
class OwnEntry:
    """An own field that may be entered, as the model of its extension declares it.

    ``key`` is ``extension.field``. ``label`` is the title in the model, and
    ``english`` its ``english`` in ``json_schema_extra``. ``choices`` are the words of
    an enumeration. ``text`` is the present value as people enter it, "" for none.
    ``schema`` is the JSON Schema of the field.
    """

    key: str
    label: str
    english: str
    kind: FieldKind
    required: bool
    schema: Mapping[str, Any]
    choices: tuple[str, ...] = ()
    text: str = ""


@question
def own(work: Work, number: str) -> tuple[OwnEntry, ...]:
    """Return the own fields of all extensions in force, with an item's values.

    An extension that is not installed has none to enter.

    Raises:
        NotFound: if no item has the number.

    """
    item = repository.item(work.connection, number)
    known = {each.key: each.text for each in item.own}
    try:
        forced = in_force(work.rulebook, work.extensions)
    except StepRefused:
        forced = ()
    return tuple(entry for each in forced for entry in _entries(each.extension, known))


def needed(work: Work) -> Mapping[Step, frozenset[str]]:
    """Return by step the own fields that are required, and that a guard may look at.

    These are fields of extensions in force which have a guard for that step.
    """
    try:
        forced = in_force(work.rulebook, work.extensions)
    except StepRefused:  # every act says it
        return {}
    keys: dict[Step, frozenset[str]] = {}
    for each in forced:
        entries = _entries(each.extension, {})
        required = frozenset(entry.key for entry in entries if entry.required)
        for step in each.extension.guards if required else ():
            keys[step] = keys.get(step, frozenset()) | required
    return keys


def _entries(extension: Extension, known: Mapping[str, str]) -> Iterable[OwnEntry]:
    if extension.fields is None:
        return
    schema = extension.fields.model_json_schema()
    for name, declared in schema.get("properties", {}).items():
        described = {**declared, **_referred(declared, schema)}
        key = f"{extension.name}.{name}"
        label = str(described.get("title") or name)
        kind = (str(described.get("type", "string")), str(described.get("format", "")))
        yield OwnEntry(
            key=key,
            label=label,
            english=str(described.get("english") or label),
            kind=_KINDS.get(kind, FieldKind.TEXT),
            required=name in schema.get("required", ()),
            schema=described,
            choices=tuple(map(str, described.get("enum") or ())),
            text=known.get(key, ""),
        )


def _referred(declared: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a reference, or the one type beside null, says of a field."""
    options = [each for each in declared.get("anyOf", ()) if each.get("type") != "null"]
    found = dict(options[0]) if options else dict(declared)
    name = str(found.pop("$ref", "")).rpartition("/")[2]
    return {**schema.get("$defs", {}).get(name, {}), **found} if name else found


@act(Step.ANNOTATE)
def annotate(
    work: Work,
    number: str,
    own: Mapping[str, str],
    *,
    by: Actor = ACTING,
    version: int | None = None,
) -> Item:
    """Enter own fields of an item, by ``extension.field``; the others stay.

    A text is read as the model of the extension says: 5, true, 2027-05-01, or JSON for
    a list. An empty one clears the field. What is entered is public: it may name no
    person.

    Raises:
        InputRefused: for an unknown field, or a text that the model does not accept.
        NotFound: if no item has the number.
        StepRefused: if nothing changes, or an extension is not installed or not in
            force.

    """
    item = repository.item(work.connection, number)
    by_whom = acting_as(work, by)
    lacking = authorize(
        by_whom.actor, Step.ANNOTATE, item.unit, item.area, by_whom.organization,
        day=by_whom.day,
    )  # fmt: skip
    if lacking:  # who may not enter any is told no names
        raise StepRefused(lacking)
    forced = {
        each.extension.name: each.extension
        for each in in_force(work.rulebook, work.extensions)
    }
    _require_known(own, forced)
    kept = {each.key: each for each in item.own}
    for name, extension in forced.items():
        entered = {
            key.partition(".")[2]: text
            for key, text in own.items()
            if key.partition(".")[0] == name
        }
        if entered:
            kept = {
                key: each for key, each in kept.items() if key.partition(".")[0] != name
            } | _accepted(extension, item, entered)
    changed = tuple(kept[key] for key in sorted(kept))
    evidence = OwnEvidence(
        keys=tuple(own_before(item.own, changed)),
        in_force=frozenset(work.rulebook.extensions),
    )
    changes = {"own": changed}
    made = advance(
        work, item, Step.ANNOTATE, evidence, by=by, changes=changes, version=version
    )
    keep_own(work.connection, made)
    return made


def _require_known(own: Mapping[str, str], forced: Mapping[str, Extension]) -> None:
    """Refuse keys that no extension in force has.

    Raises:
        StepRefused: for those of an extension that the rulebook does not name.
        InputRefused: for another one.

    """
    keys = [key for extension in forced.values() for key in extension.keys]
    for key in own:
        name = key.partition(".")[0]
        if name and "." in key and name not in forced:
            raise StepRefused(ExtensionCode.NOT_IN_FORCE, extension=showable(name))
        if key not in keys:
            code = ExtensionCode.FIELD_UNKNOWN
            raise InputRefused(code, given=showable(key), names=sorted(keys))


def _accepted(
    extension: Extension, item: Item, entered: Mapping[str, str]
) -> dict[str, OwnField]:
    """Return all own fields of an extension after some were entered, by key."""
    before = {
        each.key.partition(".")[2]: each.text
        for each in item.own
        if each.key in extension.keys
    }
    texts: dict[str, Any] = {}
    for name, text in {**before, **entered}.items():
        key = f"{extension.name}.{name}"
        written = accepted(text, key, lines=True)
        if written:
            texts[name] = _parsed(written)
    model: Any = extension.fields
    if not texts:
        return {}
    try:
        with asking(extension.name):
            checked = model.model_validate(texts)
            plain = checked.model_dump(mode="json", include=set(texts))
    except ValidationError as failure:
        error = failure.errors(include_url=False, include_input=False)[0]
        given = ".".join((extension.name, *map(str, error["loc"][:1])))
        code = ExtensionCode.FIELD_UNFIT
        raise InputRefused(code, given=given, detail=error["msg"]) from None
    except KeyboardInterrupt:
        raise
    except BaseException as failure:  # of a validator of the host's
        detail, name = type(failure).__name__, extension.name
        code = ExtensionCode.FIELD_UNFIT
        raise InputRefused(code, given=name, detail=detail) from failure
    made = {}
    for name, kept in plain.items():
        key = f"{extension.name}.{name}"
        own = tuple(kept) if isinstance(kept, list) else kept
        if not _is_kept(own):
            detail = type(kept).__name__
            raise InputRefused(ExtensionCode.FIELD_UNFIT, given=key, detail=detail)
        made[key] = _public(OwnField(key=key, value=own))
    return made


def _public(made: OwnField) -> OwnField:
    """Return an own field of which everybody may read every text.

    What was entered was looked at before; a model may make another text of it, and so
    do the escapes of JSON.

    Raises:
        InputRefused: as ``accepted``.

    """
    kept = made.value
    if isinstance(kept, tuple):
        kept = tuple(accepted(part, made.key, lines=True) for part in kept)
    elif isinstance(kept, str):
        kept = accepted(kept, made.key, lines=True)
    accepted(made.text, made.key, lines=True)  # all of a list is not too long
    return replace(made, value=kept)


def _parsed(text: str) -> Any:
    """Return a text, or the list of texts that its JSON describes."""
    if text.startswith("["):
        try:
            listed = json.loads(text)
        except (ValueError, RecursionError):
            return text
        if isinstance(listed, list):
            return [
                part if isinstance(part, str) else json.dumps(part) for part in listed
            ]
    return text


def _is_kept(plain: Any) -> bool:
    """Tell whether an event can hold a value: a text, a whole number, yes or no."""
    if isinstance(plain, tuple):
        return all(type(part) is str for part in plain)
    if type(plain) is int:
        return abs(plain) <= GREATEST
    return type(plain) in {str, bool}
