"""The bare limits: the same JSON, hashes and statements, straight to the driver."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from huimin_flow.model.core.canonical import merkle_root
from huimin_flow.store.core.engine import journal_mode

Columns = dict[str, Any]


@contextmanager
def driver(path: Path) -> Iterator[sqlite3.Connection]:
    """Give the bare driver, as durable as the engine is."""
    mode, level = journal_mode()
    connection = sqlite3.connect(path, isolation_level=None)
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


def insert(name: str, columns: Columns) -> str:
    """Return the driver's statement for a row."""
    names = ", ".join(columns)
    places = ", ".join(f":{one}" for one in columns)
    return f"INSERT INTO {name} ({names}) VALUES ({places})"


def same_steps(
    bare: sqlite3.Connection, rows: list[tuple[Columns, Columns, Columns]]
) -> None:
    """Write the same steps with plain statements, each its own transaction."""
    execute = bare.execute
    add_event, add_item = (
        insert("huimin_event", rows[0][0]),
        insert("huimin_item", rows[0][2]),
    )
    change = ", ".join(f"{name} = :{name}" for name in rows[0][2])
    change_item = f"UPDATE huimin_item SET {change} WHERE number = :number AND version = :version - 1"  # noqa: E501 - our names
    for event, header, item in rows:
        execute("BEGIN IMMEDIATE")
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
        data = json_of(header)
        execute(add_event, event | {"header": data, "leaf": leaf_of(data)})
        body = json_of(item["body"]).decode()
        execute(
            add_item if item["version"] == 1 else change_item, item | {"body": body}
        )
        execute("COMMIT")


def same_facts(bare: sqlite3.Connection, rows: list[Columns], texts: list[Any]) -> None:
    """Keep the same rows with plain statements and one root."""
    execute = bare.execute
    execute("BEGIN IMMEDIATE")
    for start in range(0, len(rows), 400):
        some = [one["key"] for one in rows[start : start + 400]]
        marks = ",".join("?" * len(some))
        query = f"SELECT key FROM huimin_appeal WHERE channel = 'hotline_12333' AND key IN ({marks})"  # noqa: E501 - marks only
        execute(query, some).fetchall()
    for row, (_, _, salt, body) in zip(rows, texts, strict=True):
        opened = hashlib.sha256(b"\x02" + salt + body.encode()).hexdigest()
        row["text_commitment"] = opened
    bare.executemany(insert("huimin_appeal", rows[0]), rows)
    bare.executemany("INSERT INTO huimin_appeal_text VALUES (?, ?, ?, ?)", texts)
    merkle_root([leaf_of(json_of(row)) for row in rows])
    execute("COMMIT")


def same_rows(bare: sqlite3.Connection) -> int:
    """Hash the same rows as verify reads, and compare the leaves."""
    events = bare.execute(
        "SELECT position, stream, n, step, target, at, request, header, leaf "
        "FROM huimin_event ORDER BY position"
    )
    leaves = [leaf for *_, header, leaf in events if leaf_of(header) == leaf]
    merkle_root(leaves)
    for (body,) in bare.execute("SELECT body FROM huimin_item"):
        leaf_of(body.encode())
    bare.row_factory = sqlite3.Row
    facts = [leaf_of(json_of(dict(row))) for row in bare.execute(_FACTS)]
    merkle_root(facts)
    return len(leaves)


_FACTS = "SELECT * FROM huimin_appeal ORDER BY batch, line"
