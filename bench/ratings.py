"""Time the intake of ratings beside its bare limits, and the month beside a judge.

``python bench/ratings.py --rows 10000000`` writes a csv of that many ratings (80
units, 200 items, 6 channels, one year; fewer rows are the first part of that year)
and takes it in four times, each time in a process of its own, in this order:

- ``csv + executemany``: nothing but the driver;
- ``with json.dumps + sha256``: also each row's canonical JSON, by the standard
  library, and its hash;
- ``with our row_bytes + sha256``: the same, by the very function that we use,
  which knows the row's shape: the fastest bare loop known to us;
- ``ours``: what an operator does, with every check, the rollups and the event.

The bare loops fill the very tables and indexes that ours fills, in transactions of
as many rows; the file's columns stand in the table's order, so that they need not
even be picked. They do less than ours: no look at any value, the time as it is
written (25 characters; ours are the 27 of its UTC text), no Merkle tree above the
hashes, no rollups, no event.

DuckDB counts the csv itself and judges every month. The exit code is 1 where a
bound is broken: at least half as fast as the fastest bare loop with hashes, a month
within 10 ms once it was read before, less than 300 MB.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import multiprocessing
import resource
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from datetime import timedelta
from itertools import islice, product
from pathlib import Path
from typing import Any

import duckdb
from rating_files import BEGUN, FIELDS, ITEMS, UNITS, book, write

from huimin_flow.catalogue.terms import RatingLevel
from huimin_flow.exchange.services.ratings import PORTION
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.services.ratings import Rating
from huimin_flow.shell.main import invoke
from huimin_flow.store.core.engine import journal_mode
from huimin_flow.store.services import ratings as store

MONTHS = [f"2025-{k:02d}" for k in range(1, 13)]

#: The bare loop that the bound is measured against.
FASTEST = "with our row_bytes + sha256"


def by_json(batch: int, line: int, row: Sequence[str]) -> bytes:
    """Return the canonical JSON of a row as the standard library makes it."""
    plain = dict(zip(("batch", "line", *FIELDS), (batch, line, *row), strict=True))
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def bare(source: Path, into: Path, *, evidence: Callable[..., bytes] | None) -> None:
    """Take the file in with nothing but csv, sqlite3 and, if asked, the hashes."""
    with Flow.found(f"sqlite:///{into}", book()):
        pass  # the very tables and indexes that ours fills
    mode, level = journal_mode()
    connection = sqlite3.connect(into, isolation_level=None)
    connection.execute(f"PRAGMA journal_mode={mode}")
    connection.execute(f"PRAGMA synchronous={level}")
    marks = ",".join("?" * 11)
    with source.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for batch, some in enumerate(portions(rows), 1):
            kept = []
            for line, row in enumerate(some, 1):
                stored = (batch, line, *row)
                if evidence is not None:
                    hashlib.sha256(b"\x00" + evidence(batch, line, row)).digest()
                kept.append(stored)
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(f"INSERT INTO huimin_rating VALUES ({marks})", kept)
            connection.execute("COMMIT")
    connection.close()


def portions(rows: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    """Yield as many rows as one of our batches holds."""
    while some := list(islice(rows, PORTION)):
        yield some


def ours(source: Path, into: Path) -> None:
    """Take the file in by the very command that an operator runs."""
    with Flow.found(f"sqlite:///{into}", book(), rehearsal=True):
        pass
    words = ["rating", "import", str(source), "--by", "office-1", "--db", str(into)]
    with redirect_stdout(io.StringIO()) as said:
        code = invoke(words)
    if code:
        raise SystemExit(said.getvalue())


def timed(
    work: Callable[..., None], *given: Any, **named: Any
) -> tuple[float, float, int]:
    """Return the seconds, those of its CPU and the peak MiB of a piece of work.

    It has a process of its own; its CPU knows nothing of what else runs beside.
    """
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_measured, (work, given, named))


def _measured(
    work: Callable[..., None], given: Any, named: Any
) -> tuple[float, float, int]:
    begun, busy = time.perf_counter(), time.process_time()
    work(*given, **named)
    seconds, busy = time.perf_counter() - begun, time.process_time() - busy
    return seconds, busy, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def judged(source: Path, into: Path) -> dict[str, float]:
    """Hold every month against DuckDB; return first, worst warm and recount ms."""
    judge = duckdb.connect()
    judge.execute("SET memory_limit = '200MB'")
    answer = judge.execute(
        'SELECT substr("at", 1, 7), unit, level, count(*) FROM read_csv(?,'
        " all_varchar = true) GROUP BY ALL",
        [str(source)],
    ).fetchall()
    truth = {(month, unit, level): count for month, unit, level, count in answer}
    told = {}
    with Flow.open(f"sqlite:///{into}") as flow:
        first = reading(flow, MONTHS[0])
        for month in MONTHS:
            for one in flow.month_of_units(month):
                for level, count in one.levels.items():
                    if count:
                        told[month, one.of[0], level.value] = count
        worst = max(calm(flow, month) for month in MONTHS)
        begun = time.perf_counter()
        again = door_of(flow).read(lambda c: store.recount(c, MONTHS[0]))
        recounting = 1000 * (time.perf_counter() - begun)
        if again != flow.month_of_units(MONTHS[0]):
            raise SystemExit("a recount differs from the rollups")
    if told != truth:
        raise SystemExit("DuckDB counts otherwise")
    return {"first": first, "worst": worst, "recount": recounting}


def reading(flow: Flow, month: str) -> float:
    """Return the ms in which a month of all units is read."""
    begun = time.perf_counter()
    flow.month_of_units(month)
    return 1000 * (time.perf_counter() - begun)


def calm(flow: Flow, month: str) -> float:
    """Return the ms of the least disturbed of some readings, once it was read."""
    return min(reading(flow, month) for _ in range(5))


def daily(into: Path) -> tuple[int, float, float]:
    """Bring a month of daily batches of every unit; return rows, first, worst ms.

    That is the worst case of the rollups: 30 days x 80 desks, 2,400 batches, each
    with every level of ten units.
    """
    with Flow.found(f"sqlite:///{into}", book()) as flow:
        office = flow.actor("office-1")
        levels = list(RatingLevel)
        for day, desk in product(range(30), range(len(UNITS))):
            flow.add_ratings(
                [
                    Rating(
                        transaction=f"{day}-{desk}-{k}", item=ITEMS[k],
                        unit=UNITS[(desk + k // 5) % len(UNITS)],
                        channel="app", level=levels[k % 5],
                        at=BEGUN + timedelta(days=day, minutes=k),
                    )
                    for k in range(50)
                ],
                by=office,
            )  # fmt: skip
    with sqlite3.connect(into) as connection:
        query = "SELECT count(*) FROM huimin_rating_month WHERE month = '2025-01'"
        (rows,) = connection.execute(query).fetchone()
    with Flow.open(f"sqlite:///{into}") as flow:
        first = reading(flow, "2025-01")
        return rows, first, calm(flow, "2025-01")


def aged(into: Path) -> float:
    """Return the worst ms of a month after nine more years of rollups."""
    connection = sqlite3.connect(into)
    for k in range(1, 10):
        connection.execute(
            "INSERT INTO huimin_rating_month SELECT ? || substr(month, 5), unit, level,"
            " batch, ratings, total FROM huimin_rating_month"
            " WHERE month LIKE '2025-%'",
            (str(2025 - k),),
        )
    connection.commit()
    connection.close()
    with Flow.open(f"sqlite:///{into}") as flow:
        reading(flow, "2025-01")
        return max(calm(flow, month) for month in MONTHS)


def loops(source: Path, place: Path, rows: int) -> tuple[dict[str, float], int]:
    """Take the file in by every loop; return rows a second of each, our peak MiB."""
    figures, cpu = {}, {}
    for name, work, named in (
        ("csv + executemany", bare, {"evidence": None}),
        ("with json.dumps + sha256", bare, {"evidence": by_json}),
        (FASTEST, bare, {"evidence": store.row_bytes}),
        ("ours", ours, {}),
    ):
        into = place / f"{'ours' if name == 'ours' else 'bare'}.db"
        seconds, busy, peak = timed(work, source, into, **named)
        figures[name], cpu[name] = rows / seconds, busy
        size = into.stat().st_size / 2**20
        print(
            f"{name:28} {rows / seconds:>10,.0f} rows/s {seconds:>7.1f} s"
            f"  CPU {busy:>7.1f} s"
            f"  peak {peak:>4} MiB  file {size:,.0f} MiB",
            flush=True,
        )
        if name != "ours":
            into.unlink()
    for name in list(figures)[:-1]:
        print(
            f"ours / {name:28} {figures['ours'] / figures[name]:.2f}"
            f"  by CPU {cpu[name] / cpu['ours']:.2f}"
        )
    return figures, peak


def main() -> None:
    """Print our figures beside the bare ones; exit with 1 if a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--into", help="a folder with room for 5 GB per 10,000,000")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.into) as folder:
        place = Path(folder)
        source = place / "ratings.csv"
        write(source, asked.rows)
        size = source.stat().st_size / 2**20
        print(f"{asked.rows:,} ratings, {size:,.0f} MiB of csv", flush=True)
        figures, peak = loops(source, place, asked.rows)
        months = judged(source, place / "ours.db")
        print(f"DuckDB agrees on every unit, level and month of {asked.rows:,} ratings")
        old = aged(place / "ours.db")
        rows, first, many = daily(place / "daily.db")
    print(
        f"month of all units: first call {months['first']:.1f} ms, then at worst"
        f" {months['worst']:.1f} ms; a recount {months['recount']:,.0f} ms\n"
        f"with ten years of rollups stored: at worst {old:.1f} ms\n"
        f"with 2,400 batches in the month ({rows:,} rollup rows): first call"
        f" {first:.1f} ms, then at worst {many:.1f} ms"
    )
    share = figures["ours"] / figures[FASTEST]
    broken = [
        told
        for told, holds in (
            (f"ours / {FASTEST}: {share:.2f}, not 0.50", share >= 0.5),
            ("a month takes more than 10 ms", max(months["worst"], old, many) <= 10),
            (f"{peak} MiB are not less than 300 MB", peak * 2**20 < 300_000_000),
        )
        if not holds
    ]
    if broken:
        raise SystemExit("broken: " + "; ".join(broken))


if __name__ == "__main__":
    main()
