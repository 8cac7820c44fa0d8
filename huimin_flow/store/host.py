"""A host's transaction: an act of ours joins it, and never commits."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from huimin_flow.errors import StoreRefused
from huimin_flow.store.spoken import translated, unfit

#: The mark of a connection that was seen within a transaction.
_BEGUN = "huimin_begun"
#: What ended that transaction, where it was an act of ours that failed.
_ENDED_BY = "huimin_ended_by"


@contextmanager
def joined(connection: Connection) -> Iterator[None]:
    """Do one act within a host's transaction: wholly, or not at all.

    Python's sqlite3 begins no transaction for a savepoint, whose release would
    then commit; so one that is only declared is begun here, for writing.

    Raises:
        StoreBusy: when another process writes; the host may try again.
        StoreRefused: where every statement commits by itself.

    """
    require_transaction(connection)
    try:
        driver = connection.connection.dbapi_connection
        if isinstance(driver, sqlite3.Connection) and not driver.in_transaction:
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
    # A statement begins the transaction where the host's engine has it so.
    connection.exec_driver_sql("SELECT 1")
    driver = connection.connection.dbapi_connection
    if isinstance(driver, sqlite3.Connection):
        alone = driver.isolation_level is None and not driver.in_transaction
    else:
        alone = getattr(driver, "autocommit", False) is True
    declared = str(level).upper() == "AUTOCOMMIT"
    ended = isinstance(driver, sqlite3.Connection) and connection.info.get(_BEGUN)
    if alone and ended and not declared:
        cause = connection.info.get(_ENDED_BY)
        if cause is not None:
            raise cause
        raise StoreRefused(
            "宿主的事务已结束:已提交,或因磁盘已满等原因被数据库终止",
            remedy="磁盘已满时请腾出空间;未提交的改动没有保留,请重新开始事务",
        )
    if alone or declared:
        raise StoreRefused(
            "宿主的连接是自动提交的,做不到“要么都成、要么都不成”",
            remedy="请换用事务连接(不设 isolation_level=AUTOCOMMIT)再调用 Flow.bind",
        )
    connection.info[_BEGUN] = True
    connection.info.pop(_ENDED_BY, None)


def _has_ended(connection: Connection) -> bool:
    driver = connection.connection.dbapi_connection
    return isinstance(driver, sqlite3.Connection) and not driver.in_transaction


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
