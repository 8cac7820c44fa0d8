"""Write down a release: a database of its schema on each store, and its public API.

``python -m tests.releases.make`` does it once, when the release is made. A folder
that stands is never written again: the databases out there do not change either.
"""

from __future__ import annotations

import gzip
import json
import sqlite3
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from huimin_flow.api import Flow, State
from huimin_flow.clock import RehearsalClock
from huimin_flow.settings import config_folder, load_rulebook
from huimin_flow.testing import MORNING, Desk
from tests.databases import binaries, fresh, served
from tests.releases.promises import surface

HOME = Path(__file__).parent

#: The master key of the invented people in both databases.
KEY = "master.key"


def told(flow: Flow) -> dict[str, Any]:
    """Return what a database says of itself, in plain values."""
    items, changes = flow.items.list(), [*flow.changes(0)]
    while page := flow.changes(changes[-1].position):
        changes += page
    return {
        "items": {item.number: item.state.value for item in items},
        "steps": {
            item.number: [kept.event.step for kept in flow.items.history(item.number)]
            for item in items
        },
        "changes": len(changes),
        "last": changes[-1].key,
    }


def play(url: str, key: Path) -> dict[str, Any]:
    """Take one item to each state, and return what later releases must read."""
    clock, book = RehearsalClock(MORNING, seed=7), load_rulebook(config_folder())
    with Flow.found(url, book, rehearsal=True, clock=clock, key=key) as flow:
        desk = Desk(flow, clock)
        for state in State:
            desk.item(state)
        return told(flow)


def write(folder: Path) -> None:
    """Write the databases as SQL, what they say, and the public API."""
    folder.mkdir(parents=True)
    said, key = {}, folder / KEY
    with tempfile.TemporaryDirectory() as place:
        file = Path(place, "huimin.db")
        said["sqlite"] = play(f"sqlite:///{file}", key)
        with sqlite3.connect(file) as connection:
            keep(folder / "sqlite.sql.gz", "\n".join(connection.iterdump()))
    for server in served():
        if server is None:
            sys.exit("PostgreSQL is missing: a release needs it")
        name = fresh(server)
        said["postgresql"] = play(f"{server}/{name}", key)
        command = [f"{binaries()}/pg_dump", "--no-owner", "--rows-per-insert=100"]
        dumped = subprocess.run(
            [*command, f"{server}/{name}"], check=True, capture_output=True, text=True
        )
        keep(folder / "postgresql.sql.gz", dumped.stdout)
    text = json.dumps(said, indent=1, sort_keys=True, ensure_ascii=False)
    (folder / "said.json").write_text(text + "\n", encoding="utf-8")
    api = json.dumps(surface(), indent=1, sort_keys=True)
    (folder / "surface.json").write_text(api + "\n", encoding="utf-8")


def keep(file: Path, text: str) -> None:
    """Write a script of SQL, without the commands that only psql knows."""
    lines = [line for line in text.splitlines() if not line.startswith("\\")]
    packed = gzip.compress("\n".join(lines).encode(), mtime=0)
    file.write_bytes(packed)


if __name__ == "__main__":
    write(HOME / version("huimin-flow"))
