"""Intake: appeals come in, and gather under items (A1, A6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from huimin_flow.catalogue.reasons import InputCode
from huimin_flow.catalogue.terms import Argument, Duty, State, Step, StreamKind, Tie
from huimin_flow.clock import day_to_come, local_day
from huimin_flow.errors import InputRefused, NotFound
from huimin_flow.flow.core.advance import acting_as, keep_batch
from huimin_flow.flow.core.arguments import fit_fields
from huimin_flow.flow.core.work import Work
from huimin_flow.model.core.events import Reason
from huimin_flow.model.core.organization import Actor, Directory
from huimin_flow.model.core.texts import pseudonym, required, showable
from huimin_flow.model.core.values import value
from huimin_flow.model.deciding.lists import Edition
from huimin_flow.model.items import Item
from huimin_flow.model.sensing.appeals import (
    Appeal,
    AppealSummary,
    StepTaken,
    Tally,
    Trail,
    TrailItem,
)
from huimin_flow.store.core import facts, history, repository
from huimin_flow.store.core import repository as links
from huimin_flow.store.sensing import appeals as voices
from huimin_flow.streams import nth


@value
class RefusedAppeal:
    """An appeal that was not taken: its place in the batch, from 1, and why."""

    index: int
    channel: str
    key: str
    reason: Reason


@value
class Intake:
    """What became of a batch of facts: how many were kept, known already, not taken.

    ``batch`` is the number of its event's stream, 0 where nothing was new.
    ``others`` are, as channel/key, the known appeals that this batch told
    otherwise; nothing of that was kept. ``unplaced`` are the places, as written,
    of appeals that were kept and lie in no known unit: they count for none.
    """

    batch: int
    kept: int
    known: int
    root: str
    others: tuple[str, ...] = ()
    refused: tuple[RefusedAppeal, ...] = ()
    unplaced: tuple[str, ...] = ()


def add_appeals(work: Work, appeals: Sequence[Appeal], *, by: Actor) -> Intake:
    """Keep a batch of appeals; those already known add nothing (A1).

    A place that is written as one unit's code or name, or lies in it, is kept as
    the unit's code; any other as it is written. What cannot be taken is named by
    its place in the batch and its key, and leaves the others whole: unfit text, a
    person's name or number outside the text, an unknown channel, a time to come or
    out of reason.

    Raises:
        StepRefused: if the actor may not import.

    """
    work.duty(by, Duty.IMPORT, by.unit)
    admission = _Admission(work)
    checked: list[tuple[Appeal, Appeal]] = []
    refused = []
    for index, given in enumerate(appeals, 1):
        try:
            checked.append((given, admission.admit(given)))
        except InputRefused as refusal:
            refused.append(_refused(index, given, refusal.reasons[0]))
    pairs = [(appeal.channel, appeal.key) for _, appeal in checked]
    known = facts.known_keys(work.connection, pairs)
    fresh: dict[tuple[str, str], Appeal] = {}
    again: list[tuple[Appeal, str]] = []
    others: list[str] = []
    for pair, (given, appeal) in zip(pairs, checked, strict=True):
        # Without a moment of its own an appeal has that of its first telling.
        timed = appeal if given.at is not None else replace(appeal, at=None)
        if pair in known:
            again.append((timed, given.district.strip()))
        elif _differ(timed, fresh.setdefault(pair, appeal)):
            others.append("/".join(pair))
    others += voices.told_otherwise(work.connection, again)
    intake = Intake(
        batch=0,
        kept=0,
        known=len(checked) - len(fresh),
        root="",
        others=tuple(others),
        refused=tuple(refused),
    )
    if not fresh:
        return intake
    batch = repository.next_number(work.connection, StreamKind.BATCH)
    salts = [work.clock.token(16) for _ in fresh]
    rows, texts = facts.appeal_rows(list(fresh.values()), batch, salts)
    facts.keep(work.connection, facts.APPEALS, rows)
    facts.keep(work.connection, facts.APPEAL_TEXTS, texts)
    root = facts.root_of(rows)
    keep_batch(
        work,
        "appeals",
        batch,
        len(rows),
        root,
        by=acting_as(work, by, units=(by.unit,)),
        known=intake.known,
        refused=dict(Counter(line.reason.code for line in refused)),
    )
    places = dict.fromkeys(appeal.district for appeal in fresh.values())
    unplaced = tuple(place for place in places if place not in admission.codes)
    return replace(intake, batch=batch, kept=len(rows), root=root, unplaced=unplaced)


def add_appeal(work: Work, appeal: Appeal, *, by: Actor) -> Intake:
    """Keep one appeal, or nothing (A1).

    Raises:
        InputRefused: if it cannot be taken, or is known and was told otherwise.
        StepRefused: if the actor may not import.

    """
    intake = add_appeals(work, [appeal], by=by)
    for refused in intake.refused:
        raise InputRefused((refused.reason,))
    if intake.others:
        raise InputRefused(
            InputCode.APPEAL_DIFFERS, channel=appeal.channel, key=appeal.key
        )
    return intake


def _differ(appeal: Appeal, first: Appeal) -> bool:
    """Tell whether an appeal is told otherwise than it was at first."""
    return appeal != (first if appeal.at is not None else replace(first, at=None))


def _refused(index: int, given: Appeal, reason: Reason) -> RefusedAppeal:
    return RefusedAppeal(
        index=index,
        channel=showable(str(given.channel)),
        key=showable(str(given.key)),
        reason=reason,
    )


class _Admission:
    """The door for appeals under the active rulebook, now."""

    def __init__(self, work: Work) -> None:
        """Look up once what every appeal asks for."""
        self._now = work.now
        organization = work.rulebook.organization
        self._directory = Directory(organization)
        self.codes = frozenset(unit.code for unit in organization.units)
        self._channels = _channels(work)

    def admit(self, appeal: Appeal) -> Appeal:
        """Return an appeal as it will be kept.

        Raises:
            InputRefused: for what cannot be taken.

        """
        fit_fields(appeal, "appeal")
        channel = self._channels.get(appeal.channel.strip())
        if channel is None:
            raise InputRefused(
                InputCode.CHANNEL_UNKNOWN,
                channel=appeal.channel,
                channels=dict.fromkeys(self._channels.values()),
            )
        at = self._now if appeal.at is None else appeal.at
        if at > self._now:
            raise InputRefused(InputCode.MOMENT_TO_COME, earliest=day_to_come(at))
        place = required(appeal.district, Argument.DISTRICT, longest=100)
        return Appeal(
            key=required(appeal.key, Argument.APPEAL_KEY, longest=100),
            channel=channel,
            who=pseudonym(appeal.who, Argument.WHO),
            district=self._directory.place(place, local_day(at)) or place,
            at=at,
            text=required(appeal.text, Argument.TEXT, apart=True, lines=True),
            life_stage=appeal.life_stage,
        )


def _channels(work: Work) -> dict[str, str]:
    """Return the intake channels by their keys, and by names that are one's alone."""
    intake = work.rulebook.channels.intake
    names = Counter(channel.name for channel in intake)
    by_name = {one.name: one.key for one in intake if names[one.name] == 1}
    return by_name | {channel.key: channel.key for channel in intake}


def link(
    work: Work, number: str, appeals: Sequence[tuple[str, str]], *, by: Actor
) -> Tally:
    """Hang appeals, named by (channel, key), on an item; return its tally (A6).

    An appeal that hangs on another item moves, if the actor may take it away.

    Raises:
        NotFound: if the item doesn't exist.
        InputRefused: if an appeal doesn't exist, naming it.
        StepRefused: if either item is another unit's.

    """
    work.duty(by, Duty.IMPORT, repository.item(work.connection, number).unit)
    keys = _channels(work)
    named = ((keys.get(channel, channel), key.strip()) for channel, key in appeals)
    pairs = list(dict.fromkeys(named))
    missing = set(pairs) - facts.known_keys(work.connection, pairs)
    if missing:
        channel, key = min(missing)
        raise InputRefused(InputCode.APPEAL_UNKNOWN, channel=channel, key=key)
    concerned = sorted({number, *facts.linked_to(work.connection, pairs).values()})
    repository.hold_items(work.connection, concerned)
    units = [repository.item(work.connection, other).unit for other in concerned]
    for unit in units:
        work.duty(by, Duty.IMPORT, unit)
    if pairs:
        acting = acting_as(work, by, units=tuple(units))
        batch = repository.next_number(work.connection, StreamKind.BATCH)
        rows = facts.link_rows(pairs, number, batch)
        facts.keep(work.connection, facts.LINKS, rows)
        keep_batch(work, "links", batch, len(rows), facts.root_of(rows), by=acting)
    return facts.tally(work.connection, number)


#: How many voices one answer names at most.
_MOST = 1000


def trail(
    work: Work, key: Annotated[str, Argument.APPEAL_KEY], *, channel: str | None = None
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
        channels = [one.appeal.channel for one in found]
        code = InputCode.APPEAL_IN_CHANNELS
        raise InputRefused(code, key=showable(key), channels=channels)
    appeal, batch = found[0]
    linked = voices.link_batch(work.connection, appeal.channel, appeal.key)
    return Trail(
        appeal=appeal,
        kept_at=_moment(work, batch),
        linked_at=None if linked is None else _moment(work, linked),
        items=() if appeal.item is None else _items(work, appeal.item),
    )


def appeals(
    work: Work,
    *,
    item: str | None = None,
    channel: str | None = None,
    loose: bool = False,
    limit: int = 50,
) -> tuple[AppealSummary, ...]:
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
        steps=tuple(
            StepTaken(day=one.occurred_on, step=Step(one.step), state=State(one.target))
            for one in events
            if one.target is not None
        ),
    )
