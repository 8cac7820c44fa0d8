"""The two boards of each quarter: a job drafts, two people publish (D1, D2, D7).

An entry of a published bad board is open until a rectification of it was accepted; each
later board repeats it. Corrections are new editions; earlier ones stay in the history.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from huimin_flow.catalogue.reasons import BoardCode
from huimin_flow.catalogue.terms import (
    Argument,
    BoardState,
    BoardStep,
    Duty,
    Job,
    StreamKind,
)
from huimin_flow.errors import InputRefused, NotFound
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.advance import acting_as, keep_record
from huimin_flow.flow.core.earliest import not_yet
from huimin_flow.flow.core.reads import known_unit, record_of
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.periods import last_day, months_of
from huimin_flow.model.core.texts import required
from huimin_flow.model.core.values import from_plain
from huimin_flow.model.improving.boards import BadEntry, BoardChange, QuarterlyBoards
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.improving.boards import changed, drawn_up
from huimin_flow.store import listings
from huimin_flow.store.core import history, repository
from huimin_flow.store.pasts import boards as stored
from huimin_flow.stream_names import stream_of


@question
def boards(
    work: Work,
    *,
    state: BoardState | None = None,
    after: Annotated[str | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[QuarterlyBoards, ...]:
    """Return the boards of all quarters, the newest first, drafts among them.

    A page begins after the key ``after``, and not with the first ``skip``.
    """
    return listings.records(
        work.connection,
        QuarterlyBoards,
        {"state": state},
        newest=True,
        after=after,
        skip=skip,
        limit=limit,
    )


@question
def count(work: Work, *, state: BoardState | None = None) -> int:
    """Return how many quarters have boards in a state."""
    return listings.count_records(work.connection, QuarterlyBoards, {"state": state})


@question
def board(work: Work, key: Annotated[str, Argument.BOARD_KEY]) -> QuarterlyBoards:
    """Return a quarter's boards as they stand, perhaps a draft: ``board/2026Q4``.

    Raises:
        NotFound: if there are none.

    """
    return record_of(work, QuarterlyBoards, stream_of(StreamKind.BOARD, key))


@question
def published(work: Work, period: str, edition: int | None = None) -> QuarterlyBoards:
    """Return the boards of a quarter as last published, or an earlier edition.

    Raises:
        InputRefused: for a wrong period.
        NotFound: if they were never published, or have no such edition.

    """
    months_of(period)
    key = StreamKind.BOARD.key(period)
    public = [
        event
        for event in history.events_of(work.connection, key)
        if event.target == BoardState.PUBLISHED
    ]
    if not public:
        code = BoardCode.NO_BOARDS
        raise not_yet(work, Job.QUARTERLY_BOARDS, period, code, quarter=period)
    if edition is not None and not 1 <= edition <= len(public):
        last = len(public)
        code = BoardCode.NO_EDITION
        raise NotFound(code, period=period, edition=edition, last=last)
    event = public[-1 if edition is None else edition - 1]
    return from_plain(QuarterlyBoards, event.public["value"])


@question
def periods(work: Work) -> tuple[str, ...]:
    """Return the quarters whose boards are published, the oldest first."""
    return tuple(each.period for each in stored.published_at(work.connection, None))


@question
def bad_entries(
    work: Work, *, unit: str | None = None, item: str | None = None
) -> tuple[BadEntry, ...]:
    """Return the open entries of published bad boards, by number of the item.

    An entry is open until a rectification of it was accepted. ``unit`` is that of the
    item when the board was cut, or a successor of it.

    Raises:
        InputRefused: for a code that no unit ever had.

    """
    known_unit(work, unit)
    organization, day = work.rulebook.organization, work.today
    return tuple(
        each
        for each in stored.open_at(work.connection, None)
        if item in {None, each.entry.item}
        and unit in {None, each.entry.unit, organization.heir(each.entry.unit, day)}
    )


@question
def late(
    work: Work, key: Annotated[str, Argument.BOARD_KEY]
) -> tuple[BoardChange, ...]:
    """Return what a correction would change: what became known after the cut.

    Raises:
        NotFound: if there are no boards of that quarter.

    """
    known = board(work, key)
    return changed(known, corrected(work, key))


def draft(
    work: Work, period: str, cut: int, book: Rulebook, *, by: Actor, reason: str = ""
) -> QuarterlyBoards:
    """Draft a quarter's boards from the facts known at the cut (D7).

    With a ``reason`` it drafts again what a wrong clock drafted.
    """
    made = _computed(work, period, cut, cut, book.digest)
    new = replace(made, note=reason)
    old = repository.find_record(work.connection, QuarterlyBoards, new.key)
    if old is not None:
        new = replace(new, edition=old.edition)
    acting = acting_as(work, by)
    return keep_record(
        work, BoardStep.DRAFT, new, old, acting, about=period, rulebook=book.digest
    )


@act(Duty.CONFIRM, two=True)
def publish(
    work: Work,
    key: Annotated[str, Argument.BOARD_KEY],
    *,
    by: Actor = ACTING,
    second: Actor,
) -> QuarterlyBoards:
    """Publish the drafted boards of a quarter, by two people who saw them (D7).

    Raises:
        NotFound: if there are no boards of that quarter.
        StepRefused: unless two people with the duty confirm it, or if they are
            published already.

    """
    work.two_people(by, second, Duty.CONFIRM)
    old = board(work, key)
    return _keep(work, BoardStep.PUBLISH, old, old, by, second)


@act(Duty.CONFIRM, two=True)
def correct(
    work: Work,
    key: Annotated[str, Argument.BOARD_KEY],
    reason: str,
    *,
    by: Actor = ACTING,
    second: Actor,
) -> QuarterlyBoards:
    """Publish a new edition of a quarter's boards from what is known now (D7).

    The day and the rulebook stay those of the draft, and each item is held as it
    stood at the draft's cut: what ended, was excused or discharged since then takes no
    entry off. Months that were silent then stay silent. An entry that was wrong leaves
    by a correction, any other one by an accepted rectification alone.

    Raises:
        NotFound: if there are no boards of that quarter.
        InputRefused: for an empty reason, or if nothing would change.
        StepRefused: unless two people with the duty confirm it.

    """
    work.two_people(by, second, Duty.CONFIRM)
    note = may_correct(work, key, reason)
    old = board(work, key)
    new = replace(corrected(work, key), edition=old.edition, note=note)
    return _keep(work, BoardStep.CORRECT, new, old, by, second)


def may_correct(
    work: Work, key: Annotated[str, Argument.BOARD_KEY], reason: str
) -> str:
    """Return the reason for a correction, if there is something to correct.

    Raises:
        NotFound: if there are no boards of that quarter.
        InputRefused: for an empty reason, or if nothing would change.

    """
    old = board(work, key)
    note = required(reason, Argument.REASON, longest=500)
    if not changed(old, corrected(work, key)):
        raise InputRefused(BoardCode.NOTHING_CHANGES, period=old.period)
    return note


def corrected(work: Work, key: Annotated[str, Argument.BOARD_KEY]) -> QuarterlyBoards:
    """Return what a correction would publish now, by the draft's rulebook."""
    known = board(work, key)
    return _computed(work, known.period, work.head, known.stood, known.rulebook)


def _computed(
    work: Work, period: str, cut: int, stood: int, digest: str
) -> QuarterlyBoards:
    book, connection = work.rulebook_of(digest), work.connection
    return drawn_up(
        stored.facts_at(connection, period, cut, book, stood=stood),
        period,
        stored.open_at(connection, cut, before=period, stood=stood),
        day=last_day(months_of(period)[-1]),
        cut=cut,
        stood=stood,
        book=book,
    )


def _keep(
    work: Work,
    step: BoardStep,
    new: QuarterlyBoards,
    old: QuarterlyBoards,
    by: Actor,
    second: Actor,
) -> QuarterlyBoards:
    """Record the next edition."""
    new = replace(new, edition=new.edition + 1)
    acting = acting_as(work, by, second)
    return keep_record(
        work, step, new, old, acting, about=new.period, rulebook=new.rulebook
    )
