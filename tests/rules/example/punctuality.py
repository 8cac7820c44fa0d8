"""The example's rule: the percent of tasks that were on time."""

from __future__ import annotations

from typing import Final

from huimin_flow.model.core.values import later, value
from huimin_flow.rules.revisions import Revisions

from .former import punctuality_1

RULE: Final = "punctuality"
REVISION: Final = 2


@value
class Tasks:
    """What is counted; ``excused`` was added by revision 2."""

    on_time: int
    all: int
    excused: int = later(default=0)


def punctuality(tasks: Tasks) -> int | None:
    """Return the percent, rounded down, without the excused tasks."""
    counted = tasks.all - tasks.excused
    return 100 * tasks.on_time // counted if counted else None


PUNCTUALITY: Final = Revisions(
    RULE,
    {
        1: lambda tasks: punctuality_1.punctuality(tasks.on_time, tasks.all),
        REVISION: punctuality,
    },
)
