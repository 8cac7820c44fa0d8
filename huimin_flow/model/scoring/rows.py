"""A unit's month down to the rows: what each figure counts, and its events (X3)."""

from __future__ import annotations

from datetime import datetime

from huimin_flow.catalogue.terms import Pace, ScoreClass
from huimin_flow.model.core.events import Reason
from huimin_flow.model.core.values import value
from huimin_flow.model.scoring.scores import Colored, Deduction, Reading


@value
class FactRow:
    """A stored row that a figure counts, without what tells of a person.

    ``batch`` and ``line`` are its place, under which the batch's Merkle root holds it;
    both are 0 for an indicator without a report. ``at`` is its day or month, ``key``
    the end of its key, the rest as stars. ``subject`` is the channel, the service item
    or the indicator, ``value`` its level or figure. ``counted`` tells if it is in the
    numerator; ``aside`` if it was set aside, so that it counts nowhere.
    """

    batch: int
    line: int
    at: str
    key: str
    subject: str
    value: str
    counted: bool
    aside: bool = False
    pace: Pace | None = None


@value
class FigureRows:
    """An indicator of a unit's month: its figure, and the first of its rows.

    ``figure`` is decimal text before it becomes the sub-score ``score``; both are None
    if it is ``missing``. ``formula`` is the operation that makes the figure. ``total``
    is the number of rows at the cut, of which ``rows`` are the first.
    """

    key: str
    name: str
    weight: int
    figure: str | None
    score: str | None
    formula: str
    reading: Reading | None
    missing: Reason | None
    rows: tuple[FactRow, ...]
    total: int


@value
class RowEvent:
    """An event on which a figure rests: its place in the log, and its leaf in hex.

    ``root`` is the Merkle root of a batch's rows, "" for another event.
    """

    stream: str
    n: int
    position: int | None
    at: datetime
    step: str
    by: str
    leaf: str
    root: str = ""
    count: int = 0


@value
class UnitMonth:
    """Why a unit has its figure and color in an edition of a month (X3).

    ``colored`` is None if the edition has no colors yet. ``batches`` is the number of
    batches of its rows, of which ``events`` has the first.
    """

    unit: str
    period: str
    edition: int
    editions: int
    cut: int
    rulebook: str
    revisions: tuple[tuple[str, int], ...]
    standing: ScoreClass
    index: str | None
    colored: Colored | None
    figures: tuple[FigureRows, ...]
    deductions: tuple[Deduction, ...]
    points_off: int
    batches: int
    events: tuple[RowEvent, ...]
