"""Databases for tests: founded once for all, then copied, or swept clean again.

Founding costs more than most tests: a file is copied from one that was founded,
a server's database is made from one and, once a test is over, swept: its rows are
those of the founding again, provided that its shape is. Else it is dropped.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

#: What all workers of a run write fits into so many bytes.
ROOM = 4 << 30

#: No machine of a test loses power: nothing waits for a disk. No database lives long
#: enough to be vacuumed, and no query runs long enough to be compiled.
_OPTIONS = (
    "-c fsync=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0"
    " -c autovacuum=off -c jit=off -c max_prepared_transactions=4"
)

#: A connection by its URL: what a server has read of a database is read once.
_CONNECTIONS: dict[str, psycopg.Connection[Any]] = {}

#: Where a server keeps what a test could leave behind beside rows, by the object.
_CATALOGS = {
    "pg_namespace": "oid",
    "pg_class": "oid",
    "pg_attribute": "attrelid",
    "pg_attrdef": "oid",
    "pg_type": "oid",
    "pg_index": "indexrelid",
    "pg_constraint": "oid",
    "pg_trigger": "oid",
    "pg_event_trigger": "oid",
    "pg_rewrite": "oid",
    "pg_policy": "oid",
    "pg_proc": "oid",
    "pg_inherits": "inhrelid",
    "pg_sequence": "seqrelid",
    "pg_default_acl": "oid",
    "pg_statistic_ext": "oid",
    "pg_publication": "oid",
    "pg_db_role_setting": "setdatabase",
}

#: A relation without what the server itself changes as rows come and go.
_LASTING = (
    "to_jsonb(c) - '{relpages,reltuples,relallvisible,relallfrozen,relfrozenxid,"
    "relminmxid,relfilenode,relhasindex,relhastriggers}'::text[]"
)

#: The shape of a database as one number; what the server brought has smaller keys.
_SHAPE = "SELECT sum(hashtextextended(line, 0)) FROM ({}) AS lines".format(
    " UNION ALL ".join(
        f"SELECT concat('{name} ', {told}) AS line FROM {name} c WHERE {key} >= 16384"
        for name, key in _CATALOGS.items()
        for told in [_LASTING if name == "pg_class" else "c::text"]
    )
)


def binaries() -> Path | None:
    """Return the folder of a server's programs, None where PostgreSQL is missing."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    named = shutil.which("initdb")
    return Path(named).resolve().parent if named else None


def _as_server(arguments: list[str]) -> None:
    """Run a server command; PostgreSQL refuses root, so root lends a user."""
    user = "postgres" if os.geteuid() == 0 else None
    subprocess.run(arguments, check=True, capture_output=True, user=user)


def memory() -> Path | None:
    """Return a folder that lies in memory and has room for what tests write."""
    shared = Path("/dev/shm")  # noqa: S108 - whoever asks makes an own folder there
    if not os.access(shared, os.W_OK):
        return None
    return shared if shutil.disk_usage(shared).free >= ROOM else None


def served() -> Iterator[str | None]:
    """Yield the URL of a throw-away server, None where PostgreSQL is missing."""
    found = binaries()
    if found is None:
        yield None
        return
    # Not below pytest's folder: each session that starts shuts others' users out.
    with tempfile.TemporaryDirectory(prefix="huimin-pg-", dir=memory()) as folder:
        if os.geteuid() == 0:
            os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
        yield from _running(found, Path(folder))
        for connection in _CONNECTIONS.values():
            connection.close()
        _CONNECTIONS.clear()


def _running(programs: Path, home: Path) -> Iterator[str]:
    data = str(home / "data")
    arguments = ["-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8"]
    _as_server([str(programs / "initdb"), *arguments, "--locale=C", "--no-sync"])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = f"-p {port} -k {home} -c listen_addresses=127.0.0.1 {_OPTIONS}"
    control = [str(programs / "pg_ctl"), "-D", data, "-w", "-l", str(home / "log")]
    _as_server([*control, "-o", options, "start"])
    yield f"postgresql://postgres@127.0.0.1:{port}"
    _as_server([*control, "-m", "immediate", "stop"])


def connected(server: str, name: str = "postgres") -> psycopg.Connection[Any]:
    """Return a connection that is kept, outside of any transaction."""
    url = f"{server}/{name}"
    connection = _CONNECTIONS.get(url)
    if connection is None or connection.closed:
        connection = psycopg.connect(url, autocommit=True)
        _CONNECTIONS[url] = connection
    return connection


def fresh(server: str, template: str | None = None) -> str:
    """Make a database on ``server``, empty or like ``template``; return its name."""
    name = "t" + os.urandom(6).hex()
    command = sql.SQL("CREATE DATABASE {} STRATEGY file_copy").format(
        sql.Identifier(name)
    )
    if template is not None:
        command += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
    connected(server).execute(command)
    return name


def dropped(server: str, name: str) -> None:
    """Drop a database, whoever still is connected."""
    connection = _CONNECTIONS.pop(f"{server}/{name}", None)
    if connection is not None:
        connection.close()
    command = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    connected(server).execute(command.format(sql.Identifier(name)))


@dataclass(frozen=True)
class _Picture:
    """What a database held when it was founded, and what restores it."""

    shape: list[Any]
    script: sql.Composed


_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
_SEQUENCES = (
    "SELECT schemaname || '.' || sequencename, last_value FROM pg_sequences ORDER BY 1"
)

#: Sets what differs only: a sequence that nobody asked stands where it stood.
_RESTART = sql.SQL(
    "SELECT setval(name::regclass, coalesce(last, 1), last IS NOT NULL)"
    " FROM (VALUES {}) AS first (name, last)"
    " WHERE pg_sequence_last_value(name::regclass) IS DISTINCT FROM last"
)


def _picture(connection: psycopg.Connection[Any]) -> _Picture:
    script: list[sql.Composable] = [
        sql.SQL("SET LOCAL lock_timeout = '1s'"),
        sql.SQL("SET LOCAL session_replication_role = replica"),
    ]
    for (table,) in connection.execute(_TABLES).fetchall():
        named = sql.Identifier(table)
        script.append(sql.SQL("DELETE FROM {}").format(named))
        query = sql.SQL("SELECT * FROM {}").format(named)
        for row in connection.execute(query).fetchall():
            values = sql.SQL(", ").join(map(sql.Literal, row))
            command = sql.SQL("INSERT INTO {} OVERRIDING SYSTEM VALUE VALUES ({})")
            script.append(command.format(named, values))
    sequences = connection.execute(_SEQUENCES).fetchall()
    if sequences:
        lines = [
            sql.SQL("({}, {}::bigint)").format(name, last) for name, last in sequences
        ]
        script.append(_RESTART.format(sql.SQL(", ").join(lines)))
    shape = connection.execute(_SHAPE).fetchall()
    return _Picture(shape, sql.SQL("; ").join(script))


@dataclass
class Pool:
    """A server's databases, each like ``template`` whenever it is taken."""

    server: str
    template: str
    _free: list[str] = field(default_factory=list)
    _first: _Picture | None = None

    def take(self) -> str:
        """Return the name of a database as it was founded."""
        return self._free.pop() if self._free else fresh(self.server, self.template)

    def give(self, name: str) -> None:
        """Take a database back: swept where its shape is whole, else dropped."""
        try:
            whole = self._swept(name)
        except psycopg.errors.LockNotAvailable:  # somebody still is connected
            whole = False
        if whole:
            self._free.append(name)
        else:
            dropped(self.server, name)

    def _swept(self, name: str) -> bool:
        first = self._picture_of_template()
        connection = connected(self.server, name)
        if connection.execute(_SHAPE).fetchall() != first.shape:
            return False
        with connection.transaction():
            connection.execute(first.script)
        return True

    def _picture_of_template(self) -> _Picture:
        if self._first is None:
            # None but this stays connected, else nothing could be copied from it.
            with psycopg.connect(f"{self.server}/{self.template}") as connection:
                self._first = _picture(connection)
        return self._first
