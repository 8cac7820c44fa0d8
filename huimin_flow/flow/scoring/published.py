"""Scores, colors and rankings: published, corrected, in all editions (D5–D7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, TypeVar

from huimin_flow.catalogue.reasons import PublicationCode
from huimin_flow.catalogue.terms import Argument, Duty, Job, RecordStep, StreamKind
from huimin_flow.errors import InputRefused, NotFound
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import acting_as, keep_record
from huimin_flow.flow.core.earliest import not_yet
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.periods import month, month_before, months_of
from huimin_flow.model.core.texts import required
from huimin_flow.model.core.values import from_plain
from huimin_flow.model.evidence import Acting
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.scoring.published import (
    EditionNote,
    MonthlyColors,
    MonthlyScore,
    Periods,
    QuarterlyRanking,
)
from huimin_flow.rules import publication
from huimin_flow.rules.scoring.measuring import facts_needed
from huimin_flow.store import listings
from huimin_flow.store.core import history, repository
from huimin_flow.store.pasts.spot_checks import with_findings
from huimin_flow.store.scoring import months

Published = MonthlyScore | MonthlyColors | QuarterlyRanking
P = TypeVar("P", bound=Published)

#: The kind of each published type; keys are ``score/2023-12``, ``ranking/2023Q4``.
_KINDS: Mapping[type[Any], StreamKind] = {
    MonthlyScore: StreamKind.SCORE,
    MonthlyColors: StreamKind.COLORS,
    QuarterlyRanking: StreamKind.RANKING,
}

#: The job that publishes each of them.
_JOBS = {
    StreamKind.SCORE: Job.MONTHLY_SCORE,
    StreamKind.COLORS: Job.FIVE_COLORS,
    StreamKind.RANKING: Job.QUARTERLY_RANKING,
}


def key_of(text: str) -> tuple[StreamKind, str]:
    """Return the kind and the period of a key.

    Raises:
        InputRefused: for another kind, or a period that does not fit the kind.

    """
    kind, period = StreamKind.parse(text)
    if kind not in _JOBS:
        raise InputRefused(PublicationCode.KEY_UNKNOWN, key=text[:40])
    _check_period(kind, period)
    return kind, period


def _check_period(kind: StreamKind, period: str) -> None:
    if kind is StreamKind.RANKING:
        months_of(period)
    else:
        month(period)


def published_if_any(
    work: Work, made: type[P], period: str, edition: int | None = None
) -> P | None:
    """Return an edition for a period, the last if none is named, or None before any.

    Raises:
        InputRefused: for a wrong period.
        NotFound: if there are editions, but not this one.

    """
    kind = _KINDS[made]
    _check_period(kind, period)
    key = kind.key(period)
    last = repository.find_record(work.connection, made, key)
    if last is None or edition in {None, last.version}:
        return last
    for stored in history.read_stream(work.connection, key):
        if stored.n == edition:
            return from_plain(made, history.event_of(stored.header).public["value"])
    code = PublicationCode.NO_EDITION
    raise NotFound(code, stream=key, edition=edition, last=last.version)


def published(work: Work, made: type[P], period: str, edition: int | None = None) -> P:
    """Return an edition for a period, as ``published_if_any`` does.

    Raises:
        InputRefused: for a wrong period.
        NotFound: if nothing was published, or not this edition.

    """
    known = published_if_any(work, made, period, edition)
    if known is None:
        raise _unpublished(work, _KINDS[made], period)
    return known


def _unpublished(work: Work, kind: StreamKind, period: str) -> NotFound:
    code, key = PublicationCode.NOT_PUBLISHED, kind.key(period)
    return not_yet(work, _JOBS[kind], period, code, stream=key)


def published_now(work: Work, key: Annotated[str, Argument.PUBLISHED]) -> Published:
    """Return the last edition under a key.

    Raises:
        InputRefused: for another kind of key, or a wrong period.
        NotFound: if nothing was published under it.

    """
    kind, period = key_of(key)
    made: type[Published] = next(made for made, of in _KINDS.items() if of is kind)
    return published(work, made, period)


@question
def periods(work: Work) -> Periods:
    """Return which months have colors, and which quarters have a ranking."""
    return Periods(
        months=repository.periods(work.connection, MonthlyColors),
        quarters=repository.periods(work.connection, QuarterlyRanking),
    )


@question
def editions(
    work: Work, key: Annotated[str, Argument.PUBLISHED]
) -> tuple[EditionNote, ...]:
    """Return notes on all editions under a key, oldest first.

    Raises:
        InputRefused: for another kind of key, or a wrong period.
        NotFound: if nothing was published under it.

    """
    kind, period = key_of(key)
    events = history.events_of(work.connection, key)
    if not events:
        raise _unpublished(work, kind, period)
    return tuple(
        EditionNote(
            edition=event.n,
            at=event.at,
            by=event.actor,
            confirmed_by=str(event.public.get("confirmed_by", "")),
            rulebook=event.rulebook or "",
            note=str(event.public["value"].get("note", "")),
        )
        for event in events
    )


@question
def monthly_score(work: Work, period: str, edition: int | None = None) -> MonthlyScore:
    """Return a month's scores as last published, or an earlier edition of them.

    Raises:
        NotFound: if the month was never scored, or has no such edition.

    """
    return published(work, MonthlyScore, period, edition)


@question
def month_if_any(
    work: Work, period: str, edition: int | None = None
) -> MonthlyScore | None:
    """Return a month's scores, the last edition if none is named, or None before."""
    return published_if_any(work, MonthlyScore, period, edition)


@question
def months_between(
    work: Work,
    first: Annotated[str, Argument.MONTH],
    last: Annotated[str, Argument.MONTH],
) -> tuple[MonthlyScore, ...]:
    """Return the scores of those months of a span that have some, oldest first.

    They are as last published: ``scores.months("2023-01", "2023-12")``.

    Raises:
        InputRefused: for a wrong month.

    """
    return months.scores_between(work.connection, month(first), month(last))


@question
def monthly_colors(
    work: Work, period: str, edition: int | None = None
) -> MonthlyColors:
    """Return a month's colors as last published, or an earlier edition of them.

    Raises:
        NotFound: if the month was never colored, or has no such edition.

    """
    return published(work, MonthlyColors, period, edition)


@question
def last_colors(work: Work) -> MonthlyColors | None:
    """Return the colors of the last month that has some, or None before any."""
    known = listings.records(work.connection, MonthlyColors, {}, newest=True, limit=1)
    return known[0] if known else None


@question
def scores_of_colors(work: Work, colors: MonthlyColors) -> MonthlyScore:
    """Return the edition of a month's scores from which its colors come.

    Raises:
        NotFound: if there is no such edition: the colors are none that were published.

    """
    editions = {scores.period: scores.edition for scores in colors.scored}
    return monthly_score(work, colors.period, editions.get(colors.period, 0))


@question
def quarterly_ranking(
    work: Work, period: str, edition: int | None = None
) -> QuarterlyRanking:
    """Return a quarter's ranking as last published, or an earlier edition of it.

    Raises:
        NotFound: if the quarter was never ranked, or has no such edition.

    """
    return published(work, QuarterlyRanking, period, edition)


#: The step that publishes each kind.
_STEPS: Mapping[StreamKind, RecordStep] = {
    StreamKind.SCORE: RecordStep.SCORE,
    StreamKind.COLORS: RecordStep.COLOR,
    StreamKind.RANKING: RecordStep.RANK,
}


def publish(
    work: Work,
    kind: StreamKind,
    period: str,
    cut: int,
    book: Rulebook,
    *,
    by: Actor,
    reason: str = "",
) -> Published:
    """Publish scores or colors of a month, or the ranking of a quarter (D5–D7).

    Scores come from the facts known at the cut, colors and rankings from the last
    published scores. With a ``reason`` it corrects what a wrong clock published.
    """
    new = _computed(work, kind, period, cut, book)
    old = published_if_any(work, type(new), period) if reason else None
    new = replace(new, note=reason)
    return _keep(work, _STEPS[kind], new, old, acting_as(work, by))


def _keep(work: Work, step: RecordStep, new: P, old: P | None, acting: Acting) -> P:
    about, digest = new.period, new.rulebook
    return keep_record(work, step, new, old, acting, about=about, rulebook=digest)


def _computed(
    work: Work, kind: StreamKind, period: str, cut: int, book: Rulebook
) -> Published:
    if kind is StreamKind.SCORE:
        facts = months.month_facts(work.connection, period, cut, facts_needed(book))
        facts = with_findings(work.connection, facts, cut, book)
        return publication.month_scored(facts, cut, book)
    if kind is StreamKind.COLORS:
        before = published_if_any(work, MonthlyColors, month_before(period))
        scores_before = None if before is None else scores_of_colors(work, before)
        scores = monthly_score(work, period)
        return publication.month_colored(
            scores, before, scores_before, book, work.rulebook_of
        )
    quarter = [month_if_any(work, each) for each in months_of(period)]
    return publication.quarter_ranked(period, quarter, book, work.rulebook_of)


def may_correct(
    work: Work,
    key: Annotated[str, Argument.PUBLISHED],
    reason: str,
    *,
    with_colors: bool = False,
) -> str:
    """Return the reason for a correction, if there is something to correct.

    Raises:
        InputRefused: for a key of another kind, a wrong period, an empty reason, or
            ``with_colors`` for another key than scores.
        NotFound: if nothing was published under the key.

    """
    kind, period = key_of(key)
    if with_colors and kind is not StreamKind.SCORE:
        raise InputRefused(PublicationCode.COLORS_WITH_SCORES)
    if with_colors:
        monthly_colors(work, period)
    published_now(work, key)
    return required(reason, Argument.REASON, longest=500)


@act(Duty.CONFIRM, two=True)
def correct(
    work: Work,
    key: Annotated[str, Argument.PUBLISHED],
    reason: str,
    *,
    by: Actor = ACTING,
    second: Actor,
    with_colors: bool = False,
) -> tuple[Published, ...]:
    """Publish a new edition under a key, by two people; return all new editions.

    Scores come from the facts that are known now, colors and rankings from the last
    published scores; the rulebook is that of the first edition. The earlier editions
    stay in their history. ``with_colors`` corrects the month's colors in the same
    act. A ranking and the next month's colors need a correction of their own.

    Raises:
        InputRefused: as ``may_correct`` does.
        NotFound: if nothing was published under the key.
        StepRefused: unless two people with the duty confirm it.

    """
    work.two_people(by, second, Duty.CONFIRM)
    note = may_correct(work, key, reason, with_colors=with_colors)
    _, period = key_of(key)
    acting, made = acting_as(work, by, second), []
    for each in (key, StreamKind.COLORS.key(period)) if with_colors else (key,):
        old, new = published_now(work, each), corrected(work, each)
        new = replace(new, note=note)
        made.append(_keep(work, RecordStep.CORRECT, new, old, acting))
    return tuple(made)


def corrected(work: Work, key: Annotated[str, Argument.PUBLISHED]) -> Published:
    """Return what a correction would publish now, by the first edition's rulebook."""
    (kind, period), old = key_of(key), published_now(work, key)
    return _computed(work, kind, period, work.head, work.rulebook_of(old.rulebook))
