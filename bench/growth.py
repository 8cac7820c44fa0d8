"""How costs grow: with items and voices from 10^3 to 10^5, with ratings to 10^7.

``python -m bench.growth`` writes ``growth.json``; it takes about ten minutes and
room for 8 GB. ``SIZES=tiny`` takes seconds. ``plot`` draws the file as text.
"""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bench import intake, lists, order_files, rating_files, ratings, tally, worlds
from bench.harness import ROOT, Size, digits, machine, spread
from huimin_flow.audit.verify import verify
from huimin_flow.clock import RehearsalClock
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.shell.main import invoke
from huimin_flow.testing import MORNING

RESULT = ROOT / "growth.json"

#: The bytes that an import of any size stays below.
MEMORY = 300_000_000

#: How wide the longest bar of a plot is.
_WIDE = 40


@dataclass(frozen=True)
class Series:
    """One figure at several sizes: pairs of a size and its value in ``unit``."""

    name: str
    of: str
    unit: str
    points: Sequence[tuple[int, float]]


def plot(series: Series) -> str:
    """Return a series as text, a bar for each size; all bars have one scale."""
    most = max(value for _, value in series.points) or 1.0
    sizes = [f"{size:,}" for size, _ in series.points]
    wide = max(map(len, sizes))
    lines = [f"{series.name}, {series.unit}, by {series.of}"]
    for size, (_, value) in zip(sizes, series.points, strict=True):
        bar = "█" * max(1, round(_WIDE * value / most))
        lines.append(f"{size:>{wide + 2}} {bar} {digits(value)}")
    return "\n".join(lines)


def by_items(folder: Path, sizes: Sequence[int]) -> list[Series]:
    """Return the series over databases with so many starred items."""
    points: dict[str, list[tuple[int, float]]] = {name: [] for name in _OF_ITEMS}
    for size in sizes:
        path = folder / "items.db"
        path.unlink(missing_ok=True)
        with worlds.journal("MEMORY", "OFF"):
            lists.build(path, size)
        for name, (repeats, act) in _OF_ITEMS.items():
            value = 1e6 * spent(partial(act, path, size), repeats)
            points[name].append((size, value))
            print(f"{name}, {size:,} items: {digits(value)} µs", flush=True)
    return [
        Series(name, "starred items", "µs of CPU", points[name]) for name in _OF_ITEMS
    ]


def spent(act: Callable[[], float], repeats: int) -> float:
    """Return the median of what an act says it took, after one to warm up."""
    if repeats > 1:
        act()
    return spread([act() for _ in range(repeats)]).median


def _timed(act: Callable[[], object], pieces: int = 1) -> float:
    begun = time.process_time()
    act()
    return (time.process_time() - begun) / pieces


def _flow(path: Path) -> Flow:
    return Flow.open(worlds.url_of(path), clock=RehearsalClock(MORNING, seed=1))


def _amend(path: Path, _: int) -> float:
    with _flow(path) as flow:
        item = flow.items.list(limit=1)[0]
        by = flow.people.actor("office-1")
        flow.items.amend(item.number, worlds.title(0), by=by)

        def acts() -> None:
            for k in range(20):
                flow.items.amend(item.number, worlds.title(k), by=by)

        return _timed(acts, 20)


def _verify(path: Path, _: int) -> float:
    with _flow(path) as flow:
        door = door_of(flow)
        begun = time.process_time()
        report = door.read(verify)
        return (time.process_time() - begun) / report.events


def _preview(path: Path, items: int) -> float:
    return _timed(partial(lists.preview, path), items)


def _freeze(path: Path, items: int) -> float:
    return _timed(partial(lists.freeze, path), items)


#: By name, how often each is measured, and what returns its seconds. The freeze
#: changes the items, so it comes last and once.
_OF_ITEMS: dict[str, tuple[int, Callable[[Path, int], float]]] = {
    "amend": (3, _amend),
    "list preview, an item": (3, _preview),
    "verify, an event": (1, _verify),
    "list freeze, an item": (1, _freeze),
}


def by_voices(folder: Path, sizes: Sequence[int]) -> list[Series]:
    """Return the series of the tally of 25 voices."""
    points = []
    for size in sizes:
        path = folder / f"voices{size}.db"
        with worlds.journal("MEMORY", "OFF"):
            _, number = tally.heard(path, size)
        with Flow.open(worlds.url_of(path)) as flow:
            act = partial(_timed, partial(_tallies, flow, number), 50)
            points.append((size, 1e3 * spent(act, 5)))
        path.unlink()
    return [Series("tally of 25 voices", "voices", "ms of CPU", points)]


def _tallies(flow: Flow, number: str) -> None:
    for _ in range(50):
        flow.items.tally(number)


def by_ratings(folder: Path, sizes: Sequence[int]) -> list[Series]:
    """Return the series of an import by command, each in a process of its own."""
    intake, memory, month = [], [], []
    context = multiprocessing.get_context("spawn")
    for size in sizes:
        source, into = folder / "ratings.csv", folder / "ratings.db"
        into.unlink(missing_ok=True)
        rating_files.write(source, size)
        with context.Pool(1) as pool:
            cpu, peak = pool.apply(_imported, (source, into))
        intake.append((size, 1e6 * cpu / size))
        memory.append((size, peak / 1024))
        with Flow.open(worlds.url_of(into)) as flow:
            act = partial(
                _timed, partial(flow.ratings.month_of_units, ratings.MONTHS[0])
            )
            month.append((size, 1e3 * spent(act, 5)))
        print(
            f"{size:,} ratings: {intake[-1][1]:.1f} µs each, {peak >> 10} MiB",
            flush=True,
        )
    return [
        Series("intake of a rating", "ratings in one file", "µs of CPU", intake),
        Series("intake of ratings, peak", "ratings in one file", "MiB", memory),
        Series("a month of all units", "ratings of the year", "ms of CPU", month),
    ]


def _imported(source: Path, into: Path) -> tuple[float, int]:
    """Import a file by the operator's command; return its CPU and its peak KiB."""
    Flow.found(worlds.url_of(into), rating_files.book(), rehearsal=True).close()
    begun = time.process_time()
    words = ["rating", "import", str(source), "--by", "office-1", "--db", str(into)]
    with redirect_stdout(io.StringIO()) as said:
        code = invoke(words)
    if code:
        raise SystemExit(said.getvalue())
    cpu = time.process_time() - begun
    return cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def by_appeals(folder: Path, sizes: Sequence[int]) -> list[Series]:
    """Return the series of an import of appeals by command, each in its process."""
    spent_, memory = [], []
    context = multiprocessing.get_context("spawn")
    for size in sizes:
        source, into = folder / "orders.csv", folder / "orders.db"
        into.unlink(missing_ok=True)
        order_files.write(source, size)
        with context.Pool(1) as pool:
            cpu, peak = pool.apply(_brought, (source, into))
        spent_.append((size, 1e6 * cpu / size))
        memory.append((size, peak / 1024))
        said = f"{spent_[-1][1]:.1f} µs each, {peak >> 10} MiB"
        print(f"{size:,} appeals: {said}", flush=True)
    return [
        Series("intake of an appeal", "appeals in one file", "µs of CPU", spent_),
        Series("intake of appeals, peak", "appeals in one file", "MiB", memory),
    ]


def _brought(source: Path, into: Path) -> tuple[float, int]:
    """Import a file by the operator's command; return its CPU and its peak KiB."""
    intake.found(into)
    begun = time.process_time()
    intake.brought([source], into, 0)
    cpu = time.process_time() - begun
    return cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def series_of(plain: Sequence[dict[str, Any]]) -> list[Series]:
    """Return the series of a result file."""
    return [
        Series(**{**entry, "points": [(n, value) for n, value in entry["points"]]})
        for entry in plain
    ]


def main() -> None:
    """Measure every series, write growth.json and draw it."""
    tiny = Size.wanted().tiny
    items = [60, 70] if tiny else [1_000, 10_000, 100_000]
    voices = [100, 200] if tiny else [1_000, 10_000, 100_000]
    rated = [100, 200] if tiny else [10_000, 100_000, 1_000_000, 10_000_000]
    brought = [100, 200] if tiny else [10_000, 100_000, 1_000_000]
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_FOLDER")) as folder:
        place = Path(folder)
        named = machine(place)
        series = [
            *by_items(place, items),
            *by_voices(place, voices),
            *by_ratings(place, rated),
            *by_appeals(place, brought),
        ]
    plain = {"machine": named, "tiny": tiny, "series": [asdict(one) for one in series]}
    into = Path(os.environ.get("GROWTH_FILE", RESULT))
    into.write_text(json.dumps(plain, ensure_ascii=False, indent=1), encoding="utf-8")
    print("\n\n".join(plot(one) for one in series))
    peak = max(value for one in series if one.unit == "MiB" for _, value in one.points)
    if peak * 2**20 >= MEMORY:
        raise SystemExit(f"an import takes {peak:.0f} MiB")


if __name__ == "__main__":
    main()
