"""Which districts lack a direct-report point of a level, and which points are silent.

A point is silent if no appeal of the period names it, and it was open all that time
(A2). Appeals are counted by 10,000 residents, so that districts compare (E3).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from huimin_flow.catalogue.reasons import CoverageCode
from huimin_flow.catalogue.terms import PointLevel, UnitKind
from huimin_flow.model.core.events import Reason
from huimin_flow.model.core.organization import Organization
from huimin_flow.model.core.places.resolver import resolver_of
from huimin_flow.model.core.values import value
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.sensing.points import ReportingPoint

#: The channel of the points.
CHANNEL = "reporting_point"

#: The kinds of units that have points.
COVERED = frozenset({UnitKind.DISTRICT, UnitKind.ZONE})


@value
class DistrictCoverage:
    """What the points of a district cover on a day (A2, E3).

    ``points`` counts those of each level, ``lacking`` are wanted levels without one.
    ``covered`` of its ``towns`` have a point of their own or of one of their villages.
    ``silent`` are the keys of points without an appeal in the period. ``appeals`` are
    those of the period from all channels, ``per_10000`` by 10,000 residents, as decimal
    text, None without residents. ``people`` are those with a code, ``flaws`` parts that
    are greater than their whole.
    """

    unit: str
    points: Mapping[PointLevel, int]
    lacking: tuple[PointLevel, ...]
    towns: int
    covered: int
    silent: tuple[str, ...]
    appeals: int
    per_10000: str | None
    people: int = 0
    flaws: tuple[Reason, ...] = ()


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


def coverage(
    book: Rulebook,
    day: date,
    points: Iterable[ReportingPoint],
    heard: Mapping[str, date],
    appeals: Iterable[tuple[str, int, int]],
    *,
    unnamed: int = 0,
) -> PointCoverage:
    """Return what the points of all districts cover on a day.

    ``heard`` is the last day on which an appeal named a point. ``appeals`` are the
    places of the period's appeals, as stored, with the numbers of appeals and people.
    """
    organization, days = book.organization, book.channels.points.silent_days.value
    counts, people = _by_unit(organization, day, appeals)
    own: defaultdict[str, list[ReportingPoint]] = defaultdict(list)
    for point in points:
        if point.takes_on(day):
            own[organization.heir(point.unit, day)].append(point)
    places, districts = organization.places, []
    spoke = CoverageCode.PEOPLE_ABOVE_RESIDENTS
    pointed = CoverageCode.POINTS_ABOVE_TOWNS
    for unit in organization.units_on(day):
        if unit.kind not in COVERED:
            continue
        mine, levels = own[unit.code], Counter(point.level for point in own[unit.code])
        units = organization.answers_for(unit.code, day)
        towns = () if places is None else places.towns_in(units, day)
        silent = (p for p in mine if is_silent(p, heard.get(p.key), day, days))
        per = None
        if unit.population:
            exact = Decimal(counts[unit.code]) * 10_000 / unit.population
            per = str(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))
        districts.append(
            DistrictCoverage(
                unit=unit.code,
                points={level: levels[level] for level in PointLevel},
                lacking=tuple(
                    level for level in wanted_levels(book) if not levels[level]
                ),
                towns=len(towns),
                covered=len({point.town for point in mine}.intersection(towns)),
                silent=tuple(point.key for point in silent),
                appeals=counts[unit.code],
                per_10000=per,
                people=people[unit.code],
                flaws=tuple(
                    Reason.of(code, unit=unit.code, count=part, whole=whole)
                    for code, part, whole in (
                        (spoke, people[unit.code], unit.population),
                        (pointed, levels[PointLevel.TOWN], len(towns)),
                    )
                    if whole and part > whole
                ),
            )
        )
    return PointCoverage(
        day=day,
        days=days,
        districts=tuple(districts),
        unplaced=counts[""],
        unnamed=unnamed,
    )


def _by_unit(
    organization: Organization, day: date, appeals: Iterable[tuple[str, int, int]]
) -> tuple[Counter[str], Counter[str]]:
    """Return how many appeals each unit has, and from how many people at least."""
    resolver = resolver_of(organization)
    counts, people = Counter[str](), Counter[str]()
    for place, count, named in appeals:
        lies_in = resolver.unit_of(place, day)
        heir = organization.heir(lies_in, day) if lies_in else ""
        counts[heir] += count
        people[heir] = max(people[heir], named)  # one may be in several spellings
    return counts, people


def wanted_levels(book: Rulebook) -> tuple[PointLevel, ...]:
    """Return the levels on which the rulebook wants a point in each district."""
    channels = book.channels.intake
    return next((each.levels for each in channels if each.key == CHANNEL), ())


def is_silent(point: ReportingPoint, heard: date | None, day: date, days: int) -> bool:
    """Return whether a point was open for some days before a day, and not named.

    >>> from huimin_flow.catalogue.terms import PointLevel
    >>> point = ReportingPoint(
    ...     key="point/0001", name="甲", level=PointLevel.DISTRICT, unit="500101",
    ...     town="", village="", opened_on=date(2026, 1, 1),
    ... )
    >>> [is_silent(point, None, date(2026, 1, day), 10) for day in (10, 11)]
    [False, True]
    >>> is_silent(point, date(2026, 1, 1), date(2026, 1, 11), 10)
    False

    """
    first = day - timedelta(days=days)
    return point.opened_on <= first and (heard is None or heard < first)
