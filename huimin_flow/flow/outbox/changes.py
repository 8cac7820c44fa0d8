"""The feed of changes: what was recorded, in the order of commits, without gaps (E1).

1. Every event is a change, and every batch of facts is one event. Positions are given
   under a lock after the order is certain: who reads on after the last position that
   they got misses nothing. Who reads by serial numbers does, on PostgreSQL.
2. A change says what was done with what. Its data has only values that can't name a
   person: codes, numbers, days, names of streams. A free text never leaves by the feed,
   also that of a kind of stream to come: what may leave is listed here, by its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

import orjson

from huimin_flow.catalogue.reasons import OutboxCode
from huimin_flow.catalogue.terms import Argument, Duty, StreamKind, Term
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.arguments import types_of
from huimin_flow.flow.core.reads import fit_limit
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.changes import Cursor, FeedChange
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import showable
from huimin_flow.store import outbox
from huimin_flow.store.core.history import moment_of, moment_text, raw_bytes
from huimin_flow.streams import STREAMS

#: Fields of texts and of whole numbers that are codes, keys, days or counts.
_TEXTS: Final = frozenset(
    {
        *("about", "act", "appeal", "arises_from", "channel", "continues"),
        *("deliberation", "destination", "digest", "district", "due", "edition"),
        *("for_unit", "former"),
        *("item", "job", "key", "kind", "merged_into", "moment", "number", "period"),
        *("purpose", "ran", "reason_code", "responds_to", "root", "rulebook"),
        *("split_from", "successor", "task", "third_party", "timetable", "town"),
        *("unit"),
    }
)

#: Fields of several such texts.
_LISTS: Final = frozenset(
    {"agenda", "children", "ended", "items", "months", "stale", "unmoved", "units"}
)

#: The counts of events without a value, batches and jobs; their other fields are texts.
_COUNTS: Final = frozenset(
    {"batch", "count", "known", "cut", "late_seconds", "writers", "repeats"}
)

#: The fields of which a change has only the units, and only the item: who owes what,
#: who has appeals to answer, what a proposal rests on.
_OWING: Final = "owing"
_HELD: Final = "held_by"
_RESTS: Final = "rests"

#: The names of consumers and destinations.
NAME: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}", re.ASCII)


@question
def changes_after(
    work: Work,
    after: int = 0,
    *,
    kinds: tuple[StreamKind, ...] = (),
    limit: int = 500,
) -> tuple[FeedChange, ...]:
    """Return the changes after a position, oldest first, at most 1000.

    0 is before the first. ``kinds`` selects some kinds of streams. Who goes on after
    the position of the last one gets each change once, in the order of commits.

    Raises:
        InputRefused: for a limit outside 1–1000.

    """
    fit_limit(limit)
    named = [kind.value for kind in kinds]
    rows = outbox.feed(work.connection, after, named, limit)
    return tuple(changes_of(work, rows))


def changes_of(work: Work, rows: Sequence[Any]) -> Iterator[FeedChange]:
    """Yield the changes of rows of events: see ``store.outbox.feed``.

    A header that a manual edit made unreadable leaves its change without data, and
    stops no reader: the audit reports it.
    """
    about = []
    for position, stream, step, target, at, header, leaf in rows:
        kind = StreamKind.parse(stream)[0]
        if kind is not None:
            try:
                data = _data_of(kind, orjson.loads(raw_bytes(header))["public"])
            except (ValueError, LookupError, TypeError, AttributeError):
                data = {}
            item = _item_of(kind, stream, data)
            about.append(
                (position, stream, step, target, at, raw_bytes(leaf), kind, data, item)
            )
    asked = {item for *_, data, item in about if item and "unit" not in data}
    owners = outbox.owners(work.connection, sorted(asked))
    for position, stream, step, target, at, key, kind, data, item in about:
        yield FeedChange(
            position=position,
            key=key.hex(),
            kind=kind,
            stream=stream,
            step=step,
            state=target,
            at=moment_of(at),
            unit=data.get("unit") or owners.get(item),
            data=data,
        )


def _item_of(kind: StreamKind, stream: str, data: Mapping[str, Any]) -> str:
    """Return the number of the item that a change is about, "" for none."""
    number = StreamKind.parse(stream)[1] if kind is StreamKind.ITEM else ""
    return number or str(data.get("item") or "")


def _data_of(kind: StreamKind, public: Mapping[str, Any]) -> dict[str, Any]:
    """Return what leaves of the public part of an event."""
    allowed = _fields_of(kind)
    if STREAMS[kind].record:
        whole = public["value"]
    else:
        whole = {**public.get("changes", {}), **public}
    data = {name: whole[name] for name in allowed if name in whole}
    if _OWING in whole:
        data["units"] = sorted({line["unit"] for line in whole[_OWING]})
    if _HELD in whole:
        data["units"] = list(whole[_HELD])
    if _RESTS in whole:
        data["item"] = whole["values"].get("item")
    return data


@cache
def _fields_of(kind: StreamKind) -> dict[str, Any]:
    """Return the fields of a kind's data with their types, in the order of names."""
    declared = STREAMS[kind]
    hints = {} if declared.value is None else types_of(declared.value)
    named = dict(hints)
    if not declared.record:
        named = {name: int if name in _COUNTS else str for name in declared.fields}
        changes = "changes" in declared.fields
        named |= {name: hints[name] for name in hints if changes or name in named}
    fields = {name: hint for name, hint in named.items() if _may_leave(name, hint)}
    if _OWING in hints or _HELD in declared.fields:
        fields["units"] = tuple[str, ...]
    if _RESTS in hints:
        fields["item"] = str | None
    return dict(sorted(fields.items()))


def _may_leave(name: str, hint: Any) -> bool:
    """Tell whether no value of a field can name a person, by its type and its name."""
    if get_origin(hint) is Annotated:
        return _may_leave(name, get_args(hint)[0])
    if get_origin(hint) in {Union, UnionType}:
        return all(_may_leave(name, part) for part in get_args(hint))
    if get_origin(hint) in {tuple, frozenset}:
        part = get_args(hint)[0]
        return name in _LISTS if part is str else _is_plain(part)
    return name in _TEXTS if hint is str else hint is NoneType or _is_plain(hint)


def _is_plain(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Term | int | date)


@question
def schema(work: Work, kind: Annotated[StreamKind, Argument.KIND]) -> Mapping[str, Any]:
    """Return the JSON Schema of the changes of a kind of stream."""
    del work
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema_of(kind),
    }


def schema_of(kind: StreamKind) -> dict[str, Any]:
    """Return the JSON Schema of the changes of a kind, for a document of several."""
    text, fields = {"type": "string"}, _fields_of(kind)
    steps = sorted(STREAMS[kind].life.steps)
    known: dict[str, Any] = {
        "position": {"type": "integer", "minimum": 1},
        "key": {**text, "pattern": "^[0-9a-f]{64}$"},
        "kind": {"const": kind.value},
        "stream": {**text, "pattern": f"^{kind.value}(/|$)"},
        "step": {**text, "enum": steps},
        "state": {"type": ["string", "null"]},
        "at": {**text, "format": "date-time"},
        "unit": {"type": ["string", "null"]},
        "data": {
            "type": "object",
            "properties": {name: _schema_of(hint) for name, hint in fields.items()},
            "additionalProperties": False,
        },
    }
    return {
        "title": f"change of {kind.english}",
        "type": "object",
        "properties": known,
        "required": list(known),
        "additionalProperties": False,
    }


def _schema_of(hint: Any) -> dict[str, Any]:
    """Return the JSON Schema of a field's plain values."""
    parts, origin = get_args(hint), get_origin(hint)
    if origin is Annotated:
        return _schema_of(parts[0])
    if origin in {Union, UnionType}:
        inner = [_schema_of(part) for part in parts if part is not NoneType]
        return {"anyOf": [*inner, {"type": "null"}]}
    if origin in {tuple, frozenset}:
        return {"type": "array", "items": _schema_of(parts[0])}
    if issubclass(hint, Term):
        return {"enum": [term.value for term in hint]}
    if issubclass(hint, date):
        shape = "date-time" if issubclass(hint, datetime) else "date"
        return {"type": "string", "format": shape}
    return {"type": {bool: "boolean", int: "integer", str: "string"}[hint]}


@question
def cursors(work: Work) -> tuple[Cursor, ...]:
    """Return how far each consumer has read the feed, by its name."""
    head = work.head
    return tuple(
        Cursor(
            consumer=consumer, position=position, at=moment_of(at), lag=head - position
        )
        for consumer, position, at in outbox.cursors(work.connection)
    )


@act(Duty.SUBSCRIBE)
def acknowledge(
    work: Work,
    consumer: str,
    position: Annotated[int, Argument.CHANGE],
    *,
    by: Actor = ACTING,
) -> Cursor:
    """Keep how far a consumer has read the feed; a cursor never goes back.

    It is kept with no event: each acknowledgement would be a change itself. To read
    again from an earlier position, a consumer needs no cursor.

    Raises:
        InputRefused: for an unfit name, and for a position before the cursor or after
            the last change.
        StepRefused: if the actor lacks the duty.

    """
    work.duty(by, Duty.SUBSCRIBE)
    if not NAME.fullmatch(consumer):
        code, pattern = OutboxCode.NAME_UNFIT, NAME.pattern
        raise InputRefused(code, name=showable(consumer), pattern=pattern)
    head = work.head
    if not 0 <= position <= head:
        raise InputRefused(OutboxCode.CHANGE_UNKNOWN, position=position, head=head)
    at = moment_text(work.now)
    if not outbox.acknowledge(work.connection, consumer, position, at):
        known = {name: place for name, place, _ in outbox.cursors(work.connection)}
        raise InputRefused(
            OutboxCode.CURSOR_BEHIND, consumer=consumer, reached=known[consumer]
        )
    lag = head - position
    return Cursor(consumer=consumer, position=position, at=work.now, lag=lag)
