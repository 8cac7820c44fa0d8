"""The bare limits: the same JSON, hashes and statements, straight to the driver.

A bare loop knows the answer already. It takes the very rows that the engine wrote,
makes their JSON and hashes anew and sends the same statements. What it saves is what
the engine costs.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huimin_flow.flow import Flow
from huimin_flow.store.core import engine

Columns = dict[str, Any]


@contextmanager
def driver(path: Path) -> Iterator[sqlite3.Connection]:
    """Yield a bare connection, as durable as the engine's."""
    mode, level = engine.journal_mode()
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    connection.execute(f"PRAGMA journal_mode={mode}")
    connection.execute(f"PRAGMA synchronous={level}")
    connection.execute("PRAGMA secure_delete=ON")
    yield connection
    connection.close()


def json_of(value: object) -> bytes:
    """Return the canonical JSON of what is known to be canonical already."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode()


def leaf_of(data: bytes) -> bytes:
    """Return the leaf hash of stored bytes."""
    return hashlib.sha256(b"\x00" + data).digest()


def commitment_of(salt: bytes, body: bytes) -> str:
    """Return the commitment to a private content."""
    return hashlib.sha256(b"\x02" + salt + body).hexdigest()


def insert(name: str, columns: Columns, mark: str = ":{}") -> str:
    """Return the driver's statement for a row."""
    names = ", ".join(columns)
    places = ", ".join(mark.format(column) for column in columns)
    return f"INSERT INTO {name} ({names}) VALUES ({places})"


def amended(mark: str = ":{}") -> str:
    """Return the driver's statement that changes an item by its version.

    Like the engine's, it sets only what amending an item changes in its row.
    """
    changes = ", ".join(f"{name} = {mark.format(name)}" for name in ("version", "body"))
    number, version = mark.format("number"), mark.format("version")
    return (
        f"UPDATE huimin_item SET {changes}"
        f" WHERE number = {number} AND version = {version} - 1"
    )


@dataclass(frozen=True)
class Step:
    """One recorded act: its event and its item as rows, their JSON as values."""

    event: Columns
    header: Any
    item: Columns
    body: Any


def recorded(
    path: Path, acts: Sequence[Callable[[Flow], str]], flow: Flow
) -> list[Step]:
    """Do acts on an SQLite file, and return what each has written.

    An act returns the number of its item.
    """
    with sqlite3.connect(path) as reader:
        reader.row_factory = sqlite3.Row
        return [_step(reader, act(flow)) for act in acts]


def _step(reader: sqlite3.Connection, number: str) -> Step:
    last = "SELECT * FROM huimin_event ORDER BY position DESC LIMIT 1"
    event = dict(reader.execute(last).fetchone())
    del event["id"]
    query = "SELECT * FROM huimin_item WHERE number = ?"
    item = dict(reader.execute(query, (number,)).fetchone())
    reader.rollback()
    return Step(event, json.loads(event["header"]), item, json.loads(item["body"]))


class Writer:
    """A bare loop that writes recorded steps with plain statements."""

    def __init__(self, connection: sqlite3.Connection, steps: Sequence[Step]) -> None:
        """Write ``steps`` in order on a database that lacks just them."""
        self.execute = connection.execute
        self.steps: Iterator[Step] = iter(steps)
        self.add_event = insert("huimin_event", steps[0].event)
        self.add_item = insert("huimin_item", steps[0].item)
        self.change_item = amended()

    def each(self, count: int) -> None:
        """Write the next steps, each in a transaction of its own."""
        for _ in range(count):
            self.execute("BEGIN IMMEDIATE")
            self.write(next(self.steps))
            self.execute("COMMIT")

    def together(self, count: int) -> None:
        """Write the next steps in one transaction."""
        self.execute("BEGIN IMMEDIATE")
        for _ in range(count):
            self.write(next(self.steps))
        self.execute("COMMIT")

    def write(self, step: Step) -> None:
        """Write one step inside a transaction."""
        execute, item, event = self.execute, step.item, step.event
        if item["version"] == 1:
            execute(
                "INSERT INTO huimin_counter VALUES ('item/2023', 1) ON CONFLICT "
                "DO UPDATE SET value = value + 1 RETURNING value"
            ).fetchone()
        else:
            execute(
                "SELECT body FROM huimin_item WHERE number = ?", (item["number"],)
            ).fetchone()
        execute(
            "SELECT n, leaf FROM huimin_event WHERE stream = ? ORDER BY n DESC LIMIT 1",
            (event["stream"],),
        ).fetchone()
        execute(
            "UPDATE huimin_counter SET value = value + 1 WHERE name = 'position' "
            "RETURNING value"
        ).fetchone()
        header = json_of(step.header)
        execute(self.add_event, event | {"header": header, "leaf": leaf_of(header)})
        row = item | {"body": json_of(step.body).decode()}
        execute(self.add_item if item["version"] == 1 else self.change_item, row)
