"""Demands, and what units respond to them: once, in time, with a reason (B2, B4)."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import (
    Entry,
    LedgerMove,
    Placement,
    ResponseState,
    Rolling,
    State,
    Step,
    StreamKind,
    TodoKind,
)
from huimin_flow.clock import at_hour
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.flow.deciding.demands import awaited, responses
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.values import from_plain
from huimin_flow.model.deciding.ledgers import ResponseChase
from huimin_flow.reports.core.lists import Sight
from huimin_flow.reports.deciding import ledgers as listed
from huimin_flow.testing import UNIT, Desk
from huimin_flow.timetable import effects
from huimin_flow.timetable.ledger import tick

#: A district that is asked about the demands of divisions.
ASKED = "500102"


def judged(desk: Desk, unit: str = "DIV-JYC", title: str = "零工市场") -> str:
    """Return a judged demand of a unit."""
    number = desk.collect(title, unit).number
    desk.link_appeals(number)
    desk.screen(number)
    return desk.judge(number).number


def operator(desk: Desk, unit: str = ASKED) -> Actor:
    return desk.actor(f"op-{unit}")


def codes(refused: pytest.ExceptionInfo[StepRefused]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_a_unit_responds_once_and_a_second_is_refused_with_the_first(
    desk: Desk,
) -> None:
    demand = judged(desk)
    _, own = desk.flow.items.respond(demand, ASKED, by=operator(desk))
    for again in (
        lambda: desk.flow.items.respond(demand, ASKED, by=desk.office),
        lambda: desk.flow.ledgers.decline(demand, ASKED, "lacks_means", by=desk.office),
        lambda: desk.flow.ledgers.reconsider(demand, ASKED, "改", by=desk.office),
    ):
        with pytest.raises(StepRefused, match=own.number) as refused:
            again()
        assert codes(refused) == ["responded_already"]
    assert desk.flow.items.list(unit=ASKED) == [own]
    (kept,) = desk.flow.ledgers.responses(item=demand)
    assert (kept.state, kept.successor) == (ResponseState.TAKEN_UP, own.number)
    assert door_of(desk.flow).read(verify).findings == ()


def test_what_was_declined_is_taken_up_later_with_a_reason(desk: Desk) -> None:
    demand, by, ledgers = judged(desk), operator(desk), desk.flow.ledgers
    with pytest.raises(StepRefused) as unknown:
        ledgers.decline(demand, ASKED, "no_time", by=by)
    assert codes(unknown) == ["unknown_reason_code"]
    declined = ledgers.decline(demand, ASKED, "lacks_means", by=by, note="明年再议")
    assert (declined.state, declined.reason_code) == (
        ResponseState.DECLINED,
        "lacks_means",
    )
    with pytest.raises(StepRefused, match=declined.key) as twice:
        desk.flow.items.respond(demand, ASKED, by=by)
    assert codes(twice) == ["response_declined"]
    with pytest.raises(InputRefused):
        ledgers.reconsider(demand, ASKED, " ", by=by)
    _, own = ledgers.reconsider(demand, ASKED, "经费已落实", by=by)
    (kept,) = ledgers.responses(unit=ASKED)
    assert (kept.state, kept.version) == (ResponseState.TAKEN_UP, 2)
    assert (kept.successor, kept.note) == (own.number, "明年再议")
    with desk.flow.snapshot() as now:
        row = listed.responses.row(
            Sight(now, now.rulebook.active().organization.names), kept
        )
    assert "原先:" in str(row[4])
    assert "明年再议" in str(row[5])
    assert "经费已落实" in str(row[5])
    assert own.responds_to == demand
    assert door_of(desk.flow).read(verify).findings == ()


def test_nobody_declines_what_is_not_put_to_the_unit_or_is_another_units(
    desk: Desk,
) -> None:
    mine, theirs = judged(desk, UNIT), judged(desk)
    ledgers = desk.flow.ledgers
    for number, unit, by, code in (
        (mine, ASKED, operator(desk), "response_not_asked"),
        (theirs, ASKED, operator(desk, "500103"), "other_units_item"),
        (theirs, ASKED, desk.scheduler, "step_not_permitted"),
    ):
        with pytest.raises(StepRefused) as refused:
            ledgers.decline(number, unit, "not_in_charge", by=by)
        assert codes(refused) == [code]
    with pytest.raises(InputRefused, match="无需响应"):
        ledgers.decline(mine, UNIT, "not_in_charge", by=operator(desk, UNIT))
    with pytest.raises(StepRefused) as nothing:
        ledgers.reconsider(theirs, ASKED, "改", by=operator(desk))
    assert codes(nothing) == ["nothing_declined"]
    assert ledgers.count_responses() == 0


def test_silence_is_shown_from_the_day_after_the_deadline(desk: Desk) -> None:
    demand, ledgers = judged(desk), desk.flow.ledgers
    (waiting,) = ledgers.awaited(unit=ASKED)
    assert (waiting.item, waiting.since) == (demand, desk.today())
    assert waiting.due == date(2023, 10, 23)  # ten working days
    assert not waiting.overdue
    units = ledgers.count_awaited()
    assert units == len(ledgers.awaited()) > 30
    desk.clock.set(at_hour(date(2023, 10, 24), 9))
    ledgers.decline(demand, "500103", "no_such_demand", by=operator(desk, "500103"))
    assert ledgers.count_awaited(unit=ASKED, overdue=True) == 1
    assert ledgers.awaited(unit="500103") == ()
    lines = {line.unit: line for line in ledgers.by_unit()}
    assert (lines[ASKED].awaited, lines[ASKED].overdue) == (1, 1)
    assert (lines["500103"].awaited, lines["500103"].declined) == (0, 1)
    assert "DIV-JYC" not in lines, "nobody is asked about its own demand"
    assert ledgers.count_awaited(overdue=True) == units - 1
    assert [line.unit for line in ledgers.awaited(skip=1, limit=1)] == ["500102"]


def test_the_division_that_leads_the_area_is_asked_about_districts_demands(
    desk: Desk,
) -> None:
    judged(desk, UNIT)
    assert [line.unit for line in desk.flow.ledgers.awaited()] == ["DIV-JYC"]


def test_the_ledger_has_filters_and_pages_and_is_read_as_of_any_day(
    desk: Desk,
) -> None:
    ledgers, first = desk.flow.ledgers, desk.today()
    numbers = [judged(desk, title=f"需求{n}") for n in range(3)]
    (line, *_) = ledgers.demands(limit=1)
    assert (line.number, line.since, line.placement) == (
        numbers[0],
        first,
        Placement.YEAR,
    )
    assert [each.number for each in ledgers.demands(skip=1)] == numbers[1:]
    assert ledgers.count_demands(text="需求1", unit="DIV-JYC") == 1
    assert ledgers.count_demands(placement=Placement.PHASE) == 0
    desk.clock.set(at_hour(first + timedelta(days=30), 9))
    desk.flow.items.reject(numbers[0], "resolved", by=desk.office)
    desk.star(numbers[1])
    added = judged(desk, title="后来的")
    assert [each.number for each in ledgers.demands()] == [*numbers[1:], added]
    before = ledgers.demands(as_of=first)
    assert [each.number for each in before] == numbers
    assert {each.state for each in before} == {State.JUDGED}
    assert ledgers.count_demands(as_of=first, text="需求1") == 1
    assert ledgers.demands(as_of=first - timedelta(days=1)) == ()
    assert ledgers.demands(as_of=desk.today()) == ledgers.demands()
    with pytest.raises(InputRefused, match="晚于今天"):
        ledgers.demands(as_of=desk.today() + timedelta(days=1))
    changes = ledgers.demand_changes(first)
    assert [(each.move, each.number) for each in changes] == [
        (LedgerMove.STAYED, numbers[1]),
        (LedgerMove.STAYED, numbers[2]),
        (LedgerMove.CAME, added),
        (LedgerMove.LEFT, numbers[0]),
    ]
    assert (changes[0].before, changes[0].after) == (State.JUDGED, State.STARRED)
    assert (changes[3].reason_code, changes[3].day) == ("resolved", desk.today())
    with pytest.raises(InputRefused, match="不早于"):
        ledgers.demand_changes(desk.today())


def test_a_units_task_ledger_is_rolled_from_year_to_year(desk: Desk) -> None:
    ledgers, items = desk.flow.ledgers, desk.flow.items
    empty = ledgers.tasks("500104")
    kept, dropped, ended = (desk.bring(State.ASSIGNED).number for _ in range(3))
    desk.clock.set(at_hour(date(2024, 2, 1), 9))
    items.cancel(dropped, "resolved", by=desk.office, second=desk.second)
    _, after = items.carry_over(ended, by=desk.operator)
    desk.link_appeals(after.number)
    desk.screen(after.number)
    desk.judge(after.number)
    items.cancel(ended, "not_ours", by=desk.office, second=desk.second)
    _, taken = items.respond(judged(desk), UNIT, by=desk.operator)
    own = desk.bring(State.JUDGED).number
    lines = {each.demand.number: each for each in ledgers.tasks(UNIT)}
    assert {number: line.rolling for number, line in lines.items()} == {
        kept: Rolling.KEPT,
        after.number: Rolling.CARRIED_OVER,
        taken.number: Rolling.NEW,
        own: Rolling.NEW,
        dropped: Rolling.DROPPED,
    }
    assert [lines[n].entry for n in (kept, after.number, taken.number)] == [
        Entry.OWN,
        Entry.CONTINUED,
        Entry.TAKEN_UP,
    ]
    assert lines[after.number].before == ended
    assert (lines[dropped].step, lines[dropped].reason_code) == (
        Step.CANCEL,
        "resolved",
    )
    assert lines[kept].demand.tasks == 1
    past = ledgers.tasks(UNIT, until=date(2023, 12, 31))
    assert [each.rolling for each in past] == [Rolling.NEW] * 3
    assert empty == ()
    with pytest.raises(InputRefused, match="不早于"):
        ledgers.tasks(UNIT, since=desk.today())


def test_what_awaits_a_response_waits_for_the_units_people(desk: Desk) -> None:
    first, second = judged(desk, title="甲"), judged(desk, title="乙")

    def waits() -> list[tuple[str, str, date | None]]:
        entries = desk.flow.todo(operator(desk))
        return [
            (each.subject, each.act, each.due)
            for each in entries
            if each.kind is TodoKind.RESPONSE
        ]

    due = date(2023, 10, 23)
    assert waits() == [(n, "items.respond", due) for n in (first, second)]
    desk.flow.ledgers.decline(first, ASKED, "lacks_means", by=operator(desk))
    assert [subject for subject, _, _ in waits()] == [second]
    office = {each.kind for each in desk.flow.todo(desk.office)}
    assert TodoKind.RESPONSE not in office


def test_a_successor_answers_what_its_predecessors_left_open(desk: Desk) -> None:
    """江北 and 渝北 become 两江新区 on 6 November 2025: one answer, none twice."""
    desk.clock.set(at_hour(date(2025, 10, 20), 9))
    declined, taken, left = (judged(desk, title=f"需求{n}") for n in range(3))
    ledgers = desk.flow.ledgers
    ledgers.decline(declined, "500105", "lacks_means", by=operator(desk, "500105"))
    _, own = desk.flow.items.respond(taken, "500112", by=operator(desk, "500112"))
    desk.clock.set(at_hour(date(2025, 11, 20), 9))
    heir = next(
        unit.code
        for unit in desk.flow.rulebook.active().organization.units_on(desk.today())
        if "两江" in unit.name
    )
    waiting = ledgers.awaited(unit="500105")
    assert [(each.item, each.unit, each.overdue) for each in waiting] == [
        (left, heir, True)
    ]
    by = desk.office
    with pytest.raises(StepRefused) as refused:
        desk.flow.items.respond(taken, heir, by=by)
    assert codes(refused) == ["responded_already"]
    ledgers.reconsider(declined, heir, "新区已有经费", by=by)
    ledgers.decline(left, heir, "no_such_demand", by=by)
    assert ledgers.count_awaited(unit=heir) == 0
    entries = {each.demand.number: each for each in ledgers.tasks(heir)}
    assert entries[own.number].entry is Entry.TAKEN_UP
    assert door_of(desk.flow).read(verify).findings == ()


def test_a_job_reminds_of_what_was_silent_at_its_cut(desk: Desk) -> None:
    demand, ledgers = judged(desk), desk.flow.ledgers
    desk.clock.set(at_hour(date(2023, 11, 6), 12))
    ledgers.decline(demand, ASKED, "lacks_means", by=operator(desk))
    ran = {run.job: run for run in tick(desk.flow, desk.clock.now())}
    stream = StreamKind.RESPONSE_CHASE.key("2023-10")
    (recorded,) = desk.flow.records.events(stream)
    silent = from_plain(ResponseChase, recorded.event.public["value"]).owing
    assert ("500103", demand) in {(each.unit, each.item) for each in silent}
    # The answer came after the cut of the third working day.
    assert ASKED in {each.unit for each in silent}
    assert json.loads(ran["response_chase"].result) == {
        "silent": len(silent),
        "units": len(silent),
    }
    assert door_of(desk.flow).read(verify).findings == ()


def test_the_audit_finds_a_name_that_is_missing_and_an_answer_that_is(
    file_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, silent_at = file_desk, awaited.silent_at
    demand = judged(desk)
    monkeypatch.setattr(effects, "silent_at", lambda *at: silent_at(*at)[1:])
    monkeypatch.setattr(responses, "_keep", lambda *_: None)
    _, own = desk.flow.items.respond(demand, ASKED, by=operator(desk))
    desk.clock.set(at_hour(date(2023, 11, 6), 12))
    tick(desk.flow, desk.clock.now())
    found = door_of(desk.flow).read(verify).findings
    assert {each.place for each in found} == {
        "response_chase/2023-10 #1 owing",
        StreamKind.ITEM.key(own.number),
    }
