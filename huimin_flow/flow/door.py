"""The door itself: a database opened or a host's joined, and one act at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from huimin_flow.catalogue.reasons import TimeCode
from huimin_flow.clock import Clock, SystemClock
from huimin_flow.errors import (
    HuiminError,
    InputRefused,
    StepRefused,
    StoreBusy,
    StoreRefused,
)
from huimin_flow.flow import founding
from huimin_flow.flow.answers import answered
from huimin_flow.flow.typed import fit_request, typed
from huimin_flow.flow.work import Work
from huimin_flow.model.actor import Actor
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.store import engine as engines
from huimin_flow.store import host, logs, schema
from huimin_flow.store.shelf import Shelf, shelf_beside

P = ParamSpec("P")
R = TypeVar("R")

#: How far a moment named to a production database may lie from its own clock's:
#: a call may have waited a little, but no time but the machine's is taken.
_SLACK = timedelta(minutes=1)


class Door:
    """One database; ``open`` owns it, ``bind`` joins a host's transaction."""

    def __init__(
        self,
        *,
        engine: Engine | None,
        connection: Connection | None,
        purpose: str,
        clock: Clock,
        request: str | None = None,
        shelf: Shelf | None = None,
        known: dict[str, Rulebook] | None = None,
    ) -> None:
        """Use ``Flow.open`` or ``Flow.bind`` instead."""
        self._purpose = purpose
        self._engine = engine
        self._connection = connection
        self._clock = clock
        self._request = request
        self._shelf = shelf
        self._known = {} if known is None else known

    @classmethod
    def found(
        cls,
        url: str,
        book: Rulebook,
        *,
        rehearsal: bool = False,
        clock: Clock | None = None,
    ) -> Self:
        """Make the tables at ``url`` where they are missing, and open it.

        A new database activates ``book``; an existing one keeps its own.

        Raises:
            StoreRefused: if the database is newer or of another purpose, or a
                production database is asked to accept a given time.

        """
        purpose = "rehearsal" if rehearsal else "production"
        own = _clock(purpose, clock)
        engine = engines.open_engine(url, create=True)
        flow = cls(
            engine=engine,
            connection=None,
            purpose=purpose,
            clock=own,
            shelf=shelf_beside(url),
        )

        def make(connection: Connection) -> None:
            if schema.make(connection, purpose=purpose):
                founding.found(flow._work(connection, None), book)

        with _disposed_if_refused(engine):
            engines.in_transaction(engine, make)
            flow._number()
        return flow

    @classmethod
    def open(
        cls, url: str, *, clock: Clock | None = None, attachments: Path | None = None
    ) -> Self:
        """Open an existing database.

        ``attachments`` is the folder of attached files; an SQLite file has one
        beside it.

        Raises:
            StoreRefused: if it isn't ours, or a production database is asked
                to accept a given time.

        """
        engine = engines.open_engine(url)
        with _disposed_if_refused(engine):
            with engines.reading(engine) as connection:
                purpose = schema.require(connection)
            return cls(
                engine=engine,
                connection=None,
                purpose=purpose,
                clock=_clock(purpose, clock),
                shelf=Shelf(attachments) if attachments else shelf_beside(url),
            )

    @classmethod
    def bind(
        cls,
        connection: Connection,
        *,
        clock: Clock | None = None,
        attachments: Path | None = None,
    ) -> Self:
        """Join a host's transaction: nothing is committed here, ever.

        Raises:
            StoreRefused: for another's database, a connection on autocommit, or
                a production database that is asked to accept a given time.

        """
        host.require_transaction(connection)
        purpose = schema.require(connection)
        return cls(
            engine=None,
            connection=connection,
            purpose=purpose,
            clock=_clock(purpose, clock),
            shelf=Shelf(attachments) if attachments else None,
        )

    @contextmanager
    def whole(self) -> Iterator[Self]:
        """Give a door whose acts are one transaction: all of them, or none."""
        with engines.writing(self._own) as connection:
            yield type(self)(
                engine=None,
                connection=connection,
                purpose=self._purpose,
                clock=self._clock,
                shelf=self._shelf,
                known=self._known,
            )

    def settle(self) -> None:
        """Give positions to what a host has committed through ``bind``.

        PostgreSQL alone needs it, and every act of an open Flow does it, too;
        call it after the host's commit where no service runs.
        """
        self._number()

    def close(self) -> None:
        """Give back what ``open`` took; a bound Flow has nothing to give back."""
        if self._engine is not None:
            self._engine.dispose()

    def __enter__(self) -> Self:
        """Return the Flow itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def once(self, request: str) -> Self:
        """Return a door for one act under an idempotency key.

        A retry with the same key and the same act gets the first answer.

        Raises:
            InputRefused: for a key other than 1-200 printable ASCII characters.

        """
        fit_request(request)
        return type(self)(
            engine=self._engine,
            connection=self._connection,
            purpose=self._purpose,
            clock=self._clock,
            request=request,
            shelf=self._shelf,
            known=self._known,
        )

    @property
    def rehearsal(self) -> bool:
        """Tell whether this is a rehearsal's database, marked so for ever."""
        return self._purpose == "rehearsal"

    def moment(self, now: datetime | None = None) -> datetime:
        """Return the present moment by this door's own clock, aware UTC.

        A rehearsal takes the moment ``now`` instead. A production database takes
        no time but the machine's: there ``now`` is only held against its clock.

        Raises:
            InputRefused: for a moment without a zone, and on a production
                database for one more than a minute away from its own clock's.

        """
        own = self._clock.now()
        if now is None:
            return own
        if now.tzinfo is None:
            raise InputRefused(TimeCode.MOMENT_WITHOUT_ZONE, moment=now.isoformat())
        if self.rehearsal:
            return now.astimezone(UTC)
        if abs(now - own) > _SLACK:
            raise InputRefused(
                TimeCode.MOMENT_NOT_OWN, moment=now.isoformat(), own=own.isoformat()
            )
        return own

    @property
    def shelf(self) -> Shelf | None:
        """Return where attachments lie, or None where no place is known."""
        return self._shelf

    @typed
    def rulebook(
        self, digest: str | None = None, *, on: date | None = None
    ) -> Rulebook:
        """Return the active rulebook, one that was active once, or that of a day.

        ``digest`` names one; ``on`` is the Shanghai day at whose end it was active.
        """

        def read(connection: Connection) -> Rulebook:
            work = self._work(connection, None)
            if digest is not None:
                return work.rulebook_of(digest)
            return work.rulebook if on is None else work.rulebook_on(on)

        return self.read(read)

    def read(self, question: Callable[[Connection], R]) -> R:
        """Ask a question of the store, in the host's transaction if bound."""
        if self._connection is not None:
            return question(self._connection)
        with engines.reading(self._own) as connection:
            return question(connection)

    def ask(
        self,
        function: Callable[Concatenate[Work, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Ask a question that needs the rulebook or the time; nothing changes."""
        return self.read(
            lambda connection: function(self._work(connection, None), *args, **kwargs)
        )

    def perform(
        self,
        function: Callable[Concatenate[Work, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Do one act wholly or not at all; a refusal is logged, and raised."""

        def act(connection: Connection) -> R:
            work = self._work(connection, self._request)
            if self._request is None:
                return function(work, *args, **kwargs)
            return answered(work, self._request, function, args, kwargs)

        try:
            if self._connection is not None:
                with host.joined(self._connection):
                    return act(self._connection)
            result = engines.in_transaction(self._own, act)
        except StepRefused as refusal:
            self._log(function.__name__, refusal, args, kwargs)
            raise
        self._number()
        return result

    @property
    def _own(self) -> Engine:
        if self._engine is None:
            raise StoreRefused("此 Flow 已加入宿主事务", remedy="请用 Flow.open")
        return self._engine

    def _work(self, connection: Connection, request: str | None) -> Work:
        return Work(
            connection=connection,
            clock=self._clock,
            request=request or self._clock.token(16).hex(),
            known=self._known,
            shelf=self._shelf,
        )

    def _log(self, act: str, refusal: StepRefused, args: Any, kwargs: Any) -> None:
        by = kwargs.get("by")
        about = next((one for one in args if isinstance(one, str)), "")
        keep = partial(
            logs.keep_refusal,
            at=self._clock.now(),
            actor=by.id if isinstance(by, Actor) else "",
            act=act,
            about=about[:200],
            reasons=refusal.reasons,
        )
        try:
            if self._connection is not None:
                with host.joined(self._connection):
                    keep(self._connection)
            else:
                engines.in_transaction(self._own, keep)
                self._number()
        except (HuiminError, SQLAlchemyError, OSError) as failure:
            # Whoever was refused must hear why, not that the log is out of order.
            refusal.add_note(f"拒绝记录未能写入:{failure}")

    def _number(self) -> None:
        """Number what was committed and waits, or leave it to the next act."""
        if self._own.dialect.name != "sqlite":
            with suppress(StoreBusy):  # the act is done: nobody may hear it isn't
                engines.in_transaction(self._own, logs.settle)


def _clock(purpose: str, clock: Clock | None) -> Clock:
    """Return the clock of a door; a production database has the machine's alone."""
    if purpose == "rehearsal":
        return clock or SystemClock()
    if clock is not None and type(clock) is not SystemClock:
        raise StoreRefused(TimeCode.CLOCK_GIVEN)
    return SystemClock()


@contextmanager
def _disposed_if_refused(engine: Engine) -> Iterator[None]:
    """Give connections back where opening fails."""
    try:
        yield
    except BaseException:
        engine.dispose()
        raise
