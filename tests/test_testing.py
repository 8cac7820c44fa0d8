"""The aid for embedders' tests keeps what it says."""

from __future__ import annotations

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import State
from huimin_flow.flow.core.door import door_of
from huimin_flow.testing import rehearsal


@pytest.mark.parametrize("state", list(State))
def test_an_item_stands_at_any_state_in_one_line(state: State) -> None:
    with rehearsal() as desk:
        assert desk.item(state).state is state
        assert door_of(desk.flow).read(verify).clean


def test_two_items_at_one_state_are_two_items() -> None:
    with rehearsal() as desk:
        numbers = {desk.item(State.STARRED).number for _ in range(3)}
        assert len(numbers) == 3
