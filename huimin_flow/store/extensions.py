"""The own fields of items by key and text, so that a search reads an index (E1).

The value itself stands in the item's body; these rows follow from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy import select

from huimin_flow.store.core.tables import OWN_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from huimin_flow.model.items import Item

#: A longer text is found by its first characters: an index has a greatest entry.
LONGEST: Final = 200


def own_rows(item: Item) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the rows of an item's own fields, by item and key.

    The audit compares the stored rows with them.
    """
    return {
        (item.number, each.key): {
            "item": item.number,
            "key": each.key,
            "text": each.text[:LONGEST],
        }
        for each in item.own
    }


def keep_own(connection: Connection, item: Item) -> None:
    """Replace the rows of an item's own fields, in the act that changes them.

    Another step of the item touches no row here.
    """
    of_item = OWN_FIELDS.c.item == item.number
    connection.execute(sa.delete(OWN_FIELDS).where(of_item))
    rows = list(own_rows(item).values())
    if rows:
        connection.execute(sa.insert(OWN_FIELDS), rows)


def having(
    column: sa.ColumnElement[str], own: tuple[tuple[str, str], ...]
) -> Iterator[sa.ColumnElement[bool]]:
    """Yield a condition for each own field that an item must have.

    ``own`` has pairs of a key and the text that people enter; it must be equal.
    """
    for key, text in own:
        fitting = select(OWN_FIELDS.c.item).where(
            OWN_FIELDS.c.key == key, OWN_FIELDS.c.text == text[:LONGEST]
        )
        yield column.in_(fitting)
