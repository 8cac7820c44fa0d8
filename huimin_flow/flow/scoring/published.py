"""Published scores, colors and rankings, with all their editions (D5–D7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from huimin_flow.catalogue.reasons import PublicationCode
from huimin_flow.catalogue.terms import Argument, Job, RecordStep, StreamKind
from huimin_flow.errors import InputRefused, NotFound
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.advance import acting_as, keep_record
from huimin_flow.flow.core.earliest import not_yet
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.periods import month, months_of
from huimin_flow.model.core.values import from_plain
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.scoring.published import (
    EditionNote,
    MonthlyColors,
    MonthlyScore,
    QuarterlyRanking,
)
from huimin_flow.store.core import history, repository

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


def keep_published(
    work: Work,
    step: RecordStep,
    published: P,
    old: P | None,
    book: Rulebook,
    *,
    by: Actor,
    second: Actor | None = None,
) -> P:
    """Record an edition as the next event of its stream, and return it."""
    return keep_record(
        work,
        step,
        published,
        old,
        acting_as(work, by, second),
        about=published.period,
        rulebook=book.digest,
    )
