"""The implementation of ``Flow``: one act at a time; hosts call named acts only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Self, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from huimin_flow.catalogue.reasons import InputCode, StoreCode
from huimin_flow.clock import Clock
from huimin_flow.errors import (
    HuiminError,
    InputRefused,
    StepRefused,
    StoreBusy,
    StoreRefused,
)
from huimin_flow.flow.core.arguments import fit_request, fitting
from huimin_flow.flow.core.clock import fit_moment
from huimin_flow.flow.core.requests import Attempt, Performed, answered, refused
from huimin_flow.flow.core.work import Work, clock_of, files_beside
from huimin_flow.model.core.clocks import Trust
from huimin_flow.model.core.organization import Actor
from huimin_flow.rules.extensions import require_nothing_asked
from huimin_flow.store import schema
from huimin_flow.store.core import engine as engines
from huimin_flow.store.core import host_transaction, logs, repository
from huimin_flow.store.core.hosts import given
from huimin_flow.store.executing.attachments import Shelf
from huimin_flow.store.sensing.keys import Keyring, keyring_of

if TYPE_CHECKING:
    from huimin_flow.flow.facade import Questions
    from huimin_flow.model.executing.feeds import Pull
    from huimin_flow.model.extensions import Extension
    from huimin_flow.model.rulebook import Rulebook

P = ParamSpec("P")
R = TypeVar("R")

#: What the doors bound to a host's engine share, by schema: rulebooks and the clock.
_SHARED: WeakKeyDictionary[Engine, dict[str, Any]] = WeakKeyDictionary()


def door_of(behind: Questions) -> Door:
    """Return the door of a Flow or a snapshot, for use in this package."""
    return behind._door  # noqa: SLF001 - the one place


@dataclass(kw_only=True)
class Door:
    """One database: ``engine`` if we open it, ``connection`` if we join a host.

    ``attempt`` is set if acts are only tried. ``known`` caches rulebooks by digest;
    doors of one database share it. ``pinned`` is a snapshot's one reading transaction.
    ``acts`` counts what was committed, whatever fails later. ``actor`` does acts that
    name nobody, under the ``keys``. ``pulls`` and ``extensions`` are the host's. Our
    tables are in ``schema`` where a host's connection doesn't find them itself.
    """

    purpose: str
    clock: Clock
    engine: Engine | None = None
    connection: Connection | None = None
    attempt: Attempt | None = None
    shelf: Shelf | None = None
    keyring: Keyring = field(default_factory=Keyring)
    request: str | None = None
    actor: Actor | None = None
    keys: Iterator[str] | None = None
    known: dict[str, Rulebook] = field(default_factory=dict)
    pinned: Work | None = None
    acts: Performed = field(default_factory=Performed)
    trust: Trust = field(default_factory=Trust)
    pulls: Mapping[str, Pull] = field(default_factory=dict)
    schema: str = ""
    extensions: tuple[Extension, ...] = ()

    @classmethod
    def found(
        cls,
        url: str,
        book: Rulebook,
        *,
        rehearsal: bool,
        clock: Clock | None,
        key: Path | None = None,
        extensions: tuple[Extension, ...] = (),
    ) -> Self:
        """Create the tables at ``url`` if they are missing, and open the database."""
        from huimin_flow.flow.core import rulebook  # noqa: PLC0415 - seldom needed

        purpose = "rehearsal" if rehearsal else "production"
        own = clock_of(purpose, clock)
        engine = engines.open_engine(url, create=True, private=not rehearsal)
        more: dict[str, Any] = {"extensions": extensions, **files_beside(url, key=key)}
        door = cls(engine=engine, purpose=purpose, clock=own, **more)

        def make(connection: Connection) -> None:
            door.acts.begun = schema.make(connection, purpose=purpose)
            begin = rulebook.found if door.acts.begun else rulebook.admit
            begin(door._work(connection, acts=True), book)
            door.keyring.make(connection, own.token)

        with engines.disposed_if_refused(engine):
            engines.in_transaction(engine, make)
            door._count_committed()
        return door

    @classmethod
    def open(
        cls,
        url: str,
        *,
        clock: Clock | None,
        attachments: Path | None,
        read_only: bool = False,
        key: Path | None = None,
        host: Engine | None = None,
        placement: str | None = None,
    ) -> Self:
        """Open an existing database; the database itself may refuse every change."""
        if host is None:
            engine = engines.open_engine(url, read_only=read_only)
        else:
            engine = engines.borrow_engine(host, schema=placement, read_only=read_only)
            url = engine.url.render_as_string(hide_password=False)
        with engines.disposed_if_refused(engine):
            with engines.reading(engine) as connection:
                purpose = schema.require(connection)
            own, beside = clock_of(purpose, clock), files_beside(url, attachments, key)
            return cls(engine=engine, purpose=purpose, clock=own, **beside)

    @classmethod
    def bind(
        cls,
        connection: Connection,
        *,
        clock: Clock | None,
        attachments: Path | None,
        key: Path | None = None,
        placement: str | None = None,
    ) -> Self:
        """Join a host's transaction; this door never commits."""
        given.fit_connection(connection)
        host_transaction.require_transaction(connection)
        host_transaction.hold_savepoints(connection)
        place = given.fit_schema(placement, connection.dialect.name)
        with host_transaction.asked(connection, place):
            purpose = schema.require(connection)
            own, shelf = clock_of(purpose, clock), attachments and Shelf(attachments)
            known = _SHARED.setdefault(connection.engine, {})
            shared = known.setdefault(place, {"known": {}, "trust": Trust()})
            more: dict[str, Any] = {
                "shelf": shelf,
                "keyring": keyring_of(connection, key),
                **shared,
            }
        more |= {"connection": connection, "schema": place}
        return cls(purpose=purpose, clock=own, **more)

    @contextmanager
    def whole(self) -> Iterator[Self]:
        """Yield a door whose acts are one transaction: all are recorded, or none."""
        if self.attempt is not None:
            with self.attempt.whole(), host_transaction.joined(self.attempt.begin()):
                yield replace(self, request=None)
            return
        with engines.writing(self.own) as connection:
            self.acts.begun = True
            yield replace(self, engine=None, connection=connection, request=None)
        self._count_committed(unsettled=False)

    @contextmanager
    def tried(self) -> Iterator[Self]:
        """Yield a door whose acts are done completely, and undone in the end.

        It writes no file and no refusal, and nobody waits for what was undone.
        """

        def begins() -> AbstractContextManager[Connection]:
            joined = self.attempt.begin() if self.attempt else self.connection
            if joined is not None:
                return host_transaction.tried(joined)
            return engines.writing(self.own, keep=False)

        shelf = None if self.shelf is None else self.shelf.tried()
        with ExitStack() as ending:
            attempt = Attempt(begins, self._reading, ending, schema=self.schema)
            door = replace(self, engine=None, connection=None, attempt=attempt)
            yield replace(door, shelf=shelf, keys=None, acts=Performed())

    def once(self, request: str) -> Self:
        """Return a door for one act under an idempotency key."""
        fit_request(request)
        return replace(self, request=request)

    def acting(self, by: Actor, request: str | None) -> Self:
        """Return a door whose acts are done by ``by``, each under a key of its own."""
        fitting(Door.acting, (by, None), {})
        if request is None:
            return replace(self, actor=by)
        fit_request(request)
        rest = (f"{request}/{n}" for n in count(2))
        return replace(self, actor=by, keys=chain([request], rest))

    def doer(self, act: str) -> Actor:
        """Return who does an act, or is asked about, where nobody is named.

        Raises:
            InputRefused: if ``Flow.acting`` has named nobody either.

        """
        if self.actor is None:
            raise InputRefused(InputCode.NOBODY_ACTS, act=act)
        return self.actor

    @contextmanager
    def snapshot(self) -> Iterator[Self]:
        """Yield a door whose questions share a reading transaction and its moment."""
        with ExitStack() as ending:
            connection = self.connection or ending.enter_context(self._reading())
            work = self._work(connection)
            work.moment = self.clock.now()
            door = replace(self, pinned=work)
            door.read(lambda each: repository.meta(each, "purpose"))  # begins it
            try:
                yield door
            finally:
                work.ended = True

    def close(self) -> None:
        """Close the connections for good; a bound door has none of its own."""
        if self.engine is not None:
            self.engine.dispose()
            self.engine = None

    def moment(self, now: datetime | None) -> datetime:
        """Return the present moment by the door's clock, or a rehearsal's ``now``."""
        own = (self.pinned and self.pinned.moment) or self.clock.now()
        if now is None:
            return own
        return fit_moment(now, own, rehearsal=self.purpose == "rehearsal")

    def read(self, question: Callable[[Connection], R]) -> R:
        """Return the answer of the store, in the host's transaction if bound."""
        with self._reading() as connection:
            return question(connection)

    def ask(
        self,
        function: Callable[Concatenate[Work, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Return the answer to a question that needs the rulebook or the time."""
        with self._reading() as connection:
            work = self.pinned or self._work(connection)
            return function(work, *args, **kwargs)

    def perform(
        self,
        function: Callable[Concatenate[Work, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Do one act completely or not at all; log and raise a refusal."""
        require_nothing_asked()
        if self.keys is not None:
            alone = replace(self, request=next(self.keys), keys=None)
            return alone.perform(function, *args, **kwargs)

        def act(connection: Connection) -> R:
            work = self._work(connection, acts=True)
            for name, who in kwargs.items():
                if isinstance(who, Actor):
                    kwargs[name] = work.believed(who)
            done = answered(work, self.request, function, args, kwargs)
            if self.attempt is not None:
                self.attempt.events += work.events
            return done

        if self.attempt is not None:
            trying = self.attempt.begin()
            with host_transaction.joined(trying, self.schema):
                return act(trying)
        try:
            if self.connection is not None:
                with host_transaction.joined(self.connection, self.schema):
                    done = act(self.connection)
                self._settle_later(self.connection)
                return done
            self.acts.begun = True
            commit = partial(logs.commit, answers=self.request is not None)
            result, unsettled = engines.in_transaction(
                self.own, lambda connection: (act(connection), commit(connection))
            )
        except HuiminError as refusal:
            row = refused(function, refusal, args, kwargs, self.clock.now())
            if isinstance(refusal, StepRefused):
                self._log(refusal, row)
            raise
        self._count_committed(unsettled=unsettled)
        return result

    def _settle_later(self, connection: Connection) -> None:
        """Number the events of the host's transaction once it is committed."""
        if connection.dialect.name != "sqlite":
            host_transaction.after_the_end(connection, logs.settle, self.schema)

    def settle(self) -> None:
        """Number the committed events, or leave them to the next act if busy."""
        if self.own.dialect.name != "sqlite":
            with suppress(StoreBusy):
                engines.in_transaction(self.own, logs.settle)

    def _count_committed(self, *, unsettled: bool = True) -> None:
        """Count the committed act, and number its events if they still need it.

        The act is done, so a later failure must not look like its refusal.
        """
        self.acts.done += self.acts.begun
        self.acts.begun = False
        if unsettled:
            with suppress(HuiminError, SQLAlchemyError):
                self.settle()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        require_nothing_asked()
        pinned = None if self.pinned is None else self.pinned.reading()
        if pinned is not None and self.connection is None:
            yield pinned
            return
        if self.attempt is not None:
            with self.attempt.reading() as connection:
                yield connection
            return
        if self.connection is not None:
            with host_transaction.asked(self.connection, self.schema):
                yield self.connection
            return
        with engines.reading(self.own) as connection:
            yield connection

    @property
    def own(self) -> Engine:
        """Return the engine; refuse it if closed, or in a host's transaction."""
        if self.engine is None:
            alone = self.connection is None and self.attempt is None
            raise StoreRefused(StoreCode.CLOSED if alone else StoreCode.BOUND)
        return self.engine

    def _work(self, connection: Connection, *, acts: bool = False) -> Work:
        return Work(
            connection=connection,
            clock=self.clock,
            request=(acts and self.request) or self.clock.token(16).hex(),
            known=self.known,
            shelf=self.shelf,
            keyring=self.keyring,
            acts=acts,
            tried=self.attempt is not None,
            trust=self.trust,
            extensions=self.extensions,
        )

    def keep(self, refusal: StepRefused) -> None:
        """Record a refusal in the log, unless the log has it."""
        if refusal.trace is not None:
            keep = partial(logs.keep_missing_refusal, row=dict(refusal.trace))
            engines.in_transaction(self.own, keep)
            self.settle()

    def _log(self, refusal: StepRefused, row: dict[str, str]) -> None:
        """Record a refusal, after the host's end if bound."""
        refusal.trace = row
        keep = partial(logs.keep_refusal, row=row)
        try:
            if self.connection is not None:
                host_transaction.after_the_end(self.connection, keep, self.schema)
                self._settle_later(self.connection)
            else:
                engines.in_transaction(self.own, keep)
                self.settle()
        except (HuiminError, SQLAlchemyError, OSError) as failure:
            # The caller must see the refusal, not the failure of the log.
            refusal.add_note(
                str(StoreRefused(StoreCode.REFUSAL_UNKEPT, failure=failure))
            )
