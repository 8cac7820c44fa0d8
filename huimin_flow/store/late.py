"""What came of a month after a cut, and would change what was said of it (D5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import Connection, or_, select

from huimin_flow.catalogue.terms import LateKind, StreamKind
from huimin_flow.clock import at_hour
from huimin_flow.model.indicator import Plan
from huimin_flow.model.late import LateFact
from huimin_flow.model.period import last_day, month_bounds
from huimin_flow.store import counts, facts, ratings
from huimin_flow.store.history import EVENTS, moment_text


def late_facts(
    connection: Connection,
    period: str,
    cut: int,
    channels: Sequence[str] | None = None,
) -> tuple[LateFact, ...]:
    """Return the facts of a month that became known after a cut, by their kind.

    Ratings and complaints (voices of ``channels``, or all) are the month's by
    their time; progress counts up to the month for items that ran in it; a step
    of an item counts if by its day the item runs otherwise than was known.
    """
    last = ratings.last_batch(connection, cut)
    first, end = last_day(period).replace(day=1), last_day(period)
    batches = [one for one in ratings.batches_of(connection, period) if one > last]
    before = _ran(connection, first, end, cut)
    now = _ran(connection, first, end, None)
    stepped = {one for one in {*before, *now} if before.get(one) != now.get(one)}
    told = _progress(connection, period, last, sorted(now))
    found = [
        *((LateKind.RATINGS, one) for one in batches),
        *(
            (LateKind.VOICES, one)
            for one in _voices(connection, period, last, channels)
        ),
        *((LateKind.PROGRESS, one) for one, month in told if month == period),
        *((LateKind.EARLIER_PROGRESS, one) for one, month in told if month < period),
    ]
    named = [
        (kind, StreamKind.BATCH.key(number)) for kind, number in dict.fromkeys(found)
    ]
    named += [(LateKind.SET_ASIDE, one) for one in _aside(connection, period, cut)]
    named += [(LateKind.STEPS, StreamKind.ITEM.key(one)) for one in sorted(stepped)]
    return tuple(LateFact(kind=kind, source=source) for kind, source in named)


def _ran(
    connection: Connection, first: date, last: date, cut: int | None
) -> dict[str, tuple[Plan | None, date, bool]]:
    """Return the items that ran, with what their month's figures rest on."""
    return {
        one.item.number: (one.item.plan, one.begun, one.ended is not None)
        for one in counts.running(connection, first, last, cut)
    }


def _voices(
    connection: Connection, period: str, last: int, channels: Sequence[str] | None
) -> list[int]:
    first, after = (moment_text(at_hour(day, 0)) for day in month_bounds(period))
    appeals = facts.APPEALS
    query = (
        select(appeals.c.batch, appeals.c.channel)
        .where(appeals.c.at >= first, appeals.c.at < after, appeals.c.batch > last)
        .distinct()
    )
    found = {
        int(batch)
        for batch, channel in connection.execute(query)
        if channels is None or channel in channels
    }
    return sorted(found)


def _progress(
    connection: Connection, period: str, last: int, items: Sequence[str]
) -> list[tuple[int, str]]:
    """Return (batch, month) of late reports up to a month, each once."""
    progress = facts.PROGRESS
    query = (
        select(progress.c.batch, progress.c.month)
        .where(
            progress.c.item.in_(items),
            progress.c.month <= period,
            progress.c.batch > last,
        )
        .distinct()
        .order_by(progress.c.batch, progress.c.month)
    )
    return [(int(batch), month) for batch, month in connection.execute(query)]


def _aside(connection: Connection, period: str, cut: int) -> Iterator[str]:
    query = counts.set_aside(period).where(
        or_(EVENTS.c.position > cut, EVENTS.c.position.is_(None))
    )
    for _, stream in connection.execute(query):
        yield stream
