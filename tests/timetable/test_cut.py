"""What a job may know: nothing that was stamped after its cutoff."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from huimin_flow.catalogue.terms import State
from huimin_flow.clock import RehearsalClock, at_hour
from huimin_flow.flow import Flow
from huimin_flow.flow.door import door_of
from huimin_flow.store import engine as engines
from huimin_flow.store import positions
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import runs, tick

DEADLINE = at_hour(date(2023, 12, 15), 18)


def listed(flow: Flow) -> set[str]:
    return {place.item for place in flow.edition("list/2024/city").places}


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_transaction_open_across_the_deadline_lets_nothing_late_into_the_list(
    desk: Desk, url: str
) -> None:
    early, open_across, late = (desk.bring(State.JUDGED).number for _ in range(3))
    desk.star(early)
    host = engines.open_engine(url)
    with host.connect() as connection:
        before = RehearsalClock(DEADLINE - timedelta(minutes=1), seed=1)
        bound = Desk(Flow.bind(connection, clock=before), before)
        bound.star(open_across)
        desk.clock.set(DEADLINE + timedelta(minutes=5))
        desk.star(late)
        connection.commit()
    host.dispose()
    desk.clock.set(DEADLINE + timedelta(minutes=10))
    tick(desk.flow, desk.clock.now())
    assert listed(desk.flow) == {early}
    cut = next(one.cut for one in runs(desk.flow) if one.job == "listing")
    assert cut < door_of(desk.flow).read(positions.head_and_last)[0]


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_transaction_that_ends_before_anything_late_is_in_time(
    desk: Desk, url: str
) -> None:
    open_across, late = (desk.bring(State.JUDGED).number for _ in range(2))
    host = engines.open_engine(url)
    with host.connect() as connection:
        before = RehearsalClock(DEADLINE - timedelta(minutes=1), seed=1)
        Desk(Flow.bind(connection, clock=before), before).star(open_across)
        connection.commit()
    host.dispose()
    desk.clock.set(DEADLINE + timedelta(minutes=5))
    desk.star(late)
    tick(desk.flow, desk.clock.now())
    assert listed(desk.flow) == {open_across}


def test_what_is_stamped_at_the_very_cutoff_is_in_and_the_next_instant_is_not(
    desk: Desk,
) -> None:
    on_time, late = (desk.bring(State.JUDGED).number for _ in range(2))
    desk.clock.set(DEADLINE)
    desk.star(on_time)
    desk.clock.set(DEADLINE + timedelta(microseconds=1))
    desk.star(late)
    tick(desk.flow, desk.clock.now())
    assert listed(desk.flow) == {on_time}


def test_an_empty_history_and_one_all_in_time_have_their_cuts(desk: Desk) -> None:
    head = door_of(desk.flow).read(positions.head_and_last)[1]
    assert door_of(desk.flow).read(lambda c: positions.cut_at(c, DEADLINE)) == head
    founded = door_of(desk.flow).read(positions.founded_at)
    assert founded is not None
    before = founded - timedelta(seconds=1)
    assert door_of(desk.flow).read(lambda c: positions.cut_at(c, before)) == 0
