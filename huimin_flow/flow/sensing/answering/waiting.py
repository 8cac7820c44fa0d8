"""Questions on answers: what waits for one, until when, and how promptly (A7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Annotated

from huimin_flow.catalogue.terms import AnswerState, AnswerStep, Argument
from huimin_flow.clock import local_day
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.reads import (
    answered_for,
    fit_limit,
    fit_span,
    known_channel,
)
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.sensing import trails
from huimin_flow.model.core.periods import month, month_bounds
from huimin_flow.model.sensing.answers import (
    AnswerAct,
    AnswerHistory,
    Answering,
    AnswerRate,
    AnswerRound,
)
from huimin_flow.rules.sensing import answers as rules
from huimin_flow.store.core import repository
from huimin_flow.store.core.history import moment_of
from huimin_flow.store.sensing import answers as store
from huimin_flow.store.sensing import tallies


@question
def waiting(
    work: Work,
    *,
    unit: str | None = None,
    channel: str | None = None,
    item: str | None = None,
    overdue: bool = False,
    skip: int = 0,
    limit: int = 50,
) -> tuple[Answering, ...]:
    """Return the appeals that wait for an answer, the most urgent first (A7).

    ``unit`` selects those that it answers, with those of its predecessors. An appeal
    of which nothing is left after an erasure waits no more.

    Raises:
        NotFound: if there is no such item.
        InputRefused: for a limit outside 1–1000, a negative ``skip``, or a unit or
            channel that there never was.

    """
    fit_limit(limit)
    fit_span(None, None, skip)
    known = awaiting(work, unit, channel, item, overdue=overdue)
    return tuple(known[skip : skip + limit])


@question
def count(
    work: Work,
    *,
    unit: str | None = None,
    channel: str | None = None,
    item: str | None = None,
    overdue: bool = False,
) -> int:
    """Return how many appeals ``list`` has with the same filters.

    Raises:
        NotFound: if there is no such item.
        InputRefused: for a unit or channel that there never was.

    """
    return len(awaiting(work, unit, channel, item, overdue=overdue))


def awaiting(
    work: Work,
    unit: str | None = None,
    channel: str | None = None,
    item: str | None = None,
    *,
    overdue: bool = False,
) -> list[Answering]:
    """Return all appeals that ``list`` pages through.

    Raises:
        NotFound: if there is no such item.
        InputRefused: for a code that no unit ever had.

    """
    known_channel(work, channel)
    units = units_of(work, unit)
    if item is None:
        received = store.awaited(work.connection, channel)
    else:
        repository.item(work.connection, item)
        rows = tallies.appeals_of(work.connection, item)
        pairs = [(row["channel"], row["key"]) for row in rows]
        received = [
            each
            for each in store.received(work.connection, pairs).values()
            if not each.erased and channel in {None, each.channel}
        ]
    return sorted(
        (
            each
            for each in answerings(work, received)
            if each.state is AnswerState.RECEIVED
            and (units is None or each.unit in units)
            and (each.overdue or not overdue)
        ),
        key=urgency,
    )


def units_of(work: Work, unit: str | None) -> frozenset[str] | None:
    """Return the units for which a unit answers, None for all; a town is its own.

    Raises:
        InputRefused: for a code that no unit ever had.

    """
    if unit is not None and work.rulebook.organization.town(unit, work.today):
        return frozenset({unit})
    return answered_for(work, unit, work.today)


def urgency(answering: Answering) -> tuple[date, str, str, str]:
    """Return the place of an appeal in a queue: by due day, what has none last."""
    due = answering.due or date.max
    return due, answering.at.isoformat(), answering.channel, answering.key


def answerings(work: Work, received: Sequence[store.Received]) -> list[Answering]:
    """Return how far the answers to some appeals are, in the same order."""
    due = rules.answers_due(work.activations)
    today = work.today
    return [
        rules.dated(rules.followed(start, acts), due, today)
        for start, acts in histories(work, received)
    ]


def histories(
    work: Work, received: Sequence[store.Received]
) -> list[tuple[Answering, tuple[AnswerAct, ...]]]:
    """Return each of some appeals before any step, and its steps."""
    connection, organization = work.connection, work.rulebook.organization
    pairs = [(each.channel, each.key) for each in received]
    taken, links = store.acts(connection, pairs), store.links(connection, pairs)
    carriers = store.carriers(connection, {link.item for link in links.values()})
    today = work.today

    @cache
    def answerer(places: tuple[str, str], carried: tuple[str, int] | None) -> str:
        return rules.answerer(places, carried, (), organization, today)

    known = []
    for each in received:
        pair = each.channel, each.key
        acts, link = taken.get(pair, ()), links.get(pair)
        item, owner = carriers.get(link.item, ("", "")) if link else ("", "")
        carried = None if link is None or not owner else (owner, link.batch)
        places = (each.town, each.district)
        # Before the first step it was with the unit that no later link has named.
        first = next((act for act in acts if act.step is AnswerStep.TRANSFER), None)
        if first is not None and carried is not None and carried[1] > first.batch:
            carried = None
        at = moment_of(each.at)
        start = Answering(
            channel=each.channel,
            key=each.key,
            at=at,
            district=each.district,
            town=each.town,
            unit=answerer(places, carried),
            state=AnswerState.RECEIVED,
            since=local_day(at),
            item=item,
        )
        known.append((start, acts))
    return known


@question
def answer_of(
    work: Work, key: Annotated[str, Argument.APPEAL_KEY], *, channel: str | None = None
) -> AnswerHistory:
    """Return how far the answer to an appeal is, and its steps, without any text (A7).

    Raises:
        NotFound: if no appeal of that key was kept.
        InputRefused: if several appeals have the key; it names their channels.

    """
    received = received_of(work, key, channel)
    acts = store.acts(work.connection, [(received.channel, received.key)])
    return AnswerHistory(
        answering=answerings(work, [received])[0],
        acts=acts.get((received.channel, received.key), ()),
    )


def received_of(work: Work, key: str, channel: str | None) -> store.Received:
    """Return an appeal by its key, and its channel if several have the key.

    Raises:
        NotFound: if no appeal of that key was kept.
        InputRefused: if several appeals have the key; it names their channels.

    """
    summary = trails.appeal(work, key, channel=channel)
    pair = summary.channel, summary.key
    return store.received(work.connection, [pair])[pair]


@question
def rates(
    work: Work,
    *,
    first: str | None = None,
    last: str | None = None,
    unit: str | None = None,
    channel: str | None = None,
) -> tuple[AnswerRate, ...]:
    """Return how promptly units answer the appeals of some months, by channel (A7).

    In time = answered in time ÷ (answered + open and overdue). A reopened appeal is a
    further answer. An erased appeal counts with its answer, and without one not at
    all. Without ``first`` and ``last`` it is the present month.

    Raises:
        InputRefused: for a period that is no month or reversed, or a unit or channel
            that there never was.

    """
    fit_span(first, last)
    known_channel(work, channel)
    present = f"{work.today:%Y-%m}"
    begun = month_bounds(month(first or last or present))[0]
    after = month_bounds(month(last or first or present))[1]
    received = store.between(work.connection, begun, after, channel)
    units = units_of(work, unit)
    groups: dict[tuple[str, str], list[AnswerRound]] = defaultdict(list)
    organization, today = work.rulebook.organization, work.today
    for each, (start, acts) in zip(received, histories(work, received), strict=True):
        for answer in rules.rounds(start, acts):
            owner = organization.heir(answer.unit, today)
            wanted = units is None or owner in units
            if wanted and (answer.answered is not None or not each.erased):
                groups[owner, start.channel].append(answer)
    return tuple(_rated(work, groups))


def _rated(
    work: Work, groups: dict[tuple[str, str], list[AnswerRound]]
) -> Iterable[AnswerRate]:
    due = rules.answers_due(work.activations)
    days = rules.working_days(work.rulebook.calendar)
    for (unit, channel), answers in sorted(groups.items()):
        yield rules.rate(unit, channel, answers, due=due, days=days, today=work.today)


@question
def ripe(work: Work, *, unit: str | None = None) -> tuple[Answering, ...]:
    """Return the answered appeals that may be closed, the longest answered first (A7).

    They were answered at least so many working days ago as the rulebook says, and were
    not reopened.

    Raises:
        InputRefused: for a code that no unit ever had.

    """
    units = units_of(work, unit)
    calendar = work.rulebook.calendar
    least = work.rulebook.rules.answers.close_days.value
    known = [
        each
        for each in answerings(work, store.unclosed(work.connection))
        if each.state is AnswerState.ANSWERED
        and each.answered is not None
        and (units is None or each.unit in units)
        and rules.is_ripe(each.answered, work.today, least, calendar)
    ]
    return tuple(sorted(known, key=lambda each: (each.answered, urgency(each))))
