"""Modes and owners of a database's files: who may read and write, and what others see."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.clock import RehearsalClock
from huimin_flow.errors import StoreRefused
from huimin_flow.flow import Flow
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.store.executing.attachments import Shelf
from huimin_flow.testing import Desk
from tests import databases
from tests.accounts import (
    account,
    mode,
    open_folder,
    require_open_checkout,
    root_only,
    run,
    umask,
)

#: Accounts that the machine need not know, and a group that may read.
SERVICE, STRANGER, READER, AUDITORS = 64101, 64102, 64103, 64110


def journals(database: Path) -> dict[str, str]:
    """Return the modes of all files beside a database while somebody writes."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE huimin_meta SET value = value || 'x'")
        beside = {path.name: mode(path) for path in database.parent.iterdir()}
        connection.execute("ROLLBACK")
    return beside


@pytest.mark.parametrize("mask", [0o077, 0o000, 0o022])
def test_only_its_owner_writes_to_a_production_database_whatever_the_umask_is(
    book: Rulebook, tmp_path: Path, mask: int
) -> None:
    database = tmp_path / "bureau" / "huimin.db"
    with umask(mask):
        Flow.found(f"sqlite:///{database}", book).close()
        shelf = Shelf(Path(f"{database}.files"), beside=database)
        digest = shelf.put(b"content")
        beside = journals(database)
    assert mode(database.parent) == "750"
    assert {path: m for path, m in beside.items() if not path.endswith(".files")} == {
        "huimin.db": "640",
        "huimin.db-journal": "640",
    }
    place = shelf.folder / digest[:2] / digest
    assert [mode(each) for each in (shelf.folder, place.parent, place)] == [
        *["750", "750", "640"]
    ]


@pytest.mark.parametrize("mask", [0o077, 0o000])
def test_a_wal_and_its_index_have_the_mode_of_the_database(
    book: Rulebook, tmp_path: Path, mask: int
) -> None:
    database = tmp_path / "bureau" / "huimin.db"
    with umask(mask):
        Flow.found(f"sqlite:///{database}", book).close()
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
        beside = journals(database)
    assert set(beside.values()) == {"640"}
    assert set(beside) == {f"huimin.db{end}" for end in ("", "-wal", "-shm")}


def test_founding_leaves_folders_and_files_that_exist_as_they_are(
    book: Rulebook, tmp_path: Path
) -> None:
    tmp_path.chmod(0o755)
    database = tmp_path / "huimin.db"
    database.touch()
    database.chmod(0o660)
    Flow.found(f"sqlite:///{database}", book).close()
    assert (mode(tmp_path), mode(database)) == ("755", "660")
    with pytest.raises(StoreRefused) as refused:
        Flow.found(f"sqlite:///{tmp_path}/not/there/huimin.db", book)
    assert refused.value.code == "cannot_open"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["huimin.db"]


def test_a_rehearsal_is_for_whom_the_umask_says(book: Rulebook, tmp_path: Path) -> None:
    database = tmp_path / "huimin.db"
    with umask(0o022):
        Flow.found(f"sqlite:///{database}", book, rehearsal=True).close()
        Shelf(Path(f"{database}.files"), beside=database).put(b"content")
    assert (mode(database), mode(tmp_path / "huimin.db.files")) == ("644", "755")


def test_a_shelf_without_a_database_beside_it_is_for_its_owner_and_group(
    tmp_path: Path,
) -> None:
    with umask(0o000):
        Shelf(tmp_path / "new" / "files").put(b"content")
    assert {mode(path) for path in tmp_path.rglob("*") if path.is_dir()} == {"750"}


def test_only_those_who_may_write_may_make_writers_wait(
    file_desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "huimin.db").chmod(0o644)
    with umask(0o077):
        file_desk.collect()
    assert mode(tmp_path / "huimin.db-queue") == "600"
    file_desk.flow.close()
    (tmp_path / "huimin.db").chmod(0o660)
    with umask(0o077), Flow.open(f"sqlite:///{tmp_path}/huimin.db") as flow:
        Desk(flow, file_desk.clock).collect()
        assert mode(tmp_path / "huimin.db-queue") == "660"


@pytest.fixture
def bureau(
    book: Rulebook,
    clock: RehearsalClock,
    founded: object,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Path]:
    """A database of the service's account, in a folder of the auditors' group."""
    monkeypatch.delenv("HUIMIN_KEY")  # the account's own lies beside its database
    del founded  # whose making has loaded what another account may not read
    require_open_checkout()  # founding reads the migrations from it
    with open_folder() as above:
        folder = above / "bureau"
        folder.mkdir()
        os.chown(folder, SERVICE, AUDITORS)
        folder.chmod(0o2750)
        with account(SERVICE), umask(0o027):
            url = f"sqlite:///{folder}/huimin.db"
            Flow.found(url, book, rehearsal=True, clock=clock).close()
            (folder / "huimin.db").chmod(0o640)
        yield folder / "huimin.db"


@root_only
@pytest.mark.parametrize("mask", [0o027, 0o022, 0o000])
def test_a_folder_of_the_auditors_group_gives_all_its_files_to_that_group(
    bureau: Path, mask: int
) -> None:
    with account(SERVICE), umask(mask):
        beside = journals(bureau)
        Shelf(Path(f"{bureau}.files"), beside=bureau).put(b"content")
    assert beside["huimin.db-journal"] == "640"
    inside = list(bureau.parent.rglob("*"))
    assert {(path.stat().st_uid, path.stat().st_gid) for path in inside} == {
        (SERVICE, AUDITORS)
    }
    assert {mode(path) for path in inside if path.is_dir()} == {"2750"}
    modes = {path.name: mode(path) for path in inside if path.is_file()}
    for own in ("huimin.db.key", "huimin.db.key.erased"):
        assert modes.pop(own) == "600", "no auditor reads the master key"
    assert set(modes.values()) == {"640"}


#: Reads as an auditor does, by what the shell calls.
COMMANDS = """
import contextlib, io, json, sys
from huimin_flow.shell.main import invoke
url, *commands = json.loads(sys.argv[1])
done = []
for words in commands:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = invoke([*words, "--db", url])
    done.append([code, out.getvalue() + err.getvalue()])
print(json.dumps(done))
"""


def commands(
    uid: int, groups: list[int], database: Path, *asked: list[str]
) -> list[tuple[int, str]]:
    """Run commands in a process of another account; return codes and outputs."""
    words = ["-c", COMMANDS, json.dumps([str(database), *asked])]
    home = database.parent.parent / f"home-{uid}"
    done = run(uid, words, home=home, groups=groups)
    assert done.returncode == 0, done.stderr
    return [(code, text) for code, text in json.loads(done.stdout)]


READING = (
    ["item", "list"],
    ["list", "list"],
    ["proposal", "list"],
    ["todo", "--by", "op-500101", "--now", "2023-10-09T12:00"],
    ["rules", "check"],
    ["audit", "verify"],
    ["audit", "replay", "--all"],
    ["audit", "refusals"],
)


@root_only
@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_who_may_only_read_asks_everything_and_changes_nothing(
    bureau: Path, clock: RehearsalClock, journal: str
) -> None:
    with (
        account(SERVICE),
        umask(0o027),
        Flow.open(f"sqlite:///{bureau}", clock=clock) as flow,
    ):
        desk = Desk(flow, clock)
        item = desk.collect()
        flow.items.attach(item.number, "证明.pdf", b"pdf", by=desk.operator)
    with closing(sqlite3.connect(bureau, isolation_level=None)) as holds:
        holds.execute(f"PRAGMA journal_mode={journal}")
        holds.execute("SELECT count(*) FROM huimin_meta").fetchall()
        before = {path: path.stat() for path in bureau.parent.rglob("*")}
        content = bureau.read_bytes()
        asked = [*READING, ["item", "show", item.number]]
        done = commands(READER, [AUDITORS], bureau, *asked)
        assert [code for code, _ in done] == [0] * len(done), [t for c, t in done if c]
        act = f"item reject {item.number} --reason infeasible --by op-500101".split()
        ((code, text),) = commands(READER, [AUDITORS], bureau, act)
        after = {path: path.stat() for path in bureau.parent.rglob("*")}
    assert (code, "不能写" in text, str(SERVICE) in text) == (1, True, True), text
    assert {p: (s.st_ino, s.st_mode) for p, s in after.items()} == {
        p: (s.st_ino, s.st_mode) for p, s in before.items()
    }
    assert bureau.read_bytes() == content


@root_only
def test_who_may_not_read_is_told_whose_it_is_and_where_to_go(bureau: Path) -> None:
    asked = [["item", "list"], ["audit", "verify"], ["list", "list"]]
    done = commands(STRANGER, [], bureau, *asked)
    bureau.parent.chmod(0o755)
    done += commands(STRANGER, [], bureau, *asked)
    for code, text in done:
        assert code == 1
        assert f"归账户“{SERVICE}”所有" in text
        assert "unix:/run/huimin/desk.sock" in text
        assert not any(
            word in text for word in ("不存在", "损坏", "改动", "huimin init")
        )


@root_only
def test_who_may_only_read_is_told_of_a_write_that_was_interrupted(
    bureau: Path,
) -> None:
    with closing(sqlite3.connect(bureau, isolation_level=None)) as writer:
        writer.execute("PRAGMA cache_size=1")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE huimin_rulebook SET body = body || hex(zeroblob(99999))")
        left = {end: Path(f"{bureau}{end}").read_bytes() for end in ("", "-journal")}
        writer.execute("ROLLBACK")
    for end, content in left.items():
        Path(f"{bureau}{end}").write_bytes(content)
        os.chown(f"{bureau}{end}", SERVICE, AUDITORS)
        Path(f"{bureau}{end}").chmod(0o640)
    before = {path.name: path.read_bytes() for path in bureau.parent.iterdir()}
    for code, text in commands(READER, [AUDITORS], bureau, *READING[:1], *READING[5:6]):
        assert (code, "上一次写入中断" in text) == (1, True), text
    assert {p.name: p.read_bytes() for p in bureau.parent.iterdir()} == before
    with account(SERVICE):
        Flow.open(f"sqlite:///{bureau}").close()
    for code, text in commands(READER, [AUDITORS], bureau, *READING[:1], *READING[5:6]):
        assert code == 0, text


@root_only
def test_who_may_only_read_is_told_of_a_wal_that_nobody_serves(bureau: Path) -> None:
    with closing(sqlite3.connect(bureau)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    before = sorted(path.name for path in bureau.parent.iterdir())
    for code, text in commands(READER, [AUDITORS], bureau, *READING[:1], *READING[5:6]):
        assert (code, "WAL" in text) == (1, True), text
    assert sorted(path.name for path in bureau.parent.iterdir()) == before


def test_a_database_that_knows_no_characters_is_refused_by_name(
    server: str, book: Rulebook
) -> None:
    name = "ascii" + os.urandom(4).hex()
    command = (
        f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'"
        " TEMPLATE template0"
    )
    databases.connected(server).execute(command.encode())
    try:
        with pytest.raises(StoreRefused) as refused:
            Flow.found(f"{server}/{name}", book)
        assert refused.value.code == StoreCode.ENCODING_UNFIT
    finally:
        databases.dropped(server, name)
