"""A month's questions and pages on running items beside a bare loop that reads as much.

The bare loop reads each item's title and plan and its reports of the month, by the
same indexes, and parses their JSON; it judges nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from time import process_time
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, update

from bench import worlds
from bench.harness import Line, Size, Variant, compare, figure, run, turns
from huimin_flow.catalogue.terms import State, StreamKind, UnitKind
from huimin_flow.clock import at_hour
from huimin_flow.flow.core.door import door_of
from huimin_flow.reports import pages
from huimin_flow.reports.units import unit_page
from huimin_flow.shell.pages import made
from huimin_flow.store.core.history import HEAD
from huimin_flow.store.core.tables import (
    COUNTERS,
    EVENTS,
    ITEMS,
    PROGRESS,
)
from huimin_flow.testing import Desk, rehearsal
from huimin_flow.timetable.ledger import tick

MONTH = "2023-11"
UNIT = "500101"

#: The milliseconds that each question may take with 10,000 running items.
BOUND = 500

#: How many rows one insert has.
_AT_ONCE = 5_000


def build(desk: Desk, count: int) -> str:
    """Add ``count`` items that run, and their reports of ``MONTH``; return the first.

    An item is assigned through the engine, and ``copy`` adds the others.
    """
    number = desk.bring(State.ASSIGNED).number
    desk.clock.set(at_hour(date(2023, 11, 25), 10))
    desk.report(number)
    copy(desk, number, count)
    return number


def copy(
    desk: Desk,
    number: str,
    count: int,
    *,
    first: int = 500_001,
    units: Sequence[str] = (),
) -> None:
    """Copy the rows of an item of ``UNIT`` under other numbers, from ``first``.

    The copies are of ``units`` in turns, by default of the districts. Their chains
    don't verify.
    """
    if not units:
        known = desk.flow.rulebook.active().organization.units_on(desk.today())
        units = [unit.code for unit in known if unit.kind is UnitKind.DISTRICT]
    numbers = [f"2023-{k:06d}" for k in range(first, first + count)]
    door_of(desk.flow).perform(
        lambda work: _copy(work.connection, number, units, numbers)
    )


def _copy(
    connection: Connection, number: str, units: Sequence[str], numbers: list[str]
) -> None:
    """Insert the copies of an item's row, events and one report."""

    def rows_of(table: Table, column: str, name: str) -> list[dict[str, Any]]:
        query = select(table).where(table.c[column] == name)
        return list(map(dict, connection.execute(query).mappings()))

    ((item,), (report,)) = (
        rows_of(ITEMS, "number", number),
        rows_of(PROGRESS, "item", number),
    )
    events = rows_of(EVENTS, "stream", StreamKind.ITEM.key(number))
    counter = COUNTERS.c.name == HEAD
    head = connection.execute(select(COUNTERS.c.value).where(counter)).scalar_one()
    line = connection.execute(select(func.max(PROGRESS.c.line))).scalar_one()
    rows: dict[Table, list[dict[str, Any]]] = {ITEMS: [], EVENTS: [], PROGRESS: []}
    for k, other in enumerate(numbers):
        unit = units[k % len(units)]
        own = {number: other, f'"unit":"{UNIT}"': f'"unit":"{unit}"'}
        body = _replaced(item["body"], own)
        rows[ITEMS].append({**item, "number": other, "unit": unit, "body": body})
        for event in events:
            head += 1
            stream = StreamKind.ITEM.key(other)
            header = _replaced(bytes(event["header"]).decode(), own).encode()
            placed = {**event, "stream": stream, "position": head, "header": header}
            del placed["id"]
            rows[EVENTS].append(placed)
        rows[PROGRESS].append({**report, "item": other, "line": line + k + 1})
    for table, copies in rows.items():
        for start in range(0, len(copies), _AT_ONCE):
            connection.execute(insert(table), copies[start : start + _AT_ONCE])
    connection.execute(update(COUNTERS).where(counter).values(value=head))


def _replaced(text: str, own: dict[str, str]) -> str:
    for old, new in own.items():
        text = text.replace(old, new)
    return text


def bare_read(path: Path, unit: str | None = None) -> int:
    """Read and parse every running item's row and its reports; return their number."""
    with sqlite3.connect(path) as connection:
        mine = "" if unit is None else " AND i.unit = :unit"
        rows = connection.execute(
            "SELECT i.body, p.task, p.indicator, p.value FROM huimin_item AS i"
            " LEFT JOIN huimin_progress AS p ON p.item = i.number AND p.month = :month"
            f" WHERE i.state = 'assigned'{mine} ORDER BY i.number",
            {"month": MONTH, "unit": unit},
        )
        return len([json.loads(body)["plan"] for body, *_ in rows])


def measure(size: Size, folder: Path) -> list[Line]:
    """Return the lines of each question, and of the jobs of two months."""
    count = size.pick(10_000, 20)
    path = folder / "running.db"
    with worlds.journal("MEMORY", "OFF"), rehearsal(worlds.url_of(path)) as desk:
        build(desk, count)
        flow = desk.flow
        desk.clock.set(at_hour(date(2023, 12, 8), 10))
        begun = process_time()
        tick(flow, desk.clock.now())
        scored = process_time() - begun
        questions: dict[str, Callable[[], object]] = {
            "sheet": lambda: flow.tasks.sheet(MONTH),
            "sheet of a unit": lambda: flow.tasks.sheet(MONTH, unit=UNIT),
            "owing": lambda: flow.tasks.owing(MONTH),
            "owing of a unit": lambda: flow.tasks.owing(MONTH, unit=UNIT),
            "year of a unit": lambda: flow.tasks.year(UNIT, 2023),
            "month page": lambda: made(flow, pages.month_page, MONTH, folder),
            "unit page": lambda: made(flow, unit_page, UNIT, folder),
            "to-dos of the office": lambda: flow.people.todo(desk.office),
        }
        variants = [
            *(
                Variant(name, lambda _, ask=ask: ask())  # type: ignore[misc]
                for name, ask in questions.items()
            ),
            Variant("bare", lambda _: bare_read(path)),
            Variant("bare of a unit", lambda _: bare_read(path, UNIT)),
        ]
        samples = turns(variants, size.blocks)
    lines = []
    for name in questions:
        title = f"{name}, {count:,} running items"
        bare = "bare of a unit" if name.endswith("unit") else "bare"
        spent = [sample.cpu * 1e3 for sample in samples[name]]
        lines += [
            compare(title, samples, name, bare, by="CPU"),
            figure(title, spent, "ms", by="CPU", bound=BOUND),
        ]
    title = f"jobs of two months, {count:,} running items"
    return [*lines, figure(title, [scored], "s", by="CPU")]


if __name__ == "__main__":
    run(measure)
