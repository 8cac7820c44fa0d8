"""What a writer waits for: told to the log, and never the caller itself.

SQLite has one writer, and PostgreSQL locks a row until its transaction ends. A program
that acts in a host's transaction and then calls an open Flow would wait for itself
until the deadline. Here the open Flow learns whose transaction it is: at once if it is
the caller's own, soon if it is another one of the same process.
"""

from __future__ import annotations

import logging
import os
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from itertools import chain, repeat
from pathlib import Path
from typing import Final, TypeVar
from weakref import ref

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.errors import StoreBusy
from huimin_flow.store.core.connections import Held, held_by
from huimin_flow.store.core.driver import READING
from huimin_flow.store.core.failures import code_of, is_busy, is_late, is_taken
from huimin_flow.store.core.hosts.given import manager_of

T = TypeVar("T")

#: Waits of at least so many seconds are a warning in the log.
TOLD: Final = 1.0

#: How long a writer waits for another transaction of its own process, in seconds: a
#: thread of the host's may end it soon, but the caller itself never does.
OWN_PROCESS: Final = 3.0

#: How long a statement waits for a lock on PostgreSQL where the caller has a
#: transaction open, in milliseconds.
OWN_LOCK: Final = 1_000

#: The byte of a SQLite file that its writer locks; in WAL mode that of its index.
_RESERVED, _WAL_WRITE = 0x40000001, 120

#: The pauses of a writer that waits for another, in seconds; the last one repeats.
_PAUSES = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25)

_log = logging.getLogger("huimin_flow.waits")
_retries = logging.getLogger("huimin_flow.retries")

#: Where a connection keeps which SQLite file it has open.
_FILE = "huimin_file"

#: The connections in whose transactions this flow of control has acted. A task and a
#: thread have their own; a thread of a pool that serves the next request may have not.
_ACTED: ContextVar[tuple[ref[Connection], ...]] = ContextVar("huimin", default=())


#: The same for writing transactions of ours: whose they are, in a list for each.
_HOLDS: ContextVar[tuple[list[Held], ...]] = ContextVar("huimin_holds", default=())


def acted_in(connection: Connection) -> None:
    """Remember a host's transaction in which this flow of control has acted."""
    if connection.dialect.name == "sqlite" and _FILE not in connection.info:
        row = connection.exec_driver_sql("PRAGMA database_list").first()
        connection.info[_FILE] = "" if row is None else str(row[2])
    others = [
        known
        for known in _ACTED.get()
        if (other := known()) is not None and _is_open(other) and other != connection
    ]
    _ACTED.set((*others, ref(connection)))


def has_acted(engine: Engine, path: Path | None) -> bool:
    """Tell whether this flow of control has a transaction open on a database.

    ``path`` is that of a SQLite file.
    """
    return holds(held_by(engine)) or any(
        other is not None and _is_open(other) and _is_same(other, engine, path)
        for other in (known() for known in _ACTED.get())
    )


@contextmanager
def holding(held: Held) -> Iterator[None]:
    """Remember that this flow of control has a writing transaction of ours open.

    A task that is begun meanwhile keeps a mark, which is empty once it has ended.
    """
    mark = [held]
    _HOLDS.set((*_HOLDS.get(), mark))
    try:
        yield
    finally:
        mark.clear()
        _HOLDS.set(tuple(known for known in _HOLDS.get() if known))


def _own_nothing() -> None:
    """Forget in a forked child whatever its parent has open."""
    for known in (_ACTED, _HOLDS, READING):
        known.set(())


os.register_at_fork(after_in_child=_own_nothing)


def holds(held: Held) -> bool:
    """Tell whether this flow of control has such a transaction open."""
    return any(held in mark for mark in _HOLDS.get())


def reading(path: Path | None, *, ends: bool = False) -> None:
    """Remember that this flow of control has a snapshot of a SQLite file open."""
    if path is not None:
        known = [*READING.get()]
        if not ends:
            known.append(path)
        elif path in known:
            known.remove(path)
        READING.set(tuple(known))


def _is_open(connection: Connection) -> bool:
    manager = manager_of(connection)
    if manager is not None and not manager.is_open:
        return False
    return not connection.closed and connection.in_transaction()


def _is_same(connection: Connection, engine: Engine, path: Path | None) -> bool:
    if connection.dialect.name != engine.dialect.name:
        return False
    if path is None:
        # An engine whose connections a function of the host's makes names no database.
        names = {connection.engine.url.database, engine.url.database}
        return len(names) == 1 or None in names
    with suppress(OSError):
        return path.samefile(connection.info.get(_FILE, ""))
    return False


def require_other(
    engine: Engine, path: Path | None, waited: float, *, ends: bool
) -> None:
    """Refuse to wait any longer for what this program itself holds.

    ``ends`` is true if only the commit has to wait, which is for readers.

    Raises:
        StoreBusy: at once if the caller's own transaction is open, and after
            ``OWN_PROCESS`` seconds if another transaction of this process writes.

    """
    own = has_acted(engine, path) or (ends and path in READING.get())
    if own or (waited >= OWN_PROCESS and path is not None and _is_written_here(path)):
        told(waited, given_up=True, code=StoreCode.OWN_TRANSACTION)
        raise StoreBusy(StoreCode.OWN_TRANSACTION)


def _is_written_here(path: Path) -> bool:
    """Tell whether this process has the lock of a SQLite file's writer.

    The kernel lists all locks. To open the file would be wrong: as it is closed, the
    process would lose its locks.
    """
    places = {}
    with suppress(OSError):
        places[path.stat().st_ino] = _RESERVED
        places[path.with_name(f"{path.name}-shm").stat().st_ino] = _WAL_WRITE
    lines: list[str] = []
    with suppress(OSError):  # no such list on this system
        lines = Path("/proc/locks").read_text("ascii").splitlines()
    for line in lines:
        fields = line.split()
        if fields[3:5] != ["WRITE", str(os.getpid())]:
            continue
        _, _, inode = fields[5].rpartition(":")
        byte, last = places.get(int(inode)), fields[7]
        if byte is not None and int(fields[6]) <= byte:
            return last == "EOF" or byte <= int(last)
    return False


def told(seconds: float, *, given_up: bool = False, code: str = "busy") -> None:
    """Tell the log how long a writer has waited for its turn."""
    if given_up:
        _log.warning(
            "gave up after %.1f s of waiting for another writer: %s", seconds, code,
            extra={"seconds": seconds, "code": str(code), "given_up": True},
        )  # fmt: skip
    elif seconds >= TOLD:
        _log.warning(
            "waited %.1f s for another writer", seconds,
            extra={"seconds": seconds, "code": str(code), "given_up": False},
        )  # fmt: skip


def pauses() -> Iterator[float]:
    """Yield pauses with a random part, so that writers do not try in step."""
    for pause in chain(_PAUSES, repeat(_PAUSES[-1])):
        yield pause * (0.5 + random.random())  # noqa: S311 - spreads who waits


def retried(
    attempt: Callable[[float], T], patience: float, engine: Engine | None = None
) -> T:
    """Try for ``patience`` seconds; ``attempt`` gets the end by the monotonic clock.

    Raises:
        StoreBusy: if what an engine's writer waits for is held by its own program.

    """
    begun = time.monotonic()
    if engine is not None and held_by(engine).turns and holds(held_by(engine)):
        told(0.0, given_up=True, code=StoreCode.OWN_TRANSACTION)
        raise StoreBusy(StoreCode.OWN_TRANSACTION)
    deadline = begun + patience
    rests = pauses()
    while True:
        try:
            return attempt(deadline)
        except StoreBusy as refusal:
            if refusal.code == StoreCode.BUSY:  # its turn didn't come
                told(time.monotonic() - begun, given_up=True)
            raise
        except (DBAPIError, sqlite3.OperationalError) as error:
            waited = time.monotonic() - begun
            busy = is_busy(error) or is_late(error)
            if busy and engine is not None:
                ends = getattr(error, "statement", "") == "COMMIT"
                require_other(engine, held_by(engine).path, waited, ends=ends)
            if waited >= patience or not (is_busy(error) or is_taken(error)):
                if busy:
                    told(waited, given_up=True)
                raise
            _retries.debug("tries again: %s", code_of(error), extra={"seconds": waited})
        time.sleep(next(rests))
