"""Class Flow: the public API of the engine, with the acts of all five stages.

Every act takes ``by``, an ``Actor``, and returns frozen values. An act that is not
allowed raises a typed error and changes nothing. Call a question on a ``Flow``, or
several questions on one moment: ``with flow.snapshot() as now:``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from huimin_flow.flow import facets, system_facets
from huimin_flow.flow.methods import Noun

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from huimin_flow.clock import Clock
    from huimin_flow.errors import StepRefused
    from huimin_flow.flow.core.door import Door
    from huimin_flow.model.core.events import Event
    from huimin_flow.model.core.organization import Actor
    from huimin_flow.model.executing.feeds import Pull
    from huimin_flow.model.extensions import Extension
    from huimin_flow.model.items import Todo
    from huimin_flow.model.rulebook import Rulebook


class Questions:
    """The questions: methods that read. They take no lock and change nothing."""

    def __init__(self, door: Door) -> None:
        """Use ``Flow.open``, ``Flow.bind`` or ``Flow.snapshot`` instead."""
        self._door = door

    items = Noun(facets.ItemQuestions)
    appeals = Noun(facets.AppealQuestions)
    gathering = Noun(facets.GatheringQuestions)
    screening = Noun(facets.ScreeningQuestions)
    answers = Noun(facets.AnswerQuestions)
    points = Noun(facets.PointQuestions)
    policies = Noun(facets.PolicyQuestions)
    measures = Noun(facets.MeasureQuestions)
    meetings = Noun(facets.MeetingQuestions)
    resources = Noun(facets.ResourceQuestions)
    assessments = Noun(facets.AssessmentQuestions)
    advice = Noun(facets.AdviceQuestions)
    feeds = Noun(facets.FeedQuestions)
    surveys = Noun(facets.SurveyQuestions)
    engagements = Noun(facets.EngagementQuestions)
    forecasts = Noun(facets.Forecasts)
    orders = Noun(facets.OrderQuestions)
    boards = Noun(facets.BoardQuestions)
    spot_checks = Noun(facets.SpotCheckQuestions)
    rectifications = Noun(facets.RectificationQuestions)
    practices = Noun(facets.PracticeQuestions)
    replications = Noun(facets.ReplicationQuestions)
    reviews = Noun(facets.ReviewQuestions)
    burden = Noun(facets.Burden)
    decisions = Noun(facets.DecisionQuestions)
    digests = Noun(facets.DigestQuestions)
    third_parties = Noun(facets.ThirdPartyQuestions)
    lists = Noun(facets.ListQuestions)
    ledgers = Noun(facets.LedgerQuestions)
    tasks = Noun(facets.TaskQuestions)
    ratings = Noun(facets.RatingQuestions)
    scores = Noun(facets.ScoreQuestions)
    proposals = Noun(system_facets.ProposalQuestions)
    people = Noun(system_facets.People)
    rulebook = Noun(system_facets.RulebookQuestions)
    clock = Noun(system_facets.ClockQuestions)
    changes = Noun(system_facets.ChangeQuestions)
    deliveries = Noun(system_facets.DeliveryQuestions)
    records = Noun(system_facets.Records)
    timetable = Noun(system_facets.Timetable)
    fields = Noun(system_facets.Fields)

    @property
    def rehearsal(self) -> bool:
        """Return whether the database is a rehearsal; this never changes."""
        return self._door.purpose == "rehearsal"

    def moment(self, now: datetime | None = None) -> datetime:
        """Return the present moment by the clock of this Flow, aware UTC.

        A snapshot returns the moment of its start. A rehearsal returns ``now`` if
        it is passed. A production database always returns the machine's time: it
        only compares ``now`` with its clock.

        Raises:
            InputRefused: for a moment without a zone; on a production database
                also for a moment that differs from its clock by over a minute.

        """
        return self._door.moment(now)

    def todo(self, by: Actor | None = None) -> tuple[Todo, ...]:
        """Return what waits for an actor, or for whom ``acting`` has named.

        ``people.todo`` says more.
        """
        return self.people.todo() if by is None else self.people.todo(by)


class Snapshot(Questions):
    """The database at one moment: every answer comes from the same state."""


class Flow(Questions):
    """The workflow on one database: every step of an item's life is a method."""

    items = Noun(facets.Items)
    appeals = Noun(facets.Appeals)
    gathering = Noun(facets.Gatherings)
    screening = Noun(facets.Screening)
    answers = Noun(facets.Answers)
    points = Noun(facets.Points)
    policies = Noun(facets.Policies)
    measures = Noun(facets.Measures)
    meetings = Noun(facets.Meetings)
    resources = Noun(facets.ResourceActs)
    assessments = Noun(facets.Assessments)
    advice = Noun(facets.Advices)
    orders = Noun(facets.Orders)
    rectifications = Noun(facets.Rectifications)
    practices = Noun(facets.Practices)
    replications = Noun(facets.Replications)
    reviews = Noun(facets.Reviews)
    decisions = Noun(facets.Decisions)
    digests = Noun(facets.Digests)
    feeds = Noun(facets.Feeds)
    boards = Noun(facets.Boards)
    spot_checks = Noun(facets.SpotChecks)
    surveys = Noun(facets.Surveys)
    engagements = Noun(facets.Engagements)
    third_parties = Noun(facets.ThirdParties)
    lists = Noun(facets.Lists)
    ledgers = Noun(facets.Ledgers)
    tasks = Noun(facets.Tasks)
    ratings = Noun(facets.Ratings)
    scores = Noun(facets.Scores)
    proposals = Noun(system_facets.Proposals)
    rulebook = Noun(system_facets.Rulebooks)
    bulk = Noun(system_facets.Bulk)
    clock = Noun(system_facets.Clocks)
    changes = Noun(system_facets.Changes)
    deliveries = Noun(system_facets.Deliveries)

    @classmethod
    def found(
        cls,
        url: str,
        book: Rulebook,
        *,
        rehearsal: bool = False,
        clock: Clock | None = None,
        key: Path | None = None,
        extensions: Sequence[Extension] = (),
    ) -> Self:
        """Create the tables at ``url`` if they are missing, and open the database.

        A new database activates ``book``; an existing one keeps its rulebook. ``key``
        is as in ``open``; a missing file is made. ``extensions`` are as in ``open``.

        Raises:
            InputRefused: as in ``open``; for a section of a new database's ``book``
                that one of the ``extensions`` doesn't accept, or none of them has.
            StoreRefused: if the database is newer or has another purpose, if ``clock``
                is not the system clock on a production database, or if the address
                is that of a service.

        """
        if str(url).startswith("unix:"):
            from huimin_flow.flow.remote import RemoteDoor  # noqa: PLC0415 - seldom

            RemoteDoor.found(url, book, rehearsal=rehearsal, clock=clock)
        from huimin_flow.flow.core.door import Door  # noqa: PLC0415 - brings the database

        own = _given(extensions)
        more: Any = {"clock": clock, "key": key, "extensions": own}
        return cls(Door.found(url, book, rehearsal=rehearsal, **more))

    @classmethod
    def open(
        cls,
        url: str = "",
        *,
        engine: Engine | None = None,
        clock: Clock | None = None,
        attachments: Path | None = None,
        read_only: bool = False,
        key: Path | None = None,
        pulls: Mapping[str, Pull] | None = None,
        extensions: Sequence[Extension] = (),
        schema: str | None = None,
    ) -> Self:
        """Open an existing database, or the way to the service that has it.

        The address of a service names its socket: ``unix:/run/huimin/desk.sock``. It
        knows the account that calls, and has the attachments itself. Of a database
        ``attachments`` is the folder of attached files; the default of an SQLite file
        is a folder beside it. With ``read_only`` the database itself refuses every
        change. ``key`` is the file with the master key of personal data; the default
        is that of HUIMIN_KEY, or the file ``.key`` beside an SQLite file. ``pulls``
        are functions by the keys of feeds: the timetable calls each with the feed and
        the month, and keeps the figures that it returns. ``extensions`` are the host's
        own; an installed package brings others by an entry point of the group
        ``huimin_flow.extensions``. One is in force only if the active rulebook names
        it. A service has those that are installed where it runs.

        Instead of an address a host may give its own ``engine``: the connections come
        from its pool, each is given back as it was, and ``close`` leaves the engine
        alone. ``schema`` is then where our tables are on PostgreSQL.

        Raises:
            InputRefused: for ``pulls`` or ``extensions`` with the address of a
                service, for two extensions with one name, for both or neither of an
                address and an engine, and for an ``engine`` that is none or is
                asynchronous; it says what to pass.
            StoreRefused: if it is not a database of huimin_flow, if no service
                answers, or if ``clock`` is not the system clock on a production
                database.

        """
        if str(url).startswith("unix:") and engine is None:
            from huimin_flow.flow.remote import RemoteDoor  # noqa: PLC0415 - seldom

            if pulls or extensions:
                from huimin_flow.catalogue.reasons import (  # noqa: PLC0415 - as above
                    ExtensionCode,
                    FeedCode,
                )
                from huimin_flow.errors import InputRefused  # noqa: PLC0415 - as above

                code = FeedCode.PULLS_AT_HOME if pulls else ExtensionCode.AT_HOME
                raise InputRefused(code)
            return cls(RemoteDoor.to(cls, url, clock=clock, read_only=read_only))
        from huimin_flow.flow.core.door import Door  # noqa: PLC0415 - brings the database

        more: dict[str, Any] = {"attachments": attachments, "key": key}
        own = _given(extensions)
        if engine is not None or schema is not None or not url:
            from huimin_flow.store.core.hosts.given import only_one  # noqa: PLC0415

            more |= {"host": only_one(url, engine), "placement": schema}
        door = Door.open(url, clock=clock, read_only=read_only, **more)
        door.pulls, door.extensions = dict(pulls or {}), own
        return cls(door)

    @classmethod
    def bind(
        cls,
        connection: Connection,
        *,
        clock: Clock | None = None,
        attachments: Path | None = None,
        key: Path | None = None,
        schema: str | None = None,
        extensions: Sequence[Extension] = (),
    ) -> Self:
        """Join a host's transaction; this Flow never commits.

        ``attachments``, ``key`` and ``extensions`` are as in ``open``. ``schema`` is
        where our tables are on PostgreSQL if the connection's search_path doesn't lead
        there; outside of our acts and questions the search_path stays the host's. An
        act waits for a lock as long as the host's ``lock_timeout`` says, at most 20 s
        without one.

        Raises:
            InputRefused: for two extensions with one name, and for what is no
                connection of SQLAlchemy (a Session, an engine, an asynchronous
                connection); it says what to pass.
            StoreRefused: if it is not a database of huimin_flow, if the connection
                is on autocommit or closed, if its transaction has ended or failed, or
                if ``clock`` is not the system clock on a production database.

        """
        from huimin_flow.flow.core.door import Door  # noqa: PLC0415 - brings the database

        more: dict[str, Any] = {"attachments": attachments, "key": key}
        own = _given(extensions)
        door = Door.bind(connection, clock=clock, placement=schema, **more)
        door.extensions = own
        return cls(door)

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Yield the questions on one moment, in one transaction that only reads.

        They do not see what is recorded meanwhile. Keep it short: on SQLite a commit
        waits for its end. A bound Flow uses the host's transaction.
        """
        with self._door.snapshot() as door:
            yield Snapshot(door)

    @contextmanager
    def whole(self) -> Iterator[Self]:
        """Yield a Flow whose acts are one transaction: all are recorded, or none."""
        with self._door.whole() as door:
            yield type(self)(door)

    @contextmanager
    def dry(self) -> Iterator[Trial]:
        """Yield a Flow whose acts are done completely, and undone at the end.

        Its questions see what its acts have done, so several acts can be tried one
        after the other. No row, file or refusal remains. SQLite uses up no number; on
        PostgreSQL the numbers of items, meetings, proposals and batches get a gap, as
        after every rollback, but positions never do. The first act takes the write
        lock until the end (a snapshot that reads can't write): keep it short.

        ``with flow.dry() as dry: dry.items.close(number, by=clerk).state``
        """
        with self._door.tried() as door:
            yield Trial(door)

    @contextmanager
    def acting(self, by: Actor, *, request: str | None = None) -> Iterator[Self]:
        """Yield a Flow whose acts are done by ``by``, unless they name another actor.

        Its questions about an actor (``todo``, ``items.possible``) are about ``by``.
        ``request`` is the idempotency key of the first act; the next have it with
        their number, ``key/2``. So a retry of all of them does each one once.

        Raises:
            InputRefused: for what is no actor, and for a key other than 1-200 printable
                ASCII characters.

        """
        yield type(self)(self._door.acting(by, request))

    def once(self, request: str) -> Self:
        """Return a Flow for one act under an idempotency key.

        A retry with the same key and the same act returns the first answer.

        Raises:
            InputRefused: for a key other than 1-200 printable ASCII characters.

        """
        return type(self)(self._door.once(request))

    def settle(self) -> None:
        """Number the events that a host has committed through ``bind``.

        Only PostgreSQL needs it. It happens when the host's connection returns to
        its pool, and at every act of an open Flow; call it where neither happens.
        """
        self._door.settle()

    def keep(self, refusal: StepRefused) -> None:
        """Record a refusal that a bound Flow raised, unless the log has it.

        It is recorded automatically once the host's connection returns to its pool
        or begins another transaction. Call this on an open Flow for a connection
        that does neither: it was detached, it broke, or another framework manages it.
        """
        self._door.keep(refusal)

    def close(self) -> None:
        """Close the connections of ``open``; later acts and questions are refused.

        A bound Flow has none of its own.
        """
        self._door.close()

    def __enter__(self) -> Self:
        """Return the Flow itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the Flow."""
        self.close()


def _given(extensions: Sequence[Extension]) -> tuple[Extension, ...]:
    """Return the host's extensions, checked; who has none loads nothing for them."""
    if not extensions:
        return ()
    from huimin_flow.settings.extensions import given  # noqa: PLC0415 - seldom

    return given(extensions)


class Trial(Flow):
    """The Flow of ``Flow.dry``: acts that leave nothing."""

    def events(self) -> tuple[Event, ...]:
        """Return what its acts have recorded so far, in order.

        An event has the step, the target state, the version as ``n`` and the verdict.
        """
        attempt = self._door.attempt
        return () if attempt is None else tuple(attempt.events)
