"""One act, in every way that it can be done, beside its bare limit and the peers.

On disk, once in the journal mode that ``doctor`` picks for this SQLite, once in
WAL/FULL: ``amend`` and ``collect`` alone, ``amend`` through ``once``, in a host's
transaction, and in ``whole``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from bench import limits, peers, worlds
from bench.harness import Line, Size, Variant, compare, run, turns
from huimin_flow.flow import Flow
from huimin_flow.store.core.engine import journal_mode, open_engine

#: The targets of one act beside its bare limit, by journal mode.
BOUNDS = {"WAL": 1.6, "DELETE": 1.25}

ITEMS = 10

#: The seconds that the commits of a bare block may take.
_BLOCK = 0.1


def measure(size: Size, folder: Path) -> list[Line]:
    """Return the lines of both journal modes."""
    modes = dict.fromkeys([journal_mode(), ("WAL", "FULL")])
    lines = []
    for mode, level in modes:
        inside = folder / mode
        inside.mkdir()
        with worlds.journal(mode, level):
            lines += in_mode(size, inside, mode, level)
    return lines


def paced(path: Path) -> int:
    """Return how many acts a block has: 20, or fewer where the disk is slow."""
    with limits.driver(path) as connection:
        connection.execute("CREATE TABLE paced (k)")
        begun = time.perf_counter()
        for k in range(5):
            connection.execute("INSERT INTO paced VALUES (?)", (k,))
        commit = (time.perf_counter() - begun) / 5
    return max(4, min(20, int(_BLOCK / commit)))


def in_mode(size: Size, folder: Path, mode: str, level: str) -> list[Line]:
    """Return the lines of one journal mode."""
    pieces = size.pick(paced(folder / "paced.db"), 2)
    named = f"{mode}/{level}"
    with ExitStack() as stack:
        whole = size.pick(50, 2)  # one commit a block, whatever the disk
        world = World(folder, pieces, whole, size.blocks + 1, stack)
        others = peers.on_sqlite(folder, pieces, mode, level, stack)
        single = [*world.single(), *others]
        samples = turns(single, size.blocks)
        samples = {**samples, **turns(world.together(), size.blocks)}
        world.check(mode)

    def line(title: str, ours: str, other: str, **more: Any) -> Line:
        return compare(f"{title}, {named}", samples, ours, other, **more)

    lines = [
        line("amend", "amend", "bare amend", bound=BOUNDS[mode]),
        line("amend", "amend", "bare amend", by="CPU"),
        line("collect", "collect", "bare collect", bound=BOUNDS[mode]),
        line("collect", "collect", "bare collect", by="CPU"),
        line("amend by once", "once", "amend", kind="ours", bound=1.3),
        line("amend by once", "once", "amend", kind="ours", by="CPU"),
        line("amend bound", "bound", "amend", kind="ours", bound=1.2),
        line("amend bound", "bound", "amend", kind="ours", by="CPU"),
        line("amend in whole", "whole", "bare whole", by="CPU", bound=6),
    ]
    for other in others:
        beside = partial(line, "amend", "amend", other.name, kind="peer", faster=True)
        lines += [beside(by="CPU", bound=peers.BOUNDS.get(other.name)), beside()]
    return lines


class World:
    """A database for each variant, all copies of one with a few items."""

    def __init__(
        self, folder: Path, pieces: int, whole: int, blocks: int, stack: ExitStack
    ) -> None:
        """Record what the bare loops repeat in each block.

        These are ``pieces`` acts, or ``whole`` acts in one transaction.
        """
        self.folder, self.stack = folder, stack
        self.pieces, self.whole = pieces, whole
        self.base = folder / "base.db"
        self.count = max(pieces, whole) * blocks
        with worlds.journal("MEMORY", "OFF"):
            self.numbers = worlds.with_items(self.base, ITEMS)
            self.amends = self.recorded("amends", self.amend)
            self.births = self.recorded("births", self.collect)

    def recorded(self, name: str, act: Callable[..., str]) -> list[limits.Step]:
        """Return what as many acts as a bare loop repeats have written."""
        path = worlds.copied(self.base, self.folder / f"{name}.db")
        acts = [partial(act, k=k) for k in range(self.count)]
        with Flow.open(worlds.url_of(path)) as flow:
            return limits.recorded(path, acts, flow)

    def amend(self, flow: Flow, k: int) -> str:
        """Amend an item once, and return its number."""
        number = self.numbers[k % ITEMS]
        flow.items.amend(number, worlds.title(k), by=flow.people.actor(worlds.BY))
        return number

    def collect(self, flow: Flow, k: int) -> str:
        """Collect one more item, and return its number."""
        return flow.items.collect(
            worlds.demand(k), by=flow.people.actor(worlds.BY)
        ).number

    def opened(self, name: str) -> Flow:
        """Return a Flow on an own copy, closed at the end."""
        path = worlds.copied(self.base, self.folder / f"{name}.db")
        return self.stack.enter_context(Flow.open(worlds.url_of(path)))

    def writer(self, name: str, steps: list[limits.Step]) -> limits.Writer:
        """Return a bare loop on an own copy, closed at the end."""
        path = worlds.copied(self.base, self.folder / f"{name}.db")
        connection = self.stack.enter_context(limits.driver(path))
        return limits.Writer(connection, steps)

    def single(self) -> list[Variant]:
        """Return the variants whose acts are transactions of their own."""
        plain, births, requests = map(self.opened, ("plain", "collect", "once"))
        by = plain.people.actor(worlds.BY)
        host_path = worlds.copied(self.base, self.folder / "bound.db")
        host = open_engine(worlds.url_of(host_path))
        self.stack.callback(host.dispose)

        def amended(flow: Flow, k: int) -> None:
            flow.items.amend(self.numbers[k % ITEMS], worlds.title(k), by=by)

        def bound(k: int) -> None:
            with host.begin() as connection:
                amended(Flow.bind(connection), k)

        bare_amend = self.writer("bare-amend", self.amends)
        bare_collect = self.writer("bare-collect", self.births)
        pieces = self.pieces

        def each(act: Callable[[int], object]) -> Callable[[int], None]:
            def block(number: int) -> None:
                for k in range(number * pieces, (number + 1) * pieces):
                    act(k)

            return block

        return [
            Variant("bare amend", lambda _: bare_amend.each(pieces), pieces),
            Variant("amend", each(partial(amended, plain)), pieces),
            Variant("once", each(lambda k: amended(requests.once(f"r{k}"), k)), pieces),
            Variant("bound", each(bound), pieces),
            Variant("bare collect", lambda _: bare_collect.each(pieces), pieces),
            Variant(
                "collect",
                each(lambda k: births.items.collect(worlds.demand(k), by=by)),
                pieces,
            ),
        ]

    def together(self) -> list[Variant]:
        """Return the variants that do a whole block in one transaction."""
        flow = self.opened("whole")
        by = flow.people.actor(worlds.BY)
        bare = self.writer("bare-whole", self.amends)
        pieces = self.whole

        def whole(block: int) -> None:
            with flow.whole() as inside:
                for k in range(block * pieces, (block + 1) * pieces):
                    inside.items.amend(self.numbers[k % ITEMS], worlds.title(k), by=by)

        return [
            Variant("bare whole", lambda _: bare.together(pieces), pieces),
            Variant("whole", whole, pieces),
        ]

    def check(self, mode: str) -> None:
        """Refuse figures of another journal mode than the one measured."""
        for name in ("plain", "once", "bound", "collect", "whole", "bare-amend"):
            if worlds.in_wal(self.folder / f"{name}.db") != (mode == "WAL"):
                raise SystemExit(f"{name}.db is not in {mode} mode")


def main() -> None:
    """Print the table of this workload."""
    run(measure)


if __name__ == "__main__":
    main()
