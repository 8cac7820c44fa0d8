"""The bureau's config as one value with one digest (DESIGN §5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date

from huimin_flow.model.organization import Organization
from huimin_flow.model.rules import Figure, Rules
from huimin_flow.model.scoring import Scoring
from huimin_flow.model.service import Services
from huimin_flow.model.value import value
from huimin_flow.terms import Every, Job, Missed, Origin, Roll


@value
class Channel:
    """A way by which voices arrive (A1); ``days`` is working days to answer."""

    key: str
    name: str
    source: str
    days: Figure
    origins: tuple[Origin, ...] = ()
    levels: tuple[str, ...] = ()


@value
class Channels:
    """config/channels.yaml: intake channels, and the six service channels."""

    intake: tuple[Channel, ...]
    service: Mapping[str, str]


@value
class Slot:
    """What is due when (F3). Deadline days are Shanghai calendar days.

    ``month`` is for yearly slots.
    The due day is either ``day`` of the month or the ``working_day``-th
    working day; ``offset`` months lie between a period's end and the due
    month. On days off it moves by ``roll``, never past ``earliest``–``latest``.
    ``hour`` is 0–23. ``before_days`` are working days a reminder goes ahead of
    ``of``.
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


@value
class CalendarYear:
    """One year of holidays/: days off and working weekends, by their notice."""

    year: int
    notice: str
    days_off: frozenset[date]
    working_weekends: frozenset[date]


@value
class Calendar:
    """Every year whose notice is known; the others are said, never guessed."""

    years: tuple[CalendarYear, ...]

    def year(self, year: int) -> CalendarYear | None:
        """Return the calendar of ``year``, or None if it is not loaded."""
        return next((one for one in self.years if one.year == year), None)


@value
class Rulebook:
    """Everything a decision may rest on; ``digest`` is hex SHA-256 of its text."""

    rules: Rules
    organization: Organization
    channels: Channels
    timetable: tuple[Slot, ...]
    calendar: Calendar
    scoring: Scoring
    services: Services = field(default_factory=Services)
    digest: str = ""
