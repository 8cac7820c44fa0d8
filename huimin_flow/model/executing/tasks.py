"""A task that its unit sends back, and a unit's tasks of a year (C2, F2)."""

from __future__ import annotations

from datetime import date

from huimin_flow.catalogue.terms import (
    IndicatorKind,
    Pace,
    State,
    TaskReturnState,
    TaskStanding,
)
from huimin_flow.model.core.values import value


@value
class TaskReturn:
    """A task that its ``unit`` sends back to the item's lead unit, with a reason.

    It counts in the round (``rounds``) and under the plan (``returns``, how often the
    item was sent back before) in which it was made. ``answer`` says why the task was
    reassigned or stays where it is.
    """

    key: str
    item: str
    task: str
    unit: str
    state: TaskReturnState
    reason_code: str
    note: str
    returned_on: date
    returned_by: str
    rounds: int
    returns: int
    settled_on: date | None = None
    settled_by: str = ""
    answer: str = ""
    version: int = 1


@value
class DatedReturn:
    """A task's return with the last day to settle it, None without a calendar."""

    made: TaskReturn
    due: date | None
    overdue: bool


@value
class ReturnCount:
    """How many tasks a unit sent back in a year, and what became of them.

    ``late`` were settled after their last day, or are open after it.
    """

    unit: str
    returned: int
    open: int
    reassigned: int
    retained: int
    late: int


@value
class YearFigure:
    """An indicator of a task in a unit's year: how far it has got.

    ``target`` and ``actual`` are in ``measure``, shares in whole percent; ``actual``
    is None before the first report. ``score`` is percent of the target, two places.
    ``days`` is how far it is ahead (above 0) or behind.
    """

    indicator: str
    kind: IndicatorKind
    measure: str
    target: int
    actual: int | None
    score: str | None
    pace: Pace
    days: int


@value
class YearTask:
    """A task of a unit in a year, with its item, its figures, and how it stands.

    ``lead`` is the item's lead unit and ``state`` the item's present state.
    ``uncovered`` is true if its tasks don't cover the item's own targets.
    """

    item: str
    item_title: str
    state: State
    lead: str
    task: str
    title: str
    unit: str
    due: date
    standing: TaskStanding
    figures: tuple[YearFigure, ...] = ()
    unmeasured: str = ""
    uncovered: bool = False
