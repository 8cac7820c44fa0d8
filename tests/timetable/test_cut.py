"""What a job may know: nothing that was stamped after its cutoff."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import State
from huimin_flow.clock import RehearsalClock, at_hour
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.scoring.published import UnitScore
from huimin_flow.rules.scoring.measuring import Appeals
from huimin_flow.store.core import engine as engines
from huimin_flow.store.core import facts, positions
from huimin_flow.store.scoring import months
from huimin_flow.testing import Desk
from huimin_flow.timetable import effects
from huimin_flow.timetable.ledger import run_due, runs, tick
from tests.flow.scoring.test_scores import quarter, set_aside

DEADLINE = at_hour(date(2023, 12, 15), 18)


def listed(flow: Flow) -> set[str]:
    return {place.item for place in flow.lists.get("list/2024/500101").places}


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
    assert cut < door_of(desk.flow).read(positions.stored_head)[0]


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
    head = door_of(desk.flow).read(positions.last_position)
    assert door_of(desk.flow).read(lambda c: positions.cut_at(c, DEADLINE)) == head
    founded = desk.flow.records.events("rulebook")[0].event.at
    before = founded - timedelta(seconds=1)
    assert door_of(desk.flow).read(lambda c: positions.cut_at(c, before)) == 0


def judged(desk: Desk, count: int) -> list[str]:
    """Return items that can be starred, where nothing but the list is due next."""
    numbers = [desk.bring(State.JUDGED).number for _ in range(count)]
    desk.clock.set(DEADLINE - timedelta(hours=1))
    tick(desk.flow)
    return numbers


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for the short acts of others not at all, and for locks hardly."""
    monkeypatch.setattr(engines, "_SHORT", 0)
    monkeypatch.setattr(engines, "_LOCK_TIMEOUT", 50)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_job_waits_for_a_host_that_writes_across_the_deadline(
    desk: Desk, url: str
) -> None:
    (slow,) = judged(desk, 1)
    host = engines.open_engine(url)
    with Flow.open(url, clock=desk.clock) as flow, host.begin() as connection:
        desk.clock.set(DEADLINE - timedelta(minutes=1))
        Desk(Flow.bind(connection, clock=desk.clock), desk.clock).star(slow)
        desk.clock.set(DEADLINE + timedelta(minutes=1))
        done = run_due(flow)
        assert ({one.job for one in done.held}, done.ran) == ({"listing"}, ())
    host.dispose()
    desk.clock.set(DEADLINE + timedelta(minutes=2))
    (run,) = tick(desk.flow)
    assert run.job == "listing"
    assert listed(desk.flow) == {slow}
    assert door_of(desk.flow).read(verify).findings == ()


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_neither_others_nor_the_job_wait_once_somebody_has_written_after_the_deadline(
    desk: Desk, url: str
) -> None:
    early, slow, late = judged(desk, 3)
    desk.star(early)
    host = engines.open_engine(url)
    with Flow.open(url, clock=desk.clock) as flow, host.begin() as connection:
        desk.clock.set(DEADLINE - timedelta(minutes=1))
        Desk(Flow.bind(connection, clock=desk.clock), desk.clock).star(slow)
        desk.clock.set(DEADLINE + timedelta(minutes=1))
        assert {one.job for one in run_due(flow).held} == {"listing"}
        Desk(flow, desk.clock).star(late)
        assert [one.job for one in run_due(flow).ran] == ["listing"]
    host.dispose()
    assert listed(desk.flow) == {early}
    assert desk.flow.items.get(slow).state is State.STARRED
    assert door_of(desk.flow).read(verify).findings == ()


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_after_ten_minutes_a_job_waits_no_longer_and_what_comes_then_is_late(
    desk: Desk, url: str
) -> None:
    early, slow = judged(desk, 2)
    desk.star(early)
    host = engines.open_engine(url)
    before = RehearsalClock(DEADLINE - timedelta(minutes=1), seed=1)
    desk.clock.set(DEADLINE + timedelta(minutes=10))
    with Flow.open(url, clock=desk.clock) as flow, host.begin() as connection:
        Desk(Flow.bind(connection, clock=before), before).star(slow)
        tick(flow)
    host.dispose()
    assert listed(desk.flow) == {early}
    assert desk.flow.items.get(slow).state is State.STARRED
    assert door_of(desk.flow).read(verify).findings == ()


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_what_is_committed_while_a_job_works_is_late_and_the_audit_clean(
    desk: Desk, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    early, slow = judged(desk, 2)
    desk.star(early)
    host = engines.open_engine(url)
    before = RehearsalClock(DEADLINE - timedelta(minutes=1), seed=1)
    desk.clock.set(DEADLINE + timedelta(minutes=10))
    connection = host.connect()
    Desk(Flow.bind(connection, clock=before), before).star(slow)
    freeze = effects.EFFECTS["listing"]

    def meanwhile(*given: Any) -> Any:
        connection.commit()
        connection.close()  # its positions are given before the job's own
        return freeze(*given)

    changed = {**effects.EFFECTS, "listing": meanwhile}
    monkeypatch.setattr("huimin_flow.timetable.ledger.EFFECTS", changed)
    tick(desk.flow)
    host.dispose()
    assert listed(desk.flow) == {early}
    run = next(one for one in runs(desk.flow) if one.job == "listing")
    assert run.cut < door_of(desk.flow).read(lambda c: positions.cut_at(c, DEADLINE))
    assert door_of(desk.flow).read(verify).findings == ()


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_facts_of_a_host_that_committed_late_are_not_known_at_the_cut(
    desk: Desk, url: str
) -> None:
    """Its batch has an earlier number than one that was committed in time."""
    host = engines.open_engine(url)
    with host.connect() as connection:
        bound = Desk(Flow.bind(connection, clock=desk.clock), desk.clock)
        bound.flow.appeals.add_all(desk.appeals(3), by=desk.office)
        other = [replace(one, key=f"{one.key}x") for one in desk.appeals(5)]
        desk.flow.appeals.add_all(other, by=desk.office)
        cut, _ = door_of(desk.flow).read(positions.stored_head)
        connection.commit()
    host.dispose()
    known = door_of(desk.flow).read(lambda c: facts.known_at(c, cut))
    assert (known.last, known.late) == (2, (1,))
    now = door_of(desk.flow).read(lambda c: facts.known_at(c, cut + 1))
    assert (now.last, now.late) == (2, ())
    period = f"{desk.today():%Y-%m}"
    counts = [
        sum(one.count for one in _known(desk, period, each)) for each in (cut, cut + 1)
    ]
    assert counts == [5, 8]
    assert door_of(desk.flow).read(verify).findings == ()


def _known(desk: Desk, period: str, cut: int) -> tuple[Appeals, ...]:
    found = door_of(desk.flow).read(
        lambda c: months.month_facts(c, period, cut, {"appeals"})
    )
    return found.appeals


def test_a_job_knows_what_its_own_transaction_recorded_before(desk: Desk) -> None:
    with desk.flow.whole() as whole:
        number = Desk(whole, desk.clock).bring(State.STARRED).number
        desk.clock.set(DEADLINE + timedelta(minutes=5))
        tick(whole)
    assert number in listed(desk.flow)
    assert door_of(desk.flow).read(verify).findings == ()


def test_a_correction_knows_what_its_own_transaction_recorded_before(
    desk: Desk,
) -> None:
    quarter(desk)
    before = unit_of(desk.flow, "500101").readings["satisfaction"]
    with desk.flow.whole() as whole:
        set_aside(Desk(whole, desk.clock), "11-500101-0")
        whole.scores.correct(
            "score/2023-11", "误评", by=desk.office, second=desk.second
        )
    after = unit_of(desk.flow, "500101").readings["satisfaction"]
    assert (before.excluded, after.excluded) == (0, 1)
    assert door_of(desk.flow).read(verify).findings == ()


def unit_of(flow: Flow, unit: str) -> UnitScore:
    groups = flow.scores.month("2023-11").groups.values()
    (score,) = [one for units in groups for one in units if one.unit == unit]
    return score
