"""The preview and the freeze of the December list among many starred items.

One item of every unit takes the real steps, and its events and row are copied under
new numbers, chained anew.

The limit of the preview reads the same rows from the driver, parses each body, and
sorts and cuts the same figures. The limit of the freeze does that, too, and then
writes the very events and rows that ours wrote, with their JSON and hashes.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from bench import worlds
from bench.harness import Line, Size, Variant, compare, figure, run, turns
from bench.limits import driver, insert, json_of, leaf_of
from huimin_flow.clock import RehearsalClock
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.deciding import freezing
from huimin_flow.testing import MORNING, Desk, rehearsal

#: The year whose list is previewed and frozen.
YEAR = 2024

#: The shipped quota of a unit.
QUOTA = 10

#: The milliseconds that each may take with 100,000 starred items.
BOUNDS = {"preview": 3_000, "freeze": 8_000}

#: The columns of an event that a copy keeps, and then those that it makes anew.
_KEPT = "n, step, target, at, request"
_MADE = "position, stream, header, leaf"


def build(path: Path, items: int) -> None:
    """Make a database with so many starred items, at least one of each unit."""
    with rehearsal(f"sqlite:///{path}") as desk:
        originals = [
            starred(desk, unit.code, k)
            for k, unit in enumerate(desk.flow.rulebook.active().organization.units)
            if unit.code in listing_units(desk)
        ]
    with driver(path) as connection:
        connection.execute("BEGIN IMMEDIATE")
        multiply(connection, originals, items - len(originals))
        connection.execute("COMMIT")


def listing_units(desk: Desk) -> tuple[str, ...]:
    """Return the units that have a list of their own."""
    return desk.flow.rulebook.active().organization.listing_units(desk.today())


def starred(desk: Desk, unit: str, k: int) -> str:
    """Bring an item of a unit to its stars; its figures depend on ``k``."""
    number = desk.collect(f"零工市场缺少候工区{k}", unit).number
    desk.link_appeals(number, 25 + k % 7)
    desk.screen(number)
    desk.judge(number)
    return desk.star(number, 75 + k % 20).number


def multiply(connection: sqlite3.Connection, originals: list[str], copies: int) -> None:
    """Copy the histories and rows of items in turn, under the next numbers."""
    histories = [
        connection.execute(
            f"SELECT {_KEPT}, header FROM huimin_event WHERE stream = ? ORDER BY n",
            (f"item/{number}",),
        ).fetchall()
        for number in originals
    ]
    rows = [
        connection.execute(
            "SELECT * FROM huimin_item WHERE number = ?", (number,)
        ).fetchone()
        for number in originals
    ]
    year, _, last = max(originals).partition("-")
    turns = [
        (k % len(originals), f"{year}-{int(last) + k + 1:06d}") for k in range(copies)
    ]
    query = "SELECT value FROM huimin_counter WHERE name = 'position'"
    position = int(connection.execute(query).fetchone()[0])

    def events() -> Iterator[tuple[Any, ...]]:
        nonlocal position
        for original, number in turns:
            previous = None
            for *kept, header in histories[original]:
                text = header.decode().replace(originals[original], number)
                plain = json.loads(text) | {"previous": previous}
                copy = json_of(plain)
                leaf, position = leaf_of(copy), position + 1
                yield *kept, position, f"item/{number}", copy, leaf
                previous = leaf.hex()

    connection.executemany(
        f"INSERT INTO huimin_event ({_KEPT}, {_MADE}) VALUES (?,?,?,?,?,?,?,?,?)",
        events(),
    )
    marks = ", ".join("?" * len(rows[0]))
    connection.executemany(
        f"INSERT INTO huimin_item VALUES ({marks})",
        (
            [
                value.replace(originals[original], number)
                if isinstance(value, str)
                else value
                for value in rows[original]
            ]
            for original, number in turns
        ),
    )
    counters = [(position, "position"), (int(last) + copies, f"item/{year}")]
    query = "UPDATE huimin_counter SET value = ? WHERE name = ?"
    connection.executemany(query, counters)


def preview(path: Path) -> None:
    """Preview the list."""
    clock = RehearsalClock(MORNING, seed=1)
    with Flow.open(f"sqlite:///{path}", clock=clock, read_only=True) as flow:
        flow.lists.preview(str(YEAR))


def freeze(path: Path) -> None:
    """Freeze the lists, as the timetable does at their cutoff."""
    clock = RehearsalClock(MORNING, seed=1)
    with Flow.open(f"sqlite:///{path}", clock=clock) as flow:
        by = flow.people.actor("scheduler")
        door_of(flow).perform(
            lambda work: freezing.freeze(
                work, YEAR, work.head, work.rulebook, day=work.today, by=by
            )
        )


def preview_alone(path: Path) -> None:
    """Read, parse, sort and cut the same rows without the engine."""
    with closing(sqlite3.connect(path)) as connection:
        choose(connection)


def choose(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
    """Return the strongest items of each unit, as many as its quota."""
    query = "SELECT number, unit, stars, body FROM huimin_item WHERE state = 'starred'"
    figures = []
    for number, unit, stars, body in connection.execute(query):
        plain = json.loads(body)
        benefit, prevalence = float(plain["perceived_benefit"]), plain["prevalence"]
        since = plain["collected_on"]
        figures.append((-stars, -benefit, -prevalence, since, number, unit))
    chosen, counts = [], Counter[str]()
    for ranked in sorted(figures):
        counts[ranked[-1]] += 1
        if counts[ranked[-1]] <= QUOTA:
            chosen.append(ranked)
    return chosen


def freeze_alone(path: Path, done: Path) -> None:
    """Choose, and write what the freeze of ``done`` wrote, in one transaction."""
    with closing(sqlite3.connect(done)) as made, driver(path) as connection:
        made.row_factory = sqlite3.Row
        connection.execute("BEGIN IMMEDIATE")
        choose(connection)
        begun = connection.execute("SELECT max(position) FROM huimin_event")
        for row in made.execute(
            "SELECT * FROM huimin_event WHERE position > ?", begun.fetchone()
        ):
            header = json_of(json.loads(row["header"]))
            event = dict(row) | {"header": header, "leaf": leaf_of(header)}
            connection.execute(insert("huimin_event", event), event)
        for row in made.execute("SELECT * FROM huimin_item WHERE edition IS NOT NULL"):
            body = json_of(json.loads(row["body"])).decode()
            item = dict(row) | {"body": body}
            query = "DELETE FROM huimin_item WHERE number = :number"
            connection.execute(query, item)
            connection.execute(insert("huimin_item", item), item)
        for row in made.execute("SELECT * FROM huimin_record WHERE kind = 'Edition'"):
            body = json_of(json.loads(row["body"])).decode()
            record = dict(row) | {"body": body}
            connection.execute(insert("huimin_record", record), record)
        connection.execute("COMMIT")


def measure(size: Size, folder: Path) -> list[Line]:
    """Return the lines of the preview and of the freeze."""
    return measured(size, folder, size.pick(10_000, 60))


def measured(size: Size, folder: Path, items: int) -> list[Line]:
    """Return the lines with so many starred items; the bounds grow with them."""
    source, known, alone = (
        folder / f"{name}.db" for name in ("source", "known", "bare")
    )
    with worlds.journal("MEMORY", "OFF"):
        build(source, items)

    done = [worlds.copied(source, folder / f"{k}.db") for k in range(size.blocks + 1)]

    def frozen(block: int) -> None:
        """Let the bare loop know what ours writes, before the first of them."""
        worlds.copied(source, alone)
        if block == 0:
            freeze(worlds.copied(source, known))

    variants = [
        Variant("preview", lambda _: preview(source)),
        Variant("bare preview", lambda _: preview_alone(source)),
        Variant("freeze", lambda block: freeze(done[block])),
        Variant("bare freeze", lambda _: freeze_alone(alone, known), prepare=frozen),
    ]
    samples = turns(variants, size.blocks)
    lines = []
    for name, bound in BOUNDS.items():
        title = f"{name} among {items:,} starred items"
        spent = [sample.cpu * 1e3 for sample in samples[name]]
        most = bound * max(items, 1_000) / 100_000
        lines += [
            compare(title, samples, name, f"bare {name}", by="CPU"),
            figure(title, spent, "ms", by="CPU", bound=most),
        ]
    return lines


if __name__ == "__main__":
    run(measure)
