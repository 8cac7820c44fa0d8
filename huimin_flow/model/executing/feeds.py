"""Feeds, 数据共享回流: figures from other systems, and their freshness (E1)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from huimin_flow.catalogue.terms import (
    FeedState,
    FeedWay,
    Freshness,
)
from huimin_flow.model.core.events import Reason, RefusedRow
from huimin_flow.model.core.values import value


@value
class FedIndicator:
    """An indicator that a feed supplies.

    With ``running_total`` the source counts from the beginning of the task; then the
    difference to the months before is the figure of a month.
    """

    item: str
    task: str
    indicator: str
    running_total: bool = False


@value
class Feed:
    """A feed as its last event left it.

    ``source`` is the system it comes from, ``unit`` the unit that answers for it.
    Without ``indicators`` it supplies business: service item x unit x month. Then
    ``citywide`` says that it counts for all units, not only for its own. No figure
    may be older than ``days``. ``measured_at`` is the source's moment of the newest
    figure, ``arrived_at`` when the last delivery came, in the batch ``batch``.
    ``missed`` is why the last pull brought nothing, and ``missed_at`` when.
    """

    key: str
    name: str
    source: str
    unit: str
    way: FeedWay
    days: int
    opened_on: date
    indicators: tuple[FedIndicator, ...] = ()
    citywide: bool = False
    measured_at: datetime | None = None
    arrived_at: datetime | None = None
    batch: int = 0
    missed: tuple[Reason, ...] = ()
    missed_at: datetime | None = None
    reason: str = ""
    state: FeedState = FeedState.OPEN
    version: int = 0

    @property
    def of_business(self) -> bool:
        """Return whether it supplies business of units."""
        return not self.indicators


@value
class FedFigure:
    """A figure of a delivery, for a month ``YYYY-MM``.

    Of an indicator: ``item``, ``task``, ``indicator``; all may be left out if the feed
    supplies only one. ``value`` and ``denominator`` are those of ``Progress``. Of
    business: ``service`` (a service item), ``unit``, and ``value`` counts the cases of
    the month. ``measured_at`` is the source's own moment, if it differs from that of
    the delivery.
    """

    month: str
    value: int
    item: str = ""
    task: str = ""
    indicator: str = ""
    denominator: int | None = None
    members: tuple[str, ...] = ()
    service: str = ""
    unit: str = ""
    measured_at: datetime | None = None


@value
class Pulled:
    """What a pull returns: its figures, and the source's moment of them."""

    figures: tuple[FedFigure, ...]
    measured_at: datetime | None = None


class Pull(Protocol):
    """What a host registers for a feed: a port that brings figures, and no more.

    It gets values alone: what it returns is delivered as by any other sender.
    """

    def __call__(self, feed: Feed, month: str, /) -> Pulled:
        """Return the figures of the feed for the month that is due."""
        ...


@value
class Business:
    """The cases of a service item that a unit handled in a month, as last delivered."""

    service: str
    unit: str
    month: str
    value: int
    feed: str
    measured_at: datetime
    batch: int = 0
    line: int = 0


@value
class FeedIntake:
    """The result of a delivery: what was kept, known already, and refused.

    ``batch`` is the number of the event that proves the rows, 0 if nothing was new.
    """

    batch: int
    kept: int
    known: int
    refused: tuple[RefusedRow, ...]
    root: str


@value
class FeedStatus:
    """A feed, and whether it is fresh: new figures are due by ``due``."""

    feed: Feed
    freshness: Freshness
    due: date | None


@value
class FedRow:
    """A figure that a feed has brought, with its place in the facts.

    ``measured_at`` is the source's moment, ``arrived_at`` that of its arrival.
    ``replaced`` says that a later figure or a correction holds in its place.
    """

    figure: FedFigure
    measured_at: datetime
    arrived_at: datetime
    batch: int
    line: int
    replaced: bool = False


@value
class FigureShares:
    """How many figures of a month a unit has entered by hand, and how many were fed.

    Each indicator counts once; a figure that was ``corrected`` by hand is in neither.
    """

    unit: str
    month: str
    by_hand: int
    fed: int
    corrected: int = 0
