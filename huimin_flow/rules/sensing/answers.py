"""Answers to appeals: who answers, until when, and how promptly (A7).

Nothing here is stored: each is a function of the steps, the rulebooks and calendars.
Response rate = answered in time ÷ (answered + open and overdue).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Final

from huimin_flow.catalogue.terms import AnswerState, AnswerStep, UnitKind
from huimin_flow.clock import local_day
from huimin_flow.errors import CalendarMissing
from huimin_flow.model.core.organization import Organization
from huimin_flow.model.rulebook import Calendar, Rulebook
from huimin_flow.model.sensing.answers import (
    AnswerAct,
    Answering,
    AnswerRate,
    AnswerRound,
)
from huimin_flow.rules.core.due import Activation, deadline, works_on

#: Returns the due day of an answer: from a day, by a channel, with days granted.
Due = Callable[[date, str, int], date | None]

#: The steps after which an answer is awaited.
AWAITING: Final = frozenset({AnswerStep.EXTEND, AnswerStep.TRANSFER, AnswerStep.REOPEN})

#: The steps that give an answer.
GIVES: Final = frozenset({AnswerStep.ANSWER, AnswerStep.INFORM})

#: The steps that close an answered appeal.
ENDS: Final = frozenset({AnswerStep.CLOSE, AnswerStep.LAPSE})


def answers_due(activations: Sequence[Activation]) -> Due:
    """Return what tells when an answer is due, which remembers each due day.

    The rulebook and the calendar of the due day decide. A channel that a rulebook
    doesn't have has no limit by it.

    Raises:
        CalendarMissing: when called, if a year's calendar isn't loaded.

    """

    @cache
    def due(since: date, channel: str, extended: int) -> date | None:
        def days(book: Rulebook) -> int | None:
            known = (c.days.value for c in book.channels.intake if c.key == channel)
            allowed = next(known, None)
            return None if allowed is None else allowed + extended

        return deadline(since, activations, days)

    return due


def is_awaited(acts: Sequence[AnswerAct]) -> bool:
    """Tell whether an appeal waits for an answer after its steps."""
    return not acts or acts[-1].step in AWAITING


def tell_days(book: Rulebook) -> int:
    """Return the working days in which everyone on an item is told about it."""
    return book.rules.answers.tell_days.value


def followed(start: Answering, acts: Iterable[AnswerAct]) -> Answering:
    """Return how far an answer is after its steps, without its due day.

    ``start`` is the appeal before any step. A reopened answer, and one that another
    unit has to give anew, counts from that day; a transfer before an answer doesn't
    move the deadline.
    """
    now = start
    for act in acts:
        day = local_day(act.at)
        now = replace(now, version=act.n, unit=act.unit)
        if act.step in GIVES:
            closed = now.state is AnswerState.CLOSED
            state = AnswerState.CLOSED if closed else AnswerState.ANSWERED
            now = replace(now, state=state, answered=day)
        elif act.step is AnswerStep.EXTEND:
            days, count = now.extended + (act.days or 0), now.extensions + 1
            now = replace(now, extended=days, extensions=count)
        elif act.step in ENDS:
            now = replace(now, state=AnswerState.CLOSED)
        elif now.state is not AnswerState.RECEIVED:  # reopened, or given elsewhere
            now = replace(
                now,
                state=AnswerState.RECEIVED,
                since=day,
                answered=None,
                extended=0,
                extensions=0,
            )
    return now


def dated(answering: Answering, due: Due, today: date) -> Answering:
    """Return how far an answer is, with its due day; it has one while it is open."""
    if answering.state is not AnswerState.RECEIVED:
        return answering
    try:
        day = due(answering.since, answering.channel, answering.extended)
    except CalendarMissing:
        return replace(answering, calendar_missing=True)
    return replace(answering, due=day, overdue=day is not None and day < today)


def rounds(start: Answering, acts: Sequence[AnswerAct]) -> Iterator[AnswerRound]:
    """Yield the answers that were given or are awaited, oldest first.

    What is told after an answer is no round of its own. What a unit gives to another
    before an answer is one for each of them.
    """
    now, taken = start, None
    for act in acts:
        after = followed(now, (act,))
        if now.state is AnswerState.RECEIVED:
            open_ = AnswerRound(
                since=now.since, unit=now.unit, extended=now.extended, taken=taken
            )
            if after.answered is not None:
                yield replace(open_, unit=act.unit, answered=after.answered)
            elif act.step is AnswerStep.TRANSFER:
                yield replace(open_, given=local_day(act.at))
        given = now.state is after.state is AnswerState.RECEIVED
        if act.step is AnswerStep.TRANSFER:
            taken = local_day(act.at) if given else None
        elif not given:
            taken = None
        now = after
    if now.state is AnswerState.RECEIVED:
        yield AnswerRound(
            since=now.since, unit=now.unit, extended=now.extended, taken=taken
        )


def answerer(
    places: Iterable[str],
    item: tuple[str, int] | None,
    acts: Sequence[AnswerAct],
    organization: Organization,
    day: date,
) -> str:
    """Return the code of the unit that answers an appeal on a day.

    It is the unit to which somebody gave the appeal, or that of its ``item``, named
    with the batch of the link: the later one counts. Else it is the first of the
    ``places``, its town and its district, that is a unit with posts; else the office.
    A unit that has ended is followed by its successor.
    """
    given = [act for act in acts if act.step is AnswerStep.TRANSFER]
    if given and (item is None or given[-1].batch > item[1]):
        return organization.heir(given[-1].unit, day)
    if item is not None:
        return organization.heir(item[0], day)
    staffed = {post.unit for post in organization.people}
    for place in filter(None, places):
        unit = organization.heir(place, day)
        known = organization.unit(unit, day)
        if known is not None and known.kind is not UnitKind.AUDITOR:
            bodies = {unit, *(body.code for body in known.bodies)}
        else:
            bodies = {unit} if organization.town(unit, day) else set()
        if not staffed.isdisjoint(bodies):
            return unit
    return organization.office


class WorkingDays:
    """The working days of a calendar, numbered, so that spans cost one subtraction."""

    def __init__(self, calendar: Calendar) -> None:
        """Number the days of all years that the calendar has."""
        self._count: dict[date, int] = {}
        total = 0
        for year in calendar.years:
            day = date(year.year, 1, 1)
            while day.year == year.year:
                total += works_on(day, year)
                self._count[day] = total
                day += timedelta(days=1)

    def between(self, first: date, last: date) -> int | None:
        """Return the working days after ``first`` up to ``last``.

        None if a year between them isn't loaded: then nothing is guessed.
        """
        years = range(first.year, last.year + 1)
        if any(date(year, 1, 1) not in self._count for year in years):
            return None
        return self._count[last] - self._count[first]


#: The working days of the calendars that were asked for last.
working_days = lru_cache(maxsize=8)(WorkingDays)


def is_ripe(answered: date, day: date, least: int, calendar: Calendar) -> bool:
    """Tell whether an answer may be closed on a day.

    At least so many working days lie between; without their calendar nothing is ripe.
    """
    between = working_days(calendar).between(answered, day - timedelta(days=1))
    return between is not None and between >= least


def percentile(values: Sequence[int], percent: int) -> int | None:
    """Return the nearest-rank percentile of sorted values, None of none.

    >>> percentile([1, 2, 3, 10], 50), percentile([1, 2, 3, 10], 90)
    (2, 10)

    """
    return values[-(-percent * len(values) // 100) - 1] if values else None


def rate(
    unit: str,
    channel: str,
    answers: Mapping[AnswerRound, int],
    *,
    due: Due,
    days: WorkingDays,
    today: date,
) -> AnswerRate:
    """Return how promptly a unit's answers to a channel came, at the end of a day.

    ``answers`` says how many there are of each kind.
    An open answer that can still come in time lowers no share. Lateness stays with the
    unit that let it come: what it gives to another only then counts as overdue with it,
    and for the other unit the time begins anew.
    """
    asked = answered = in_time = undated = overdue = lapsed = 0
    spans: list[int] = []
    for answer, many in answers.items():
        try:
            day = due(answer.since, channel, answer.extended)
            if answer.taken is not None and day is not None and day < answer.taken:
                day = due(answer.taken, channel, 0)
        except CalendarMissing:
            day = None
        if answer.given is not None:
            lapsed += many * (day is not None and day < answer.given)
            continue
        asked += many
        if answer.answered is None:
            overdue += many * (day is not None and day < today)
            continue
        answered += many
        in_time += many * (day is not None and answer.answered <= day)
        undated += many * (day is None)
        span = days.between(answer.since, answer.answered)
        spans += [] if span is None else [span] * many
    spans.sort()
    return AnswerRate(
        unit=unit,
        channel=channel,
        received=asked + lapsed,
        answered=answered,
        in_time=in_time,
        undated=undated,
        open=asked - answered,
        overdue=overdue + lapsed,
        measured=len(spans),
        median=percentile(spans, 50),
        ninetieth=percentile(spans, 90),
    )
