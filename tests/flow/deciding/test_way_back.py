"""What has ended is taken back by two people, and by nobody else."""

from __future__ import annotations

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import State, Step
from huimin_flow.errors import StepRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.items import Item
from huimin_flow.testing import Desk

WHY = "facts_incomplete"


def codes(refusal: pytest.ExceptionInfo[StepRefused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def reopened(desk: Desk, number: str, why: str = WHY) -> Item:
    return desk.flow.items.reopen(number, why, by=desk.office, second=desk.second)


def sound(desk: Desk) -> bool:
    return door_of(desk.flow).read(verify).findings == ()


def test_a_rejected_item_is_collected_again_with_its_appeals(desk: Desk) -> None:
    item = desk.collect()
    desk.link_appeals(item.number, 5)
    assert desk.screen(item.number, 10).state is State.REJECTED
    back = reopened(desk, item.number)
    assert (back.state, back.reason_code) == (State.COLLECTED, WHY)
    assert desk.flow.items.tally(item.number).appeals == 5
    assert desk.screen(item.number, 100).state is State.SCREENED
    assert sound(desk)


def test_a_closed_item_is_adjusted_again_and_closes_again(desk: Desk) -> None:
    item = desk.bring(State.CLOSED)
    assert reopened(desk, item.number).state is State.ADJUSTED
    assert desk.flow.items.close(item.number, by=desk.office).state is State.CLOSED
    assert sound(desk)


def test_a_canceled_item_is_not_reopened(desk: Desk) -> None:
    number = desk.bring(State.LISTED).number
    office, second = desk.office, desk.second
    desk.flow.items.cancel(number, "duplicate", by=office, second=second)
    with pytest.raises(StepRefused) as refused:
        reopened(desk, number)
    assert codes(refused) == ["cancelled_for_good"]
    assert "请重新采集" in str(refused.value.remedy)


def test_only_what_has_ended_is_reopened_and_for_a_known_reason(desk: Desk) -> None:
    number = desk.collect().number
    with pytest.raises(StepRefused) as refused:
        reopened(desk, number)
    assert codes(refused) == ["no_such_arc"]
    desk.flow.items.reject(number, "duplicate", by=desk.office)
    with pytest.raises(StepRefused) as refused:
        reopened(desk, number, "whim")
    assert codes(refused) == ["unknown_reason_code"]


def test_nobody_reopens_alone_or_without_the_right_to_reject(desk: Desk) -> None:
    number = desk.collect().number
    desk.flow.items.reject(number, "duplicate", by=desk.office)
    for by, second, code in (
        (desk.office, desk.office, "same_person"),
        (desk.operator, desk.second, "duty_missing"),
        (desk.actor("leader-1"), desk.office, "step_not_permitted"),
    ):
        with pytest.raises(StepRefused) as refused:
            desk.flow.items.reopen(number, WHY, by=by, second=second)
        assert codes(refused) == [code]


def test_an_item_has_one_open_successor_after_a_reopening_too(desk: Desk) -> None:
    parent = desk.bring(State.ASSIGNED).number
    _, first = desk.flow.items.carry_over(parent, by=desk.office)
    desk.flow.items.reject(first.number, "duplicate", by=desk.office)
    _, second = desk.flow.items.carry_over(parent, by=desk.office)
    with pytest.raises(StepRefused) as refused:
        reopened(desk, first.number)
    assert codes(refused) == ["successor_open"]
    assert refused.value.reasons[0].values["item"] == second.number
    desk.flow.items.reject(second.number, "duplicate", by=desk.office)
    assert reopened(desk, first.number).state is State.COLLECTED
    assert sound(desk)


def test_the_second_person_sees_what_is_reopened_and_confirms_it(desk: Desk) -> None:
    number = desk.collect().number
    desk.flow.items.reject(number, "duplicate", by=desk.office)
    values = {"item": number, "reason": WHY}
    asked = desk.flow.proposals.propose("reopen", values, by=desk.office)
    shown = desk.flow.proposals.get(asked.key)
    assert {line.path: line.new for line in shown.content}["reason_code"] == "duplicate"
    desk.flow.proposals.approve(asked.key, asked.seen, by=desk.second)
    assert desk.flow.items.get(number).state is State.COLLECTED
    last = desk.flow.records.events(f"item/{number}")[-1].event
    assert (last.step, last.public["confirmed_by"]) == (Step.REOPEN, desk.second.id)
    assert sound(desk)


def test_what_no_second_could_confirm_is_not_proposed(desk: Desk) -> None:
    number = desk.bring(State.LISTED).number
    office, second, propose = desk.office, desk.second, desk.flow.proposals.propose
    values = {"item": number, "reason": WHY}
    for code in ("no_such_arc", "cancelled_for_good"):
        with pytest.raises(StepRefused) as refused:
            propose("reopen", values, by=office)
        assert codes(refused) == [code]
        if code == "no_such_arc":
            desk.flow.items.cancel(number, "duplicate", by=office, second=second)
