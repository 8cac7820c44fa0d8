"""An import that is killed anywhere and run again ends as one that was never killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from tests.faults.mortal import RUN, root
from tests.orders import export
from tests.sampled import sampled

ROWS, PORTION = 600, 60

#: Imports that die at the n-th recorded event or commit; each is forked from a process
#: that has loaded all modules.
MORTAL = """
import os, signal, sys
from huimin_flow.exchange.sensing import appeals
from huimin_flow.flow.core.door import Door
from huimin_flow.shell.main import invoke
from huimin_flow.store.core import history

appeals.read_appeals.__kwdefaults__["portion"] = int(sys.argv[1])

def mortal(where, left):
    owner, name = (history, "append") if where == "event" else (Door, "perform")
    acts = getattr(owner, name)

    def dies(*args, **kwargs):
        nonlocal left
        left -= 1
        done = acts(*args, **kwargs)
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(owner, name, dies)

for line in sys.stdin:
    where, last, database = line.split()
    child = os.fork()
    if child == 0:
        signal.alarm(120)
        sys.stdout = open(os.devnull, "w")
        mortal(where, int(last))
        words = ["appeal", "import", "a.csv", "--by", "office-1", "--db", database]
        os._exit(invoke(words))
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""

#: Where it dies: after the event within the transaction, or after the commit.
PLACES = sampled(
    [(where, count) for where in ("event", "act") for count in (1, 4, 7, 10)],
    lambda place: place[0],
    lambda place: place[1] > 5,
)


def test_an_import_killed_anywhere_and_run_again_ends_as_one_never_killed(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.csv").write_text(export(ROWS).text, encoding="utf-8", newline="")
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")}
    founded = subprocess.run(
        [sys.executable, "-c", RUN, "init", "--rehearsal", "--db", "0.db"],
        cwd=tmp_path, env=environment, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert founded.returncode == 0, founded.stderr
    with subprocess.Popen(
        [sys.executable, "-c", MORTAL, str(PORTION)], cwd=tmp_path, env=environment,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
    ) as nursery:  # fmt: skip
        assert nursery.stdin is not None
        assert nursery.stdout is not None

        def ended(where: str, last: int, database: str) -> int:
            assert nursery.stdin is not None
            assert nursery.stdout is not None
            nursery.stdin.write(f"{where} {last} {database}\n")
            return int(nursery.stdout.readline())

        for name in ("whole.db", *(f"{n}.db" for n in range(1, len(PLACES) + 1))):
            shutil.copy(tmp_path / "0.db", tmp_path / name)
        assert ended("act", 0, "whole.db") == 0
        whole = root(tmp_path / "whole.db")
        assert whole[0] == ROWS
        for n, (where, last) in enumerate(PLACES, 1):
            assert ended(where, last, f"{n}.db") == -signal.SIGKILL
            assert ended("act", 0, f"{n}.db") == 0
            assert root(tmp_path / f"{n}.db") == whole
        nursery.stdin.close()
