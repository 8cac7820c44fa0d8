"""Measuring: each unit's readings, counted from a month's facts alone (D5, C4)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import Final

from huimin_flow.catalogue.terms import (
    FollowUpState,
    Measure,
    Pace,
    StreamKind,
    UnitKind,
)
from huimin_flow.model.core.periods import last_day
from huimin_flow.model.core.places.resolver import resolver_of
from huimin_flow.model.core.values import value
from huimin_flow.model.executing.feeds import Business
from huimin_flow.model.executing.plans import Progress, SheetLine
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.scoring.scores import Deduction, Reading
from huimin_flow.model.services.ratings import Deadline, RatingCount
from huimin_flow.rules.core.due import Activation
from huimin_flow.rules.executing import pacing
from huimin_flow.rules.executing.progress import paces
from huimin_flow.rules.executing.running import Running, RunStep, running
from huimin_flow.rules.scoring.complaints import Linked, answering
from huimin_flow.rules.services.follow_ups import answer_deadlines, answers_due, on_time

RULE: Final = "measuring"
REVISION: Final = 1

#: How many streams a source names; the rest is a number.
_NAMED: Final = 5
_AND: Final = "、"

#: The measures whose denominator is residents.
BY_RESIDENTS: Final = frozenset({Measure.CASELOAD, Measure.BUSINESS})

#: By indicator, by unit: what was counted.
Readings = dict[str, dict[str, Reading]]


@value
class Appeals:
    """The number of a place's appeals of a month by channel and batch.

    ``unit`` is a unit's code, or the place as written.
    """

    unit: str
    channel: str
    batch: int
    count: int


@value
class BadRatingActs:
    """A bad rating of a day, and the states of its follow-up with their days."""

    unit: str
    transaction: str
    day: date
    acts: tuple[tuple[FollowUpState, date], ...]


@value
class MonthFacts:
    """The stored facts of a month, as known at a cut.

    ``ratings`` are counts by unit, ``rated_in`` names the batches that contain them,
    ``set_aside`` the units and follow-ups of ratings that don't count. ``linked`` are
    the appeals that items have by their last known links. ``histories``
    are the steps of items that may have run, ``reports`` their progress, and
    ``reported_in`` (item, task, batch) of every report up to the month. ``activations``
    are the rulebooks by which answers to ``bad_ratings`` fall due. ``business`` is what
    feeds have brought, ``awaited`` the (unit, service item) of the month before whose
    feed is still open.
    ``deductions`` are those of findings, by unit.
    """

    period: str
    ratings: tuple[RatingCount, ...] = ()
    rated_in: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    set_aside: tuple[tuple[str, str], ...] = ()
    appeals: tuple[Appeals, ...] = ()
    linked: tuple[Linked, ...] = ()
    histories: Mapping[str, tuple[RunStep, ...]] = field(default_factory=dict)
    reports: Mapping[str, Sequence[Progress]] = field(default_factory=dict)
    reported_in: tuple[tuple[str, str, int], ...] = ()
    bad_ratings: tuple[BadRatingActs, ...] = ()
    business: tuple[Business, ...] = ()
    awaited: frozenset[tuple[str, str]] = frozenset()
    activations: tuple[Activation, ...] = ()
    deductions: Mapping[str, tuple[Deduction, ...]] = field(default_factory=dict)


def facts_needed(book: Rulebook) -> frozenset[str]:
    """Return the parts of a month's facts that the rulebook's indicators count.

    The parts are "ratings", "appeals", "linked", "histories", "reports",
    "bad_ratings" and "business".
    """
    counted = {indicator.counted for indicator in book.scoring.index.indicators}
    return frozenset(part for key in counted & set(COUNTED) for part in COUNTED[key][1])


def readings(
    facts: MonthFacts, book: Rulebook, pace: Callable[..., pacing.IndicatorPace]
) -> Readings:
    """Return the readings of the rulebook's indicators, by their keys.

    ``pace`` compares an indicator's reports with its plan, as ``pacing.indicator_pace``
    does. A unit for which nothing can be counted is absent.
    """
    month = _Month(facts, book, pace)
    return {
        indicator.key: COUNTED[indicator.counted][0](month)
        for indicator in book.scoring.index.indicators
        if indicator.counted in COUNTED
    }


class _Month:
    """A month's facts, with a method for each measure and the values they share."""

    def __init__(
        self,
        facts: MonthFacts,
        book: Rulebook,
        pace: Callable[..., pacing.IndicatorPace],
    ) -> None:
        self.facts = facts
        self.book = book
        self.pace = pace
        self.last = last_day(facts.period)
        self.first = self.last.replace(day=1)
        self._heirs: dict[str, str] = {}

    @cached_property
    def rated(self) -> dict[str, Reading]:
        """Return by unit its good ratings, out of those that were not set aside.

        Ratings of a unit that ended by the month's end are its successor's.
        """
        aside: dict[str, list[str]] = defaultdict(list)
        for unit, stream in self.facts.set_aside:
            aside[self.heir(unit)].append(stream)
        good: Counter[str] = Counter()
        whole: Counter[str] = Counter()
        batches: dict[str, set[int]] = defaultdict(set)
        for count in self.facts.ratings:
            (own,) = count.of
            unit = self.heir(own)
            good[unit] += count.good.part
            whole[unit] += count.good.whole
            batches[unit].update(self.facts.rated_in.get(own, ()))
        return {
            unit: Reading(
                numerator=good[unit],
                denominator=whole[unit],
                source=batches_text(sorted(batches[unit])),
                excluded=len(aside[unit]),
                why=named(aside[unit]),
            )
            for unit in whole
        }

    def heir(self, unit: str) -> str:
        """Return the unit that is responsible for a unit's acts at the month's end."""
        if unit not in self._heirs:
            self._heirs[unit] = self.book.organization.heir(unit, self.last)
        return self._heirs[unit]

    @cached_property
    def running(self) -> tuple[Running, ...]:
        """Return the items that ran in the month."""
        return running(self.facts.histories, self.last)

    def caseload(self) -> dict[str, Reading]:
        """Count rated transactions by residents."""
        cases = {u: (r.denominator or 0, r.source) for u, r in self.rated.items()}
        return self._by_residents(cases)

    def _by_residents(self, cases: Mapping[str, tuple[int, str]]) -> dict[str, Reading]:
        """Return readings of (number, source), for units whose residents are known."""
        people = {u.code: u.population for u in self.book.organization.units}
        return {
            unit: Reading(
                numerator=number,
                denominator=people[unit],
                source=source,
                denominator_source=StreamKind.RULEBOOK.key(self.book.digest[:12]),
            )
            for unit, (number, source) in cases.items()
            if people.get(unit) is not None
        }

    def business(self) -> dict[str, Reading]:
        """Count the business that feeds have brought by residents.

        A unit has no figure if a service item of the month before is awaited still: a
        feed that stops is missed, and a sum without it would look like less business.
        """
        cases: Counter[str] = Counter()
        batches: dict[str, set[int]] = defaultdict(set)
        for each in self.facts.business:
            unit = self.heir(each.unit)
            cases[unit] += each.value
            batches[unit].add(each.batch)
        arrived = {(each.unit, each.service) for each in self.facts.business}
        lacking = {self.heir(unit) for unit, _ in self.facts.awaited - arrived}
        counted = {
            unit: (cases[unit], batches_text(sorted(of)))
            for unit, of in batches.items()
            if unit not in lacking
        }
        return self._by_residents(counted)

    def complaints(self) -> dict[str, Reading]:
        """Count complaints by rated transactions.

        A place in any spelling is its unit; beside it, a complaint is that of the
        division or agency that answers for its item: the item's unit, or the lead unit
        of its area if the unit is of another kind. A unit without complaints has 0 only
        if the month has complaints about units of the same kind; otherwise it has no
        reading. Complaints of places outside all known units count for no unit and are
        shown as ``unplaced``.
        """
        chosen = self.book.scoring.index.complaints
        kinds = {unit.code: unit.kind for unit in self.book.organization.units}
        complaints: Counter[str] = Counter()
        batches: dict[str, set[int]] = defaultdict(set)
        unit_of = resolver_of(self.book.organization).unit_of
        for appeals in self.facts.appeals:
            if chosen is None or appeals.channel in chosen.channels:
                unit = self.heir(unit_of(appeals.unit, self.last))
                complaints[unit] += appeals.count
                batches[unit].add(appeals.batch)
        for linked in self.facts.linked:
            if chosen is None or linked.channel in chosen.channels:
                unit = answering(linked, self.book.organization, self.heir)
                if unit:
                    complaints[unit] += linked.count
                    batches[unit].add(linked.batch)
        unplaced = sum(n for unit, n in complaints.items() if unit not in kinds)
        reported: dict[UnitKind, set[int]] = defaultdict(set)
        for unit in complaints.keys() & kinds:
            reported[kinds[unit]] |= batches[unit]
        return {
            unit: Reading(
                numerator=complaints[unit],
                denominator=good.denominator,
                source=good.source,
                numerator_source=batches_text(
                    sorted(batches.get(unit) or reported[kinds[unit]])
                ),
                unplaced=unplaced,
            )
            for unit, good in self.rated.items()
            if kinds.get(unit) in reported
        }

    def implementation(self) -> dict[str, Reading]:
        """Count indicators on time or ahead, out of all of the running tasks.

        The reading names the late ones, and the tasks that don't count: excused, or
        without an indicator. Of a unit that has only such tasks it counts nothing.
        """
        by_unit: dict[str, list[SheetLine]] = defaultdict(list)
        reports, last = self.facts.reports, self.last
        for line in paces(self.running, reports, self.book, day=last, pace=self.pace):
            by_unit[line.owner].append(line)
        batches: dict[tuple[str, str], list[int]] = defaultdict(list)
        for item, task, batch in self.facts.reported_in:
            batches[item, task].append(batch)
        fed = {
            (report.item, report.task, report.indicator): bool(report.feed)
            for reports in self.facts.reports.values()
            for report in sorted(reports, key=attrgetter("month"))
            if report.month <= self.facts.period
        }
        unmeasured: dict[str, list[str]] = defaultdict(list)
        excused: dict[str, list[str]] = defaultdict(list)
        for ran in self.running:
            for due in ran.plan.tasks:
                if due.key in ran.aside or not due.indicators:
                    names = excused if due.key in ran.aside else unmeasured
                    place = f"{StreamKind.ITEM.key(ran.number)}/{due.key}"
                    names[self.heir(due.unit)].append(place)
        implemented = {}
        for unit in dict.fromkeys((*by_unit, *unmeasured, *excused)):
            mine, aside = by_unit[unit], (*unmeasured[unit], *excused[unit])
            of = {StreamKind.ITEM.key(each.item) for each in mine}
            of = of or {place.rpartition("/")[0] for place in aside}
            items = _AND.join(sorted(of))
            tasks = {(each.item, each.task) for each in mine}
            reported = {batch for task in tasks for batch in batches.get(task, ())}
            late = [
                f"{StreamKind.ITEM.key(each.item)}/{each.task}/{each.indicator}"
                for each in mine
                if each.pace not in {Pace.ON_TIME, Pace.AHEAD}
            ]
            implemented[unit] = Reading(
                numerator=len(mine) - len(late),
                denominator=len(mine),
                source=items,
                numerator_source=f"{items}; {batches_text(sorted(reported))}",
                late=tuple(late),
                fed=sum(fed.get((t.item, t.task, t.indicator), False) for t in mine),
                unmeasured=tuple(unmeasured[unit]),
                excused=tuple(excused[unit]),
            )
        return implemented

    def tasks_on_time(self) -> dict[str, Reading]:
        """Count tasks whose item was executed by their due day.

        The whole is the tasks executed in the month and those overdue at its end.
        """
        return self._on_time(
            (self.heir(task.unit), Deadline(due=task.due, closed=item.ended), stream)
            for item in self.running
            for stream in [StreamKind.ITEM.key(item.number)]
            for task in item.plan.tasks
            if task.key not in item.aside
        )

    def follow_ups_on_time(self) -> dict[str, Reading]:
        """Count answers to bad ratings that came within their working days.

        The whole is the answers of the month and those overdue at its end.
        """
        due = answers_due(self.facts.activations)
        cases = (
            (self.heir(rating.unit), answer, stream)
            for rating in self.facts.bad_ratings
            for stream in [StreamKind.FOLLOW_UP.key(rating.transaction)]
            for answer in answer_deadlines(rating.day, rating.acts, due)
        )
        return self._on_time(cases, named)

    def _on_time(
        self,
        cases: Iterable[tuple[str, Deadline, str]],
        say: Callable[[Sequence[str]], str] = _AND.join,
    ) -> dict[str, Reading]:
        """Return by unit the number of its cases on time, with their streams."""
        good: Counter[str] = Counter()
        whole: Counter[str] = Counter()
        streams: dict[str, set[str]] = defaultdict(set)
        for unit, case, stream in cases:
            punctual = on_time(case, self.last, first=self.first)
            if punctual is not None:
                good[unit] += punctual
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
    """Return streams as text; beyond five, the first five and the number."""
    more = f" ……({len(streams)})" if len(streams) > _NAMED else ""
    return _AND.join(streams[:_NAMED]) + more


def batches_text(numbers: Sequence[int]) -> str:
    """Return batches as text: ``batch/7、batch/9``, many as ``batch/7–90 (30)``."""
    if not numbers:
        return StreamKind.BATCH.key("none")
    if len(numbers) <= _NAMED:
        return _AND.join(map(StreamKind.BATCH.key, numbers))
    first = StreamKind.BATCH.key(numbers[0])
    return f"{first}–{numbers[-1]} ({len(numbers)})"


#: By measure: its method and the facts that it needs; every ``Measure`` is here.
COUNTED: Final[
    Mapping[str, tuple[Callable[[_Month], dict[str, Reading]], tuple[str, ...]]]
] = {
    Measure.IMPLEMENTATION: (_Month.implementation, ("histories", "reports")),
    Measure.CASELOAD: (_Month.caseload, ("ratings",)),
    Measure.BUSINESS: (_Month.business, ("business",)),
    Measure.COMPLAINT_RATE: (_Month.complaints, ("ratings", "appeals", "linked")),
    Measure.SATISFACTION: (lambda month: month.rated, ("ratings",)),
    Measure.TASKS_ON_TIME: (_Month.tasks_on_time, ("histories",)),
    Measure.FOLLOW_UPS_ON_TIME: (_Month.follow_ups_on_time, ("bad_ratings",)),
}
