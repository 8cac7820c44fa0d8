"""The bureau's config as one value with one digest (DESIGN §5)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date
from functools import lru_cache

from huimin_flow.catalogue.terms import Every, Job, Missed, Origin, Roll
from huimin_flow.errors import StoreRefused
from huimin_flow.model.canonical import canonical, digest
from huimin_flow.model.organization import Organization
from huimin_flow.model.plain import from_plain, to_plain
from huimin_flow.model.rules import Figure, Rules
from huimin_flow.model.scoring import PlanCurve, Scoring
from huimin_flow.model.service import Services
from huimin_flow.model.value import later, value


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
    ``hour`` is 0–23. Of what was ``missed``, "once" makes up for the newest
    period, "each" for every one, "skip" for none that is more than
    ``late_hours`` late. ``before_days`` are working days a reminder goes ahead
    of ``of``.
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
    late_hours: Figure | None = later(default=None)

    def lateness(self) -> int:
        """Return how many hours late a slot that skips is still made up for.

        Rulebooks from before it was a figure meant a day.
        """
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
    """Every year whose notice is known; the others are said, never guessed."""

    years: tuple[CalendarYear, ...]

    def year(self, year: int) -> CalendarYear | None:
        """Return the calendar of ``year``, or None if it is not loaded."""
        return next((one for one in self.years if one.year == year), None)


@value
class Rulebook:
    """Everything a decision may rest on; ``digest`` is hex SHA-256 of its text.

    A rulebook activated before months were scored has no ``scoring``; who needs
    it asks ``scoring_part``.
    """

    rules: Rules
    organization: Organization
    channels: Channels
    timetable: tuple[Slot, ...]
    calendar: Calendar
    scoring: Scoring | None = later(default=None)
    services: Services = field(default_factory=Services)
    digest: str = ""

    def scoring_part(self) -> Scoring:
        """Return the part by which months are scored.

        Raises:
            StoreRefused: if the rulebook was activated before there was one.

        """
        if self.scoring is None:
            raise StoreRefused(
                f"规则库 {self.digest[:12]} 没有计分部分(启用于计分功能之前)",
                remedy="请由两人运行 huimin rules activate 启用现行规则库",
            )
        return self.scoring

    def curves(self) -> Mapping[str, PlanCurve]:
        """Return the plan curves by name; none where there is no scoring part."""
        return {} if self.scoring is None else self.scoring.progress.curves


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
