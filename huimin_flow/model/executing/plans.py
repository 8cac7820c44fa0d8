"""Indicators, tasks and plans; a list that was published before the engine (B6, C5)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from huimin_flow.catalogue.terms import (
    Area,
    Argument,
    Comparator,
    EditionKind,
    Figures,
    IndicatorKind,
    Pace,
)
from huimin_flow.model.core.values import later, value
from huimin_flow.model.executing.agreements import AgreedOutcome, SatisfactionMeasure


@value
class Indicator:
    """A target that can be counted (B8, C2).

    ``value`` is a whole number of ``unit`` (个, 人, 元, …; whole percent for rates).
    ``tolerance`` is a key of the rulebook's tolerances (左右), or None.
    FULL needs ``denominator``; SET needs ``members`` if they are known.
    """

    name: str
    quote: str
    kind: IndicatorKind
    comparator: Comparator
    value: int
    unit: Annotated[str, Argument.MEASURE]
    tolerance: str | None = None
    denominator: str | None = None
    members: tuple[str, ...] = ()


@value
class NewTarget:
    """A new figure of an indicator, in its unit."""

    indicator: str
    value: int


@value
class Task:
    """A piece of an item with one accountable unit and a due date (C2).

    ``unmeasured`` is the reason why no indicator fits; it is None if there is one.
    ``curve`` names the rulebook's plan curve with which progress is compared; if it
    is empty, the usual curve is used (C4).
    """

    key: str
    title: str
    unit: str
    due: date
    indicators: tuple[Indicator, ...] = ()
    unmeasured: str | None = None
    curve: str = ""


@value
class Supporter:
    """A supporting unit, 配合单位; ``part`` is what it does, if that is agreed."""

    unit: str
    part: str = ""


@value
class Plan:
    """What B6 and B8 require before execution; what is empty is missing.

    ``supporting_units`` help the lead unit; they need no task of their own.
    ``indicators`` are the item's own targets, which its tasks together reach: a task's
    indicator of the same name is its share. Without them there is nothing to cover.
    ``service_items`` are the keys of the service items that the measure touches: what
    citizens say there counts in the final evaluation.
    """

    deliverable: str = ""
    carrier: str = ""
    path: str = ""
    method: str = ""
    satisfaction_measure: SatisfactionMeasure = SatisfactionMeasure()
    outcomes: tuple[AgreedOutcome, ...] = ()
    tasks: tuple[Task, ...] = ()
    supporting_units: tuple[Supporter, ...] = later(default=())
    indicators: tuple[Indicator, ...] = later(default=())
    service_items: tuple[str, ...] = later(default=())

    @property
    def targets(self) -> tuple[str, ...]:
        """Return all targets in the words of the document, an own one not by shares."""
        own = {each.name for each in self.indicators}
        parts = (i for task in self.tasks for i in task.indicators if i.name not in own)
        return tuple(each.quote for each in (*self.indicators, *parts))

    @property
    def due(self) -> date | None:
        """Return the last day of the tasks, None without tasks."""
        return max((task.due for task in self.tasks), default=None)

    def partners(self, lead: str) -> tuple[str, ...]:
        """Return the units that help the lead unit, or do a task."""
        units = [each.unit for each in self.supporting_units]
        units += [task.unit for task in self.tasks]
        return tuple(dict.fromkeys(unit for unit in units if unit != lead))


@value
class Progress:
    """A reported figure of one indicator at the end of a month (C4).

    For RATE and FULL, ``value`` is the numerator of ``denominator``. For ZERO,
    ``value`` is the number of cases helped in the month and ``denominator`` the
    number of cases found in it. For other kinds ``denominator`` is None. ``month``
    is ``YYYY-MM``. ``evidence`` holds hex SHA-256 of the item's attachments.
    ``members`` are those of a SET that were done in the month; ``value`` counts them.
    ``correction`` is the reason why a figure by hand replaces a fed one. A fed figure
    has the key of its ``feed``, and ``measured_at``, the source's own moment.
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
    correction: str = later(default="")
    feed: str = later(default="")
    measured_at: datetime | None = later(default=None)

    @property
    def entered(self) -> Figures:
        """Return how it was entered."""
        if self.feed:
            return Figures.FED
        return Figures.CORRECTED if self.correction else Figures.BY_HAND


@value
class SheetLine:
    """A line of a month's progress sheet: a running indicator and its pace.

    ``expected`` is the plan's figure for that month, ``actual`` the reported one
    (None before the first report). ``days`` is how far it is ahead (above 0) or
    behind. ``report`` is the month's own report, if there is one. ``members`` are
    the members of a set that the plan names. ``feed`` is the open feed that supplies
    the indicator, "" if people report it.
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
    feed: str = ""

    @property
    def is_late(self) -> bool:
        """Tell whether the line is behind its plan, or nobody knows where it is."""
        return self.pace in {Pace.BEHIND, Pace.UNKNOWN}

    @property
    def stands(self) -> str:
        """Return the pace of the line in a few words: 滞后 23 天."""
        return self.pace.by(self.days)


@value
class TaskResult:
    """The result of a task when its item was reported as executed."""

    task: str
    met: bool
    excuse: str = ""
    excused_by: str = ""


@value
class Excuse:
    """A superior's decision that a task of an item need not be met.

    It is valid only in the round of rework (``rounds``) in which it was made.
    """

    key: str
    item: str
    task: str
    reason: str
    by: str
    rounds: int
    version: int = 1


@value
class OpeningTask:
    """One numbered entry of the list; ``text`` is the published wording.

    ``title``, ``area``, ``lead_unit`` and ``curve`` are our interpretation of it.
    ``item`` is the number of the starred item that carries it; it may come later.
    """

    task: int
    title: str
    text: str
    area: Area
    lead_unit: str
    indicators: tuple[Indicator, ...]
    deliverables: tuple[str, ...]
    curve: str = ""
    item: str = ""


@value
class OpeningList:
    """A whole list with its date and the source of each interpreted field.

    Text, figures and deliverables come from the published list. Each ``*_source``
    names who interpreted the field of that name, for all tasks.
    """

    year: int
    kind: EditionKind
    dated: date
    source: str
    due: date
    due_source: str
    area_source: str
    lead_source: str
    title_source: str
    curve_source: str
    denominator_source: str
    tasks: tuple[OpeningTask, ...]

    @property
    def numbers(self) -> dict[int, str]:
        """The items that the list itself names, by task."""
        return {task.task: task.item for task in self.tasks if task.item}
