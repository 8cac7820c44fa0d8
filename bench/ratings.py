"""The intake of ratings beside its bare limits, and the month beside a judge.

Each block takes a csv file in three times, in files that grow alike:

- ``csv + executemany``: nothing but the driver;
- ``bare``: also each row's JSON and hash, by the very function that we use, which
  knows the row's shape: the fastest bare loop known to us;
- ``ours``: the command that an operator runs, with every check, the rollups and the
  event.

The bare loops fill the very tables and indexes that ours fills, in transactions of
as many rows. They look at no value, keep the time as it is written, and make neither
a Merkle tree nor rollups nor an event. DuckDB counts the csv files itself and judges
every month.
"""

from __future__ import annotations

import csv
import hashlib
import io
import sqlite3
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import timedelta
from functools import partial
from itertools import product
from pathlib import Path

import duckdb

from bench import limits, worlds
from bench.harness import Line, Size, Variant, compare, figure, run, turns
from bench.rating_files import BEGUN, ITEMS, UNITS, book, write
from huimin_flow.catalogue.terms import RatingLevel
from huimin_flow.exchange.services.ratings import PORTION
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.services.ratings import Rating
from huimin_flow.shell.main import invoke
from huimin_flow.store.services import ratings as store

MONTHS = [f"2025-{k:02d}" for k in range(1, 13)]


def measure(size: Size, folder: Path) -> list[Line]:
    """Return the lines of the intake and of a month's reading."""
    pieces = min(size.pick(50_000, 200), PORTION)
    sources = []
    for block in range(size.blocks + 1):
        sources.append(folder / f"{block}.csv")
        write(sources[-1], pieces, first=block * pieces)
    paths = {name: folder / f"{name}.db" for name in ("csv", "bare", "ours")}
    for path in paths.values():
        Flow.found(worlds.url_of(path), book(), rehearsal=True).close()
    with limits.driver(paths["csv"]) as plain, limits.driver(paths["bare"]) as hashed:
        variants = [
            Variant("csv + executemany", Loop(plain, sources), pieces),
            Variant("bare", Loop(hashed, sources, store.row_bytes), pieces),
            Variant("ours", partial(taken_in, sources, paths["ours"]), pieces),
        ]
        samples = turns(variants, size.blocks)
    month = [
        *judged(sources, paths["ours"], size.blocks),
        *aged(paths["ours"], size.blocks),
        *many_batches(folder / "daily.db", size),
    ]
    return [
        compare(
            "intake of ratings", samples, "ours", "bare",
            by="CPU", faster=True, bound=0.6,
        ),
        compare(
            "intake of ratings", samples, "ours", "csv + executemany",
            by="CPU", faster=True,
        ),
        *month,
    ]  # fmt: skip


class Loop:
    """A bare loop that takes in one file a block."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        sources: list[Path],
        evidence: Callable[..., bytes] | None = None,
    ) -> None:
        """Hash each row's ``evidence`` if there is such a function."""
        self.connection, self.sources, self.evidence = connection, sources, evidence

    def __call__(self, block: int) -> None:
        """Take in the file of a block in one transaction."""
        marks = ",".join("?" * 11)
        with self.sources[block].open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            next(rows)
            kept = []
            for line, row in enumerate(rows, 1):
                if self.evidence is not None:
                    data = self.evidence(block + 1, line, row)
                    hashlib.sha256(b"\x00" + data).digest()
                kept.append((block + 1, line, *row))
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.executemany(f"INSERT INTO huimin_rating VALUES ({marks})", kept)
        self.connection.execute("COMMIT")


def taken_in(sources: list[Path], into: Path, block: int) -> None:
    """Take in the file of a block by the very command that an operator runs."""
    words = ["rating", "import", str(sources[block])]
    with redirect_stdout(io.StringIO()) as said:
        code = invoke([*words, "--by", "office-1", "--db", str(into)])
    if code:
        raise SystemExit(said.getvalue())


def judged(sources: list[Path], into: Path, blocks: int) -> list[Line]:
    """Hold every month against DuckDB and a recount; return the line of a month."""
    judge = duckdb.connect()
    judge.execute("SET memory_limit = '200MB'")
    answer = judge.execute(
        'SELECT substr("at", 1, 7), unit, level, count(*) FROM read_csv(?,'
        " all_varchar = true) GROUP BY ALL",
        [[str(source) for source in sources]],
    ).fetchall()
    truth = {(month, unit, level): count for month, unit, level, count in answer}
    with Flow.open(worlds.url_of(into)) as flow:
        ours = {
            (month, unit.of[0], level.value): count
            for month in MONTHS
            for unit in flow.ratings.month_of_units(month)
            for level, count in unit.levels.items()
            if count
        }
        again = door_of(flow).read(lambda c: store.recount(c, MONTHS[0]))
        if again != flow.ratings.month_of_units(MONTHS[0]):
            raise SystemExit("a recount differs from the rollups")
    if ours != truth:
        raise SystemExit("DuckDB counts otherwise")
    return [reading("a month of ratings", into, blocks)]


def reading(name: str, path: Path, blocks: int) -> Line:
    """Return the line of reading a month of all units in a process that is warm."""
    spent = []
    with Flow.open(worlds.url_of(path)) as flow:
        flow.ratings.month_of_units(MONTHS[0])
        for _ in range(blocks):
            begun = time.process_time()
            flow.ratings.month_of_units(MONTHS[0])
            spent.append(1e3 * (time.process_time() - begun))
    return figure(name, spent, "ms", by="CPU", bound=5)


def aged(path: Path, blocks: int) -> list[Line]:
    """Return the line of a month after nine more years of rollups."""
    with limits.driver(path) as connection:
        for k in range(1, 10):
            connection.execute(
                "INSERT INTO huimin_rating_month SELECT ? || substr(month, 5), unit,"
                " level, batch, ratings, total FROM huimin_rating_month"
                " WHERE month LIKE '2025-%'",
                (str(2025 - k),),
            )
    return [reading("a month after ten years", path, blocks)]


def many_batches(path: Path, size: Size) -> list[Line]:
    """Return the line of a month of daily batches of every unit.

    That is the worst case of the rollups: 30 days x 80 desks, 2,400 batches, each
    with every level of ten units.
    """
    levels = list(RatingLevel)
    days, desks = size.pick(30, 2), size.pick(len(UNITS), 2)
    with (
        worlds.journal("MEMORY", "OFF"),
        Flow.found(worlds.url_of(path), book()) as flow,
        flow.whole() as whole,
    ):
        office = whole.people.actor("office-1")
        for day, desk in product(range(days), range(desks)):
            ratings = [
                Rating(
                    transaction=f"{day}-{desk}-{k}", item=ITEMS[k],
                    unit=UNITS[(desk + k // 5) % len(UNITS)],
                    channel="app", level=levels[k % 5],
                    at=BEGUN + timedelta(days=day, minutes=k),
                )
                for k in range(50)
            ]  # fmt: skip
            whole.ratings.add(ratings, by=office)
    return [reading(f"a month of {days * desks:,} batches", path, size.blocks)]


if __name__ == "__main__":
    run(measure)
