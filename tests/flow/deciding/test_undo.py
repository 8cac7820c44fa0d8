"""For every step: which act takes it back, or why none does; trying agrees."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from huimin_flow.catalogue.terms import RecordStep, State, Step
from huimin_flow.flow.sensing.items import Demand
from huimin_flow.model.items import Item, Undo
from huimin_flow.states.table import COUNTER_STEPS, LIFE
from huimin_flow.testing import UNIT, Desk

WHY = "facts_incomplete"


def asked(desk: Desk, number: str, by: str = "office-1") -> Undo:
    return desk.flow.items.undo(number, by=desk.actor(by))


def codes(undo: Undo) -> list[str]:
    return [reason.code for reason in undo.reasons]


def test_every_step_says_what_takes_it_back_and_the_table_has_a_road_for_it() -> None:
    assert set(COUNTER_STEPS) == set(Step)
    roads = {(arc.step, arc.source) for arc in LIFE}
    for arc in LIFE:
        counter = COUNTER_STEPS[Step(arc.step)]
        assert counter is None or (counter, arc.target) in roads, arc


def test_a_counter_step_leads_back_where_the_step_began_or_before() -> None:
    """But from a list, and for what was put off; a result is replaced by another.

    So is a result in doubt: the item then stands as evaluated, wherever it stood.
    """
    elsewhere = {Step.COLLECT, Step.ENLIST, Step.DEFER, Step.REVIVE}
    again = {Step.EVALUATE, Step.ADJUST}
    ways = {(arc.step, arc.source, arc.target) for arc in LIFE}
    for arc in LIFE:
        counter = COUNTER_STEPS[Step(arc.step)]
        if counter is None or arc.step in elsewhere | again:
            continue
        back = {to for step, at, to in ways if (step, at) == (counter, arc.target)}
        begun = State.EVALUATED if arc.step == Step.DOUBT else arc.source
        assert begun in back or back == {State.COLLECTED}, arc


def _back(desk: Desk, number: str) -> dict[Step, Callable[[], Item]]:
    items, by, second = desk.flow.items, desk.office, desk.second
    return {
        Step.REJECT: lambda: items.reject(number, "duplicate", by=by),
        Step.RETURN: lambda: items.return_(number, WHY, by=by),
        Step.DEFER: lambda: items.defer(
            number, "not_this_period", by=by, second=second
        ),
        Step.REVIVE: lambda: items.revive(number, by=by),
        Step.UNMERGE: lambda: items.unmerge(number, by=by),
        Step.REOPEN: lambda: items.reopen(number, WHY, by=by, second=second),
    }


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (State.COLLECTED, Step.REJECT),
        (State.SCREENED, Step.RETURN),
        (State.JUDGED, Step.RETURN),
        (State.STARRED, Step.RETURN),
        (State.LISTED, Step.DEFER),
        (State.ASSIGNED, Step.RETURN),
        (State.EXECUTED, Step.RETURN),
        (State.CLOSED, Step.REOPEN),
        (State.MERGED, Step.UNMERGE),
        (State.DEFERRED, Step.REVIVE),
        (State.REJECTED, Step.REOPEN),
    ],
)
def test_the_act_that_is_named_can_be_done_and_leads_where_it_was_said(
    file_desk: Desk, state: State, step: Step
) -> None:
    number = file_desk.item(state).number
    undo = asked(file_desk, number)
    assert (undo.step, undo.reasons) == (step, ())
    assert undo.two == (step in {Step.REOPEN, Step.DEFER})
    assert len(file_desk.flow.records.events(f"item/{number}")) == (
        file_desk.flow.items.get(number).version
    )
    assert _back(file_desk, number)[step]().state is undo.target


@pytest.mark.parametrize("state", [State.EVALUATED, State.ADJUSTED])
def test_a_result_is_replaced_by_the_same_act(file_desk: Desk, state: State) -> None:
    undo = asked(file_desk, file_desk.item(state).number)
    assert (undo.step, undo.target, undo.reasons) == (undo.last, state, ())


def test_what_others_were_built_on_names_them(file_desk: Desk) -> None:
    flow, by = file_desk.flow, file_desk.office
    parent, child = flow.items.carry_over(file_desk.item(State.ASSIGNED).number, by=by)
    undo = asked(file_desk, parent.number)
    assert (undo.step, codes(undo)) == (None, ["built_on"])
    assert undo.reasons[0].values["items"] == child.number
    item = file_desk.collect()
    part = Demand(title="其一", origin=item.origin, area=item.area, unit=UNIT)
    _, *parts = flow.items.split(item.number, [(part, []), (part, [])], by=by)
    undo = asked(file_desk, item.number)
    named = str(undo.reasons[0].values["items"])
    assert all(made.number in named for made in parts)


def test_a_canceled_item_and_a_rival_successor_say_why_not(file_desk: Desk) -> None:
    flow, by, second = file_desk.flow, file_desk.office, file_desk.second
    number = file_desk.item(State.LISTED).number
    flow.items.cancel(number, "duplicate", by=by, second=second)
    assert codes(asked(file_desk, number)) == ["cancelled_for_good"]
    parent = file_desk.item(State.ASSIGNED).number
    _, first = flow.items.carry_over(parent, by=by)
    flow.items.reject(first.number, "duplicate", by=by)
    flow.items.carry_over(parent, by=by)
    assert codes(asked(file_desk, first.number)) == ["successor_open"]


def test_a_correction_is_taken_back_by_the_former_values(file_desk: Desk) -> None:
    item = file_desk.screen(file_desk.collect("原标题").number, 100)
    items, by = file_desk.flow.items, file_desk.office
    items.amend(item.number, {"title": "新标题", "origin": "opinion"}, by=by)
    undo = asked(file_desk, item.number)
    assert (undo.step, undo.former) == (
        Step.AMEND, {"origin": "problem", "title": "原标题"},
    )  # fmt: skip
    assert items.amend(item.number, undo.former, by=by).title == "原标题"


def test_a_waiting_proposal_is_withdrawn_first(file_desk: Desk) -> None:
    flow, number = file_desk.flow, file_desk.item(State.LISTED).number
    values = {"item": number, "reason": "duplicate"}
    made = flow.proposals.propose("cancel", values, by=file_desk.office)
    undo = asked(file_desk, number)
    assert (undo.step, undo.proposal) == (RecordStep.WITHDRAW, made.key)
    flow.proposals.withdraw(undo.proposal, by=file_desk.office)
    assert asked(file_desk, number).step is Step.DEFER


def test_who_may_not_take_it_back_is_told_so(file_desk: Desk) -> None:
    number = file_desk.item(State.DEFERRED).number
    undo = asked(file_desk, number, "op-500101")
    assert (undo.step, codes(undo)) == (Step.REVIVE, ["step_not_permitted"])
