"""The ledger of jobs, their failures, and the service's heartbeat."""

from __future__ import annotations

import json

from sqlalchemy import Connection, bindparam, delete, select, update

from huimin_flow.catalogue.reasons import Reasons
from huimin_flow.catalogue.terms import StreamKind
from huimin_flow.model.core.clocks import ClockRecord
from huimin_flow.model.core.jobs import Failure, Run
from huimin_flow.model.core.values import from_plain, to_plain
from huimin_flow.store.core import positions
from huimin_flow.store.core.driver import inserts
from huimin_flow.store.core.repository import text_of
from huimin_flow.store.core.tables import EVENTS, FAILURES, HEARTBEATS, RUNS

#: Each look at the timetable needs these statements, so they are built once.
_LEDGER = select(RUNS).order_by(RUNS.c.due, RUNS.c.job)
_FAILED = select(FAILURES).order_by(FAILURES.c.due, FAILURES.c.job)
_BEAT = select(HEARTBEATS.c.at, HEARTBEATS.c.detail).where(
    HEARTBEATS.c.service == bindparam("service")
)

#: The services that leave a mark: who looks at the timetable, and who makes backups.
TIMETABLE, BACKUP = "timetable", "backup"


def runs(connection: Connection) -> list[Run]:
    """Return the ledger, each (job, period) once, in the order of due moments."""
    return [Run(**row) for row in connection.execute(_LEDGER).mappings().all()]


def claim(connection: Connection, run: Run) -> bool:
    """Insert a run that begins; return False if the period is claimed or done already.

    On PostgreSQL a second machine waits here until the first one's run has ended.
    """
    entry = inserts(connection.dialect.name)(RUNS).values(to_plain(run))
    entry = entry.on_conflict_do_nothing().returning(RUNS.c.job)
    return connection.execute(entry).first() is not None


def wrong_runs(connection: Connection) -> dict[tuple[str, str], ClockRecord]:
    """Return each (job, period) whose last run is in a declared span, and the span."""
    declared = positions.spans(connection)
    if not declared:
        return {}
    query = select(EVENTS.c.stream, EVENTS.c.position).where(
        EVENTS.c.stream.like(StreamKind.JOB.key("%"))
    )
    last = dict(map(tuple, connection.execute(query.order_by(EVENTS.c.id))))
    wrong = {}
    for stream, position in last.items():
        job, _, period = StreamKind.parse(stream)[1].partition("/")
        for span in declared:
            if positions.is_in(position, (span,)):
                wrong[job, period] = span
    return wrong


def claim_again(connection: Connection, run: Run) -> bool:
    """Replace the run that a wrong clock did; return False if another just did so."""
    former = select(RUNS.c.ran).where(
        RUNS.c.job == run.job, RUNS.c.period == run.period
    )
    ran = connection.execute(former.with_for_update()).scalar()
    entry = (
        update(RUNS)
        .where(RUNS.c.job == run.job, RUNS.c.period == run.period, RUNS.c.ran == ran)
        .values(to_plain(run))
    )
    return connection.execute(entry).rowcount == 1


def finish(connection: Connection, run: Run) -> None:
    """Store the result of a claimed run."""
    connection.execute(
        update(RUNS)
        .where(RUNS.c.job == run.job, RUNS.c.period == run.period)
        .values(cut=run.cut, rulebook=run.rulebook, result=run.result)
    )


def failures(connection: Connection) -> list[Failure]:
    """Return the failed runs that are not done yet, oldest due first."""
    return [
        Failure(**{**row, "reasons": from_plain(Reasons, json.loads(row["reasons"]))})
        for row in connection.execute(_FAILED).mappings()
    ]


def keep_failure(connection: Connection, failure: Failure) -> None:
    """Store the last failure of a (job, period), and count it."""
    row = to_plain(failure) | {"reasons": text_of(failure.reasons)}
    again = {name: row[name] for name in ("due", "last", "error", "reasons")}
    connection.execute(
        inserts(connection.dialect.name)(FAILURES)
        .values(row)
        .on_conflict_do_update(
            index_elements=["job", "period"],
            set_={**again, "attempts": FAILURES.c.attempts + failure.attempts},
        )
    )


def forget_failure(connection: Connection, job: str, period: str) -> None:
    """Delete the failure of a (job, period) that is now done."""
    connection.execute(
        delete(FAILURES).where(FAILURES.c.job == job, FAILURES.c.period == period)
    )


def heartbeat(connection: Connection) -> str | None:
    """Return when the service last looked at the timetable, as UTC text, or None."""
    row = connection.execute(_BEAT, {"service": TIMETABLE}).first()
    return None if row is None else str(row.at)


def last_backup(connection: Connection) -> tuple[str, int] | None:
    """Return when the last backup was made, as UTC text, and how many events it has."""
    row = connection.execute(_BEAT, {"service": BACKUP}).first()
    return None if row is None else (str(row.at), int(row.detail))


def beat(
    connection: Connection, at: str, detail: str, *, service: str = TIMETABLE
) -> None:
    """Record that a service looked at the timetable, or made a backup."""
    row = {"at": at, "detail": detail}
    query = inserts(connection.dialect.name)(HEARTBEATS).values(service=service, **row)
    connection.execute(
        query.on_conflict_do_update(index_elements=["service"], set_=row)
    )
