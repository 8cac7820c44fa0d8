"""Appeals are found by their keys, however many there are."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Connection

from huimin_flow.flow.core.door import door_of
from huimin_flow.settings import config_folder, load_rulebook
from huimin_flow.store.core import facts
from huimin_flow.store.sensing import appeals, tallies
from huimin_flow.testing import Desk
from tests.statements import recorded_with_values
from tests.store.scoring.test_months import WALK, _plan

Asks = Callable[[Connection, list[tuple[str, str]], str], object]

UNITS = load_rulebook(config_folder()).organization

ASKED: dict[str, Asks] = {
    "which are known": lambda c, pairs, _: facts.known_keys(c, pairs),
    "where they hang": lambda c, pairs, _: tallies.linked_to(c, pairs),
    "how often an item's repeat": lambda c, _, number: tallies.tally(c, number, UNITS),
    "an item's newest": lambda c, _, number: appeals.of_item(c, number, 20),
}


@pytest.mark.parametrize("asks", ASKED.values(), ids=ASKED)
def test_no_question_about_some_appeals_reads_them_all(asks: Asks, desk: Desk) -> None:
    number = desk.collect().number
    desk.link_appeals(number, 30)

    def walks(connection: Connection) -> list[str]:
        if connection.dialect.name == "postgresql":
            # So small a table would be walked though there is an index.
            connection.exec_driver_sql("SET enable_seqscan = off")
        pairs = [
            (row["channel"], row["key"])
            for row in tallies.appeals_of(connection, number)
        ]
        assert len(pairs) == 30
        with recorded_with_values(connection) as statements:
            asks(connection, pairs, number)
        assert statements
        return [
            f"{line}\n{text}"
            for text, values in statements
            for line in _plan(connection, text, values)
            if WALK.search(line)
        ]

    assert door_of(desk.flow).read(walks) == []


@pytest.mark.parametrize("asks", ASKED.values(), ids=ASKED)
def test_a_question_about_an_item_takes_as_many_steps_among_many_voices(
    asks: Asks, file_desk: Desk
) -> None:
    """A step is one instruction of SQLite: a row that is read takes several."""
    desk = file_desk
    number = desk.collect().number
    desk.flow.appeals.add_all(desk.appeals(500), by=desk.office)
    desk.link_appeals(number)
    desk.flow.appeals.add_all(desk.appeals(500), by=desk.office)
    pairs = door_of(desk.flow).read(
        lambda c: [
            (row["channel"], row["key"]) for row in tallies.appeals_of(c, number)
        ]
    )

    def steps(connection: Connection) -> int:
        driver: Any = connection.connection.driver_connection
        counted = count()

        def step() -> None:
            next(counted)

        asks(connection, pairs, number)  # what is compiled once is not counted
        driver.set_progress_handler(step, 1)
        asks(connection, pairs, number)
        driver.set_progress_handler(None, 1)
        return next(counted)

    among_thousand = door_of(desk.flow).read(steps)
    desk.flow.appeals.add_all(desk.appeals(9_000), by=desk.office)
    assert len(pairs) == 25
    assert door_of(desk.flow).read(steps) == among_thousand > 25


@pytest.mark.parametrize(
    "strange", ["'", '"', "\\", "甲\u3000乙", "[1]", "$[0]", "%", "?"]
)
def test_a_key_with_any_character_is_found_as_it_is(strange: str, desk: Desk) -> None:
    number = desk.collect().number
    desk.link_appeals(number, 1)
    pair = ("media", f"{strange}-1")
    known = door_of(desk.flow).read(
        lambda c: facts.known_keys(c, [pair, ("media", strange)])
    )
    assert known == set()
    [row] = door_of(desk.flow).read(lambda c: tallies.appeals_of(c, number))
    mine = (row["channel"], row["key"])
    asked = [(strange, strange), mine, (mine[0], mine[1] + strange)]
    assert door_of(desk.flow).read(lambda c: facts.known_keys(c, asked)) == {mine}
