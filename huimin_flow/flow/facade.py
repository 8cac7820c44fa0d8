"""Class Flow: the public API of the engine, with the acts of all five stages.

Every act takes ``by``, an ``Actor``, and returns frozen values. An act that is not
allowed raises a typed error and changes nothing. Call a question on a ``Flow``, or
several questions on one moment: ``with flow.snapshot() as now:``.
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
    from huimin_flow.flow import proposals, two_people
    from huimin_flow.flow.core import reads
    from huimin_flow.flow.core import rulebook as core_rulebook
    from huimin_flow.flow.core.door import Door
    from huimin_flow.flow.deciding import assessments, judgment, lists
    from huimin_flow.flow.deciding import editions as deciding_editions
    from huimin_flow.flow.executing import attachments as executing_attachments
    from huimin_flow.flow.executing import plans, progress
    from huimin_flow.flow.improving import evaluation
    from huimin_flow.flow.scoring import charts, published, scores
    from huimin_flow.flow.sensing import appeals as sensing_appeals
    from huimin_flow.flow.sensing import items as sensing_items
    from huimin_flow.flow.services import deadlines, follow_ups, ratings
    from huimin_flow.model.rulebook import Rulebook
else:
    assessments = Rooms("deciding.assessments")
    charts = Rooms("scoring.charts")
    core_rulebook = Rooms("core.rulebook")
    deadlines = Rooms("services.deadlines")
    deciding_editions = Rooms("deciding.editions")
    evaluation = Rooms("improving.evaluation")
    executing_attachments = Rooms("executing.attachments")
    follow_ups = Rooms("services.follow_ups")
    judgment = Rooms("deciding.judgment")
    lists = Rooms("deciding.lists")
    plans = Rooms("executing.plans")
    progress = Rooms("executing.progress")
    proposals = Rooms("proposals")
    published = Rooms("scoring.published")
    ratings = Rooms("services.ratings")
    reads = Rooms("core.reads")
    scores = Rooms("scoring.scores")
    sensing_appeals = Rooms("sensing.appeals")
    sensing_items = Rooms("sensing.items")
    two_people = Rooms("two_people")


class Questions:
    """The questions: methods that read. They take no lock and change nothing."""

    def __init__(self, door: Door) -> None:
        """Use ``Flow.open``, ``Flow.bind`` or ``Flow.snapshot`` instead."""
        self._door = door

    # items and their records
    item = question(reads.item)
    items = question(reads.items)
    numbered = question(reads.numbered)
    links = question(reads.links)
    tally = question(reads.tally)
    events = question(reads.events)
    last_recorded = question(reads.last_recorded)
    attachments = question(reads.attachments)
    attached = question(reads.attached)
    trail = question(sensing_appeals.trail)
    appeals = question(sensing_appeals.appeals)
    # lists
    editions = question(reads.editions)
    edition = question(lists.list_of)
    preview = question(lists.preview)
    # progress and results
    progress_sheet = question(progress.progress_sheet)
    progress_owing = question(progress.progress_owing)
    progress_calls = question(reads.progress_calls)
    fulfilments = question(evaluation.fulfilments)
    # ratings of services
    bad_ratings = question(deadlines.bad_ratings)
    callback_rate = question(deadlines.callback_rate)
    answer_rate = question(deadlines.answer_rate)
    follow_ups_by_unit = question(deadlines.follow_ups_by_unit)
    service_year = question(deadlines.service_year)
    month_of_units = question(ratings.month_of_units)
    ratings_by = question(ratings.ratings_by)
    coverage = question(ratings.coverage)
    savings = question(ratings.savings)
    service_items = question(ratings.service_items)
    # scores
    monthly_score = question(scores.monthly_score)
    score_if_any = question(scores.month_if_any)
    explain = question(scores.explain)
    late_facts = question(scores.late_facts)
    monthly_colors = question(charts.monthly_colors)
    quarterly_ranking = question(charts.quarterly_ranking)
    scores_of_colors = question(charts.scores_of_colors)
    published_editions = question(published.editions)
    # the rulebook, the actors, the proposals that wait for a second person
    rulebook = question(reads.rulebook)
    actor = question(reads.actor)
    unit = question(reads.unit)
    identify = question(reads.identify)
    waiting_proposals = question(proposals.waiting)
    proposal = question(proposals.shown)
    rules_diff = question(two_people.rules_diff)

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


class Snapshot(Questions):
    """The database at one moment: every answer comes from the same state."""


class Flow(Questions):
    """The workflow on one database: every step of an item's life is a method."""

    # sensing
    collect = act(sensing_items.collect)
    add_appeal = act(sensing_appeals.add_appeal)
    add_appeals = act(sensing_appeals.add_appeals)
    link = act(sensing_appeals.link)
    screen = act(sensing_items.screen)
    merge = act(sensing_items.merge)
    unmerge = act(sensing_items.unmerge)
    split = act(sensing_items.split)
    # focusing
    deliberate = act(judgment.deliberate)
    judge = act(judgment.judge)
    star = act(judgment.star)
    set_aside = act(judgment.set_aside)
    revive = act(judgment.revive)
    # deciding
    supplement = act(deciding_editions.supplement)
    confirm = act(deciding_editions.confirm)
    publish = act(deciding_editions.publish)
    assess = act(assessments.assess)
    submit_assessment = act(assessments.submit_assessment)
    settle_assessment = act(assessments.settle_assessment)
    cancel = act(deciding_editions.cancel)
    carry_over = act(deciding_editions.continued)
    respond = act(deciding_editions.respond)
    enter_opening = act(lists.enter_opening)
    # executing
    assign = act(plans.assign)
    report_progress = act(progress.report_progress)
    excuse = act(plans.excuse)
    execute = act(plans.execute)
    attach = act(executing_attachments.attach)
    # improving
    evaluate = act(evaluation.evaluate)
    rework = act(evaluation.rework)
    adjust = act(evaluation.adjust)
    amend = act(evaluation.amend)
    close_item = act(evaluation.close)
    # ratings of services
    add_ratings = act(ratings.add_ratings)
    answer_rating = act(follow_ups.answer_rating)
    verify_answer = act(follow_ups.verify_answer)
    object_to_rating = act(follow_ups.object_to_rating)
    settle_objection = act(follow_ups.settle_objection)
    # scores
    correct = act(charts.correct)
    # the rulebook, and acts of two people at two desks
    activate = act(core_rulebook.activate)
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
        """Create the tables at ``url`` if they are missing, and open the database.

        A new database activates ``book``; an existing one keeps its rulebook.

        Raises:
            StoreRefused: if the database is newer or has another purpose, or if
                ``clock`` is not the system clock on a production database.

        """
        from huimin_flow.flow.core.door import Door  # noqa: PLC0415 - brings the database

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

        ``attachments`` is the folder of attached files; the default of an SQLite
        file is a folder beside it. With ``read_only`` the database itself refuses
        every change.

        Raises:
            StoreRefused: if it is not a database of huimin_flow, or if ``clock``
                is not the system clock on a production database.

        """
        from huimin_flow.flow.core.door import Door  # noqa: PLC0415 - brings the database

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
        """Join a host's transaction; this Flow never commits.

        Raises:
            StoreRefused: if it is not a database of huimin_flow, if the connection
                is on autocommit, or if ``clock`` is not the system clock on a
                production database.

        """
        from huimin_flow.flow.core.door import Door  # noqa: PLC0415 - brings the database

        return cls(Door.bind(connection, clock=clock, attachments=attachments))

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
        """Close the connections of ``open``; a bound Flow has none of its own."""
        self._door.close()

    def __enter__(self) -> Self:
        """Return the Flow itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the Flow."""
        self.close()
