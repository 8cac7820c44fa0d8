"""A demo killed at any moment and run again ends well: story and pages (issue 2)."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import psycopg
import pytest

from tests.faults.mortal import killed
from tests.faults.test_crash import contents, ended, head

#: So many kills of each kind; the nightly run makes more.
NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
KILLS = 4 if NIGHTLY else 1

#: The demo records more events and writes more pages than these.
EVENTS, PAGES = 1500, 30


def database(server: str) -> str:
    name = "k" + os.urandom(6).hex()
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"{server}/{name}"


def test_a_demo_on_a_server_killed_before_or_amid_its_pages_is_finished_from_its_story(
    played: Path, config: Path, tmp_path: Path, server: str
) -> None:
    url = database(server)
    words = ("--into", "out", "--config", str(config), "--db", url)
    chance = random.Random(20231215)
    for _ in range(KILLS):
        killed("event", chance.randrange(1, EVENTS), tmp_path, *words)
    killed("page", 1, tmp_path, *words)
    whole = head_at(url, tmp_path)
    for _ in range(KILLS):
        again = killed("page", chance.randrange(2, PAGES), tmp_path, *words)
        assert "只重写页面" in again
    done = ended("demo", *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert head_at(url, tmp_path) == whole == head(played / "out" / "demo.db", tmp_path)
    pages = {one.name: one.read_bytes() for one in (tmp_path / "out").glob("*.html")}
    assert pages == {
        one.name: one.read_bytes() for one in (played / "out").glob("*.html")
    }


def head_at(url: str, cwd: Path) -> str:
    """Return the root of a server's database that an audit finds clean."""
    done = ended("audit", "verify", "--db", url, "--json", cwd=cwd)
    assert done.returncode == 0, done.stdout + done.stderr
    return str(json.loads(done.stdout)["head"])


@pytest.mark.skipif(not NIGHTLY, reason="make nightly: plays the demo five times")
def test_a_demo_in_a_folder_killed_before_or_amid_its_pages_ends_well_when_run_again(
    played: Path, config: Path, tmp_path: Path
) -> None:
    words = ("--into", "out", "--config", str(config))
    chance = random.Random(20240220)
    for _ in range(KILLS):
        killed("page", chance.randrange(1, PAGES), tmp_path, *words)
        assert head(tmp_path / "out" / "demo.db", tmp_path)
    done = ended("demo", *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    new, old = contents(tmp_path / "out"), contents(played / "out")
    assert new.keys() == old.keys()
    assert all(new[one] == old[one] for one in new if one.endswith(".html"))
    assert list((tmp_path / "out").glob("demo.part.db*")) == []


@pytest.mark.parametrize("filled", [False, True])
def test_a_demo_takes_no_database_that_another_has_founded(
    config: Path, tmp_path: Path, *, filled: bool
) -> None:
    words = ("--config", str(config), "--db", "mine.db")
    assert ended("init", "--rehearsal", *words, cwd=tmp_path).returncode == 0
    if filled:
        facts = ("--origin", "problem", "--area", "就业创业", "--unit", "500101")
        ended(
            "item",
            "collect",
            "--title",
            "候工区",
            *facts,
            "--by",
            "office-1",
            *words,
            cwd=tmp_path,
        )
    before = (tmp_path / "mine.db").read_bytes()
    done = ended("demo", *words, cwd=tmp_path)
    assert done.returncode == 1
    assert "推演需要空库" in done.stderr
    assert ("由他人" in done.stderr) != filled
    assert (tmp_path / "mine.db").read_bytes() == before
