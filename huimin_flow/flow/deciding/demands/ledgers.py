"""Questions on ledgers of demands and of tasks: on a day, between days (B2, B4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated

from huimin_flow.catalogue.reasons import LedgerCode
from huimin_flow.catalogue.terms import (
    Area,
    Argument,
    Entry,
    LedgerMove,
    Origin,
    Placement,
    Rolling,
    State,
    Step,
)
from huimin_flow.clock import at_hour
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.reads import fit_limit, known_unit
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.deciding.lists import city_places
from huimin_flow.model.deciding.ledgers import (
    DemandChange,
    DemandFilter,
    DemandLine,
    TaskEntry,
)
from huimin_flow.store.core import positions
from huimin_flow.store.deciding import ledgers as store
from huimin_flow.store.deciding.ledgers import Past


@question
def demands(
    work: Work,
    *,
    placement: Placement | None = None,
    unit: str | None = None,
    area: Area | None = None,
    origin: Origin | None = None,
    stars: int | None = None,
    state: State | None = None,
    text: Annotated[str | None, Argument.TITLE] = None,
    as_of: date | None = None,
    after: Annotated[str | None, Argument.AFTER] = None,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[DemandLine, ...]:
    """Return the demand ledger, by number: items that were judged and have not ended.

    Each word of ``text`` is a part of the title or the number. ``as_of`` is a day at
    whose end the ledger is shown, as its history makes it; today by default. A page
    begins after the number ``after``, and not with the first ``skip``.

    Raises:
        InputRefused: for a day to come, a code that no unit ever had, or a limit
            outside 1–1000.

    """
    fit_limit(limit)
    wanted = DemandFilter(
        placement=placement,
        unit=unit,
        area=area,
        origin=origin,
        stars=stars,
        state=state,
        text=text,
        after=after,
        skip=skip,
        limit=limit,
    )
    known_unit(work, unit)
    if as_of is None or work.happened(as_of, Argument.AS_OF) == work.today:
        return tuple(_placed(work, store.demands(work.connection, wanted)))
    end = None if limit is None else skip + limit
    cut = cut_of(work, as_of)
    return tuple(_placed(work, _on(work, cut, wanted)[skip:end], cut))


@question
def count_demands(
    work: Work,
    *,
    placement: Placement | None = None,
    unit: str | None = None,
    area: Area | None = None,
    origin: Origin | None = None,
    stars: int | None = None,
    state: State | None = None,
    text: Annotated[str | None, Argument.TITLE] = None,
    as_of: date | None = None,
) -> int:
    """Return how many demands ``demands`` has with the same filters.

    Raises:
        InputRefused: for a day to come, or a code that no unit ever had.

    """
    known_unit(work, unit)
    wanted = DemandFilter(
        placement=placement,
        unit=unit,
        area=area,
        origin=origin,
        stars=stars,
        state=state,
        text=text,
    )
    if as_of is None or work.happened(as_of, Argument.AS_OF) == work.today:
        return store.count_demands(work.connection, wanted)
    return len(_on(work, cut_of(work, as_of), wanted))


def cut_of(work: Work, day: date) -> int:
    """Return the position of what was known at the end of a day.

    Raises:
        InputRefused: for a day to come.

    """
    last = at_hour(work.happened(day, Argument.ON) + timedelta(days=1), 0)
    return positions.cut_at(work.connection, last - timedelta(microseconds=1))


def _placed(
    work: Work, demands: Iterable[DemandLine], cut: int | None = None
) -> Iterator[DemandLine]:
    """Yield demands; what the city's list publishes has its place there."""
    placed = city_places(work, cut)
    for demand in demands:
        if demand.number in placed:
            key, rank = placed[demand.number]
            yield replace(demand, edition=key, rank=rank)
        else:
            yield demand


def _on(work: Work, cut: int, wanted: DemandFilter) -> list[DemandLine]:
    (past,) = store.pasts(work.connection, cut)
    return [
        each.demand
        for _, each in sorted(past.items())
        if each.left is None and store.fits(each.demand, wanted)
    ]


@question
def demand_changes(
    work: Work,
    since: date,
    *,
    until: date | None = None,
    unit: str | None = None,
    area: Area | None = None,
) -> tuple[DemandChange, ...]:
    """Return what stayed on the demand ledger, came and left between two days, by that.

    Both days count at their ends; ``until`` is today by default.

    Raises:
        InputRefused: for days to come or in the wrong order, or a code that no unit
            ever had.

    """
    known_unit(work, unit)
    last = until or work.today
    if since >= last:
        raise InputRefused(LedgerCode.DAYS_TURNED, since=since, until=last)
    before, after = store.pasts(
        work.connection, cut_of(work, since), cut_of(work, last)
    )
    changes = [
        change
        for number, past in after.items()
        if (change := _change(before.get(number), past)) is not None
        and unit in {None, change.unit}
        and area in {None, change.area}
    ]
    moves = list(LedgerMove)
    changes.sort(key=lambda change: (moves.index(change.move), change.number))
    return tuple(changes)


def _change(before: Past | None, after: Past) -> DemandChange | None:
    """Return what became of a demand, None if it was on the ledger on neither day."""
    was = before is not None and before.left is None
    now, left = after.demand, after.left
    if left is None:
        move = LedgerMove.STAYED if was else LedgerMove.CAME
    elif was:
        move = LedgerMove.LEFT
    else:
        return None
    came = move is LedgerMove.CAME
    return DemandChange(
        number=now.number,
        title=now.title,
        unit=now.unit,
        area=now.area,
        move=move,
        before=before.demand.state if before is not None and was else None,
        after=None if left else now.state,
        placement=now.placement,
        day=now.since if came else left and left.day,
        step=(Step.RESPOND if now.responds_to else Step.JUDGE)
        if came
        else left and left.step,
        reason_code=left.reason_code if left else "",
    )


@question
def tasks(
    work: Work,
    unit: str,
    *,
    since: date | None = None,
    until: date | None = None,
) -> tuple[TaskEntry, ...]:
    """Return a unit's task ledger on a day, rolled from an earlier day (B4).

    Both days count at their ends. ``until`` is today by default, ``since`` the last
    day of the year before. What a predecessor was bound to do counts for the unit.
    An entry is kept, carried over by an item that continues it, new, or dropped with
    the reason; so is one that came and was dropped between the days.

    Raises:
        InputRefused: for days to come or in the wrong order, or a code that no unit
            ever had.

    """
    known_unit(work, unit)
    last = until or work.today
    first = since or date(last.year - 1, 12, 31)
    if first >= last:
        raise InputRefused(LedgerCode.DAYS_TURNED, since=first, until=last)
    own = {unit} | work.rulebook.organization.acts_for(unit, last)
    pair = store.pasts(
        work.connection, cut_of(work, first), cut_of(work, last), units=own
    )
    before, after = (
        {
            number: past
            for number, past in pasts.items()
            if past.left is None and past.demand.unit in own
        }
        for pasts in pair
    )
    continued = {past.demand.continues for past in after.values()}
    entries = [_rolled(past, before) for past in after.values()]
    came = {
        number
        for number, past in pair[1].items()
        if past.demand.unit in own and past.left and past.demand.since > first
    }
    for number in (before.keys() | came) - after.keys() - continued:
        ended = pair[1][number]
        why = ended.left or ended.moved
        entries.append(
            TaskEntry(
                demand=ended.demand,
                entry=_entry_of(ended),
                rolling=Rolling.DROPPED,
                day=why and why.day,
                step=why and why.step,
                reason_code=why.reason_code if why else "",
            )
        )
    lines = _placed(work, [each.demand for each in entries], cut_of(work, last))
    entries = [
        replace(entry, demand=demand)
        for entry, demand in zip(entries, lines, strict=True)
    ]
    order = list(Rolling)
    entries.sort(key=lambda each: (order.index(each.rolling), each.demand.number))
    return tuple(entries)


def _rolled(past: Past, before: Mapping[str, Past]) -> TaskEntry:
    """Return an entry of the later day: kept, carried over or new."""
    demand = past.demand
    rolling = Rolling.CARRIED_OVER if demand.continues else Rolling.NEW
    return TaskEntry(
        demand=demand,
        entry=_entry_of(past),
        rolling=Rolling.KEPT if demand.number in before else rolling,
        before=demand.continues or "",
    )


def _entry_of(past: Past) -> Entry:
    if past.demand.responds_to:
        return Entry.TAKEN_UP
    return Entry.CONTINUED if past.demand.continues else Entry.OWN
