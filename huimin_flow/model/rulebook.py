"""The bureau's config as one value, with its canonical text and digest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date
from functools import lru_cache
from typing import Annotated, Any

from huimin_flow.catalogue.terms import (
    Every,
    Job,
    Missed,
    Origin,
    PointLevel,
    RatingLevel,
    Roll,
)
from huimin_flow.model.core.canonical import canonical_of_plain, digest
from huimin_flow.model.core.organization import Organization
from huimin_flow.model.core.rules import Bounds, Figure, Rules, WorkingDays
from huimin_flow.model.core.values import from_plain, later_mapping, to_plain, value
from huimin_flow.model.improving.rules import Improving
from huimin_flow.model.scoring.rules import Scoring
from huimin_flow.model.sensing.suggestions import SuggestingRule
from huimin_flow.model.services.catalogue import Services


@value
class Channel:
    """A channel by which appeals arrive (A1); ``days`` are working days to answer.

    ``levels`` are those on which each district should have a point of it.
    """

    key: str
    name: str
    source: str
    days: WorkingDays
    origins: tuple[Origin, ...] = ()
    levels: tuple[PointLevel, ...] = ()


@value
class PointRule:
    """Rules of direct-report points (A2).

    A point that no appeal has named for ``silent_days`` is silent.
    """

    silent_days: Annotated[Figure, Bounds(1, 3650)]


@value
class Channels:
    """config/channels.yaml: intake channels, and the six service channels.

    ``rating_codes`` holds each service channel's codes of rating levels: code →
    level. A code that is not listed has no meaning.
    """

    intake: tuple[Channel, ...]
    service: Mapping[str, str]
    points: PointRule
    rating_codes: Mapping[str, Mapping[str, RatingLevel]] = field(default_factory=dict)


@value
class Slot:
    """When a job is due (F3). Deadline days are Shanghai calendar days.

    ``month`` is for yearly slots.
    The due day is ``day`` of the month, or its ``working_day``-th working day.
    ``offset`` is the number of months between a period's end and the due month: -3
    is the last month before a quarter. On
    days off it moves by ``roll``, within ``earliest``–``latest``. ``hour`` is 0–23.
    After missed periods, ``missed`` decides which ones run: "once" the newest,
    "each" every one, "skip" none that is more than ``late_hours`` late (default 24).
    A reminder is due ``before_days`` working days before ``of``.
    """

    job: Job
    title: str
    every: Every
    hour: Annotated[int, Bounds(0, 23)]
    missed: Missed
    source: str
    month: Annotated[int, Bounds(1, 12)] | None = None
    #: Every month has 28 days and 15 working days.
    day: Annotated[int, Bounds(1, 28)] | None = None
    working_day: Annotated[int, Bounds(1, 15)] | None = None
    offset: Annotated[int, Bounds(-3, 12)] = 0
    roll: Roll = Roll.NONE
    earliest: int | None = None
    latest: int | None = None
    of: Job | None = None
    before_days: Annotated[int, Bounds(1, 60)] | None = None
    late_hours: Figure | None = None

    def lateness(self) -> int:
        """Return up to how many hours late a slot with "skip" still runs."""
        return 24 if self.late_hours is None else self.late_hours.value


@value
class CalendarYear:
    """One year of holidays/: days off and working weekends, from their notice."""

    year: int
    notice: str
    days_off: frozenset[date]
    working_weekends: frozenset[date]


@value
class Calendar:
    """The years whose notice is loaded; other years are not guessed."""

    years: tuple[CalendarYear, ...]

    def year(self, year: int) -> CalendarYear | None:
        """Return the calendar of ``year``, or None if it is not loaded."""
        return next((loaded for loaded in self.years if loaded.year == year), None)


@value
class Rulebook:
    """The whole basis of a decision; ``digest`` is the hex SHA-256 of its text.

    ``extensions`` are the sections of the hosts' extensions that are in force, by name.
    """

    rules: Rules
    organization: Organization
    channels: Channels
    timetable: tuple[Slot, ...]
    calendar: Calendar
    scoring: Scoring
    improving: Improving
    services: Services
    suggestions: SuggestingRule
    extensions: Mapping[str, Mapping[str, Any]] = later_mapping(default_factory=dict)
    digest: str = ""


def rulebook_text(book: Rulebook) -> bytes:
    """Return the canonical text of a rulebook, over which its digest is computed."""
    plain = to_plain(book)
    del plain["digest"]
    return canonical_of_plain(plain)


@lru_cache(maxsize=64)
def rulebook_from_text(text: bytes) -> Rulebook:
    """Return the rulebook of a canonical text, with its digest.

    The result is cached, because reading a rulebook takes longer than an act.

    Raises:
        pydantic.ValidationError: if the text describes no rulebook.

    """
    return replace(from_plain(Rulebook, json.loads(text)), digest=digest(text))
