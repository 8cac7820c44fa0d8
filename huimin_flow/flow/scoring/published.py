"""What was published, edition by edition: scores, colors, places (D5–D7)."""

from __future__ import annotations

from typing import Annotated, TypeVar

from huimin_flow.catalogue.reasons import PublicationCode
from huimin_flow.catalogue.terms import Argument, Job, RecordStep, StreamKind
from huimin_flow.errors import InputRefused, NotFound
from huimin_flow.flow.core.advance import acting_as, keep_record
from huimin_flow.flow.core.ways_out import not_yet
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

P = TypeVar("P", bound=MonthlyScore | MonthlyColors | QuarterlyRanking)

#: What is published under keys like ``score/2023-12`` and ``ranking/2023Q4``.
KINDS = (StreamKind.SCORE, StreamKind.COLORS, StreamKind.RANKING)

#: The job that publishes each of them.
_JOBS = {
    StreamKind.SCORE: Job.MONTHLY_SCORE,
    StreamKind.COLORS: Job.FIVE_COLORS,
    StreamKind.RANKING: Job.QUARTERLY_RANKING,
}


def key_of(text: str) -> tuple[StreamKind, str]:
    """Return the kind and the period of a key, as it should be written.

    Raises:
        InputRefused: for another kind, or a period that is none of its kind's.

    """
    kind, period = StreamKind.parse(text)
    if kind not in KINDS:
        raise InputRefused(PublicationCode.KEY_UNKNOWN, key=text[:40])
    if kind is StreamKind.RANKING:
        months_of(period)
    else:
        month(period)
    return kind, period


def edition_if_any(
    work: Work, kind: type[P], key: str, edition: int | None = None
) -> P | None:
    """Return an edition, the last one if none is named; None before the first.

    Raises:
        NotFound: if there are editions, but not this one.

    """
    last = repository.find_record(work.connection, kind, key)
    if last is None or edition in {None, last.version}:
        return last
    for one in history.read_stream(work.connection, key):
        if one.n == edition:
            return from_plain(kind, history.event_of(one.header).public["value"])
    code = PublicationCode.NO_EDITION
    raise NotFound(code, stream=key, edition=edition, last=last.version)


def editions(
    work: Work, key: Annotated[str, Argument.PUBLISHED]
) -> tuple[EditionNote, ...]:
    """Return the editions of what is published under a key, oldest first.

    Raises:
        InputRefused: if the key is none of published things.
        NotFound: if nothing was published under it.

    """
    kind, period = key_of(key)
    events = history.events_of(work.connection, key)
    if not events:
        code = PublicationCode.NOT_PUBLISHED
        raise not_yet(work, _JOBS[kind], period, code, stream=key)
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
    """Record what is published as the next event of its stream, and return it."""
    return keep_record(
        work,
        step,
        published,
        old,
        acting_as(work, by, second),
        about=published.period,
        rulebook=book.digest,
    )
