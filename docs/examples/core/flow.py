"""A Flow: opened, bound, tried, and asked at one moment."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import create_engine

from huimin_flow.api import (
    Area,
    Clock,
    Demand,
    Feed,
    Flow,
    InputRefused,
    Origin,
    Pull,
    Pulled,
    RequestReused,
    State,
    StepRefused,
    StoreBusy,
    StoreRefused,
    without_huimin,
)
from huimin_flow.testing import UNIT, Desk

DEMAND = Demand(title="候工区", origin=Origin.PROBLEM, area=Area.EMPLOYMENT, unit=UNIT)


def found_and_open(desk: Desk) -> None:
    """Found a database, open it with functions for feeds, and close it."""
    book, clock = desk.flow.rulebook.active(), desk.clock
    with TemporaryDirectory() as folder:
        url, key = (
            f"sqlite:///{Path(folder) / 'huimin.db'}",
            Path(folder) / "huimin.key",
        )
        Flow.found(url, book, rehearsal=True, clock=clock, key=key).close()

        def pull(feed: Feed, month: str) -> Pulled:
            return Pulled(figures=(), measured_at=clock.now())

        its_own: Clock = clock
        pulls: dict[str, Pull] = {"business": pull}
        flow = Flow.open(url, clock=its_own, key=key, pulls=pulls)
        assert flow.rehearsal
        flow.close()

        try:
            Flow.open("sqlite:///nowhere.db")
        except StoreRefused as refused:
            assert refused.remedy


def join_a_transaction(desk: Desk) -> None:
    """Join the transaction of your program, and keep a refusal that it raised."""
    clerk = desk.actor(f"op-{UNIT}")
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'host.db'}"
        book, clock = desk.flow.rulebook.active(), desk.clock
        flow = Flow.found(url, book, rehearsal=True, clock=clock)
        engine = create_engine(url)

        with engine.begin() as connection:
            bound = Flow.bind(connection, clock=clock)
            item = bound.items.collect(DEMAND, by=clerk)
        flow.settle()  # PostgreSQL alone needs it, and seldom
        assert flow.items.get(item.number) == item

        with engine.connect() as connection:
            try:
                Flow.bind(connection, clock=clock).items.close(item.number, by=clerk)
            except StepRefused as refused:
                connection.rollback()
                flow.keep(refused)

        hasty = create_engine(url, connect_args={"timeout": 0})
        with engine.begin() as first, hasty.connect() as second:
            Flow.bind(first, clock=clock).items.collect(DEMAND, by=clerk)
            try:
                Flow.bind(second, clock=clock).items.collect(DEMAND, by=clerk)
            except StoreBusy as busy:  # another program is writing: repeat it later
                second.rollback()
                assert busy.remedy

        for each in (engine, hasty):
            each.dispose()
        flow.close()


def act_as_somebody(desk: Desk) -> None:
    """Say once who acts, try acts, do several together, and repeat one safely."""
    flow, clerk = desk.flow, desk.actor(f"op-{UNIT}")

    with flow.acting(clerk, request="form-17") as mine:
        item = mine.items.collect(DEMAND)
        assert mine.todo() == flow.people.todo(clerk)

    with flow.dry() as dry:
        dry.items.amend(item.number, {"title": "室内候工区"}, by=clerk)
        assert [event.step for event in dry.events()] == ["amend"]

    with flow.whole() as whole:
        second = whole.items.collect(DEMAND, by=clerk)
        whole.items.merge(second.number, item.number, by=desk.office)

    first = flow.once("form-18").items.collect(DEMAND, by=clerk)
    assert flow.once("form-18").items.collect(DEMAND, by=clerk) == first

    try:
        flow.once("form-18").items.amend(item.number, {"title": "甲"}, by=clerk)
    except RequestReused as refused:
        assert refused.code


def ask_at_one_moment(desk: Desk) -> None:
    """Ask several questions on one moment, and what time it is."""
    flow = desk.flow

    with flow.snapshot() as now:
        items, count = now.items.list(State.COLLECTED), now.items.count(State.COLLECTED)
        assert len(items) == count
        assert now.moment() == desk.clock.now()

    later = desk.clock.now() + timedelta(hours=1)
    assert flow.moment(later) == later  # a rehearsal alone takes another moment

    try:
        flow.moment(later.replace(tzinfo=None))
    except InputRefused as refused:
        assert refused.remedy


def keep_migrations_apart(desk: Desk) -> None:
    """Tell your alembic that our tables are none of its business: see ``env.py``."""
    include_name = without_huimin  # of context.configure
    assert include_name("letter", "table", {})
    assert not include_name("huimin_item", "table", {})
    del desk
