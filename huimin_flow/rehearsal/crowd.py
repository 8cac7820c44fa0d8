"""Appeals, ratings and figures for a rehearsal, generated from a seed, in Chinese."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta

from huimin_flow.catalogue.terms import IndicatorKind, RatingLevel, UnitKind
from huimin_flow.clock import at_hour
from huimin_flow.model.core.organization import Organization
from huimin_flow.model.executing.plans import Indicator, Progress, Task
from huimin_flow.model.rulebook import Channels
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.model.services.catalogue import Services
from huimin_flow.model.services.ratings import Rating, rating_of
from huimin_flow.rehearsal.topics import CITY, UNLIKE, Topic
from huimin_flow.rehearsal.words import Words
from huimin_flow.rules.executing.figures import is_whole

#: How people begin, and what they ask for.
_BEGUN = (
    "您好",
    "领导好",
    "请问",
    "反映一个问题",
    "我是本地居民",
    "替家里老人反映",
    "上次反映过",
)
_ASK = (
    "希望尽快解决",
    "请给个明确答复",
    "盼望能在家门口办理",
    "希望流程再简单些",
    "请公布办理时限",
    "希望加大力度",
)
#: One of so many appeals about a problem of one place tells of it from another.
_ELSEWHERE = 9

_MINUTES = (0, 8, 17, 25, 34, 42, 51)
_GOOD = (
    RatingLevel.VERY_SATISFIED,
    RatingLevel.VERY_SATISFIED,
    RatingLevel.SATISFIED,
    RatingLevel.FAIRLY_SATISFIED,
)
#: The channels of ratings at a service window.
_AT_WINDOWS = frozenset({"hall_device", "qr_code"})
#: One of so many raters gives no name, and nobody can call back.
_ANONYMOUS = 8
_PEOPLE = tuple(f"s{number:03d}" for number in range(1, 9))
_BAD = (RatingLevel.DISSATISFIED, RatingLevel.VERY_DISSATISFIED)


class Crowd:
    """A generator of appeals, figures and ratings; a seed always gives the same."""

    def __init__(
        self,
        seed: int,
        organization: Organization,
        channels: Channels,
        complaints: Collection[str],
    ) -> None:
        """Store the places and channels of appeals; some channels bring complaints."""
        self._random = random.Random(seed)  # noqa: S311 - a rehearsal repeats
        # Words have their own, so that no figure moves when a text does.
        self._words = Words(seed)
        self._organization = organization
        source = organization.places
        self._towns = {} if source is None else source.towns
        #: Of what each appeal tells, and from which place, as a reader finds it.
        self.problems: dict[tuple[str, str], tuple[str, str]] = {}
        keys = [channel.key for channel in channels.intake]
        self._channels = [key for key in keys if key not in complaints]
        self._of_complaints = sorted(complaints)
        self._channels_of_service = sorted(channels.service)
        self._count = 0

    def chance(self, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``, both included."""
        return self._random.randint(low, high)

    def appeals(
        self,
        topic: Topic | None,
        count: int,
        first: date,
        days: int,
        place: str = "",
    ) -> list[Appeal]:
        """Return questions and proposals about a topic, in the days from ``first``.

        They come from any district, or from one ``place`` and some from elsewhere.
        Without a topic they are about the problems of the places' windows.
        """
        places = [
            unit.code
            for unit in self._organization.units_on(first)
            if unit.kind is UnitKind.DISTRICT
        ]
        appeals = []
        for number in range(1, count + 1):
            drawn = self._random.choice(places)
            own = place if number % _ELSEWHERE else ""
            appeals.append(
                self._appeal(topic, self._channels, own or drawn, first, days)
            )
        return appeals

    def unlike(self, appeals: list[Appeal]) -> Appeal:
        """Let the last of some appeals tell of another problem in like words."""
        title, text = self._words.told(UNLIKE, _BEGUN[0], _ASK[0], brief=False)
        appeals[-1] = changed = replace(appeals[-1], title=title, text=text)
        self.problems[changed.channel, changed.key] = title, changed.district
        return changed

    def complaints(
        self, unit: str, topic: Topic | None, count: int, first: date, days: int
    ) -> list[Appeal]:
        """Return complaints about the windows of a district or zone."""
        return [
            self._appeal(topic, self._of_complaints, unit, first, days)
            for _ in range(count)
        ]

    def _appeal(
        self,
        topic: Topic | None,
        channels: list[str],
        place: str,
        first: date,
        days: int,
    ) -> Appeal:
        pick = self._random
        self._count += 1
        day = first + timedelta(days=pick.randrange(days))
        key, channel = f"V{self._count:06d}", pick.choice(channels)
        who = f"p{pick.randrange(10**8):08d}"
        at = at_hour(day, pick.randrange(8, 18))
        begun, ask = pick.choice(_BEGUN), pick.choice(_ASK)
        at += timedelta(minutes=pick.choice(_MINUTES))
        windows = topic is None
        if topic is None:
            towns = self._towns.get(place) or {"": self._organization.name_of(place)}
            half = f"{day.year}H{(day.month + 5) // 6}"
            topic = self._words.at_windows(place, half, [*towns.values()])
        told = self._words.told(topic, begun, ask, brief=not windows)
        everywhere = topic in CITY.values()
        self.problems[channel, key] = (
            "|".join(topic.points),
            "" if everywhere else place,
        )
        return Appeal(
            key=key,
            channel=channel,
            who=who,
            district=place,
            at=at,
            title=told.title,
            text=told.text,
            life_stage=topic.stage,
        )

    def progress(
        self,
        item: str,
        task: Task,
        indicator: Indicator,
        month: str,
        pace: tuple[int, int],
    ) -> Progress:
        """Return a month's figure: between two percents of a sixth of the target."""
        percent = self.chance(*pace)
        weak = percent < 100
        denominator = None
        if indicator.kind in {IndicatorKind.RATE, IndicatorKind.FULL}:
            denominator = 1000
            value = 700 if weak else 1000
        elif indicator.kind is IndicatorKind.STOCK:
            # “左右” allows 5 % more, not 8.
            value = indicator.value * min(percent, 104) // 100
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
        self, day: date, unit: str, services: Services, count: int, bad: int
    ) -> list[Rating]:
        """Return a unit's ratings of the 20 days up to ``day``, some of them bad.

        The number of bad ones is exact: if chance drew it, the color of a unit would
        change from month to month without any cause.
        """
        windows = [window.code for window in services.windows if window.unit == unit]
        pick = self._random
        hours = [
            at_hour(day - timedelta(days=back), hour)
            for back in range(20)
            for hour in range(9, 17)
        ]
        levels = [*pick.choices(_BAD, k=bad), *pick.choices(_GOOD, k=count - bad)]
        ratings = []
        for level, item, channel, at, person, who in zip(
            levels,
            pick.choices([item.key for item in services.items], k=count),
            pick.choices(self._channels_of_service, k=count),
            pick.choices(hours, k=count),
            pick.choices(_PEOPLE, k=count),
            pick.choices(range(10**6), k=count),
            strict=True,
        ):
            self._count += 1
            at_window = bool(windows) and channel in _AT_WINDOWS
            ratings.append(
                rating_of(
                    f"R{self._count:07d}",
                    unit,
                    item,
                    channel,
                    level,
                    at,
                    pick.choice(windows) if at_window else "",
                    person if at_window else "",
                    f"c{who:06d}" if who % _ANONYMOUS else "",
                )
            )
        return ratings
