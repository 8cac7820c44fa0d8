"""What no header of this engine says: each is held against how one is written.

Whoever re-seals a stream can make its hashes right; these laws are what a header
must keep besides, whatever its leaf.

1. Its bytes are canonical JSON, in this engine's own order.
2. Nothing happened after it was recorded.
3. Stamps don't go back: not at all under one writer, not by a day under several.
4. A production database records nothing that is still to come.
5. A verdict can be read.
6. Its public part names only what its kind of stream may name.
7. Its step is one of the stream's life, from where the stream stood to where its
   value then stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from huimin_flow.audit.ledger import Ledger
from huimin_flow.catalogue.terms import Flaw, StreamKind, Via
from huimin_flow.clock import local_day
from huimin_flow.model.event import Event
from huimin_flow.model.plain import from_plain
from huimin_flow.model.verdict import Verdict
from huimin_flow.store import history
from huimin_flow.streams import STREAMS

#: How far a stamp may lie behind an earlier one where several machines write: a
#: clock that is wrong by more is refused before anything is written.
_SKEW = timedelta(days=1)


def hold_header(
    ledger: Ledger, stored: history.Stored, event: Event, place: str
) -> None:
    """Hold a header against how one is written, and its days against each other.

    ``ledger.latest`` tells the latest stamp before it.

    Raises:
        ValueError: if it holds what canonical JSON lacks.

    """
    if history.header_of(event) != stored.header:
        ledger.found(Flaw.HEADER_ALTERED, f"{place} header", law="headers 1")
    if event.occurred_on > local_day(event.at):
        ledger.found(
            Flaw.HEADER_ALTERED,
            f"{place} occurred_on",
            event.occurred_on,
            law="headers 2",
        )
    if ledger.purpose == "production" and event.at > ledger.now + _SKEW:
        at = history.moment_text(ledger.now)
        ledger.found(Flaw.HEADER_ALTERED, f"{place} at", f"≤ {at}", law="headers 4")
    latest = ledger.latest[-1] if ledger.latest else ""
    if history.moment_text(event.at) < latest:
        one_writer = ledger.connection.dialect.name == "sqlite"
        if one_writer or history.moment_of(latest) - event.at > _SKEW:
            ledger.found(
                Flaw.HEADER_ALTERED, f"{place} at", f"≥ {latest}", law="headers 3"
            )


def hold_told(ledger: Ledger, event: Event, place: str) -> None:
    """Hold what an event tells besides its step against what can be told."""
    Via(event.via)
    try:
        if event.verdict is not None:
            from_plain(Verdict, event.verdict)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        ledger.found(Flaw.HEADER_UNREADABLE, f"{place} verdict", error, law="headers 5")
    kind, _ = StreamKind.parse(event.stream)
    if kind is None:
        raise ValueError(event.stream)
    strange = set(event.public) - STREAMS[kind].fields
    if strange:
        ledger.found(
            Flaw.HEADER_ALTERED, f"{place} public", min(strange), law="headers 6"
        )
    if kind is not StreamKind.ITEM:
        for name in _misled(ledger, event, kind):
            ledger.found(
                Flaw.ILLEGAL_EVENT,
                f"{place} {name}",
                getattr(event, name),
                law="headers 7",
            )
        ledger.targets[event.stream] = event.target


def _misled(ledger: Ledger, event: Event, kind: StreamKind) -> Iterator[str]:
    """Yield which of a record's step, source and target can't be."""
    life = STREAMS[kind].life
    standing = ledger.targets.get(event.stream, life.begins)
    source = None if standing is None else str(standing)
    if event.step not in life.steps:
        yield "step"
    if event.source != source:
        yield "source"
    value = event.public.get("value")
    state = value.get("state", event.target) if isinstance(value, Mapping) else None
    strange = (event.step, source, event.target) not in life.roads
    if strange or (STREAMS[kind].record and event.target != state):
        yield "target"
