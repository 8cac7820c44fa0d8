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


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    named = shutil.which("initdb")
    return Path(named).resolve().parent if named else None


def _as_server(arguments: list[str]) -> None:
    """Run a server command; PostgreSQL refuses root, so root lends a user."""
    user = "postgres" if os.geteuid() == 0 else None
    subprocess.run(arguments, check=True, capture_output=True, user=user)


def served() -> Iterator[str | None]:
    """Yield the URL of a throw-away server, None where PostgreSQL is missing."""
    binaries = _binaries()
    if binaries is None:
        yield None
        return
    # Not below pytest's folder: each session that starts shuts others' users out.
    with tempfile.TemporaryDirectory(prefix="huimin-postgresql-") as folder:
        if os.geteuid() == 0:
            os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
        yield from _running(binaries, Path(folder))


def _running(binaries: Path, home: Path) -> Iterator[str]:
    data = str(home / "data")
    arguments = ["-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8"]
    _as_server([str(binaries / "initdb"), *arguments, "--locale=C", "--no-sync"])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = f"-p {port} -k {home} -c listen_addresses=127.0.0.1 -c fsync=off"
    control = [str(binaries / "pg_ctl"), "-D", data, "-w", "-l", str(home / "log")]
    _as_server([*control, "-o", options, "start"])
    yield f"postgresql://postgres@127.0.0.1:{port}"
    _as_server([*control, "-m", "immediate", "stop"])


def fresh(server: str, template: str | None = None) -> str:
    """Make a database on ``server``, empty or like ``template``; return its name."""
    name = "t" + os.urandom(6).hex()
    command = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if template is not None:
        command += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(command)
    return name


def dropped(server: str, name: str) -> None:
    """Drop a database, whoever still is connected."""
    command = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(command.format(sql.Identifier(name)))


@dataclass
class _Picture:
    """What a database held when it was founded."""

    shape: list[Any]
    rows: dict[str, list[tuple[Any, ...]]]
    sequences: list[tuple[Any, ...]]


_SEQUENCES = "SELECT schemaname || '.' || sequencename, last_value FROM pg_sequences"
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"


def _picture(connection: psycopg.Connection[Any]) -> _Picture:
    rows = {
        name: connection.execute(
            sql.SQL("SELECT * FROM {}").format(sql.Identifier(name))
        ).fetchall()
        for (name,) in connection.execute(_TABLES).fetchall()
    }
    return _Picture(
        shape=connection.execute(_SHAPE).fetchall(),
        rows=rows,
        sequences=connection.execute(_SEQUENCES).fetchall(),
    )


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
        with psycopg.connect(f"{self.server}/{name}") as connection:
            connection.execute("SET lock_timeout = '1s'")
            if connection.execute(_SHAPE).fetchall() != first.shape:
                return False
            connection.execute("SET session_replication_role = replica")
            for table, rows in first.rows.items():
                _restore(connection, table, rows)
            for sequence, last in first.sequences:
                connection.execute(
                    "SELECT setval(%s, coalesce(%s, 1), %s)",
                    (sequence, last, last is not None),
                )
        return True

    def _picture_of_template(self) -> _Picture:
        if self._first is None:
            with psycopg.connect(f"{self.server}/{self.template}") as connection:
                self._first = _picture(connection)
        return self._first


def _restore(
    connection: psycopg.Connection[Any], table: str, rows: list[tuple[Any, ...]]
) -> None:
    named = sql.Identifier(table)
    connection.execute(sql.SQL("DELETE FROM {}").format(named))
    if rows:
        places = sql.SQL(", ").join(sql.Placeholder() * len(rows[0]))
        command = "INSERT INTO {} OVERRIDING SYSTEM VALUE VALUES ({})"
        connection.cursor().executemany(sql.SQL(command).format(named, places), rows)
