"""What still hangs on units: open items and records; and what was transferred (F1)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, select

from huimin_flow.catalogue.terms import RecordStep
from huimin_flow.model.core.values import from_json, from_plain
from huimin_flow.model.items import Item
from huimin_flow.rules.succession import supporters_of, units_of
from huimin_flow.states.table import ENDS
from huimin_flow.store.core.tables import ITEMS, RECORDS
from huimin_flow.store.executing.running import body_names
from huimin_flow.streams import STREAMS

#: By the type of a record: the states in which it can go to another unit.
HANDED_ON = {
    stream.value: {
        arc.source
        for arc in stream.life.arcs
        if arc.step.value == RecordStep.HAND_OVER.value
    }
    for stream in STREAMS.values()
    if stream.record and RecordStep.HAND_OVER.value in stream.life.steps
}


def open_items(
    connection: Connection, units: Collection[str], *, supporting: bool = False
) -> list[Item]:
    """Return the open items of units, or with a task of theirs, by number.

    With ``supporting``, those that they support, too.
    """
    named = (body_names(connection, unit) for unit in sorted(units))
    is_open = ITEMS.c.state.not_in([state.value for state in ENDS])
    query = select(ITEMS.c.body).where(is_open, sa.or_(sa.false(), *named))
    bodies = connection.execute(query.order_by(ITEMS.c.number)).scalars()
    items = (from_json(Item, body) for body in bodies)
    return [
        item
        for item in items
        if not units_of(item).isdisjoint(units)
        or (supporting and not supporters_of(item).isdisjoint(units))
    ]


def open_records(
    connection: Connection, units: Collection[str]
) -> Iterator[tuple[Any, str]]:
    """Yield the records of units that can go to another, with what they are about."""
    for kind, states in HANDED_ON.items():
        if kind is None:
            continue
        query = select(RECORDS.c.body, RECORDS.c.about).where(
            RECORDS.c.kind == kind.__name__
        )
        for body, about in connection.execute(query.order_by(RECORDS.c.key)).all():
            record: Any = from_plain(kind, json.loads(body))
            if record.unit in units and record.state in states:
                yield record, about
