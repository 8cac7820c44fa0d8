"""Time a month's questions on running items beside a bare loop that reads as much.

The bare loop reads each item's title and plan and its reports of the month, by the
same indexes, and parses their JSON; it judges nothing.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import process_time
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, update

from huimin_flow.catalogue.terms import State, StreamKind, UnitKind
from huimin_flow.clock import at_hour
from huimin_flow.flow.core.door import door_of
from huimin_flow.shell.core import screens
from huimin_flow.store.core.history import HEAD
from huimin_flow.store.core.tables import (
    COUNTERS,
    EVENTS,
    ITEMS,
    PROGRESS,
)
from huimin_flow.testing import Desk, rehearsal
from huimin_flow.timetable.ledger import tick

ITEMS_BUILT = 10_000
ROUNDS = 3
MONTH = "2023-11"
UNIT = "500101"

#: How many rows one insert has.
_AT_ONCE = 5_000


@dataclass(frozen=True, kw_only=True)
class Timed:
    """One question: the CPU seconds of ours and of the bare loop."""

    name: str
    ours: float
    bare: float

    def line(self) -> tuple[str, ...]:
        """Return the line of the printed table."""
        ratio = f"{self.ours / self.bare:.1f}"
        return (self.name, f"{self.ours:.3f}", f"{self.bare:.3f}", ratio)


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
        known = desk.flow.rulebook().organization.units_on(desk.today())
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
    for table, made in rows.items():
        for start in range(0, len(made), _AT_ONCE):
            connection.execute(insert(table), made[start : start + _AT_ONCE])
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


def seconds(work: Callable[[], object]) -> float:
    """Return the least CPU seconds of a few rounds."""
    spent = []
    for _ in range(ROUNDS):
        start = process_time()
        work()
        spent.append(process_time() - start)
    return min(spent)


def measure(folder: Path, count: int) -> list[Timed]:
    """Return the times of each question with ``count`` running items."""
    path = folder / f"running{count}.db"
    with rehearsal(f"sqlite:///{path}") as desk:
        build(desk, count)
        flow = desk.flow
        desk.clock.set(at_hour(date(2023, 12, 8), 10))
        start = process_time()
        tick(flow, desk.clock.now())
        scored = process_time() - start
        every = seconds(lambda: bare_read(path))
        own = seconds(lambda: bare_read(path, UNIT))
        questions: tuple[tuple[str, Callable[[], object], float], ...] = (
            ("sheet", lambda: flow.progress_sheet(MONTH), every),
            ("sheet of a unit", lambda: flow.progress_sheet(MONTH, unit=UNIT), own),
            ("owing", lambda: flow.progress_owing(MONTH), every),
            ("owing of a unit", lambda: flow.progress_owing(MONTH, unit=UNIT), own),
            ("late facts", lambda: flow.late_facts(MONTH), every),
        )
        times = [
            Timed(name=f"{name}, {count} items", ours=seconds(ask), bare=bare)
            for name, ask, bare in questions
        ]
    name = f"jobs of two months, {count} items"
    return [*times, Timed(name=name, ours=scored, bare=every)]


def main() -> None:
    """Measure and print the table."""
    counts = [int(text) for text in sys.argv[1:]] or [1_000, ITEMS_BUILT]
    with tempfile.TemporaryDirectory() as folder:
        lines = [
            timed.line() for count in counts for timed in measure(Path(folder), count)
        ]
    print(screens.table(("question", "ours s", "bare s", "ratio"), lines))


if __name__ == "__main__":
    main()
