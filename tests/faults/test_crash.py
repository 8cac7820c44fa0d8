"""SIGKILL in the middle of things: old or new, never half (RELIABILITY §1b)."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.clock import at_hour
from huimin_flow.terms import State
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import runs, tick
from tests.faults.mortal import killed

HUIMIN = [sys.executable, "-c", "from huimin_flow.shell.main import run; run()"]

#: A demo that dies at the n-th event that it records.
MORTAL_DEMO = """
import os, signal, sys
from huimin_flow.flow.work import Work
from huimin_flow.shell.main import run

left, honest = int(sys.argv[1]), Work.record

def record(self, *given, **named):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return honest(self, *given, **named)

Work.record = record
run(sys.argv[2:])
"""


def ended(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*HUIMIN, *arguments], cwd=cwd, capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip


def killed_demo(into: Path, config: Path, event: int, *more: str) -> None:
    """Play the demo and kill it at the ``event``-th event."""
    words = ["demo", "--into", str(into), "--config", str(config), *more]
    died = subprocess.run(
        [sys.executable, "-c", MORTAL_DEMO, str(event), *words],
        check=False, capture_output=True, timeout=120,
    )  # fmt: skip
    assert died.returncode == -signal.SIGKILL


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("demo.part.db")
    }


def head(database: Path, cwd: Path) -> str:
    """Return the root of a database that an audit finds clean."""
    done = ended("audit", "verify", "--db", str(database), "--json", cwd=cwd)
    assert done.returncode == 0, done.stdout + done.stderr
    return str(json.loads(done.stdout)["head"])


@pytest.fixture
def ended_well(played: Path) -> Path:
    """The folder of a demo that ended well."""
    return played / "out"


@pytest.mark.parametrize("event", [1, 600])
def test_a_demo_that_is_killed_leaves_the_earlier_one_whole(
    event: int, ended_well: Path, config: Path, tmp_path: Path
) -> None:
    into = tmp_path / "out"
    shutil.copytree(ended_well, into)
    killed_demo(into, config, event)
    assert contents(into) == contents(ended_well)


def test_a_demo_killed_thrice_once_before_its_pages_ends_well_the_fourth_time(
    ended_well: Path, config: Path, tmp_path: Path
) -> None:
    into = tmp_path / "out"
    into.mkdir()
    for event in (2, 400):
        killed_demo(into, config, event)
        assert not (into / "demo.db").exists()
    killed("page", 1, tmp_path, "--into", "out", "--config", str(config))
    assert (into / "demo.db").exists()
    done = ended("demo", "--into", "out", "--config", str(config), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert contents(into).keys() == contents(ended_well).keys()
    assert list(into.glob("demo.part.db*")) == []
    assert head(into / "demo.db", tmp_path) == head(ended_well / "demo.db", tmp_path)


def test_a_demo_killed_on_a_server_leaves_nothing_and_may_run_again(
    ended_well: Path, config: Path, tmp_path: Path, server: str
) -> None:
    import psycopg

    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE killed_demo")
    url = f"{server}/killed_demo"
    killed_demo(tmp_path / "out", config, 400, "--db", url)
    with psycopg.connect(url) as connection:
        count = connection.execute("SELECT count(*) FROM huimin_item").fetchone()
    assert count == (0,)
    done = ended(
        "demo", "--into", "out", "--config", str(config), "--db", url, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    verified = ended("audit", "verify", "--db", url, "--json", cwd=tmp_path)
    told = json.loads(verified.stdout)
    assert told["findings"] == []
    assert told["head"] == head(ended_well / "demo.db", tmp_path)


#: A writer whose pages have reached the file when it dies: its journal is hot.
TORN = """
import os, signal, sqlite3, sys
torn = sqlite3.connect(sys.argv[1], isolation_level=None)
torn.execute("PRAGMA cache_size=1")
torn.execute("BEGIN IMMEDIATE")
torn.execute("UPDATE huimin_appeal_text SET body = body || '……'")
torn.execute("UPDATE huimin_event SET request = request || 'x'")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_journal_of_a_killed_writer_never_flows_into_the_next_demo(
    ended_well: Path, config: Path, tmp_path: Path
) -> None:
    into = tmp_path / "out"
    shutil.copytree(ended_well, into)
    torn = subprocess.run(
        [sys.executable, "-c", TORN, str(into / "demo.db")], check=False
    )
    assert torn.returncode == -signal.SIGKILL
    assert (into / "demo.db-journal").stat().st_size > 0
    done = ended(
        "demo", "--into", "out", "--seed", "7", "--config", str(config), cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert head(into / "demo.db", tmp_path) != head(ended_well / "demo.db", tmp_path)
    with sqlite3.connect(into / "demo.db") as connection:
        (said,) = connection.execute("PRAGMA integrity_check").fetchone()
    connection.close()
    assert said == "ok"


#: A scheduler that dies at the n-th event it records, or as it commits.
MORTAL = """
import os, signal, sys
from datetime import datetime
from huimin_flow.clock import RehearsalClock
from huimin_flow.flow import Flow
from huimin_flow.flow.door import Door
from huimin_flow.flow.work import Work
from huimin_flow.timetable.ledger import tick

url, moment, where, last = sys.argv[1:]
owner, name = (Work, "record") if where == "record" else (Door, "_number")
acts = getattr(owner, name)
left = int(last)

def dies(self, *args, **kwargs):
    global left
    left -= 1
    if where == "number" and left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    done = acts(self, *args, **kwargs)
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return done

setattr(owner, name, dies)
with Flow.open(url, clock=RehearsalClock(datetime.fromisoformat(moment))) as flow:
    tick(flow, flow._clock.now())
"""

FREEZE = at_hour(date(2023, 12, 15), 18)


def scheduler(url: str, where: str, last: int) -> int:
    """Let a scheduler tick at the cutoff in a process of its own; how it ended."""
    return subprocess.run(
        [sys.executable, "-c", MORTAL, url, FREEZE.isoformat(), where, str(last)],
        check=False, timeout=60,
    ).returncode  # fmt: skip


def prepared(desk: Desk) -> None:
    for title, level in (("甲", 95), ("乙", 80), ("丙", 60)):
        number = desk.collect(title).number
        desk.hear(number)
        desk.screen(number)
        desk.judge(number)
        desk.star(number, level)
    desk.clock.set(at_hour(date(2023, 12, 8), 8))
    tick(desk.flow, desk.clock.now())
    desk.clock.set(FREEZE)


def periods(desk: Desk) -> list[str]:
    """What was done of the December freeze; the months before it are done by then."""
    return [
        f"{one.job} {one.period}" for one in runs(desk.flow) if one.period == "2024"
    ]


def test_a_scheduler_killed_at_any_event_leaves_nothing_half(
    desk: Desk, url: str
) -> None:
    prepared(desk)
    assert scheduler(url, "record", 1) == -signal.SIGKILL
    assert periods(desk) == []
    # The first event alone was the reminder's; the freeze has some fifty.
    for moment in (2, 2, 4, 16, 40, 400):
        if scheduler(url, "record", moment) == 0:
            break
        assert periods(desk) == ["listing_reminder 2024"]
        assert len(desk.flow.items(State.STARRED)) == 3
        assert desk.flow.read(verify).findings == ()
    assert moment == 400, "the freeze has forty events at least"
    assert periods(desk) == ["listing_reminder 2024", "listing 2024"]
    assert desk.flow.edition("list/2024/city").places
    assert tick(desk.flow, FREEZE) == []
    assert desk.flow.read(verify).findings == ()


@pytest.mark.parametrize("last", [1, 2])
def test_a_scheduler_killed_right_after_its_commit_has_done_the_period_once(
    last: int, desk: Desk, url: str
) -> None:
    prepared(desk)
    assert scheduler(url, "number", last) == -signal.SIGKILL
    assert len(periods(desk)) == last
    assert desk.flow.read(verify).findings == ()
    tick(desk.flow, FREEZE)
    assert periods(desk) == ["listing_reminder 2024", "listing 2024"]
    assert desk.flow.read(verify).findings == ()
