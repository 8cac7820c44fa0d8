"""What a wrong clock did is declared by two people, and put right (R15, S1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from huimin_flow.audit.replay import replay
from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.reasons import Code, StoreCode, TimeCode
from huimin_flow.catalogue.terms import (
    Criterion,
    Flaw,
    State,
    StreamKind,
    TodoKind,
    TwoPeople,
)
from huimin_flow.clock import local_day
from huimin_flow.errors import InputRefused, StepRefused, StoreRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.core.work import Work
from huimin_flow.store.core.tables import EVENTS
from huimin_flow.testing import UNIT, Desk
from huimin_flow.timetable.ledger import pending, run_due, runs

#: The true time at which the clock begins to be wrong.
TRUE = datetime(2023, 11, 29, 2, tzinfo=UTC)


def at(desk: Desk, moment: datetime) -> Flow:
    """Set the clock and return the engine."""
    desk.clock.set(moment)
    return desk.flow


def declared(desk: Desk, first: int, last: int) -> None:
    """Declare a span by two people, each at a desk of their own."""
    flow = desk.flow
    values = {
        "first_record": str(first),
        "last_record": str(last),
        "reason": "主板电池没电,时钟超前",
    }
    proposal = flow.proposals.propose(TwoPeople.DECLARE, values, by=desk.office)
    shown = flow.proposals.get(proposal.key)
    assert len(shown.content) == last - first + 1
    flow.proposals.approve(proposal.key, proposal.seen, by=desk.second)


def findings(desk: Desk) -> set[tuple[str, str]]:
    found = door_of(desk.flow).read(verify).findings
    return {(finding.flaw.value, finding.law) for finding in found}


def wronged(desk: Desk, wrong: timedelta) -> tuple[str, int, int]:
    """Let a wrong clock act and tick; return an item and the span it recorded."""
    at(desk, TRUE)
    run_due(desk.flow)
    star = desk.item(State.STARRED)
    at(desk, TRUE + wrong)
    run_due(desk.flow)
    number = desk.collect(title="社保卡补领太慢").number
    desk.clock.set(TRUE + timedelta(hours=1))
    status = desk.flow.clock.status()
    assert status.is_behind
    assert status.first is not None
    assert status.last is not None
    assert desk.flow.items.get(star.number).state in {State.LISTED, State.STARRED}
    return number, status.first, status.last


def test_a_span_sets_time_right_and_its_jobs_run_again_once_when_they_are_due(
    desk: Desk,
) -> None:
    number, first, last = wronged(desk, timedelta(days=40))
    flow = desk.flow
    with pytest.raises(StoreRefused) as refused:
        desk.collect()
    assert refused.value.code == StoreCode.CLOCK_BEHIND
    assert "huimin clock declare" in refused.value.remedy
    done = {(run.job, run.period): run for run in runs(flow)}
    declared(desk, first, last)
    assert findings(desk) == set()
    assert {(run.job, run.period): run for run in runs(flow)} == done
    again = set(flow.timetable.wrong_runs())
    assert ("listing", "2024") in again
    assert pending(flow) == []  # nothing of it is due in truth
    # Time goes on, by the day on which things happen, too.
    other = desk.collect(title="零工夜班没有公交")
    event = flow.records.events(f"item/{other.number}")[-1].event
    assert event.at == desk.clock.now()
    desk.link_appeals(number)
    scores = dict.fromkeys((Criterion.URGENCY, Criterion.FUNDAMENTALITY), 80)
    yesterday = desk.today() - timedelta(days=1)
    flow.items.screen(number, scores, by=desk.office, occurred_on=yesterday)
    for stream in (f"item/{number}", f"item/{other.number}", "clock"):
        assert door_of(flow).read(partial(replay, stream=stream)).findings == ()
    late = desk.item(State.STARRED, title="灵活就业参保办理繁琐")
    at(desk, TRUE + timedelta(days=20))
    ran = {(run.job, run.period) for run in run_due(flow).ran}
    assert ("listing", "2024") in ran
    assert run_due(flow).ran == ()
    listing = flow.records.events("job/listing/2024")
    assert [event.event.public.get("repeats") for event in listing] == [None, 1]
    assert flow.items.get(late.number).state is State.LISTED
    editions = flow.records.events(f"list/2024/{UNIT}")
    assert len(editions) == 2
    at(desk, TRUE + timedelta(days=45))
    assert {(run.job, run.period) for run in run_due(flow).ran} >= again - ran
    assert flow.timetable.wrong_runs() == []
    editions_of_score = flow.scores.editions("score/2023-11")
    assert [bool(edition.note) for edition in editions_of_score] == [False, True]
    assert findings(desk) == set()


def test_the_office_is_told_what_to_declare_and_what_to_put_right(desk: Desk) -> None:
    number, first, last = wronged(desk, timedelta(days=40))
    flow = desk.flow

    def about_the_clock() -> list[tuple[str, str]]:
        return [
            (entry.subject, entry.act)
            for entry in flow.todo(desk.office)
            if entry.kind is TodoKind.CLOCK
        ]

    assert about_the_clock() == [("clock", "clock.declare")]
    assert not [x for x in flow.todo(desk.operator) if x.kind is TodoKind.CLOCK]
    declared(desk, first, last)
    assert (number, "items.reject") in about_the_clock()
    flow.items.reject(
        number, next(iter(flow.rulebook.active().rules.reject_reasons)), by=desk.office
    )
    assert (number, "items.reject") not in about_the_clock()
    assert number.startswith("2024-")


@pytest.mark.parametrize("years", [1, 80])
def test_a_clock_that_was_a_lifetime_ahead_leaves_a_way_out(
    desk: Desk, years: int
) -> None:
    at(desk, TRUE)
    desk.collect()
    at(desk, TRUE.replace(year=TRUE.year + years))
    number = desk.collect().number
    assert number.startswith(f"{TRUE.year + years}-")
    at(desk, TRUE)
    status = desk.flow.clock.status()
    assert (status.ahead, status.first, status.last) == (1, status.last, status.first)
    assert status.first is not None
    assert status.obstacle is not None
    assert status.obstacle.code == StoreCode.CLOCK_BEHIND
    with pytest.raises(StoreRefused):
        desk.collect()
    with pytest.raises(StoreRefused) as confirmed:
        desk.flow.clock.confirm(desk.clock.now(), by=desk.office)
    assert confirmed.value.code == StoreCode.CLOCK_BEHIND
    declared(desk, status.first, status.first)
    assert desk.flow.clock.status().obstacle is None
    assert local_day(TRUE).year == int(desk.collect().number[:4])
    assert desk.flow.items.get(number).number == number
    assert findings(desk) == set()


def test_a_declaration_needs_records_two_people_and_all_that_is_ahead(
    desk: Desk,
) -> None:
    _, first, last = wronged(desk, timedelta(days=40))
    flow = desk.flow
    before = flow.records.last_recorded()
    for span, code in (
        ((0, last), TimeCode.SPAN_UNKNOWN),
        ((first, last + 1), TimeCode.SPAN_UNKNOWN),
        ((last, first), TimeCode.SPAN_UNKNOWN),
        ((first, last - 1), TimeCode.SPAN_SHORT),
    ):
        with pytest.raises(InputRefused) as refused:
            declared(desk, *span)
        assert refused.value.code == code
    with pytest.raises(StepRefused) as alone:
        flow.clock.declare(first, last, "时钟超前", by=desk.office, second=desk.office)
    assert alone.value.code == Code.SAME_PERSON
    with pytest.raises(StepRefused):
        flow.clock.declare(
            first, last, "时钟超前", by=desk.operator, second=desk.office
        )
    assert flow.records.last_recorded() == before
    flow.clock.declare(first, last, "时钟超前", by=desk.office, second=desk.second)
    with pytest.raises(InputRefused) as twice:
        declared(desk, first, last)
    assert twice.value.code == TimeCode.SPAN_DECLARED
    assert findings(desk) == set()


def test_a_declaration_that_nobody_can_read_is_named_and_stops_no_audit(
    desk: Desk,
) -> None:
    number, first, last = wronged(desk, timedelta(days=40))
    declared(desk, first, last)
    mine = EVENTS.c.stream == StreamKind.CLOCK

    def torn(work: Work) -> None:
        header = work.connection.execute(
            select(EVENTS.c.header).where(mine)
        ).scalar_one()
        work.connection.execute(update(EVENTS).where(mine).values(header=header[:-1]))

    door_of(desk.flow).perform(torn)
    assert (Flaw.HEADER_UNREADABLE.value, "streams 3") in findings(desk)
    key = StreamKind.ITEM.key(number)
    replayed = door_of(desk.flow).read(lambda connection: replay(connection, key))
    assert replayed.events


def test_an_audit_reports_a_step_back_that_nobody_declared(desk: Desk) -> None:
    _, first, last = wronged(desk, timedelta(days=40))
    flow = desk.flow
    values = {"first_record": str(first), "last_record": str(last), "reason": "超前"}
    flow.proposals.propose(TwoPeople.DECLARE, values, by=desk.office)
    assert findings(desk) == set()
    from huimin_flow.flow.core import work

    with pytest.MonkeyPatch.context() as patch:  # a program that lets time go back
        patch.setattr(work, "TRUSTED", timedelta(days=400))
        patch.setattr(work, "max", min, raising=False)
        desk.collect()
    assert findings(desk) == {(Flaw.HEADER_ALTERED.value, "streams 11")}
