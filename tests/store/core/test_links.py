"""The items that came of an item are found by an index."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from huimin_flow.catalogue.terms import State
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.items import Item
from huimin_flow.store.core.repository import linked_items
from huimin_flow.testing import Desk

LINKS = ("continues", "responds_to", "arises_from", "split_from")


def test_links_are_found_without_reading_every_item(desk: Desk) -> None:
    number = desk.bring(State.ADJUSTED).number
    _, child = desk.flow.items.carry_over(number, by=desk.operator)
    asked: list[tuple[str, Any]] = []

    def links(connection: sa.Connection) -> list[tuple[str, Item]]:
        sa.event.listen(
            connection,
            "before_cursor_execute",
            lambda _c, _k, query, values, _x, _m: asked.append((query, values)),
        )
        return linked_items(connection, number)

    assert door_of(desk.flow).read(links) == [("continues", child)]
    (query, values), *_ = asked
    if "?" in query:
        plan = door_of(desk.flow).read(
            lambda c: c.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values).all()
        )
        told = [row[-1] for row in plan]
        assert not [one for one in told if one.startswith("SCAN")], told
        for link in (*LINKS, "merged_into"):
            assert [one for one in told if f"huimin_item_{link} " in one], told


def test_each_columns_link_is_that_of_the_body(played: Path) -> None:
    with closing(sqlite3.connect(played / "out" / "demo.db")) as connection:
        query = f"SELECT body, {', '.join(LINKS)} FROM huimin_item"
        rows = connection.execute(query).fetchall()
    assert sum(any(links) for _, *links in rows) > 10
    for body, *links in rows:
        told = json.loads(body)
        assert links == [told.get(one) for one in LINKS]
