"""Files that users name, and files that several accounts share."""

from __future__ import annotations

import os
import resource
import stat
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from huimin_flow.audit.replay import replay
from huimin_flow.audit.verify import verify
from huimin_flow.errors import InputRefused, StoreRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.shell.main import invoke
from huimin_flow.store.executing.attachments import Shelf
from huimin_flow.store.files import read_regular, write_whole
from huimin_flow.testing import Desk

NOBODY = 65534


@pytest.fixture
def another() -> Iterator[Callable[[], None]]:
    """Go on as another account, by calling it; root alone can."""
    if os.geteuid() != 0:
        pytest.skip("only root can become another account")
    try:
        yield partial(os.seteuid, NOBODY)
    finally:
        os.seteuid(0)


def reachable(folder: Path) -> None:
    """Let every account walk to a folder of the test."""
    for place in (folder, *folder.parents[:-2]):
        place.chmod(place.stat().st_mode | 0o055)


@pytest.mark.parametrize("where", ["own", "above"])
def test_what_may_not_be_read_is_never_called_missing_or_changed(
    file_desk: Desk, tmp_path: Path, another: Callable[[], None], where: str
) -> None:
    reachable(tmp_path)
    flow = file_desk.flow
    number = file_desk.collect().number
    made = flow.items.attach(number, "证明.pdf", b"pdf", by=file_desk.operator)
    shelf = door_of(flow).shelf
    assert shelf is not None
    (shelf.folder if where == "above" else shelf.folder / made.digest[:2]).chmod(0o700)
    (tmp_path / "huimin.db").chmod(0o666)
    tmp_path.chmod(0o777)
    another()
    with pytest.raises(StoreRefused) as refused:
        shelf.get(made.digest)
    assert refused.value.code == "attachment_unread"
    assert "权限" in str(refused.value)
    found = door_of(flow).read(partial(verify, shelf=shelf)).findings
    assert [one.flaw.value for one in found] == ["file_unread"]
    again = door_of(flow).read(
        partial(replay, stream=f"attachment/{number}", shelf=shelf)
    )
    assert [one.flaw.value for one in again.findings] == ["file_unread"]
    with pytest.raises(StoreRefused) as refused:
        shelf.put(b"pdf")
    assert refused.value.code == "attachment_unwritten"


def test_a_group_that_may_write_into_the_folder_may_add_and_read_all_that_is_in_it(
    tmp_path: Path, another: Callable[[], None]
) -> None:
    reachable(tmp_path)
    folder = tmp_path / "files"
    folder.mkdir()
    os.chown(folder, 0, NOBODY)
    folder.chmod(0o2770)
    shelf = Shelf(folder)
    digests = [shelf.put(b"content %d" % k) for k in range(40)]
    os.setegid(NOBODY)
    try:
        another()
        digests += [shelf.put(b"content %d" % k) for k in range(80)]
        assert {shelf.get(one)[:8] for one in digests} == {b"content "}
    finally:
        os.seteuid(0)
        os.setegid(0)
    for below in folder.iterdir():
        assert stat.S_IMODE(below.stat().st_mode) == 0o2770
        assert below.stat().st_gid == NOBODY
    assert {stat.S_IMODE(one.stat().st_mode) for one in folder.glob("*/*")} == {0o640}


def test_a_folder_that_is_everybodys_stays_so(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        (tmp_path / "files").mkdir()
        Shelf(tmp_path / "files").put(b"x")
    finally:
        os.umask(before)
    modes = {stat.S_IMODE(one.stat().st_mode) for one in (tmp_path / "files").iterdir()}
    assert modes == {0o755}


@pytest.mark.parametrize("beside", [True, False])
def test_no_link_is_followed_when_attachments_are_taken_out(
    file_desk: Desk, file_url: str, tmp_path: Path, *, beside: bool
) -> None:
    number = file_desk.collect().number
    made = file_desk.flow.items.attach(number, "甲", b"content", by=file_desk.operator)
    precious, into = tmp_path / "precious", tmp_path / "out"
    precious.write_text("precious")
    into.mkdir()
    name = made.digest
    if beside:
        writer = f"{os.getpid()}.{threading.get_ident()}"
        name = f"{made.digest}.{writer}.part"
    (into / name).symlink_to(precious)
    words = ["item", "files", number, "--into", str(into), "--db", file_url]
    assert invoke(words) == 0
    assert precious.read_text() == "precious"
    assert [one.name for one in into.iterdir()] == [made.digest]
    assert (into / made.digest).read_bytes() == b"content"
    assert not (into / made.digest).is_symlink()


def test_a_file_that_cannot_be_written_leaves_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_whole(tmp_path / "taken", b"x")
    assert [one.name for one in tmp_path.iterdir()] == ["taken"]


ODD: dict[str, Callable[[Path], object]] = {
    "file_not_regular": os.mkfifo,
    "file_unreadable": lambda path: path.symlink_to(path),
    "file_too_large": lambda path: path.write_bytes(b"x" * 1001),
}


@pytest.mark.parametrize("code", ODD)
def test_a_users_file_is_read_within_bounds_or_refused(
    tmp_path: Path, code: str
) -> None:
    path = tmp_path / "文件"
    ODD[code](path)
    with pytest.raises(InputRefused) as refused:
        read_regular(path, 1000)
    assert refused.value.code == code


def test_folders_devices_and_what_is_not_there_are_refused(tmp_path: Path) -> None:
    codes = []
    for path in (tmp_path, Path("/dev/zero"), Path("/dev/null"), tmp_path / "none"):
        with pytest.raises(InputRefused) as refused:
            read_regular(path, 1000)
        codes.append(refused.value.code)
    assert codes == [*["file_not_regular"] * 3, "file_unreadable"]
    whole = tmp_path / "whole"
    whole.write_bytes(b"x" * 1000)
    assert read_regular(whole, 1000) == b"x" * 1000


def test_a_device_attached_is_refused_soon_and_with_little_memory(
    file_desk: Desk, file_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    number = file_desk.collect().number
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    words = ["item", "attach", number, "/dev/zero", "--by", "op-500101"]
    assert invoke([*words, "--db", file_url]) == 1
    assert "不是普通文件" in capsys.readouterr().err
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000
