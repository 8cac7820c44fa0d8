"""Programs of tests that begin at once: each is forked from one that has loaded all.

Loading is most of what a short program costs, and is tried by the tests of loading.
A forked program is a child of its test and has its own descriptors, variables, umask
and signals. By night, and where Linux is missing, each starts as users start it.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import importlib
import inspect
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from tests.accounts import interpreter
from tests.sampled import NIGHTLY

#: What an installed ``huimin`` does.
RUN = "from huimin_flow.entry import run; run()"

#: Whether programs are forked here.
FORKS = sys.platform == "linux" and not NIGHTLY

#: What is loaded before the first fork; a program loads what else it needs itself.
_LOADED = (
    "huimin_flow.desk.serve",
    "huimin_flow.flow.remote",
    "huimin_flow.shell.acts",
    "huimin_flow.shell.core.commands",
    "huimin_flow.shell.core.prompt",
    "huimin_flow.shell.main",
    "huimin_flow.timetable.metronome",
)

_ROOT = Path(__file__).parent.parent

#: The size of a request in bytes: words and variables of a program.
_SIZE = 1 << 17

#: ``prctl``: orphaned grandchildren become children of this process.
_ADOPT = 36


class Program(subprocess.Popen[str]):
    """``huimin`` with these words: a ``Popen`` of text, with its usual options."""

    def __init__(self, words: Sequence[str], **options: Any) -> None:
        """Start it; ``options`` are those of ``Popen``."""
        command = [sys.executable, "-c", RUN, *words]
        super().__init__(command, text=True, **options)

    if FORKS:

        def _execute_child(self, *given: Any) -> None:
            whole = inspect.signature(subprocess.Popen._execute_child)  # type: ignore[attr-defined]
            asked = whole.bind(self, *given).arguments
            own, theirs = asked["p2cwrite"], asked["p2cread"]
            ends = [
                (theirs, own),
                (asked["c2pwrite"], asked["c2pread"]),
                (asked["errwrite"], asked["errread"]),
            ]
            request = {
                "words": asked["args"][3:],
                "folder": os.fspath(asked["cwd"] or Path.cwd()),
                "variables": dict(os.environ if asked["env"] is None else asked["env"]),
                "umask": asked["umask"],
                "session": asked["start_new_session"],
                "groups": asked["gids"],
                "group": asked["gid"],
                "user": asked["uid"],
            }
            inherited = [n if end == -1 else end for n, (end, _) in enumerate(ends)]
            self.pid = _forked(request, inherited)
            self._child_created = True
            for end, other in ends:
                if -1 not in {end, other}:  # a pipe: its other end is this process's
                    os.close(end)


def ran(words: Sequence[str], **options: Any) -> subprocess.CompletedProcess[str]:
    """Run ``huimin`` with these words to its end, and return what it says."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with Program(words, **pipes | options) as program:
        out, err = program.communicate(timeout=300)
    return subprocess.CompletedProcess(words, program.returncode, out, err)


def _forked(request: Mapping[str, Any], descriptors: Sequence[int]) -> int:
    """Return the number of a new child that does what is requested."""
    server = _server(accounts=request["user"] is not None)
    with _adopting():
        socket.send_fds(server, [json.dumps(request).encode()], descriptors)
        pid = int(server.recv(100))
        assert server.recv(100) == b"orphaned"
    return pid


@contextmanager
def _adopting() -> Iterator[None]:
    libc = ctypes.CDLL(None)
    libc.prctl(_ADOPT, 1, 0, 0, 0)
    yield
    libc.prctl(_ADOPT, 0, 0, 0, 0)


@cache
def _server(*, accounts: bool) -> socket.socket:
    """Start what programs are forked from; it ends with this process.

    What other ``accounts`` are to run loads from files that all may read.
    """
    python, needs = interpreter() if accounts else (sys.executable, {})
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        server = subprocess.Popen(
            [python, "-m", "tests.programs", str(theirs.fileno())],
            cwd=_ROOT, env={**os.environ, **needs}, pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def end() -> None:
        ours.close()
        server.wait()

    atexit.register(end)
    return ours


def _serve(control: socket.socket) -> list[str]:
    """Fork for each request until nobody asks; return in each child, with its words."""
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, _SIZE, 3)
        if not message:
            os._exit(0)
        between = os.fork()
        if between:
            os.waitpid(between, 0)
            control.send(b"orphaned")
            for each in descriptors:
                os.close(each)
            continue
        pid = os.fork()
        if pid:
            control.send(str(pid).encode())
            os._exit(0)
        control.close()
        return _begin(json.loads(message), descriptors)


def _begin(request: Mapping[str, Any], descriptors: Sequence[int]) -> list[str]:
    """Become a process of its own, as a new interpreter would begin."""
    for number, each in enumerate(descriptors):
        os.dup2(each, number)
    os.closerange(3, max(descriptors) + 1)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["variables"])
    sys.path[:0] = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    time.tzset()
    if request["umask"] >= 0:
        os.umask(request["umask"])
    if request["session"]:
        os.setsid()
    if request["groups"] is not None:
        os.setgroups(request["groups"])
    if request["group"] is not None:
        os.setregid(request["group"], request["group"])
    if request["user"] is not None:
        os.setreuid(request["user"], request["user"])
    encoding = os.environ.get("PYTHONIOENCODING", "utf-8")
    sys.stdin = sys.__stdin__ = open(0, encoding=encoding, closefd=False)  # type: ignore[misc] # noqa: SIM115
    sys.stdout = sys.__stdout__ = open(1, "w", encoding=encoding, closefd=False)  # type: ignore[misc] # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(  # type: ignore[misc] # noqa: SIM115
        2, "w", buffering=1, encoding=encoding, errors="backslashreplace", closefd=False
    )
    words: list[str] = request["words"]
    sys.argv = ["-c", *words]
    return words


if __name__ == "__main__":
    # As a shell leaves them to a program, whoever has started this.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for module in _LOADED:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()
    _serve(socket.socket(fileno=int(sys.argv[1])))

    from huimin_flow.entry import run

    run()
