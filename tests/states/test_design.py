"""The table in the code held against the design's, arc by arc, both ways."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from huimin_flow.catalogue.terms import State, Step
from huimin_flow.states import table
from huimin_flow.states.life import Arc
from huimin_flow.states.table import ITEM, LIFE
from tests import workflow

WITHOUT_ROAD = [
    (step, source)
    for step in workflow.STEPS
    for source in workflow.STATES
    if not workflow.leads(step, source)
]


def road(arc: Arc) -> workflow.Road:
    source = workflow.BIRTH if arc.source is None else arc.source.value
    return arc.step.value, source, arc.target.value


def differences(life: Iterable[Arc]) -> set[str]:
    """Every way in which a table is not the design's."""
    found = {road(arc): {one.__name__ for one in arc.guards} for arc in life}
    told = {f"too much: {one}" for one in found.keys() - workflow.ROADS}
    told |= {f"missing: {one}" for one in workflow.ROADS - found.keys()}
    return told | {
        f"asks for {found[one]}: {one}"
        for one in workflow.ROADS & found.keys()
        if found[one] != workflow.asks(*one[:2])
    }


def test_the_words_of_the_design_are_those_of_the_house() -> None:
    assert sorted(workflow.STATES) == sorted(State)
    assert sorted(workflow.STEPS) == sorted(Step)


def test_the_table_has_the_roads_of_the_design_and_no_other() -> None:
    assert differences(LIFE) == set()


@pytest.mark.parametrize("state", list(State))
def test_what_is_said_to_be_possible_is_what_the_design_has(state: State) -> None:
    wanted = {one for one in workflow.STEPS if workflow.leads(one, state.value)}
    assert set(ITEM.leaving(state)) == wanted


def test_main_line_ends_and_open_states_are_those_of_the_design() -> None:
    assert table.MAIN_LINE == workflow.MAIN_LINE
    assert table.ENDS == workflow.ENDS
    assert set(table.OPEN_STATES) == set(workflow.OPEN)


def test_each_arc_that_is_lost_bent_or_unguarded_would_be_found() -> None:
    for n, arc in enumerate(LIFE):
        others = (*LIFE[:n], *LIFE[n + 1 :])
        assert differences(others) == {f"missing: {road(arc)}"}
        for wrong in set(State) - {arc.target}:
            assert differences((*others, replace(arc, target=wrong)))
        for guard in arc.guards:
            left = tuple(one for one in arc.guards if one is not guard)
            assert differences((*others, replace(arc, guards=left)))


@pytest.mark.parametrize(("step", "source"), WITHOUT_ROAD)
def test_each_arc_that_is_added_would_be_found(step: str, source: str) -> None:
    extra = Arc(step=Step(step), source=State(source), target=State.CLOSED)
    assert differences((*LIFE, extra)) == {f"too much: {road(extra)}"}
