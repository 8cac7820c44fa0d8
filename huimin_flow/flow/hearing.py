"""Hearing: what was done about a voice, told without telling whose it was (F4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.catalogue.terms import Given, State, Step, StreamKind, Tie
from huimin_flow.errors import InputRefused, NotFound
from huimin_flow.flow.work import Work
from huimin_flow.model.edition import Edition
from huimin_flow.model.item import Item
from huimin_flow.model.text import showable
from huimin_flow.model.trail import Deed, Heard, Trail, TrailItem
from huimin_flow.store import history, links, repository, voices
from huimin_flow.streams import nth

#: How many voices one answer names at most.
_MOST = 1000


def trail(
    work: Work, key: Annotated[str, Given.APPEAL_KEY], *, channel: str | None = None
) -> Trail:
    """Return a voice's way: the items that took it up, their lists and results.

    It begins with the item on which the voice hangs now, and goes on with what that
    was merged into and all that came of it. ``channel`` is needed only where two
    channels gave the same key.

    Raises:
        NotFound: if no voice of that key was kept.
        InputRefused: if several were, naming their channels.

    """
    found = voices.of_key(work.connection, key, channel)
    if not found:
        raise NotFound(InputCode.APPEAL_NOT_FOUND, key=showable(key))
    if len(found) > 1:
        channels = [one.heard.channel for one in found]
        code = InputCode.APPEAL_IN_CHANNELS
        raise InputRefused(code, key=showable(key), channels=channels)
    heard, batch = found[0]
    linked = voices.link_batch(work.connection, heard.channel, heard.key)
    return Trail(
        heard=heard,
        kept_at=_moment(work, batch),
        linked_at=None if linked is None else _moment(work, linked),
        items=() if heard.item is None else _items(work, heard.item),
    )


def appeals(
    work: Work,
    *,
    item: str | None = None,
    channel: str | None = None,
    loose: bool = False,
    limit: int = 50,
) -> tuple[Heard, ...]:
    """Return the last voices heard, newest first, each with the item it hangs on.

    ``item`` asks for those of one item, ``loose`` for those that hang on none.

    Raises:
        NotFound: if there is no such item.
        InputRefused: for a limit that is none, or an item along with other wishes.

    """
    if not 1 <= limit <= _MOST:
        raise InputRefused(InputCode.COUNT_OUT_OF_RANGE, given=limit, most=_MOST)
    if item is None:
        return voices.newest(work.connection, channel=channel, loose=loose, limit=limit)
    if loose or channel is not None:
        raise InputRefused(InputCode.ITEM_ALONE)
    repository.item(work.connection, item)
    return voices.of_item(work.connection, item, limit)


def _moment(work: Work, batch: int) -> datetime:
    return history.events_of(
        work.connection, StreamKind.BATCH.key(nth(StreamKind.BATCH, batch))
    )[0].at


def _items(work: Work, first: str) -> tuple[TrailItem, ...]:
    listed = repository.records(work.connection, Edition)
    found: dict[str, TrailItem] = {}
    waiting = [(Tie.HANGS, "", repository.item(work.connection, first))]
    while waiting:
        tie, of, item = waiting.pop(0)
        # A circle must not hold a reader for ever, however it came about.
        if item.number not in found:
            found[item.number] = _told(work, tie, of, item, listed)
            waiting += [(one, item.number, to) for one, to in _onward(work, item)]
    return tuple(found.values())


def _onward(work: Work, item: Item) -> Iterator[tuple[Tie, Item]]:
    """Yield where an item's demand goes on, in the order of numbers."""
    if item.merged_into is not None:
        yield Tie.MERGED_INTO, repository.item(work.connection, item.merged_into)
    for field, one in links.linked_items(work.connection, item.number):
        if field != Tie.MERGED_INTO:
            yield Tie(field), one


def _told(
    work: Work, tie: Tie, of: str, item: Item, listed: list[Edition]
) -> TrailItem:
    events = history.events_of(work.connection, StreamKind.ITEM.key(item.number))
    return TrailItem(
        tie=tie,
        of=of,
        number=item.number,
        title=item.title,
        unit=item.unit,
        state=item.state,
        lists=tuple(
            one.key
            for one in listed
            if any(place.item == item.number for place in one.places)
        ),
        fulfilment=item.fulfilment,
        satisfaction=item.satisfaction,
        evaluation_passed=item.evaluation_passed,
        recommendation=item.recommendation,
        deeds=tuple(
            Deed(day=one.occurred_on, step=Step(one.step), state=State(one.target))
            for one in events
            if one.target is not None
        ),
    )
