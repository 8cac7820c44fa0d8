"""Thirty-two waiting callers, threads of one Flow, against one caller alone.

Both do as many acts; each caller amends an item of its own. The worst wait is the
longest act of any caller in a block.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench import worlds
from bench.harness import Line, Size, Variant, compare, figure, run, turns
from huimin_flow.flow import Flow

CALLERS = 32


def measure(size: Size, folder: Path) -> list[Line]:
    """Return the line of the ratio, and that of the worst wait."""
    each = size.pick(6, 1)
    base = folder / "base.db"
    numbers = worlds.with_items(base, CALLERS)
    alone, shared = (
        Flow.open(worlds.url_of(worlds.copied(base, folder / name)))
        for name in ("alone.db", "shared.db")
    )
    by = alone.people.actor(worlds.BY)
    worst: list[float] = []

    def amended(flow: Flow, number: str, k: int) -> float:
        begun = time.perf_counter()
        worlds.insist(lambda: flow.items.amend(number, worlds.title(k), by=by))
        return time.perf_counter() - begun

    def one(block: int) -> None:
        for k in range(each):
            for number in numbers:
                amended(alone, number, block * each + k)

    with alone, shared, ThreadPoolExecutor(CALLERS) as pool:

        def caller(number: str, block: int) -> float:
            ks = range(block * each, (block + 1) * each)
            return max(amended(shared, number, k) for k in ks)

        def many(block: int) -> None:
            worst.append(max(pool.map(caller, numbers, [block] * CALLERS)))

        pieces = CALLERS * each
        variants = [Variant("one caller", one, pieces)]
        variants.append(Variant(f"{CALLERS} callers", many, pieces))
        samples = turns(variants, size.blocks)
    waits = [wait * 1e3 for wait in worst[1:]]
    name = f"{CALLERS} waiting callers"
    return [
        compare(
            name, samples, f"{CALLERS} callers", "one caller",
            kind="ours", bound=2, faster=True,
        ),
        figure(f"{name}: worst wait of a block", waits, "ms"),
        figure(f"{name}: worst wait of all", [max(waits)], "ms"),
    ]  # fmt: skip


if __name__ == "__main__":
    run(measure)
