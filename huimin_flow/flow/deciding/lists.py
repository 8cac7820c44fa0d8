"""Lists: their readers, and the record of their editions (B5, C3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Final

from huimin_flow.catalogue.reasons import PublicationCode
from huimin_flow.catalogue.terms import (
    Argument,
    EditionKind,
    EditionState,
    Job,
    RecordStep,
    State,
    StreamKind,
)
from huimin_flow.clock import at_hour
from huimin_flow.errors import NotFound
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.advance import acting_as, keep_record
from huimin_flow.flow.core.earliest import not_yet
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core import periods
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.values import Share, from_plain
from huimin_flow.model.deciding.lists import (
    LISTED_KEYS,
    Change,
    Edition,
    Partner,
    Place,
    Source,
    area_of_list,
    described_as,
    next_edition,
    owner_of_list,
    unit_of_list,
)
from huimin_flow.model.evidence import RevisionEvidence
from huimin_flow.model.executing.plans import Plan
from huimin_flow.model.items import Item
from huimin_flow.states.table import MAIN_LINE
from huimin_flow.store import listings
from huimin_flow.store.core import history, repository
from huimin_flow.store.deciding.lists import furthest_before
from huimin_flow.store.sensing import tallies

#: The steps that publish a list: the value of the event is the edition.
_PUBLISHES: Final = frozenset({RecordStep.PUBLISH.value, RecordStep.OPEN.value})

#: The steps that change the content of a list.
_DRAFTS: Final = frozenset(
    {
        RecordStep.FREEZE,
        RecordStep.DRAFT,
        RecordStep.ARRANGE,
        RecordStep.DESCRIBE,
        RecordStep.CONSOLIDATE,
        RecordStep.OPEN,
        RecordStep.SUPPLEMENT,
        RecordStep.AMEND,
        RecordStep.REVISE,
    }
)


@question
def list_of(
    work: Work, key: Annotated[str, Argument.LIST], edition: int | None = None
) -> Edition:
    """Return the present state of a list, or one of its editions.

    The present state may be a draft; ``published`` is the edition in force. An earlier
    edition is as it was published, but its state says that it is superseded.

    Raises:
        NotFound: if there is no such list, or no such edition of it; it names a
            deadline in the future.

    """
    now = repository.find_record(work.connection, Edition, key)
    if now is None:
        code, parts = PublicationCode.LIST_UNKNOWN, key.split("/")
        if len(parts) == 3 and parts[0] == "list":
            raise not_yet(work, Job.LISTING, parts[1], code, key=key)
        raise NotFound(code, key=key)
    if edition in {None, now.edition}:
        return now
    for each in editions_of(work, key):
        if each.edition == edition:
            return each
    code = PublicationCode.NO_LIST_EDITION
    raise NotFound(code, key=key, edition=edition, last=now.edition)


@question
def editions_of(work: Work, key: Annotated[str, Argument.LIST]) -> tuple[Edition, ...]:
    """Return all published editions of a list as they were published, oldest first.

    All but the last are superseded.

    Raises:
        NotFound: if there is no such list.

    """
    list_of(work, key)
    return _published(work, key)


def _published(work: Work, key: str, upto: int | None = None) -> tuple[Edition, ...]:
    published = [
        from_plain(Edition, event.public["value"])
        for event in history.events_of(
            work.connection, key, upto=upto, steps=_PUBLISHES
        )
    ]
    return (
        *(replace(each, state=EditionState.SUPERSEDED) for each in published[:-1]),
        *published[-1:],
    )


def in_force(work: Work, now: Edition, upto: int | None = None) -> Edition | None:
    """Return the edition of a list that is in force, None before any is published.

    It is that of the present, or of the position ``upto``.
    """
    if upto is None and now.state is EditionState.PUBLISHED:
        return now
    return next(iter(_published(work, now.key, upto)[::-1]), None)


def city_places(work: Work, upto: int | None = None) -> dict[str, tuple[str, int]]:
    """Return key and rank of each item on a published list of the city.

    The lists are those in force now, or at the position ``upto``.
    """
    placed: dict[str, tuple[str, int]] = {}
    for now in listings.records(work.connection, Edition, {}):
        city = unit_of_list(now.key) is None and area_of_list(now.key) is None
        force = in_force(work, now, upto) if city else None
        if force is not None:
            placed |= {place.item: (now.key, place.rank) for place in force.places}
    return placed


@question
def published(work: Work, key: Annotated[str, Argument.LIST]) -> Edition:
    """Return the edition of a list that is in force: the last that was published.

    Raises:
        NotFound: if there is no such list, or it was never published.

    """
    edition = in_force(work, list_of(work, key))
    if edition is None:
        raise NotFound(PublicationCode.LIST_NOT_PUBLISHED, key=key)
    return edition


@question
def executed(
    work: Work,
    key: Annotated[str, Argument.LIST],
    *,
    on: date | None = None,
) -> Share:
    """Return how many items of a list were executed or further at a day's end (E2).

    The day is today by default; the items are those of the edition in force, or of
    the list as it stands before any is published.

    Raises:
        NotFound: if there is no such list.

    """
    now = list_of(work, key)
    numbers = [place.item for place in (in_force(work, now) or now).places]
    after = at_hour((on or work.today) + timedelta(days=1), 0)
    reached = furthest_before(work.connection, numbers, after)
    done = MAIN_LINE[MAIN_LINE.index(State.EXECUTED) :]
    return Share(
        part=sum(state in done for state in reached.values()), whole=len(numbers)
    )


@question
def editions(
    work: Work,
    *,
    period: str | None = None,
    unit: str | None = None,
    kind: EditionKind | None = None,
    state: EditionState | None = None,
    item: str | None = None,
    after: Annotated[str | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int | None = None,
) -> list[Edition]:
    """Return the current version of every list, by period and then by unit.

    ``item`` selects the lists that name it.
    A page begins after the key ``after``, without the first ``skip``.

    Raises:
        InputRefused: for a period that is neither a year nor a quarter.

    """
    wanted = _wanted(period, item, unit=unit, kind=kind, state=state)
    return list(
        listings.records(
            work.connection, Edition, wanted, after=after, skip=skip, limit=limit
        )
    )


@question
def count(
    work: Work,
    *,
    period: str | None = None,
    unit: str | None = None,
    kind: EditionKind | None = None,
    state: EditionState | None = None,
    item: str | None = None,
) -> int:
    """Return how many lists ``list`` has with the same filters."""
    wanted = _wanted(period, item, unit=unit, kind=kind, state=state)
    return listings.count_records(work.connection, Edition, wanted)


def _wanted(
    period: str | None, item: str | None, **fields: str | None
) -> dict[str, str | None]:
    """Return filters by fields of a list's record; refuse a period that is none."""
    if period is not None:
        periods.year_or_quarter(period)
    return {"about": period, "places.item": item, **fields}


def keep_edition(
    work: Work,
    step: RecordStep,
    new: Edition,
    old: Edition | None,
    changes: Sequence[Change] | None = None,
    *,
    by: Actor,
    second: Actor | None = None,
    rulebook: str | None = None,
) -> Edition:
    """Record a list as the next event of its stream, and return it.

    A step that changes its content makes a draft: places without content get that of
    their items. ``changes`` are all of the draft, None for those so far.
    """
    if step in _DRAFTS:
        places = tuple(
            place if place.title else _written(work, place) for place in new.places
        )
        new = next_edition(replace(new, places=places), old, changes)
    acting = acting_as(work, by, second, units=(owner_of_list(new),))
    items = (StreamKind.parse(event.stream) for event in work.events)
    moved = frozenset(number for kind, number in items if kind is StreamKind.ITEM)
    evidence = RevisionEvidence(items=moved)
    return keep_record(
        work, step, new, old, acting, evidence, about=new.period, rulebook=rulebook
    )


def place_of(work: Work, item: Item, rank: int) -> Place:
    """Return an item's place on a list, with what would be published of it now."""
    names = work.rulebook.organization
    plan = item.plan or Plan()
    counted = tallies.tally(work.connection, item.number, work.rulebook.organization)
    return Place(
        item=item.number,
        rank=rank,
        unit=item.unit,
        area=item.area,
        stars=item.stars,
        title=item.title,
        text=item.description,
        targets=plan.targets,
        deliverable=plan.deliverable,
        lead=names.name_of(item.unit),
        supporting=tuple(
            Partner(unit=unit, name=names.name_of(unit))
            for unit in plan.partners(item.unit)
        ),
        due=plan.due,
        benefit=item.perceived_benefit,
        appeals=counted.appeals,
        people=counted.people,
        sources=_sources(work, item.number),
    )


def _sources(work: Work, number: str) -> tuple[Source, ...]:
    """Return where an item's appeals came from, the most frequent channel first."""
    names = {each.key: each.name for each in work.rulebook.channels.intake}
    known = tallies.sources(work.connection, number).items()
    left, listed = LISTED_KEYS, []
    for channel, keys in sorted(known, key=lambda each: (-len(each[1]), each[0])):
        shown = tuple(keys[:left])
        left -= len(shown)
        listed.append(
            Source(
                channel=channel,
                name=names.get(channel, channel),
                appeals=len(keys),
                keys=shown,
            )
        )
    return tuple(listed)


def _written(work: Work, place: Place) -> Place:
    """Return a place as the selection chose it, with the content of its item."""
    item = repository.item(work.connection, place.item)
    written = replace(
        place_of(work, item, place.rank),
        unit=place.unit,
        lead=work.rulebook.organization.name_of(place.unit),
        area=place.area,
        stars=place.stars,
    )
    return described_as(written, place)
