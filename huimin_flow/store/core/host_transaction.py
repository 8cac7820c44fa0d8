"""A host's transaction: an act of ours joins it, and never commits.

What must stay whatever the host does is written once that transaction has ended.
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
from huimin_flow.store.core.failures import translated, unfit

#: The mark of a connection that was seen within a transaction.
_BEGUN = "huimin_begun"
#: What ended that transaction, where it was an act of ours that failed.
_ENDED_BY = "huimin_ended_by"
#: What waits for that transaction's end.
_LEFT = "huimin_left"

_log = logging.getLogger(__name__)


@value
class _Left:
    """Work that waits for the end of a host's transaction, and where it belongs."""

    engine: Engine
    path: str
    work: Callable[[Connection], None]


@contextmanager
def joined(connection: Connection) -> Iterator[None]:
    """Do one act within a host's transaction: wholly, or not at all.

    SQLite's drivers begin no transaction for a savepoint, whose release would
    then commit; so one that is only declared is begun here, for writing.

    Raises:
        StoreBusy: when another process writes; the host may try again.
        StoreRefused: where every statement commits by itself.

    """
    require_transaction(connection)
    try:
        if connection.dialect.name == "sqlite" and not _in_transaction(connection):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        with connection.begin_nested():
            yield
    except DBAPIError as error:
        # SQLite ends the whole transaction on a full disk, its savepoints with it:
        # what failed first lies below the savepoint that can't be rolled back.
        first, below = error, error.__context__
        while below is not None:
            first = below if isinstance(below, DBAPIError) else first
            below = below.__context__
        refusal = translated(first)
        ended = connection.dialect.name == "sqlite" and not _in_transaction(connection)
        if refusal is not None and ended:
            connection.info[_ENDED_BY] = refusal
        raise refusal or first from error
    except UnicodeError as error:
        raise unfit(error) from error


def require_transaction(connection: Connection) -> None:
    """Refuse a host's connection that commits every statement by itself.

    Raises:
        StoreRefused: if it does: an act could then be recorded in part.
        HuiminError: the refusal that ended the transaction before.

    """
    level = connection.get_execution_options().get("isolation_level", "")
    declared = str(level).upper() == "AUTOCOMMIT"
    # A statement begins the transaction where the host's engine has it so.
    connection.exec_driver_sql("SELECT 1")
    alone = _commits_alone(connection)
    ended = connection.dialect.name == "sqlite" and connection.info.get(_BEGUN)
    if alone and ended and not declared:
        cause = connection.info.get(_ENDED_BY)
        if cause is not None:
            raise cause
        raise StoreRefused(StoreCode.TRANSACTION_ENDED)
    if alone or declared:
        raise StoreRefused(StoreCode.COMMITS_ALONE)
    connection.info[_BEGUN] = True
    connection.info.pop(_ENDED_BY, None)


def after_the_end(connection: Connection, work: Callable[[Connection], None]) -> None:
    """Do ``work`` once, in a transaction of its own, when the host's has ended.

    It is done on the host's own connection, as that goes back to its pool or before
    it begins its next transaction. A connection that was detached or broke does
    neither, and the work is lost.
    """
    waiting = connection.info.setdefault(_LEFT, [])
    for left in waiting:
        if left.work == work:  # it comes after what was left since
            waiting.remove(left)
            waiting.append(left)
            return
    path = ""
    if connection.dialect.name == "postgresql":
        path = str(connection.exec_driver_sql("SHOW search_path").scalar())
    waiting.append(_Left(engine=connection.engine, path=path, work=work))
    event.listen(connection.engine.pool, "checkin", _as_it_returns)
    if not event.contains(connection, "begin", _before_the_next):
        event.listen(connection, "begin", _before_the_next, insert=True)


def _as_it_returns(driver: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    if driver is not None and _LEFT in entry.info:
        _do_what_is_left(driver, entry.info)


def _before_the_next(connection: Connection) -> None:
    driver = connection.connection.dbapi_connection
    if driver is not None and _LEFT in connection.info:
        _do_what_is_left(driver, connection.info)


def _do_what_is_left(driver: DBAPIConnection, info: dict[Any, Any]) -> None:
    """Do all that waits, each in its own transaction; what fails stays to be done."""
    waiting: list[_Left] = info.pop(_LEFT)
    failed = []
    for left in waiting:
        try:
            _do(driver, left)
        except Exception as failure:  # noqa: BLE001 - no host's close fails for our log
            _log.warning("%s is not written yet: %s", left.work, failure)
            failed.append(left)
    if failed:
        info[_LEFT] = failed


def _do(driver: DBAPIConnection, left: _Left) -> None:
    dialect = left.engine.dialect
    own = dialect.get_driver_connection(driver)
    if dialect.name == "sqlite":
        own = getattr(own, "_conn", own)
        # ``autocommit=False`` of Python's sqlite3 always has a transaction, which its
        # own commit or rollback has just begun.
        always = getattr(own, "autocommit", None) is False
        is_open = getattr(own, "in_transaction", False) and not always
    else:
        is_open = getattr(getattr(own, "info", None), "transaction_status", 0)
    if is_open:  # of a program that lends us a connection which it manages elsewhere
        raise RuntimeError("a transaction of the host's is still open")
    pool = StaticPool(lambda: driver, dialect=dialect)
    with Engine(pool, dialect, left.engine.url).connect() as connection:
        if left.path:
            query = text("SELECT set_config('search_path', :path, true)")
            connection.execute(query, {"path": left.path})
        elif not _in_transaction(connection):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        left.work(connection)
        connection.commit()


def _commits_alone(connection: Connection) -> bool:
    """Tell whether every statement commits by itself, or no commit keeps any.

    ``autocommit=True`` of Python's sqlite3 (3.12 and later) is the second kind:
    its ``commit`` and ``rollback`` do nothing, and a transaction begun by hand
    holds the file until the connection ends.
    """
    driver = connection.connection.dbapi_connection
    assert driver is not None  # noqa: S101 - a connection that was just asked has one
    if connection.dialect.name != "sqlite":
        return connection.dialect.detect_autocommit_setting(driver)
    if _in_transaction(connection):
        return getattr(_innermost(connection), "autocommit", None) is True
    if connection.dialect.detect_autocommit_setting(driver):
        return True
    connection.exec_driver_sql("BEGIN")
    driver.rollback()
    if not _in_transaction(connection):
        return False
    connection.exec_driver_sql("ROLLBACK")
    return True


def _in_transaction(connection: Connection) -> bool:
    """Tell whether SQLite has a transaction open; where no driver says, SQL does."""
    known = getattr(_innermost(connection), "in_transaction", None)
    if known is not None:
        return bool(known)
    try:
        connection.exec_driver_sql("BEGIN")
    except DBAPIError:
        return True
    connection.exec_driver_sql("ROLLBACK")
    return False


def _innermost(connection: Connection) -> Any:
    """Return the driver's own connection, below the adapters of async engines."""
    driver = connection.connection.driver_connection
    return getattr(driver, "_conn", driver)
