"""Each (job, period) once, in one transaction with its effects (DESIGN §7)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from huimin_flow.clock import local_day
from huimin_flow.flow import Flow
from huimin_flow.flow.work import Work
from huimin_flow.model.actor import Actor
from huimin_flow.model.canonical import canonical
from huimin_flow.model.plain import to_plain
from huimin_flow.model.value import value
from huimin_flow.store import history, positions, repository
from huimin_flow.store.tables import HeartbeatRow, JobRunRow, table_of
from huimin_flow.terms import Via
from huimin_flow.timetable.due import Due, Outlook, outlook, was_over
from huimin_flow.timetable.effects import EFFECTS, Cut

RUNS = table_of(JobRunRow)
HEARTBEATS = table_of(HeartbeatRow)


@value
class Run:
    """A line of the ledger: when it was due, when it ran, what came of it."""

    job: str
    period: str
    due: str
    ran: str
    late_seconds: int
    cut: int
    rulebook: str
    result: str


def tick(flow: Flow, now: datetime) -> list[Run]:
    """Do everything that is due and not done, oldest first; return what ran.

    Running it twice, late or in several processes does each period once. A year
    without its calendar keeps back only what is due in it.

    Raises:
        CalendarMissing: after all that could be done, naming the year.

    """
    ran = []
    waiting = _waiting(flow, now)
    for due in waiting.due:
        run = flow.perform(_run, due)
        if run is not None:
            ran.append(run)
    flow.perform(_beat, len(ran))
    if waiting.missing is not None:
        raise waiting.missing
    return ran


def pending(flow: Flow, now: datetime) -> list[Due]:
    """Return what is due at ``now`` and not in the ledger, oldest first.

    Raises:
        CalendarMissing: if something is due in a year that is not loaded.

    """
    waiting = _waiting(flow, now)
    if waiting.missing is not None:
        raise waiting.missing
    return list(waiting.due)


def _waiting(flow: Flow, now: datetime) -> Outlook:
    founded = flow.read(positions.founded_at)
    if founded is None:
        return Outlook(due=())
    done = {(run.job, run.period) for run in runs(flow)}
    found = outlook(flow.rulebook(), founded, now)
    begun = local_day(founded)
    waiting = tuple(
        one
        for one in found.due
        if (one.job, one.period) not in done and not was_over(one.period, begun)
    )
    return Outlook(due=waiting, missing=found.missing)


def runs(flow: Flow) -> list[Run]:
    """Return the ledger, each (job, period) once, in the order of due moments."""

    def read(connection: Connection) -> list[Run]:
        query = select(RUNS).order_by(RUNS.c.due, RUNS.c.job)
        return [Run(**row) for row in connection.execute(query).mappings()]

    return flow.read(read)


def heartbeat(flow: Flow) -> str | None:
    """Return when the timetable was last looked at, or None."""

    def read(connection: Connection) -> str | None:
        found: str | None = connection.execute(select(HEARTBEATS.c.at)).scalar()
        return found

    return flow.read(read)


def _run(work: Work, due: Due) -> Run | None:
    """Claim a period and do it; None if someone else has done it."""
    row: dict[str, Any] = {
        "job": due.job,
        "period": due.period,
        "due": history.moment_text(due.at),
        "ran": history.moment_text(work.now),
        "late_seconds": max(0, int((work.now - due.at).total_seconds())),
        "cut": 0,
        "rulebook": "",
        "result": "",
    }
    if not _claimed(work.connection, row):
        return None
    by = work.rulebook.organization.actor("scheduler", Via.SERVICE)
    actor = by or Actor(id="scheduler", unit="", roles=frozenset(), via=Via.SERVICE)
    cut = _cut(work, due)
    result = EFFECTS[due.job](work, due, cut, actor)
    row |= {
        "cut": cut.position,
        "rulebook": cut.book.digest,
        "result": canonical(to_plain(result)).decode(),
    }
    work.record(
        f"job/{due.job}/{due.period}",
        "run",
        actor=actor,
        public={name: row[name] for name in row if name != "rulebook"},
        expected=0,
        rulebook=cut.book.digest,
    )
    work.connection.execute(
        update(RUNS)
        .where(RUNS.c.job == due.job, RUNS.c.period == due.period)
        .values(cut=row["cut"], rulebook=row["rulebook"], result=row["result"])
    )
    return Run(**row)


def _claimed(connection: Connection, row: dict[str, Any]) -> bool:
    claim = repository.upsert(connection, RUNS).values(row)
    claim = claim.on_conflict_do_nothing().returning(RUNS.c.job)
    return connection.execute(claim).first() is not None


def _cut(work: Work, due: Due) -> Cut:
    positions.quiesce(work.connection)
    positions.give_positions(work.connection)
    position = positions.cut_at(work.connection, due.at)
    digest = repository.active_digest(work.connection, cut=position)
    book = work.rulebook if digest is None else work.rulebook_of(digest)
    return Cut(position=position, book=book)


def _beat(work: Work, ran: int) -> None:
    row = {
        "service": "timetable",
        "at": history.moment_text(work.clock.now()),
        "detail": str(ran),
    }
    beat = repository.upsert(work.connection, HEARTBEATS).values(row)
    work.connection.execute(
        beat.on_conflict_do_update(
            index_elements=["service"], set_={"at": row["at"], "detail": row["detail"]}
        )
    )
