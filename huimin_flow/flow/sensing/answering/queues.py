"""A queue of appeals: counted in groups, and read one by one only for a page (A7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import cache, lru_cache, partial
from typing import Any, Generic, TypeVar

from huimin_flow.catalogue.terms import AnswerState
from huimin_flow.clock import local_day
from huimin_flow.errors import CalendarMissing
from huimin_flow.flow.core.reads import known_channel
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.sensing.answering.histories import (
    answerer_of,
    answerings,
    histories,
    units_of,
)
from huimin_flow.model.sensing.answers import Answering
from huimin_flow.rules.sensing import answers as rules
from huimin_flow.store.core import repository
from huimin_flow.store.core.history import moment_of
from huimin_flow.store.sensing import answers as store
from huimin_flow.store.sensing import tallies
from huimin_flow.store.sensing import waiting as counted
from huimin_flow.store.sensing.answers import Pair, Received

Group = TypeVar("Group")

#: Yields the appeals of some groups, each with its group and its stored moment.
Read = Callable[[Mapping[Group, date]], Iterator[tuple[Group, str, Pair]]]


class Queue(Generic[Group]):
    """Appeals by a day, those of a day by their moments, channels and keys."""

    def __init__(
        self,
        groups: Iterable[tuple[date, Group, int]],
        alone: Iterable[tuple[date, Received]],
        read: Read[Group],
    ) -> None:
        """Store the groups and the appeals in none of them, each with its day.

        ``read`` is asked only for the groups of the days that a page shows.
        """
        self._days: dict[date, tuple[dict[Group, int], list[Received]]] = {}
        for day, group, many in groups:
            self._of(day)[0][group] = many
        for day, received in alone:
            self._of(day)[1].append(received)
        self._read = read

    def _of(self, day: date) -> tuple[dict[Group, int], list[Received]]:
        return self._days.setdefault(day, ({}, []))

    def __len__(self) -> int:
        """Return how many appeals there are."""
        return sum(
            sum(groups.values()) + len(alone) for groups, alone in self._days.values()
        )

    @property
    def first(self) -> date | None:
        """Return the day of the first appeal, None if there is none."""
        return min(self._days, default=None)

    def pairs(self, skip: int = 0, limit: int | None = None) -> list[Pair]:
        """Return some appeals in their order, all after ``skip`` by default."""
        end = None if limit is None else skip + limit
        wanted: dict[Group, date] = {}
        lines: list[tuple[date, str, str, str]] = []
        before = reached = 0  # how many are of days before the wanted ones, and so far
        for day in sorted(self._days):
            if end is not None and reached >= end:
                break
            groups, alone = self._days[day]
            reached += sum(groups.values()) + len(alone)
            if reached <= skip:
                before = reached
                continue
            wanted |= dict.fromkeys(groups, day)
            lines += [(day, each.at, each.channel, each.key) for each in alone]
        if wanted:
            lines += [
                (wanted[group], at, *pair) for group, at, pair in self._read(wanted)
            ]
        lines.sort()
        last = None if end is None else end - before
        return [(channel, key) for *_, channel, key in lines[skip - before : last]]


def awaiting(
    work: Work,
    unit: str | None = None,
    channel: str | None = None,
    item: str | None = None,
    *,
    overdue: bool = False,
) -> Queue[counted.Unanswered]:
    """Return all appeals that ``list`` pages through, by their due days.

    Raises:
        NotFound: if there is no such item.
        InputRefused: for a code that no unit ever had.

    """
    known_channel(work, channel)
    connection, today, units = work.connection, work.today, units_of(work, unit)
    places, scope = units is not None, scope_of(work, units)
    groups: list[tuple[counted.Unanswered, int]] = []
    if item is None:
        groups = counted.unanswered(connection, channel, places=places, scope=scope)
        received = store.moved(connection, rules.AWAITING, channel=channel)
    else:
        repository.item(connection, item)
        rows = tallies.appeals_of(connection, item)
        pairs = [(row["channel"], row["key"]) for row in rows]
        known = store.received(connection, pairs).values()
        received = [each for each in known if channel in {None, each.channel}]
    due = rules.answers_due(work.activations)
    answerer = answerer_of(work, {group.item for group, _ in groups})

    @cache
    def until(heard: str, by: str) -> date | None:
        with suppress(CalendarMissing):
            return due(day_of(heard), by, 0)
        return None

    def fits(who: str, day: date | None) -> bool:
        late = day is not None and day < today
        return (units is None or who in units) and (late or not overdue)

    dated = ((until(group.heard, group.channel), group, many) for group, many in groups)
    alone = [each for each in received if not each.erased]
    return Queue(
        (
            (day or date.max, group, many)
            for day, group, many in dated
            if fits(answerer(group.town, group.district, group.item), day)
        ),
        (
            (now.due or date.max, each)
            for each, now in zip(alone, answerings(work, alone), strict=True)
            if now.state is AnswerState.RECEIVED and fits(now.unit, now.due)
        ),
        partial(counted.unanswered_in, connection, places=places, scope=scope),
    )


def closable(work: Work, unit: str | None) -> Queue[counted.Answered]:
    """Return all appeals that may be closed, by the days of their answers.

    Raises:
        InputRefused: for a code that no unit ever had.

    """
    connection, units = work.connection, units_of(work, unit)
    calendar, today = work.rulebook.calendar, work.today
    least = work.rulebook.rules.answers.close_days.value

    @cache
    def fits(who: str, day: date) -> bool:
        if units is not None and who not in units:
            return False
        return rules.is_ripe(day, today, least, calendar)

    moved = store.moved(connection, rules.GIVES)
    alone = []
    for each, (start, acts) in zip(moved, histories(work, moved), strict=True):
        now = rules.followed(start, acts)
        # Those that were never closed are counted in groups.
        closed = any(act.step in rules.ENDS for act in acts)
        if closed and now.state is AnswerState.ANSWERED and now.answered is not None:
            alone += [(now.answered, each)] if fits(now.unit, now.answered) else []
    return Queue(
        (
            (day_of(group.answered), group, many)
            for group, many in counted.unclosed(connection)
            if fits(group.unit, day_of(group.answered))
        ),
        alone,
        partial(counted.unclosed_in, connection),
    )


def page(
    work: Work, queue: Queue[Any], skip: int = 0, limit: int | None = None
) -> list[Answering]:
    """Return some appeals of a queue, all after ``skip`` by default."""
    pairs = queue.pairs(skip, limit)
    received = store.received(work.connection, pairs)
    return answerings(work, [received[pair] for pair in pairs])


def scope_of(work: Work, units: frozenset[str] | None) -> counted.Scope | None:
    """Return what may be told to some units; the office answers what is nobody's."""
    if units is None or work.rulebook.organization.office in units:
        return None
    return counted.scope_of(work.connection, units)


#: The Shanghai day of a stored moment; queues have few.
day_of = lru_cache(maxsize=4096)(lambda at: local_day(moment_of(at)))
