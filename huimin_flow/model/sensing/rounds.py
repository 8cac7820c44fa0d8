"""The screening desk: collected items in front of the screeners (A3–A5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from typing import NamedTuple

from huimin_flow.catalogue.terms import Area, Criterion, LifeStage, Origin, Role
from huimin_flow.model.core.values import value
from huimin_flow.model.sensing.appeals import Tally


class Lacking(NamedTuple):
    """A criterion that nobody has scored, and the role that supplies the score."""

    criterion: Criterion
    supplier: Role


@value
class Candidate:
    """A collected item as the desk shows it: all that can be computed is computed.

    ``since`` is the day on which it became collected. ``last`` and ``before`` are its
    appeals of the last span of days and of the span before. ``needed`` is the least
    score, 0–100, which every lacking criterion needs so that the item reaches the pass
    mark, None if 100 is too little. ``score`` is what comes then, with two places.
    ``due`` is the last day to screen it in time, None without a calendar.
    """

    number: str
    title: str
    unit: str
    origin: Origin
    area: Area
    life_stage: LifeStage
    since: date
    tally: Tally
    prevalence: int
    last: int
    before: int
    needed: int | None
    score: str
    lacking: tuple[Lacking, ...]
    due: date | None = None

    @property
    def growth(self) -> int:
        """Return by how many appeals the last span has more than the one before."""
        return self.last - self.before


@value
class ScreeningRound:
    """What stood in front of the screeners at a cut, in its order (A3).

    ``known`` is the last position that was counted, ``day`` that of the cut.
    ``span`` is the number of days of which appeals are compared for the growth.
    ``referred`` counts the items that were found not ours in these days, by the body
    that is in charge.
    """

    key: str
    period: str
    day: date
    span: int
    known: int
    candidates: tuple[Candidate, ...]
    referred: Mapping[str, int] = field(default_factory=dict)
    version: int = 1
