"""On a unit's legal day everything that it has or owes goes to its successor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import RatingLevel, State, Step
from huimin_flow.errors import HuiminError
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.services.ratings import Rating
from huimin_flow.testing import UNIT, Desk, rehearsal
from huimin_flow.timetable.ledger import runs, tick

OLD, OTHER_OLD, ZONE, NEW = "500105", "500112", "FA-LJXQ", "500157"
BEFORE = datetime(2025, 10, 9, 2, tzinfo=UTC)
#: Midnight in Shanghai, as the legal day begins.
LEGAL = datetime(2025, 11, 5, 16, tzinfo=UTC)
LATER = datetime(2025, 12, 3, 2, tzinfo=UTC)


def bring(desk: Desk, state: State, unit: str = OLD, *tasks: str) -> str:
    """Return an item of a unit; its tasks are of the units named, or its own."""
    number = desk.collect(f"{unit}的事项", unit).number
    desk.link_appeals(number)
    for reached, step in (
        (State.SCREENED, desk.screen),
        (State.JUDGED, desk.judge),
        (State.STARRED, desk.star),
        (State.LISTED, desk.enlist),
    ):
        if desk.flow.items.get(number).state is state:
            return number
        assert step(number).state is reached
    if state is State.ASSIGNED:
        (task,) = desk.plan().tasks
        made = [
            replace(task, key=f"T{n}", unit=of)
            for n, of in enumerate(tasks or (unit,), 1)
        ]
        desk.assign(number, replace(desk.plan(), tasks=tuple(made)))
    return number


def rate(desk: Desk, unit: str, key: str) -> None:
    service = desk.flow.rulebook.active().services.items[0].key
    rating = Rating(
        transaction=key, unit=unit, item=service, channel="hotline",
        level=RatingLevel.DISSATISFIED, at=desk.clock.now(), who="p1",
    )  # fmt: skip
    desk.flow.ratings.add([rating], by=desk.office)


@pytest.fixture
def desk(url: str, book: Rulebook) -> Iterator[Desk]:
    """A bureau in October 2025, a month before the legal day."""
    with rehearsal(url, at=BEFORE, book=book) as desk:
        yield desk


def at(desk: Desk, moment: datetime) -> list[Any]:
    desk.clock.set(moment)
    return [(run.job, run.period) for run in tick(desk.flow)]


def clean(flow: Flow) -> bool:
    findings = door_of(flow).read(verify).findings
    assert not findings, findings
    return True


def test_everything_of_a_unit_goes_to_its_successor_once(desk: Desk) -> None:
    flow = desk.flow
    running = bring(desk, State.ASSIGNED, OLD, OLD, UNIT)
    foreign = bring(desk, State.ASSIGNED, UNIT, OTHER_OLD, ZONE)
    others = [bring(desk, state) for state in (State.COLLECTED, State.STARRED)]
    merged = flow.items.merge(
        bring(desk, State.COLLECTED), others[0], by=desk.office
    ).number
    ended = bring(desk, State.COLLECTED)
    flow.items.reject(ended, "duplicate", by=desk.office)
    rate(desk, OLD, "R1")
    rate(desk, ZONE, "R2")
    flow.ratings.answer("R2", "已整改", by=desk.actor("op-FA-LJXQ"))
    due = {line.rating.transaction: line.due for line in flow.ratings.bad()}

    assert ("succession", f"{OLD}@2025-11-06") in at(desk, LEGAL)
    assert not at(desk, LEGAL)
    for number in (running, *others, merged):
        item = flow.items.get(number)
        assert (item.unit, item.transfers) == (NEW, 1)
    tasks = [
        [task.unit for task in plan.tasks]
        for number in (running, foreign)
        if (plan := flow.items.get(number).plan)
    ]
    assert tasks == [[NEW, UNIT], [NEW, NEW]]
    assert flow.items.get(foreign).unit == UNIT
    assert flow.items.get(ended).unit == OLD
    bad = {line.rating.transaction: line.due for line in flow.ratings.bad(unit=NEW)}
    assert bad == due
    assert {flow.lists.get(f"list/2099/{unit}").unit for unit in (OLD, ZONE)} == {NEW}
    results = {run.period: run.result for run in runs(flow) if run.job == "succession"}
    assert '"items":4' in results[f"{OLD}@2025-11-06"]
    event = flow.items.history(running)[-1].event
    assert (event.step, event.occurred_on) == (Step.TRANSFER, date(2025, 11, 6))
    assert clean(flow)


def test_a_late_run_transfers_as_of_the_legal_day(desk: Desk) -> None:
    flow = desk.flow
    running = bring(desk, State.ASSIGNED)
    desk.clock.set(LATER)
    born = desk.collect("过渡期内采集", OLD)
    assert born.unit == NEW
    flow.items.amend(running, {"title": "更正"}, by=desk.actor("op-500105"))
    ran = at(desk, LATER)
    assert ran.index(("succession", f"{OLD}@2025-11-06")) < ran.index(
        ("monthly_score", "2025-10")
    )
    assert flow.items.get(running).unit == NEW
    event = flow.items.history(running)[-1].event
    assert event.occurred_on == date(2025, 12, 3), "not before its last step"
    assert clean(flow)


def test_what_a_unit_owed_is_owed_by_its_successor(desk: Desk) -> None:
    flow = desk.flow
    number = bring(desk, State.ASSIGNED)
    at(desk, LATER)
    for period, unit in (("2025-10", OLD), ("2025-11", NEW)):
        (task,) = flow.tasks.owing(period, unit=unit)
        assert (task.unit, task.item) == (NEW, number)
    assert not flow.tasks.owing("2025-11", unit=UNIT)
    operator, month = desk.actor("op-500105"), "2025-11"
    todo = [entry.period for entry in flow.people.todo(by=operator)]
    assert {"2025-10", "2025-11"} <= set(todo)
    at(desk, datetime(2025, 12, 9, 2, tzinfo=UTC))
    for period, unit in (("2025-10", OLD), (month, NEW)):
        scores = flow.scores.month(period)
        read = {
            each.unit: each.readings.get("implementation")
            for group in scores.groups.values()
            for each in group
        }
        reading = read[unit]
        assert reading is not None
        assert (reading.numerator, reading.denominator) == (0, 1)
        assert len({OLD, NEW} & read.keys()) == 1
    assert clean(flow)


def test_people_of_an_ended_unit_go_on_until_their_last_working_day(
    desk: Desk,
) -> None:
    flow, number = desk.flow, bring(desk, State.ASSIGNED)
    at(desk, LATER)
    _, child = flow.items.carry_over(number, by=desk.actor("op-500105"))
    assert child.unit == NEW
    desk.clock.set(datetime(2026, 1, 26, 2, tzinfo=UTC))
    with pytest.raises(HuiminError, match="不再"):
        flow.items.amend(number, {"title": "改"}, by=desk.actor("op-500105"))
    flow.items.amend(number, {"title": "改"}, by=desk.actor("op-500157"))
    assert clean(flow)


def test_a_proposal_about_what_went_to_a_successor_is_stale(desk: Desk) -> None:
    flow, number = desk.flow, bring(desk, State.LISTED)
    values = {"item": number, "reason": "duplicate"}
    made = flow.proposals.propose("cancel", values, by=desk.office)
    at(desk, LEGAL)
    with pytest.raises(HuiminError) as refused:
        flow.proposals.approve(made.key, made.seen, by=desk.second)
    assert [reason.code for reason in refused.value.reasons] == ["stale_version"]
    assert flow.items.get(number).state is State.LISTED
