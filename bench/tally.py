"""An item's tally of 25 voices among few and among many, and intake in bulk.

The tally's limit is the join alone: links, voices, and a count in Python.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bench import limits, worlds
from bench.harness import Line, Samples, Size, Variant, compare, figure, run, turns
from huimin_flow.flow import Flow
from huimin_flow.model.core.canonical import merkle_root

LINKED = 25
BATCH = 2000


def measure(size: Size, folder: Path) -> list[Line]:
    """Return the lines of the tally at both sizes, and of the intake."""
    few, many = size.pick(1_000, 100), size.pick(100_000, 300)
    lines, flat = [], []
    samples: dict[int, Samples] = {}
    for count in (few, many):
        with worlds.journal("MEMORY", "OFF"):
            path, number = heard(folder / f"{count}.db", count)
        samples[count] = tallied(size, path, number)
        flat.append([sample.cpu for sample in samples[count]["ours"]])
        name = f"tally of {LINKED} among {count:,} voices"
        lines += [
            compare(name, samples[count], "ours", "bare", by="CPU"),
            figure(name, [cpu * 1e3 for cpu in flat[-1]], "ms", by="CPU", bound=0.3),
        ]
    growth = [more / less for less, more in zip(*flat, strict=True)]
    lines.append(figure("tally: growth", growth, "x", by="CPU", bound=1.25))
    return [*lines, intake(size, folder, folder / f"{many}.db", many)]


def heard(path: Path, count: int) -> tuple[Path, str]:
    """Found a database with so many voices and an item that has a few of them."""
    with worlds.founded(path) as flow:
        by = flow.people.actor(worlds.BY)
        number = flow.items.collect(worlds.demand(0), by=by).number
        office = flow.people.actor("office-1")
        for first in range(0, count, BATCH):
            flow.appeals.add_all(
                worlds.voices(first, min(BATCH, count - first)), by=office
            )
        step = max(1, count // LINKED)
        keys = [("hotline_12333", f"V{k * step}") for k in range(LINKED)]
        flow.appeals.link(number, keys, by=office)
    return path, number


def tallied(size: Size, path: Path, number: str) -> Samples:
    """Return the samples of the tally and of its bare join."""
    pieces = size.pick(50, 2)
    query = (
        "SELECT a.who, a.district, a.channel, a.at FROM huimin_link l"
        " JOIN huimin_appeal a ON a.channel = l.channel AND a.key = l.key"
        " WHERE l.item = ?"
    )
    with Flow.open(worlds.url_of(path)) as flow, sqlite3.connect(path) as bare:

        def ours(_: int) -> None:
            for _ in range(pieces):
                flow.items.tally(number)

        def alone(_: int) -> None:
            for _ in range(pieces):
                rows = bare.execute(query, (number,)).fetchall()
                [len(set(column)) for column in zip(*rows, strict=True)]

        variants = [Variant("ours", ours, pieces), Variant("bare", alone, pieces)]
        return turns(variants, size.blocks)


def intake(size: Size, folder: Path, source: Path, count: int) -> Line:
    """Return the line of a batch of voices into a database that has many."""
    pieces = size.pick(BATCH, 50)
    worlds.copied(source, folder / "ours.db")
    bare_path = worlds.copied(source, folder / "bare.db")
    made = worlds.copied(source, folder / "made.db")
    blocks = size.blocks + 1
    with worlds.journal("MEMORY", "OFF"), Flow.open(worlds.url_of(made)) as flow:
        for block in range(blocks):
            given = worlds.voices(count + block * pieces, pieces)
            flow.appeals.add_all(given, by=flow.people.actor("office-1"))
    rows = _written(made, pieces, blocks)
    with (
        Flow.open(worlds.url_of(folder / "ours.db")) as flow,
        limits.driver(bare_path) as bare,
    ):
        office = flow.people.actor("office-1")
        batches = [worlds.voices(count + k * pieces, pieces) for k in range(blocks)]

        def ours(block: int) -> None:
            flow.appeals.add_all(batches[block], by=office)

        def alone(block: int) -> None:
            _same_facts(bare, rows[block], [each.text for each in batches[block]])

        variants = [Variant("ours", ours, pieces), Variant("bare", alone, pieces)]
        samples = turns(variants, size.blocks)
    name = f"intake of voices, {count:,} heard before"
    return compare(name, samples, "ours", "bare", by="CPU")


Rows = list[limits.Columns]


def _written(path: Path, pieces: int, blocks: int) -> list[Rows]:
    """Return the rows of the newest batches, by batch."""
    with sqlite3.connect(path) as reader:
        (last,) = reader.execute("SELECT max(batch) FROM huimin_appeal").fetchone()
        batches = range(last - blocks + 1, last + 1)
        reader.row_factory = sqlite3.Row
        query = "SELECT * FROM huimin_appeal WHERE batch = ? ORDER BY line"
        rows = [
            [dict(row) for row in reader.execute(query, (batch,))] for batch in batches
        ]
    if any(len(some) != pieces for some in rows):
        raise SystemExit("a batch of voices is not one batch")
    return rows


def _same_facts(bare: sqlite3.Connection, rows: Rows, texts: list[str]) -> None:
    """Keep the same rows with plain statements, their contents sealed, and one root."""
    execute = bare.execute
    execute("BEGIN IMMEDIATE")
    for start in range(0, len(rows), 400):
        some = [row["key"] for row in rows[start : start + 400]]
        marks = ",".join("?" * len(some))
        query = f"SELECT key FROM huimin_appeal WHERE channel = 'hotline_12333' AND key IN ({marks})"  # noqa: E501 - marks only
        execute(query, some).fetchall()
    master, wrapped, sealed = AESGCM(b"m" * 32), [], []
    for row, text in zip(rows, texts, strict=True):
        key, salt, nonce = os.urandom(32), os.urandom(16), os.urandom(12)
        name, own = f"who/{row['who']}".encode(), os.urandom(12)
        wrapped.append((name.decode(), own + master.encrypt(own, key, name)))
        said = {"contact": None, "salt": salt.hex(), "text": text, "title": ""}
        plain = limits.json_of(said)
        row["text_commitment"] = limits.commitment_of(salt, plain)
        place = f"{row['channel']}/{row['key']}".encode()
        body = nonce + AESGCM(key).encrypt(nonce, plain, place)
        sealed.append((row["batch"], row["line"], body))
    bare.executemany("INSERT INTO huimin_data_key VALUES (?, ?)", wrapped)
    bare.executemany(limits.insert("huimin_appeal", rows[0]), rows)
    bare.executemany("INSERT INTO huimin_appeal_text VALUES (?, ?, ?)", sealed)
    merkle_root([limits.leaf_of(limits.json_of(row)) for row in rows])
    execute("COMMIT")


if __name__ == "__main__":
    run(measure)
