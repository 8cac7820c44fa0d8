"""Four processes that write one SQLite file in a loop, each an item of its own.

Told are the acts a second of all, the least a process got of its fair share, and
the worst wait of any. The bare limit waits as SQLite itself waits (``timeout``).
"""

from __future__ import annotations

import json
import multiprocessing
import sqlite3
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from bench import limits, worlds
from bench.harness import Line, Sample, Size, compare, figure, run
from huimin_flow.flow import Flow

WRITERS = 4


def measure(size: Size, folder: Path) -> list[Line]:
    """Return the lines of speed, fairness and the worst wait."""
    seconds = size.pick(1000, 100) / 1000
    base = folder / "base.db"
    numbers = worlds.with_items(base, WRITERS)
    path = worlds.copied(base, folder / "ours.db")
    bare = worlds.copied(base, folder / "bare.db")
    context = multiprocessing.get_context("spawn")
    teams = {}
    for name, work, file in (("ours", ours, path), ("bare", alone, bare)):
        team = []
        for number in numbers:
            end, other = context.Pipe()
            worker = context.Process(target=work, args=(other, file, number))
            worker.start()
            team.append((worker, end))
        for _, end in team:
            end.recv()  # it has opened its connection
        teams[name] = team
    samples: dict[str, list[Sample]] = {name: [] for name in teams}
    waits: dict[str, list[float]] = {name: [] for name in teams}
    shares = []
    for block in range(size.blocks):
        order = list(teams) if block % 2 else list(reversed(teams))
        for name in order:
            for _, end in teams[name]:
                end.send(seconds)
            told: list[tuple[int, float]] = [end.recv() for _, end in teams[name]]
            acts = sum(count for count, _ in told)
            samples[name].append(Sample(0.0, seconds / max(acts, 1)))
            waits[name].append(max(wait for _, wait in told))
            if name == "ours":
                shares.append(min(count for count, _ in told) * WRITERS / max(acts, 1))
    for team in teams.values():
        for worker, end in team:
            end.send(0.0)
            worker.join()
    title = f"{WRITERS} processes, one file"
    worst = {name: [wait * 1e3 for wait in waits[name]] for name in teams}
    return [
        compare(title, samples, "ours", "bare"),
        figure(f"{title}: worst wait of a block", worst["ours"], "ms", bound=300),
        figure(f"{title}: worst wait of all", [max(worst["ours"])], "ms"),
        figure(f"{title}: the same of bare", [max(worst["bare"])], "ms"),
        figure(f"{title}: least share of a fair one", shares, "of 1"),
    ]  # fmt: skip


def loop(end: Connection, act: Callable[[int], object]) -> None:
    """Do acts for as long as each message says; answer their count and worst wait."""
    k = 0
    end.send("ready")
    while seconds := end.recv():
        count, worst, now = 0, 0.0, time.perf_counter()
        until = now + seconds
        while now < until:
            act(k)
            k += 1
            count += 1
            begun, now = now, time.perf_counter()
            worst = max(worst, now - begun)
        end.send((count, worst))


def ours(end: Connection, path: Path, number: str) -> None:
    """Amend one item in a loop through Flow."""
    with Flow.open(worlds.url_of(path)) as flow:
        by = flow.actor(worlds.BY)

        def act(k: int) -> None:
            worlds.insist(lambda: flow.amend(number, worlds.title(k), by=by))

        loop(end, act)


def alone(end: Connection, path: Path, number: str) -> None:
    """Write one item and events as large as ours in a loop, with plain statements."""
    with limits.driver(path) as connection:
        loop(end, Repeated(connection, number).act)


class Repeated:
    """A bare loop that writes an item and its last event again, one version later."""

    def __init__(self, connection: sqlite3.Connection, number: str) -> None:
        """Take the item's newest rows as the pattern of those to write."""
        self.execute = connection.execute
        connection.row_factory = sqlite3.Row
        self.item = dict(self.execute(_ITEM, (number,)).fetchone())
        self.event = dict(self.execute(_EVENT, (f"item/{number}",)).fetchone())
        del self.event["id"]
        self.header = json.loads(self.event["header"])
        self.body = json.loads(self.item["body"])
        self.add = limits.insert("huimin_event", self.event)
        self.change = limits.update(self.item)

    def act(self, _: int) -> None:
        """Write one more event, and the item with the next version."""
        execute, event, item = self.execute, self.event, self.item
        execute("BEGIN IMMEDIATE")
        execute(_ITEM, (item["number"],)).fetchone()
        execute(_EVENT, (event["stream"],)).fetchone()
        event["position"] = execute(_NEXT).fetchone()[0]
        event["n"] += 1
        item["version"] += 1
        header = limits.json_of(self.header)
        execute(self.add, event | {"header": header, "leaf": limits.leaf_of(header)})
        execute(self.change, item | {"body": limits.json_of(self.body).decode()})
        execute("COMMIT")


_ITEM = "SELECT * FROM huimin_item WHERE number = ?"
_EVENT = "SELECT * FROM huimin_event WHERE stream = ? ORDER BY n DESC LIMIT 1"
_NEXT = (
    "UPDATE huimin_counter SET value = value + 1 WHERE name = 'position'"
    " RETURNING value"
)


if __name__ == "__main__":
    run(measure)
