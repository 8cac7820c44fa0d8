"""What feeds have brought: figures, business of units, and their share (E1, X4)."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, NamedTuple

from huimin_flow.catalogue.terms import Argument, Figures, StreamKind
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.reads import answered_for
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.executing.feeding.register import feed_of
from huimin_flow.model.core.periods import last_day, month
from huimin_flow.model.executing.feeds import (
    Business,
    FedFigure,
    FedRow,
    Feed,
    FigureShares,
)
from huimin_flow.rules.executing.running import running
from huimin_flow.store.core.history import moment_of
from huimin_flow.store.executing import feeds as stored
from huimin_flow.store.executing.running import reports_of, run_histories
from huimin_flow.stream_names import nth


class _Brought(NamedTuple):
    """A figure with the place of its row, and whether a later one replaced it."""

    figure: FedFigure
    batch: int
    line: int
    replaced: bool


@question
def figures(
    work: Work,
    key: Annotated[str, Argument.FEED],
    *,
    period: str | None = None,
) -> tuple[FedRow, ...]:
    """Return the figures that a feed has brought, of a month or of all (E1).

    They come in the order of their arrival. A figure that was replaced is among them.

    Raises:
        InputRefused: for a period that is no month.
        NotFound: if there is no such feed.

    """
    feed = feed_of(work, key)
    wanted = None if period is None else month(period)
    rows = (_cases if feed.of_business else _reports)(work, feed)
    names = {
        batch: StreamKind.BATCH.key(nth(StreamKind.BATCH, batch))
        for batch in {each.batch for each in rows}
    }
    arrived = stored.moments_of(work.connection, set(names.values()))
    return tuple(
        FedRow(
            figure=each.figure,
            measured_at=each.figure.measured_at or arrived[names[each.batch]],
            arrived_at=arrived[names[each.batch]],
            batch=each.batch,
            line=each.line,
            replaced=each.replaced,
        )
        for each in rows
        if wanted in {None, each.figure.month}
    )


def _cases(work: Work, feed: Feed) -> list[_Brought]:
    """Return the business that a feed has brought, with the place of each row."""
    cases = stored.business_of(work.connection, feed.key)
    latest = stored.business_in(work.connection, {each.month for each in cases})
    return [
        _Brought(
            FedFigure(
                month=each.month,
                value=each.value,
                service=each.service,
                unit=each.unit,
                measured_at=each.measured_at,
            ),
            each.batch,
            each.line,
            replaced=latest[each.service, each.unit, each.month] != each,
        )
        for each in cases
    ]


def _reports(work: Work, feed: Feed) -> list[_Brought]:
    """Return the figures of indicators that a feed has brought, with their rows."""
    items = {each.item for each in feed.indicators}
    reports = stored.reports_of_items(work.connection, items)
    last = {(row.item, row.task, row.indicator, row.month): row for row in reports}
    return [
        _Brought(
            FedFigure(
                month=row.month,
                value=row.value,
                item=row.item,
                task=row.task,
                indicator=row.indicator,
                denominator=row.denominator,
                members=tuple(filter(None, row.members.split("\n"))),
                measured_at=moment_of(row.measured_at),
            ),
            row.batch,
            row.line,
            replaced=last[row.item, row.task, row.indicator, row.month] is not row,
        )
        for row in reports
        if row.feed == feed.key
    ]


@question
def business(
    work: Work, period: str, *, unit: str | None = None
) -> tuple[Business, ...]:
    """Return the business of units in a month, as last delivered (E1, D5).

    It names the feed, the source's moment, and the batch and line of each row.

    Raises:
        InputRefused: for a period that is no month, or a code that no unit ever had.

    """
    units = answered_for(work, unit, work.today)
    known = stored.business_in(work.connection, {month(period)})
    return tuple(
        each
        for _, each in sorted(known.items(), key=lambda pair: pair[0][1::-1])
        if units is None or each.unit in units
    )


@question
def shares(work: Work, period: str) -> tuple[FigureShares, ...]:
    """Return by unit how many figures of a month were by hand, and how many fed (X4).

    An indicator of a running task counts once for the unit that answers for the task
    at the month's end, by how its last figure was entered; one without a figure does
    not count.

    Raises:
        InputRefused: for a period that is no month.

    """
    end = last_day(month(period))
    ran = running(run_histories(work.connection, period, None), end)
    reports = reports_of(work.connection, [item.number for item in ran], work.head)
    organization = work.rulebook_on(end).organization
    counts: dict[str, Counter[Figures]] = {}
    for item in ran:
        owners = {
            task.key: organization.heir(task.unit, end) for task in item.plan.tasks
        }
        for report in reports.get(item.number, ()):
            if report.month == period and report.task in owners:
                owner = owners[report.task]
                counts.setdefault(owner, Counter())[report.entered] += 1
    return tuple(
        FigureShares(
            unit=unit,
            month=period,
            by_hand=own[Figures.BY_HAND],
            fed=own[Figures.FED],
            corrected=own[Figures.CORRECTED],
        )
        for unit, own in sorted(counts.items())
    )
