"""Questions on the current items, histories, links, files, lists and people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Annotated

from huimin_flow.catalogue.reasons import Code, InputCode, StoreCode
from huimin_flow.catalogue.terms import Argument, State, Via
from huimin_flow.errors import InputRefused, NotFound, StepRefused, StoreRefused
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.events import Recorded
from huimin_flow.model.core.organization import Actor, Directory, Unit
from huimin_flow.model.core.periods import month
from huimin_flow.model.core.texts import showable
from huimin_flow.model.deciding.lists import Edition
from huimin_flow.model.items import Attachment, Item, Link
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.scoring.published import ProgressCall
from huimin_flow.model.sensing.appeals import Tally
from huimin_flow.store.core import facts, history, positions, repository
from huimin_flow.store.core.repository import linked_items
from huimin_flow.store.core.tables import ABOVE
from huimin_flow.store.executing.attachments import attachments_of


@question
def item(work: Work, number: str) -> Item:
    """Return the current item.

    Raises:
        NotFound: if no item has the number.

    """
    return repository.item(work.connection, number)


@question
def items(
    work: Work,
    *states: State,
    unit: str | None = None,
    limit: int | None = None,
    numbers: Sequence[str] | None = None,
) -> list[Item]:
    """Return items by state, unit and number, oldest number first.

    An unknown number has no item.

    Raises:
        InputRefused: for a code that no unit ever had.

    """
    return list(each_item(work, *states, unit=unit, limit=limit, numbers=numbers))


def each_item(
    work: Work,
    *states: State,
    unit: str | None = None,
    limit: int | None = None,
    numbers: Sequence[str] | None = None,
) -> Iterator[Item]:
    """Return the items of ``items`` one by one, while their transaction is open."""
    known_unit(work, unit)
    return repository.items(
        work.connection, states=states, unit=unit, limit=limit, numbers=numbers
    )


def item_lines(
    work: Work, *states: State, unit: str | None = None, limit: int | None = None
) -> Iterator[tuple[str, State, str, int | None, str]]:
    """Return number, state, unit, stars and title of those items one by one."""
    known_unit(work, unit)
    return repository.item_lines(work.connection, states=states, unit=unit, limit=limit)


@question
def numbered(work: Work, beginning: str, limit: int = 50) -> list[tuple[str, str]]:
    """Return the item numbers with a beginning, and their titles, newest first."""
    return repository.numbered(work.connection, beginning, limit)


@question
def tally(work: Work, number: str) -> Tally:
    """Return the counts of an item's appeals: people, places, channels, days."""
    return facts.tally(work.connection, number)


@question
def links(work: Work, number: str) -> tuple[Link, ...]:
    """Return an item's links: the items before it, then the items after it.

    Raises:
        NotFound: if no item has the number.

    """
    own = item(work, number)
    above = {
        field: repository.find_item(work.connection, getattr(own, field))
        for field in ABOVE
        if getattr(own, field) is not None
    }
    below = linked_items(work.connection, number)
    return (
        *(Link(field=k, item=other, above=True) for k, other in above.items() if other),
        *(Link(field=k, item=other, above=False) for k, other in below),
    )


@question
def events(work: Work, stream: str) -> tuple[Recorded, ...]:
    """Return the events of a stream, oldest first: ``item/2026-000001``, ``rulebook``.

    A stream that never began has none.
    """
    return tuple(
        Recorded(event=history.event_of(stored.header), leaf=stored.leaf.hex())
        for stored in history.read_stream(work.connection, stream)
    )


@question
def last_recorded(work: Work) -> datetime | None:
    """Return when the last event was recorded, aware UTC, or None before the first."""
    return positions.last_moment(work.connection)


@question
def attachments(work: Work, number: str) -> tuple[Attachment, ...]:
    """Return the attachments of an item, by name."""
    return attachments_of(work.connection, number)


@question
def attached(work: Work, digest: str) -> bytes:
    """Return an attachment's content by its hex SHA-256.

    Raises:
        NotFound: if it isn't there.
        StoreRefused: if it was changed, or there is no folder for attachments.

    """
    if work.shelf is None:
        raise StoreRefused(StoreCode.SHELF_UNKNOWN)
    return work.shelf.get(digest)


@question
def editions(work: Work) -> list[Edition]:
    """Return the current version of every list, by period and then by unit."""
    lists = repository.records(work.connection, Edition)
    return sorted(lists, key=lambda edition: (edition.period, edition.key))


@question
def progress_calls(work: Work, period: str | None = None) -> list[ProgressCall]:
    """Return the calls for progress reports and the units they name, or one month's.

    Raises:
        InputRefused: for a period that is no month.

    """
    about = None if period is None else month(period)
    return repository.records(work.connection, ProgressCall, about)


@question
def rulebook(
    work: Work, digest: str | None = None, *, on: date | None = None
) -> Rulebook:
    """Return the active rulebook, or an earlier one by its digest or its day.

    ``on`` is the Shanghai day at whose end the rulebook was active.

    Raises:
        StoreRefused: if its text is missing or was changed.

    """
    if digest is not None:
        return work.rulebook_of(digest)
    return work.rulebook if on is None else work.rulebook_on(on)


@question
def actor(work: Work, person: str, via: Via = Via.HOST) -> Actor:
    """Return the actor for a staff pseudonym of the active organization.

    Raises:
        NotFound: if no post has it.

    """
    who = work.rulebook.organization.actor(person, via)
    if who is None:
        raise NotFound(Code.POST_UNKNOWN, person=showable(person))
    return who


@question
def identify(work: Work, account: str, person: str | None) -> Actor:
    """Return the post that an operating-system account acts as.

    ``person`` chooses among the account's posts. A rehearsal accepts any post
    without a check, and every event records that.

    Raises:
        StepRefused: if the account has no post, not this one, or several.

    """
    organization = work.rulebook.organization
    chosen, via = person or "", Via.REHEARSAL
    if person is None or repository.meta(work.connection, "purpose") != "rehearsal":
        mine = [post.id for post in organization.people if account in post.accounts]
        if not mine:
            raise StepRefused(Code.ACCOUNT_WITHOUT_POST, account=account)
        if person is None and len(mine) > 1:
            raise StepRefused(Code.POST_UNCLEAR, account=account, posts=mine)
        chosen, via = person or mine[0], Via.OPERATING_SYSTEM
        if chosen not in mine:
            raise StepRefused(Code.NOT_YOUR_POST, account=account, person=chosen)
    actor = organization.actor(chosen, via)
    if actor is None:
        raise StepRefused(Code.POST_UNKNOWN, person=chosen)
    return actor


@question
def unit(
    work: Work,
    written: Annotated[str, Argument.UNIT],
    *,
    day: Annotated[date | None, Argument.ON] = None,
) -> Unit:
    """Return the unit that a text names on a day, today if it is None.

    The text is a code, an official name, an alias or the beginning of only one
    unit's name; full-width signs are accepted.

    Raises:
        InputRefused: if it names no unit, or several; it lists them.

    """
    return Directory(work.rulebook.organization).unit(written, day or work.today)


def known_unit(work: Work, unit: str | None) -> None:
    """Refuse a code that no unit ever had; None means all units.

    Raises:
        InputRefused: for such a code.

    """
    codes = {None, *(known.code for known in work.rulebook.organization.units)}
    if unit not in codes:
        raise InputRefused(InputCode.UNIT_NEVER_WAS, unit=unit)
