"""Acts inside a host's transaction: they join it and never commit.

Work that must remain after a rollback is done when that transaction has ended.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.errors import StoreRefused
from huimin_flow.model.core.values import value
from huimin_flow.store.core.driver import PENDING, command
from huimin_flow.store.core.failures import translated, unfit

#: The mark of a connection that has been in a transaction.
_BEGUN = "huimin_begun"
#: The failure of an act of ours that ended that transaction.
_ENDED_BY = "huimin_ended_by"

_log = logging.getLogger(__name__)


@value
class _Pending:
    """Work that waits for the end of a host's transaction, and its target."""

    engine: Engine
    path: str
    work: Callable[[Connection], None]


@contextmanager
def joined(connection: Connection) -> Iterator[None]:
    """Do one act within a host's transaction, completely or not at all.

    SQLite's drivers begin no transaction for a savepoint, and then its release would
    commit. So if the host's transaction has not begun yet, it begins here, for
    writing.

    Raises:
        StoreBusy: if another process writes; the host may try again.
        StoreRefused: if every statement commits by itself.

    """
    require_transaction(connection)
    try:
        with _savepoint(connection):
            yield
    except DBAPIError as error:
        # On a full disk SQLite ends the whole transaction with its savepoints, so the
        # rollback to the savepoint fails too: the first failure is in its context.
        first, context = error, error.__context__
        while context is not None:
            first = context if isinstance(context, DBAPIError) else first
            context = context.__context__
        refusal = translated(first)
        ended = connection.dialect.name == "sqlite" and not _in_transaction(connection)
        if refusal is not None and ended:
            connection.info[_ENDED_BY] = refusal
        raise refusal or first from error
    except UnicodeError as error:
        raise unfit(error) from error


@contextmanager
def tried(connection: Connection) -> Iterator[Connection]:
    """Yield a host's connection, and undo at the end all that was done inside."""
    require_transaction(connection)
    with _savepoint(connection, keep=False):
        yield connection


@contextmanager
def _savepoint(connection: Connection, *, keep: bool = True) -> Iterator[None]:
    """Undo what is done inside if it fails or without ``keep``, and nothing else."""
    if connection.dialect.name == "sqlite" and not _in_transaction(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    command(connection, "SAVEPOINT huimin_act")
    undo = True
    try:
        yield
        undo = not keep
    finally:
        if not undo:
            command(connection, "RELEASE SAVEPOINT huimin_act")
        elif not connection.invalidated:
            command(connection, "ROLLBACK TO SAVEPOINT huimin_act")
            command(connection, "RELEASE SAVEPOINT huimin_act")


def require_transaction(connection: Connection) -> None:
    """Refuse a host's connection that commits every statement by itself.

    Raises:
        StoreRefused: if it does; an act could be recorded only in part.
        HuiminError: the refusal that ended the transaction before.

    """
    level = connection.get_execution_options().get("isolation_level", "")
    declared = str(level).upper() == "AUTOCOMMIT"
    if not connection.in_transaction():
        # With some engines of hosts, the first statement begins the transaction.
        connection.exec_driver_sql("SELECT 1")
    commits_alone = _commits_alone(connection)
    ended = connection.dialect.name == "sqlite" and connection.info.get(_BEGUN)
    if commits_alone and ended and not declared:
        cause = connection.info.get(_ENDED_BY)
        if cause is not None:
            raise cause
        raise StoreRefused(StoreCode.TRANSACTION_ENDED)
    if commits_alone or declared:
        raise StoreRefused(StoreCode.COMMITS_ALONE)
    connection.info[_BEGUN] = True
    connection.info.pop(_ENDED_BY, None)


def after_the_end(connection: Connection, work: Callable[[Connection], None]) -> None:
    """Do ``work`` once, in its own transaction, after the host's has ended.

    It is done on the host's own connection, when that returns to its pool or before
    it begins its next transaction. With a detached or broken connection the work is
    lost.
    """
    pending = connection.info.setdefault(PENDING, [])
    for entry in pending:
        if entry.work == work:  # move it behind the work that was added since
            pending.remove(entry)
            pending.append(entry)
            return
    path = ""
    if connection.dialect.name == "postgresql":
        path = str(connection.exec_driver_sql("SHOW search_path").scalar())
    pending.append(_Pending(engine=connection.engine, path=path, work=work))
    event.listen(connection.engine.pool, "checkin", _run_pending)
    if not event.contains(connection, "begin", _run_before_begin):
        event.listen(connection, "begin", _run_before_begin, insert=True)


def _run_before_begin(connection: Connection) -> None:
    _run_pending(connection.connection.dbapi_connection, connection)


def _run_pending(
    driver: DBAPIConnection | None, held: ConnectionPoolEntry | Connection
) -> None:
    """Do all pending work, each in its own transaction; failed work stays pending."""
    if driver is None:
        return
    pending: list[_Pending] = held.info.pop(PENDING, [])
    failed = []
    for entry in pending:
        try:
            _run(driver, entry)
        except Exception as failure:  # noqa: BLE001 - a host's close must not fail
            _log.warning("%s is not written yet: %s", entry.work, failure)
            failed.append(entry)
    if failed:
        held.info[PENDING] = failed


def _run(driver: DBAPIConnection, entry: _Pending) -> None:
    dialect = entry.engine.dialect
    own = dialect.get_driver_connection(driver)
    if dialect.name == "sqlite":
        own = getattr(own, "_conn", own)
        # With ``autocommit=False``, Python's sqlite3 always has a transaction: its
        # commit or rollback has just begun a new one.
        always = getattr(own, "autocommit", None) is False
        is_open = getattr(own, "in_transaction", False) and not always
    else:
        is_open = getattr(getattr(own, "info", None), "transaction_status", 0)
    if is_open:  # the host manages this connection outside its pool
        raise RuntimeError("a transaction of the host's is still open")
    pool = StaticPool(lambda: driver, dialect=dialect)
    with Engine(pool, dialect, entry.engine.url).connect() as connection:
        if entry.path:
            query = text("SELECT set_config('search_path', :path, true)")
            connection.execute(query, {"path": entry.path})
        elif not _in_transaction(connection):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        entry.work(connection)
        connection.commit()


def _commits_alone(connection: Connection) -> bool:
    """Tell whether every statement commits by itself, or ``commit`` has no effect.

    The second case is ``autocommit=True`` of Python's sqlite3 (3.12 and later): its
    ``commit`` and ``rollback`` do nothing, and a transaction begun by a statement
    locks the file until the connection ends.
    """
    driver = connection.connection.dbapi_connection
    assert driver is not None  # noqa: S101 - the connection was just in use
    if connection.dialect.name != "sqlite":
        return connection.dialect.detect_autocommit_setting(driver)
    if _in_transaction(connection):
        return getattr(_driver_connection(connection), "autocommit", None) is True
    if connection.dialect.detect_autocommit_setting(driver):
        return True
    connection.exec_driver_sql("BEGIN")
    driver.rollback()
    if not _in_transaction(connection):
        return False
    connection.exec_driver_sql("ROLLBACK")
    return True


def _in_transaction(connection: Connection) -> bool:
    """Tell whether SQLite has an open transaction, by the driver or else by SQL."""
    known = getattr(_driver_connection(connection), "in_transaction", None)
    if known is not None:
        return bool(known)
    try:
        connection.exec_driver_sql("BEGIN")
    except DBAPIError:
        return True
    connection.exec_driver_sql("ROLLBACK")
    return False


def _driver_connection(connection: Connection) -> Any:
    """Return the driver's own connection, without the adapters of async engines."""
    driver = connection.connection.driver_connection
    return getattr(driver, "_conn", driver)
