from __future__ import annotations

from collections import Counter

import pytest

from huimin_flow.catalogue.terms import State, Step
from huimin_flow.errors import StepRefused
from huimin_flow.model.case import Case
from huimin_flow.states.evolve import CHANGES
from huimin_flow.states.machine import permit, shared_machine
from huimin_flow.states.table import ENDS, LIFE, MAIN_LINE, OPEN_STATES, possible_steps
from huimin_flow.testing import Desk


def test_the_main_line_is_the_nine_states_of_the_document() -> None:
    assert [state.value for state in MAIN_LINE] == [
        "collected", "screened", "judged", "starred", "listed",
        "assigned", "executed", "evaluated", "adjusted",
    ]  # fmt: skip


def test_every_state_can_be_reached_from_birth() -> None:
    reached = {arc.target for arc in LIFE if arc.source is None}
    while True:
        further = {arc.target for arc in LIFE if arc.source in reached} - reached
        if not further:
            break
        reached |= further
    assert reached == set(State)


def test_every_open_state_has_a_way_on() -> None:
    for state in OPEN_STATES:
        assert any(arc.target is not state for arc in LIFE if arc.source is state)


def test_only_closed_and_rejected_are_ends() -> None:
    assert set(ENDS) == {State.CLOSED, State.REJECTED}
    assert not any(arc.source in ENDS for arc in LIFE)


def test_no_arc_stands_twice() -> None:
    keys = Counter((arc.step, arc.source, arc.when) for arc in LIFE)
    assert [key for key, count in keys.items() if count > 1] == []


def test_every_step_has_an_arc_and_says_what_it_may_change() -> None:
    assert {arc.step for arc in LIFE} == set(Step) == set(CHANGES)


def test_every_callback_of_the_machine_resolves() -> None:
    machine = shared_machine()
    for event in machine.events.values():
        for transitions in event.transitions.values():
            for transition in transitions:
                assert all(callable(one.func) for one in transition.conditions)
                assert not transition.before
                assert not transition.after


def test_the_machine_makes_no_transitions_of_its_own() -> None:
    assert set(shared_machine().events) == {step.value for step in Step}


def test_guards_say_in_one_line_what_they_ask() -> None:
    for arc in LIFE:
        for guard in arc.guards:
            assert (guard.__doc__ or "").startswith(("Ask ", "Select "))


@pytest.mark.parametrize("state", list(State))
def test_a_step_that_the_table_lacks_is_refused_with_those_it_has(
    state: State, file_desk: Desk
) -> None:
    from dataclasses import replace

    item = replace(file_desk.collect(), state=state)
    case = Case(actor=file_desk.office, today=file_desk.today())
    for step in set(Step) - set(possible_steps(state)):
        with pytest.raises(StepRefused) as refused:
            permit(item, step, case)
        assert [one.code for one in refused.value.reasons] == ["no_such_arc"]
