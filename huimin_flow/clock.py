"""The only module that reads the system clock and randomness."""

from __future__ import annotations

import os
import random
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

#: The zone of calendars, deadlines and screens; stores keep UTC.
SHANGHAI = ZoneInfo("Asia/Shanghai")


#: Where Linux says which start of the machine this is.
_BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class Steady:
    """What a clock shows that nobody can set: milliseconds since the machine's start.

    ``boot`` names that start, "" if the machine doesn't say. Two processes of one start
    read the same clock.
    """

    milliseconds: int
    boot: str


class Clock(Protocol):
    """A source of time and randomness."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...

    def steady(self) -> Steady | None:
        """Return the steady clock, None if the time is set by hand: a rehearsal."""
        ...

    def token(self, size: int) -> bytes:
        """Return ``size`` random bytes."""
        ...


class SystemClock:
    """The machine's clock and its cryptographic randomness."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one door

    def steady(self) -> Steady | None:
        """Return the time since the machine's start, with the time it was asleep."""
        if hasattr(time, "CLOCK_BOOTTIME"):
            return Steady(time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 10**6, _boot())
        return Steady(time.monotonic_ns() // 10**6, "")

    def token(self, size: int) -> bytes:
        """Return ``size`` unguessable bytes."""
        return secrets.token_bytes(size)


class UncheckedClock(SystemClock):
    """The machine's clock in a rehearsal, where no real decision depends on it."""

    def steady(self) -> None:
        """Return None: a rehearsal's time may begin years ago."""


@dataclass
class RehearsalClock:
    """A clock that moves by ``set`` and ``advance``, with seeded randomness.

    Only a rehearsal database accepts its time.
    """

    moment: datetime
    seed: int = 0
    _random: random.Random = field(init=False, repr=False)
    _process: int = field(init=False, repr=False, default_factory=os.getpid)

    def __post_init__(self) -> None:
        """Refuse a naive moment: it means different times in different zones."""
        self.set(self.moment)
        self._random = random.Random(self.seed)  # noqa: S311 - rehearsals repeat

    def now(self) -> datetime:
        """Return the moment of the clock."""
        return self.moment

    def steady(self) -> Steady | None:
        """Return None: a rehearsal's moves are no leaps of a machine's clock."""
        return None

    def set(self, moment: datetime) -> None:
        """Move to ``moment``.

        Raises:
            ValueError: if ``moment`` is naive.

        """
        if moment.tzinfo is None:
            message = f"a time without a zone: {moment.isoformat()}"
            raise ValueError(message)
        self.moment = moment.astimezone(UTC)

    def advance(self, span: timedelta) -> None:
        """Move by ``span``."""
        self.moment += span

    def token(self, size: int) -> bytes:
        """Return ``size`` bytes from the seed; a forked process has its own."""
        if self._process != os.getpid():  # two processes never share a request id
            self._process = os.getpid()
            self._random.seed(f"{self.seed} {self._process}")
        return self._random.randbytes(size)


@dataclass
class CommandClock(RehearsalClock):
    """A rehearsal's moment for one command, with unguessable random bytes."""

    def token(self, size: int) -> bytes:
        """Return ``size`` unguessable bytes, so that two commands never share any."""
        return secrets.token_bytes(size)


@dataclass
class FollowingClock(CommandClock):
    """A rehearsal's clock for a service: ``follow`` moves it to what others record.

    It is never behind the machine's clock, unless it ``stands``.
    """

    stands: bool = False

    def now(self) -> datetime:
        """Return the present moment of the rehearsal."""
        return self.moment if self.stands else max(self.moment, SystemClock().now())

    def follow(self, moment: datetime) -> None:
        """Move to ``moment``, unless it is past."""
        if moment > self.moment:
            self.set(moment)


@cache
def _boot() -> str:
    with suppress(OSError):
        return _BOOT.read_text("ascii").strip()
    return ""


def local_day(moment: datetime) -> date:
    """Return the Shanghai day of an aware moment.

    >>> local_day(datetime(2023, 12, 14, 16, 30, tzinfo=UTC))
    datetime.date(2023, 12, 15)

    """
    return moment.astimezone(SHANGHAI).date()


def shanghai(moment: datetime) -> str:
    """Return a moment's text in Shanghai time.

    >>> shanghai(datetime.fromisoformat("2023-12-15T10:00:00+00:00"))
    '2023-12-15 18:00'

    """
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def day_to_come(moment: datetime) -> date | None:
    """Return a moment's day in Shanghai, None if no date can hold it."""
    try:
        return local_day(moment)
    except OverflowError:
        return None


def at_hour(day: date, hour: int) -> datetime:
    """Return the UTC moment of ``hour`` o'clock (0–23) in Shanghai on ``day``.

    >>> at_hour(date(2023, 12, 15), 18).isoformat()
    '2023-12-15T10:00:00+00:00'

    """
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI).astimezone(UTC)
