"""A backup is whole, verified and never overwrites; a restore says what it lacks (S2)."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.catalogue.terms import State
from huimin_flow.errors import StoreRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.shell.main import invoke
from huimin_flow.store.backup import growing
from huimin_flow.testing import Desk
from tests import databases
from tests.faults.test_full_disk import limited
from tests.ratings import some


@dataclass(frozen=True)
class Backups:
    """A database with an attachment, where its backups go, and an empty place."""

    url: str
    config: Path
    folder: Path
    free: str

    def run(self, *words: str, url: str | None = None) -> tuple[int, str]:
        """Run a command; return its exit code, and what it says."""
        asked = [*words, "--db", url or self.url, "--config", str(self.config)]
        with redirect_stdout(io.StringIO()) as out, redirect_stderr(out):
            code = invoke(asked)
        return code, out.getvalue()

    def back_up(self) -> Path:
        """Make a backup; return its folder."""
        code, said = self.run("backup", str(self.folder), "--json")
        assert code == 0, said
        return Path(json.loads(said)["folder"])


@pytest.fixture
def backups(
    desk: Desk, url: str, config: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Backups]:
    """A database of each make, with an item of which a file tells."""
    own = tmp_path / "config"
    shutil.copytree(config, own)
    shelf = tmp_path / "shelf"
    settings = own / "huimin.yaml"
    settings.write_text(
        f"{settings.read_text('utf-8')}\nattachments: {shelf}\n", encoding="utf-8"
    )
    with Flow.open(url, clock=desk.clock, attachments=shelf) as flow:
        item = Desk(flow, desk.clock).item(State.SCREENED)
        operator = desk.operator_of(item.number)
        flow.items.attach(item.number, "会议纪要.txt", b"minutes", by=operator)
        for first in (0, 40):
            flow.ratings.add(some(first + 40)[first:], by=desk.office)
    server = None
    if url.startswith("sqlite"):
        free = f"sqlite:///{tmp_path / 'restored' / 'huimin.db'}"
    else:
        server = str(request.getfixturevalue("server"))
        free = f"{server}/{databases.fresh(server)}"
    yield Backups(url, own, tmp_path / "backups", free)
    if server is not None:
        databases.dropped(server, free.rpartition("/")[2])


def record(url: str) -> Any:
    """Return the counts and the log root of a database without findings."""
    with Flow.open(url, read_only=True) as flow:
        report = door_of(flow).read(verify)
    assert report.clean, report.findings
    return report.events, report.items, report.facts, report.head, report.logs


def test_a_backup_is_restored_as_it_was_and_goes_on(
    backups: Backups, desk: Desk
) -> None:
    before = record(backups.url)
    made = backups.back_up()
    assert all(place.stat().st_mode & 0o077 == 0 for place in (made, *made.rglob("*")))
    code, said = backups.run("restore", str(made), url=backups.free)
    assert code == 0, said
    assert record(backups.free) == before
    shelf = backups.config.parent / "shelf"
    with Flow.open(backups.free, clock=desk.clock, attachments=shelf) as flow:
        later = Desk(flow, desk.clock).item(State.JUDGED)
    assert later.number.endswith("000002")
    assert record(backups.free)[1] == 2


def test_a_restore_overwrites_nothing_and_names_what_it_would_lose(
    backups: Backups, desk: Desk
) -> None:
    made = backups.back_up()
    desk.item(State.COLLECTED)
    before = record(backups.url)
    code, said = backups.run("restore", str(made))
    assert code == 1
    assert "多2条记录" in said
    assert record(backups.url) == before
    code, said = backups.run(
        "restore", str(made), "--old", backups.url, "--json", url=backups.free
    )
    assert code == 0, said
    act, _ = json.loads(said)["acts"]
    assert (act["stream"], act["step"]) == ("item/2023-000002", "采集")
    code, said = backups.run("restore", str(made), url=backups.free)
    assert (code, "不覆盖" in said) == (1, True)


def test_the_checkup_says_how_old_the_last_backup_is(backups: Backups) -> None:
    def line() -> str:
        code, said = backups.run("doctor", "--json")
        del code
        (check,) = [each for each in json.loads(said) if each["name"] == "备份"]
        return str(check["found"])

    assert "最近一次" not in line()
    backups.back_up()
    assert "此后0条记录" in line()


def _no_backup(made: Path) -> None:
    (made / "manifest.json").unlink()


def _newer(made: Path) -> None:
    text = (made / "manifest.json").read_text("utf-8")
    changed = text.replace('"format": 1', '"format": 2')
    (made / "manifest.json").write_text(changed, encoding="utf-8")


def _changed(made: Path) -> None:
    with (made / "huimin.db").open("r+b") as file:
        file.seek(5000)
        file.write(b"\xff")


def _attachment_lost(made: Path) -> None:
    shutil.rmtree(made / "huimin.db.files")


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (_no_backup, "不是备份"),
        (_newer, "比程序新"),
        (_changed, "与备份时不同"),
        (_attachment_lost, "与备份时不同"),
    ],
)
def test_a_backup_that_is_none_or_was_changed_is_not_restored(
    harm: Callable[[Path], None], sentence: str, backups: Backups
) -> None:
    made = backups.back_up()
    harm(made)
    code, said = backups.run("restore", str(made), url=backups.free)
    assert (code, sentence in said) == (1, True), said
    assert not Path(backups.free.removeprefix("sqlite:///")).exists()


def test_an_attachment_that_is_not_there_is_said_and_the_backup_kept(
    backups: Backups,
) -> None:
    shutil.rmtree(backups.config.parent / "shelf")
    code, said = backups.run("backup", str(backups.folder))
    assert (code, "1个附件" in said) == (1, True), said
    (made,) = backups.folder.iterdir()
    assert backups.run("restore", str(made), url=backups.free)[0] == 0


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_full_disk_leaves_no_part_of_a_backup(backups: Backups) -> None:
    with limited(100_000):
        code, said = backups.run("backup", str(backups.folder))
    assert (code, "磁盘已满" in said) == (1, True), said
    assert not backups.folder.exists()
    assert record(backups.url)[1] == 1


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_nothing_is_overwritten_and_a_place_in_the_way_is_named(
    backups: Backups,
) -> None:
    made = backups.back_up()
    files = sorted(made.rglob("*"))
    with pytest.raises(StoreRefused) as there, growing(made):
        raise AssertionError("a backup began where another is")
    assert there.value.code == StoreCode.BACKUP_EXISTS
    way = made.parent / "way"
    way.write_text("甲", encoding="utf-8")
    code, said = backups.run("backup", str(way), "--json")
    assert (code, "backup_unwritten" in said) == (1, True), said
    with limited(100_000):
        code, said = backups.run("restore", str(made), "--json", url=backups.free)
    assert (code, "restore_unwritten" in said) == (1, True), said
    assert (sorted(made.rglob("*")), way.read_text("utf-8")) == (files, "甲")


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_tampered_database_is_backed_up_and_the_finding_named(
    backups: Backups, desk: Desk
) -> None:
    door = door_of(desk.flow)
    door.perform(
        lambda work: work.connection.exec_driver_sql(
            "UPDATE huimin_item SET body = replace(body, 'screened', 'judged')"
        )
    )
    code, said = backups.run("backup", str(backups.folder))
    assert (code, "异常" in said) == (1, True), said
    (made,) = backups.folder.iterdir()
    code, said = backups.run("restore", str(made), url=backups.free)
    assert (code, "异常" in said) == (1, True), said


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("suffix", ["-journal", "-wal", "-shm"])
def test_what_a_former_database_left_is_not_mixed_into_the_restored_one(
    backups: Backups, suffix: str
) -> None:
    made = backups.back_up()
    place = Path(backups.free.removeprefix("sqlite:///"))
    place.parent.mkdir()
    left = place.with_name(f"{place.name}{suffix}")
    left.write_bytes(b"left")
    code, said = backups.run("restore", str(made), url=backups.free)
    assert (code, f"“{left}”是以前的数据库留下的" in said) == (1, True), said
    assert list(place.parent.iterdir()) == [left]


def test_a_changed_attachment_in_the_way_stops_a_restore(backups: Backups) -> None:
    made = backups.back_up()
    (left,) = (backups.config.parent / "shelf").glob("*/*")
    left.chmod(0o600)
    left.write_bytes(b"another")
    code, said = backups.run("restore", str(made), url=backups.free)
    assert (code, f"“{left}”是以前的数据库留下的" in said) == (1, True), said
    assert left.read_bytes() == b"another"
    left.unlink()
    code, said = backups.run("restore", str(made), url=backups.free)
    assert (code, left.read_bytes()) == (0, b"minutes"), said


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_the_folder_of_backups_and_that_of_attachments_are_told_apart(
    backups: Backups,
) -> None:
    made = backups.back_up()
    code, said = backups.run("restore", str(backups.folder), url=backups.free)
    assert (code, f"之下有备份：{made}" in said) == (1, True), said
    within = backups.config.parent / "shelf" / "backups"
    code, said = backups.run("backup", str(within))
    assert (code, "在附件目录之内" in said, within.exists()) == (1, True, False), said


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_server_without_that_database_is_not_called_occupied(
    backups: Backups,
) -> None:
    made = backups.back_up()
    code, said = backups.run("restore", str(made), url=f"{backups.free}_none")
    assert (code, "不覆盖" in said) == (1, False), said
    assert "does not exist" in said, said


def test_a_backup_of_another_make_is_refused(backups: Backups) -> None:
    made = backups.back_up()
    text = (made / "manifest.json").read_text("utf-8")
    old, new = "sqlite", "postgresql"
    if new in text:
        old, new = new, old
    changed = text.replace(f'"make": "{old}"', f'"make": "{new}"')
    (made / "manifest.json").write_text(changed, encoding="utf-8")
    code, said = backups.run("restore", str(made), url=backups.free)
    assert (code, "另一种数据库" in said) == (1, True), said
