"""The statements of every act: compiled once, and given straight to the driver.

SQLAlchemy needs about 50 µs for a statement that the driver does in 5 (P3). A
statement here is built and compiled once for each database system; what an act seldom
needs is executed by SQLAlchemy, in the same transaction. Our own connections to
PostgreSQL give statements to libpq itself: see ``Wire``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from contextvars import ContextVar
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement

from huimin_flow.store.core.failures import FORGOTTEN, is_busy

if TYPE_CHECKING:
    import psycopg
    from psycopg.abc import Buffer, PQGen
    from psycopg.pq.abc import PGconn, PGresult

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
        """Execute the statement in the open transaction; return its cursor or rows.

        Raises:
            DBAPIError: for what the driver raises, as SQLAlchemy does.

        """
        return _execute(connection, *self.bound(connection.dialect, values))

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


#: A statement with its values.
Write = tuple[Statement, dict[str, Any]]


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
    _execute(connection, text, {})


def _execute(connection: Connection, text: str, values: Any) -> Any:
    wire = _wire_of(connection)
    try:
        if wire is not None:
            return wire.run((text, values))[0]
        cursor = connection.connection.cursor()
        cursor.execute(text, values)
    except connection.dialect.loaded_dbapi.Error as error:
        raise failure_of(connection, text, error) from error
    return cursor


#: The SQLite files of which this flow of control has a snapshot open. Its commit would
#: wait for itself.
READING: ContextVar[tuple[Path, ...]] = ContextVar("huimin_reading", default=())


def commit(connection: Connection, patience: float = 0.0) -> None:
    """Commit a transaction that was begun by hand.

    On SQLite a commit waits ``patience`` seconds for the readers before it to end.

    Raises:
        DBAPIError: for what the driver raises, as SQLAlchemy does.

    """
    try:
        connection.connection.commit()
    except connection.dialect.loaded_dbapi.Error as error:
        failure = failure_of(connection, "COMMIT", error)
        if patience <= 0 or READING.get() or not is_busy(failure):
            raise failure from error
        command(connection, f"PRAGMA busy_timeout={int(patience * 1000)}")
        commit(connection)
        command(connection, "PRAGMA busy_timeout=0")
    if connection.in_transaction():  # a statement of SQLAlchemy's has joined it
        connection.commit()


def rollback(connection: Connection) -> None:
    """Roll a transaction back that was begun by hand.

    Raises:
        DBAPIError: for what the driver raises, as SQLAlchemy does.

    """
    wire = None if connection.invalidated else _wire_of(connection)
    if wire is not None and wire.is_open:
        # psycopg's own rollback would forget every prepared statement of the server.
        command(connection, "ROLLBACK")
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


def together(connection: Connection, *statements: Write) -> list[Any]:
    """Execute statements with their values; return the cursor or rows of each.

    psycopg needs one round trip for them, another driver one for each.

    Raises:
        DBAPIError: for what the driver raises, as SQLAlchemy does.

    """
    wire, dialect = _wire_of(connection), connection.dialect
    try:
        if wire is not None:
            return [*wire.run(*(each.bound(dialect, row) for each, row in statements))]
        # The adapter of an async connection has no pipeline.
        own = connection.connection.dbapi_connection
        with getattr(own, "pipeline", nullcontext)():
            return [each.execute(connection, **row) for each, row in statements]
    except dialect.loaded_dbapi.Error as error:
        raise failure_of(connection, "", error) from error


#: The name under which a connection of our own to PostgreSQL has its wire.
WIRE = "huimin_wire"

#: A value's place in a statement for psycopg.
_PLACE = re.compile(r"%\((\w+)\)s")


def add_wire(connection: Connection, begin: bytes) -> None:
    """Give the statements of a connection of our own to libpq itself."""
    wire = connection.info.get(WIRE)
    if wire is None:
        own: Any = connection.connection.driver_connection
        wire = connection.info[WIRE] = Wire(own)
    wire.begin = begin
    connection.execution_options(**{WIRE: wire})


def _wire_of(connection: Connection) -> Wire | None:
    return connection.get_execution_options().get(WIRE)


class Rows(list[tuple[Any, ...]]):
    """The rows of a result, and how many rows it changed, as a cursor gives them."""

    rowcount: int | None = None

    def fetchall(self) -> Rows:
        """Return all rows."""
        return self


class _Prepared(NamedTuple):
    """A statement of a server: its name and text, and the names of its values."""

    name: bytes
    text: bytes
    names: tuple[str, ...]


class Wire:
    """The prepared statements of a connection of our own to PostgreSQL.

    psycopg needs 33 µs of CPU for a statement and 83 for a pipeline of two; libpq
    itself needs 12 and 14 (P9). psycopg adapts the values, waits for the server, and
    cancels the statement if the user interrupts.
    """

    #: The command that begins a transaction.
    begin = b"BEGIN"

    def __init__(self, own: psycopg.Connection[Any]) -> None:
        """Store the connection."""
        from psycopg import adapt, errors, generators, pq  # noqa: PLC0415 - an extra

        self._own, self._pq, self._generators = own, pq, generators
        self._error, self._error_of = errors.Error, errors.error_from_result
        self._adapter = adapt.Transformer(own)
        self._text, self._auto = adapt.PyFormat.TEXT, adapt.PyFormat.AUTO
        self._failed = pq.ExecStatus.FATAL_ERROR
        self._done = {pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK}
        #: By text for psycopg; those whose names are in ``_ready`` are prepared.
        self._statements: dict[str, _Prepared] = {}
        self._ready: set[bytes] = set()

    @property
    def is_open(self) -> bool:
        """Tell whether a transaction is open, or has failed."""
        idle = self._pq.TransactionStatus.IDLE
        return bool(self._own.pgconn.transaction_status != idle)

    def run(self, *statements: tuple[str, Mapping[str, Any]]) -> list[Rows]:
        """Run statements in one round trip, in a transaction that it may begin.

        Raises:
            psycopg.Error: of the first statement that fails; no later one is run.

        """
        pgconn, sent = self._own.pgconn, [self._bound(*each) for each in statements]
        begins = not self.is_open
        if len(sent) > 1 or begins or sent[0][0].name not in self._ready:
            results = self._pipelined(pgconn, sent, begins=begins)
        else:
            prepared, values, formats = sent[0]
            pgconn.send_query_prepared(prepared.name, values, formats)
            results = self._own.wait(self._generators.execute(pgconn))
        return [self._rows(result) for result in results]

    def _bound(
        self, text: str, values: Mapping[str, Any]
    ) -> tuple[_Prepared, Sequence[Buffer | None], Sequence[int] | None]:
        """Return a statement, and its values and their formats for libpq."""
        prepared = self._statements.get(text)
        if prepared is None:
            names = tuple(dict.fromkeys(_PLACE.findall(text)))
            places = {name: f"${n}" for n, name in enumerate(names, 1)}
            name = f"huimin_{len(self._statements)}".encode()
            prepared = _Prepared(name, (text % places).encode(), names)
            self._statements[text] = prepared
        row = [values[name] for name in prepared.names]
        # The server knows the type of each place; it reads text as any type.
        kinds = [self._text if isinstance(each, int) else self._auto for each in row]
        buffers = self._adapter.dump_sequence(row, kinds)
        return prepared, buffers, self._adapter.formats

    def _pipelined(
        self, pgconn: PGconn, sent: Sequence[Any], *, begins: bool
    ) -> list[PGresult]:
        """Return the results of statements sent at once; new ones are prepared."""
        steps: list[bytes | None] = [None] if begins else []
        try:
            pgconn.enter_pipeline_mode()
            if begins:
                pgconn.send_query_params(self.begin, None)
            for prepared, values, formats in sent:
                if prepared.name not in self._ready and prepared.name not in steps:
                    pgconn.send_prepare(prepared.name, prepared.text)
                    steps.append(prepared.name)
                pgconn.send_query_prepared(prepared.name, values, formats)
                steps.append(None)
            pgconn.pipeline_sync()
            received = self._own.wait(self._received(pgconn, len(steps)))
            if pgconn.status == self._pq.ConnStatus.OK:
                pgconn.exit_pipeline_mode()
        except BaseException:
            self._own.close()  # it is unknown what the server still sends
            raise
        for name, result in zip(steps, received, strict=False):
            self._require_done(result)
            if name is not None:
                self._ready.add(name)
        asked = [r for step, r in zip(steps, received, strict=True) if step is None]
        return asked[begins:]

    def _received(self, pgconn: PGconn, count: int) -> PQGen[list[PGresult]]:
        """Send a pipeline, and return the results of its commands."""
        results: list[PGresult] = []
        yield from self._generators.send(pgconn)
        try:
            while len(results) < count:
                results += yield from self._generators.fetch_many(pgconn)
            yield from self._generators.fetch_many(pgconn)  # the end of the pipeline
        except self._error:
            # A server that ends a connection says why in its last result.
            if not any(each.status == self._failed for each in results):
                raise
        return results

    def _require_done(self, result: PGresult) -> None:
        if result.status in self._done:
            return
        error = self._error_of(result, self._adapter.encoding)
        if error.sqlstate == FORGOTTEN:
            self._ready.clear()
        raise error

    def _rows(self, result: PGresult) -> Rows:
        self._require_done(result)
        rows = Rows()
        if result.ntuples:
            self._adapter.set_pgresult(result)
            rows += self._adapter.load_rows(0, result.ntuples, tuple)
        rows.rowcount = result.command_tuples
        return rows
