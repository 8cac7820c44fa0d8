"""``item list`` holds few items at once, and prints what it always printed."""

from __future__ import annotations

import gc
import json
import tracemalloc
from collections.abc import Callable, Iterable

import pytest

from bench.running import copy
from huimin_flow.catalogue.terms import State
from huimin_flow.flow import Snapshot
from huimin_flow.flow.core import items
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.items import ItemFilter
from huimin_flow.shell.core import screens
from huimin_flow.testing import Desk

Lines = Callable[[Snapshot], Iterable[str]]

ALL = ItemFilter()

PRINTED: dict[str, Lines] = {
    "json": lambda now: screens.json_page(
        door_of(now).ask(items.each_item, ALL), 0, lambda: None
    ),
    "table": lambda now: screens.Table(
        ("编号", "状态", "单位", "星级", "标题"),
        lambda: door_of(now).ask(items.item_lines, ALL),
    ).lines(80),
}


def size_and_peak(desk: Desk, lines: Lines) -> tuple[int, int]:
    """Return how many characters were printed, and how many bytes held at most."""
    usual = gc.get_threshold()
    gc.set_threshold(700)  # few cycles wait for the collector
    with desk.flow.snapshot() as now:
        tracemalloc.start()
        size = sum(map(len, lines(now)))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    gc.set_threshold(*usual)
    return size, peak


@pytest.mark.parametrize("lines", PRINTED.values(), ids=PRINTED)
def test_more_items_take_no_more_memory(desk: Desk, lines: Lines) -> None:
    number = desk.bring(State.ASSIGNED).number
    desk.report(number)
    copy(desk, number, 200)
    size_and_peak(desk, lines)  # what is cached once
    size, few = size_and_peak(desk, lines)
    copy(desk, number, 600, first=600_001)
    larger, many = size_and_peak(desk, lines)
    assert larger > 3 * size
    assert many < 2 * few


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_page_is_printed_as_json_in_one_piece_is(desk: Desk, count: int) -> None:
    for _ in range(count):
        desk.collect("甲“乙”\\n")
    listed = desk.flow.items.list()
    page = {"total": 7, "rows": to_plain(listed), "next": "2026-000003"}
    whole = json.dumps(page, ensure_ascii=False, indent=2)
    lines = screens.json_page(listed, 7, lambda: "2026-000003")
    assert "\n".join(lines) == whole
