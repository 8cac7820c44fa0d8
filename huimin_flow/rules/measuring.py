"""Measuring: what a month's facts say of each unit, and nothing typed in (D5, C4)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date
from functools import cached_property
from typing import Final

from huimin_flow.catalogue.terms import (
    FollowUpState,
    Measure,
    Pace,
    StreamKind,
    UnitKind,
)
from huimin_flow.model.event import Event
from huimin_flow.model.indicator import Progress
from huimin_flow.model.period import last_day
from huimin_flow.model.rating import Owed, RatingCount
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.score import Reading
from huimin_flow.model.value import value
from huimin_flow.rules import pacing
from huimin_flow.rules.due import Reign
from huimin_flow.rules.follow_up import kept, owed_answers
from huimin_flow.rules.progress import TaskPace, paces
from huimin_flow.rules.running import Running, running

RULE: Final = "measuring"
REVISION: Final = 1

#: How many streams a source names; the others are counted.
_NAMED: Final = 5
_AND: Final = "、"

#: By indicator, by unit: what was counted.
Readings = dict[str, dict[str, Reading]]


@value
class Appeals:
    """How many appeals of a month a unit had by a channel, in one batch."""

    unit: str
    channel: str
    batch: int
    count: int


@value
class BadRatingActs:
    """A bad rating of a day, and the states its follow-up came to, with their days."""

    unit: str
    transaction: str
    day: date
    acts: tuple[tuple[FollowUpState, date], ...]


@value
class MonthFacts:
    """What is stored of a month, as it was known at a cut.

    ``ratings`` are counted by unit, ``rated_in`` names the batches that hold them,
    ``set_aside`` the units and follow-ups of ratings that don't count. ``histories``
    are the events of items that may have run, ``reports`` their progress, and
    ``reported_in`` (item, task, batch) of every report up to the month. ``reigns``
    are the rulebooks by which answers to ``bad_ratings`` fall due.
    """

    period: str
    ratings: tuple[RatingCount, ...] = ()
    rated_in: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    set_aside: tuple[tuple[str, str], ...] = ()
    appeals: tuple[Appeals, ...] = ()
    histories: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)
    reports: Mapping[str, tuple[Progress, ...]] = field(default_factory=dict)
    reported_in: tuple[tuple[str, str, int], ...] = ()
    bad_ratings: tuple[BadRatingActs, ...] = ()
    reigns: tuple[Reign, ...] = ()


def facts_needed(book: Rulebook) -> frozenset[str]:
    """Return which parts of a month's facts the rulebook's indicators count.

    They are of "ratings", "appeals", "histories", "reports" and "bad_ratings".
    """
    counted = {one.counted for one in book.scoring.index.indicators}
    return frozenset(part for one in counted & set(COUNTED) for part in COUNTED[one][1])


def readings(
    facts: MonthFacts, book: Rulebook, pace: Callable[..., pacing.Standing]
) -> Readings:
    """Return what the rulebook's indicators measure, by their keys.

    ``pace`` holds an indicator's reports against its plan, as ``pacing.standing``
    does. What cannot be counted for a unit is absent.
    """
    month = _Month(facts, book, pace)
    return {
        one.key: COUNTED[one.counted][0](month)
        for one in book.scoring.index.indicators
        if one.counted in COUNTED
    }


class _Month:
    """A month's facts, with what several measures look at."""

    def __init__(
        self, facts: MonthFacts, book: Rulebook, pace: Callable[..., pacing.Standing]
    ) -> None:
        self.facts = facts
        self.book = book
        self.pace = pace
        self.last = last_day(facts.period)
        self.first = self.last.replace(day=1)

    @cached_property
    def rated(self) -> dict[str, Reading]:
        """Return by unit its good ratings, of all that were not set aside."""
        aside: dict[str, list[str]] = defaultdict(list)
        for unit, stream in self.facts.set_aside:
            aside[unit].append(stream)
        return {
            unit: Reading(
                numerator=count.good.part,
                denominator=count.good.whole,
                source=batches_text(self.facts.rated_in.get(unit, ())),
                excluded=len(aside[unit]),
                why=named(aside[unit]),
            )
            for count in self.facts.ratings
            for (unit,) in [count.of]
        }

    @cached_property
    def running(self) -> tuple[Running, ...]:
        """Return the items that ran in the month."""
        return running(self.facts.histories, self.last)


def _satisfaction(month: _Month) -> dict[str, Reading]:
    """Count ratings that are not bad, of all that were not set aside."""
    return month.rated


def _caseload(month: _Month) -> dict[str, Reading]:
    """Count rated transactions by residents, where a unit has any."""
    residents = {one.code: one.population for one in month.book.organization.units}
    known = StreamKind.RULEBOOK.key(month.book.digest[:12])
    return {
        unit: Reading(
            numerator=good.denominator or 0,
            denominator=people,
            source=good.source,
            denominator_source=known,
        )
        for unit, good in month.rated.items()
        if (people := residents.get(unit)) is not None
    }


def _complaints(month: _Month) -> dict[str, Reading]:
    """Count complaints by rated transactions.

    None is zero only where complaints of the month were reported of units of
    the same kind; else nobody looked, and nothing is said. Complaints of places that
    lie in no known unit count for none, and stand beside.
    """
    chosen = month.book.scoring.index.complaints
    complaints: Counter[str] = Counter()
    batches: dict[str, set[int]] = defaultdict(set)
    for one in month.facts.appeals:
        if chosen is None or one.channel in chosen.channels:
            complaints[one.unit] += one.count
            batches[one.unit].add(one.batch)
    kinds = {one.code: one.kind for one in month.book.organization.units}
    unplaced = sum(count for unit, count in complaints.items() if unit not in kinds)
    looked: dict[UnitKind, set[int]] = {}
    for unit in complaints:
        if unit in kinds:
            looked.setdefault(kinds[unit], set()).update(batches[unit])
    return {
        unit: Reading(
            numerator=complaints[unit],
            denominator=good.denominator,
            source=good.source,
            numerator_source=batches_text(
                sorted(batches.get(unit) or looked[kinds[unit]])
            ),
            unplaced=unplaced,
        )
        for unit, good in month.rated.items()
        if kinds.get(unit) in looked
    }


def _implementation(month: _Month) -> dict[str, Reading]:
    """Count indicators on time or ahead, of all of the tasks that run."""
    by_unit: dict[str, list[TaskPace]] = defaultdict(list)
    for one in paces(
        month.running, month.facts.reports, month.book, day=month.last, pace=month.pace
    ):
        by_unit[one.unit].append(one)
    batches: dict[tuple[str, str], list[int]] = defaultdict(list)
    for item, task, batch in month.facts.reported_in:
        batches[item, task].append(batch)
    return {unit: _on_time(mine, batches) for unit, mine in by_unit.items()}


def _on_time(
    mine: Sequence[TaskPace], batches: Mapping[tuple[str, str], Sequence[int]]
) -> Reading:
    """Return how many of a unit's indicators are on time, and name the others."""
    items = _AND.join(
        StreamKind.ITEM.key(one) for one in sorted({one.item for one in mine})
    )
    tasks = {(one.item, one.task) for one in mine}
    reported = sorted({batch for task in tasks for batch in batches.get(task, ())})
    late = [one for one in mine if one.standing.pace not in {Pace.ON_TIME, Pace.AHEAD}]
    return Reading(
        numerator=len(mine) - len(late),
        denominator=len(mine),
        source=items,
        numerator_source=f"{items}; {batches_text(reported)}",
        late=tuple(
            f"{StreamKind.ITEM.key(one.item)}/{one.task}/{one.indicator.name}"
            for one in late
        ),
    )


def _tasks_on_time(month: _Month) -> dict[str, Reading]:
    """Count tasks whose item was executed by their due day.

    Of those executed in the month, and those overdue at its end.
    """
    found = (
        (task.unit, kept(owed, month.last, first=month.first), stream)
        for item in month.running
        for stream in [StreamKind.ITEM.key(item.number)]
        for task in item.plan.tasks
        for owed in [Owed(due=task.due, closed=item.ended)]
    )
    return _shares(found)


def _follow_ups_on_time(month: _Month) -> dict[str, Reading]:
    """Count answers to bad ratings that were given within their working days.

    Of those given in the month, and those overdue at its end.
    """
    found = (
        (rating.unit, kept(owed, month.last, first=month.first), stream)
        for rating in month.facts.bad_ratings
        for stream in [StreamKind.FOLLOW_UP.key(rating.transaction)]
        for owed in owed_answers(rating.day, rating.acts, month.facts.reigns)
    )
    return _shares(found, named)


def _shares(
    cases: Iterable[tuple[str, bool | None, str]],
    say: Callable[[Sequence[str]], str] = _AND.join,
) -> dict[str, Reading]:
    """Return by unit the good of its cases that count, and the streams they are of."""
    good: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    streams: dict[str, set[str]] = defaultdict(set)
    for unit, fits, stream in cases:
        if fits is not None:
            good[unit] += fits
            whole[unit] += 1
            streams[unit].add(stream)
    return {
        unit: Reading(
            numerator=good[unit],
            denominator=whole[unit],
            source=say(sorted(streams[unit])),
        )
        for unit in whole
    }


def named(streams: Sequence[str]) -> str:
    """Return streams as text, the first few by name."""
    more = f" ……({len(streams)})" if len(streams) > _NAMED else ""
    return _AND.join(streams[:_NAMED]) + more


def batches_text(numbers: Sequence[int]) -> str:
    """Return batches as text: ``batch/7、batch/9``, many as ``batch/7–90 (30)``."""
    if not numbers:
        return StreamKind.BATCH.key("none")
    if len(numbers) <= _NAMED:
        return _AND.join(StreamKind.BATCH.key(one) for one in numbers)
    first = StreamKind.BATCH.key(numbers[0])
    return f"{first}–{numbers[-1]} ({len(numbers)})"


#: What can be counted, and of which facts; every word of ``Measure`` is here.
COUNTED: Final[
    Mapping[str, tuple[Callable[[_Month], dict[str, Reading]], tuple[str, ...]]]
] = {
    Measure.IMPLEMENTATION: (_implementation, ("histories", "reports")),
    Measure.CASELOAD: (_caseload, ("ratings",)),
    Measure.COMPLAINT_RATE: (_complaints, ("ratings", "appeals")),
    Measure.SATISFACTION: (_satisfaction, ("ratings",)),
    Measure.TASKS_ON_TIME: (_tasks_on_time, ("histories",)),
    Measure.FOLLOW_UPS_ON_TIME: (_follow_ups_on_time, ("bad_ratings",)),
}
