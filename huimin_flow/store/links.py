"""Which items came of an item: its links walked downward."""

from __future__ import annotations

import json

from sqlalchemy import Connection, or_, select

from huimin_flow.model.item import Item
from huimin_flow.model.plain import from_plain
from huimin_flow.states.table import ENDS
from huimin_flow.store.repository import ITEMS

#: The fields by which an item names another one above it, each with its index.
ABOVE = ("continues", "responds_to", "arises_from", "split_from", "merged_into")


def linked_items(connection: Connection, number: str) -> list[tuple[str, Item]]:
    """Return the items that name this one, each with the field that does."""
    query = (
        select(ITEMS.c.body)
        .where(or_(*(ITEMS.c[field] == number for field in ABOVE)))
        .order_by(ITEMS.c.number)
    )
    found = [
        from_plain(Item, json.loads(body))
        for body in connection.execute(query).scalars()
    ]
    return [
        (field, one)
        for one in found
        for field in ABOVE
        if getattr(one, field) == number
    ]


def open_successor(connection: Connection, number: str) -> str | None:
    """Return the number of the item that continues this one and has not ended."""
    for field, one in linked_items(connection, number):
        if field == "continues" and one.state not in ENDS:
            return one.number
    return None
