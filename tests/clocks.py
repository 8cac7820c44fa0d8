"""A machine's clock for tests: its wall clock can be set, its steady clock can't."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from huimin_flow.clock import RehearsalClock, Steady


@dataclass
class MachineClock(RehearsalClock):
    """A clock on which time passes by ``advance`` and which ``leap`` sets wrong.

    ``boot`` names the start of the machine.
    """

    boot: str = "first"
    running: int = 1_000_000

    def steady(self) -> Steady:
        return Steady(self.running, self.boot)

    def advance(self, span: timedelta) -> None:
        super().advance(span)
        self.running += span // timedelta(milliseconds=1)

    def leap(self, span: timedelta) -> None:
        """Set the wall clock; the steady clock doesn't notice."""
        self.moment += span

    def restart(self) -> None:
        """Start the machine again: its steady clock begins anew."""
        self.boot, self.running = f"{self.boot}+", 1_000
