"""The fields of a record that an event sets: the laws 7 and 9 of ``acts``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from huimin_flow.audit.ledger import Ledger
from huimin_flow.catalogue.terms import Flaw, StreamKind
from huimin_flow.clock import local_day
from huimin_flow.model.core.events import Event
from huimin_flow.streams import STREAMS

#: By kind of record, its fields.
_FIELDS: Final[Mapping[StreamKind, frozenset[str]]] = {
    kind: frozenset(field.name for field in fields(stream.value))
    for kind, stream in STREAMS.items()
    if stream.record and stream.value is not None
}

#: Fields that name the author of a part.
_AUTHORS: Final = frozenset(
    name for names in _FIELDS.values() for name in names if name.endswith("by")
) - {"confirmed_by"}

#: By kind of record, the fields that name the day of a step. Others are days that an
#: actor names: of a meeting, of a call to a citizen, of a point that was there before.
_DAYS: Final[Mapping[StreamKind, frozenset[str]]] = {
    kind: frozenset(name for name in names if name.endswith("_on"))
    - {"held_on", "called_back_on"}
    for kind, names in _FIELDS.items()
    if kind is not StreamKind.POINT
}

#: Fields that every step of a record sets.
_ALWAYS_SET: Final = frozenset({"version", "state"})


def hold_fields(
    ledger: Ledger, event: Event, kind: StreamKind, place: str, before: Any, after: Any
) -> None:
    """Check what an event changes of a record: only what its step may set.

    What names an author is the actor, what names the day of the step is that day.
    """
    declared, public, day = STREAMS[kind], event.public, local_day(event.at)
    stated = (public["kind"], after.key, after.version)
    if stated != (type(after).__name__, event.stream, event.n):
        ledger.flag(Flaw.ILLEGAL_EVENT, place, stated, law="acts 7")
    sets = None if before is None else declared.life.sets(event.step, event.source)
    for name in (field.name for field in fields(after)):
        now = getattr(after, name)
        if before is not None and now == getattr(before, name):
            continue
        where = f"{place} {name}"
        unexpected = sets is not None and name not in sets | _ALWAYS_SET
        if unexpected or (name in _AUTHORS and now not in {"", event.actor}):
            ledger.flag(Flaw.ILLEGAL_EVENT, where, now, law="acts 7")
        if name in _DAYS.get(kind, frozenset()) and now not in {None, day}:
            ledger.flag(Flaw.ILLEGAL_EVENT, where, now, law="acts 9")
        if name == "confirmed_by" and now != public.get("confirmed_by", ""):
            ledger.flag(Flaw.SECOND_PERSON_MISSING, where, now, law="acts 7")
