"""The unit of work: a connection, a clock, the active rulebook, one request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import (
    AbstractContextManager,
    ExitStack,
    contextmanager,
    nullcontext,
)
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from huimin_flow.catalogue.reasons import Code, InputCode, StoreCode, TimeCode
from huimin_flow.catalogue.terms import Argument, Duty
from huimin_flow.clock import SHANGHAI, Clock, SystemClock, local_day
from huimin_flow.errors import InputRefused, ItemMoved, StepRefused, StoreRefused
from huimin_flow.model.core.events import Event
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import showable
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.core.due import Activation
from huimin_flow.states.authority import are_one_person, may_do
from huimin_flow.store.core import positions, repository
from huimin_flow.store.executing.attachments import Shelf

#: How far a clock may be behind the last event.
_TRUSTED = timedelta(days=1)


@dataclass
class Performed:
    """The count of committed acts of a door, and whether an act is open."""

    done: int = 0
    begun: bool = False


@dataclass
class Attempt:
    """Acts that are tried: one transaction, which is rolled back in the end.

    The first act ``begins`` it, for as long as ``ending`` lasts; a question before it
    ``reads`` what there is. ``events`` are what the acts have recorded.
    """

    begins: Callable[[], AbstractContextManager[Connection]]
    reads: Callable[[], AbstractContextManager[Connection]]
    ending: ExitStack
    events: list[Event] = field(default_factory=list)
    _connection: Connection | None = field(default=None, init=False)

    def begin(self) -> Connection:
        """Return the connection of the transaction, which has begun."""
        if self._connection is None:
            self._connection = self.ending.enter_context(self.begins())
        return self._connection

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Forget the events of acts that belong together if one of them fails."""
        before = len(self.events)
        try:
            yield
        except BaseException:
            del self.events[before:]
            raise

    def reading(self) -> AbstractContextManager[Connection]:
        """Return the connection for a question."""
        return nullcontext(self._connection) if self._connection else self.reads()


@dataclass(kw_only=True)
class Work:
    """What every act and question needs; it never commits.

    ``known`` caches rulebooks by digest across units of work; ``shelf`` is
    the folder of attachments, or None. ``acts`` is true for an act: its clock is
    checked; ``events`` are what it has recorded. A snapshot's work has one
    ``moment``, and ``ended`` is true after it.
    """

    connection: Connection
    clock: Clock
    request: str
    known: dict[str, Rulebook]
    shelf: Shelf | None = None
    acts: bool = False
    moment: datetime | None = None
    ended: bool = False
    events: list[Event] = field(default_factory=list)
    _active: Rulebook | None = field(default=None, init=False)
    _activations: tuple[Activation, ...] | None = field(default=None, init=False)
    _highest: datetime | None = field(default=None, init=False)
    _digest: str | None = field(default=None, init=False)

    @property
    def now(self) -> datetime:
        """Return the present moment, aware UTC; recorded time never goes back.

        Raises:
            StoreRefused: for an act, if the clock is more than a day behind the
                last event, because then it is wrong.

        """
        present = self.moment or self.clock.now()
        if self._highest is None:
            self._look()
            self._highest = self._highest or present
        if self.acts and present < self._highest - _TRUSTED:
            last = f"{self._highest.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
            raise StoreRefused(StoreCode.CLOCK_BEHIND, last=last)
        return max(present, self._highest)

    def reading(self) -> Connection:
        """Return the connection of an open snapshot.

        Raises:
            StoreRefused: if the snapshot has ended.

        """
        if self.ended:
            raise StoreRefused(StoreCode.SNAPSHOT_ENDED)
        return self.connection

    @property
    def today(self) -> date:
        """Return the present day in Shanghai."""
        return local_day(self.now)

    @property
    def rulebook(self) -> Rulebook:
        """Return the active rulebook.

        Raises:
            StoreRefused: if none was ever activated.

        """
        if self._active is None:
            if self._digest is None:
                self._look()
            if self._digest is None:
                raise StoreRefused(StoreCode.RULEBOOK_MISSING)
            self._active = self.rulebook_of(self._digest)
        return self._active

    def _look(self) -> None:
        """Read the moment of the last event and the active rulebook's digest."""
        last, self._digest = repository.present(self.connection)
        self._highest = self._highest or last

    def rulebook_of(self, digest: str) -> Rulebook:
        """Return the rulebook of a digest, from the store.

        Raises:
            StoreRefused: if its text is missing or does not have that digest.

        """
        if digest not in self.known:
            self.known[digest] = repository.rulebook(self.connection, digest)
        return self.known[digest]

    @property
    def head(self) -> int:
        """Return the last position; for an act it includes its own records so far."""
        if self.acts:
            return positions.known(self.connection)
        return positions.last_position(self.connection)

    @property
    def activations(self) -> tuple[Activation, ...]:
        """Return every activation with its rulebook, in order of time.

        A past deadline follows the rulebook of its own day: ``rules.core.due``.
        """
        if self._activations is None:
            self._activations = tuple(
                Activation(since=since, book=self.rulebook_of(digest))
                for since, digest in positions.activations(self.connection)
            )
        return self._activations

    def rulebook_on(self, day: date) -> Rulebook:
        """Return the rulebook active at a day's end.

        It is the active one for future days, the first for days before it.
        """
        book = self.rulebook
        for activation in reversed(self.activations):
            book = activation.book
            if local_day(activation.since) <= day:
                break
        return book

    def activated(self) -> None:
        """Forget the active rulebook after another was activated."""
        self._active = self._activations = None
        self._digest = None

    def happened(
        self, day: date | None, argument: Argument = Argument.OCCURRED_ON
    ) -> date:
        """Return the day on which something happened, today for None.

        Raises:
            InputRefused: for a day in the future.

        """
        if day is None:
            return self.today
        if day > self.today:
            raise InputRefused(
                InputCode.DAY_TO_COME,
                argument=argument.value,
                day=day,
                today=self.today,
                earliest=day,
            )
        return day

    def duty(self, actor: Actor, duty: Duty, unit: str | None = None) -> None:
        """Refuse an actor who lacks a duty, or has it only for another unit.

        ``unit`` owns the item or record; None is the whole city.

        Raises:
            StepRefused: naming the duty and the actor's roles, or the unit.

        """
        reasons = may_do(
            self.believed(actor),
            duty,
            self.rulebook.organization,
            unit=unit,
            day=self.today,
        )
        if reasons:
            raise StepRefused(reasons)

    def two_people(
        self, first: Actor, second: Actor, duty: Duty, *, unit: str | None = None
    ) -> None:
        """Refuse unless both are different people with the duty.

        Both need it for the whole city, or for the ``unit`` that owns the record.

        Raises:
            StepRefused: naming what is missing.

        """
        self.duty(first, duty, unit)
        self.different(first.id, second.id)
        self.duty(second, duty, unit)

    def believed(self, actor: Actor) -> Actor:
        """Return an actor with those roles that the organization has entered.

        A host may name fewer roles than a post has, never more.

        Raises:
            StepRefused: if no post has that id.

        """
        known = self.rulebook.organization.actor(actor.id, actor.via)
        if known is None:
            raise StepRefused(Code.POST_UNKNOWN, person=showable(actor.id))
        if known.roles == actor.roles:
            return known
        return replace(known, roles=known.roles & actor.roles)

    def different(self, first: str, second: str) -> None:
        """Refuse two posts that are the same, or that one account holds.

        Raises:
            StepRefused: if they are.

        """
        if are_one_person(first, second, self.rulebook.organization):
            raise StepRefused(Code.SAME_PERSON)


def moved(stream: str, expected: int, last: int) -> ItemMoved:
    """Return the refusal for a stale version."""
    return ItemMoved(Code.STALE_VERSION, stream=stream, expected=expected, found=last)


def clock_of(purpose: str, clock: Clock | None) -> Clock:
    """Return the clock of a door; a production database accepts only the machine's."""
    if purpose != "rehearsal" and type(clock) not in {type(None), SystemClock}:
        raise StoreRefused(TimeCode.CLOCK_GIVEN)
    return clock or SystemClock()
