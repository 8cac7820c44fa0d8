"""The harness of the bench: variants in turns, paired ratios, gates, one table.

A workload is a module of this folder. Its ``measure`` returns lines; each compares
our time with a limit, a peer or another of our ways, or states a figure of ours.
``python -m bench.harness`` runs every workload in a process of its own, prints one
table and writes ``bench.json``. The exit code is 1 only if a gate is broken, or if a
workload fails. Environment:

- ``SIZES``: ``usual`` or ``tiny``; tiny runs in seconds and judges no gate;
- ``BLOCKS``: how many paired blocks, 9 by default;
- ``BENCH_FOLDER``: where databases are made, the system's temporary folder by default.
"""

from __future__ import annotations

import gc
import json
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).parent.parent
RESULT = ROOT / "bench.json"

#: The workloads in the order of the table. A module that prints but writes no lines
#: is run too, and its output is shown.
WORKLOADS = (
    "acts", "remote", "callers", "writers", "legality", "tally", "lists", "item_pages",
    "running", "changes", "cockpit", "audit", "ratings", "intake", "answers",
    "gathering", "suggestions", "fed", "postgres", "start",
)  # fmt: skip

#: How far beyond its bound a ratio must be for its gate to break.
MARGIN = 1.5


@dataclass(frozen=True)
class Size:
    """How large a run is; ``gates`` tells whether bounds are judged."""

    blocks: int
    tiny: bool

    @property
    def gates(self) -> bool:
        """Tell whether the run is large enough to judge its bounds."""
        return not self.tiny

    def pick(self, usual: int, tiny: int) -> int:
        """Return the number of pieces for this size."""
        return tiny if self.tiny else usual

    @classmethod
    def wanted(cls) -> Size:
        """Return the size that the environment asks for.

        Raises:
            SystemExit: for an unknown size or a number of blocks below 1.

        """
        name = os.environ.get("SIZES", "usual")
        if name not in {"usual", "tiny"}:
            raise SystemExit(f"SIZES is {name}: use usual or tiny")
        blocks = os.environ.get("BLOCKS", "2" if name == "tiny" else "9")
        if not blocks.isdecimal() or int(blocks) < 1:
            raise SystemExit(f"BLOCKS is {blocks}: use a number from 1")
        return cls(blocks=int(blocks), tiny=name == "tiny")


@dataclass(frozen=True)
class Sample:
    """The seconds that one piece of a block took: CPU of this process, and wall."""

    cpu: float
    wall: float


@dataclass(frozen=True)
class Spread:
    """The median of some values between their quartiles."""

    low: float
    median: float
    high: float


@dataclass(frozen=True)
class Variant:
    """One way to do the same work: ``run`` does a block of ``pieces``.

    ``run`` gets the number of the block, 0 for the one that only warms up.
    ``prepare`` gets it first, and is not timed.
    """

    name: str
    run: Callable[[int], object]
    pieces: int = 1
    prepare: Callable[[int], object] = int


Samples = Mapping[str, Sequence[Sample]]


def spread(values: Sequence[float]) -> Spread:
    """Return the median and the quartiles of at least one value."""
    if len(values) == 1:
        return Spread(values[0], values[0], values[0])
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(low, median, high)


def paired(ours: Sequence[float], others: Sequence[float]) -> list[float]:
    """Return the ratio of each block: ours to the other's of the same block."""
    return [mine / other for mine, other in zip(ours, others, strict=True)]


def broken(ratio: Spread, bound: float, *, at_least: bool = False) -> bool:
    """Tell whether a gate is broken: three of four blocks miss it by half again."""
    if at_least:
        return ratio.high < bound / MARGIN
    return ratio.low > bound * MARGIN


def met(ratio: Spread, bound: float, *, at_least: bool = False) -> bool:
    """Tell whether the median reaches a target."""
    return ratio.median >= bound if at_least else ratio.median <= bound


def turns(
    variants: Sequence[Variant],
    blocks: int,
    used: Callable[[], float] = time.process_time,
) -> Samples:
    """Run each variant once a block, in another order each time; the first warms up.

    ``used`` returns the CPU seconds so far, by default those of this process.
    """
    samples: dict[str, list[Sample]] = {variant.name: [] for variant in variants}
    for block in range(blocks + 1):
        first = block % len(variants)
        for variant in (*variants[first:], *variants[:first]):
            variant.prepare(block)
            gc.collect()
            wall, cpu = time.perf_counter(), used()
            variant.run(block)
            cpu, wall = used() - cpu, time.perf_counter() - wall
            if block:
                piece = Sample(cpu / variant.pieces, wall / variant.pieces)
                samples[variant.name].append(piece)
    return samples


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the table: a ratio of two times, or a figure of ours.

    ``by`` is CPU or wall, ``unit`` what the spread counts: ``x`` for a ratio.
    ``ours`` and ``other`` are seconds a piece. ``bound`` is the target, an upper one
    unless ``at_least``. ``kind`` is what stands beside us: limit, peer or ours.
    """

    workload: str
    by: str
    spread: Spread
    unit: str = "x"
    ours: float | None = None
    kind: str = ""
    beside: str = ""
    other: float | None = None
    bound: float | None = None
    at_least: bool = False

    @property
    def broken(self) -> bool:
        """Tell whether the gate of this line is broken."""
        bound = self.bound
        return bound is not None and broken(self.spread, bound, at_least=self.at_least)

    def cells(self) -> tuple[str, ...]:
        """Return the line as cells of the table."""
        ours, other = (_seconds(time) for time in (self.ours, self.other))
        low, median, high = (digits(value) for value in asdict(self.spread).values())
        target = verdict = ""
        if self.bound is not None:
            sign = "≥" if self.at_least else "≤"
            target = f"{sign} {digits(self.bound)} {self.unit}"
            reached = met(self.spread, self.bound, at_least=self.at_least)
            verdict = "broken" if self.broken else "met" if reached else "missed"
        beside = f"{self.kind}: {self.beside}" if self.kind else ""
        shown = f"{median} {self.unit} ({low}–{high})"
        return (self.workload, ours, beside, other, self.by, shown, target, verdict)


HEAD = (
    "workload", "ours", "beside", "theirs", "by", "ratio or figure (quartiles)",
    "target", "",
)  # fmt: skip


def compare(
    workload: str,
    samples: Samples,
    ours: str,
    other: str,
    *,
    kind: str = "limit",
    by: str = "wall",
    bound: float | None = None,
    faster: bool = False,
) -> Line:
    """Return the line of two variants: how many times the other's time ours takes.

    With ``faster`` it is how many times as fast as the other we are, and ``bound``
    is a lower one.
    """
    mine, theirs = (
        [sample.cpu if by == "CPU" else sample.wall for sample in samples[name]]
        for name in (ours, other)
    )
    ratios = paired(theirs, mine) if faster else paired(mine, theirs)
    return Line(
        workload=workload,
        by=by,
        spread=spread(ratios),
        unit="x as fast" if faster else "x",
        ours=statistics.median(mine),
        kind=kind,
        beside=other,
        other=statistics.median(theirs),
        bound=bound,
        at_least=faster,
    )


def figure(
    workload: str,
    values: Sequence[float],
    unit: str,
    *,
    by: str = "wall",
    bound: float | None = None,
    at_least: bool = False,
) -> Line:
    """Return the line of a figure that stands beside nothing."""
    return Line(
        workload=workload,
        by=by,
        spread=spread(values),
        unit=unit,
        bound=bound,
        at_least=at_least,
    )


def skipped(workload: str, beside: str, why: str) -> None:
    """Say that a peer is not measured, and why."""
    print(f"{workload}: {beside} is skipped: {why}", flush=True)


def _seconds(time_: float | None) -> str:
    if time_ is None:
        return ""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if time_ >= size:
            return f"{digits(time_ / size)} {unit}"
    return f"{digits(time_ * 1e6)} µs"


def digits(value: float) -> str:
    """Return a figure with three digits, or with all before its point."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as a text table, the first being its head."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def machine(folder: Path) -> str:
    """Return the line that names the machine and its software."""
    info = Path("/proc/cpuinfo")
    names = [
        line.partition(":")[2].strip()
        for line in (info.read_text().splitlines() if info.exists() else ())
        if line.startswith("model name")
    ]
    parts = [
        f"{os.cpu_count()} cores of {names[0] if names else platform.machine()}",
        f"{platform.system()} {platform.release()}",
        f"Python {platform.python_version()}",
        f"SQLite {sqlite3.sqlite_version}",
        f"files on {_file_system(folder)}",
        f"load {os.getloadavg()[0]:.1f} at the start",
    ]
    return ", ".join(parts)


def _file_system(folder: Path) -> str:
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return "an unknown file system"
    rows = [line.split() for line in mounts.read_text().splitlines()]
    above = [
        (len(row[1]), row[2]) for row in rows if folder.resolve().is_relative_to(row[1])
    ]
    return max(above)[1]


def run(measure: Callable[[Size, Path], list[Line]]) -> None:
    """Measure a workload and print its table; exit 1 if a gate is broken."""
    size = Size.wanted()
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_FOLDER")) as folder:
        lines = measure(size, Path(folder))
    into = os.environ.get("BENCH_LINES")
    if into:
        plain = [asdict(line) for line in lines]
        Path(into).write_text(json.dumps(plain), encoding="utf-8")
    print(table([HEAD, *(line.cells() for line in lines)]))
    leave(size, lines)


def leave(size: Size, lines: Sequence[Line], failed: Sequence[str] = ()) -> NoReturn:
    """Name the broken gates and the failed workloads, and exit: 1 if there are any."""
    gates = [line for line in lines if line.broken] if size.gates else []
    for line in gates:
        print(f"gate broken: {line.workload}, {line.beside or line.unit}")
    for name in failed:
        print(f"failed: {name}")
    sys.exit(1 if gates or failed else 0)


def lines_of(plain: Sequence[Mapping[str, object]]) -> list[Line]:
    """Return the lines of a result file."""
    lines = []
    for entry in plain:
        values: dict[str, object] = dict(entry)
        quartiles: dict[str, float] = values.pop("spread")  # type: ignore[assignment]
        lines.append(Line(spread=Spread(**quartiles), **values))  # type: ignore[arg-type]
    return lines


def main() -> None:
    """Run every workload, print one table and write bench.json."""
    size = Size.wanted()
    begun = time.perf_counter()
    lines: list[Line] = []
    failed = []
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_FOLDER")) as folder:
        named = machine(Path(folder))
        print(named, flush=True)
        for name in WORKLOADS:
            if not (ROOT / "bench" / f"{name}.py").exists():
                continue
            into = Path(folder) / f"{name}.json"
            environment = {**os.environ, "BENCH_LINES": str(into)}
            command = [sys.executable, "-m", f"bench.{name}"]
            print(f"\n{name}", flush=True)
            code = subprocess.run(  # noqa: S603 - our own modules
                command, cwd=ROOT, env=environment, check=False
            ).returncode
            measured = into.exists()
            if measured:
                lines += lines_of(json.loads(into.read_text(encoding="utf-8")))
            if code and not measured:
                failed.append(name)
    whole = {
        "machine": named,
        "blocks": size.blocks,
        "tiny": size.tiny,
    }
    plain = {**whole, "lines": [asdict(line) for line in lines]}
    RESULT.write_text(json.dumps(plain, ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"\n{named}\n")
    print(table([HEAD, *(line.cells() for line in lines)]))
    print(f"\n{time.perf_counter() - begun:.0f} s in all; written to {RESULT.name}")
    leave(size, lines, failed)


if __name__ == "__main__":
    main()
