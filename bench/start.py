"""The start of a command: a help page, an item's page, the import of an embedder.

The limits are Python itself, and Python with the packages that a command cannot do
without. All start as processes of their own, with compiled bytecode.
"""

from __future__ import annotations

import compileall
import os
import resource
import subprocess
import sys
from functools import partial
from pathlib import Path

import huimin_flow
from bench import worlds
from bench.harness import Line, Size, Variant, compare, figure, run, turns

#: The targets: CPU seconds of a help page and of an item's page.
HELP, SHOW = 0.15, 0.45

COMMAND = "from huimin_flow.entry import run; run()"
WAYS = {
    "python": ("pass",),
    "click, sqlalchemy, sqlite3": ("import click, sqlalchemy, sqlite3",),
    "huimin --help": (COMMAND, "--help"),
    "huimin item show": (COMMAND, "item", "show"),
    "import Flow": ("from huimin_flow import Flow",),
}


def measure(size: Size, folder: Path) -> list[Line]:
    """Return each start beside its limit, and the seconds of the two with a target."""
    compileall.compile_dir(str(Path(huimin_flow.__file__).parent), quiet=2)
    path = folder / "start.db"
    with worlds.founded(path) as flow:
        by = flow.people.actor(worlds.BY)
        number = flow.items.collect(worlds.demand(1), by=by).number
    environment = {**os.environ, "HUIMIN_DATABASE": worlds.url_of(path)}

    def start(words: tuple[str, ...], _: int) -> None:
        asked = (*words, number) if words[-1] == "show" else words
        subprocess.run(  # noqa: S603 - our own commands
            [sys.executable, "-c", *asked],
            env=environment, stdout=subprocess.DEVNULL, check=True,
        )  # fmt: skip

    variants = [Variant(name, partial(start, words)) for name, words in WAYS.items()]
    samples = turns(variants, size.blocks, _used)

    def seconds(name: str) -> list[float]:
        return [sample.cpu for sample in samples[name]]

    beside = partial(compare, samples=samples, by="CPU")
    return [
        beside("help page", ours="huimin --help", other="python"),
        beside("help page", ours="huimin --help", other="click, sqlalchemy, sqlite3"),
        beside(
            "item's page", ours="huimin item show", other="click, sqlalchemy, sqlite3"
        ),
        beside("import Flow", ours="import Flow", other="python"),
        figure("help page", seconds("huimin --help"), "s", by="CPU", bound=HELP),
        figure("item's page", seconds("huimin item show"), "s", by="CPU", bound=SHOW),
    ]


def _used() -> float:
    """Return the CPU seconds of the processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    run(measure)
