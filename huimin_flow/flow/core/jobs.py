"""Questions on the jobs of the timetable: what ran, what failed, by which rulebooks."""

from __future__ import annotations

from datetime import datetime

from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.jobs import Failure, Run
from huimin_flow.store import jobs
from huimin_flow.store.core import positions


@question
def runs(work: Work) -> list[Run]:
    """Return the ledger of jobs, in the order of due moments."""
    return jobs.runs(work.connection)


@question
def failures(work: Work) -> list[Failure]:
    """Return the failures of jobs that are not done yet, oldest due first."""
    return jobs.failures(work.connection)


@question
def heartbeat(work: Work) -> str | None:
    """Return when the timetable was last looked at, as UTC text, or None."""
    return jobs.heartbeat(work.connection)


@question
def acted_since(work: Work, since: datetime) -> bool:
    """Tell whether anyone except the timetable recorded anything after a moment."""
    return positions.acted_after(work.connection, since)


@question
def activations(work: Work) -> list[tuple[datetime, str]]:
    """Return the moment of each activation and the rulebook's digest, in order."""
    return positions.activations(work.connection)
