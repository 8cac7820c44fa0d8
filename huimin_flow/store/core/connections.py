"""The idle connections of an engine, which its next transactions use again.

A connection that comes from the pool costs more than the statements of an act (P3).
"""

from __future__ import annotations

import os
import select
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar
from weakref import WeakSet

from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import Pool

from huimin_flow.store.core import driver
from huimin_flow.store.core.hosts.borrowed import (
    POOLED,
    BorrowedEngine,
    give_back,
)
from huimin_flow.store.core.turns import Turns

T = TypeVar("T")

#: How many idle connections are held for reading, and for writing.
KEPT = 5


#: The commands that begin a transaction on PostgreSQL.
_READ, _WRITE = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", b"BEGIN"


#: Where a snapshot of our own keeps what it has read, and for how many keys.
SNAPSHOT, _READ_KEYS = "huimin_snapshot", 200


def once(connection: Connection, key: str, read: Callable[[], T]) -> T:
    """Return what ``read`` returns; a snapshot of our own reads it once for a key.

    There nothing changes; a host's transaction reads each time.
    """
    known: dict[str, T] | None = connection.info.get(SNAPSHOT)
    if known is None:
        return read()
    if key not in known:
        if len(known) >= _READ_KEYS:
            known.clear()
        known[key] = read()
    return known[key]


def all_once(
    connection: Connection,
    keys: Sequence[str],
    read: Callable[[Sequence[str]], Mapping[str, T]],
) -> dict[str, T]:
    """Return by key what ``read`` returns; a snapshot asks it for new keys only."""
    known: dict[str, T] = connection.info.get(SNAPSHOT, {})
    new = [key for key in keys if key not in known]
    if len(known) + len(new) > _READ_KEYS:
        known.clear()
        new = list(keys)
    if new:
        known.update(read(new))
    return {key: known[key] for key in keys if key in known}


class Held:
    """The idle connections of an engine, and the turns of its writers on SQLite."""

    def __init__(
        self,
        engine: Engine,
        path: Path | None,
        local: str = "",
        lend: Callable[..., None] | None = None,
    ) -> None:
        """Store the engine, and the path of its SQLite file if it has one.

        ``local`` sets what a transaction needs where the connection itself doesn't
        have it. A host's connection is ``lend``ed.
        """
        self._engine, self.path = engine, path
        self.local, self._lend = local, lend
        self.is_borrowed = isinstance(engine, BorrowedEngine)
        self.renew()

    def renew(self) -> None:
        """Hold nothing; a forked child uses no inherited connection or lock."""
        self.reading: list[Connection] = []
        self.writing: list[Connection] = []
        self.turns: Turns | None = None
        if self.path is not None:
            self.turns = Turns(self.path, self.begin, self.give)

    def take(self, idle: list[Connection]) -> Connection:
        """Return an idle connection that is alive, or a new one."""
        while idle:
            try:
                connection = idle.pop()
            except IndexError:  # another thread was first
                break
            if _is_alive(connection):
                return connection
            connection.invalidate()
            connection.close()
        connection = self._engine.connect()
        try:
            self._prepare(connection, reads=idle is self.reading)
        except BaseException:
            self._close(connection)
            raise
        return connection

    def _prepare(self, connection: Connection, *, reads: bool) -> None:
        if self._lend is not None:
            self._lend(connection, reads=reads)
        if self.path is not None:
            if not reads:  # a writer has its own patience
                driver.command(connection, "PRAGMA busy_timeout=0")
            return
        if self.is_borrowed:
            return
        if reads:
            connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        if POOLED not in connection.info:
            driver.add_wire(connection, _READ if reads else _WRITE)

    def enter(self, connection: Connection) -> None:
        """Set what a transaction on PostgreSQL needs, unless the connection has it."""
        if driver.WIRE not in connection.get_execution_options():
            driver.command(connection, self.local)

    def begin(self) -> Connection:
        """Return a connection with a transaction for writing, begun now."""
        connection = self.take(self.writing)
        try:
            if self.path is not None:
                driver.command(connection, "BEGIN IMMEDIATE")
            else:
                self.enter(connection)
        except BaseException:
            self.give(connection)
            raise
        return connection

    def give(self, connection: Connection, *, reads: bool = False) -> None:
        """Hold a connection whose transaction has ended, or close it."""
        idle = self.reading if reads else self.writing
        waits = not connection.invalidated and driver.PENDING in connection.info
        if self.is_borrowed or connection.invalidated or waits or len(idle) >= KEPT:
            # To the pool, where a refusal may wait to be logged.
            self._close(connection)
        else:
            idle.append(connection)

    def _close(self, connection: Connection) -> None:
        """Return a connection to its pool, a host's as it was or not at all."""
        try:
            if self.is_borrowed and not connection.invalidated:
                give_back(connection)
        except connection.dialect.loaded_dbapi.Error as error:
            connection.invalidate(error)
        finally:
            connection.close()

    def close(self) -> None:
        """Close the idle connections, and remove the lock file."""
        for idle in (self.reading, self.writing):
            while idle:
                connection = idle.pop()
                connection.detach()  # its pool has been closed before
                connection.close()
        if self.turns is not None:
            self.turns.close()


def hold(
    engine: Engine,
    path: Path | None,
    local: str = "",
    lend: Callable[..., None] | None = None,
) -> None:
    """Make an engine hold its idle connections, a host's engine none; see ``Held``."""
    engine.update_execution_options(huimin_held=Held(engine, path, local, lend))
    event.listen(engine, "engine_disposed", lambda _: held_by(engine).close())
    _ENGINES.add(engine)


def held_by(engine: Engine) -> Held:
    """Return the idle connections of an engine."""
    held: Held = engine.get_execution_options()["huimin_held"]
    return held


def _is_alive(connection: Connection) -> bool:
    """Tell whether a server kept a connection open: an idle one receives nothing."""
    own = getattr(connection.connection.driver_connection, "pgconn", None)
    if own is None:
        return True
    ready = select.poll()
    ready.register(own.socket, select.POLLIN)
    return not ready.poll(0)


#: The engines of this process, and what a child inherited by a fork. It is kept,
#: because closing its connections would close the parent's.
_ENGINES: WeakSet[Engine] = WeakSet()
_INHERITED: list[tuple[Pool, list[Connection], list[Connection]]] = []


def _reset_after_fork() -> None:
    """Make a forked child open its own connections and use no inherited one."""
    for engine in list(_ENGINES):
        held = held_by(engine)
        _INHERITED.append((engine.pool, held.reading, held.writing))
        if held.turns is not None:
            held.turns.file.forget()
        held.renew()
        engine.dispose(close=False)


os.register_at_fork(after_in_child=_reset_after_fork)
