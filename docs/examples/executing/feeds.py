"""Feeds: figures of other systems, with their source and its moment."""

from __future__ import annotations

from datetime import timedelta

from huimin_flow.api import (
    Business,
    FedFigure,
    FedIndicator,
    FeedState,
    FeedWay,
    State,
)
from huimin_flow.testing import UNIT, Desk


def feed_figures(desk: Desk) -> None:
    """Register a feed of an indicator, deliver to it, and see what came."""
    flow, clerk = desk.flow, desk.operator
    number = desk.bring(State.ASSIGNED).number
    month = f"{desk.today():%Y-%m}"

    supplied = FedIndicator(item=number, task="T1", indicator="候工区")
    feed = flow.feeds.register(
        "jobs-center", "零工系统", "智慧人社", UNIT, FeedWay.HOST, [supplied], by=clerk
    )
    figure = FedFigure(month=month, value=6, item=number, task="T1", indicator="候工区")
    measured_at = desk.clock.now() - timedelta(hours=1)
    intake = flow.feeds.deliver(feed.key, [figure], measured_at, by=clerk)
    assert intake.kept == 1

    (row,) = flow.feeds.figures(feed.key, period=month)
    assert (row.figure.value, row.measured_at) == (6, measured_at)
    assert flow.feeds.get(feed.key).feed.key == feed.key
    assert flow.feeds.shares(month)


def feed_business(desk: Desk) -> None:
    """Deliver the business of a service, change the feed, and end it."""
    flow, clerk = desk.flow, desk.operator

    feed = flow.feeds.register(
        "business", "业务量", "一体化系统", UNIT, FeedWay.HOST, by=clerk
    )
    figure = FedFigure(month="2023-09", value=30, service="startup_grant", unit=UNIT)
    flow.feeds.deliver(feed.key, [figure], desk.clock.now(), by=clerk)
    (business,) = flow.feeds.business("2023-09", unit=UNIT)
    assert isinstance(business, Business)

    desk.clock.advance(timedelta(days=50))
    for todo in flow.todo(clerk):
        print(todo.kind.label, todo.subject, todo.step.label, todo.due)
    flow.feeds.amend(feed.key, new_name="办件量", by=clerk)
    ended = flow.feeds.end(feed.key, "来源停用", by=clerk)
    assert ended.state is FeedState.ENDED
    assert {status.feed.key for status in flow.feeds.status(unit=UNIT)} >= {feed.key}
