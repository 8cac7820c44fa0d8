"""Database engines that lose nothing: locks, durability, retries."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.errors import StoreRefused, extra_missing
from huimin_flow.store.core import driver
from huimin_flow.store.core.connections import KEPT, SNAPSHOT, Held, held_by, hold
from huimin_flow.store.core.failures import may, refusals
from huimin_flow.store.core.host_transaction import require_transaction
from huimin_flow.store.core.hosts import waits
from huimin_flow.store.core.hosts.borrowed import (
    borrowed,
    connected,
    lend,
    local_settings,
)
from huimin_flow.store.core.hosts.given import fit_schema
from huimin_flow.store.core.turns import Group, Turns

T = TypeVar("T")

#: By branch, the first release that fixes SQLite's WAL-reset race.
_FIXED_BRANCHES = {(3, 44): 6, (3, 50): 7, (3, 51): 3}

#: How long readers and commits wait for each other, in milliseconds.
_PATIENCE = 10_000

#: How long a writer tries in total, in seconds, including its wait at COMMIT.
_DEADLINE = 25.0

#: How long a statement waits for another's lock on PostgreSQL, in milliseconds.
_LOCK_TIMEOUT = 20_000


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Tell whether a SQLite release contains the fix of the WAL-reset bug.

    >>> wal_is_safe((3, 40, 1)), wal_is_safe((3, 44, 6)), wal_is_safe((3, 53, 0))
    (False, True, True)

    """
    branch, patch = version[:2], version[2]
    if branch in _FIXED_BRANCHES:
        return patch >= _FIXED_BRANCHES[branch]
    return branch > (3, 51)


def journal_mode() -> tuple[str, str]:
    """Return the journal mode and synchronous level for the installed SQLite."""
    if wal_is_safe(sqlite3.sqlite_version_info):
        return "WAL", "FULL"
    return "DELETE", "EXTRA"


def open_engine(
    url: str, *, create: bool = False, private: bool = False, read_only: bool = False
) -> Engine:
    """Return an engine on ``url`` whose writers take the lock at BEGIN.

    SQLite files are created only with ``create``; if ``private``, only the owner
    writes to a new file and its group reads it, whatever the umask is. On PostgreSQL
    ``?schema=name`` puts the tables in a schema of their own. With ``read_only`` the
    database itself refuses every change, and its journal mode does not change.

    Raises:
        StoreRefused: for an unreadable URL or an unknown database system.

    """
    try:
        address = make_url(url)
    except ArgumentError:
        place = str(url).rpartition("@")[2]  # without a password
        raise StoreRefused(StoreCode.URL_UNREADABLE, url=place) from None
    backend = address.get_backend_name()
    if backend == "sqlite":
        mode = "ro" if read_only else "rwc" if create else "rw"
        return _sqlite(address, mode, private=private)
    if backend == "postgresql":
        return _postgresql(address, read_only=read_only)
    raise StoreRefused(StoreCode.MAKE_UNKNOWN, make=backend)


def _sqlite(address: Any, mode: str, *, private: bool) -> Engine:
    path = address.database
    if not path or path == ":memory:":
        raise StoreRefused(StoreCode.IN_MEMORY)
    with suppress(PermissionError):  # the refusal of a folder that may not be seen
        if Path(path).is_dir():  # in read-only mode it would open, but not be readable
            raise StoreRefused(StoreCode.CANNOT_OPEN, path=path)
    if private:
        with suppress(OSError):  # SQLite meets the same obstacle, and has its refusal
            _create_private(Path(path))
    quoted = path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(
            f"file:{quoted}?mode={mode}",
            uri=True,
            timeout=0,
            isolation_level=None,
            check_same_thread=False,
        ),
        poolclass=QueuePool,
        pool_size=2 * KEPT,
        hide_parameters=True,  # failures are logged, and values may be private
    )
    event.listen(engine, "connect", partial(_prepare_sqlite, Path(path), mode))
    event.listen(engine, "begin", _begin_sqlite)
    hold(engine, Path(path))
    return engine


def borrow_engine(
    host: object, *, schema: str | None = None, read_only: bool = False
) -> Engine:
    """Return an engine of ours on the pool of a host's engine.

    Raises:
        InputRefused: if it is no engine, or an asynchronous one.
        StoreRefused: for another database system, one in memory, or autocommit.

    """
    engine, path = borrowed(host)
    with engine.host.connect() as connection:
        require_transaction(connection)
    place = fit_schema(schema, engine.dialect.name)
    if path is not None:
        event.listen(engine, "begin", _begin_sqlite)
        lent = partial(lend, level=journal_mode()[1], read_only=read_only)
        hold(engine, path, lend=lent)
        return engine
    lent = partial(lend, read_only=read_only)
    hold(engine, None, local_settings(place, _LOCK_TIMEOUT), lent)
    return engine


def _create_private(path: Path) -> None:
    """Create an empty file that only its owner writes to and its group reads.

    SQLite gives its journal the mode of the file. A missing folder is created in a
    folder that exists; an existing file or folder stays as it is.

    Raises:
        OSError: if the file exists, or can't be created.

    """
    if path.parent.parent.is_dir():
        make_folder(path.parent)
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        os.fchmod(descriptor, FILE_MODE)
    finally:
        os.close(descriptor)


#: Who uses a production database: its owner writes, its group reads.
FILE_MODE, FOLDER_MODE = 0o640, 0o750


def make_folder(path: Path, mode: int = FOLDER_MODE) -> None:
    """Create a missing folder with ``mode``, whatever the umask is.

    A new folder keeps the setgid bit of the folder above, and so its group. It has no
    other mode first: a change by an account outside the group removes that bit.

    Raises:
        OSError: if it can't be created.

    """
    with suppress(FileExistsError):
        path.mkdir(mode=mode)
        made = stat.S_IMODE(path.stat().st_mode)
        if made & 0o777 != mode & 0o777:
            path.chmod(made & ~0o777 | mode)


def _prepare_sqlite(
    path: Path, mode: str, connection: sqlite3.Connection, _: ConnectionPoolEntry
) -> None:
    # A manual edit may leave bytes that are not text; an audit must see them.
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    # This must come first: the first PRAGMA reads the file, and would not wait.
    connection.execute(f"PRAGMA busy_timeout={_PATIENCE}")
    if mode == "ro":
        connection.execute("PRAGMA query_only=ON")
        connection.execute("PRAGMA schema_version")
        return
    journal, level = journal_mode()
    connection.execute(f"PRAGMA synchronous={level}")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA secure_delete=ON")
    current = connection.execute("PRAGMA journal_mode").fetchone()[0]
    if current.upper() != journal and may(path, os.W_OK):
        switch = f"PRAGMA journal_mode={journal}"
        waits.retried(lambda _: connection.execute(switch), _DEADLINE)


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at BEGIN, unless begun by hand; ``retried`` waits for it."""
    if not driver.is_begun(connection):
        driver.command(connection, "PRAGMA busy_timeout=0")
        driver.command(connection, "BEGIN IMMEDIATE")
        driver.command(connection, f"PRAGMA busy_timeout={_PATIENCE}")


def _postgresql(address: Any, *, read_only: bool) -> Engine:
    options = (
        f"-c timezone=UTC -c lock_timeout={_LOCK_TIMEOUT}"
        " -c idle_in_transaction_session_timeout=60s"
    )
    if read_only:
        options += " -c default_transaction_read_only=on"
    named = address.query.get("schema")
    schema = fit_schema(None if named is None else str(named), "postgresql")
    if schema:
        options += f" -c search_path={schema}"
        address = address.difference_update_query(["schema"])
    address = address.set(drivername="postgresql+psycopg")
    try:
        engine = create_engine(
            address,
            connect_args={"options": options, "keepalives_idle": 30},
            pool_size=2 * KEPT,
            # Without this, the pool's reset would make a connection writable.
            execution_options={"postgresql_readonly": True} if read_only else {},
            hide_parameters=True,
        )
    except ModuleNotFoundError as failure:
        raise extra_missing(failure) or failure from None
    # Before the dialect's own first question, which such a database answers in bytes.
    event.listen(engine, "connect", _require_characters, insert=True)
    event.listen(engine, "do_connect", connected)
    hold(engine, None, local_settings(schema, _LOCK_TIMEOUT))
    return engine


def _require_characters(connection: Any, _: ConnectionPoolEntry) -> None:
    """Refuse a database whose texts are bytes of no encoding."""
    encoding = connection.info.parameter_status("server_encoding")
    if encoding == "SQL_ASCII":
        raise StoreRefused(StoreCode.ENCODING_UNFIT, encoding=encoding)


@contextmanager
def disposed_if_refused(engine: Engine) -> Iterator[None]:
    """Close the connections if opening fails."""
    try:
        yield
    except BaseException:
        engine.dispose()
        raise


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Yield a connection whose transaction only reads, from one snapshot.

    SQLite always reads one snapshot. PostgreSQL needs REPEATABLE READ for it.
    """
    held = held_by(engine)
    with refusals(held.path):
        connection = held.take(held.reading)
        try:
            _begin_reading(connection)
            connection.info[SNAPSHOT] = {}
            waits.reading(held.path)
            yield connection
        finally:
            waits.reading(held.path, ends=True)
            connection.info.pop(SNAPSHOT, None)
            try:
                driver.rollback(connection)
            except DBAPIError:
                connection.invalidate()
            held.give(connection, reads=True)


def _begin_reading(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        driver.command(connection, f"PRAGMA busy_timeout={_PATIENCE}")
        driver.command(connection, "BEGIN")
    else:
        held_by(connection.engine).enter(connection)


def renew(connection: Connection) -> None:
    """End a reading transaction, so that writers can go on, and begin the next."""
    driver.rollback(connection)
    _begin_reading(connection)


@contextmanager
def writing(engine: Engine, *, keep: bool = True) -> Iterator[Connection]:
    """Yield a connection whose transaction writes; it commits if nothing failed.

    Without ``keep`` it is always rolled back.

    Raises:
        StoreBusy: if another writer locks the database for too long.

    """
    held, turns = held_by(engine), held_by(engine).turns
    with refusals(held.path):
        if turns is None:
            with _begun(held, keep=keep) as connection, waits.holding(held):
                yield connection
            return
        group = waits.retried(turns.begin, _DEADLINE, engine)
        with _ending(turns, group, keep=keep) as connection, waits.holding(held):
            yield connection


@contextmanager
def _ending(turns: Turns, group: Group, *, keep: bool = True) -> Iterator[Connection]:
    """End a transaction that nobody joins: no thread uses another's connection."""
    undo = True
    try:
        yield group.connection
        undo = not keep
    finally:
        turns.end(group, undo=undo)


@contextmanager
def _begun(held: Held, *, keep: bool = True) -> Iterator[Connection]:
    """Commit a transaction, or roll it back if anything failed or without ``keep``."""
    connection = held.begin()
    try:
        if held.path is None and waits.has_acted(connection.engine, None):
            driver.command(connection, f"SET LOCAL lock_timeout = {waits.OWN_LOCK}")
        yield connection
        (driver.commit if keep else driver.rollback)(connection)
    except BaseException:
        with suppress(DBAPIError):
            driver.rollback(connection)
        raise
    finally:
        held.give(connection)


def in_transaction(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Do ``work`` in one writing transaction, completely or not at all.

    If the database is busy, the writer tries again after short pauses. If a key is
    taken, the writer tries again too, because the other's row is committed now.

    Raises:
        StoreBusy: if another writer locks the database for too long.
        StoreRefused: if the disk is full or the file cannot be written.

    """
    held, asked = held_by(engine), time.monotonic()

    def begun(connection: Connection) -> T:
        waits.told(time.monotonic() - asked)
        with waits.holding(held):
            return work(connection)

    def attempt(until: float) -> T:
        if held.is_borrowed and held.turns is not None:
            with _ending(held.turns, held.turns.begin(until)) as connection:
                return begun(connection)
        if held.turns is not None:
            return held.turns.act(begun, until)
        with _begun(held) as connection, waits.holding(held):
            return work(connection)

    with refusals(held.path):
        return waits.retried(attempt, _DEADLINE, engine)


def until(condition: Callable[[], bool]) -> bool:
    """Wait up to a second for a condition; return False if it is not met then."""
    deadline = time.monotonic() + _SHORT
    rests = waits.pauses()
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(next(rests))
    return True


#: How long a reader waits for the end of others' short acts, in seconds.
_SHORT = 1.0
