"""An audit opens the database so that nothing of it can change."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.errors import HuiminError, StoreRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.shell.main import invoke
from huimin_flow.store.core.engine import journal_mode
from huimin_flow.testing import Desk

OTHER_MODE = {"WAL": "DELETE", "DELETE": "WAL"}[journal_mode()[0]]


def moded(path: Path, mode: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        (now,) = connection.execute(f"PRAGMA journal_mode={mode}").fetchone()
        assert now == mode.lower()


@pytest.mark.parametrize("words", [["verify"], ["replay", "--all"]])
def test_an_audit_leaves_every_byte_and_the_journal_mode_as_they_were(
    file_desk: Desk, file_url: str, tmp_path: Path, words: list[str]
) -> None:
    file_desk.collect()
    file_desk.flow.close()
    path = tmp_path / "huimin.db"
    moded(path, OTHER_MODE)
    before = path.read_bytes()
    assert invoke(["audit", *words, "--db", file_url]) == 0
    assert path.read_bytes() == before
    with closing(sqlite3.connect(path)) as connection:
        (now,) = connection.execute("PRAGMA journal_mode").fetchone()
    assert now == OTHER_MODE.lower()


def test_what_was_opened_to_be_read_takes_no_act(desk: Desk, url: str) -> None:
    with Flow.open(url, clock=desk.clock, read_only=True) as flow:
        assert door_of(flow).read(verify).clean
        with pytest.raises(StoreRefused) as refused:
            Desk(flow, desk.clock).collect()
    assert refused.value.code in {"read_only", "server_read_only"}
    assert desk.flow.items.list() == []


@contextmanager
def reader_only(folder: Path) -> Iterator[None]:
    """Go on as an account that may read a folder's files and write nothing there."""
    for place in (folder, *folder.parents[:-2]):
        place.chmod(place.stat().st_mode | 0o055)
    folder.chmod(0o555)
    own = os.geteuid()
    try:
        if own == 0:
            os.seteuid(65534)
        yield
    finally:
        os.seteuid(own)
        folder.chmod(0o755)


def test_a_wal_database_without_a_right_to_write_its_folder_is_said_in_words(
    file_desk: Desk, file_url: str, tmp_path: Path
) -> None:
    file_desk.flow.close()
    path = tmp_path / "huimin.db"
    moded(path, "WAL")
    path.chmod(0o644)
    with reader_only(tmp_path), pytest.raises(StoreRefused) as refused:
        Flow.open(file_url, read_only=True)
    assert refused.value.code == "wal_unreadable"
    assert "WAL" in str(refused.value)
    moded(path, "DELETE")
    with reader_only(tmp_path), Flow.open(file_url, read_only=True) as flow:
        assert door_of(flow).read(verify).clean


def test_what_a_killed_writer_left_is_said_in_words_and_not_settled(
    file_desk: Desk, tmp_path: Path
) -> None:
    file_desk.flow.close()
    path, killed = tmp_path / "huimin.db", tmp_path / "killed"
    killed.mkdir()
    moded(path, "DELETE")
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("PRAGMA cache_size=1")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE huimin_rulebook SET body = body || hex(zeroblob(99999))")
        for ending in ("", "-journal"):
            shutil.copy(f"{path}{ending}", killed / f"huimin.db{ending}")
        writer.execute("ROLLBACK")
    before = {one.name: one.read_bytes() for one in killed.iterdir()}
    with pytest.raises(HuiminError) as refused:
        Flow.open(f"sqlite:///{killed}/huimin.db", read_only=True)
    assert refused.value.code == "journal_left"
    assert {one.name: one.read_bytes() for one in killed.iterdir()} == before
    Flow.open(f"sqlite:///{killed}/huimin.db").close()
    with Flow.open(f"sqlite:///{killed}/huimin.db", read_only=True) as flow:
        assert door_of(flow).read(verify).clean
