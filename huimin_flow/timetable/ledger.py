"""Each (job, period) once, in one transaction with its effects."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from huimin_flow.catalogue.terms import RecordStep, Role, StreamKind, Via
from huimin_flow.clock import local_day
from huimin_flow.errors import CalendarMissing, HuiminError, StoreBusy
from huimin_flow.flow import Flow, Questions
from huimin_flow.flow.core.advance import acting_as, permitted, record
from huimin_flow.flow.core.door import Door, door_of
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.canonical import canonical
from huimin_flow.model.core.jobs import Retry, Run
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.values import to_plain, value
from huimin_flow.rules.core import order
from huimin_flow.rules.core.due import (
    CUT_WAIT,
    Activation,
    Due,
    Outlook,
    agenda,
    later,
    outlook,
    was_over,
)
from huimin_flow.rules.results import result_of
from huimin_flow.store import jobs
from huimin_flow.store.core import engine, history, logs, positions, repository
from huimin_flow.timetable import failures
from huimin_flow.timetable.effects import EFFECTS, Cut

#: The post that the unattended service holds.
SCHEDULER = Actor(
    id="scheduler", unit="", roles=frozenset({Role.SCHEDULER}), via=Via.SERVICE
)

#: A period that another one reads falls due within this time of it.
_SOON = timedelta(days=100)


@value
class Failed:
    """A due that could not be done, and the failure itself."""

    due: Due
    error: Exception


@value
class Turn:
    """One look at the timetable: what ran, what failed, and what waits for it.

    ``held`` waits for another period, or for transactions that are older than its
    cut. ``resting`` has failed before and waits for its next attempt. ``missing``
    names a year without calendar that keeps something back.
    """

    ran: tuple[Run, ...]
    failed: tuple[Failed, ...] = ()
    held: tuple[Due, ...] = ()
    resting: tuple[Due, ...] = ()
    missing: CalendarMissing | None = None


def tick(flow: Flow, now: datetime | None = None) -> list[Run]:
    """Do everything that is due and not done, as ``turn`` does; return what ran.

    Raises:
        InputRefused: for a moment that ``flow`` doesn't take, as ``turn`` does.
        Exception: after all that could be done, the first failure as it was.
        CalendarMissing: likewise, naming the year.

    """
    done = turn(flow, now)
    if done.failed:
        raise done.failed[0].error
    if done.missing is not None:
        raise done.missing
    return list(done.ran)


def turn(flow: Flow, now: datetime | None = None, retry: Retry | None = None) -> Turn:
    """Do everything that is due and not done, oldest first, each on its own.

    What is due is seen by the clock of ``flow``; a rehearsal takes any ``now``.
    Running it twice, late or in several processes does each period once. What
    fails is kept and tried again at the next turn, or as ``retry`` says; it holds
    back only what reads its result. One that waited in vain for what another
    process holds is the last to be tried. A year without its calendar keeps back
    only what is due in it.

    Raises:
        InputRefused: for a moment without a zone, or on a production database
            one that its own clock doesn't show.
        StoreBusy: if another process holds the database so that nothing can be
            kept of it either; the next turn goes on.

    """
    now = flow.moment(now)
    overdue = waiting(flow, now)
    known = failures.attempts(flow, now, retry)
    over = order.passed_over(overdue.due) - known.keys()
    resting = [one for one in overdue.due if known.get(order.key_of(one), now) > now]
    left = [one for one in overdue.due if one not in resting]
    awaited = {order.key_of(one) for one in resting}
    if left:  # else nobody waits for what is to come
        awaited |= _coming(flow, now)
    door = door_of(flow)
    ran, failed, held = [], [], []
    while (due := order.first_ready(left, awaited)) is not None:
        left.remove(due)
        try:
            if not _settled(door, due, now):
                awaited.add(order.key_of(due))
                held.append(due)
                continue
            run = door.perform(_run, due, over=order.key_of(due) in over)
        except Exception as error:  # noqa: BLE001 - one job's bug must stop no other
            awaited.add(order.key_of(due))
            failed.append(Failed(due=due, error=error))
            _keep(flow, due, error)
            if isinstance(error, StoreBusy):
                break  # each other one would wait as long, and in vain
        else:
            ran += [] if run is None else [run]
    door.perform(_beat, len(ran))
    return Turn(
        ran=tuple(ran),
        failed=tuple(failed),
        held=(*held, *left),
        resting=tuple(resting),
        missing=overdue.missing,
    )


def _settled(door: Door, due: Due, now: datetime) -> bool:
    """Give positions to what is committed; False while a job's cut isn't fixed yet.

    It is as soon as anything has a position that is stamped after the cutoff. Until
    then, who was writing when the job came may yet commit what is in time. Short
    acts are waited for; a transaction that stays open puts the job off to a later
    turn, at most until ``CUT_WAIT`` after the cutoff. Nobody waits for the job.
    """
    if door.engine is None:
        # What this very transaction has recorded is before the cut, too.
        door.perform(lambda work: work.head)
        return True
    if door.engine.dialect.name == "sqlite":
        return True  # one writer is alone
    engine.in_transaction(door.engine, logs.settle)
    fixed = partial(positions.is_fixed, cutoff=due.at)
    if now >= due.at + CUT_WAIT or door.read(fixed):
        return True
    older = door.read(positions.writers)
    ended = engine.until(lambda: not older & door.read(positions.writers))
    engine.in_transaction(door.engine, logs.settle)
    return ended or door.read(fixed)


def _keep(flow: Flow, due: Due, error: Exception) -> None:
    """Keep a failure; of a database that is full the beat tells at the turn's end.

    One that another process holds ends the turn: the others would wait in vain.
    """
    try:
        failures.keep(flow, due, error)
    except StoreBusy:
        raise
    except HuiminError:
        return


def pending(flow: Questions, now: datetime | None = None) -> list[Due]:
    """Return what is due at ``now`` and not in the ledger, oldest first.

    Raises:
        CalendarMissing: if something is due in a year that is not loaded.

    """
    found = waiting(flow, now)
    if found.missing is not None:
        raise found.missing
    return list(found.due)


def waiting(flow: Questions, now: datetime | None = None) -> Outlook:
    """Return what is due at ``now`` and not in the ledger, and the year missing.

    Raises:
        InputRefused: for a moment that ``flow`` doesn't take, as ``turn`` does.

    """
    now = flow.moment(now)
    activations = _activations(flow)
    if not activations:
        return Outlook(due=())
    done = {(run.job, run.period) for run in runs(flow)}
    found = agenda(activations, now)
    begun = local_day(activations[0].since)
    left = tuple(
        one
        for one in found.due
        if (one.job, one.period) not in done and not was_over(one.period, begun)
    )
    return Outlook(due=left, missing=found.missing)


def _activations(flow: Questions) -> tuple[Activation, ...]:
    """Return every activation with its rulebook, in their order."""
    return door_of(flow).ask(lambda work: work.activations)


def _coming(flow: Flow, now: datetime) -> set[order.Key]:
    """Return what is to fall due soon: a job that reads it waits for it."""
    if door_of(flow).read(positions.founded_at) is None:
        return set()
    done = {(run.job, run.period) for run in runs(flow)}
    coming = outlook(flow.rulebook(), now, later(now, _SOON)).due
    return {order.key_of(one) for one in coming} - done


def runs(flow: Questions) -> list[Run]:
    """Return the ledger, each (job, period) once, in the order of due moments."""
    return door_of(flow).read(jobs.runs)


def heartbeat(flow: Questions) -> str | None:
    """Return when the timetable was last looked at, or None."""
    return door_of(flow).read(jobs.heartbeat)


def _run(work: Work, due: Due, *, over: bool) -> Run | None:
    """Claim a period and do it; None if someone else has done it.

    One that is passed ``over`` is only entered: a newer one makes up for it.
    """
    begun = _begun(due, work.now)
    if not jobs.claim(work.connection, begun):
        return None
    actor = work.believed(SCHEDULER)
    writers = len(positions.writers(work.connection))
    cut = _cut(work, due)
    made = None if over else EFFECTS[due.job](work, due, cut, actor)
    jobs.forget_failure(work.connection, due.job, due.period)
    run = replace(
        begun,
        cut=cut.position,
        rulebook=cut.book.digest,
        result=canonical(to_plain(result_of(due.job, made))).decode(),
    )
    public = to_plain(run) | {
        "timetable": due.rulebook,
        "logs": logs.heads(work.connection),
        "writers": writers,
    }
    del public["rulebook"]  # the event's own
    stream = StreamKind.JOB.key(due.job, due.period)
    permit = permitted(work, stream, RecordStep.RUN, acting_as(work, actor), expected=0)
    record(work, permit, public, rulebook=run.rulebook)
    jobs.finish(work.connection, run)
    return run


def _begun(due: Due, now: datetime) -> Run:
    """Return the ledger's line of a job that begins now; what it finds is open."""
    return Run(
        job=due.job,
        period=due.period,
        due=history.moment_text(due.at),
        ran=history.moment_text(now),
        late_seconds=max(0, int((now - due.at).total_seconds())),
        cut=0,
        rulebook="",
        result="",
    )


def _cut(work: Work, due: Due) -> Cut:
    position = positions.cut_at(work.connection, due.at)
    digest = repository.active_digest(work.connection, cut=position)
    book = work.rulebook if digest is None else work.rulebook_of(digest)
    return Cut(position=position, book=book)


def _beat(work: Work, ran: int) -> None:
    """Say that the timetable was looked at, by a clock that can be right.

    Raises:
        StoreRefused: if the clock stands before what was recorded.

    """
    jobs.beat(work.connection, history.moment_text(work.now), str(ran))
