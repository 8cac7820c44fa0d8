"""A Flow that was opened before a fork works in the child, and in its parent."""

from __future__ import annotations

import gc
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from huimin_flow.audit.verify import verify
from huimin_flow.flow.door import door_of
from huimin_flow.testing import Desk

#: The desk of the parent, as a preloaded program has it.
PRELOADED: list[Desk] = []


def collect(count: int) -> list[str]:
    """Collect items with what the fork left; it is let go in the end."""
    numbers = [PRELOADED[0].collect().number for _ in range(count)]
    PRELOADED[0].flow.close()
    gc.collect()
    return numbers


def test_children_and_parent_each_have_connections_of_their_own(desk: Desk) -> None:
    first = desk.collect().number
    PRELOADED[:] = [desk]
    with ProcessPoolExecutor(3, mp_context=get_context("fork")) as children:
        asked = [children.submit(collect, 8) for _ in range(3)]
        own = [desk.collect().number for _ in range(8)]
        numbers = [first, *own, *(one for each in asked for one in each.result())]
    assert len(numbers) == len(set(numbers)) == 33
    assert len(desk.flow.items()) == 33
    assert door_of(desk.flow).read(verify).clean


def test_a_transaction_open_in_the_parent_survives_the_end_of_a_child(
    desk: Desk,
) -> None:
    PRELOADED[:] = [desk]
    with desk.flow.whole() as act:
        made = Desk(act, desk.clock).collect()
        with ProcessPoolExecutor(1, mp_context=get_context("fork")) as children:
            assert children.submit(collect, 0).result() == []
        second = Desk(act, desk.clock).collect()
    assert {one.number for one in desk.flow.items()} == {made.number, second.number}
