"""What hosts see of the engine: named acts and questions, truly signed, loaded late."""

from __future__ import annotations

import inspect
import pydoc
import subprocess
import sys
from typing import Any, get_type_hints

import pytest

from huimin_flow.catalogue.reasons import InputCode, StoreCode
from huimin_flow.catalogue.terms import Area, Origin, State, Step
from huimin_flow.errors import InputRefused, StoreRefused
from huimin_flow.flow import Flow, Questions, Snapshot
from huimin_flow.flow.core.acts import Kind
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.facets import Items
from huimin_flow.flow.methods import Noun, methods
from huimin_flow.flow.sensing.items import Demand
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.executing.feeds import Feed, Pull, Pulled
from huimin_flow.model.items import Item
from huimin_flow.testing import Desk

#: What leads to the database, ends, or tells what it is; all others are use cases.
DOORS = {
    "acting", "bind", "close", "dry", "found", "keep", "moment", "once", "open", "rehearsal",
    "settle", "snapshot", "todo", "whole",
}  # fmt: skip

#: What loads late or never: nothing of it is needed to collect an item.
LATE = (
    "ruamel", "jinja2", "apscheduler", "click", "alembic",
    "python_calamine", "xlsxwriter", "docxtpl", "openpyxl", "cryptography",
)  # fmt: skip


def public(owner: type) -> set[str]:
    return {name for name in dir(owner) if not name.startswith("_")}


def nouns(owner: type) -> set[str]:
    return {name for name in public(owner) if isinstance(vars_of(owner, name), Noun)}


def vars_of(owner: type, name: str) -> object:
    return inspect.getattr_static(owner, name)


def kinds(owner: type) -> dict[str, Kind]:
    return {name: method.case.kind for name, method in methods(owner).items()}


def test_everything_public_is_a_door_or_a_noun_and_takes_no_function() -> None:
    assert public(Flow) == DOORS | nouns(Flow)
    for name, method in methods(Flow).items():
        assert method.__wrapped__.__module__.startswith("huimin_flow.flow."), name
    doors = [getattr(Flow, name) for name in DOORS - {"rehearsal"}]
    for method in (*doors, *methods(Flow).values()):
        annotations = inspect.signature(method).parameters.values()
        told = " ".join(str(one.annotation) for one in annotations)
        assert "Callable" not in told, method
        assert "Work" not in told, method
    # A host's port for figures gets values and gives values, as a clock does.
    assert set(get_type_hints(Pull.__call__).values()) == {Feed, str, Pulled}
    # Whoever could hand a function in would go round guards, roles and the log.
    assert not {"perform", "ask", "read", "shelf"} & public(Flow)


def test_a_snapshot_asks_everything_and_changes_nothing() -> None:
    assert public(Snapshot) == public(Questions)
    assert set(kinds(Snapshot).values()) == {Kind.QUESTION}
    questions = {name for name, kind in kinds(Flow).items() if kind is Kind.QUESTION}
    assert set(kinds(Snapshot)) == questions
    assert {
        "items.collect",
        "items.judge",
        "proposals.approve",
        "rulebook.activate",
    } < {*kinds(Flow)} - questions


@pytest.mark.parametrize(("name", "method"), methods(Flow).items())
def test_a_method_is_signed_as_it_is_called(name: str, method: Any) -> None:
    case = method.__wrapped__
    parameters = list(inspect.signature(method).parameters.values())
    expected = list(inspect.signature(case).parameters.values())
    assert parameters[0].name == "self"
    assert [(one.name, one.kind, one.default) for one in parameters[1:]] == [
        (one.name, one.kind, one.default) for one in expected[1:]
    ]
    assert Work not in get_type_hints(method).values()
    verb = name.partition(".")[2]
    assert (method.__name__, method.__doc__) == (verb, case.__doc__)
    assert method.__qualname__.endswith(f".{verb}")


def test_help_tells_what_a_caller_may_give() -> None:
    collect = methods(Flow)["items.collect"]
    told = pydoc.plain(pydoc.render_doc(collect))
    assert "work" not in told.splitlines()[2]
    assert "Demand" in told.splitlines()[2]
    assert ".Actor = ACTING," in told.splitlines()[2]
    signature = inspect.signature(collect)
    assert signature.parameters["demand"].annotation is Demand
    assert signature.parameters["by"].annotation is Actor
    assert signature.return_annotation is Item
    assert "work:" not in pydoc.plain(pydoc.render_doc(Items))


def loaded(code: str) -> list[str]:
    """Return the modules that a process has loaded after some code."""
    asked = f"{code}\nimport sys\nprint(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True
    )
    return done.stdout.split()


COLLECT = """
import sys
from huimin_flow import Demand, Flow
from huimin_flow.catalogue.terms import Area, Origin

demand = Demand(title="x", origin=Origin.PROBLEM, area=Area.TALENT, unit="500101")
with Flow.open({url!r}) as flow:
    flow.items.collect(demand, by=flow.people.actor("office-1"))
"""


def test_the_door_loads_no_more_than_it_needs(file_desk: Desk, file_url: str) -> None:
    del file_desk
    for code, most in (
        ("from huimin_flow import Flow", 12),
        # All that it takes to collect an item: of other rooms only what the streams
        # declare, their values and lives.
        (COLLECT.format(url=file_url), 150),
    ):
        modules = loaded(code)
        ours = [one for one in modules if one.partition(".")[0] == "huimin_flow"]
        assert "huimin_flow.flow.facade" in ours
        assert len(ours) <= most, ours
        roots = {one.partition(".")[0] for one in modules}
        assert not roots & {*LATE}


def test_a_use_case_is_loaded_when_it_is_first_touched() -> None:
    touched = "from huimin_flow.flow.facets import Items\nItems.collect"
    before, after = loaded("from huimin_flow import Flow"), loaded(touched)
    assert "huimin_flow.flow.sensing.items" not in before
    assert "huimin_flow.flow.sensing.items" in after
    assert "huimin_flow.flow.scoring.published" not in after


def test_a_module_of_use_cases_stays_what_it_is_called() -> None:
    code = (
        "from huimin_flow import Flow\nfrom huimin_flow.flow.core import reads\nfrom huimin_flow.flow.scoring import scores\n"
        "assert callable(scores.explain) and callable(reads.actor)"
    )
    assert "huimin_flow.flow.scoring.scores" in loaded(code)


def test_a_name_that_is_no_use_case_is_no_method() -> None:
    flow: Any = Flow
    with pytest.raises(AttributeError):
        _ = flow.nothing_of_the_kind


def test_who_acts_and_the_key_are_said_once(desk: Desk) -> None:
    demands = [
        Demand(title=title, origin=Origin.PROBLEM, area=Area.TALENT, unit="500101")
        for title in "甲乙"
    ]
    numbers = []
    for _ in range(2):
        with desk.flow.acting(desk.operator, request="r-1") as acting:
            numbers.append([acting.items.collect(one).number for one in demands])
    assert numbers[0] == numbers[1]
    assert len(desk.flow.items.list()) == 2
    with desk.flow.acting(desk.operator) as acting:
        by_office = acting.items.amend(numbers[0][0], {"title": "丙"}, by=desk.office)
    (*_, last) = desk.flow.records.events(f"item/{by_office.number}")
    assert last.event.actor == desk.office.id
    with pytest.raises(InputRefused) as refused:
        desk.flow.items.collect(demands[0])
    assert refused.value.code == InputCode.NOBODY_ACTS


def test_questions_about_an_actor_are_about_who_acts(desk: Desk) -> None:
    number = desk.item(State.SCREENED).number
    by = desk.operator
    with desk.flow.acting(by) as acting, acting.snapshot() as now:
        for asked in acting, now:
            assert asked.todo() == asked.people.todo() == desk.flow.todo(by)
            expected = desk.flow.items.possible(number, by, Step.JUDGE)
            assert asked.items.possible(number, step=Step.JUDGE) == expected
            assert asked.items.undo(number) == desk.flow.items.undo(number, by)
        others = desk.flow.todo(desk.office)
        assert acting.todo(desk.office) == acting.people.todo(by=desk.office) == others
    for question in desk.flow.todo, lambda: desk.flow.items.possible(number):
        with pytest.raises(InputRefused) as refused:
            question()
        assert refused.value.code == InputCode.NOBODY_ACTS
        assert "by=" in str(refused.value)


def test_a_closed_flow_refuses_and_says_so(file_desk: Desk) -> None:
    flow = file_desk.flow
    number = file_desk.item(State.COLLECTED).number
    flow.close()
    flow.close()
    for later in (
        lambda: flow.items.get(number),
        lambda: flow.items.screen(number, {}, by=file_desk.office),
        flow.settle,
    ):
        with pytest.raises(StoreRefused) as refused:
            later()
        assert refused.value.code == StoreCode.CLOSED
