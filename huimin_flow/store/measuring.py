"""Measuring: what a month's data say of each unit, and nothing typed in (D5, C4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import cached_property
from typing import Final

from sqlalchemy import Connection

from huimin_flow.catalogue.terms import Measure, Pace, StreamKind, UnitKind
from huimin_flow.model.indicator import Plan
from huimin_flow.model.period import last_day
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.score import Reading
from huimin_flow.rules.catalog import CONTRIBUTION, PACING, Revisions, newest
from huimin_flow.rules.promptness import Owed, kept
from huimin_flow.store import counts, repository
from huimin_flow.store.follow_ups import answerings, answers_as_owed
from huimin_flow.store.paces import TaskPace, paces

#: What is counted of a month, and how, is released as a rule is.
RULE: Final = "measuring"
REVISION: Final = 1

#: By indicator, by unit: what was counted.
Readings = dict[str, dict[str, Reading]]


def newest_revisions() -> dict[str, int]:
    """Return the revisions by which a month is counted and scored now."""
    return newest(MEASURING, PACING, CONTRIBUTION)


def readings(
    connection: Connection,
    period: str,
    cut: int,
    book: Rulebook,
    revisions: Mapping[str, int],
) -> Readings:
    """Return the indicators' counts of a month as known at a cut.

    ``revisions`` are those of the month's publication, or the newest.

    Raises:
        NotFound: if this engine doesn't know one of the revisions.

    """
    return MEASURING.of(revisions)(connection, period, cut, book, revisions)


class _Month:
    """A month at a cut, with what several measures look at, looked up once."""

    def __init__(
        self,
        connection: Connection,
        period: str,
        cut: int,
        book: Rulebook,
        revisions: Mapping[str, int],
    ) -> None:
        """Keep what is asked; nothing is counted yet."""
        self.connection = connection
        self.period = period
        self.cut = cut
        self.book = book
        self.pace = PACING.of(revisions)
        self.first, self.last = last_day(period).replace(day=1), last_day(period)

    @cached_property
    def rated(self) -> tuple[dict[str, Reading], dict[str, int]]:
        """Return by unit its good ratings, and how many it had."""
        return counts.rated(self.connection, self.period, self.cut)

    @cached_property
    def running(self) -> list[counts.Running]:
        """Return the items that ran in the month."""
        return counts.running(self.connection, self.first, self.last, self.cut)


def _readings(
    connection: Connection,
    period: str,
    cut: int,
    book: Rulebook,
    revisions: Mapping[str, int],
) -> Readings:
    """Return what the rulebook's indicators measure, by their keys.

    What cannot be counted for a unit is absent.
    """
    month = _Month(connection, period, cut, book, revisions)
    return {
        one.key: COUNTED[one.counted](month)
        for one in book.scoring.index.indicators
        if one.counted in COUNTED
    }


def _satisfaction(month: _Month) -> dict[str, Reading]:
    """Count ratings that are not bad, of all that were not set aside."""
    return month.rated[0]


def _caseload(month: _Month) -> dict[str, Reading]:
    """Count rated transactions by residents, where a unit has any."""
    good, total = month.rated
    residents = {one.code: one.population for one in month.book.organization.units}
    known = StreamKind.RULEBOOK.key(month.book.digest[:12])
    return {
        unit: Reading(
            numerator=cases,
            denominator=people,
            source=good[unit].source,
            denominator_source=known,
        )
        for unit, cases in total.items()
        if (people := residents.get(unit)) is not None
    }


def _complaints(month: _Month) -> dict[str, Reading]:
    """Count complaints by rated transactions.

    None is zero only where complaints of the month were reported of units of
    the same kind; else nobody looked, and nothing is said.
    """
    chosen = month.book.scoring.index.complaints
    channels = None if chosen is None else chosen.channels
    heard = counts.heard(month.connection, month.period, month.cut, channels)
    kinds = {one.code: one.kind for one in month.book.organization.units}
    looked: dict[UnitKind, set[int]] = {}
    for unit, (_, batches) in heard.items():
        if unit in kinds:
            looked.setdefault(kinds[unit], set()).update(batches)
    good, total = month.rated
    found = {}
    for unit, cases in total.items():
        if unit not in kinds or kinds[unit] not in looked:
            continue
        voices, batches = heard.get(unit, (0, sorted(looked[kinds[unit]])))
        found[unit] = Reading(
            numerator=voices,
            denominator=cases,
            source=good[unit].source,
            numerator_source=counts.batches_text(batches),
        )
    return found


def _implementation(month: _Month) -> dict[str, Reading]:
    """Count indicators on time or ahead, of all of the tasks that run."""
    by_unit: dict[str, list[TaskPace]] = {}
    for one in paces(
        month.connection,
        month.period,
        month.cut,
        month.book,
        pace=month.pace,
        running=month.running,
    ):
        by_unit.setdefault(one.unit, []).append(one)
    items = sorted({one.item for mine in by_unit.values() for one in mine})
    told = counts.told_of(month.connection, items, month.period, month.cut)
    return {unit: _on_time(mine, told) for unit, mine in by_unit.items()}


def _on_time(
    mine: list[TaskPace], told: Mapping[tuple[str, str], list[int]]
) -> Reading:
    """Return how many of a unit's indicators are on time, and name the others."""
    streams = "、".join(
        StreamKind.ITEM.key(one) for one in sorted({one.item for one in mine})
    )
    tasks = {(one.item, one.task) for one in mine}
    batches = {two for one in tasks for two in told.get(one, ())}
    late = [one for one in mine if one.standing.pace not in {Pace.ON_TIME, Pace.AHEAD}]
    return Reading(
        numerator=len(mine) - len(late),
        denominator=len(mine),
        source=streams,
        numerator_source=f"{streams}; {counts.batches_text(sorted(batches))}",
        late=tuple(
            StreamKind.ITEM.key(one.item, one.task, one.indicator.name) for one in late
        ),
    )


def _tasks_on_time(month: _Month) -> dict[str, Reading]:
    """Count tasks whose item was executed by their due day.

    Of those executed in the month, and those overdue at its end.
    """
    found = (
        (
            task.unit,
            kept(owed, month.last, first=month.first),
            StreamKind.ITEM.key(number),
        )
        for one in month.running
        for number in [one.item.number]
        for task in (one.item.plan or Plan()).tasks
        for owed in [Owed(due=task.due, closed=one.ended)]
    )
    return _shares(found)


def _follow_ups_on_time(month: _Month) -> dict[str, Reading]:
    """Count answers to bad ratings that were given within their working days.

    Of those given in the month, and those overdue at its end.
    """
    reigns = repository.reigns(month.connection, cut=month.cut)
    asked = answerings(
        month.connection,
        after=month.last + timedelta(days=1),
        since=month.first,
        cut=month.cut,
    )
    found = (
        (rating.unit, kept(owed, month.last, first=month.first), stream)
        for rating, answers in asked
        for stream in [StreamKind.FOLLOW_UP.key(rating.transaction)]
        for owed in answers_as_owed(answers, reigns)
    )
    return _shares(found, counts.named)


def _shares(
    cases: Iterable[tuple[str, bool | None, str]],
    say: Callable[[list[str]], str] = "、".join,
) -> dict[str, Reading]:
    """Return by unit the good of its cases that count, and the streams they are of."""
    good: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    streams: dict[str, set[str]] = {}
    for unit, fits, stream in cases:
        if fits is not None:
            good[unit] += fits
            whole[unit] += 1
            streams.setdefault(unit, set()).add(stream)
    return {
        unit: Reading(
            numerator=good[unit],
            denominator=whole[unit],
            source=say(sorted(streams[unit])),
        )
        for unit in whole
    }


#: What can be counted; every word of ``Measure`` is here.
COUNTED: Final[Mapping[str, Callable[[_Month], dict[str, Reading]]]] = {
    Measure.IMPLEMENTATION: _implementation,
    Measure.CASELOAD: _caseload,
    Measure.COMPLAINT_RATE: _complaints,
    Measure.SATISFACTION: _satisfaction,
    Measure.TASKS_ON_TIME: _tasks_on_time,
    Measure.FOLLOW_UPS_ON_TIME: _follow_ups_on_time,
}

#: By revision: what a month's data say.
MEASURING: Final = Revisions(RULE, {REVISION: _readings})
