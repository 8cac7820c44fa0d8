"""Feeds: what they bring, what is refused by name, and when they are missed (E1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import (
    Comparator,
    FeedWay,
    Figures,
    IndicatorKind,
    State,
)
from huimin_flow.clock import at_hour
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.executing.feeds import FedFigure, FedIndicator, Feed
from huimin_flow.model.executing.plans import Indicator
from huimin_flow.testing import UNIT, Desk

RATE = Indicator(
    name="按时办结率", quote="按时办结率100%", kind=IndicatorKind.RATE,
    comparator=Comparator.GE, value=90, unit="%", denominator="办件",
)  # fmt: skip
FLOW = "候工区"
MEASURED = datetime(2024, 3, 1, 1, tzinfo=UTC)


@pytest.fixture
def running(desk: Desk) -> str:
    """An item assigned on 4 January whose task has a flow and a rate."""
    desk.clock.set(at_hour(date(2024, 1, 4), 9))
    number = desk.bring(State.LISTED).number
    plan = desk.plan()
    (task,) = plan.tasks
    task = replace(task, due=date(2024, 12, 31), indicators=(*task.indicators, RATE))
    desk.assign(number, replace(plan, tasks=(task,)))
    desk.clock.set(at_hour(date(2024, 3, 2), 9))
    return number


def opened(desk: Desk, item: str, *names: str, **more: object) -> Feed:
    fed = [
        FedIndicator(item=item, task="T1", indicator=name, **more)  # type: ignore[arg-type]
        for name in names
    ]
    return desk.flow.feeds.register(
        "jobs-center", "零工市场系统", "智慧人社", UNIT, FeedWay.HOST, fed,
        by=desk.operator,
    )  # fmt: skip


def figure(month: str, value: int, **more: object) -> FedFigure:
    return FedFigure(month=month, value=value, **more)  # type: ignore[arg-type]


def codes(refused: object) -> list[str]:
    return [row.reason.code for row in refused]  # type: ignore[attr-defined]


def clean(desk: Desk) -> bool:
    return door_of(desk.flow).read(verify).clean


def test_a_fed_figure_keeps_its_source_and_its_moments(
    desk: Desk, running: str
) -> None:
    feed = opened(desk, running, FLOW)
    made = desk.flow.feeds.deliver(
        feed.key, [figure("2024-02", 3)], MEASURED, by=desk.operator
    )
    assert (made.kept, made.known, made.refused) == (1, 0, ())
    (line, other) = desk.flow.tasks.sheet("2024-02")
    assert line.report is not None
    assert (line.feed, line.report.feed) == (feed.key, feed.key)
    assert line.report.measured_at == MEASURED
    assert line.report.entered is Figures.FED
    assert (other.feed, other.report) == ("", None)
    (row,) = desk.flow.feeds.figures("jobs-center")
    assert (row.measured_at, row.arrived_at.date()) == (MEASURED, date(2024, 3, 2))
    (share,) = desk.flow.feeds.shares("2024-02")
    assert (share.unit, share.by_hand, share.fed) == (UNIT, 0, 1)
    again = desk.flow.feeds.deliver(
        feed.key, [figure("2024-02", 3)], MEASURED, by=desk.operator
    )
    assert (again.kept, again.known) == (0, 1)
    assert clean(desk)
