"""The bureau's config as one value with one digest, and its text in bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date
from functools import lru_cache

from huimin_flow.catalogue.terms import Every, Job, Missed, Origin, RatingLevel, Roll
from huimin_flow.model.core.canonical import canonical, digest
from huimin_flow.model.core.organization import Organization
from huimin_flow.model.core.rules import Figure, Rules
from huimin_flow.model.core.values import from_plain, to_plain, value
from huimin_flow.model.scoring.rules import Scoring
from huimin_flow.model.services.catalogue import Services


@value
class Channel:
    """A way by which appeals arrive (A1); ``days`` is working days to answer."""

    key: str
    name: str
    source: str
    days: Figure
    origins: tuple[Origin, ...] = ()
    levels: tuple[str, ...] = ()


@value
class Channels:
    """config/channels.yaml: intake channels, and the six service channels.

    ``rating_codes`` are a service channel's codes of the levels of ratings: code →
    level. A code that isn't there has no meaning.
    """

    intake: tuple[Channel, ...]
    service: Mapping[str, str]
    rating_codes: Mapping[str, Mapping[str, RatingLevel]] = field(default_factory=dict)


@value
class Slot:
    """What is due when (F3). Deadline days are Shanghai calendar days.

    ``month`` is for yearly slots.
    The due day is either ``day`` of the month or the ``working_day``-th
    working day; ``offset`` months lie between a period's end and the due
    month. On days off it moves by ``roll``, never past ``earliest``–``latest``.
    ``hour`` is 0–23. Of the ``missed`` periods, "once" makes up for the newest,
    "each" for every one, "skip" for none more than ``late_hours`` late (default
    24). ``before_days`` are working days by which a reminder goes ahead of ``of``.
    """

    job: Job
    title: str
    every: Every
    hour: int
    missed: Missed
    source: str
    month: int | None = None
    day: int | None = None
    working_day: int | None = None
    offset: int = 0
    roll: Roll = Roll.NONE
    earliest: int | None = None
    latest: int | None = None
    of: Job | None = None
    before_days: int | None = None
    late_hours: Figure | None = None

    def lateness(self) -> int:
        """Return how many hours late a slot that skips is still made up for."""
        return 24 if self.late_hours is None else self.late_hours.value


@value
class CalendarYear:
    """One year of holidays/: days off and working weekends, by their notice."""

    year: int
    notice: str
    days_off: frozenset[date]
    working_weekends: frozenset[date]


@value
class Calendar:
    """Every year whose notice is known; no other year is guessed."""

    years: tuple[CalendarYear, ...]

    def year(self, year: int) -> CalendarYear | None:
        """Return the calendar of ``year``, or None if it is not loaded."""
        return next((known for known in self.years if known.year == year), None)


@value
class Rulebook:
    """Everything a decision may rest on; ``digest`` is hex SHA-256 of its text."""

    rules: Rules
    organization: Organization
    channels: Channels
    timetable: tuple[Slot, ...]
    calendar: Calendar
    scoring: Scoring
    services: Services
    digest: str = ""


def rulebook_text(book: Rulebook) -> bytes:
    """Return the canonical text that the digest of a rulebook covers."""
    plain = to_plain(book)
    del plain["digest"]
    return canonical(plain)


@lru_cache(maxsize=64)
def rulebook_from_text(text: bytes) -> Rulebook:
    """Return the rulebook of a canonical text, with its digest.

    A process reads the same text once: it takes longer than an act.

    Raises:
        pydantic.ValidationError: if the text describes no rulebook.

    """
    return replace(from_plain(Rulebook, json.loads(text)), digest=digest(text))
