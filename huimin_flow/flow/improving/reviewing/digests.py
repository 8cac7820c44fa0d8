"""Digests, 月报、季报: what units were late with and owed, and what went well (F3).

A job issues those of a period; a correction is a new edition, and the earlier ones stay
in the history. Each unit gets its own part alone, by the outbox.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from huimin_flow.catalogue.reasons import ReviewCode
from huimin_flow.catalogue.terms import (
    Argument,
    DeliveryState,
    DigestReach,
    DigestStep,
    Duty,
    Job,
    StreamKind,
)
from huimin_flow.errors import InputRefused, NotFound
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import acting_as, keep_record
from huimin_flow.flow.core.earliest import not_yet
from huimin_flow.flow.core.reads import known_unit
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.periods import last_day, month, months_of
from huimin_flow.model.core.texts import required
from huimin_flow.model.core.values import from_plain
from huimin_flow.model.improving.digests import Digest, DigestReached, Digests
from huimin_flow.model.improving.reviews import UnitPart
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.scoring.published import MonthlyColors
from huimin_flow.rules.core.due import Activation
from huimin_flow.rules.improving import digests as rules
from huimin_flow.store import outbox
from huimin_flow.store.core import history, positions, repository
from huimin_flow.store.pasts.standing import units_at

#: By state of a delivery, whether a digest has reached its unit.
_REACHED = {
    DeliveryState.SENT: DigestReach.SENT,
    DeliveryState.WAITING: DigestReach.WAITING,
    DeliveryState.DEAD: DigestReach.FAILED,
    DeliveryState.ABANDONED: DigestReach.FAILED,
}


@question
def digest(work: Work, period: str, *, unit: str | None = None) -> tuple[UnitPart, ...]:
    """Return what units were late with, owed and did well in a period that is over.

    It is made from one moment, that of the question. Units of whom nothing is to be
    said are left out.

    Raises:
        InputRefused: for a period that is no month or quarter, one that is not over,
            or a code that no unit ever had.

    """
    known_unit(work, unit)
    end = last_day(_months(period)[-1])
    if end >= work.today:
        earliest = end + timedelta(days=1)
        raise InputRefused(ReviewCode.PERIOD_RUNS, period=period, ends=earliest)
    colors = _colors(work, period)
    parts = _parts(work, period, work.head, work.rulebook_on(end), colors)
    return tuple(part for part in parts if unit in {None, part.unit})


@question
def periods(work: Work) -> tuple[str, ...]:
    """Return the months and quarters that have digests, the oldest first."""
    return tuple(each.period for each in _issued(work))


@question
def digests(
    work: Work, *, period: str | None = None, unit: str | None = None
) -> tuple[Digest, ...]:
    """Return the digests of units as issued last: the newest period first, by unit.

    Without any filter these are those of the newest month and of the newest quarter.

    Raises:
        InputRefused: for a period that is no month or quarter, or a code that no unit
            ever had.

    """
    known_unit(work, unit)
    if period is not None:
        _months(period)
    issued = _issued(work)
    if period is None and unit is None:
        by_length = {len(each.period): each for each in issued}
        issued = [each for each in issued if each in by_length.values()]
    return tuple(
        shown
        for made in reversed(issued)
        if period in {None, made.period}
        for part in made.parts
        if unit in {None, part.unit}
        and (shown := digest_of(work, made, part.unit)) is not None
    )


@question
def get(work: Work, period: str, unit: str, *, edition: int | None = None) -> Digest:
    """Return a unit's digest of a period as issued last, or as in an edition.

    Raises:
        InputRefused: for a wrong period, or a code that no unit ever had.
        NotFound: if there is none of the period, or none of the unit, or no such
            edition.

    """
    known_unit(work, unit)
    issued = editions(work, period)
    if edition is not None and not 1 <= edition <= len(issued):
        code, last = ReviewCode.NO_EDITION, len(issued)
        raise NotFound(code, when=period, edition=edition, last=last)
    made = issued[-1 if edition is None else edition - 1]
    shown = digest_of(work, made, unit)
    if shown is None:
        raise NotFound(ReviewCode.NOT_OF_UNIT, when=period, unit=unit)
    return shown


@question
def editions(work: Work, period: str) -> tuple[Digests, ...]:
    """Return all editions of a period's digests, the oldest first.

    Raises:
        InputRefused: for a wrong period.
        NotFound: if there is none.

    """
    job = Job.QUARTERLY_DIGESTS if len(_months(period)) > 1 else Job.MONTHLY_DIGESTS
    key = StreamKind.DIGEST.key(period)
    events = history.events_of(work.connection, key)
    if not events:
        raise not_yet(work, job, period, ReviewCode.NO_DIGESTS, when=period)
    return tuple(from_plain(Digests, each.public["value"]) for each in events)


@question
def reached(work: Work, period: str) -> tuple[DigestReached, ...]:
    """Return by unit whether its digest of a period has reached it by mail.

    Raises:
        InputRefused: for a wrong period.
        NotFound: if there are no digests of it.

    """
    made = editions(work, period)[-1]
    sent = outbox.deliveries_of(work.connection, made.key)
    return tuple(
        _reached(made, part.unit, sent.get(part.unit, ())) for part in made.parts
    )


def _reached(
    made: Digests, unit: str, sent: Sequence[tuple[str, DeliveryState]]
) -> DigestReached:
    """Return whether a digest has reached its unit: what is best of its deliveries."""
    order = tuple(_REACHED)
    best = min(sent, key=lambda each: order.index(each[1]), default=None)
    if best is None:
        return DigestReached(period=made.period, unit=unit, reach=DigestReach.NOWHERE)
    return DigestReached(
        period=made.period,
        unit=unit,
        reach=_REACHED[best[1]],
        destination=best[0],
    )


def issue(
    work: Work, period: str, cut: int, book: Rulebook, *, by: Actor, reason: str = ""
) -> Digests:
    """Issue the digests of a period from the facts known at the cut (F3).

    With a ``reason`` it issues again what a wrong clock issued.
    """
    key = StreamKind.DIGEST.key(period)
    old = repository.find_record(work.connection, Digests, key)
    new = replace(_drawn_up(work, period, cut, book, old), note=reason)
    acting = acting_as(work, by)
    return keep_record(
        work, DigestStep.ISSUE, new, old, acting, about=period, rulebook=book.digest
    )


@act(Duty.CONFIRM)
def reissue(work: Work, period: str, reason: str, *, by: Actor = ACTING) -> Digests:
    """Issue a new edition of a period's digests from what is known now (F3).

    The day and the rulebook stay those of the first edition. Units of whom it says
    something else get their digest again. A digest decides nothing: the figures that
    it repeats are corrected where they were made.

    Raises:
        NotFound: if there are no digests of that period.
        InputRefused: for a wrong period, an empty reason, or if nothing would change.
        StepRefused: if the actor is not of the office.

    """
    old = editions(work, period)[-1]
    note = required(reason, Argument.REASON, longest=500)
    book = work.rulebook_of(old.rulebook)
    new = replace(_drawn_up(work, period, work.head, book, old), note=note)
    if not new.units:
        raise InputRefused(ReviewCode.NOTHING_CHANGES, when=period)
    return _keep(work, DigestStep.REISSUE, new, old, by)


@act(Duty.CONFIRM)
def send(work: Work, period: str, unit: str, *, by: Actor = ACTING) -> Digests:
    """Send a unit its digest of a period once more, as it was issued (F3).

    It goes to the address that the settings of the outbox have then.

    Raises:
        NotFound: if there are no digests of that period, or none of that unit.
        InputRefused: for a wrong period, or a code that no unit ever had.
        StepRefused: if the actor is not of the office.

    """
    get(work, period, unit)
    old = editions(work, period)[-1]
    return _keep(work, DigestStep.SEND, replace(old, units=(unit,)), old, by)


def _keep(
    work: Work, step: DigestStep, new: Digests, old: Digests, by: Actor
) -> Digests:
    """Record the next event of a period's digests, by a person."""
    acting, book = acting_as(work, by), old.rulebook
    return keep_record(work, step, new, old, acting, about=new.period, rulebook=book)


def _issued(work: Work) -> list[Digests]:
    """Return the digests of all periods, the oldest first, a quarter after its last."""
    known = repository.records(work.connection, Digests)
    return sorted(known, key=lambda each: (each.day, -len(each.period), each.key))


def digest_of(work: Work, made: Digests, unit: str) -> Digest | None:
    """Return a unit's digest of the edition that made its part, None without one."""
    part = made.part(unit)
    if part is None:
        return None
    if part.edition != made.version:
        made = editions(work, made.period)[part.edition - 1]
    return rules.digest_for(made, part)


def _months(period: str) -> tuple[str, ...]:
    """Return the months of a month or a quarter.

    Raises:
        InputRefused: if it is neither.

    """
    return months_of(period) if "Q" in period else (month(period),)


def _colors(work: Work, period: str) -> tuple[int, ...]:
    """Return the last edition of the colors of each month of a period, 0 without."""
    keys = map(StreamKind.COLORS.key, _months(period))
    known = (repository.find_record(work.connection, MonthlyColors, k) for k in keys)
    return tuple(0 if made is None else made.version for made in known)


def _parts(
    work: Work, period: str, cut: int, book: Rulebook, colors: Sequence[int]
) -> Iterator[UnitPart]:
    """Yield how the work of each unit stood at a cut."""
    activations = [
        Activation(since=since, book=work.rulebook_of(digest))
        for since, digest in positions.activations(work.connection, cut=cut)
    ]
    months = _months(period)
    yield from units_at(work.connection, months, cut, book, activations, colors)


def _drawn_up(
    work: Work, period: str, cut: int, book: Rulebook, old: Digests | None
) -> Digests:
    key = StreamKind.DIGEST.key(rules.period_before(period))
    colors = _colors(work, period)
    return rules.drawn_up(
        period,
        tuple(_parts(work, period, cut, book, colors)),
        repository.find_record(work.connection, Digests, key),
        old,
        day=last_day(_months(period)[-1]),
        cut=cut,
        rulebook=book.digest,
        colors=colors,
    )
