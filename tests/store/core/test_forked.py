"""Processes: a Flow opened before a fork, and refusals that come out of a child."""

from __future__ import annotations

import gc
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from multiprocessing import get_context

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.errors import HuiminError, ItemMoved, RequestReused, StoreBusy
from huimin_flow.flow.core.door import door_of
from huimin_flow.store.core import engine as engines
from huimin_flow.store.core.hosts import waits
from huimin_flow.testing import Desk
from tests.flow.core.test_host import DEMAND

#: The desk of the parent, as a preloaded program has it.
PRELOADED: list[Desk] = []


@pytest.fixture(autouse=True, scope="module")
def _own_garbage() -> None:
    """Let children look through what is made from here on, not all tests before.

    Each would copy the memory of thousands of tests, and take seconds.
    """
    gc.collect()
    gc.freeze()


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
    assert len(desk.flow.items.list()) == 33
    assert door_of(desk.flow).read(verify).clean


def holds() -> bool:
    """Tell whether this flow of control would wait for itself."""
    return waits.has_acted(door_of(PRELOADED[0].flow).own, None)


def test_a_transaction_open_in_the_parent_survives_the_end_of_a_child(
    desk: Desk,
) -> None:
    PRELOADED[:] = [desk]
    with desk.flow.whole() as act:
        made = Desk(act, desk.clock).collect()
        with ProcessPoolExecutor(1, mp_context=get_context("fork")) as children:
            assert (holds(), children.submit(holds).result()) == (True, False)
            assert children.submit(collect, 0).result() == []
        second = Desk(act, desk.clock).collect()
    assert {one.number for one in desk.flow.items.list()} == {
        made.number,
        second.number,
    }


def moved() -> None:
    """Act on an item's version that isn't there."""
    desk = PRELOADED[0]
    number = desk.flow.items.list()[0].number
    desk.flow.items.amend(number, {"title": "甲"}, by=desk.operator, version=7)


def reused() -> None:
    """Use a request id for another act."""
    once = PRELOADED[0].flow.once("r-1")
    for title in ("甲", "乙"):
        once.items.collect(replace(DEMAND, title=title), by=PRELOADED[0].operator)


def busy() -> None:
    """Write while somebody else does."""
    PRELOADED[0].collect()


@pytest.mark.parametrize(
    ("act", "kind", "code"),
    [
        (moved, ItemMoved, "stale_version"),
        (reused, RequestReused, "request_reused"),
        (busy, StoreBusy, "busy"),
    ],
)
def test_a_refusal_comes_out_of_another_process_as_it_was(
    file_desk: Desk,
    file_url: str,
    monkeypatch: pytest.MonkeyPatch,
    act: Callable[[], None],
    kind: type[HuiminError],
    code: str,
) -> None:
    file_desk.collect()
    PRELOADED[:] = [file_desk]
    monkeypatch.setattr(engines, "_DEADLINE", 0.05)
    other = engines.open_engine(file_url)
    with (
        ExitStack() as held,
        ProcessPoolExecutor(1, mp_context=get_context("fork")) as child,
    ):
        if act is busy:
            held.enter_context(engines.writing(other))
        with pytest.raises(kind) as refused:
            child.submit(act).result()
        assert child.submit(abs, -1).result() == 1
    assert type(refused.value) is kind
    assert refused.value.code == code
    assert str(refused.value)
    assert refused.value.remedy
    other.dispose()
