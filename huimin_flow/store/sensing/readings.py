"""Queries of who read what appeals say (X1)."""

from __future__ import annotations

from sqlalchemy import Connection, select

from huimin_flow.catalogue.terms import RecordStep, StreamKind
from huimin_flow.model.core.values import from_plain
from huimin_flow.model.sensing.reading import ReadBy, Reading
from huimin_flow.store.core.history import event_of, raw_bytes
from huimin_flow.store.core.tables import EVENTS

#: How many events are read at once.
_SLICE = 500


def newest(
    connection: Connection,
    appeal: tuple[str | None, str | None],
    reader: str | None,
    limit: int,
    *,
    full: bool,
) -> tuple[ReadBy, ...]:
    """Return the last readings that fit, newest first; None fits everything."""
    query = select(EVENTS.c.id, EVENTS.c.header).where(
        EVENTS.c.step == RecordStep.READ.value,
        EVENTS.c.stream.like(StreamKind.READING.key("%")),
    )
    found: list[ReadBy] = []
    last: int | None = None
    while len(found) < limit:
        earlier = query if last is None else query.where(EVENTS.c.id < last)
        rows = connection.execute(earlier.order_by(EVENTS.c.id.desc()).limit(_SLICE))
        events = [(row.id, event_of(raw_bytes(row.header))) for row in rows]
        for last, event in events:  # noqa: B007 - the next slice begins before it
            reading = from_plain(Reading, event.public["value"])
            fits = reader in {None, event.actor} and any(
                all(part in {None, own} for part, own in zip(appeal, pair, strict=True))
                for pair in reading.appeals
            )
            if fits and (reading.full or not full) and len(found) < limit:
                found.append(
                    ReadBy(moment=event.at, actor=event.actor, reading=reading)
                )
        if len(events) < _SLICE:
            break
    return tuple(found)
