"""The reference's examples run, and each public name has one that a reader can see."""

from __future__ import annotations

from typing import Any

import pytest

from huimin_flow import api
from huimin_flow.catalogue.terms import ReasonCode, StepTerm
from huimin_flow.flow import Flow
from huimin_flow.flow.methods import methods
from tests.examples import DOCS, ROOMS, module_at, own_members, ran

PUBLIC = {
    *methods(Flow),
    *(
        f"{kind.__name__}.{name}".replace("Questions", "Flow")
        for kind, name, _ in own_members()
    ),
}


#: What a host's own function gets and returns: no call of an example shows it.
HANDED = {"Facts", "Pulled"}


def is_named(name: str) -> bool:
    """Tell whether it is enough that an example names a class.

    So it is for a port, for what goes through one, for codes of refusals and steps,
    which refusals and events have as text, for an error that was raised meanwhile,
    and for a function and its language.
    """
    kind = getattr(api, name)
    if not isinstance(kind, type) or kind is api.Language:
        return True
    port = getattr(kind, "_is_protocol", False) or name in HANDED
    raised = {each for room in ROOMS for each in ran(room).raised}
    said = issubclass(kind, (ReasonCode, StepTerm))
    return port or said or name in raised


@pytest.mark.parametrize("room", ROOMS)
def test_the_examples_of_a_room_run(room: str) -> None:
    assert ran(room).methods


def test_every_method_has_an_example_that_runs() -> None:
    used = {name for room in ROOMS for name in ran(room).methods}
    assert not PUBLIC - used, "an example must use it: docs/examples/"


def test_every_class_is_used_by_an_example_that_runs() -> None:
    used = {name for room in ROOMS for name in ran(room).classes}
    shown: Any = module_at(DOCS / "shown.py")
    used |= set(shown.shown(filter(is_named, api.__all__)))
    assert not {*api.__all__} - used, "an example must pass or return it"


def test_the_reference_shows_the_example_of_each_method() -> None:
    shown: Any = module_at(DOCS / "shown.py")
    found = shown.shown(PUBLIC)
    assert found.keys() == PUBLIC
    assert all(example.about for example, _ in found.values())
