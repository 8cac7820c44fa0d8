"""A demo killed at any moment and run again ends well: story and pages (issue 2)."""

from __future__ import annotations

import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from huimin_flow.shell.main import invoke
from tests import databases
from tests.faults.conftest import root_of
from tests.faults.mortal import contents, ended, head, killed
from tests.sampled import NIGHTLY

#: So many kills of each kind; the nightly run makes more.
KILLS = 4 if NIGHTLY else 1

Rows = dict[str, list[tuple[object, ...]]]

#: The seed of the demos that are killed and end well: not that of the demo's default.
SEED = ("--seed", "7")

#: The demo records more events and writes more pages than these.
EVENTS, PAGES = (1500, 30) if NIGHTLY else (500, 10)

#: What a demo says that finds its whole story in the database.
PAGES_ONLY = "只重写页面"


@pytest.mark.parametrize("event", [1, 600 if NIGHTLY else 60])
def test_a_demo_that_is_killed_leaves_the_earlier_one_whole(
    event: int, played: Path, config: Path, tmp_path: Path
) -> None:
    into = tmp_path / "out"
    shutil.copytree(played / "out", into)
    killed("event", event, tmp_path, "--into", "out", "--config", str(config), "--yes")
    assert contents(into) == contents(played / "out")


#: A writer whose pages have reached the file when it dies: its journal is hot.
TORN = """
import os, signal, sqlite3, sys
torn = sqlite3.connect(sys.argv[1], isolation_level=None)
torn.execute("PRAGMA cache_size=1")
torn.execute("BEGIN IMMEDIATE")
torn.execute("UPDATE huimin_appeal_text SET sealed = sealed || x'00'")
torn.execute("UPDATE huimin_event SET request = request || 'x'")
os.kill(os.getpid(), signal.SIGKILL)
"""


def torn(database: Path) -> None:
    """Leave the journal of a killed writer beside a database."""
    died = subprocess.run([sys.executable, "-c", TORN, str(database)], check=False)
    assert died.returncode == -signal.SIGKILL
    assert database.with_name(database.name + "-journal").stat().st_size > 0


@dataclass(frozen=True)
class InFile:
    """A demo in ``out``, which was killed thrice, and what came of it in the end."""

    out: Path
    intact_when_killed: bool
    pages_when_killed: list[Path]
    root_when_killed: str
    rows_when_killed: Rows
    said: str
    told: dict[str, Any]


@pytest.fixture(scope="module")
def in_file(
    played: Path, config: Path, tmp_path_factory: pytest.TempPathFactory
) -> InFile:
    """Kill a demo early, and when its story has ended over a torn one; then end it."""
    place = tmp_path_factory.mktemp("killed")
    into = place / "out"
    into.mkdir()
    words = ("--into", "out", *SEED, "--config", str(config), "--yes")
    for event in (2, 200):
        killed("event", event, place, *words)
        assert not (into / "demo.db").exists()
    shutil.copy(played / "out" / "demo.db", into)
    torn(into / "demo.db")
    killed("page", 1, place, *words)
    file, pages = into / "demo.db", list(into.glob("*.html"))
    before = (intact(file), pages, root_of(file), rows_of(file))
    done = ended(*words, "--json", cwd=place)
    assert done.returncode == 0, done.stderr
    return InFile(into, *before, done.stderr, json.loads(done.stdout))


def test_a_demo_killed_thrice_over_a_torn_one_ends_well_with_the_history_of_its_seed(
    played: Path, played_head: str, in_file: InFile
) -> None:
    """The same seed gives the same history, and nothing of an older, torn one.

    The journal of a writer who was killed on an earlier demo of another seed lies
    there when the story first ends: it must not flow into the new one.
    """
    assert in_file.root_when_killed != played_head
    assert in_file.intact_when_killed
    assert in_file.pages_when_killed == []
    assert PAGES_ONLY not in in_file.said, "a file's story is played anew"
    told, file = in_file.told, in_file.out / "demo.db"
    assert (told["head"], told["audit"]) == (in_file.root_when_killed, "无异常")
    assert intact(file)
    rows = rows_of(file)
    assert rows == in_file.rows_when_killed, "the killed one's were as clean"
    pages = {one.stem for one in in_file.out.glob("item-*.html")}
    assert pages
    assert pages <= {f"item-{row[0]}" for row in rows["huimin_item"]}
    if NIGHTLY:  # the story and its site have their whole length
        assert len(pages) == len(rows["huimin_item"])
        assert contents(in_file.out).keys() == contents(played / "out").keys()
    assert list(in_file.out.glob("demo.part.db*")) == []


def rows_of(database: Path) -> Rows:
    """Return all rows of a database, by table."""
    with sqlite3.connect(database) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        ).fetchall()
        rows = {
            name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr)
            for (name,) in tables
        }
    connection.close()
    return rows


def intact(database: Path) -> bool:
    with sqlite3.connect(database) as connection:
        (said,) = connection.execute("PRAGMA integrity_check").fetchone()
    connection.close()
    return bool(said == "ok")


def test_a_demo_killed_on_a_server_is_finished_from_its_story_as_the_seed_has_it_in_a_file(
    in_file: InFile, config: Path, tmp_path: Path, server: str
) -> None:
    """Killed amid its story it leaves nothing, amid its pages the whole story.

    The same seed gives the same history and pages, byte for byte, on each database.
    """
    name = databases.fresh(server)
    url = f"{server}/{name}"
    words = ("--into", "out", *SEED, "--config", str(config), "--db", url)
    chance = random.Random(20231216)
    for _ in range(KILLS):
        killed("event", chance.randrange(1, EVENTS), tmp_path, *words)
        assert items(url) == 0
    killed("page", chance.randrange(1, PAGES), tmp_path, *words)
    assert items(url) > 0
    for _ in range(KILLS - 1):
        again = killed("page", chance.randrange(1, PAGES), tmp_path, *words)
        assert PAGES_ONLY in again
    done = ended(*words, "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert PAGES_ONLY in done.stderr, "the story is that of the first that was whole"
    told = json.loads(done.stdout)
    assert (told["head"], told["audit"]) == (in_file.told["head"], "无异常")
    pages = {one.name: one.read_bytes() for one in (tmp_path / "out").glob("*.html")}
    assert pages == {one.name: one.read_bytes() for one in in_file.out.glob("*.html")}
    databases.dropped(server, name)


def items(url: str) -> int:
    with psycopg.connect(url) as connection:
        told = connection.execute("SELECT count(*) FROM huimin_item").fetchone()
    assert told is not None
    return int(told[0])


@pytest.mark.skipif(not NIGHTLY, reason="make nightly: plays the demo five times")
def test_a_demo_in_a_folder_killed_before_or_amid_its_pages_ends_well_when_run_again(
    played: Path, config: Path, tmp_path: Path
) -> None:
    words = ("--into", "out", "--config", str(config), "--yes")
    chance = random.Random(20240220)
    for _ in range(KILLS):
        killed("page", chance.randrange(1, PAGES), tmp_path, *words)
        assert head(tmp_path / "out" / "demo.db")
    done = ended(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    new, old = contents(tmp_path / "out"), contents(played / "out")
    assert new.keys() == old.keys()
    assert all(new[one] == old[one] for one in new if one.endswith(".html"))
    assert list((tmp_path / "out").glob("demo.part.db*")) == []


@pytest.mark.parametrize("filled", [False, True])
def test_a_demo_takes_no_database_that_another_has_founded(
    config: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    *,
    filled: bool,
) -> None:
    mine = tmp_path / "mine.db"
    words = ["--config", str(config), "--db", str(mine)]
    assert invoke(["init", "--rehearsal", *words]) == 0
    if filled:
        facts = ["--origin", "problem", "--area", "就业创业", "--unit", "500101"]
        item = ["item", "collect", "--title", "候工区", *facts, "--by", "office-1"]
        assert invoke([*item, *words]) == 0
    before = mine.read_bytes()
    capsys.readouterr()
    assert invoke(["demo", "--into", str(tmp_path / "out"), *words]) == 1
    said = capsys.readouterr().err
    assert "推演需要空库" in said
    assert ("由他人" in said) != filled
    assert mine.read_bytes() == before
