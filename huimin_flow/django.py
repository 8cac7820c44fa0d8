"""Flow in Django's own transaction: what both write is there, or neither is.

Within ``transaction.atomic()``, ``bind`` joins the very connection that the models
use, on SQLite and PostgreSQL. SQLAlchemy gets it lent: only Django commits, rolls back,
resets or closes. What must remain whatever becomes of the transaction (refusals, the
numbers of events) is written after a commit, at the end of a request, or by ``settle``.

If the engine's database is another one, or on another server, no transaction holds
both. Call an open ``Flow`` by ``transaction.on_commit`` there, under an idempotency
key that your own row keeps, and repeat it for each row that has no answer yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import URL, Engine, NullPool, create_engine

from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.errors import StoreRefused, extra_missing
from huimin_flow.flow import Flow
from huimin_flow.store.core.host_transaction import Pending, done_each
from huimin_flow.store.core.hosts.given import MANAGER

try:
    from django.core.signals import request_finished
    from django.db import connections, transaction
except ModuleNotFoundError as failure:
    raise extra_missing(failure) or failure from None

if TYPE_CHECKING:
    from huimin_flow.clock import Clock
    from huimin_flow.model.extensions import Extension

#: By Django's name of a database system, the driver's connection as SQLAlchemy gets it.
_DRIVERS: Final = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}

#: By alias and database, the engine; what a Flow reads once is kept with it.
_ENGINES: dict[tuple[str, URL], Engine] = {}

#: By Django's connection, the work that waits for the end of its transactions.
_LEFT: WeakKeyDictionary[Any, list[Pending]] = WeakKeyDictionary()


def bind(
    using: str = "default",
    *,
    clock: Clock | None = None,
    attachments: Path | None = None,
    key: Path | None = None,
    schema: str | None = None,
    extensions: Sequence[Extension] = (),
) -> Flow:
    """Return a Flow in the transaction of Django's connection ``using``.

    It lasts until the outermost atomic block ends, is part of every savepoint of
    nested blocks, and commits never. The other arguments are those of ``Flow.bind``.

    Raises:
        StoreRefused: outside of ``transaction.atomic()``, after an error that Django
            answers with a rollback, on another database system or one in memory, and
            as ``Flow.bind``.

    """
    django = _fit(using)
    if not django.in_atomic_block:
        raise StoreRefused(StoreCode.OUTSIDE_ATOMIC, using=using)
    joined = _joined(django) or _Joined(django)
    return Flow.bind(
        joined.connection,
        clock=clock,
        attachments=attachments,
        key=key,
        schema=schema,
        extensions=extensions,
    )


def url(using: str = "default", *, schema: str | None = None) -> str:
    """Return the address of Django's database ``using``, for ``Flow.open``.

    It is the database that Django uses now: in a run of tests the one of the tests.
    ``schema`` is where our tables are on PostgreSQL, as in ``bind``.

    Raises:
        StoreRefused: on another database system, or one in memory.

    """
    django = _fit(using)
    if django.vendor == "sqlite":
        return f"sqlite:///{django.settings_dict['NAME']}"
    asked = django.get_connection_params()
    texts = {name: str(each) for name, each in asked.items() if isinstance(each, str)}
    place: dict[str, Any] = {
        "username": texts.pop("user", None),
        "password": texts.pop("password", None),
        "database": texts.pop("dbname", None),
    }
    if "port" in asked:
        texts["port"] = str(asked["port"])
    if schema is not None:
        texts["schema"] = schema
    made = URL.create(_DRIVERS[django.vendor], **place, query=texts)
    return made.render_as_string(hide_password=False)


def settle(using: str = "default") -> None:
    """Write what waits for the end of transactions: refusals, numbers of events.

    It happens by itself after a commit and at the end of a request. Call it in a
    program without requests after a block that was rolled back. Within an atomic
    block it does nothing.
    """
    django = connections[using]
    if not django.in_atomic_block:
        _settle(django)


def _fit(using: str) -> Any:
    """Return Django's connection, if our tables can be in its database."""
    django = connections[using]
    if django.vendor not in _DRIVERS:
        raise StoreRefused(StoreCode.MAKE_UNKNOWN, make=django.vendor)
    if django.vendor == "sqlite" and django.is_in_memory_db():
        raise StoreRefused(StoreCode.IN_MEMORY)
    return django


def _settle(django: Any) -> None:
    pending = _LEFT.get(django, [])
    waiting, pending[:] = pending[:], []

    def run(entry: Pending) -> None:
        with transaction.atomic(django.alias):
            entry.done_in(_engine(django).connect())

    pending += done_each(waiting, run)


def _finished(**_: object) -> None:
    for django in connections.all(initialized_only=True):
        closed = django.connection is None
        settle(django.alias)
        if closed:  # by Django, and what was settled has opened it again
            django.close_if_unusable_or_obsolete()


request_finished.connect(_finished)


class _Joined:
    """One transaction of Django's, from the first ``bind`` until its end."""

    def __init__(self, django: Any) -> None:
        """Join the transaction; Django forgets it at a commit and at a rollback."""
        self._django = django
        self.pending = _LEFT.setdefault(django, [])
        self.connection = _engine(django).connect()
        self.connection.execution_options(**{MANAGER: self})
        # It names no savepoint: a refusal is kept if the block around it is undone.
        django.run_on_commit.append((set(), self.committed, True))

    def committed(self) -> None:
        """Write what waits; Django calls this after its commit.

        In a test it may be called within the transaction, which goes on then.
        """
        if not self._django.in_atomic_block:
            _settle(self._django)

    @property
    def is_open(self) -> bool:
        """Tell whether the transaction goes on."""
        return self._django.in_atomic_block and _joined(self._django) is self

    def require(self) -> None:
        """Refuse what comes after the end of the transaction, or after an error.

        Raises:
            StoreRefused: if it has ended, or can only be rolled back.
            django.db.DatabaseError: in another thread than the transaction's.

        """
        self._django.validate_thread_sharing()
        if not self.is_open:
            raise StoreRefused(StoreCode.TRANSACTION_ENDED)
        if self._django.needs_rollback:
            raise StoreRefused(StoreCode.TRANSACTION_FAILED)


def _joined(django: Any) -> _Joined | None:
    """Return what has joined the present transaction, if anything has."""
    callers = (getattr(hook, "__self__", None) for _, hook, _ in django.run_on_commit)
    return next((each for each in callers if isinstance(each, _Joined)), None)


def _engine(django: Any) -> Engine:
    """Return the engine whose connections are those that Django has at the time."""
    using, name = django.alias, str(django.settings_dict["NAME"])
    url = URL.create(_DRIVERS[django.vendor], database=name)
    engine = _ENGINES.get((using, url))
    if engine is None:
        options: dict[str, Any] = {}
        if django.vendor == "postgresql":
            options["use_native_hstore"] = False  # it would change Django's own
        try:
            engine = create_engine(
                url,
                creator=lambda: _lent(connections[using]),
                poolclass=NullPool,
                hide_parameters=True,  # failures are logged, and values may be private
                **options,
            )
        except ModuleNotFoundError as failure:
            raise extra_missing(failure) or failure from None
        engine = _ENGINES.setdefault((using, url), engine)
    return engine


def _lent(django: Any) -> Lent:
    django.ensure_connection()
    kind = Lent if django.vendor == "sqlite" else LentByPsycopg
    return kind(django.connection)


class Lent:
    """A driver's connection that is Django's: nothing here ends it or sets it up."""

    __slots__ = ("_own",)

    def __init__(self, own: Any) -> None:
        """Store the connection."""
        self._own = own

    def __getattr__(self, name: str) -> Any:
        """Return what the connection has."""
        return getattr(self._own, name)

    def _none(self, *_: object, **__: object) -> None:
        """Do nothing: it is Django's to do."""

    commit = rollback = close = create_function = add_notice_handler = _none


class LentByPsycopg(Lent):
    """The same on PostgreSQL; Django's own cursors put values into the text."""

    __slots__ = ()

    def cursor(self, *name: str) -> Any:
        """Return a cursor whose values the server binds."""
        import psycopg  # noqa: PLC0415 - an extra

        if name:
            return psycopg.ServerCursor(self._own, *name)
        return psycopg.Cursor(self._own)
