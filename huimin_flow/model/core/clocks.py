"""What is known of the machine's clock: marks, bounds, and what people said of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated

from huimin_flow.clock import Steady
from huimin_flow.model.core.rules import Bounds, Figure
from huimin_flow.model.core.values import value


@value
class ClockBounds:
    """How far a clock is trusted.

    A difference of more than ``leap_minutes`` between the clock and the steady clock,
    or the database server's, is a leap. After more than ``gap_days`` without a record
    a person confirms the time.
    """

    leap_minutes: Annotated[Figure, Bounds(1, 60)] = Figure(value=10, source="ours")
    gap_days: Annotated[Figure, Bounds(1, 400)] = Figure(value=60, source="ours")

    @property
    def leap(self) -> timedelta:
        """Return the smallest difference that is a leap."""
        return timedelta(minutes=self.leap_minutes.value)

    @property
    def gap(self) -> timedelta:
        """Return the longest silence that is taken for a downtime."""
        return timedelta(days=self.gap_days.value)


@value
class Mark:
    """A moment, aware UTC, at which the clock was trusted.

    ``steady`` is what the steady clock showed then, in milliseconds of the machine's
    start ``boot``. ``apart`` is by how many milliseconds the clock was ahead of the
    database server's, as a person confirmed.
    """

    at: datetime
    steady: int
    boot: str
    apart: int = 0

    def expected(self, steady: Steady) -> datetime:
        """Return the moment that a right clock shows at a steady clock's reading."""
        return self.at + timedelta(milliseconds=steady.milliseconds - self.steady)

    @property
    def name(self) -> str:
        """Return the name under which a database keeps it."""
        return mark_of(self.boot)

    @property
    def text(self) -> str:
        """Return it as the text that ``from_text`` reads."""
        return f"{self.at.isoformat()} {self.steady} {self.apart}"

    @classmethod
    def of(cls, at: datetime, steady: Steady, apart: int) -> Mark:
        """Return the mark of a moment, at a steady clock's reading."""
        return cls(at=at, steady=steady.milliseconds, boot=steady.boot, apart=apart)

    @classmethod
    def from_text(cls, boot: str, text: str) -> Mark | None:
        """Return the mark of a text, None if it is none: the row may be edited."""
        try:
            at, steady, apart = text.split(" ")
            moment = datetime.fromisoformat(at).astimezone(UTC)
            return cls(at=moment, steady=int(steady), boot=boot, apart=int(apart))
        except (ValueError, OverflowError):
            return None


def mark_of(boot: str) -> str:
    """Return the name of the mark of a machine's start."""
    return f"mark:{boot}"


@dataclass
class Trust:
    """How far a process trusts its clock, and the last moment at which it did."""

    bounds: ClockBounds = field(default_factory=ClockBounds)
    mark: Mark | None = None


@value
class ClockRecord:
    """What people said of the time, as the stream ``clock`` records it.

    A confirmation has the confirmed ``moment``. A declaration says that the records
    from the position ``first`` to ``last`` have a wrong time; time goes on from
    ``moment``. Moments are UTC text.
    """

    key: str
    moment: str
    reason: str = ""
    first: int = 0
    last: int = 0
    version: int = 1
