"""The statements of every act: compiled once, and given straight to the driver.

SQLAlchemy needs about 50 µs for a statement that the driver does in 5 (P3). A
statement here is built and compiled once for each database system; what an act seldom
needs is executed by SQLAlchemy, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from importlib import import_module
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement

from huimin_flow.store.core.failures import is_busy

#: By dialect, a cache of what a statement is for it.
_Key = tuple[type[Dialect], str]


#: Where a connection keeps the work that waits for its return to the pool.
PENDING = "huimin_left"


class _Compiled(NamedTuple):
    """A statement of one dialect, its own values, and the names of all in order.

    ``names`` is None if the driver takes values by name.
    """

    text: str
    own: dict[str, Any]
    names: tuple[str, ...] | None


class Statement:
    """A statement with bind parameters that is compiled once for each dialect.

    It is made by a function of the dialect's name where the databases differ.
    """

    __slots__ = ("_compiled", "_query")

    def __init__(self, query: ClauseElement | Callable[[str], ClauseElement]) -> None:
        """Store the statement; it is compiled when it is first executed."""
        self._query = query
        self._compiled: dict[_Key, _Compiled] = {}

    def execute(self, connection: Connection, **values: object) -> Any:
        """Execute the statement in the open transaction; return the driver's cursor.

        Raises:
            DBAPIError: for what the driver raises, as SQLAlchemy does.

        """
        text, parameters = self.bound(connection.dialect, values)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(text, parameters)
        except connection.dialect.loaded_dbapi.Error as error:
            raise failure_of(connection, text, error) from error
        return cursor

    def row(self, connection: Connection, **values: object) -> Any:
        """Return the first row as a tuple, or None."""
        rows = self.execute(connection, **values).fetchall()
        return rows[0] if rows else None

    def scalar(self, connection: Connection, **values: object) -> Any:
        """Return the first value of the first row, or None."""
        rows = self.execute(connection, **values).fetchall()
        return rows[0][0] if rows else None

    def bound(self, dialect: Dialect, values: dict[str, Any]) -> tuple[str, Any]:
        """Return the text and the values that a dialect's driver takes."""
        text, own, names = self._compile(dialect)
        if own:
            values = own | values
        if names is None:
            return text, values
        return text, tuple([values[name] for name in names])

    def _compile(self, dialect: Dialect) -> _Compiled:
        key = type(dialect), dialect.paramstyle
        known = self._compiled.get(key)
        if known is not None:
            return known
        query = self._query
        if not isinstance(query, ClauseElement):
            query = query(dialect.name)
        made: Any = query.compile(dialect=dialect)
        names = tuple(made.positiontup) if made.positional else None
        own = {name: each for name, each in made.params.items() if each is not None}
        return self._compiled.setdefault(key, _Compiled(made.string, own, names))


def upsert(connection: Connection, table: Table) -> Any:
    """Return an insert that supports ON CONFLICT, in this database's dialect."""
    return inserts(connection.dialect.name)(table)


def inserts(dialect: str) -> Any:
    """Return the insert of a dialect that supports ON CONFLICT; it loads no other's."""
    return import_module(f"sqlalchemy.dialects.{dialect}").insert


def failure_of(connection: Connection, text: str, error: Exception) -> BaseException:
    """Return a driver's error as SQLAlchemy's, without the values of the statement.

    A lost connection is not used again.
    """
    dialect = connection.dialect
    driver = connection.connection
    lost = dialect.is_disconnect(error, driver, None)  # type: ignore[arg-type]
    failure = DBAPIError.instance(
        text,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=lost,
        dialect=dialect,
    )
    if lost:
        connection.invalidate(failure)
    return failure


def command(connection: Connection, text: str) -> None:
    """Execute a command without values.

    Raises:
        DBAPIError: for what the driver raises, as SQLAlchemy does.

    """
    try:
        connection.connection.cursor().execute(text)
    except connection.dialect.loaded_dbapi.Error as error:
        raise failure_of(connection, text, error) from error


def commit(connection: Connection, patience: float = 0.0) -> None:
    """Commit a transaction that was begun by hand.

    On SQLite a commit waits ``patience`` seconds for the readers before it to end.

    Raises:
        DBAPIError: for what the driver raises, as SQLAlchemy does.

    """
    own, failed = connection.connection, connection.dialect.loaded_dbapi.Error
    try:
        own.commit()
    except failed as error:
        failure = failure_of(connection, "COMMIT", error)
        if patience <= 0 or not is_busy(failure):
            raise failure from error
        command(connection, f"PRAGMA busy_timeout={int(patience * 1000)}")
        try:
            own.commit()
        except failed as again:
            raise failure_of(connection, "COMMIT", again) from again
        command(connection, "PRAGMA busy_timeout=0")
    if connection.in_transaction():  # a statement of SQLAlchemy's has joined it
        connection.commit()


def rollback(connection: Connection) -> None:
    """Roll a transaction back that was begun by hand.

    Raises:
        DBAPIError: for what the driver raises, as SQLAlchemy does.

    """
    connection.rollback()  # also after a commit that failed
    if connection.invalidated:
        return
    try:
        connection.connection.rollback()
    except connection.dialect.loaded_dbapi.Error as error:
        raise failure_of(connection, "ROLLBACK", error) from error


def is_begun(connection: Connection) -> bool:
    """Tell whether SQLite has an open transaction; a full disk ends it."""
    return bool(getattr(connection.connection.driver_connection, "in_transaction", 0))


@contextmanager
def pipeline(connection: Connection) -> Iterator[None]:
    """Send the statements inside without waiting for each other's results.

    Only psycopg can do it; with another driver each statement is a round trip.
    """
    own = connection.connection.driver_connection
    begin = getattr(own, "pipeline", nullcontext)
    try:
        with begin():
            yield
    except connection.dialect.loaded_dbapi.Error as error:
        raise failure_of(connection, "", error) from error
