"""Class Flow: the engine's public door, five stages behind one way.

Every act takes ``by``, an ``Actor``, and returns frozen values. What may not
happen is refused with a typed error, and then nothing has changed. Questions may
be asked of a ``Flow`` one by one, or of one moment: ``with flow.snapshot() as now:``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from huimin_flow.flow.methods import Rooms, act, question

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from huimin_flow.clock import Clock
    from huimin_flow.errors import StepRefused
    from huimin_flow.flow import (
        assessing,
        deciding,
        evidence,
        executing,
        focusing,
        follow_up,
        founding,
        hearing,
        identity,
        improving,
        intake,
        listing,
        owed,
        progress,
        promptness,
        proposals,
        published,
        rating,
        reads,
        regrouping,
        scoring,
        sensing,
        standings,
        two_people,
        waits,
    )
    from huimin_flow.flow.door import Door
    from huimin_flow.model.rulebook import Rulebook
else:
    assessing = Rooms("assessing")
    deciding = Rooms("deciding")
    evidence = Rooms("evidence")
    executing = Rooms("executing")
    focusing = Rooms("focusing")
    follow_up = Rooms("follow_up")
    founding = Rooms("founding")
    hearing = Rooms("hearing")
    identity = Rooms("identity")
    improving = Rooms("improving")
    intake = Rooms("intake")
    listing = Rooms("listing")
    owed = Rooms("owed")
    progress = Rooms("progress")
    promptness = Rooms("promptness")
    proposals = Rooms("proposals")
    published = Rooms("published")
    rating = Rooms("rating")
    reads = Rooms("reads")
    regrouping = Rooms("regrouping")
    scoring = Rooms("scoring")
    sensing = Rooms("sensing")
    standings = Rooms("standings")
    two_people = Rooms("two_people")
    waits = Rooms("waits")


class Questions:
    """What may be asked: it takes no lock and changes nothing."""

    def __init__(self, door: Door) -> None:
        """Use ``Flow.open``, ``Flow.bind`` or ``Flow.snapshot`` instead."""
        self._door = door

    # what is there
    item = question(reads.item)
    items = question(reads.items)
    numbered = question(reads.numbered)
    links = question(reads.links)
    tally = question(reads.tally)
    events = question(reads.events)
    last_recorded = question(reads.last_recorded)
    attachments = question(reads.attachments)
    attached = question(reads.attached)
    trail = question(hearing.trail)
    appeals = question(hearing.appeals)
    # lists
    editions = question(reads.editions)
    edition = question(waits.list_of)
    preview = question(listing.preview)
    # progress and results
    progress_sheet = question(progress.progress_sheet)
    progress_owing = question(progress.progress_owing)
    progress_calls = question(reads.progress_calls)
    fulfilments = question(improving.fulfilments)
    # ratings of services
    bad_ratings = question(owed.bad_ratings)
    callback_rate = question(owed.callback_rate)
    answer_rate = question(promptness.answer_rate)
    follow_ups_by_unit = question(promptness.follow_ups_by_unit)
    service_year = question(promptness.service_year)
    month_of_units = question(rating.month_of_units)
    ratings_by = question(rating.ratings_by)
    coverage = question(rating.coverage)
    savings = question(rating.savings)
    service_items = question(rating.service_items)
    # scores
    monthly_score = question(scoring.monthly_score)
    score_if_any = question(scoring.month_if_any)
    explain = question(scoring.explain)
    late_facts = question(scoring.late_facts)
    monthly_colors = question(standings.monthly_colors)
    quarterly_ranking = question(standings.quarterly_ranking)
    scores_of_colors = question(standings.scores_of_colors)
    published_editions = question(published.editions)
    # the rulebook, who acts, what waits for a second person
    rulebook = question(reads.rulebook)
    actor = question(reads.actor)
    unit = question(identity.unit)
    identify = question(identity.identify)
    waiting_proposals = question(proposals.waiting)
    proposal = question(proposals.shown)
    rules_diff = question(two_people.rules_diff)

    @property
    def rehearsal(self) -> bool:
        """Tell whether this is a rehearsal's database, marked so for ever."""
        return self._door.purpose == "rehearsal"

    def moment(self, now: datetime | None = None) -> datetime:
        """Return the present moment by this door's own clock, aware UTC.

        A snapshot's is the one at which it began. A rehearsal takes the moment
        ``now`` instead. A production database takes no time but the machine's:
        there ``now`` is only held against its clock.

        Raises:
            InputRefused: for a moment without a zone, and on a production
                database for one more than a minute away from its own clock's.

        """
        return self._door.moment(now)


class Snapshot(Questions):
    """The database as it was at one moment: every answer is of the same state."""


class Flow(Questions):
    """The workflow on one database: every step of an item's life, as methods."""

    # sensing
    collect = act(sensing.collect)
    add_appeal = act(intake.add_appeal)
    add_appeals = act(intake.add_appeals)
    link = act(intake.link)
    screen = act(sensing.screen)
    merge = act(regrouping.merge)
    unmerge = act(regrouping.unmerge)
    split = act(regrouping.split)
    # focusing
    deliberate = act(focusing.deliberate)
    judge = act(focusing.judge)
    star = act(focusing.star)
    set_aside = act(focusing.set_aside)
    revive = act(focusing.revive)
    # deciding
    supplement = act(deciding.supplement)
    confirm = act(deciding.confirm)
    publish = act(deciding.publish)
    assess = act(assessing.assess)
    submit_assessment = act(assessing.submit_assessment)
    settle_assessment = act(assessing.settle_assessment)
    cancel = act(deciding.cancel)
    carry_over = act(deciding.continued)
    respond = act(deciding.respond)
    enter_opening = act(listing.enter_opening)
    # executing
    assign = act(executing.assign)
    report_progress = act(progress.report_progress)
    excuse = act(executing.excuse)
    execute = act(executing.execute)
    attach = act(evidence.attach)
    # improving
    evaluate = act(improving.evaluate)
    rework = act(improving.rework)
    adjust = act(improving.adjust)
    amend = act(improving.amend)
    close_item = act(improving.close)
    # ratings of services
    add_ratings = act(rating.add_ratings)
    answer_rating = act(follow_up.answer_rating)
    verify_answer = act(follow_up.verify_answer)
    appeal_rating = act(follow_up.appeal_rating)
    settle_appeal = act(follow_up.settle_appeal)
    # scores
    correct_score = act(scoring.correct_score)
    correct_standings = act(standings.correct_standings)
    correct = act(standings.correct)
    # the rulebook, and two people at two desks
    activate = act(founding.activate)
    propose = act(proposals.propose)
    propose_rulebook = act(proposals.propose_rulebook)
    approve = act(proposals.approve)
    withdraw = act(proposals.withdraw)

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
        from huimin_flow.flow.door import Door  # noqa: PLC0415 - brings the database

        return cls(Door.found(url, book, rehearsal=rehearsal, clock=clock))

    @classmethod
    def open(
        cls,
        url: str,
        *,
        clock: Clock | None = None,
        attachments: Path | None = None,
        read_only: bool = False,
    ) -> Self:
        """Open an existing database.

        ``attachments`` is the folder of attached files; an SQLite file has one
        beside it. With ``read_only`` the database itself refuses every change.

        Raises:
            StoreRefused: if it isn't ours, or a production database is asked
                to accept a given time.

        """
        from huimin_flow.flow.door import Door  # noqa: PLC0415 - brings the database

        return cls(
            Door.open(url, clock=clock, attachments=attachments, read_only=read_only)
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
        from huimin_flow.flow.door import Door  # noqa: PLC0415 - brings the database

        return cls(Door.bind(connection, clock=clock, attachments=attachments))

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Give the questions of one moment: one transaction, which only reads.

        What is recorded meanwhile is not seen. Keep it short: on SQLite a commit
        waits for its end. In a bound Flow it is the host's own transaction.
        """
        with self._door.snapshot() as door:
            yield Snapshot(door)

    @contextmanager
    def whole(self) -> Iterator[Self]:
        """Give a Flow whose acts are one transaction: all of them, or none."""
        with self._door.whole() as door:
            yield type(self)(door)

    def once(self, request: str) -> Self:
        """Return a Flow for one act under an idempotency key.

        A retry with the same key and the same act gets the first answer.

        Raises:
            InputRefused: for a key other than 1-200 printable ASCII characters.

        """
        return type(self)(self._door.once(request))

    def settle(self) -> None:
        """Give positions to what a host has committed through ``bind``.

        PostgreSQL alone needs it. It is done when the host's connection goes back to
        its pool, and by every act of an open Flow; call it where neither happens.
        """
        self._door.settle()

    def keep(self, refusal: StepRefused) -> None:
        """Record a refusal that a bound Flow raised, unless the log has it.

        It is recorded by itself once the host's connection goes back to its pool or
        begins another transaction. Call this, on an open Flow, for a connection that
        does neither: one that was detached, that broke, or that another framework
        manages.
        """
        self._door.keep(refusal)

    def close(self) -> None:
        """Give back what ``open`` took; a bound Flow has nothing to give back."""
        self._door.close()

    def __enter__(self) -> Self:
        """Return the Flow itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()
