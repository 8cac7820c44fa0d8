"""The feed of changes read from end to end, beside the bare SELECT of its rows.

The bare loop fetches the same columns in pages of the same size, and does nothing with
them: it parses no header and makes no value. A second one parses each header, which is
what any reader of the history must do.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from bench import worlds
from bench.harness import Line, Size, Variant, compare, figure, run, turns
from huimin_flow.flow import Flow

#: How many changes a page has.
PAGE = 1000

#: The most that the feed may take beside the bare rows, and beside parsed ones.
BOUNDS = {"bare": 10, "parsed": 2.5}

_SELECT = (
    "SELECT position, stream, step, target, at, header, leaf FROM huimin_event"
    " WHERE position > ? ORDER BY position LIMIT ?"
)


def filled(path: Path, count: int) -> None:
    """Fill a database with copies of the event of an item, each in its own stream."""
    worlds.with_items(path, 1)
    with closing(sqlite3.connect(path)) as own, own:
        position, step, target, at, header = own.execute(
            "SELECT position, step, target, at, header FROM huimin_event"
            " WHERE stream LIKE 'item/%' ORDER BY position LIMIT 1"
        ).fetchone()
        (head,) = own.execute("SELECT max(position) FROM huimin_event").fetchone()
        own.executemany(
            "INSERT INTO huimin_event"
            " (position, stream, n, step, target, at, request, header, leaf)"
            " VALUES (?, ?, 1, ?, ?, ?, 'r', ?, ?)",
            (
                (
                    *(head + k, f"item/2098-{k:06d}", step, target, at, header),
                    (k + position).to_bytes(32),
                )
                for k in range(1, count + 1)
            ),
        )


def feed(path: Path) -> int:
    """Read the whole feed; return how many changes it has."""
    with Flow.open(worlds.url_of(path), read_only=True) as flow, flow.snapshot() as now:
        last, count = 0, 0
        while page := now.changes(last, limit=PAGE):
            last = page[-1].position
            count += len(page)
    return count


def rows(path: Path, *, parses: bool) -> int:
    """Read the same rows barely; return how many there are."""
    with closing(sqlite3.connect(path)) as own:
        last, count = 0, 0
        while page := own.execute(_SELECT, (last, PAGE)).fetchall():
            if parses:
                for row in page:
                    json.loads(row[5])
            last = page[-1][0]
            count += len(page)
    return count


def measure(size: Size, folder: Path) -> list[Line]:
    """Return the lines of reading 100,000 changes."""
    path, count = folder / "changes.db", size.pick(100_000, 200)
    filled(path, count)
    assert feed(path) == rows(path, parses=False)
    samples = turns(
        [
            Variant("feed", lambda _: feed(path), count),
            Variant("rows", lambda _: rows(path, parses=False), count),
            Variant("parsed rows", lambda _: rows(path, parses=True), count),
        ],
        size.blocks,
    )
    rate = [1 / sample.cpu for sample in samples["feed"]]
    return [
        compare(
            "feed of changes", samples, "feed", "rows", by="CPU", bound=BOUNDS["bare"]
        ),
        compare(
            "feed of changes", samples, "feed", "parsed rows", by="CPU",
            bound=BOUNDS["parsed"],
        ),
        figure("feed of changes", rate, "changes/s", by="CPU"),
    ]  # fmt: skip


if __name__ == "__main__":
    run(measure)
