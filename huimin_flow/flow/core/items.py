"""Questions on items: lists of them, one of them, its history, links; their files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Final

from huimin_flow.catalogue.reasons import (
    DecisionCode,
    InputCode,
    PublicationCode,
    StoreCode,
)
from huimin_flow.catalogue.terms import (
    Area,
    Argument,
    DoubtCause,
    Ending,
    ItemOrder,
    MeetingState,
    Origin,
    RecordStep,
    StalePart,
    State,
    Step,
    StreamKind,
)
from huimin_flow.errors import InputRefused, NotFound, StoreRefused
from huimin_flow.flow.core import reads
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.advance import acting_as, advance, permitted, record
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.events import Recorded
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.texts import required, showable
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.deciding.deliberations import Deliberation
from huimin_flow.model.deciding.lists import Edition
from huimin_flow.model.evidence import DoubtEvidence
from huimin_flow.model.items import (
    LARGEST_FILE,
    AreaItems,
    Attachment,
    Item,
    ItemFilter,
    ItemTraits,
    Link,
    StateStays,
    Stays,
    Stuck,
    UnitItems,
)
from huimin_flow.model.sensing.appeals import Tally
from huimin_flow.rules.core import stays as rules
from huimin_flow.rules.core.stays import Standing
from huimin_flow.settings.extensions import require_known
from huimin_flow.states.table import MAIN_LINE
from huimin_flow.store import awaited, listings
from huimin_flow.store.core import repository
from huimin_flow.store.core.repository import linked_items
from huimin_flow.store.core.tables import ABOVE
from huimin_flow.store.executing.attachments import attachments_of, keep_attachment
from huimin_flow.store.sensing import tallies


@question
def item(work: Work, number: str) -> Item:
    """Return the current item.

    Raises:
        NotFound: if no item has the number.

    """
    return repository.item(work.connection, number)


@question
def items(  # noqa: PLR0913 - each is a filter
    work: Work,
    *states: State,
    unit: str | None = None,
    area: Area | None = None,
    origin: Origin | None = None,
    edition: Annotated[str | None, Argument.LIST] = None,
    text: Annotated[str | None, Argument.TITLE] = None,
    traits: ItemTraits | None = None,
    own: Mapping[str, str] | None = None,
    order: ItemOrder = ItemOrder.OLDEST,
    after: Annotated[str | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int | None = None,
    numbers: Sequence[str] | None = None,
) -> list[Item]:
    """Return items by state, unit, area, origin, list, words of the title and others.

    Each word of ``text`` is a part of the title or the number; ``own`` has texts of own
    fields by their keys, which must be equal. They are in the ``order``; a page begins
    after the item ``after``, and not with the first ``skip`` of them. An unknown number
    among ``numbers`` has no item.

    Raises:
        InputRefused: for a code that no unit ever had, an own field that its
            extension lacks, or a negative ``limit`` or ``skip``.
        NotFound: if there is no such list, or no item ``after`` which to begin.

    """
    wanted = ItemFilter(
        states=states,
        unit=unit,
        area=area,
        origin=origin,
        edition=edition,
        text=text,
        traits=traits or ItemTraits(),
        own=tuple(sorted((own or {}).items())),
        numbers=None if numbers is None else tuple(numbers),
        order=order,
        after=after,
        skip=skip,
        limit=limit,
    )
    return list(each_item(work, wanted))


@question
def count(
    work: Work,
    *states: State,
    unit: str | None = None,
    area: Area | None = None,
    origin: Origin | None = None,
    edition: Annotated[str | None, Argument.LIST] = None,
    text: Annotated[str | None, Argument.TITLE] = None,
    traits: ItemTraits | None = None,
    own: Mapping[str, str] | None = None,
) -> int:
    """Return how many items ``list`` has with the same filters.

    Raises:
        InputRefused: for an unknown unit, or an unknown own field of an extension.
        NotFound: if there is no such list.

    """
    wanted = ItemFilter(
        states=states,
        unit=unit,
        area=area,
        origin=origin,
        edition=edition,
        text=text,
        traits=traits or ItemTraits(),
        own=tuple(sorted((own or {}).items())),
    )
    return count_of(work, wanted)


def each_item(work: Work, wanted: ItemFilter) -> Iterator[Item]:
    """Return the items of a filter one by one, while their transaction is open."""
    return listings.items(work.connection, _fit(work, wanted))


def item_lines(
    work: Work, wanted: ItemFilter
) -> Iterator[tuple[str, State | Ending, str, int | None, str]]:
    """Return number, state, unit, stars and title of those items one by one."""
    return listings.item_lines(work.connection, _fit(work, wanted))


def count_of(work: Work, wanted: ItemFilter) -> int:
    """Return how many items a filter accepts, on all pages."""
    return listings.count_items(work.connection, _fit(work, wanted))


def _fit(work: Work, wanted: ItemFilter) -> ItemFilter:
    """Return a filter that the store can answer.

    Raises:
        InputRefused: for an unknown unit or own field, or a negative page.
        NotFound: if the filter or its beginning names what doesn't exist.

    """
    reads.known_unit(work, wanted.unit)
    reads.fit_page(wanted.limit, wanted.skip)
    require_known((key for key, _ in wanted.own), work.extensions)
    key = wanted.edition
    if key and repository.find_record(work.connection, Edition, key) is None:
        raise NotFound(PublicationCode.LIST_UNKNOWN, key=showable(key))
    if wanted.after is not None:
        repository.item(work.connection, wanted.after)
    if not wanted.traits.stuck:
        return wanted
    _, stuck = _stuck(work)
    return replace(wanted, among=tuple(each.number for each, _ in stuck))


#: How long ago an item may have left a state to count among the usual stays.
_YEAR: Final = timedelta(days=365)


def _stuck(
    work: Work,
) -> tuple[tuple[StateStays, ...], list[tuple[Standing, int]]]:
    """Return how long items stay in each state, and the items that are stuck."""
    today, since = work.today, work.today - _YEAR
    moves = awaited.moves(work.connection, since)
    standing, ended = rules.stays_of(moves, since.toordinal())
    states = rules.by_state(standing, ended, today)
    return states, rules.longest(standing, MAIN_LINE[:-1], states, today)


@question
def stays(work: Work, *, limit: int = 5) -> Stays:
    """Return how long items stay in each state, and which items are stuck (E2).

    The items that left a state within 365 days say what is usual. Stuck are open items
    before their adjustment; the ``limit`` longest are returned.

    Raises:
        InputRefused: for a limit outside 1–1000.

    """
    reads.fit_limit(limit)
    today, since = work.today, work.today - _YEAR
    states, stuck = _stuck(work)
    shown = stuck[:limit]
    owners = awaited.owners_of(work.connection, (each.number for each, _ in shown))
    return Stays(
        since=since,
        states=states,
        beyond=len(stuck),
        stuck=tuple(
            Stuck(
                number=each.number,
                title=owners[each.number][1],
                unit=owners[each.number][0],
                state=each.state,
                since=date.fromordinal(each.since),
                days=today.toordinal() - each.since,
                beyond=beyond,
            )
            for each, beyond in shown
        ),
    )


@question
def areas(work: Work) -> tuple[AreaItems, ...]:
    """Return how many items of each area are in each of the nine states (E2)."""
    counts: dict[Area, dict[State, int]] = {area: {} for area in Area}
    for area, state, count in awaited.count_by_area(work.connection):
        counts[area][state] = count
    return tuple(AreaItems(area=area, states=own) for area, own in counts.items())


@question
def units(work: Work) -> tuple[UnitItems, ...]:
    """Return how many items each unit leads in each state; a unit without is absent."""
    counts: dict[str, dict[State, int]] = {}
    for unit, state, count in awaited.count_by_unit(work.connection):
        counts.setdefault(unit, {})[state] = count
    return tuple(UnitItems(unit=unit, states=own) for unit, own in counts.items())


@question
def item_history(work: Work, number: str) -> tuple[Recorded, ...]:
    """Return the events of an item, oldest first, each with its rule's verdict.

    Raises:
        NotFound: if no item has the number.

    """
    recorded = reads.events(work, StreamKind.ITEM.key(number))
    if not recorded:
        raise NotFound(InputCode.ITEM_UNKNOWN, number=number)
    return recorded


@question
def numbered(work: Work, beginning: str, limit: int = 50) -> list[tuple[str, str]]:
    """Return the item numbers with a beginning, and their titles, newest first."""
    known = repository.numbered(work.connection, beginning, limit)
    return [(number, title) for number, title, _ in known]


@question
def tally(work: Work, number: str) -> Tally:
    """Return the counts of an item's appeals: people, places, channels, days."""
    return tallies.tally(work.connection, number, work.rulebook.organization)


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
def attachments(work: Work, number: str) -> tuple[Attachment, ...]:
    """Return the attachments of an item, by name, or of a meeting that is closed."""
    held = repository.find_record(work.connection, Deliberation, number)
    if held is not None and held.state is not MeetingState.CLOSED:
        return ()  # ``meetings.attachments`` asks who reads them
    if reads.is_sealed(work, number):
        return ()
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


def keep_file(
    work: Work,
    about: str,
    name: str,
    content: bytes,
    by: Actor,
    unit: str | None,
    *,
    recorded: Collection[str] | None = None,
) -> Attachment:
    """Store an attachment of an item or a meeting; the same content only once.

    A known file that is not among the digests ``recorded`` is recorded once more.
    """
    called = required(name, Argument.FILE_NAME, longest=200)
    if not 0 < len(content) <= LARGEST_FILE:
        code, most = DecisionCode.ATTACHMENT_SIZE, LARGEST_FILE // 1024 // 1024
        raise InputRefused(code, size=len(content), most=most)
    if work.shelf is None:
        raise StoreRefused(StoreCode.SHELF_UNKNOWN)
    attachment = Attachment(
        about=about, digest=work.shelf.put(content), size=len(content), name=called
    )
    for known in attachments_of(work.connection, about):
        if known.digest == attachment.digest:
            if recorded is None or known.digest in recorded:
                return known
            attachment = known
            break
    else:
        keep_attachment(work.connection, attachment)
    stream = StreamKind.ATTACHMENT.key(about)
    acting = acting_as(work, by, units=(unit,))
    permit = permitted(work, stream, RecordStep.ATTACH, acting)
    record(work, permit, to_plain(attachment))
    return attachment


#: The states in which a final evaluation counts, and can be made again.
_JUDGED: Final = frozenset({State.EVALUATED, State.ADJUSTED})


def put_in_doubt(
    work: Work, items: Iterable[Item], cause: DoubtCause, *, by: Actor
) -> None:
    """Put the final evaluation of these items in doubt, as part of another act.

    Who corrected a fact needs no right of their own to the item. One that is not
    evaluated, or in doubt already, stays as it is.
    """
    for item in items:
        if item.state not in _JUDGED or StalePart.EVALUATION in item.stale:
            continue
        advance(
            work,
            item,
            Step.DOUBT,
            DoubtEvidence(cause=cause),
            by=by,
            changes={"stale": tuple(sorted({*item.stale, StalePart.EVALUATION}))},
            named={"cause": cause.value, "for_unit": by.unit},
        )
