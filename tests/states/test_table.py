"""Every life is a sound table on a machine of its own, and says what it lacks."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any, get_type_hints

import pytest

from huimin_flow.catalogue.terms import (
    AssessmentKind,
    DeliveryState,
    EditionState,
    FeedStep,
    FollowUpStep,
    RecordStep,
    State,
    Step,
    StreamKind,
    StreamState,
)
from huimin_flow.errors import StepRefused
from huimin_flow.model.evidence import Evidence
from huimin_flow.states.evolve import CHANGES
from huimin_flow.states.guards.records import is_the_founder
from huimin_flow.states.life import Arc, Life
from huimin_flow.states.machine import machine_of, permit
from huimin_flow.states.table import ENDS, ITEM, LIFE, MAIN_LINE, OPEN_STATES
from huimin_flow.streams import STREAMS
from huimin_flow.testing import Desk

lives = pytest.mark.parametrize(
    "life", [one.life for one in STREAMS.values()], ids=[one.value for one in STREAMS]
)


def test_the_main_line_is_the_nine_states_of_the_document() -> None:
    assert [state.value for state in MAIN_LINE] == [
        "collected", "screened", "judged", "starred", "listed",
        "assigned", "executed", "evaluated", "adjusted",
    ]  # fmt: skip


@lives
def test_every_state_can_be_reached_from_the_beginning(life: Life) -> None:
    reached = {arc.target for arc in life.arcs if arc.source is life.begins}
    while True:
        further = {arc.target for arc in life.arcs if arc.source in reached} - reached
        if not further:
            break
        reached |= further
    assert reached | {life.begins} - {None} == set(life.states.values())


@lives
def test_every_open_state_has_a_way_out(life: Life) -> None:
    for state in set(life.states.values()) - set(life.ends):
        assert any(arc.target is not state for arc in life.arcs if arc.source is state)


@lives
def test_no_arc_stands_twice(life: Life) -> None:
    keys = Counter((arc.step, arc.source, arc.when) for arc in life.arcs)
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("kind", StreamKind)
def test_every_state_of_a_kind_is_in_its_table(kind: StreamKind) -> None:
    life = STREAMS[kind].life
    (states,) = {type(state) for state in life.states.values()}
    kinds = {type(step) for step in life.steps.values()}
    # What a feed delivers is a batch, too.
    assert len(kinds - ({FeedStep} if kind is StreamKind.BATCH else set())) == 1
    # That a change was sent is a sender's mark on its row, not an act.
    unused = {StreamState.UNBORN, EditionState.SUPERSEDED, DeliveryState.SENT}
    assert set(life.states.values()) == set(states) - unused


def test_every_step_of_a_record_belongs_to_a_life() -> None:
    taken = {step for one in STREAMS.values() for step in one.life.steps.values()}
    assert {*RecordStep, *FollowUpStep, *Step} <= taken


def test_only_closed_and_rejected_are_ends_of_an_item() -> None:
    assert set(ENDS) == {State.CLOSED, State.REJECTED}
    assert {arc.step for arc in LIFE if arc.source in ENDS} == {Step.REOPEN}
    assert set(OPEN_STATES) == set(State) - set(ENDS)


def test_every_step_of_an_item_says_what_it_may_change() -> None:
    assert {arc.step for arc in LIFE} == set(Step) == set(CHANGES)


@lives
def test_every_callback_of_a_machine_resolves(life: Life) -> None:
    machine = machine_of(life)
    for event in machine.events.values():
        for transitions in event.transitions.values():
            for transition in transitions:
                assert all(callable(one.func) for one in transition.conditions)
                assert not transition.before
                assert not transition.after


@lives
def test_a_machine_makes_no_transitions_of_its_own(life: Life) -> None:
    assert set(machine_of(life).events) == set(life.steps)


@lives
def test_guards_say_in_one_line_what_they_ask(life: Life) -> None:
    for arc in life.arcs:
        for guard in arc.guards:
            assert (guard.__doc__ or "").startswith(("Require ", "Select "))


@lives
def test_all_guards_of_a_step_from_a_state_take_one_kind_of_evidence(
    life: Life,
) -> None:
    """So that a step's evidence has a type, and each guard takes it."""
    for arc in life.arcs:
        asked = [get_type_hints(one)["evidence"] for one in arc.guards]
        narrow = max(asked, key=lambda one: len(one.__mro__), default=Evidence)
        assert all(issubclass(narrow, one) for one in asked), arc


@lives
def test_somebody_is_asked_for_a_right_wherever_a_record_moves(life: Life) -> None:
    """An item's steps are permitted by name; the founding is nobody's."""
    if life is ITEM:
        return
    for arc in life.arcs:
        founding = (arc.step, arc.source) == (RecordStep.ACTIVATE, None)
        founding |= arc.when is is_the_founder  # authority.admits says when
        asks = {one.__name__ for one in arc.guards}
        rights = {
            "may_ask_for_it",
            "may_attach",
            "is_impartial",
            "is_not_proposed_by_them",
        }
        rights |= {"responds_for_their_unit"}
        rights.add("follows_an_item")
        rights |= {"may_advise", "may_open", "may_deliver", "may_draw_up", "may_settle"}
        rights |= {"follows_an_item", "may_judge_the_item"}
        rights.add("answers_for_their_unit")
        assert arc.duty is not None or asks & rights or founding, arc


def nobody(desk: Desk) -> Any:
    book = desk.flow.rulebook.active()
    from huimin_flow.model.evidence import Acting

    return Acting(actor=desk.office, day=desk.today(), organization=book.organization)


@pytest.mark.parametrize("state", list(State))
def test_a_step_that_the_table_lacks_is_refused_with_those_it_has(
    state: State, file_desk: Desk
) -> None:
    item = replace(file_desk.collect(), state=state)
    for step in set(Step) - set(ITEM.leaving(state)):
        with pytest.raises(StepRefused) as refused:
            permit(ITEM, state, step, nobody(file_desk), Evidence(), subject=item)
        assert [one.code for one in refused.value.reasons] == ["no_such_arc"]


@lives
def test_a_record_is_refused_a_step_by_naming_from_where_it_is_taken(
    life: Life, file_desk: Desk
) -> None:
    if life is ITEM:
        return
    roads = {(arc.step, arc.source) for arc in life.arcs}
    for state in life.states.values():
        for step in life.steps.values():
            if (step, state) in roads:
                continue
            with pytest.raises(StepRefused) as refused:
                permit(life, state, step, nobody(file_desk), Evidence())
            (reason,) = refused.value.reasons
            ends = {arc.target for arc in life.arcs if arc.step is step and arc.source}
            already = ends == {state}
            assert reason.code == ("done_already" if already else "not_so_far")
            assert reason.values["step"] == step.value


def test_a_list_that_is_not_confirmed_says_where_it_must_stand(
    file_desk: Desk,
) -> None:
    key = file_desk.frozen(2099)
    with pytest.raises(
        StepRefused, match=r"^“清单 list/2099/city”为“已截止”,不能“发布”;须为:已确认$"
    ):
        file_desk.flow.lists.publish(key, by=file_desk.office)


def test_an_assessment_that_was_not_submitted_says_where_it_must_stand(
    file_desk: Desk,
) -> None:
    flow, by = file_desk.flow, file_desk.office
    number = file_desk.bring(State.LISTED).number
    made = flow.assessments.request(number, AssessmentKind.LEGALITY, "某所", by=by)
    with pytest.raises(StepRefused, match=r"不能“采信”;须为:已提交、处置待认可$"):
        flow.assessments.accept(made.key, by=file_desk.second)
    with pytest.raises(StepRefused, match=r"不能“委托”;须为:已采信$"):
        flow.assessments.request(number, AssessmentKind.LEGALITY, "某所", by=by)


def test_a_word_may_be_corrected_to_its_chinese_label(file_desk: Desk) -> None:
    item = file_desk.collect()
    amended = file_desk.flow.items.amend(
        item.number, {"area": "人才人事"}, by=file_desk.office
    )
    assert amended.area.label == "人才人事"


def test_a_life_with_a_dead_end_or_an_island_would_be_found() -> None:
    born = Arc(step=Step.COLLECT, source=None, target=State.COLLECTED)
    with pytest.raises(AssertionError):
        test_every_open_state_has_a_way_out(Life([born], ends=()))
    far = Arc(step=Step.CLOSE, source=State.ADJUSTED, target=State.CLOSED)
    with pytest.raises(AssertionError):
        test_every_state_can_be_reached_from_the_beginning(Life([born, far], ends=()))
