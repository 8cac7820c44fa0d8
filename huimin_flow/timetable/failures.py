"""What keeps a (job, period) from being done: kept until it is done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from huimin_flow.catalogue.reasons import Reasons, StoreCode, TimeCode, reason_of
from huimin_flow.errors import HuiminError
from huimin_flow.flow import Flow, Questions
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.jobs import Failure, Retry
from huimin_flow.rules.core.due import Due
from huimin_flow.store import jobs
from huimin_flow.store.core import history, positions


def failures(flow: Questions) -> list[Failure]:
    """Return what has failed and is not done yet, oldest due first."""
    return door_of(flow).read(jobs.failures)


def attempts(
    flow: Questions, now: datetime, retry: Retry | None
) -> Mapping[tuple[str, str], datetime]:
    """Return when each (job, period) that has failed is tried again, aware UTC.

    That is ``now`` where its wait is over, where somebody has recorded something
    since, which may have mended it, and where the clock stands before the last
    attempt, so that no wait can be told. Without ``retry`` nothing waits.
    """
    return door_of(flow).ask(_attempts, now, retry)


def _attempts(
    work: Work, now: datetime, retry: Retry | None
) -> dict[tuple[str, str], datetime]:
    again = {}
    for failure in jobs.failures(work.connection):
        last = history.moment_of(failure.last)
        moment = now
        if retry is not None and last <= now:
            moment = max(now, retry.after(last, failure.attempts))
        if moment > now and positions.acted_after(work.connection, last):
            moment = now
        again[failure.job, failure.period] = moment
    return again


def reasons_of(error: Exception) -> Reasons:
    """Return what a failure means to an operator.

    What nobody foresaw is told by its class alone: its text is for the log.
    """
    if not isinstance(error, HuiminError):
        return (reason_of(StoreCode.JOB_FAILED, {"error": type(error).__name__}),)
    return error.reasons or (reason_of(TimeCode.JOB_REFUSED, {"why": str(error)}),)


def keep(flow: Flow, due: Due, error: Exception) -> None:
    """Keep a failure beside the ledger, in a transaction of its own."""
    door_of(flow).perform(_keep, due, error)


def _keep(work: Work, due: Due, error: Exception) -> None:
    now = history.moment_text(work.clock.now())
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
    jobs.keep_failure(work.connection, failure)
