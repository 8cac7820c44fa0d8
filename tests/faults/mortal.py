"""A demo that is killed where a test wants it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

#: A demo that dies at the n-th event that it records, or the n-th page it writes.
MORTAL = """
import os, signal, sys
from huimin_flow.flow.work import Work
from huimin_flow.reports import render
from huimin_flow.shell.main import run

where, left = sys.argv[1], int(sys.argv[2])
owner, name = (Work, "record") if where == "event" else (render, "write_page")
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
        [sys.executable, "-c", MORTAL, where, str(count), "demo", *words],
        cwd=cwd, check=False, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert died.returncode == -signal.SIGKILL, died.stderr
    return died.stderr
