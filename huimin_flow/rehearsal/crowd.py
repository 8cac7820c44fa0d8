"""Appeals, ratings and figures for a rehearsal, generated from a seed, in Chinese."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta

from huimin_flow.catalogue.terms import IndicatorKind, LifeStage, RatingLevel, UnitKind
from huimin_flow.clock import at_hour
from huimin_flow.model.core.organization import Organization
from huimin_flow.model.executing.plans import Indicator, Progress, Task
from huimin_flow.model.rulebook import Channels
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.model.services.catalogue import Services
from huimin_flow.model.services.ratings import Rating
from huimin_flow.rules.executing.figures import is_whole

_WHO = (
    "我是返乡农民工",
    "我是应届毕业生",
    "我是个体户",
    "我是退休职工",
    "我在平台送外卖",
    "我家里有失业人员",
    "我们企业",
)
_ASK = (
    "希望尽快解决",
    "请给个明确答复",
    "盼望能在家门口办理",
    "希望流程再简单些",
    "请公布办理时限",
    "希望加大力度",
)
_STAGES = tuple(LifeStage)
_GOOD = (
    RatingLevel.VERY_SATISFIED,
    RatingLevel.VERY_SATISFIED,
    RatingLevel.SATISFIED,
    RatingLevel.FAIRLY_SATISFIED,
)
#: The channels of ratings at a service window.
_AT_WINDOWS = frozenset({"hall_device", "qr_code"})
_BAD = (RatingLevel.DISSATISFIED, RatingLevel.VERY_DISSATISFIED)


class Crowd:
    """A generator of appeals, figures and ratings; a seed always gives the same."""

    def __init__(
        self, seed: int, organization: Organization, channels: Channels
    ) -> None:
        """Store the places and channels of appeals."""
        self._random = random.Random(seed)  # noqa: S311 - a rehearsal repeats
        self._organization = organization
        self._channels = [channel.key for channel in channels.intake]
        self._channels_of_service = sorted(channels.service)
        self._count = 0

    def chance(self, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``, both included."""
        return self._random.randint(low, high)

    def appeals(self, about: str, count: int, first: date, days: int) -> list[Appeal]:
        """Return appeals about a matter, spread over the days from ``first``."""
        places = [
            unit.code
            for unit in self._organization.units_on(first)
            if unit.kind is UnitKind.DISTRICT
        ]
        pick, appeals = self._random, []
        for _ in range(count):
            self._count += 1
            day = first + timedelta(days=pick.randrange(days))
            text = f"{pick.choice(_WHO)},关于{about},{pick.choice(_ASK)}。"
            appeals.append(
                Appeal(
                    key=f"V{self._count:06d}",
                    channel=pick.choice(self._channels),
                    who=f"p{pick.randrange(10**8):08d}",
                    district=pick.choice(places),
                    at=at_hour(day, pick.randrange(8, 18)),
                    text=text,
                    life_stage=pick.choice(_STAGES),
                )
            )
        return appeals

    def progress(
        self, item: str, task: Task, indicator: Indicator, month: str, *, weak: bool
    ) -> Progress:
        """Return a month's figure, about a sixth of the target; less if ``weak``."""
        percent = self.chance(60, 70) if weak else self.chance(100, 108)
        denominator = None
        if indicator.kind in {IndicatorKind.RATE, IndicatorKind.FULL}:
            denominator = 1000
            value = 700 if weak else 1000
        elif indicator.kind is IndicatorKind.STOCK:
            value = indicator.value * percent // 100
        elif indicator.kind is IndicatorKind.MILESTONE:
            value = int(month.endswith("12") and not weak)
        elif indicator.kind is IndicatorKind.ZERO:
            value = denominator = 0
        else:
            value = -(-indicator.value * percent // 600)
        members: tuple[str, ...] = ()
        if is_whole(indicator):
            # Each month of a half-year has its own part of the members.
            place = (int(month[5:]) - 1) % 6 * value
            members = indicator.members[place:][:value]
            value = len(members)
        return Progress(
            item=item,
            task=task.key,
            indicator=indicator.name,
            month=month,
            value=value,
            denominator=denominator,
            members=members,
        )

    def ratings(
        self, day: date, units: Sequence[str], services: Services
    ) -> list[Rating]:
        """Return a month's ratings of every unit, from the days before ``day``.

        The share of good ratings differs from unit to unit.
        """
        return [
            rating
            for place, unit in enumerate(units)
            for rating in self.ratings_of(
                day, unit, services, self.chance(38, 70), 88 + (place * 7) % 12
            )
        ]

    def ratings_of(
        self, day: date, unit: str, services: Services, count: int, good: int
    ) -> list[Rating]:
        """Return ``count`` ratings of a unit, ``good`` percent of them good."""
        windows = [window.code for window in services.windows if window.unit == unit]
        items = [item.key for item in services.items]
        pick, ratings = self._random, []
        for _ in range(count):
            self._count += 1
            level = pick.choice(_GOOD if pick.randrange(100) < good else _BAD)
            rated_on = day - timedelta(days=pick.randrange(20))
            hour = at_hour(rated_on, pick.randrange(9, 17))
            channel = pick.choice(self._channels_of_service)
            at_window = bool(windows) and channel in _AT_WINDOWS
            ratings.append(
                Rating(
                    transaction=f"R{self._count:07d}",
                    unit=unit,
                    item=pick.choice(items),
                    channel=channel,
                    level=level,
                    at=hour,
                    window=pick.choice(windows) if at_window else "",
                    person=f"s{pick.randrange(1, 9):03d}" if at_window else "",
                    who=f"c{pick.randrange(10**6):06d}" if pick.randrange(3) else "",
                )
            )
        return ratings
