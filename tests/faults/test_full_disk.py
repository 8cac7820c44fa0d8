"""A disk that is full, a file that may not be written or is none of ours."""

from __future__ import annotations

import io
import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event

from huimin_flow.audit.verify import verify
from huimin_flow.clock import at_hour
from huimin_flow.errors import StoreRefused
from huimin_flow.flow import Flow
from huimin_flow.shell.main import invoke
from huimin_flow.terms import State
from huimin_flow.testing import Desk
from huimin_flow.timetable.failures import failures
from huimin_flow.timetable.ledger import pending
from huimin_flow.timetable.metronome import beat

HUIMIN = [sys.executable, "-c", "from huimin_flow.shell.main import run; run()"]


def huimin(
    *arguments: str, cwd: Path, largest: int | None = None, before: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Run a command, perhaps where no file may grow beyond ``largest`` bytes."""

    def limit() -> None:
        if largest is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    return subprocess.run(
        [*before, *HUIMIN, *arguments], cwd=cwd, capture_output=True, text=True,
        check=False, timeout=120, preexec_fn=limit,
    )  # fmt: skip


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def spoken(done: subprocess.CompletedProcess[str]) -> str:
    """Return what a refused command said, a sentence with a way out."""
    return worded(done.returncode, done.stdout, done.stderr)


def worded(code: int, out: str, err: str) -> str:
    """Return what a command said in this process, a sentence with a way out."""
    assert code == 1, out + err
    assert "Traceback" not in err
    assert "未执行:" in err
    assert "可以这样做:" in err
    return err


def collect_many(desk: Desk) -> None:
    for k in range(500):
        desk.collect(f"事项{k}")


def test_on_a_full_disk_each_act_is_refused_whole_and_works_again_later(
    file_desk: Desk, file_url: str
) -> None:
    with Flow.open(file_url, clock=file_desk.clock) as flow:
        desk = Desk(flow, file_desk.clock)
        size = file_of(file_url).stat().st_size // 4096

        @event.listens_for(flow._own, "connect")
        def full(connection: object, _: object) -> None:
            connection.execute(f"PRAGMA max_page_count={size + 8}")  # type: ignore[attr-defined]

        flow._own.dispose()
        with pytest.raises(StoreRefused, match="磁盘已满") as refused:
            collect_many(desk)
    assert "什么都没有改变" in refused.value.remedy
    done = len(file_desk.flow.items())
    assert 0 < done < 500
    assert file_desk.flow.read(verify).findings == ()
    assert file_desk.collect("腾出空间之后").number.endswith(f"{done + 1:06d}")


@pytest.mark.parametrize("spare", [0, 4096, 40_000])
def test_a_batch_that_no_longer_fits_leaves_not_one_row(
    spare: int, file_desk: Desk, file_url: str
) -> None:
    number = file_desk.collect().number
    before = file_desk.flow.read(verify)
    largest = file_of(file_url).stat().st_size + spare
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, hard))
    try:
        with pytest.raises(StoreRefused, match="磁盘已满"):
            file_desk.hear(number, 2000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert file_desk.flow.read(verify) == before
    file_desk.hear(number, 20)
    after = file_desk.flow.read(verify)
    assert after.findings == ()
    assert after.facts == 40


def test_a_demo_on_a_full_disk_says_so_and_keeps_the_earlier_one(
    file_desk: Desk, file_url: str, config: Path, tmp_path: Path
) -> None:
    file_desk.bring(State.STARRED)
    (tmp_path / "out").mkdir()
    shutil.copy(file_of(file_url), tmp_path / "out" / "demo.db")
    before = (tmp_path / "out" / "demo.db").read_bytes()
    arguments = ("demo", "--into", "out", "--config", str(config))
    for largest in (0, 100_000, 700_000):
        done = huimin(*arguments, cwd=tmp_path, largest=largest)
        assert "磁盘已满" in spoken(done)
        assert (tmp_path / "out" / "demo.db").read_bytes() == before
        assert [one.name for one in (tmp_path / "out").iterdir()] == ["demo.db"]


def test_a_place_that_cannot_be_is_refused_in_words(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file", encoding="utf-8")
    code = invoke(["demo", "--into", str(taken), "--config", str(config)])
    assert "taken" in worded(code, *capsys.readouterr())


@pytest.fixture
def stranger() -> list[str]:
    """What to put before a command so that a file's mode binds it, root or not."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root may write everywhere, and there is no setpriv to forbid it")
    return ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]


def test_a_database_that_may_not_be_written_is_read_and_never_changed(
    stranger: list[str], file_desk: Desk, file_url: str, config: Path, tmp_path: Path
) -> None:
    number = file_desk.bring(State.STARRED).number
    place = file_of(file_url)
    before = place.read_bytes()
    place.chmod(0o444)
    tmp_path.chmod(0o555)
    try:
        audited = huimin(
            "audit", "verify", "--db", str(place), cwd=tmp_path, before=stranger
        )
        assert audited.returncode == 0, audited.stderr
        shown = huimin(
            "item", "show", number, "--db", str(place), cwd=tmp_path, before=stranger
        )
        assert shown.returncode == 0, shown.stderr
        ticked = huimin(
            "timetable", "run", "--db", str(place), cwd=tmp_path, before=stranger
        )
        assert "只读" in spoken(ticked)
        founded = huimin(
            "init", "--db", "new.db", "--config", str(config),
            cwd=tmp_path, before=stranger,
        )  # fmt: skip
        assert "打不开数据库文件" in spoken(founded)
        assert sorted(one.name for one in tmp_path.iterdir()) == [place.name]
    finally:
        tmp_path.chmod(0o755)
        place.chmod(0o644)
    assert place.read_bytes() == before


def test_a_reader_who_has_read_enough_ends_the_command_quietly(
    file_desk: Desk, file_url: str, tmp_path: Path
) -> None:
    file_desk.collect()
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*HUIMIN, "item", "list", "--db", file_url],
        cwd=tmp_path, stdout=writing, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(writing)
    assert done.stderr == ""
    assert done.returncode == 1


def garbage(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04 this is a workbook, not a database" * 200)


def nothing(path: Path) -> None:
    path.write_bytes(b"")


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def another(path: Path) -> None:
    import sqlite3

    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE visitors (name TEXT)")
    connection.close()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (garbage, "不是数据库"),
        (nothing, "尚未初始化"),
        (folder, "打不开数据库文件"),
        (another, "尚未初始化"),
    ],
)
def test_a_file_that_is_no_database_of_ours_is_named_so(
    make: Callable[[Path], None],
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "given.db"
    path.touch()
    make(path)
    code = invoke(["audit", "verify", "--db", str(path)])
    assert said in worded(code, *capsys.readouterr())


@pytest.mark.parametrize("share", [0.02, 0.5, 0.97])
def test_a_truncated_database_is_never_called_clean(
    share: float,
    file_desk: Desk,
    file_url: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file_desk.bring(State.ADJUSTED)
    whole = file_of(file_url).read_bytes()
    cut = tmp_path / "cut.db"
    cut.write_bytes(whole[: int(len(whole) * share)])
    assert invoke(["audit", "verify", "--db", str(cut), "--json"]) == 1
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    said = err or json.loads(out)["findings"][0]
    assert said


def test_a_service_on_a_full_disk_says_so_and_misses_nothing_once_there_is_room(
    file_desk: Desk, file_url: str
) -> None:
    file_desk.bring(State.ASSIGNED)
    file_desk.bring(State.STARRED)
    file_desk.clock.set(at_hour(date(2023, 12, 15), 18))
    log = io.StringIO()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    largest = file_of(file_url).stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, hard))
    try:
        well = [beat(file_desk.flow, file_desk.clock, log) for _ in range(2)]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert well == [False, False]
    told = [json.loads(line) for line in log.getvalue().splitlines()]
    assert any("磁盘已满" in one.get("reason", "") for one in told)
    assert not any("traceback" in one for one in told)
    assert file_desk.flow.read(verify).findings == ()
    assert beat(file_desk.flow, file_desk.clock, log)
    assert pending(file_desk.flow, file_desk.clock.now()) == []
    assert failures(file_desk.flow) == []
    assert file_desk.flow.read(verify).findings == ()
