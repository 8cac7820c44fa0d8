"""What a host gives where a connection of SQLAlchemy is asked for.

A host has Sessions, engines and their asynchronous kinds; each is refused with what
the host should pass. A connection that can't be used any more is refused before
anything is done with it.

Where a framework gives its own driver's connection and begins and ends transactions
itself, SQLAlchemy sees neither the end of the transaction nor a return to a pool, so
the framework's glue is the manager, and says what goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import (
    DBAPIError,
    InvalidRequestError,
    PendingRollbackError,
    ResourceClosedError,
)
from sqlalchemy.util.concurrency import in_greenlet

from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.errors import InputRefused, StoreRefused
from huimin_flow.store.core.failures import refusals

#: By the name of a class of SQLAlchemy, why it can't be bound. A class that isn't
#: imported can't be given, so none is imported here.
_KINDS: Final = {
    "AsyncConnection": StoreCode.ASYNC_GIVEN,
    "AsyncSession": StoreCode.ASYNC_GIVEN,
    "async_scoped_session": StoreCode.ASYNC_GIVEN,
    "AsyncEngine": StoreCode.ASYNC_ENGINE_GIVEN,
    "Engine": StoreCode.ENGINE_GIVEN,
    "Session": StoreCode.SESSION_GIVEN,
    "scoped_session": StoreCode.SESSION_GIVEN,
}

#: The execution option that names the manager of a connection.
MANAGER: Final = "huimin_manager"


class Manager(Protocol):
    """What manages one transaction of a framework.

    ``pending`` is the work that waits for its end; the manager does it then.
    """

    pending: list[Any]

    @property
    def is_open(self) -> bool:
        """Tell whether the transaction goes on."""

    def require(self) -> None:
        """Refuse whatever is done after the transaction.

        Raises:
            StoreRefused: if it has ended, has failed, or its connection is closed.

        """


def manager_of(connection: Connection) -> Manager | None:
    """Return the manager of a connection, None if SQLAlchemy itself is."""
    manager: Manager | None = connection.get_execution_options().get(MANAGER)
    return manager


def fit_connection(given: object) -> Connection:
    """Return a host's connection, if it is one and its transaction goes on.

    Raises:
        InputRefused: for anything else; it says what the host should pass.
        StoreRefused: if the connection is closed, or its transaction has ended or
            failed.

    """
    if not isinstance(given, Connection):
        raise InputRefused(_why(given), kind=type(given).__name__)
    begin(given)
    return given


def only_one(url: str, engine: object) -> Engine:
    """Return a host's engine, which was given without an address.

    Raises:
        InputRefused: for both or neither of an address and an engine.

    """
    if engine is None or url:
        raise InputRefused(StoreCode.ADDRESS_OR_ENGINE)
    return fit_engine(engine)


def fit_engine(given: object) -> Engine:
    """Return a host's engine, if it is one that isn't asynchronous.

    Raises:
        InputRefused: for anything else; it says what the host should pass.

    """
    if isinstance(given, Engine):
        return given
    why = _why(given)
    known = why in {StoreCode.ASYNC_ENGINE_GIVEN, StoreCode.ASYNC_GIVEN}
    raise InputRefused(
        StoreCode.ASYNC_ENGINE_GIVEN if known else StoreCode.NO_ENGINE,
        kind=type(given).__name__,
    )


#: Accepted names of a PostgreSQL schema; they need no quoting.
_SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,40}", re.ASCII)


def fit_schema(name: str | None, make: str) -> str:
    """Return the schema with our tables on a database system, "" if it has no name.

    Raises:
        InputRefused: for another database system than PostgreSQL.
        StoreRefused: for a name that would need quotes.

    """
    if name is None:
        return ""
    if make != "postgresql":
        raise InputRefused(StoreCode.NO_SCHEMAS, make=make)
    if not isinstance(name, str) or not _SCHEMA.fullmatch(name):
        raise StoreRefused(StoreCode.SCHEMA_UNFIT, schema=name)
    return name


def _why(given: object) -> StoreCode:
    for kind in type(given).__mro__:
        if kind.__module__.startswith("sqlalchemy.") and kind.__name__ in _KINDS:
            return _KINDS[kind.__name__]
        if kind.__module__.startswith("django."):
            return StoreCode.DJANGO_GIVEN
    return StoreCode.NO_CONNECTION


#: Options of a host's connection that are meant for its own statements.
_OF_STATEMENTS: Final = (
    "schema_translate_map", "stream_results", "yield_per", "max_row_buffer",
)  # fmt: skip


@contextmanager
def plainly(connection: Connection) -> Iterator[None]:
    """Execute our statements as they are, whatever a host has set for its own.

    A map of schemas would lead some of them to other tables, and a result that is
    streamed keeps a cursor of the server open.
    """
    options = connection.get_execution_options()
    theirs = {name: options[name] for name in _OF_STATEMENTS if options.get(name)}
    if not theirs:
        yield
        return
    connection.execution_options(**dict.fromkeys(theirs))
    try:
        yield
    finally:
        connection.execution_options(**theirs)


def begin(connection: Connection) -> None:
    """Begin the host's transaction as its engine does, unless it has begun.

    Raises:
        StoreRefused: if it can't begin or go on: it has ended or failed, the
            connection is closed, or it waits for an event loop.

    """
    if connection.dialect.is_async and not in_greenlet():
        raise StoreRefused(StoreCode.OUTSIDE_RUN_SYNC)
    manager = manager_of(connection)
    if manager is not None:
        manager.require()
    with usable(), refusals(), plainly(connection):
        if not connection.in_transaction():
            # With some engines of hosts, the first statement begins the transaction.
            connection.exec_driver_sql("SELECT 1")
        elif connection.invalidated:
            raise StoreRefused(StoreCode.TRANSACTION_FAILED)


@contextmanager
def usable() -> Iterator[None]:
    """Refuse a connection that SQLAlchemy itself would not use any more."""
    try:
        yield
    except ResourceClosedError as error:
        raise StoreRefused(StoreCode.CONNECTION_CLOSED) from error
    except PendingRollbackError as error:
        raise StoreRefused(StoreCode.TRANSACTION_FAILED) from error
    except DBAPIError:
        raise
    except InvalidRequestError as error:  # a block whose transaction was ended inside
        raise StoreRefused(StoreCode.TRANSACTION_ENDED) from error
