"""The engine of a host, lent to a Flow: its pool serves us, and stays the host's.

What we need of a connection is set when it comes from the pool, and given back as it
was when it returns. On PostgreSQL all of it ends with the transaction, so that a
pooler such as PgBouncer may give each transaction another connection of the server.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import PoolProxiedConnection, SingletonThreadPool, StaticPool

from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.errors import InputRefused, StoreBusy, StoreRefused
from huimin_flow.store.core.driver import failure_of
from huimin_flow.store.core.failures import refusals
from huimin_flow.store.core.hosts.given import fit_engine

#: What SQLite's connection has as attributes, and what ours has. ``autocommit`` is of
#: Python 3.12 and later; -1 leaves transactions to ``isolation_level``.
_ATTRIBUTES: Final[dict[str, Any]] = {
    "autocommit": -1,
    "isolation_level": None,
    "row_factory": None,
    "text_factory": lambda raw: raw.decode("utf-8", "surrogateescape"),
}

#: Where a connection that is lent keeps what was the host's.
_THEIRS = "huimin_theirs"


class BorrowedEngine(Engine):
    """An engine of ours on the pool of a host's engine.

    The events of the pool are the host's own; those of its engine are not fired, so
    that a host that begins transactions by hand doesn't begin ours.
    """

    def __init__(self, host: Engine, address: URL) -> None:
        """Take the pool of a host's engine; ``address`` is where it leads."""
        super().__init__(host.pool, host.dialect, address, hide_parameters=True)
        self.host, self._seen = host, host.pool

    def raw_connection(self) -> PoolProxiedConnection:
        """Return a connection of the pool that the host's engine has now.

        Raises:
            StoreBusy: if the pool has none left for too long.

        """
        if self.host.pool is not self._seen:  # the host has disposed of the former
            self.pool = self._seen = self.host.pool
        try:
            return super().raw_connection()
        except PoolTimeout as error:
            raise StoreBusy(StoreCode.POOL_EMPTY) from error

    def dispose(self, close: bool = True) -> None:  # noqa: FBT001, FBT002 - SQLAlchemy's
        """Leave the host's pool alone; a forked child uses no inherited connection."""
        if not close:
            self.pool = self.pool.recreate()
        self.dispatch.engine_disposed(self)


def borrowed(given: object) -> tuple[BorrowedEngine, Path | None]:
    """Return an engine of ours on a host's pool, and the path of its SQLite file.

    Raises:
        InputRefused: if it is no engine, or an asynchronous one.
        StoreRefused: for another database system, a database in memory, or a pool
            with one connection for all: whoever returns it rolls the others back.

    """
    host = fit_engine(given)
    if host.dialect.is_async:
        kind = type(host).__name__
        raise InputRefused(StoreCode.ASYNC_ENGINE_GIVEN, kind=kind)
    if host.dialect.name not in {"sqlite", "postgresql"}:
        raise StoreRefused(StoreCode.MAKE_UNKNOWN, make=host.dialect.name)
    address, path = host.url, None
    if host.dialect.name == "sqlite":
        with host.connect() as connection:
            row = connection.exec_driver_sql("PRAGMA database_list").first()
        if row is None or not row[2]:
            raise StoreRefused(StoreCode.IN_MEMORY)
        address, path = URL.create("sqlite", database=row[2]), Path(row[2])
    if isinstance(host.pool, StaticPool | SingletonThreadPool):
        kind = type(host.pool).__name__
        raise StoreRefused(StoreCode.ONE_CONNECTION, kind=kind)
    return BorrowedEngine(host, address), path


def lend(
    connection: Connection, *, reads: bool, read_only: bool, level: str = ""
) -> None:
    """Make a host's connection ours, and keep what was the host's.

    It ``reads`` one snapshot, or writes unless all is ``read_only``. ``level`` is the
    one of ``PRAGMA synchronous``.

    Raises:
        DBAPIError: for what the driver raises, as SQLAlchemy does.
        StoreBusy: if the host itself has a transaction open on it.

    """
    try:
        if connection.dialect.name == "sqlite":
            _lend_file(connection, level, query_only=int(read_only))
        else:
            _lend_server(connection, reads=reads, read_only=reads or read_only)
    except connection.dialect.loaded_dbapi.Error as error:
        raise failure_of(connection, "", error) from error


def _lend_server(connection: Connection, *, reads: bool, read_only: bool) -> None:
    """Set what the next transaction begins with.

    SQLAlchemy would give a connection back with its engine's defaults, not as it was.
    """
    if connection.dialect.driver != "psycopg":
        level = "REPEATABLE READ" if reads else "READ COMMITTED"
        options = {"postgresql_readonly": True} if read_only else {}
        connection.execution_options(isolation_level=level, **options)
        return
    from psycopg import IsolationLevel  # noqa: PLC0415 - an extra

    own: Any = connection.connection.driver_connection
    names = ("isolation_level", "read_only")
    connection.info[_THEIRS] = {name: getattr(own, name) for name in names}
    own.isolation_level = (
        IsolationLevel.REPEATABLE_READ if reads else IsolationLevel.READ_COMMITTED
    )
    if read_only:
        own.read_only = True


def _lend_file(connection: Connection, level: str, *, query_only: int) -> None:
    own: Any = connection.connection.driver_connection
    if own.in_transaction and getattr(own, "autocommit", -1) is not False:
        raise StoreBusy(StoreCode.OWN_TRANSACTION)
    theirs = {name: getattr(own, name) for name in _ATTRIBUTES if hasattr(own, name)}
    connection.info[_THEIRS] = theirs
    for name in theirs:
        setattr(own, name, _ATTRIBUTES[name])
    if own.in_transaction:  # with ``autocommit=False`` there is always one
        own.rollback()
    # The first comes first: the next reads the file, and waits for whoever commits.
    wanted = {"busy_timeout": 10_000, "foreign_keys": 1, "secure_delete": 1}
    settings = wanted | {"synchronous": level, "query_only": query_only}
    for name, value in settings.items():
        query = f"PRAGMA {name}"
        theirs[query] = own.execute(query).fetchone()[0]
        command = f"{query}={value}"
        own.execute(command)


def give_back(connection: Connection) -> None:
    """Give a host's connection back as it was; its transaction has ended."""
    theirs: dict[str, Any] | None = connection.info.pop(_THEIRS, None)
    if theirs is None:
        return
    own: Any = connection.connection.driver_connection
    for name, value in reversed(theirs.items()):
        if name.startswith("PRAGMA "):
            command = f"{name}={value}"
            own.execute(command)
        else:
            setattr(own, name, value)


def local_settings(schema: str, patience: int) -> str:
    """Return the statement that sets what a transaction needs on PostgreSQL.

    It ends with the transaction. ``patience`` is for locks, in milliseconds.
    """
    settings = {
        "TimeZone": "UTC",
        "lock_timeout": f"{patience}ms",
        "idle_in_transaction_session_timeout": "60s",
    }
    if schema:
        settings["search_path"] = schema
    calls = [
        f"set_config('{name}', '{value}', true)" for name, value in settings.items()
    ]
    return f"SELECT {', '.join(calls)}"


def connected(_: object, record: Any, positional: Any, named: dict[str, Any]) -> Any:
    """Connect to PostgreSQL, and note in the record whether a pooler is in between.

    A pooler has a key of its own in the place of the server process's. It gives each
    transaction another connection, which knows no statement of an earlier one.
    """
    import psycopg  # noqa: PLC0415 - an extra

    try:
        made = psycopg.connect(*positional, **named)
    except psycopg.OperationalError as error:
        if "startup parameter" not in str(error):
            raise
        # PgBouncer refuses options; each transaction sets them.
        rest = {name: value for name, value in named.items() if name != "options"}
        made = psycopg.connect(*positional, **rest)
    made.autocommit = True
    ((process,),) = made.execute("SELECT pg_backend_pid()").fetchall()
    made.autocommit = False
    if process != made.info.backend_pid:
        record.info[POOLED] = True
        made.prepare_threshold = None
    return made


#: The mark of a connection with a pooler in between.
POOLED: Final = "huimin_pooled"


def require_unprepared(connection: Connection) -> None:
    """Refuse a host's connection that prepares statements behind a pooler.

    There a name may be that of another program's statement, which is then executed:
    PostgreSQL doesn't tell.

    Raises:
        StoreRefused: if it is one; it says how to prepare nothing.

    """
    if connection.dialect.name != "postgresql" or connection.info.get(POOLED) is False:
        return
    adapter: Any = connection.connection.dbapi_connection
    own: Any = connection.dialect.get_driver_connection(adapter)
    driver, query = connection.dialect.driver, "SELECT pg_backend_pid()"
    if driver in {"psycopg", "psycopg_async"} and own.prepare_threshold is not None:
        server = own.info.backend_pid
    elif driver == "asyncpg" and adapter._prepared_statement_name_func() is None:  # noqa: SLF001 - not told
        server = own.get_server_pid()
    else:  # other drivers prepare nothing by themselves, or a host has named it
        return
    with refusals():
        if driver == "psycopg":
            process = own.execute(query, prepare=False).fetchone()[0]
        else:
            process = connection.exec_driver_sql(query).scalar()
    if process != server:
        raise StoreRefused(StoreCode.POOLER_FORGETS)
    connection.info[POOLED] = False
