"""Acts inside a host's transaction: they join it and never commit.

Work that must remain after a rollback is done when that transaction has ended.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.errors import HuiminError, StoreRefused
from huimin_flow.model.core.values import value
from huimin_flow.store.core.driver import PENDING, Statement, Write, command, together
from huimin_flow.store.core.failures import refusals, translated, unfit
from huimin_flow.store.core.hosts import waits
from huimin_flow.store.core.hosts.borrowed import require_unprepared
from huimin_flow.store.core.hosts.given import begin, manager_of, plainly

#: The mark of a connection that has been in a transaction.
_BEGUN = "huimin_begun"
#: The failure of an act of ours that ended that transaction.
_ENDED_BY = "huimin_ended_by"

#: How long an act waits for a lock in a host's transaction that has no limit of its
#: own, in milliseconds.
HOST_LOCK: Final = 20_000

_log = logging.getLogger("huimin_flow.pending")


@value
class Pending:
    """Work that waits for the end of a host's transaction, and its target."""

    engine: Engine
    path: str
    work: Callable[[Connection], None]

    def done_in(self, connection: Connection) -> None:
        """Do the work in a transaction that has just begun."""
        if self.path:
            query = text("SELECT set_config('search_path', :path, true)")
            connection.execute(query, {"path": self.path})
        self.work(connection)


@contextmanager
def joined(connection: Connection, schema: str = "") -> Iterator[None]:
    """Do one act within a host's transaction, completely or not at all.

    SQLite's drivers begin no transaction for a savepoint, and then its release would
    commit. So if the host's transaction has not begun yet, it begins here, for
    writing. On PostgreSQL our tables may be in a ``schema`` of their own.

    Raises:
        StoreBusy: if another process writes; the host may try again.
        StoreRefused: if every statement commits by itself.

    """
    require_transaction(connection)
    try:
        with plainly(connection), _savepoint(connection, schema):
            yield
        if not is_ours(connection):
            waits.acted_in(connection)
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
    with plainly(connection), _savepoint(connection, keep=False):
        yield connection


@contextmanager
def asked(connection: Connection, schema: str = "") -> Iterator[Connection]:
    """Yield a host's connection for one question.

    Raises:
        StoreRefused: if its transaction has ended or failed.

    """
    begin(connection)
    with refusals(), plainly(connection):
        found = _entered(connection, schema, patience="") if schema else []
        try:
            yield connection
        finally:
            if schema and not connection.invalidated:
                with suppress(DBAPIError):  # a rollback, which is due, restores it
                    together(connection, *found)


@contextmanager
def _savepoint(
    connection: Connection, schema: str = "", *, keep: bool = True
) -> Iterator[None]:
    """Undo what is done inside if it fails or without ``keep``, and nothing else."""
    if connection.dialect.name == "sqlite" and not _in_transaction(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    command(connection, "SAVEPOINT huimin_act")
    undo = True
    try:
        restore: list[Write] = []
        if connection.dialect.name == "postgresql" and not is_ours(connection):
            restore = _entered(connection, schema)
        yield
        undo = not keep
    finally:
        if not undo:
            together(connection, *restore, (_RELEASE, {}))
        elif not connection.invalidated:
            # This restores the settings, too.
            command(connection, "ROLLBACK TO SAVEPOINT huimin_act")
            command(connection, "RELEASE SAVEPOINT huimin_act")


def is_ours(connection: Connection) -> bool:
    """Tell whether a connection has our own settings: no host's engine made it."""
    return "huimin_held" in connection.get_execution_options()


def _entered(
    connection: Connection, schema: str, patience: str | None = None
) -> list[Write]:
    """Set what an act needs in a host's transaction; return what restores it.

    A host that waits for locks without end does not wait so for ours.
    """
    if patience is None:
        patience = f"{HOST_LOCK}ms"
    values = {"path": schema, "patience": patience}
    path, limit = _ENTER.row(connection, **values)[:2]
    return [(_LEAVE, {"path": path, "patience": limit})]


_ENTER = Statement(
    text(
        "WITH was AS MATERIALIZED (SELECT current_setting('search_path') AS path,"
        " current_setting('lock_timeout') AS patience)"
        " SELECT path, patience,"
        " set_config('search_path', coalesce(nullif(:path, ''), path), true),"
        " set_config('lock_timeout', CASE WHEN patience = '0' AND :patience <> ''"
        " THEN :patience ELSE patience END, true) FROM was"
    )
)
_LEAVE = Statement(
    text(
        "SELECT set_config('search_path', :path, true),"
        " set_config('lock_timeout', :patience, true)"
    )
)
_RELEASE = Statement(text("RELEASE SAVEPOINT huimin_act"))


def require_transaction(connection: Connection) -> None:
    """Refuse a host's connection that commits every statement by itself.

    Raises:
        StoreRefused: if it does; an act could be recorded only in part.
        HuiminError: the refusal that ended the transaction before.

    """
    begin(connection)
    level = connection.get_execution_options().get("isolation_level", "")
    declared = str(level).upper() == "AUTOCOMMIT"
    commits_alone = _commits_alone(connection)
    ended = connection.dialect.name == "sqlite" and connection.info.get(_BEGUN)
    if commits_alone and ended and not declared:
        cause = connection.info.get(_ENDED_BY)
        if cause is not None:
            raise cause
        raise StoreRefused(StoreCode.TRANSACTION_ENDED)
    if commits_alone or declared:
        raise StoreRefused(StoreCode.COMMITS_ALONE)
    require_unprepared(connection)
    connection.info[_BEGUN] = True
    connection.info.pop(_ENDED_BY, None)


def hold_savepoints(connection: Connection) -> None:
    """Let a host's next savepoints be inside its transaction.

    SQLite's drivers begin none for a savepoint. One that comes before any writing would
    be the transaction itself, and its release would commit what we did in it.
    """
    sqlite = connection.dialect.name == "sqlite" and manager_of(connection) is None
    if sqlite and not event.contains(connection, "savepoint", _begin_before):
        event.listen(connection, "savepoint", _begin_before)


def _begin_before(connection: Connection, _: str | None) -> None:
    if not _in_transaction(connection):
        connection.exec_driver_sql("BEGIN")


def after_the_end(
    connection: Connection, work: Callable[[Connection], None], schema: str = ""
) -> None:
    """Do ``work`` once, in its own transaction, after the host's has ended.

    It is done on the host's own connection, when that returns to its pool or before
    it begins its next transaction, or by what manages the connection. With a detached
    or broken connection the work is lost.
    """
    manager = manager_of(connection)
    pending = (
        connection.info.setdefault(PENDING, []) if manager is None else manager.pending
    )
    for entry in pending:
        if entry.work == work:  # move it behind the work that was added since
            pending.remove(entry)
            pending.append(entry)
            return
    path = schema
    if connection.dialect.name == "postgresql" and not path:
        with plainly(connection):
            path = str(connection.exec_driver_sql("SHOW search_path").scalar())
    pending.append(Pending(engine=connection.engine, path=path, work=work))
    if manager is not None:
        return
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
    failed = done_each(held.info.pop(PENDING, []), lambda entry: _run(driver, entry))
    if failed:
        held.info[PENDING] = failed


def done_each(pending: list[Pending], run: Callable[[Pending], None]) -> list[Pending]:
    """Do all pending work, each by ``run``; return what failed and stays pending."""
    failed = []
    for entry in pending:
        try:
            run(entry)
        except Exception as failure:  # noqa: BLE001 - a host's close must not fail
            # Neither the work nor the failure itself: both may name a person.
            work = getattr(entry.work, "func", entry.work).__name__
            kind = type(failure).__name__
            if isinstance(failure, HuiminError):
                kind = failure.code
            values = {"work": work, "code": kind}
            _log.warning("%s is not done yet: %s", work, kind, extra=values)
            failed.append(entry)
    return failed


def _run(driver: DBAPIConnection, entry: Pending) -> None:
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
        if not entry.path and not _in_transaction(connection):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        entry.done_in(connection)
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
