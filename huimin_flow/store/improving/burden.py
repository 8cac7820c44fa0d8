"""The acts that posts recorded in some days, and what was asked of units (X4)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, select

from huimin_flow.catalogue.terms import StreamKind, Via
from huimin_flow.clock import at_hour
from huimin_flow.store.core.history import moment_text, raw_bytes
from huimin_flow.store.core.tables import EVENTS


class Done(NamedTuple):
    """An act of a post: of which kind of stream, and of its first event or a later."""

    actor: str
    kind: StreamKind
    first: bool
    unit: str


def acts(connection: Connection, days: tuple[date, date]) -> Iterator[Done]:
    """Yield the acts that people recorded in some days; not those of the service.

    ``unit`` is that of the record that the act is about, "" without one. ``days`` are
    the first day and that after the last.
    """
    first, after = (moment_text(at_hour(day, 0)) for day in days)
    query = select(EVENTS.c.stream, EVENTS.c.n, EVENTS.c.header).where(
        EVENTS.c.at >= first, EVENTS.c.at < after
    )
    for stream, n, header in connection.execute(query):
        kind = StreamKind.parse(stream)[0]
        plain = json.loads(raw_bytes(header))
        if kind is None or plain["via"] == Via.SERVICE.value:
            continue
        held = plain["public"].get("value")
        unit = held.get("unit") if isinstance(held, dict) else None
        yield Done(str(plain["actor"]), kind, n == 1, unit or "")
