"""Questions on answers: what waits for one, until when, and how promptly (A7)."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache
from typing import Annotated

from huimin_flow.catalogue.terms import Argument
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.reads import fit_limit, fit_span, known_channel
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.sensing import trails
from huimin_flow.flow.sensing.answering.histories import (
    answerer_of,
    answerings,
    histories,
    units_of,
)
from huimin_flow.flow.sensing.answering.queues import (
    awaiting,
    closable,
    day_of,
    page,
    scope_of,
)
from huimin_flow.model.core.periods import month, month_bounds
from huimin_flow.model.sensing.answers import (
    AnswerHistory,
    Answering,
    AnswerRate,
    AnswerRound,
)
from huimin_flow.rules.sensing import answers as rules
from huimin_flow.store.sensing import answers as store
from huimin_flow.store.sensing import waiting as counted


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
    queue = awaiting(work, unit, channel, item, overdue=overdue)
    return tuple(page(work, queue, skip, limit))


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
    connection, days = work.connection, (begun, after)
    units = units_of(work, unit)
    organization, today = work.rulebook.organization, work.today
    heir = cache(lambda code: organization.heir(code, today))
    groups: dict[tuple[str, str], Counter[AnswerRound]] = defaultdict(Counter)

    def add(by: str, answer: AnswerRound, many: int = 1) -> None:
        owner = heir(answer.unit)
        if units is None or owner in units:
            groups[owner, by][answer] += many

    scope = scope_of(work, units)
    unanswered = counted.unanswered(connection, channel, days, scope=scope)
    answerer = answerer_of(work, {group.item for group, _ in unanswered})
    for open_, many in unanswered:
        who = answerer(open_.town, open_.district, open_.item)
        add(open_.channel, AnswerRound(since=day_of(open_.heard), unit=who), many)
    for given, many in counted.prompt(connection, days, channel):
        since, answered = day_of(given.heard), day_of(given.answered)
        answer = AnswerRound(since=since, unit=given.unit, answered=answered)
        add(given.channel, answer, many)
    moved = store.moved(connection, channel=channel, days=days)
    for each, (start, acts) in zip(moved, histories(work, moved), strict=True):
        for answer in rules.rounds(start, acts):
            if answer.answered is not None or not each.erased:
                add(start.channel, answer)
    due = rules.answers_due(work.activations)
    spans = rules.working_days(work.rulebook.calendar)
    return tuple(
        rules.rate(who, by, groups[who, by], due=due, days=spans, today=today)
        for who, by in sorted(groups)
    )


@question
def ripe(
    work: Work,
    *,
    unit: str | None = None,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[Answering, ...]:
    """Return the answered appeals that may be closed, the longest answered first (A7).

    They were answered at least so many working days ago as the rulebook says, and were
    not reopened.

    Raises:
        InputRefused: for a limit outside 1–1000, a negative ``skip``, or a code that no
            unit ever had.

    """
    fit_limit(limit)
    fit_span(None, None, skip)
    return tuple(page(work, closable(work, unit), skip, limit))


@question
def count_ripe(work: Work, *, unit: str | None = None) -> int:
    """Return how many appeals ``to_close`` has with the same filter.

    Raises:
        InputRefused: for a code that no unit ever had.

    """
    return len(closable(work, unit))
