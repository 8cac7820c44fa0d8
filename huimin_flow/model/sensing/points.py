"""Direct-report points, 直报点, on three levels (A1, A2)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from huimin_flow.catalogue.terms import Argument, PointLevel, PointState
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
