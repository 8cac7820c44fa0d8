"""A unit asks to drop an entry of its task ledger; the office confirms it (B4)."""

from __future__ import annotations

from datetime import date

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.reasons import Code, InputCode, LedgerCode
from huimin_flow.catalogue.terms import (
    Ending,
    ProposalState,
    ReasonCode,
    Rolling,
    State,
    Step,
    TodoKind,
    TwoPeople,
)
from huimin_flow.clock import at_hour
from huimin_flow.errors import HuiminError, ItemMoved, StepRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.proposals import Proposal
from huimin_flow.reports.core.lists import Sight, cell_text
from huimin_flow.reports.deciding import ledgers
from huimin_flow.testing import UNIT, Desk

REASON = "conditions_not_ready"


def asked(desk: Desk, number: str, by: Actor | None = None) -> Proposal:
    """Ask to drop an entry, as its unit's operator by default."""
    values = {"item": number, "reason": REASON}
    return desk.flow.proposals.propose(
        TwoPeople.DROP_ENTRY, values, by=by or desk.operator
    )


def waits(desk: Desk, by: Actor) -> list[str]:
    entries = desk.flow.todo(by)
    return [each.subject for each in entries if each.kind is TodoKind.PROPOSAL]


def refusal(desk: Desk, number: str, **how: Actor) -> ReasonCode | str:
    """Return the code of the reason why an entry can't be dropped; nothing is left."""
    before = desk.flow.items.get(number)
    with pytest.raises(HuiminError) as refused:
        asked(desk, number, **how)
    assert desk.flow.items.get(number) == before
    assert desk.flow.proposals.count() == 0
    return refused.value.code


def test_a_unit_asks_the_office_confirms_and_the_ledger_says_why(desk: Desk) -> None:
    number, flow = desk.bring(State.STARRED).number, desk.flow
    desk.clock.set(at_hour(date(2024, 2, 1), 9))
    made = asked(desk, number)
    assert waits(desk, desk.office) == [made.key]
    supervisor, head = desk.actor("supervision-1"), desk.actor(f"head-{UNIT}")
    assert waits(desk, desk.operator) == waits(desk, head) == []
    assert waits(desk, supervisor) == [], "who may not take the step confirms nothing"
    with pytest.raises(StepRefused) as refused:
        flow.proposals.approve(made.key, made.seen, by=supervisor)
    assert refused.value.code == Code.STEP_NOT_PERMITTED
    flow.proposals.approve(made.key, made.seen, by=desk.office)
    assert flow.items.get(number).state is State.DEFERRED
    event = flow.items.history(number)[-1].event
    assert (event.actor, event.public["confirmed_by"]) == (
        desk.office.id,
        desk.operator.id,
    )
    (line,) = flow.ledgers.tasks(UNIT)
    assert (line.rolling, line.step, line.reason_code, line.day) == (
        Rolling.DROPPED,
        Step.DEFER,
        REASON,
        desk.today(),
    )
    with flow.snapshot() as now:
        cells = ledgers.tasks.row(Sight(now, {}), line)
    assert "暂缓(条件暂不具备)" in [cell_text(cell) for cell in cells]
    assert door_of(flow).read(verify).findings == ()


def test_the_office_refuses_and_the_entry_stays(desk: Desk) -> None:
    number, flow = desk.bring(State.JUDGED).number, desk.flow
    made = asked(desk, number)
    assert flow.proposals.withdraw(made.key, by=desk.office).state is (
        ProposalState.WITHDRAWN
    )
    (line,) = flow.ledgers.tasks(UNIT)
    assert (line.demand.number, line.rolling) == (number, Rolling.NEW)
    # What the office has put aside meanwhile is confirmed by nobody.
    late = asked(desk, number)
    flow.items.defer(number, REASON, by=desk.office)
    with pytest.raises(ItemMoved):
        flow.proposals.approve(late.key, late.seen, by=desk.second)
    # It came and left within the year, and the ledger still names it.
    (line,) = flow.ledgers.tasks(UNIT)
    assert (line.rolling, line.reason_code) == (Rolling.DROPPED, REASON)
    assert door_of(flow).read(verify).findings == ()


def test_what_is_on_the_units_own_list_is_cancelled_there(desk: Desk) -> None:
    number, flow = desk.bring(State.STARRED).number, desk.flow
    own = f"list/2099/{UNIT}"
    desk.frozen(2099)
    flow.items.defer(number, REASON, by=desk.office)
    number = desk.bring(State.STARRED).number
    flow.lists.supplement(number, own, "急需", by=desk.office, second=desk.second)
    assert refusal(desk, number) == LedgerCode.ENTRY_LISTED
    head = desk.actor(f"head-{UNIT}")
    made = asked(desk, number, by=head)
    flow.proposals.approve(made.key, made.seen, by=desk.office)
    item = flow.items.get(number)
    assert (item.state, item.outcome) == (State.CLOSED, Ending.CANCELLED)
    assert number not in {place.item for place in flow.lists.get(own).places}
    assert door_of(flow).read(verify).findings == ()


def test_what_is_no_open_entry_of_the_unit_is_not_dropped(desk: Desk) -> None:
    new, done = desk.bring(State.SCREENED).number, desk.bring(State.EXECUTED).number
    entry, listed = desk.bring(State.JUDGED).number, desk.bring(State.LISTED).number
    other = desk.actor("op-500102")
    assert refusal(desk, new) == LedgerCode.NO_ENTRY
    assert refusal(desk, done) == LedgerCode.ENTRY_FULFILLED
    assert refusal(desk, entry, by=other) == Code.OTHER_UNITS_ITEM
    head = desk.actor(f"head-{UNIT}")
    assert refusal(desk, listed, by=head) == LedgerCode.ENTRY_LISTED
    for reason, code in (
        ("", InputCode.ASKED_EMPTY),
        ("no_time", Code.UNKNOWN_REASON_CODE),
    ):
        values = {"item": entry, "reason": reason}
        with pytest.raises(HuiminError) as refused:
            desk.flow.proposals.propose("drop_entry", values, by=desk.operator)
        assert refused.value.code == code
    with pytest.raises(HuiminError) as refused:
        asked(desk, "2023-999999")
    assert refused.value.code == InputCode.ITEM_UNKNOWN
    drop = desk.flow.ledgers.drop
    with pytest.raises(StepRefused) as refused:
        drop(entry, REASON, by=desk.office, second=desk.office)
    assert refused.value.code == Code.SAME_PERSON
    drop(entry, REASON, by=desk.operator, second=desk.office)
    assert refusal(desk, entry) == LedgerCode.ENTRY_GONE
