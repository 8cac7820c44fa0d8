"""Direct-report points, 直报点, on three levels, and what they cover (A1, A2, E3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from huimin_flow.catalogue.terms import Argument, PointLevel, PointState
from huimin_flow.model.core.events import Reason
from huimin_flow.model.core.values import value


@value
class PointEntry:
    """A point to register: ``locality`` is its place as written, down to its level.

    ``in_charge`` is a post or another code, never a name; "" for nobody yet.
    """

    name: Annotated[str, Argument.NAME]
    level: PointLevel
    locality: Annotated[str, Argument.LOCALITY]
    in_charge: Annotated[str, Argument.IN_CHARGE] = ""
    opened_on: Annotated[date | None, Argument.OPENED_ON] = None


@value
class ReportingPoint:
    """A direct-report point as its last event left it.

    ``unit`` is its district's code, ``town`` a town's code or "", ``village`` a name or
    "". It takes appeals from ``opened_on`` (inclusive) to ``closed_on`` (exclusive).
    """

    key: str
    name: str
    level: PointLevel
    unit: str
    town: str
    village: str
    opened_on: date
    in_charge: str = ""
    closed_on: date | None = None
    reason: str = ""
    state: PointState = PointState.IN_USE
    version: int = 0

    def takes_on(self, day: date) -> bool:
        """Return whether it takes appeals on a day."""
        over = self.closed_on is not None and self.closed_on <= day
        return self.opened_on <= day and not over


@value
class RefusedPoint:
    """An entry that was not registered: its place in the list, from 1, and why."""

    index: int
    reason: Reason


@value
class PointIntake:
    """The result of registering several points: known ones are not kept again."""

    kept: tuple[str, ...] = ()
    known: int = 0
    refused: tuple[RefusedPoint, ...] = ()


@value
class DistrictCoverage:
    """What the points of a district cover on a day (A2, E3).

    ``points`` counts those of each level, ``lacking`` are wanted levels without one.
    ``covered`` of its ``towns`` have a point of their own or of one of their villages.
    ``silent`` are the keys of points without an appeal in the period. ``appeals`` are
    those of the period from all channels, ``per_10000`` by 10,000 residents, as decimal
    text, None without residents.
    """

    unit: str
    points: Mapping[PointLevel, int]
    lacking: tuple[PointLevel, ...]
    towns: int
    covered: int
    silent: tuple[str, ...]
    appeals: int
    per_10000: str | None


@value
class PointCoverage:
    """The coverage of all districts on a day.

    The period are the ``days`` before the day. ``unplaced`` of its appeals are of
    unknown places and could raise any district's figure; ``unnamed`` came through the
    channel of the points without naming one and could break a silence.
    """

    day: date
    days: int
    districts: tuple[DistrictCoverage, ...]
    unplaced: int
    unnamed: int
