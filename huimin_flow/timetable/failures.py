"""What keeps a (job, period) from being done: kept until it is done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select

from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.errors import HuiminError
from huimin_flow.flow import Flow, Questions
from huimin_flow.flow.door import door_of
from huimin_flow.flow.work import Work
from huimin_flow.model.retry import Retry
from huimin_flow.model.value import value
from huimin_flow.rules.due import Due
from huimin_flow.store import history, positions, repository
from huimin_flow.store.tables import JobFailureRow, table_of

_TABLE = table_of(JobFailureRow)


@value
class Failure:
    """Why a (job, period) could not be done: ``error`` is the failure's class.

    ``reason`` and ``remedy`` are Chinese sentences; ``attempts`` counts the
    failures from ``first`` to ``last``, UTC text like ``due``.
    """

    job: str
    period: str
    due: str
    first: str
    last: str
    attempts: int
    error: str
    reason: str
    remedy: str


def failures(flow: Questions) -> list[Failure]:
    """Return what has failed and is not done yet, oldest due first."""

    def read(connection: Connection) -> list[Failure]:
        query = select(_TABLE).order_by(_TABLE.c.due, _TABLE.c.job)
        return [Failure(**row) for row in connection.execute(query).mappings()]

    return door_of(flow).read(read)


def attempts(
    flow: Questions, now: datetime, retry: Retry | None
) -> Mapping[tuple[str, str], datetime]:
    """Return when each (job, period) that has failed is tried again, aware UTC.

    That is ``now`` where its wait is over, where somebody has recorded something
    since, which may have mended it, and where the clock stands before the last
    attempt, so that no wait can be told. Without ``retry`` nothing waits.
    """

    def read(connection: Connection) -> dict[tuple[str, str], datetime]:
        found = {}
        for one in connection.execute(select(_TABLE)).mappings():
            last = history.moment_of(one["last"])
            moment = now
            if retry is not None and last <= now:
                moment = max(now, retry.after(last, one["attempts"]))
            if moment > now and positions.acted_after(connection, last):
                moment = now
            found[one["job"], one["period"]] = moment
        return found

    return door_of(flow).read(read)


def spoken(error: Exception) -> tuple[str, str]:
    """Return what a failure means to an operator, and what to do about it.

    What nobody foresaw is told by its class alone: its text is for the log.
    """
    if not isinstance(error, HuiminError):
        error = HuiminError(StoreCode.JOB_FAILED, error=type(error).__name__)
    return str(error), error.remedy


def keep(flow: Flow, due: Due, error: Exception) -> None:
    """Keep a failure beside the ledger, in a transaction of its own."""
    door_of(flow).perform(_keep, due, error)


def forget(connection: Connection, due: Due) -> None:
    """Forget the failures of what is done now."""
    connection.execute(
        delete(_TABLE).where(_TABLE.c.job == due.job, _TABLE.c.period == due.period)
    )


def _keep(work: Work, due: Due, error: Exception) -> None:
    reason, remedy = spoken(error)
    now: datetime = work.clock.now()
    row = {
        "job": due.job,
        "period": due.period,
        "due": history.moment_text(due.at),
        "first": history.moment_text(now),
        "last": history.moment_text(now),
        "attempts": 1,
        "error": type(error).__name__,
        "reason": reason,
        "remedy": remedy,
    }
    again = {name: row[name] for name in ("due", "last", "error", "reason", "remedy")}
    work.connection.execute(
        repository.upsert(work.connection, _TABLE)
        .values(row)
        .on_conflict_do_update(
            index_elements=["job", "period"],
            set_={**again, "attempts": _TABLE.c.attempts + 1},
        )
    )
