"""Questions on appeals: which there are, and to which items they lead (A1, F4)."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Annotated, Final

from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.catalogue.terms import (
    Argument,
    LifeStage,
    State,
    Step,
    StreamKind,
    Tie,
)
from huimin_flow.errors import InputRefused, NotFound
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.reads import fit_limit, fit_span, known_channel
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.periods import month, month_before, month_bounds
from huimin_flow.model.core.places.resolver import resolver_of
from huimin_flow.model.core.texts import showable
from huimin_flow.model.deciding.lists import Edition
from huimin_flow.model.sensing.appeals import (
    AppealMonth,
    AppealSummary,
    FrequentItem,
    StageCoverage,
    StepTaken,
    TrailItem,
)
from huimin_flow.states.table import ENDS, MAIN_LINE
from huimin_flow.store import awaited
from huimin_flow.store.core import history, repository
from huimin_flow.store.sensing import appeals as stored
from huimin_flow.store.sensing import tallies

#: The days of "lately" where nobody names a day.
_LATELY: Final = timedelta(days=365)

#: The months of a year of appeals.
_MONTHS: Final = 12


#: Where an item stands that is on a list, or beyond.
_LISTED: Final = MAIN_LINE[MAIN_LINE.index(State.LISTED) :]


@question
def appeals(
    work: Work,
    *,
    item: str | None = None,
    channel: str | None = None,
    district: str | None = None,
    town: Annotated[str | None, Argument.TOWN] = None,
    loose: bool = False,
    first: str | None = None,
    last: str | None = None,
    after: Annotated[tuple[str, str] | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int = 50,
) -> tuple[AppealSummary, ...]:
    """Return the last appeals, newest first, each with its item.

    ``item`` selects those of one item, ``district`` those of a unit in any spelling,
    ``town`` those of a town, ``loose`` those without an item, ``first`` and
    ``last`` those of some months. A page begins after the appeal that ``after`` names
    by channel and key, and not with the first ``skip``.

    Raises:
        NotFound: if there is no such item, or no appeal ``after`` which to begin.
        InputRefused: for a limit outside 1–1000, a negative ``skip``, a period that is
            no month or reversed, an unknown channel, or an item with another filter.

    """
    fit_limit(limit)
    fit_span(first, last, skip)
    known_channel(work, channel)
    before = None
    if after is not None:
        before = stored.place_of(work.connection, *after)
        if before is None:
            raise NotFound(InputCode.APPEAL_NOT_FOUND, key=showable(after[1]))
    if item is None:
        months = _months(first, last)
        places, code = _places(work, district, town)
        fitting = stored.fits(channel, places, code, months, loose=loose)
        return stored.newest(work.connection, fitting, before, limit, skip=skip)
    _alone(work, item, loose or channel or district or town or first or last)
    return stored.of_item(work.connection, item, limit, before, skip=skip)


@question
def count(
    work: Work,
    *,
    item: str | None = None,
    channel: str | None = None,
    district: str | None = None,
    town: Annotated[str | None, Argument.TOWN] = None,
    loose: bool = False,
    first: str | None = None,
    last: str | None = None,
) -> int:
    """Return how many appeals ``list`` has with the same filters.

    Raises:
        NotFound: if there is no such item.
        InputRefused: for a period that is no month or reversed, an unknown channel, or
            an item with another filter.

    """
    fit_span(first, last)
    known_channel(work, channel)
    if item is None:
        months = _months(first, last)
        places, code = _places(work, district, town)
        fitting = stored.fits(channel, places, code, months, loose=loose)
        return stored.count(work.connection, fitting)
    _alone(work, item, loose or channel or district or town or first or last)
    return tallies.tally(work.connection, item, work.rulebook.organization).own


@question
def by_month(
    work: Work, *, last: Annotated[str | None, Argument.PERIOD] = None
) -> tuple[AppealMonth, ...]:
    """Return the number of appeals by channel of twelve months, oldest first (E2).

    The last month is ``last``, by default the present one. A month before the first
    appeal is left out: nothing was kept then.

    Raises:
        InputRefused: for a period that is no month.

    """
    wanted = [month(last or f"{work.today:%Y-%m}")]
    first = stored.first_month(work.connection)
    while len(wanted) < _MONTHS and first is not None and first < wanted[0]:
        wanted.insert(0, month_before(wanted[0]))
    if first is None or first > wanted[-1]:
        return ()
    counts = stored.by_channel(work.connection, wanted)
    return tuple(AppealMonth(month=of, channels=counts[of]) for of in wanted)


@question
def frequent(
    work: Work,
    *,
    since: Annotated[date | None, Argument.ON] = None,
    limit: int = 5,
) -> tuple[FrequentItem, ...]:
    """Return the items with most appeals since a day, by default in 365 days (E2).

    Raises:
        InputRefused: for a limit outside 1–1000.

    """
    fit_limit(limit)
    since = since or work.today - _LATELY
    most: list[tuple[int, str]] = []
    for number, links, members in stored.linked_since(work.connection, since):
        if len(most) == limit and (-links, number) > most[-1]:
            break  # nobody after it has more
        count = stored.count_since(work.connection, members, since)
        most = sorted([*most, (-count, number)])[:limit] if count else most
    items = {number: repository.item(work.connection, number) for _, number in most}
    return tuple(
        FrequentItem(
            number=number,
            title=items[number].title,
            unit=items[number].unit,
            state=items[number].state,
            appeals=-count,
        )
        for count, number in most
    )


@question
def by_life_stage(
    work: Work, *, first: str | None = None, last: str | None = None
) -> tuple[StageCoverage, ...]:
    """Return for each stage of life its appeals of some months, and its items (X1).

    Without months all appeals count. Items are those that are open now.

    Raises:
        InputRefused: for a period that is no month.

    """
    fit_span(first, last)
    heard = stored.by_life_stage(work.connection, _months(first, last))
    items: Counter[LifeStage] = Counter()
    listed: Counter[LifeStage] = Counter()
    for stage, state, count in awaited.count_by_life_stage(work.connection):
        items[stage] += count if state not in ENDS else 0
        listed[stage] += count if state in _LISTED else 0
    return tuple(
        StageCoverage(
            life_stage=stage,
            appeals=appeals,
            people=people,
            linked=linked,
            items=items[stage],
            listed=listed[stage],
        )
        for stage in LifeStage
        for appeals, people, linked in [heard.get(stage, (0, 0, 0))]
    )


def _months(first: str | None, last: str | None) -> tuple[date | None, date | None]:
    """Return the first day of the first month, and the first day after the last."""
    begun = None if first is None else month_bounds(month(first))[0]
    return begun, None if last is None else month_bounds(month(last))[1]


def _alone(work: Work, item: str, other: object) -> None:
    """Refuse an unknown item, and an item with another filter."""
    if other:
        raise InputRefused(InputCode.ITEM_ALONE)
    repository.item(work.connection, item)


@question
def appeal(
    work: Work, key: Annotated[str, Argument.APPEAL_KEY], *, channel: str | None = None
) -> AppealSummary:
    """Return an appeal without its person and its text, and the item it is linked to.

    Raises:
        NotFound: if no appeal of that key was kept.
        InputRefused: if several appeals have the key; it names their channels.

    """
    return kept_appeal(work, key, channel).appeal


def kept_appeal(work: Work, key: str, channel: str | None) -> stored.Kept:
    """Return an appeal with its batch.

    Its key may stand behind its channel: ``media=A1`` or ``media/A1``.

    Raises:
        NotFound: if no appeal of that key was kept.
        InputRefused: if several appeals have the key; it names their channels.

    """
    found = stored.of_key(work.connection, key, channel)
    if not found and channel is None:
        intake = work.rulebook.channels.intake
        keys = {name: each.key for each in intake for name in (each.name, each.key)}
        for sign in "=/":  # as lists and to-dos write it
            named, _, rest = key.partition(sign)
            if named in keys:
                found = found or stored.of_key(work.connection, rest, keys[named])
    if not found:
        raise NotFound(InputCode.APPEAL_NOT_FOUND, key=showable(key))
    if len(found) > 1:
        channels = [of_channel.appeal.channel for of_channel in found]
        code = InputCode.APPEAL_IN_CHANNELS
        raise InputRefused(code, key=showable(key), channels=channels)
    return found[0]


def items_from(work: Work, first: str) -> tuple[TrailItem, ...]:
    """Return an item and all items that its demand leads to, nearest first."""
    editions = repository.records(work.connection, Edition)
    items: dict[str, TrailItem] = {}
    waiting = [(Tie.HANGS, "", repository.item(work.connection, first))]
    while waiting:
        tie, of, item = waiting.pop(0)
        number = item.number
        if number in items:  # a circle of links must end
            continue
        events = history.events_of(work.connection, StreamKind.ITEM.key(number))
        items[number] = TrailItem(
            tie=tie,
            of=of,
            number=number,
            title=item.title,
            unit=item.unit,
            state=item.status,
            lists=tuple(
                edition.key
                for edition in editions
                if any(place.item == number for place in edition.places)
            ),
            fulfilment=item.fulfilment,
            satisfaction=item.satisfaction,
            evaluation_passed=item.evaluation_passed,
            recommendation=item.recommendation,
            steps=tuple(
                StepTaken(
                    day=event.occurred_on,
                    step=Step(event.step),
                    state=State(event.target),
                    at=event.at,
                    actor=event.actor,
                )
                for event in events
                if event.target is not None
            ),
        )
        if item.merged_into is not None:
            into = repository.item(work.connection, item.merged_into)
            waiting.append((Tie.MERGED_INTO, number, into))
        waiting += [
            (Tie(field), number, below)
            for field, below in repository.linked_items(work.connection, number)
            if field != Tie.MERGED_INTO
        ]
    return tuple(items.values())


def _places(
    work: Work, district: str | None, town: str | None
) -> tuple[list[str] | None, str | None]:
    """Return the stored places that mean a unit, and the code of a town.

    A unit is stored as its code, or as a text that nobody knew then.
    """
    resolver, day = resolver_of(work.rulebook.organization), work.today
    places = None
    if district is not None:
        texts = stored.unplaced(work.connection, resolver.codes)
        same = (text for text in texts if resolver.unit_of(text, day) == district)
        places = [district, *same]
    return places, town and (resolver.resolve(town, day).town or town)
