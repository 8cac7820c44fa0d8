"""What stands behind ``Flow`` and ``Snapshot``: a database, and one act at a time.

It is for this package alone: here a function may be handed in. Hosts have named acts
and questions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from huimin_flow.catalogue.reasons import StoreCode, TimeCode
from huimin_flow.clock import Clock, SystemClock
from huimin_flow.errors import (
    HuiminError,
    InputRefused,
    StepRefused,
    StoreBusy,
    StoreRefused,
)
from huimin_flow.flow.core.arguments import fit_request
from huimin_flow.flow.core.requests import answered
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.organization import Actor
from huimin_flow.store.core import engine as engines
from huimin_flow.store.core import host_transaction, logs, repository, schema
from huimin_flow.store.executing.attachments import Shelf, shelf_beside

if TYPE_CHECKING:
    from huimin_flow.flow.facade import Questions
    from huimin_flow.model.rulebook import Rulebook

P = ParamSpec("P")
R = TypeVar("R")

#: How far a moment named to a production database may lie from its own clock's:
#: a call may have waited a little, but no time but the machine's is taken.
_SLACK = timedelta(minutes=1)


def door_of(behind: Questions) -> Door:
    """Return the door behind a Flow or a snapshot: the package's own way in."""
    return behind._door  # noqa: SLF001 - the one place


@dataclass
class Performed:
    """How many acts of a door are committed, and whether one is open."""

    done: int = 0
    begun: bool = False


@dataclass(kw_only=True)
class Door:
    """One database: ``engine`` where we open it, ``connection`` where we join a host.

    ``known`` caches rulebooks by digest; doors of one database share it.
    ``pinned`` is a snapshot's one reading transaction. ``acts`` counts what was
    committed, whatever fails afterwards.
    """

    purpose: str
    clock: Clock
    engine: Engine | None = None
    connection: Connection | None = None
    shelf: Shelf | None = None
    request: str | None = None
    known: dict[str, Rulebook] = field(default_factory=dict)
    pinned: Work | None = None
    acts: Performed = field(default_factory=Performed)

    @classmethod
    def found(
        cls, url: str, book: Rulebook, *, rehearsal: bool, clock: Clock | None
    ) -> Self:
        """Make the tables at ``url`` where they are missing, and open it."""
        from huimin_flow.flow.core import rulebook  # noqa: PLC0415 - only who founds

        purpose = "rehearsal" if rehearsal else "production"
        own, shelf = _clock(purpose, clock), shelf_beside(url)
        engine = engines.open_engine(url, create=True)
        door = cls(engine=engine, purpose=purpose, clock=own, shelf=shelf)

        def make(connection: Connection) -> None:
            if schema.make(connection, purpose=purpose):
                door.acts.begun = True
                rulebook.found(door._work(connection, acts=True), book)

        with _disposed_if_refused(engine):
            engines.in_transaction(engine, make)
            door._kept()
        return door

    @classmethod
    def open(
        cls,
        url: str,
        *,
        clock: Clock | None,
        attachments: Path | None,
        read_only: bool = False,
    ) -> Self:
        """Open an existing database; the database itself may refuse every change."""
        engine = engines.open_engine(url, read_only=read_only)
        with _disposed_if_refused(engine):
            with engines.reading(engine) as connection:
                purpose = schema.require(connection)
            shelf = Shelf(attachments) if attachments else shelf_beside(url)
            own = _clock(purpose, clock)
            return cls(engine=engine, purpose=purpose, clock=own, shelf=shelf)

    @classmethod
    def bind(
        cls, connection: Connection, *, clock: Clock | None, attachments: Path | None
    ) -> Self:
        """Join a host's transaction: nothing is committed here, ever."""
        host_transaction.require_transaction(connection)
        purpose = schema.require(connection)
        shelf = Shelf(attachments) if attachments else None
        own = _clock(purpose, clock)
        return cls(connection=connection, purpose=purpose, clock=own, shelf=shelf)

    @contextmanager
    def whole(self) -> Iterator[Self]:
        """Give a door whose acts are one transaction: all of them, or none."""
        with engines.writing(self.own) as connection:
            self.acts.begun = True
            yield replace(self, engine=None, connection=connection, request=None)
        self.acts.done += 1
        self.acts.begun = False

    def once(self, request: str) -> Self:
        """Return a door for one act under an idempotency key."""
        fit_request(request)
        return replace(self, request=request)

    @contextmanager
    def snapshot(self) -> Iterator[Self]:
        """Give a door whose questions see one moment: one reading transaction.

        The present of all of them is the moment at which it began.
        """
        with self._reading() as connection:
            work = self._work(connection)
            work.moment = self.clock.now()
            repository.meta(connection, "purpose")  # the first read begins a snapshot
            try:
                yield replace(self, pinned=work)
            finally:
                work.ended = True

    def close(self) -> None:
        """Give back what was opened; a bound door has nothing to give back."""
        if self.engine is not None:
            self.engine.dispose()

    def moment(self, now: datetime | None) -> datetime:
        """Return the present by this door's own clock, or a rehearsal's ``now``."""
        pinned = None if self.pinned is None else self.pinned.moment
        own = pinned or self.clock.now()
        if now is None:
            return own
        if now.tzinfo is None:
            raise InputRefused(TimeCode.MOMENT_WITHOUT_ZONE, moment=now.isoformat())
        if self.purpose == "rehearsal":
            return now.astimezone(UTC)
        if abs(now - own) > _SLACK:
            raise InputRefused(
                TimeCode.MOMENT_NOT_OWN, moment=now.isoformat(), own=own.isoformat()
            )
        return own

    def read(self, question: Callable[[Connection], R]) -> R:
        """Ask a question of the store, in the host's transaction if bound."""
        if self.pinned is not None:
            return question(self.pinned.reading())
        with self._reading() as connection:
            return question(connection)

    def ask(
        self,
        function: Callable[Concatenate[Work, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Ask a question that needs the rulebook or the time; nothing changes."""
        if self.pinned is not None:
            self.pinned.reading()
            return function(self.pinned, *args, **kwargs)
        with self._reading() as connection:
            return function(self._work(connection), *args, **kwargs)

    def perform(
        self,
        function: Callable[Concatenate[Work, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Do one act wholly or not at all; a refusal is logged, and raised."""

        def act(connection: Connection) -> R:
            work = self._work(connection, acts=True)
            for name, who in kwargs.items():
                if isinstance(who, Actor):
                    kwargs[name] = work.believed(who)
            if self.request is None:
                return function(work, *args, **kwargs)
            return answered(work, self.request, function, args, kwargs)

        try:
            if self.connection is not None:
                with host_transaction.joined(self.connection):
                    done = act(self.connection)
                self._settle_later(self.connection)
                return done
            self.acts.begun = True
            result = engines.in_transaction(self.own, act)
        except StepRefused as refusal:
            self._log(function.__name__, refusal, args, kwargs)
            raise
        self._kept()
        return result

    def _settle_later(self, connection: Connection) -> None:
        """Number what the host commits, once it has."""
        if connection.dialect.name != "sqlite":
            host_transaction.after_the_end(connection, logs.settle)

    def settle(self) -> None:
        """Number what was committed and waits, or leave it to the next act."""
        if self.own.dialect.name != "sqlite":
            with suppress(StoreBusy):
                engines.in_transaction(self.own, logs.settle)

    def _kept(self) -> None:
        """Count what is committed, and number it if that can be done now.

        The act is done: no later failure may say that it isn't.
        """
        self.acts.done += self.acts.begun
        self.acts.begun = False
        with suppress(HuiminError, SQLAlchemyError):
            self.settle()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        if self.connection is not None:
            yield self.connection
            return
        with engines.reading(self.own) as connection:
            yield connection

    @property
    def own(self) -> Engine:
        """Return the engine that was opened here.

        Raises:
            StoreRefused: where a host's transaction was joined.

        """
        if self.engine is None:
            raise StoreRefused(StoreCode.BOUND)
        return self.engine

    def _work(self, connection: Connection, *, acts: bool = False) -> Work:
        request = self.request if acts else None
        return Work(
            connection=connection,
            clock=self.clock,
            request=request or self.clock.token(16).hex(),
            known=self.known,
            shelf=self.shelf,
            acts=acts,
        )

    def keep(self, refusal: StepRefused) -> None:
        """Record a refusal in the log, unless it is there."""
        if refusal.trace is not None:
            keep = partial(logs.keep_missing_refusal, row=dict(refusal.trace))
            engines.in_transaction(self.own, keep)
            self.settle()

    def _log(self, act: str, refusal: StepRefused, args: Any, kwargs: Any) -> None:
        """Record a refusal in a transaction of its own, after the host's if bound."""
        by = kwargs.get("by")
        about = next((text for text in args if isinstance(text, str)), "")
        row = logs.refusal_row(
            at=self.clock.now(),
            actor=by.id if isinstance(by, Actor) else "",
            act=act,
            about=about[:200],
            reasons=refusal.reasons,
        )
        refusal.trace = row
        keep = partial(logs.keep_refusal, row=row)
        try:
            if self.connection is not None:
                host_transaction.after_the_end(self.connection, keep)
                self._settle_later(self.connection)
            else:
                engines.in_transaction(self.own, keep)
                self.settle()
        except (HuiminError, SQLAlchemyError, OSError) as failure:
            # Whoever was refused must hear why, not that the log is out of order.
            refusal.add_note(
                str(StoreRefused(StoreCode.REFUSAL_UNKEPT, failure=failure))
            )


def _clock(purpose: str, clock: Clock | None) -> Clock:
    """Return the clock of a door; a production database has the machine's alone."""
    if purpose != "rehearsal" and type(clock) not in {type(None), SystemClock}:
        raise StoreRefused(TimeCode.CLOCK_GIVEN)
    return clock or SystemClock()


@contextmanager
def _disposed_if_refused(engine: Engine) -> Iterator[None]:
    """Give connections back where opening fails."""
    try:
        yield
    except BaseException:
        engine.dispose()
        raise
