"""A host's transaction: an act of ours joins it, and never commits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.errors import StoreRefused
from huimin_flow.store.spoken import translated, unfit

#: The mark of a connection that was seen within a transaction.
_BEGUN = "huimin_begun"
#: What ended that transaction, where it was an act of ours that failed.
_ENDED_BY = "huimin_ended_by"


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
        first = _first(error)
        told = translated(first)
        if told is not None and _has_ended(connection):
            connection.info[_ENDED_BY] = told
        raise told or first from error
    except UnicodeError as error:
        raise unfit(error) from error


def require_transaction(connection: Connection) -> None:
    """Refuse a host's connection that commits every statement by itself.

    Raises:
        StoreRefused: for there neither both nor neither could hold.
        HuiminError: what ended the transaction, asked again.

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


def _has_ended(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite" and not _in_transaction(connection)


def _in_transaction(connection: Connection) -> bool:
    """Tell whether SQLite has a transaction open; SQL tells where no driver does."""
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


def _first(error: DBAPIError) -> DBAPIError:
    """Return what failed before a savepoint could not be rolled back.

    SQLite ends the whole transaction on a full disk, its savepoints with it.
    """
    first, before = error, error.__context__
    while before is not None:
        if isinstance(before, DBAPIError):
            first = before
        before = before.__context__
    return first
