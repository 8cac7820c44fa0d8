"""The opening edition: a list that was published before the engine began (C5)."""

from __future__ import annotations

from datetime import date

from huimin_flow.catalogue.terms import Area, EditionKind
from huimin_flow.model.core.values import value
from huimin_flow.model.executing.plans import Indicator


@value
class OpeningTask:
    """One numbered entry of the list, its text word for word.

    ``title``, ``area``, ``lead_unit`` and ``curve`` are our reading of it.
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
    """A whole list with its date and where each reading comes from.

    The text, its figures and deliverables are the source's; every ``*_source``
    tells whose reading the field of that name is, in all tasks.
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
