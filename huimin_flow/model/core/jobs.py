"""Runs of jobs, and failures that are tried again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from huimin_flow.catalogue.language import say_sentences
from huimin_flow.catalogue.reasons import Reasons, spoken, ways_out
from huimin_flow.model.core.rules import Bounds, Figure
from huimin_flow.model.core.values import value

#: Minutes between two attempts: a job is retried within its working day.
Pause = Annotated[Figure, Bounds(1, 360)]


@value
class Retry:
    """Minutes between attempts: the first pause, doubled up to the longest."""

    first_minutes: Pause
    most_minutes: Pause

    def after(self, last: datetime, attempts: int) -> datetime:
        """Return the moment of the next attempt after ``attempts`` failed ones.

        The service looks at the start of each minute. So the pause counts from the
        start of the minute of the ``last`` attempt.

        >>> retry = Retry(first_minutes=Figure(value=1, source="ours"),
        ...               most_minutes=Figure(value=60, source="ours"))
        >>> last = datetime(2023, 12, 15, 10, 0, 0, 40000)
        >>> [str(retry.after(last, n).time()) for n in (1, 3, 6, 7, 10**9)]
        ['10:01:00', '10:04:00', '10:32:00', '11:00:00', '11:00:00']

        """
        first, most = self.first_minutes.value, self.most_minutes.value
        # With this many doublings, one minute exceeds the longest pause.
        doublings = min(attempts - 1, most.bit_length())
        minutes = min(first * 2**doublings, most)
        return last.replace(second=0, microsecond=0) + timedelta(minutes=minutes)


@value
class Run:
    """A line of the job ledger: when a job was due, when it ran, its result.

    Moments are UTC text; ``result`` is canonical JSON.
    """

    job: str
    period: str
    due: str
    ran: str
    late_seconds: int
    cut: int
    rulebook: str
    result: str


@value
class Failure:
    """The failure of a (job, period): ``error`` is its class.

    ``attempts`` counts the failures from ``first`` to ``last``, UTC text like ``due``.
    """

    job: str
    period: str
    due: str
    first: str
    last: str
    attempts: int
    error: str
    reasons: Reasons

    @property
    def reason(self) -> str:
        """Return the reasons as text, in the door's language."""
        return say_sentences(map(spoken, self.reasons))

    @property
    def remedy(self) -> str:
        """Return the way out, in the door's language."""
        return ways_out(self.reasons)
