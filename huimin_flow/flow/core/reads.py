"""Questions on the current items, histories, links, files, lists and people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, TypeVar

from huimin_flow.catalogue.reasons import (
    AdviceCode,
    Code,
    DecisionCode,
    InputCode,
    Reason,
)
from huimin_flow.catalogue.terms import Argument, Via
from huimin_flow.errors import InputRefused, NotFound, StepRefused
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.arguments import MOST_LISTED
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.directory import Directory
from huimin_flow.model.core.events import Recorded, Refusal
from huimin_flow.model.core.organization import Actor, Unit
from huimin_flow.model.core.texts import showable
from huimin_flow.model.core.values import from_json
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.personal import masked
from huimin_flow.store import listings
from huimin_flow.store.core import history, positions, repository
from huimin_flow.store.executing.attachments import attachments_of
from huimin_flow.streams import STREAMS, sealed_by

#: The shortest beginning of a digest that names a file.
_SHORTEST = 6

#: Any kind of record.
R = TypeVar("R")


@question
def events(work: Work, stream: str) -> tuple[Recorded, ...]:
    """Return the events of a stream, oldest first: ``item/2026-000001``, ``rulebook``.

    A stream that never began has none, nor has one that is sealed: a spot check under
    way, and what is attached to it. What a deliberation decided is unpublished until it
    is closed: an open one has the events before its first opinion.
    """
    declared = positions.spans(work.connection)
    recorded = tuple(
        Recorded(
            event=history.event_of(stored.header),
            leaf=stored.leaf.hex(),
            declared=positions.is_in(stored.position, declared),
        )
        for stored in history.read_stream(work.connection, stream)
    )
    sealing = sealed_by(stream)
    if sealing is None:
        return recorded
    of, sealed = sealing
    *_, state = history.last_leaf(work.connection, of)
    steps = [each.event.step for each in recorded]
    return recorded[: sealed.open_events(steps, state)]


def is_sealed(work: Work, stream: str) -> bool:
    """Tell whether only the questions of its own room return anything of a stream."""
    sealing = sealed_by(stream)
    if sealing is None or sealing[1].steps:
        return False
    *_, state = history.last_leaf(work.connection, sealing[0])
    return state in sealing[1].states


@question
def refusals(
    work: Work,
    *,
    person: str | None = None,
    act: Annotated[str | None, Argument.REFUSED_ACT] = None,
    about: str | None = None,
    after: Annotated[int | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int = 50,
) -> tuple[Refusal, ...]:
    """Return the last refused steps, newest first: when, who, what, about what, why.

    ``act`` is the name of a use case, ``about`` the item or record that it names.
    A page begins after the refusal with the id ``after``, without the first ``skip``.

    Raises:
        InputRefused: for a limit outside 1–1000.

    """
    fit_limit(limit)
    wanted = {"actor": person, "act": act, "about": about}
    rows = listings.refusals(
        work.connection, wanted, after=after, skip=skip, limit=limit
    )
    return tuple(
        Refusal(
            id=row["id"],
            at=history.moment_of(row["at"]),
            actor=row["actor"],
            act=row["act"],
            about=masked(row["about"]),
            reasons=from_json(tuple[Reason, ...], row["reasons"]),
        )
        for row in rows
    )


@question
def count_refusals(
    work: Work,
    *,
    person: str | None = None,
    act: Annotated[str | None, Argument.REFUSED_ACT] = None,
    about: str | None = None,
) -> int:
    """Return how many refused steps ``refusals`` has with the same filters."""
    wanted = {"actor": person, "act": act, "about": about}
    return listings.count_refusals(work.connection, wanted)


def fit_limit(limit: int | None) -> None:
    """Refuse a number of lines outside 1–1000; None means all.

    Raises:
        InputRefused: for such a number.

    """
    if limit is not None and not 1 <= limit <= MOST_LISTED:
        raise InputRefused(InputCode.COUNT_OUT_OF_RANGE, given=limit, most=MOST_LISTED)


def fit_page(limit: int | None, skip: int) -> None:
    """Refuse a page before the first, or of fewer than no lines; None means all.

    SQLite would read a negative number as all, PostgreSQL refuse it as an error.

    Raises:
        InputRefused: for such a page.

    """
    if limit is not None and limit < 0:
        raise InputRefused(InputCode.COUNT_OUT_OF_RANGE, given=limit, most=MOST_LISTED)
    fit_span(None, None, skip)


def fit_span(first: str | date | None, last: str | date | None, skip: int = 0) -> None:
    """Refuse a span that ends before it begins, and a page before the first.

    Raises:
        InputRefused: for such a span or page.

    """
    if first is not None and last is not None and str(first) > str(last):
        raise InputRefused(InputCode.SPAN_REVERSED, first=first, last=last)
    if skip < 0:
        raise InputRefused(InputCode.SKIP_NEGATIVE, given=skip)


def known_channel(work: Work, channel: str | None) -> None:
    """Refuse a channel of intake that no rulebook ever had; None means all channels.

    Raises:
        InputRefused: for such a channel; it names those of today.

    """
    if channel is None:
        return
    keys = [each.key for each in work.rulebook.channels.intake]
    if channel in keys:
        return
    books = (activation.book for activation in work.activations)
    if channel not in {each.key for book in books for each in book.channels.intake}:
        code = InputCode.CHANNEL_UNKNOWN
        raise InputRefused(code, channel=showable(str(channel)), channels=keys)


def record_of(work: Work, kind: type[R], key: str) -> R:
    """Return the current record of a type and key.

    Raises:
        NotFound: if there is none.

    """
    record = repository.find_record(work.connection, kind, key)
    if record is None:
        name = next(known.kind for known in STREAMS.values() if known.value is kind)
        raise NotFound(InputCode.RECORD_UNKNOWN, record=name, key=showable(key))
    return record


def digests_of(work: Work, item: str, evidence: Sequence[str]) -> tuple[str, ...]:
    """Return the digests of an item's files from their beginnings.

    Raises:
        InputRefused: for a file that the item doesn't have.

    """
    known = [file.digest for file in attachments_of(work.connection, item)]
    digests = []
    for written in evidence:
        meant = [digest for digest in known if digest.startswith(written)]
        if len(written) < _SHORTEST or len(meant) != 1:
            code, given = AdviceCode.FILE_UNKNOWN, showable(written)
            raise InputRefused(code, item=item, given=given)
        digests += meant
    return tuple(digests)


@question
def last_recorded(work: Work) -> datetime | None:
    """Return when the last event was recorded, aware UTC, or None before the first."""
    return repository.present(work.connection).at


@question
def rulebook(
    work: Work, digest: str | None = None, *, on: date | None = None
) -> Rulebook:
    """Return the active rulebook, or an earlier one by its digest or its day.

    ``on`` is the Shanghai day at whose end the rulebook was active.

    Raises:
        NotFound: if there is no rulebook with that digest.
        StoreRefused: if its text was changed.

    """
    if digest is not None:
        known = digest in work.known
        if not (known or repository.rulebook_body(work.connection, digest)):
            raise NotFound(DecisionCode.RULEBOOK_UNKNOWN, digest=showable(digest))
        return work.rulebook_of(digest)
    return work.rulebook if on is None else work.rulebook_on(on)


@question
def actor(work: Work, person: str, via: Via = Via.HOST) -> Actor:
    """Return the actor for a staff pseudonym of the active organization.

    Raises:
        NotFound: if no post has it.

    """
    who = work.rulebook.organization.actor(person, via, work.today)
    if who is None:
        raise NotFound(Code.POST_UNKNOWN, person=showable(person))
    return who


@question
def identify(
    work: Work, account: str, person: str | None, via: Via = Via.FILE
) -> Actor:
    """Return the post that an operating-system account acts as.

    ``person`` chooses among the account's posts, ``via`` is how the account is known.
    A rehearsal accepts any post without a check, and every event records that.

    Raises:
        StepRefused: if the account has no post, not this one, or several.

    """
    organization = work.rulebook.organization
    chosen = person or ""
    if person is None or repository.meta(work.connection, "purpose") != "rehearsal":
        mine = [post.id for post in organization.people if account in post.accounts]
        if not mine:
            raise StepRefused(Code.ACCOUNT_WITHOUT_POST, account=account)
        if person is None and len(mine) > 1:
            raise StepRefused(Code.POST_UNCLEAR, account=account, posts=mine)
        chosen = person or mine[0]
        if chosen not in mine:
            raise StepRefused(Code.NOT_YOUR_POST, account=account, person=chosen)
    else:
        via = Via.REHEARSAL
    actor = organization.actor(chosen, via, work.today)
    if actor is None:
        raise StepRefused(Code.POST_UNKNOWN, person=chosen)
    return actor


@question
def unit(
    work: Work,
    written: Annotated[str, Argument.UNIT],
    *,
    on: Annotated[date | None, Argument.ON] = None,
) -> Unit:
    """Return the unit that a text names ``on`` a day, today if it is None.

    The text is a code, an official name, an alias or the beginning of only one
    unit's name; full-width signs are accepted.

    Raises:
        InputRefused: if it names no unit, or several; it lists them.

    """
    return Directory(work.rulebook.organization).unit(written, on or work.today)


def answered_for(work: Work, unit: str | None, day: date) -> frozenset[str] | None:
    """Return the units for which a unit, or its successor, answers on a day.

    None means all units.

    Raises:
        InputRefused: for a code that no unit ever had.

    """
    known_unit(work, unit)
    if unit is None:
        return None
    organization = work.rulebook.organization
    return organization.answers_for(organization.heir(unit, day), day) | {unit}


def known_unit(work: Work, unit: str | None) -> None:
    """Refuse a code that no unit ever had; None means all units.

    Raises:
        InputRefused: for such a code.

    """
    codes = {None, *(known.code for known in work.rulebook.organization.units)}
    if unit not in codes:
        raise InputRefused(InputCode.UNIT_NEVER_WAS, unit=unit)


def refuse_ended(work: Work, unit: str) -> None:
    """Refuse the code of a unit that has ended; it names the successor.

    Raises:
        InputRefused: for such a code.

    """
    organization, day = work.rulebook.organization, work.today
    if any(former.code == unit for former in organization.ended(day)):
        Directory(organization).unit(unit, day, exact=True, working=False)
