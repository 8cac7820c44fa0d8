"""The opening edition: a list that was published before the engine was in use (C5)."""

from __future__ import annotations

from datetime import date

from huimin_flow.catalogue.terms import Area, EditionKind
from huimin_flow.model.core.values import value
from huimin_flow.model.executing.plans import Indicator


@value
class OpeningTask:
    """One numbered entry of the list; ``text`` is the published wording.

    ``title``, ``area``, ``lead_unit`` and ``curve`` are our interpretation of it.
    """

    task: int
    title: str
    text: str
    area: Area
    lead_unit: str
    indicators: tuple[Indicator, ...]
    deliverables: tuple[str, ...]
    curve: str = ""


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
