"""Indicators, tasks and the plan that an item must have before it is assigned."""

from __future__ import annotations

from datetime import date

from huimin_flow.catalogue.terms import Comparator, IndicatorKind, Pace
from huimin_flow.model.core.values import value


@value
class Indicator:
    """A target that can be counted (B8, C2).

    ``value`` counts whole ``unit`` (个, 人, 元, …; for rates whole percent).
    ``tolerance`` is a key of the rulebook's tolerances (左右), or None.
    ``denominator`` must be named for FULL, ``members`` for SET where known.
    """

    name: str
    quote: str
    kind: IndicatorKind
    comparator: Comparator
    value: int
    unit: str
    tolerance: str | None = None
    denominator: str | None = None
    members: tuple[str, ...] = ()


@value
class Task:
    """A piece of an item with one accountable unit and a due date (C2).

    ``unmeasured`` says why no indicator fits; it is None when there is one.
    ``curve`` names the rulebook's plan curve that progress is held against;
    without one, the usual curve counts (C4).
    """

    key: str
    title: str
    unit: str
    due: date
    indicators: tuple[Indicator, ...] = ()
    unmeasured: str | None = None
    curve: str = ""


@value
class Plan:
    """What B6 asks to be fixed before execution; empty text means missing."""

    deliverable: str = ""
    carrier: str = ""
    path: str = ""
    method: str = ""
    satisfaction_measure: str = ""
    outcome: str = ""
    social_benefit: str = ""
    tasks: tuple[Task, ...] = ()


@value
class Progress:
    """A reported figure of one indicator at the end of a month (C4).

    ``denominator`` is None unless the indicator is RATE or FULL, where
    ``value`` is the numerator, or ZERO, where ``value`` are the cases helped
    in the month and ``denominator`` those found in it. ``month`` is
    ``YYYY-MM``. ``evidence`` are hex SHA-256 of the item's attachments.
    ``members`` are those of a SET that were done in the month; ``value``
    counts them.
    """

    item: str
    task: str
    indicator: str
    month: str
    value: int
    denominator: int | None = None
    note: str = ""
    evidence: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


@value
class SheetLine:
    """A line of a month's progress sheet: a running indicator and how it stands.

    ``expected`` is what the plan asks for by then, ``actual`` what was reported
    (None before the first report), ``days`` how far ahead (above 0) or behind;
    ``report`` is the month's own report, if there is one; ``members`` are those
    of a set that the plan names.
    """

    item: str
    item_title: str
    task: str
    task_title: str
    owner: str
    indicator: str
    kind: IndicatorKind
    measure: str
    target: int
    due: date
    expected: int
    actual: int | None
    pace: Pace
    days: int
    month: str
    report: Progress | None
    members: tuple[str, ...] = ()

    @property
    def stands(self) -> str:
        """Return how the line stands, in a few words: 滞后 23 天."""
        return self.pace.by(self.days)


@value
class TaskResult:
    """How a task stood when its item was reported as executed."""

    task: str
    met: bool
    excuse: str = ""
    excused_by: str = ""


@value
class Excuse:
    """A superior's act: an item's task need not be met, and why.

    It holds in the ``rounds`` of rework in which it was given.
    """

    key: str
    item: str
    task: str
    reason: str
    by: str
    rounds: int
    version: int = 1
