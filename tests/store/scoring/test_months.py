"""What a month's figures read is found by index, however much history there is."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from bench.running import build
from huimin_flow.catalogue.terms import State
from huimin_flow.clock import at_hour
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.core.periods import month_bounds
from huimin_flow.rules.scoring.measuring import COUNTED
from huimin_flow.store.executing.running import run_histories
from huimin_flow.store.scoring import months
from huimin_flow.store.services import follow_ups
from huimin_flow.testing import Desk
from tests.flow.scoring.test_scores import month_of_data
from tests.statements import recorded_with_values

PERIOD, CUT = "2023-10", 40
EVERY_PART = {part for _, parts in COUNTED.values() for part in parts}

WALK = re.compile("SCAN huimin_|Seq Scan on huimin_")
LARGE = re.compile(r"SEARCH huimin_(appeal|rating|rating_month|progress|event)\b")

#: What SQLite must say of a search in each of the tables that grow for ever.
BOUNDS = {
    "appeal": ("(at>? AND at<?)",),
    "rating": ("(at<?)", "(at>? AND at<?)", "(transaction=?)"),
    "rating_month": ("(month=?",),
    "progress": ("(item=?",),
    "event": ("(stream=?", "(step=?"),
}


def _asked(connection: Connection) -> list[tuple[str, Any]]:
    """Return the statements by which a month is counted, paced and held late."""
    first, last = month_bounds(PERIOD)
    with recorded_with_values(connection) as asked:
        months.month_facts(connection, PERIOD, CUT, EVERY_PART)
        list(
            follow_ups.acts_on_bad_ratings(
                connection, after=last, first=first, since=first, cut=CUT
            )
        )
        months.after_cut(connection, PERIOD, CUT)
    return asked


def _plan(connection: Connection, statement: str, parameters: Any) -> list[str]:
    explain = "EXPLAIN"
    if connection.dialect.name == "sqlite":
        explain = "EXPLAIN QUERY PLAN"
    rows = connection.exec_driver_sql(f"{explain} {statement}", parameters)
    return [str(row[-1]) for row in rows]


def test_no_table_is_walked_from_end_to_end(desk: Desk) -> None:
    desk.bring(State.ASSIGNED)
    month_of_data(desk, 10)

    def walks(connection: Connection) -> list[str]:
        if connection.dialect.name == "postgresql":
            # So small a table would be walked though there is an index.
            connection.exec_driver_sql("SET enable_seqscan = off")
        return [
            f"{line}\n{statement}"
            for statement, parameters in _asked(connection)
            for line in _plan(connection, statement, parameters)
            if WALK.search(line)
        ]

    assert door_of(desk.flow).read(walks) == []


def test_no_items_search_passes_all_positions_up_to_the_cut(desk: Desk) -> None:
    """Even a server without statistics enters by the item, not by the position."""
    build(desk, 400)
    cut = door_of(desk.flow).ask(lambda work: work.head)

    def entered(connection: Connection) -> str:
        with recorded_with_values(connection) as asked:
            run_histories(connection, "2023-11", cut)
        return "\n".join(line for each in asked for line in _plan(connection, *each))

    plan = door_of(desk.flow).read(entered)
    assert "huimin_event_position" not in plan
    assert "(position<?)" not in plan


def test_each_large_table_is_entered_by_what_bounds_a_month(file_desk: Desk) -> None:
    """A search by a batch or a position alone would still pass all that came before."""
    file_desk.bring(State.ASSIGNED)
    month_of_data(file_desk, 10)

    def entered(connection: Connection) -> set[str]:
        return {
            line
            for statement, parameters in _asked(connection)
            for line in _plan(connection, statement, parameters)
            if LARGE.search(line)
        }

    lines = door_of(file_desk.flow).read(entered)
    assert {LARGE.search(one)[1] for one in lines} == set(BOUNDS)  # type: ignore[index]
    for line in lines:
        bounds = BOUNDS[LARGE.search(line)[1]]  # type: ignore[index]
        assert any(one in line for one in bounds), line


def test_what_was_recorded_before_the_month_has_left_it_to_the_minute(
    desk: Desk,
) -> None:
    """What is recorded in the first hour of a month's first day ran in it."""
    before, within = (desk.bring(State.ASSIGNED).number for _ in range(2))
    for number, hour in ((before, -1), (within, 0)):
        moment = at_hour(date(2023, 11, 1), 0) + timedelta(hours=hour, minutes=30)
        desk.clock.set(moment)
        desk.execute(number)
    histories = door_of(desk.flow).read(lambda c: run_histories(c, "2023-11", None))
    assert list(histories) == [within]
    assert [one.item for one in desk.flow.tasks.sheet("2023-11")] == [within]
