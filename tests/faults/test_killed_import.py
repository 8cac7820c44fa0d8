"""An import that is killed anywhere and run again ends as one that was never killed."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Founded
from tests.databases import Pool
from tests.faults.mortal import root
from tests.orders import export
from tests.sampled import NIGHTLY, sampled

ROWS, PORTION = 400, 40

#: Imports that die at the n-th recorded event or commit, or once they have used so many
#: milliseconds; each is forked from a process that has loaded all modules. SIGPROF
#: without a handler ends a process at once, as SIGKILL does, in the middle of a
#: statement, too; its timer counts the process's own time, not that of a busy machine.
MORTAL = """
import os, resource, signal, sys
from huimin_flow.exchange.sensing import appeals
from huimin_flow.flow.core.door import Door
from huimin_flow.shell.main import invoke
from huimin_flow.store.core import history

appeals.read_appeals.__kwdefaults__["portion"] = int(sys.argv[1])

def mortal(where, left):
    if where == "time":
        return signal.setitimer(signal.ITIMER_PROF, left / 1000)
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

def used():
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime

for line in sys.stdin:
    where, last, database = line.split()
    before, child = used(), os.fork()
    if child == 0:
        signal.alarm(120)
        sys.stdout = open(os.devnull, "w")
        mortal(where, int(last))
        words = ["appeal", "import", "a.csv", "--by", "office-1", "--db", database]
        os._exit(invoke(words))
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(code, round((used() - before) * 1000), flush=True)
"""

#: Where it dies: after the event within the transaction, or after the commit.
PLACES = sampled(
    [(where, count) for where in ("event", "act") for count in (1, 4, 7, 10)],
    lambda place: place[0],
    lambda place: place[1] > 5,
)


#: At which per cent of its time it dies: others in each run, and more by night.
PERCENT = sorted(random.Random().sample(range(2, 80), 20 if NIGHTLY else 2))

#: Imports until the place or moment; returns the exit code and the milliseconds.
Import = Callable[[str, int, str], tuple[int, int]]


@pytest.fixture
def imported(tmp_path: Path) -> Iterator[Import]:
    """A process in the folder of a file, whose imports die."""
    (tmp_path / "a.csv").write_text(export(ROWS).text, encoding="utf-8", newline="")
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")}
    with subprocess.Popen(
        [sys.executable, "-c", MORTAL, str(PORTION)], cwd=tmp_path, env=environment,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
    ) as nursery:  # fmt: skip
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        asked, told = nursery.stdin, nursery.stdout

        def ended(where: str, last: int, database: str) -> tuple[int, int]:
            asked.write(f"{where} {last} {database}\n")
            code, used = map(int, told.readline().split())
            return code, used

        yield ended
        asked.close()


def killed_in_time(
    imported: Import, take: Callable[[int], str], whole: tuple[int, str], used: int
) -> None:
    """Kill an import at each per cent, each in a new database, and run it again."""
    died = 0
    for percent in PERCENT:
        database = take(percent)
        code, _ = imported("time", max(used * percent // 100, 1), database)
        assert code in {0, -signal.SIGPROF}, percent
        died += code != 0
        assert imported("act", 0, database)[0] == 0
        assert root(database) == whole, percent
    assert died, PERCENT


def test_an_import_killed_anywhere_and_run_again_ends_as_one_never_killed(
    tmp_path: Path, founded: Founded, imported: Import
) -> None:
    def take(number: int) -> str:
        file = tmp_path / f"{number}.db"
        shutil.copy(founded.file, file)
        return f"sqlite:///{file}"

    first = take(100)
    code, used = imported("act", 0, first)
    assert code == 0
    whole = root(first)
    assert whole[0] == ROWS
    for n, (where, last) in enumerate(PLACES, 101):
        database = take(n)
        assert imported(where, last, database)[0] == -signal.SIGKILL
        assert imported("act", 0, database)[0] == 0
        assert root(database) == whole
    killed_in_time(imported, take, whole, used)


def test_an_import_killed_at_any_per_cent_on_postgresql_ends_as_one_never_killed(
    server: str, pool: Pool, imported: Import
) -> None:
    first = pool.take()
    code, used = imported("act", 0, f"{server}/{first}")
    assert code == 0
    whole = root(f"{server}/{first}")
    assert whole[0] == ROWS
    taken = []

    def take(_: int) -> str:
        taken.append(pool.take())
        return f"{server}/{taken[-1]}"

    killed_in_time(imported, take, whole, used)
    for name in (first, *taken):
        pool.give(name)
