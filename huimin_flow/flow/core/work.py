"""The unit of work: a connection, a clock, the active rulebook, one request."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from huimin_flow.catalogue.reasons import Code, InputCode, Reason, StoreCode, TimeCode
from huimin_flow.catalogue.terms import Argument, Duty
from huimin_flow.clock import (
    SHANGHAI,
    Clock,
    SystemClock,
    UncheckedClock,
    local_day,
)
from huimin_flow.errors import InputRefused, ItemMoved, StepRefused, StoreRefused
from huimin_flow.model.core.clocks import Mark, Trust, mark_of
from huimin_flow.model.core.events import Event
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.core.clocks import doubt, newest
from huimin_flow.rules.core.due import Activation
from huimin_flow.states.authority import (
    are_one_person,
    as_entered,
    holders_of,
    may_do,
)
from huimin_flow.store.core import history, positions, repository
from huimin_flow.store.executing.attachments import Shelf, shelf_beside
from huimin_flow.store.sensing.keys import Keyring, file_of

if TYPE_CHECKING:
    from huimin_flow.model.extensions import Extension, Refused

#: How far a clock may be behind the last event.
TRUSTED = timedelta(days=1)


@dataclass(kw_only=True)
class Work:
    """What every act and question needs; it never commits.

    ``known`` caches rulebooks by digest across units of work; ``shelf`` is the folder
    of attachments, or None; ``keyring`` has the keys of personal data. ``acts`` is
    true for an act: its clock is checked; ``tried`` if it will be undone; ``events``
    are what it has recorded. A snapshot's work has one ``moment``, and ``ended`` is
    true after it. ``trust`` is the process's, and ``sets_time`` is true for what
    people say of the time: no clock stops it. ``extensions`` are those of the host.
    """

    connection: Connection
    clock: Clock
    request: str
    known: dict[str, Rulebook]
    trust: Trust = field(default_factory=Trust)
    sets_time: bool = False
    shelf: Shelf | None = None
    keyring: Keyring = field(default_factory=Keyring)
    acts: bool = False
    tried: bool = False
    moment: datetime | None = None
    ended: bool = False
    events: list[Event] = field(default_factory=list)
    extensions: tuple[Extension, ...] = ()
    _active: Rulebook | None = field(default=None, init=False)
    _activations: tuple[Activation, ...] | None = field(default=None, init=False)
    _highest: datetime | None = field(default=None, init=False)
    _seen: repository.Present | None = field(default=None, init=False)
    _trusted: bool = field(default=False, init=False)
    _onward: datetime | None = field(default=None, init=False)
    _digest: str | None = field(default=None, init=False)

    @property
    def now(self) -> datetime:
        """Return the present moment, aware UTC; recorded time never goes back.

        Raises:
            StoreRefused: for an act, if the clock has leapt, or is more than a day
                behind the last event, because then it is wrong.

        """
        present, highest = self._moments()
        if self.sets_time:
            return max(present, self._onward or present)
        if self.acts and not self._trusted:
            self.require_trust()
        if self.acts and present < highest - TRUSTED:
            last = f"{highest.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
            raise StoreRefused(StoreCode.CLOCK_BEHIND, last=last)
        return max(present, highest)

    def _moments(self) -> tuple[datetime, datetime]:
        """Return the present moment by the clock, and that of the last event."""
        present = self.moment or self.clock.now()
        if self._highest is None:
            self._look()
            self._highest = self._highest or present
        return present, self._highest

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

    def goes_on(self, latest: datetime) -> None:
        """Let time go on after the ``latest`` record whose time is right."""
        self._onward = latest

    def _look(self) -> None:
        """Read the moment of the last event and the active rulebook's digest."""
        steady = self.clock.steady()
        mark = "" if steady is None else mark_of(steady.boot)
        self._seen = repository.present(self.connection, mark)
        self._digest = self._seen.digest
        self._highest = self._highest or self._seen.at

    def doubt(self, *, starts: bool = False) -> Reason | None:
        """Return why the clock decides nothing now, None if it can be trusted.

        A rehearsal's clock is set by hand; nothing is asked about it. ``starts`` says
        that a service begins.
        """
        steady, present = self.clock.steady(), self.clock.now()
        if steady is None:
            return None
        if self._seen is None:
            self._look()
        seen, trust = self._seen, self.trust
        if seen is None:
            raise AssertionError
        text = seen.mark
        stored = None if text is None else Mark.from_text(steady.boot, text)
        apart = 0 if stored is None else stored.apart
        trust.mark = newest(trust.mark, stored, steady)
        reason = doubt(
            present,
            trust.bounds,
            mark=trust.mark,
            steady=steady,
            last=seen.at,
            server=seen.server,
            apart=timedelta(milliseconds=apart),
            starts=starts,
        )
        if reason is None:
            trust.mark = Mark.of(present, steady, apart)
        return reason

    def require_trust(self, *, starts: bool = False) -> None:
        """Refuse a clock that decides nothing until a person confirms the time.

        Raises:
            StoreRefused: with what the clocks show, and the way out.

        """
        reason = self.doubt(starts=starts)
        if reason is not None:
            raise StoreRefused((reason,))
        self._trusted = True

    def keep_mark(self, *, confirmed: bool = False) -> None:
        """Store what this process trusts, for others on this machine.

        A ``confirmed`` clock is trusted as it is; an untrusted one leaves its mark to
        go on as the steady clock does.
        """
        steady = self.clock.steady()
        if steady is None:
            return
        self.doubt()  # another process may have confirmed the time
        mark = self.trust.mark
        if confirmed:
            now = self.clock.now()
            server = (self._seen and self._seen.server) or now
            mark = Mark.of(now, steady, (now - server) // timedelta(milliseconds=1))
        elif mark is not None:
            mark = Mark.of(mark.expected(steady), steady, mark.apart)
        if mark is not None:
            if not confirmed or not steady.boot:  # a trial is undone
                self.trust.mark = mark
            from huimin_flow.store import jobs  # noqa: PLC0415 - a service's alone

            at = history.moment_text(mark.at)
            jobs.beat(self.connection, at, mark.text, service=mark.name)

    def rulebook_of(self, digest: str) -> Rulebook:
        """Return the rulebook of a digest, from the store.

        Raises:
            StoreRefused: if its text is missing or does not have that digest.

        """
        if digest not in self.known:
            book = self.known[digest] = repository.rulebook(self.connection, digest)
            if book.extensions:  # their reasons are said from here on
                from huimin_flow.settings.extensions import (  # noqa: PLC0415 - seldom
                    tell_known,
                )

                tell_known(book, self.extensions)
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

    def own_verdicts(
        self, *asked: Any, rulebook: str | None = None, **how: Any
    ) -> dict[str, Any]:
        """Return what an event keeps of the extensions; most rulebooks name none."""
        book = self.rulebook if rulebook is None else self.rulebook_of(rulebook)
        if not book.extensions:
            return {}
        from huimin_flow.flow.core.extending import saying  # noqa: PLC0415 - seldom

        return saying.own_verdicts(self, book, *asked, **how)

    def own_refusal(self, book: Rulebook, *asked: Any, **how: Any) -> Refused | None:
        """Return what extensions refuse a job; most rulebooks name none."""
        if not book.extensions:
            return None
        from huimin_flow.flow.core.extending import saying  # noqa: PLC0415 - seldom

        return saying.own_refusal(self, book, *asked, **how)

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
        """Return an actor with the roles entered for it; see ``as_entered``."""
        present, highest = self._moments()
        # A wrong clock is not asked about here: what sets it right is an act, too.
        now = present if present < highest - TRUSTED else max(present, highest)
        return as_entered(actor, self.rulebook.organization, local_day(now))

    def held_then(self, stream: str, person: str) -> frozenset[str] | None:
        """Return who held a post when it last acted in a stream, None if it never did.

        Under the first rulebook nobody has changed posts. Few steps ask this: their
        guard reads the stream, no other act does.
        """
        if len(self.activations) < 2:
            return None
        for event in reversed(history.events_of(self.connection, stream)):
            if person in {event.actor, event.public.get("confirmed_by")}:
                book = self.rulebook_of(event.rulebook or "")
                return holders_of(person, book.organization)
        return None

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
    machine = type(clock) in {type(None), SystemClock}
    if purpose == "rehearsal":
        return UncheckedClock() if machine or clock is None else clock
    if not machine:
        raise StoreRefused(TimeCode.CLOCK_GIVEN)
    return clock or SystemClock()


def files_beside(
    url: str, attachments: Path | None = None, key: Path | None = None
) -> dict[str, Any]:
    """Return what a door needs beside the database: attachments and keys."""
    shelf = Shelf(attachments) if attachments else shelf_beside(url)
    return {"shelf": shelf, "keyring": Keyring(file_of(url, key))}
