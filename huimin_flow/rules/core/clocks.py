"""Whether the machine's clock can be trusted: pure functions of what clocks show."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from huimin_flow.catalogue.reasons import Reason, StoreCode, reason_of
from huimin_flow.clock import Steady, shanghai
from huimin_flow.model.core.clocks import ClockBounds, Mark

#: A service writes its mark every minute; an older one is of a service that ended.
ALIVE: Final = timedelta(minutes=10)


def newest(own: Mark | None, stored: Mark | None, steady: Steady) -> Mark | None:
    """Return the mark to compare a clock with: this process's or the database's.

    Without an ``own`` mark a stored one counts while its service runs. Marks of
    another start of the machine say nothing.
    """
    if own is not None and own.boot != steady.boot:
        own = None
    if stored is None or not stored.boot or stored.boot != steady.boot:
        return own
    age = timedelta(milliseconds=steady.milliseconds - stored.steady)
    if own is None:
        return stored if timedelta() <= age <= ALIVE else None
    newer = stored.steady >= own.steady and age >= timedelta()
    return stored if newer else own


def doubt(
    now: datetime,
    bounds: ClockBounds,
    *,
    mark: Mark | None,
    steady: Steady,
    last: datetime | None,
    server: datetime | None,
    apart: timedelta = timedelta(),
    starts: bool = False,
) -> Reason | None:
    """Return why a clock that shows ``now`` decides nothing until a person confirms it.

    ``last`` is the moment of the last record, ``server`` what the database server's
    clock shows, None without one, and ``apart`` by how much the clock may be ahead of
    it. A mark or the server's clock vouches for a long silence; at the start of a
    service the server alone does not.
    """
    shown = {"now": shanghai(now)}
    if mark is not None:
        expected = mark.expected(steady)
        if abs(now - expected) > bounds.leap:
            return reason_of(
                StoreCode.CLOCK_LEAPT, {**shown, "expected": shanghai(expected)}
            )
    if server is not None and abs(now - server - apart) > bounds.leap:
        return reason_of(StoreCode.CLOCK_APART, {**shown, "server": shanghai(server)})
    vouched = mark is not None or (server is not None and not starts)
    if not vouched and last is not None and now - last > bounds.gap:
        days = bounds.gap_days.value
        return reason_of(
            StoreCode.CLOCK_GAP, {**shown, "last": shanghai(last), "days": days}
        )
    return None
