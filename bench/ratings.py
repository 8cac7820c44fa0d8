"""Time the intake of ratings beside its bare limits, and the month beside a judge.

``python bench/ratings.py --rows 10000000`` writes a csv of that many ratings (80
units, 200 items, 6 channels, one year) and takes it in three times, each time in
a process of its own: bare (csv and executemany), bare with canonical JSON and
hashes, and ours. DuckDB counts the csv itself and judges every month.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import multiprocessing
import random
import resource
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb

from huimin_flow.exchange.ratings import PORTION, read_ratings
from huimin_flow.flow import Flow
from huimin_flow.model.organization import Unit
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.service import ServiceItem, Window
from huimin_flow.settings import load_rulebook
from huimin_flow.store import ratings as store
from huimin_flow.store.engine import journal_mode
from huimin_flow.terms import RatingLevel, ServiceMode, UnitKind

CONFIG = Path(__file__).parent.parent / "config"
FIELDS = (
    "transaction", "unit", "item", "window", "person", "who", "channel", "level", "at",
)  # fmt: skip
BEGUN = datetime.fromisoformat("2025-01-01T00:00:00+08:00")
YEAR = timedelta(days=365)
UNITS = [f"U{k:02d}" for k in range(80)]
ITEMS = [f"item_{k:03d}" for k in range(200)]


def book() -> Rulebook:
    """Return the bureau's rulebook with the bench's units, items and windows."""
    plain = load_rulebook(CONFIG)
    units = tuple(
        Unit(code=one, name=one, kind=UnitKind.DIVISION, source="ours") for one in UNITS
    )
    items = tuple(
        ServiceItem(
            key=one, name=one, unit=UNITS[0], mode=ServiceMode.SINGLE_WINDOW,
            online=True, source="ours",
        )
        for one in ITEMS
    )  # fmt: skip
    windows = tuple(
        Window(code=f"W{k:02d}", unit=one, name=f"{k}号窗口", source="ours")
        for one in UNITS
        for k in range(10)
    )
    organization = replace(
        plain.organization, units=(*plain.organization.units, *units)
    )
    services = replace(plain.services, items=items, windows=windows)
    return replace(plain, organization=organization, services=services)


def write(path: Path, rows: int) -> None:
    """Write a year of ratings in the order of their times."""
    dice = random.Random(7)
    channels = list(load_rulebook(CONFIG).channels.service)
    levels = [one.value for one in RatingLevel]
    weights = (70, 20, 8, 1, 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(FIELDS)
        for k in range(rows):
            at = BEGUN + YEAR * (k / rows)
            unit = dice.choice(UNITS)
            out.writerow((
                f"{at:%Y%m%d}-{unit}-{k:09d}", unit, dice.choice(ITEMS),
                f"W{dice.randrange(10):02d}", f"{unit}-p{dice.randrange(40)}",
                f"c{dice.randrange(3_000_000):07d}", dice.choice(channels),
                dice.choices(levels, weights)[0], at.isoformat(timespec="seconds"),
            ))  # fmt: skip


def bare(source: Path, into: Path, *, evidence: bool) -> None:
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
                if evidence:
                    plain = dict(zip(FIELDS, row, strict=True))
                    plain |= {"batch": batch, "line": line}
                    text = json.dumps(
                        plain, ensure_ascii=False, sort_keys=True,
                        separators=(",", ":"),
                    )  # fmt: skip
                    hashlib.sha256(b"\x00" + text.encode()).digest()
                kept.append((batch, line, *row))
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(f"INSERT INTO huimin_rating VALUES ({marks})", kept)
            connection.execute("COMMIT")
    connection.close()


def portions(rows: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    """Yield as many rows as one of our batches holds."""
    while some := list(islice(rows, PORTION)):
        yield some


def ours(source: Path, into: Path) -> None:
    """Take the file in as an operator does."""
    with Flow.found(f"sqlite:///{into}", book()) as flow:
        office = flow.actor("office-1")
        for one in read_ratings(source):
            taken = flow.add_ratings(
                one.ratings, by=office, lines=one.lines, refused=one.refused
            )
            assert not taken.refused


def timed(work: Callable[..., None], *given: Any, **named: Any) -> tuple[float, int]:
    """Return the seconds and the peak MiB of a piece of work in its own process."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_measured, (work, given, named))


def _measured(work: Callable[..., None], given: Any, named: Any) -> tuple[float, int]:
    begun = time.perf_counter()
    work(*given, **named)
    seconds = time.perf_counter() - begun
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def judged(source: Path, into: Path) -> tuple[float, float, float, int]:
    """Hold every month against DuckDB; return median, worst and recount ms, rows."""
    judge = duckdb.connect()
    answer = judge.execute(
        'SELECT substr("at", 1, 7), unit, level, count(*) FROM read_csv(?,'
        " all_varchar = true) GROUP BY ALL",
        [str(source)],
    ).fetchall()
    truth = {(month, unit, level): count for month, unit, level, count in answer}
    spent, told = [], {}
    with Flow.open(f"sqlite:///{into}") as flow:
        for k in range(12):
            month = f"2025-{k + 1:02d}"
            begun = time.perf_counter()
            counts = flow.month_of_units(month)
            spent.append(1000 * (time.perf_counter() - begun))
            for one in counts:
                for level, count in one.levels.items():
                    if count:
                        told[month, one.of[0], level.value] = count
        begun = time.perf_counter()
        again = flow.read(lambda c: store.recount(c, "2025-06"))
        recounting = 1000 * (time.perf_counter() - begun)
        assert again == flow.month_of_units("2025-06")
    assert told == truth
    spent.sort()
    return spent[len(spent) // 2], spent[-1], recounting, sum(truth.values())


def aged(into: Path) -> float:
    """Return the worst ms of a month after nine more years of rollups."""
    connection = sqlite3.connect(into)
    for k in range(1, 10):
        connection.execute(
            "INSERT INTO huimin_rating_month SELECT ? || substr(month, 5), unit, level,"
            " batch, ratings FROM huimin_rating_month WHERE month LIKE '2025-%'",
            (str(2025 - k),),
        )
    connection.commit()
    connection.close()
    spent = []
    with Flow.open(f"sqlite:///{into}") as flow:
        for k in range(12):
            begun = time.perf_counter()
            flow.month_of_units(f"2025-{k + 1:02d}")
            spent.append(1000 * (time.perf_counter() - begun))
    return max(spent)


def main() -> None:
    """Print our figures beside the bare ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--into", help="a folder with room for 4 GB per 10,000,000")
    asked = parser.parse_args()
    rows = asked.rows
    with tempfile.TemporaryDirectory(dir=asked.into) as folder:
        place = Path(folder)
        source = place / "ratings.csv"
        write(source, rows)
        print(f"{rows:,} ratings, {source.stat().st_size / 2**20:,.0f} MiB of csv")
        figures = {}
        for name, work, named in (
            ("bare csv + executemany", bare, {"evidence": False}),
            ("bare, canonical + hash", bare, {"evidence": True}),
            ("ours", ours, {}),
        ):
            into = place / f"{len(figures)}.db"
            seconds, peak = timed(work, source, into, **named)
            figures[name] = rows / seconds
            size = into.stat().st_size / 2**20
            print(
                f"{name:24} {rows / seconds:>10,.0f} rows/s {seconds:>7.1f} s"
                f"  peak {peak:>4} MiB  file {size:,.0f} MiB"
            )
            if name != "ours":
                into.unlink()
        share = figures["ours"] / figures["bare, canonical + hash"]
        print(f"ours / bare with canonical + hash: {share:.2f} (at least 0.50)")
        share = figures["ours"] / figures["bare csv + executemany"]
        print(f"ours / bare csv + executemany:     {share:.2f}")
        median, worst, again, counted = judged(source, into)
        print(
            f"month of all units: median {median:.1f} ms, worst {worst:.1f} ms (at"
            f" most 10); a recount {again:,.0f} ms"
        )
        print(f"with ten years of rollups stored: worst {aged(into):.1f} ms")
        print(f"DuckDB agrees on every unit, level and month of {counted:,} ratings")


if __name__ == "__main__":
    main()
