"""Indicators, tasks and the plan that an item must have before it is assigned."""

from __future__ import annotations

from datetime import date

from huimin_flow.model.value import value
from huimin_flow.terms import Comparator, IndicatorKind


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
    """

    key: str
    title: str
    unit: str
    due: date
    indicators: tuple[Indicator, ...] = ()
    unmeasured: str | None = None


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
    ``value`` is the numerator. ``month`` is ``YYYY-MM``.
    """

    item: str
    task: str
    indicator: str
    month: str
    value: int
    denominator: int | None = None
    note: str = ""


@value
class TaskResult:
    """How a task stood when its item was reported as executed."""

    task: str
    met: bool
    excuse: str = ""
    excused_by: str = ""
