"""The timetable's jobs, and what people say of the time (R15).

A declaration changes no record: it says which records have a wrong time, and from
when time goes on. What they did is put right by other steps.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from huimin_flow.catalogue.reasons import Reason, StoreCode, TimeCode, reason_of
from huimin_flow.catalogue.terms import Duty, RecordStep, StreamKind
from huimin_flow.clock import shanghai
from huimin_flow.errors import InputRefused, StoreRefused
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import acting_as, keep_record
from huimin_flow.flow.core.reads import fit_limit
from huimin_flow.flow.core.work import TRUSTED, Work
from huimin_flow.model.core.clocks import ClockRecord
from huimin_flow.model.core.jobs import Failure, Run
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import accepted
from huimin_flow.model.core.values import value
from huimin_flow.store import jobs
from huimin_flow.store.core import positions, repository
from huimin_flow.store.core.history import moment_of, moment_text


@value
class ClockStatus:
    """What is known of the clock at a ``moment``, aware UTC.

    ``doubt`` says why it decides nothing, None if it is trusted. ``ahead`` are the
    records with a later time, which no declaration names: their count, the positions
    ``first`` and ``last``, and the latest time. ``spans`` are the declared spans.
    """

    moment: datetime
    doubt: Reason | None
    ahead: int
    first: int | None
    last: int | None
    latest: datetime | None
    spans: tuple[ClockRecord, ...]

    @property
    def is_behind(self) -> bool:
        """Tell whether the records are so far ahead that every act is refused."""
        return self.latest is not None and self.moment < self.latest - TRUSTED

    @property
    def obstacle(self) -> Reason | None:
        """Return why nothing is decided: a doubt, or records that are far ahead."""
        if self.doubt is None and self.is_behind and self.latest is not None:
            return reason_of(StoreCode.CLOCK_BEHIND, {"last": shanghai(self.latest)})
        return self.doubt


@value
class SpanRecord:
    """A record of a span: its ``position``, stream, step, and wrong time ``at``.

    ``settled`` says that something was recorded about the same afterwards.
    """

    position: int
    stream: str
    step: str
    at: datetime
    settled: bool


@question
def records(
    work: Work, first_record: int, last_record: int, *, limit: int = 200
) -> tuple[SpanRecord, ...]:
    """Return the records from one position to another, oldest first, at most 1000."""
    fit_limit(limit)
    last = min(last_record, first_record + limit - 1)
    return tuple(
        SpanRecord(
            position=position, stream=stream, step=step, at=moment_of(at), settled=more
        )
        for position, stream, step, at, more in positions.records_in(
            work.connection, first_record, last
        )
    )


@question
def status(work: Work) -> ClockStatus:
    """Return whether the clock is trusted, and which records are ahead of it."""
    moment = work.moment or work.clock.now()
    spans = positions.spans(work.connection)
    ahead, first, last, latest = positions.ahead(work.connection, moment, spans)
    return ClockStatus(
        moment=moment,
        doubt=work.doubt(),
        ahead=ahead,
        first=first,
        last=last,
        latest=latest,
        spans=spans,
    )


@act(Duty.CONFIRM)
def confirm(work: Work, moment: datetime, *, by: Actor = ACTING) -> ClockRecord:
    """Confirm that the machine's clock is right, by what a reliable clock shows now.

    Raises:
        InputRefused: if ``moment`` is not what the machine's clock shows.
        StepRefused: if the actor lacks the duty.
        StoreRefused: if records are so far ahead that acts would stay refused.

    """
    work.sets_time = True
    work.duty(by, Duty.CONFIRM)
    if abs(moment - work.now) > work.trust.bounds.leap:
        own = shanghai(work.now)
        raise InputRefused(TimeCode.CLOCK_DIFFERS, moment=shanghai(moment), own=own)
    known = status(work)
    if known.is_behind and known.latest is not None:
        raise StoreRefused(StoreCode.CLOCK_BEHIND, last=shanghai(known.latest))
    old = repository.find_record(work.connection, ClockRecord, StreamKind.CLOCK.key())
    new = ClockRecord(key=StreamKind.CLOCK.key(), moment=moment_text(moment))
    kept = keep_record(work, RecordStep.CONFIRM, new, old, acting_as(work, by))
    work.keep_mark(confirmed=True)
    return kept


@act(Duty.CONFIRM, two=True)
def declare(
    work: Work,
    first_record: int,
    last_record: int,
    reason: str,
    *,
    by: Actor = ACTING,
    second: Actor,
) -> ClockRecord:
    """Declare by two people that a wrong clock gave some records their time.

    They are numbered by their positions in the history. Time goes on from now, and
    the jobs among these records run again when they are due.

    Raises:
        InputRefused: if there are no such records, if they are declared already, or
            if others are still ahead of the clock.
        StepRefused: unless two people with the duty confirm it.

    """
    work.sets_time = True
    work.two_people(by, second, Duty.CONFIRM)
    latest = require_span(work, first_record, last_record)
    if latest is not None:
        work.goes_on(latest)
    old = repository.find_record(work.connection, ClockRecord, StreamKind.CLOCK.key())
    new = ClockRecord(
        key=StreamKind.CLOCK.key(),
        moment=moment_text(work.now),
        reason=accepted(reason, "reason"),
        first=first_record,
        last=last_record,
    )
    acting = acting_as(work, by, second)
    kept = keep_record(work, RecordStep.DECLARE, new, old, acting)
    work.keep_mark(confirmed=True)
    return kept


def require_span(work: Work, first: int, last: int) -> datetime | None:
    """Refuse records that can't be declared; return the latest time of all others.

    Raises:
        InputRefused: if there are no such records, if they are declared already, or
            if others are still ahead of the clock.

    """
    head = positions.known(work.connection) if work.acts else work.head
    if not 1 <= first <= last <= head:
        raise InputRefused(TimeCode.SPAN_UNKNOWN, first=first, last=last, head=head)
    spans = positions.spans(work.connection)
    for span in spans:
        if first <= span.last and span.first <= last:
            code = TimeCode.SPAN_DECLARED
            raise InputRefused(code, first=span.first, last=span.last)
    present = work.clock.now()
    declared = (*spans, ClockRecord(key="", moment="", first=first, last=last))
    _, left, _, latest = positions.ahead(work.connection, present, declared)
    if latest is not None and present < latest - TRUSTED:
        raise InputRefused(TimeCode.SPAN_SHORT, record=left, latest=shanghai(latest))
    return latest


@question
def runs(work: Work) -> list[Run]:
    """Return the ledger of jobs, in the order of due moments."""
    return jobs.runs(work.connection)


@question
def wrong_runs(work: Work) -> list[tuple[str, str]]:
    """Return each (job, period) that only a wrong clock did; it is due again."""
    return sorted(jobs.wrong_runs(work.connection))


@question
def failures(work: Work) -> list[Failure]:
    """Return the failures of jobs that are not done yet, oldest due first."""
    return jobs.failures(work.connection)


@question
def heartbeat(work: Work) -> datetime | None:
    """Return when the timetable was last looked at, aware UTC, or None."""
    looked = jobs.heartbeat(work.connection)
    return None if looked is None else moment_of(looked)


@question
def acted_since(work: Work, since: datetime) -> bool:
    """Tell whether anyone except the timetable recorded anything after a moment."""
    return positions.acted_after(work.connection, since)


@question
def activations(work: Work) -> list[tuple[datetime, str]]:
    """Return the moment of each activation and the rulebook's digest, in order."""
    return positions.activations(work.connection)


#: How long a call may have waited since its moment, on a production database.
_SLACK = timedelta(minutes=1)


def fit_moment(now: datetime, own: datetime, *, rehearsal: bool) -> datetime:
    """Return a rehearsal's ``now``, or the machine's ``own`` moment if both agree."""
    if now.tzinfo is None:
        raise InputRefused(TimeCode.MOMENT_WITHOUT_ZONE, moment=now.isoformat())
    if rehearsal:
        return now.astimezone(UTC)
    if abs(now - own) > _SLACK:
        raise InputRefused(
            TimeCode.MOMENT_NOT_OWN, moment=now.isoformat(), own=own.isoformat()
        )
    return own
