"""Questions on the demand ledger, 民生需求台账: today, on a day, between days (B2)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from huimin_flow.catalogue.reasons import LedgerCode
from huimin_flow.catalogue.terms import (
    Area,
    Argument,
    LedgerMove,
    Origin,
    Placement,
    State,
    Step,
)
from huimin_flow.clock import at_hour
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.reads import fit_limit, known_unit
from huimin_flow.flow.core.work import Work
from huimin_flow.model.deciding.ledgers import DemandChange, DemandFilter, DemandLine
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
    on: date | None = None,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[DemandLine, ...]:
    """Return the demand ledger, by number: items that were judged and have not ended.

    Each word of ``text`` is a part of the title or the number. ``on`` is a day at
    whose end the ledger is shown, as its history makes it; today by default. A page
    begins after the first ``skip``.

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
        skip=skip,
        limit=limit,
    )
    known_unit(work, unit)
    if on is None or work.happened(on, Argument.ON) == work.today:
        return tuple(store.demands(work.connection, wanted))
    end = None if limit is None else skip + limit
    return tuple(_on(work, on, wanted)[skip:end])


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
    on: date | None = None,
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
    if on is None or work.happened(on, Argument.ON) == work.today:
        return store.count_demands(work.connection, wanted)
    return len(_on(work, on, wanted))


def cut_of(work: Work, day: date) -> int:
    """Return the position of what was known at the end of a day.

    Raises:
        InputRefused: for a day to come.

    """
    last = at_hour(work.happened(day, Argument.ON) + timedelta(days=1), 0)
    return positions.cut_at(work.connection, last - timedelta(microseconds=1))


def _on(work: Work, day: date, wanted: DemandFilter) -> list[DemandLine]:
    (past,) = store.pasts(work.connection, cut_of(work, day))
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
