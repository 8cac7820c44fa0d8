"""One act on PostgreSQL, of one writer and of four, beside bare psycopg.

A server of its own runs for the bench, on disk, as durable as it is shipped. The
bare loop knows the answer: it locks the item, writes the same event and row and
gives the next position, in one transaction and in the fewest statements. CPU is the
client's. procrastinate, a peer, defers one job for an act.
"""

from __future__ import annotations

import json
import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from bench import limits, peers, teams, worlds
from bench.harness import Line, Size, Variant, compare, run, skipped, turns
from huimin_flow.flow import Flow
from huimin_flow.settings import load_rulebook

WRITERS = 4


def measure(size: Size, folder: Path) -> list[Line]:
    """Return the lines of one writer and of four."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    named = shutil.which("initdb")
    if not binaries and named is None:
        skipped("PostgreSQL", "everything", "initdb is not installed")
        return []
    programs = (binaries[-1] if binaries else Path(str(named)).resolve()).parent
    with served(programs, folder / "server") as server:
        for name in ("ours", "bare", "peer"):
            with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
                admin.execute(_CREATE.format(sql.Identifier(name)))
        made = {name: items_of(f"{server}/{name}") for name in ("ours", "bare")}
        return [*alone(size, server, made), *together(size, server, made)]


@contextmanager
def served(programs: Path, home: Path) -> Iterator[str]:
    """Yield the URL of a server with its usual durability; PostgreSQL refuses root."""
    user = "postgres" if os.geteuid() == 0 else None
    home.mkdir()
    if user is not None:
        os.chown(home, pwd.getpwnam(user).pw_uid, -1)
        home.parent.chmod(0o711)  # the bench's own folder lets the server through

    def call(*words: str) -> None:
        subprocess.run(  # noqa: S603 - the server's own programs
            [str(programs / words[0]), *words[1:]],
            check=True, capture_output=True, user=user, cwd=home,
        )  # fmt: skip

    data = str(home / "data")
    call("initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = f"-p {port} -k {home} -c listen_addresses=127.0.0.1"
    control = ("pg_ctl", "-D", data, "-w", "-l", str(home / "log"))
    call(*control, "-o", options, "start")
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}"
    finally:
        call(*control, "-m", "fast", "stop")


def items_of(url: str) -> list[str]:
    """Found a database with an item for each writer; return their numbers."""
    with Flow.found(url, load_rulebook(worlds.CONFIG)) as flow:
        by = flow.people.actor(worlds.BY)
        return [
            flow.items.collect(worlds.demand(k), by=by).number for k in range(WRITERS)
        ]


class Bare:
    """A loop over one item that writes its row and its last event again and again."""

    def __init__(self, url: str, number: str) -> None:
        """Take the item's newest rows as the pattern of those to write."""
        self.connection = psycopg.connect(url, row_factory=dict_row, autocommit=True)
        execute = self.connection.execute
        self.item = one(execute(_ITEM, (number,)))
        self.event = one(execute(_EVENT, (f"item/{number}",)))
        del self.event["id"]
        self.header = json.loads(self.event["header"])
        self.body = json.loads(self.item["body"])
        self.add: Any = limits.insert("huimin_event", self.event, "%({})s")
        self.change: Any = limits.amended("%({})s")

    def act(self, _: int) -> None:
        """Write one more event with the next position, and the item."""
        execute, event, item = self.connection.execute, self.event, self.item
        with self.connection.transaction():
            execute(_ITEM_HELD, (item["number"],)).fetchone()
            execute(_EVENT, (event["stream"],)).fetchone()
            event["n"] += 1
            item["version"] += 1
            header = limits.json_of(self.header)
            row = item | {"body": limits.json_of(self.body).decode()}
            execute(self.change, row)
            made = {"header": header, "leaf": limits.leaf_of(header)}
            position = one(execute(_NEXT))["value"]
            execute(self.add, {**event, **made, "position": position})


def one(cursor: psycopg.Cursor[dict[str, Any]]) -> dict[str, Any]:
    """Return the one row of a query."""
    row = cursor.fetchone()
    if row is None:
        raise SystemExit("a row of the bench is missing")
    return row


_CREATE = sql.SQL("CREATE DATABASE {}")
_ITEM = "SELECT * FROM huimin_item WHERE number = %s"
_ITEM_HELD = "SELECT body FROM huimin_item WHERE number = %s FOR UPDATE"
_EVENT = "SELECT * FROM huimin_event WHERE stream = %s ORDER BY n DESC LIMIT 1"
_NEXT = (
    "UPDATE huimin_counter SET value = value + 1 WHERE name = 'position'"
    " RETURNING value"
)


def alone(size: Size, server: str, made: dict[str, list[str]]) -> list[Line]:
    """Return the lines of one writer."""
    pieces = size.pick(40, 3)
    with ExitStack() as stack:
        flow = stack.enter_context(Flow.open(f"{server}/ours"))
        by, number = flow.people.actor(worlds.BY), made["ours"][0]
        bare = Bare(f"{server}/bare", made["bare"][0])
        stack.callback(bare.connection.close)

        def each(act: Callable[[int], object]) -> Callable[[int], None]:
            def block(number: int) -> None:
                for k in range(number * pieces, (number + 1) * pieces):
                    act(k)

            return block

        variants = [
            Variant("bare", each(bare.act), pieces),
            Variant(
                "amend",
                each(lambda k: flow.items.amend(number, worlds.title(k), by=by)),
                pieces,
            ),
        ]
        peer = peers.on_postgresql(f"{server}/peer", stack)
        if peer is not None:
            variants.append(Variant("procrastinate defer", each(peer), pieces))
        samples = turns(variants, size.blocks)
    name = "amend, PostgreSQL, 1 writer"
    lines = [
        compare(name, samples, "amend", "bare", bound=1.8),
        compare(name, samples, "amend", "bare", by="CPU"),
    ]
    if peer is not None:
        other = "procrastinate defer"
        lines.append(compare(name, samples, "amend", other, kind="peer", faster=True))
    return lines


def together(size: Size, server: str, made: dict[str, list[str]]) -> list[Line]:
    """Return the lines of four writers, each a process with an item of its own."""
    seconds = size.pick(1000, 100) / 1000
    done = teams.in_turns(
        {
            "ours": (amended, f"{server}/ours", made["ours"]),
            "bare": (repeated, f"{server}/bare", made["bare"]),
        },
        seconds,
        size.blocks,
    )
    samples = {name: teams.samples(turns, seconds) for name, turns in done.items()}
    name = f"amend, PostgreSQL, {WRITERS} writers"
    return [
        compare(name, samples, "ours", "bare", bound=1.8),
        compare(name, samples, "ours", "bare", by="CPU"),
    ]


def amended(end: Connection, url: str, number: str) -> None:
    """Amend one item in a loop through Flow."""
    with Flow.open(url) as flow:
        by = flow.people.actor(worlds.BY)

        def act(k: int) -> None:
            worlds.insist(lambda: flow.items.amend(number, worlds.title(k), by=by))

        teams.loop(end, act)


def repeated(end: Connection, url: str, number: str) -> None:
    """Write one item in a loop with plain statements."""
    bare = Bare(url, number)
    teams.loop(end, bare.act)
    bare.connection.close()


if __name__ == "__main__":
    run(measure)
