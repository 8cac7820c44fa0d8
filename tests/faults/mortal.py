"""Processes that are killed where a test wants it, and what is there afterwards."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

from huimin_flow.audit.verify import verify
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.core.canonical import canonical, leaf, merkle_root
from huimin_flow.model.core.values import to_plain
from huimin_flow.shell.main import invoke
from huimin_flow.store.sensing.texts import opened
from tests.sampled import NIGHTLY

RUN = "from huimin_flow.shell.main import run; run()"

#: Begins the demo's story with its first items, and ends it with the day on which its
#: list was published, with a third of its ratings and a fifth of its appeals, and its
#: site with two pages of each kind, to kill it sooner; by night it has its whole length.
SHORT = (
    ""
    if NIGHTLY
    else f"""
import sys
from datetime import date
sys.path.append({str(Path(__file__).parents[2])!r})
from huimin_flow.rehearsal import crowd, service, story
from huimin_flow.reports import contents
from tests.sampled import two_of_a_kind
story.FIRST, story.LAST = date(2022, 11, 15), date(2023, 7, 20)
service._RATED, service._RESIDENTS = 12, 400_000
every = crowd.Crowd.appeals
crowd.Crowd.appeals = lambda own, topic, count, *more: every(
    own, topic, max(6, count // 5), *more
)
whole = contents.site_files
contents.site_files = lambda now: two_of_a_kind(whole(now))
"""
)

#: A demo that dies at the n-th event that it records, or the n-th page it writes.
MORTAL = """
import os, signal, sys
from huimin_flow.store.core import history
from huimin_flow.reports.core import render
from huimin_flow.shell.main import run

where, left = sys.argv[1], int(sys.argv[2])
owner, name = (history, "append") if where == "event" else (render, "write_page")
honest = getattr(owner, name)

def dies(*given, **named):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return honest(*given, **named)

setattr(owner, name, dies)
run(sys.argv[3:])
"""


def killed(where: str, count: int, cwd: Path, *words: str) -> str:
    """Kill a demo there; return what it had said on its error stream."""
    died = subprocess.run(
        [sys.executable, "-c", SHORT + MORTAL, where, str(count), "demo", *words],
        cwd=cwd, check=False, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert died.returncode == -signal.SIGKILL, died.stderr
    return died.stderr


def ended(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Let a demo end by itself, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", SHORT + RUN, "demo", *words],
        cwd=cwd, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def contents(folder: Path) -> dict[str, bytes]:
    """Return what lies in a demo's folder, but for what a killed one was writing."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not path.name.startswith("demo.part.db")
        and not path.parent.name.startswith(".pages-")
    }


def head(database: str | Path) -> str:
    """Return the root of a database that an audit finds clean."""
    with redirect_stdout(io.StringIO()) as said:
        code = invoke(["audit", "verify", "--db", str(database), "--json"])
    assert code == 0, said.getvalue()
    return str(json.loads(said.getvalue())["head"])


def root(database: Path | str) -> tuple[int, str]:
    """Return the number of appeals and the root over all of them with their texts."""
    url = f"sqlite:///{database}" if isinstance(database, Path) else database
    with Flow.open(url) as flow:
        assert door_of(flow).read(verify).clean
        count = flow.appeals.count()
        rows = flow.appeals.list(limit=1000)
        contents = door_of(flow).ask(opened, [(row.channel, row.key) for row in rows])
    leaves = [
        leaf(canonical([to_plain(row), to_plain(contents[row.channel, row.key])]))
        for row in sorted(rows, key=lambda row: row.key)
    ]
    return count, merkle_root(leaves).hex()
