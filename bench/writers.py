"""Four processes that write one SQLite file in a loop, each an item of its own.

Told are the acts a second of all, the least a process got of its fair share, and
the worst wait of any. The bare limit waits as SQLite itself waits (``timeout``).
"""

from __future__ import annotations

import json
import sqlite3
from multiprocessing.connection import Connection
from pathlib import Path

from bench import limits, teams, worlds
from bench.harness import Line, Size, compare, figure, run
from huimin_flow.flow import Flow

WRITERS = 4


def measure(size: Size, folder: Path) -> list[Line]:
    """Return the lines of speed, the worst wait and fairness."""
    seconds = size.pick(1000, 100) / 1000
    base = folder / "base.db"
    numbers = worlds.with_items(base, WRITERS)
    paths = {
        name: str(worlds.copied(base, folder / f"{name}.db"))
        for name in ("ours", "bare")
    }
    done = teams.in_turns(
        {
            "ours": (ours, paths["ours"], numbers),
            "bare": (alone, paths["bare"], numbers),
        },
        seconds,
        size.blocks,
    )
    samples = {name: teams.samples(turns, seconds) for name, turns in done.items()}
    worst = {
        name: [1e3 * max(turn.worst for turn in block) for block in turns]
        for name, turns in done.items()
    }
    shares = []
    for block in done["ours"]:
        acts = [turn.acts for turn in block]
        shares.append(min(acts) * WRITERS / sum(acts))
    title = f"{WRITERS} processes, one file"
    return [
        compare(title, samples, "ours", "bare"),
        figure(f"{title}: worst wait of a block", worst["ours"], "ms", bound=300),
        figure(f"{title}: worst wait of all", [max(worst["ours"])], "ms"),
        figure(f"{title}: the same of bare", [max(worst["bare"])], "ms"),
        figure(f"{title}: least share of a fair one", shares, "of 1"),
    ]


def ours(end: Connection, path: str, number: str) -> None:
    """Amend one item in a loop through Flow."""
    with Flow.open(worlds.url_of(Path(path))) as flow:
        by = flow.people.actor(worlds.BY)

        def act(k: int) -> None:
            worlds.insist(lambda: flow.items.amend(number, worlds.title(k), by=by))

        teams.loop(end, act)


def alone(end: Connection, path: str, number: str) -> None:
    """Write one item and events as large as ours in a loop, with plain statements."""
    with limits.driver(Path(path)) as connection:
        teams.loop(end, Repeated(connection, number).act)


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
        self.change = limits.amended()

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
