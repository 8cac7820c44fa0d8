"""The ledger: each (job, period) is done once, in one transaction with its effects.

A failure is kept beside the ledger until the period is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from huimin_flow.catalogue.reasons import (
    DoorCode,
    Reasons,
    StoreCode,
    TimeCode,
    reason_of,
)
from huimin_flow.catalogue.terms import Duty, RecordStep, Role, StreamKind, Via
from huimin_flow.clock import local_day
from huimin_flow.errors import (
    CalendarMissing,
    HuiminError,
    StepRefused,
    StoreBusy,
    StoreRefused,
)
from huimin_flow.flow import Flow, Questions
from huimin_flow.flow.core.advance import acting_as, permitted, record
from huimin_flow.flow.core.door import Door, door_of
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.canonical import canonical
from huimin_flow.model.core.jobs import Failure, Retry, Run
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.values import to_plain, value
from huimin_flow.rules.core.due import (
    CUT_WAIT,
    Activation,
    Due,
    Key,
    Outlook,
    agenda,
    first_ready,
    later,
    outlook,
    passed_over,
    was_over,
)
from huimin_flow.rules.results import refused_of, result_of
from huimin_flow.states.authority import may_do
from huimin_flow.store import jobs
from huimin_flow.store.core import engine, history, logs, positions, repository
from huimin_flow.timetable.effects import EFFECTS, Cut
from huimin_flow.timetable.pulls import pulled

#: The post of the unattended service.
SCHEDULER = Actor(
    id="scheduler", unit="", roles=frozenset({Role.SCHEDULER}), via=Via.SERVICE
)

#: A period that another one reads falls due at most this long after it.
_SOON = timedelta(days=100)


@value
class Failed:
    """A due job that failed, and its error."""

    due: Due
    error: Exception


@value
class TickResult:
    """The result of one tick of the timetable: what ran, what failed, what waits.

    ``held`` waits for another period, or for transactions that are older than its
    cut. ``resting`` has failed before and waits for its next attempt. ``missing``
    names a year without calendar in which something is due.
    """

    ran: tuple[Run, ...]
    failed: tuple[Failed, ...] = ()
    held: tuple[Due, ...] = ()
    resting: tuple[Due, ...] = ()
    missing: CalendarMissing | None = None


def tick(flow: Flow, now: datetime | None = None) -> list[Run]:
    """Do everything that is due and not done, as ``run_due`` does; return what ran.

    Raises:
        InputRefused: for a moment that ``flow`` doesn't accept, as in ``run_due``.
        Exception: the first failure, after all other jobs are done.
        CalendarMissing: after all other jobs are done, naming the year.

    """
    result = run_due(flow, now)
    if result.failed:
        raise result.failed[0].error
    if result.missing is not None:
        raise result.missing
    return list(result.ran)


def require_duty(flow: Flow, account: str, service: str | None) -> None:
    """Refuse an account that may not run the timetable; the log keeps the refusal.

    The ``service`` account may, everybody in a rehearsal, and an account with a post
    that has the duty for the whole city.

    Raises:
        StepRefused: for any other account.

    """
    if not flow.rehearsal and account != service:
        door_of(flow).perform(run_timetable, account)


def run_timetable(work: Work, account: str) -> None:
    """Refuse an account without a post that may run the timetable.

    Raises:
        StepRefused: for such an account.

    """
    organization = work.rulebook.organization
    posts = [post.id for post in organization.people if account in post.accounts]
    duty, day = Duty.TIMETABLE, work.today
    actors = [organization.actor(post, Via.FILE, day) for post in posts]
    if not any(
        actor and not may_do(actor, duty, organization, unit=None, day=day)
        for actor in actors
    ):
        raise StepRefused(DoorCode.SERVICE_WITHOUT_DUTY, account=account, duty=duty)


def run_due(
    flow: Flow, now: datetime | None = None, retry: Retry | None = None
) -> TickResult:
    """Do everything that is due and not done, oldest first, each job on its own.

    The clock of ``flow`` decides what is due; a rehearsal accepts any ``now``. Each
    period is done once, even if this runs twice, late or in several processes. A
    failure is kept and tried again at the next call, or as ``retry`` says; only
    jobs that read its result wait for it. If another process holds the database too
    long, the next call does the other jobs. A year without its calendar holds back
    only what is due in it.

    Raises:
        InputRefused: for a moment without a zone; on a production database also
            for a moment that differs from its clock by over a minute.
        StoreRefused: if the clock has leapt, or has to be confirmed: no job runs.
        StoreBusy: if another process holds the database, so that not even the
            failure can be kept; the next call continues.

    """
    now, door = flow.moment(now), door_of(flow)
    doubt = door.ask(lambda work: work.doubt(starts=door.trust.mark is None))
    if doubt is not None:
        door.perform(Work.keep_mark)
        raise StoreRefused((doubt,))
    overdue = waiting(flow, now)
    known = attempts(flow, now, retry)
    over = passed_over(overdue.due) - known.keys()
    resting = [due for due in overdue.due if known.get(due.key, now) > now]
    left = [due for due in overdue.due if due not in resting]
    awaited = {due.key for due in resting}
    if left:  # a job waits for a period that it reads and that falls due soon
        coming = outlook(flow.rulebook.active(), now, later(now, _SOON)).due
        awaited |= {due.key for due in coming} - _done_keys(flow)
    ran, failed, held = [], [], []
    while (due := first_ready(left, awaited)) is not None:
        left.remove(due)
        key = due.key
        try:
            if not _cut_is_fixed(door, due, now):
                awaited.add(key)
                held.append(due)
                continue
            missed = {} if key in over else pulled(flow, due, SCHEDULER)
            run = door.perform(_run, due, over=key in over, missed=missed)
        except Exception as error:  # noqa: BLE001 - one job's bug must stop no other
            awaited.add(key)
            failed.append(Failed(due=due, error=error))
            keep_failure(flow, due, error)
            if isinstance(error, StoreBusy):
                break  # each other job would wait as long
        else:
            ran += [] if run is None else [run]
    count = str(len(ran))
    # A clock before the last record is refused here, and the beat is not recorded.
    door.perform(_beat, count)
    return TickResult(
        ran=tuple(ran),
        failed=tuple(failed),
        held=(*held, *left),
        resting=tuple(resting),
        missing=overdue.missing,
    )


def _beat(work: Work, count: str) -> None:
    """Record that the service is alive, and until when it trusted its clock."""
    jobs.beat(work.connection, history.moment_text(work.now), count)
    work.keep_mark()


def _cut_is_fixed(door: Door, due: Due, now: datetime) -> bool:
    """Number the committed events; return whether a job's cut is fixed.

    The cut is fixed once an event after the cutoff has a position. Until then a
    transaction that is still open may commit facts that are in time. This waits for
    short transactions; a long one holds the job for a later call, at most until
    ``CUT_WAIT`` after the cutoff. No transaction waits for the job.
    """
    if door.engine is None:
        # The records of this transaction are before the cut, too.
        door.perform(lambda work: work.head)
        return True
    if door.engine.dialect.name == "sqlite":
        return True  # it has only one writer
    engine.in_transaction(door.engine, logs.settle)
    first_late = partial(positions.first_late, cutoff=due.at)
    if now >= due.at + CUT_WAIT or door.read(first_late) is not None:
        return True
    older = door.read(positions.writers)
    ended = engine.until(lambda: not older & door.read(positions.writers))
    engine.in_transaction(door.engine, logs.settle)
    return ended or door.read(first_late) is not None


def keep_failure(flow: Flow, due: Due, error: Exception) -> None:
    """Keep a failure beside the ledger, in a transaction of its own.

    A full database can't keep it; then only the beat reports it.

    Raises:
        StoreBusy: if another process holds the database.

    """
    door = door_of(flow)
    now = history.moment_text(door.clock.now())
    failure = Failure(
        job=due.job,
        period=due.period,
        due=history.moment_text(due.at),
        first=now,
        last=now,
        attempts=1,
        error=type(error).__name__,
        reasons=reasons_of(error),
    )
    try:
        door.perform(lambda work: jobs.keep_failure(work.connection, failure))
    except StoreBusy:
        raise
    except HuiminError:
        return


def reasons_of(error: Exception) -> Reasons:
    """Return the reasons of a failure, for an operator.

    For an error that is no refusal they name only its class: its text is for the log.
    """
    if not isinstance(error, HuiminError):
        return (reason_of(StoreCode.JOB_FAILED, {"error": type(error).__name__}),)
    return error.reasons or (reason_of(TimeCode.JOB_REFUSED, {"why": str(error)}),)


def failures(flow: Questions) -> list[Failure]:
    """Return the failures that are not done yet, oldest due first."""
    return flow.timetable.failures()


def attempts(
    flow: Questions, now: datetime, retry: Retry | None
) -> Mapping[Key, datetime]:
    """Return the moment of the next attempt of each failed (job, period), aware UTC.

    It is ``now`` if the wait is over, if anything was recorded since the last
    attempt (it may have removed the cause), or if the clock is before that attempt.
    Without ``retry`` nothing waits.
    """
    moments = {}
    for failure in flow.timetable.failures():
        last, moment = history.moment_of(failure.last), now
        if retry is not None and last <= now:
            moment = max(now, retry.after(last, failure.attempts))
        if moment > now and flow.timetable.acted_since(last):
            moment = now
        moments[failure.job, failure.period] = moment
    return moments


def pending(flow: Questions, now: datetime | None = None) -> list[Due]:
    """Return what is due at ``now`` and not in the ledger, oldest first.

    Raises:
        CalendarMissing: if something is due in a year that is not loaded.

    """
    overdue = waiting(flow, now)
    if overdue.missing is not None:
        raise overdue.missing
    return list(overdue.due)


def waiting(flow: Questions, now: datetime | None = None) -> Outlook:
    """Return what is due at ``now`` and not in the ledger, and a missing calendar.

    Raises:
        InputRefused: for a moment that ``flow`` doesn't accept, as in ``run_due``.

    """
    now = flow.moment(now)
    activations = tuple(
        Activation(since=since, book=flow.rulebook.active(digest))
        for since, digest in flow.timetable.activations()
    )
    if not activations:
        return Outlook(due=())
    done, overdue = _done_keys(flow), agenda(activations, now)
    begun = local_day(activations[0].since)
    return replace(
        overdue,
        due=tuple(
            due
            for due in overdue.due
            if due.key not in done and not was_over(due.period, begun)
        ),
    )


def _done_keys(flow: Questions) -> set[Key]:
    done = {(run.job, run.period) for run in runs(flow)}
    return done - set(flow.timetable.wrong_runs())


def runs(flow: Questions) -> list[Run]:
    """Return the ledger, each (job, period) once, in the order of due moments."""
    return flow.timetable.runs()


def heartbeat(flow: Questions) -> datetime | None:
    """Return the moment of the last tick, or None."""
    return flow.timetable.heartbeat()


def _run(
    work: Work, due: Due, *, over: bool, missed: Mapping[str, Reasons]
) -> Run | None:
    """Do a period, or only enter one that is ``over``; None if another did it."""
    now = work.now
    begun = Run(
        job=due.job,
        period=due.period,
        due=history.moment_text(due.at),
        ran=history.moment_text(now),
        late_seconds=max(0, int((now - due.at).total_seconds())),
        cut=0,
        rulebook="",
        result="",
    )
    wrong = jobs.wrong_runs(work.connection).get(due.key)
    claim = jobs.claim if wrong is None else jobs.claim_again
    if not claim(work.connection, begun):
        return None
    actor = work.believed(SCHEDULER)
    writers = len(positions.writers(work.connection))
    position = positions.cut_at(work.connection, due.at)
    digest = repository.active_digest(work.connection, cut=position)
    book = work.rulebook if digest is None else work.rulebook_of(digest)
    reason = "" if wrong is None else wrong.reason
    cut = Cut(position=position, book=book, reason=reason, missed=missed)
    made = None if over else EFFECTS[due.job](work, due, cut, actor)
    jobs.forget_failure(work.connection, due.job, due.period)
    run = replace(
        begun,
        cut=position,
        rulebook=book.digest,
        result=canonical(to_plain(result_of(due.job, made))).decode(),
    )
    public = to_plain(run) | {
        "timetable": due.rulebook,
        "logs": logs.heads(work.connection),
        "writers": writers,
    }
    del public["rulebook"]  # the event's own
    public |= refused_of(made)
    if wrong is not None:
        public["repeats"] = wrong.version
    stream = StreamKind.JOB.key(due.job, due.period)
    permit = permitted(work, stream, RecordStep.RUN, acting_as(work, actor))
    record(work, permit, public, rulebook=run.rulebook)
    jobs.finish(work.connection, run)
    return run
