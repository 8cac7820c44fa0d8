"""A disk that is full, a file that may not be written or is none of ours."""

from __future__ import annotations

import io
import json
import os
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import State
from huimin_flow.clock import at_hour
from huimin_flow.errors import StoreRefused
from huimin_flow.exchange.sensing.appeals import read_appeals
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.shell.main import invoke
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import failures, pending
from huimin_flow.timetable.metronome import beat
from tests.faults.mortal import root
from tests.orders import export

HUIMIN = [sys.executable, "-c", "from huimin_flow.shell.main import run; run()"]


#: Several commands in one process: each one's code and what it said, as JSON.
SEVERAL = """
import io, json, sys
from contextlib import redirect_stderr, redirect_stdout
from huimin_flow.shell.main import invoke

told = []
for words in json.loads(sys.argv[1]):
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        code = invoke(words)
    told.append((code, out.getvalue(), err.getvalue()))
print(json.dumps(told))
"""


@contextmanager
def limited(largest: int) -> Iterator[None]:
    """Let no file of this process grow beyond ``largest`` bytes for a while."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def worded(code: int, out: str, err: str) -> str:
    """Return what a command said in this process, a sentence with a way out."""
    assert code == 1, out + err
    assert "Traceback" not in err
    assert "未执行：" in err
    assert "可以这样做：" in err
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

        @event.listens_for(door_of(flow).own, "connect")
        def full(connection: object, _: object) -> None:
            connection.execute(f"PRAGMA max_page_count={size + 8}")  # type: ignore[attr-defined]

        door_of(flow).own.dispose()
        with pytest.raises(StoreRefused, match="磁盘已满") as refused:
            collect_many(desk)
    assert "什么都没有改变" in refused.value.remedy
    done = len(file_desk.flow.items.list())
    assert 0 < done < 500
    assert door_of(file_desk.flow).read(verify).findings == ()
    assert file_desk.collect("腾出空间之后").number.endswith(f"{done + 1:06d}")


@pytest.mark.parametrize("spare", [0, 4096, 40_000])
def test_a_batch_that_no_longer_fits_leaves_not_one_row(
    spare: int, file_desk: Desk, file_url: str
) -> None:
    number = file_desk.collect().number
    before = door_of(file_desk.flow).read(verify)
    largest = file_of(file_url).stat().st_size + spare
    with limited(largest), pytest.raises(StoreRefused, match="磁盘已满"):
        file_desk.link_appeals(number, 2000)
    assert door_of(file_desk.flow).read(verify) == before
    file_desk.link_appeals(number, 20)
    after = door_of(file_desk.flow).read(verify)
    assert after.findings == ()
    assert after.facts == 40


def test_an_import_on_a_full_disk_says_how_far_it_came_and_goes_on_from_there(
    file_desk: Desk,
    file_url: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file_desk.flow.close()
    place, whole = file_of(file_url), tmp_path / "whole.db"
    for file in tmp_path.glob("huimin.db*"):
        shutil.copy(file, tmp_path / file.name.replace("huimin", "whole"))
    monkeypatch.setitem(read_appeals.__kwdefaults__ or {}, "portion", 40)
    (tmp_path / "a.csv").write_text(export(200, 8).text, "utf-8", newline="")

    def brought(database: Path, largest: int | None = None) -> tuple[int, str, str]:
        words = ["appeal", "import", str(tmp_path / "a.csv")]
        with limited(largest) if largest else nullcontext():
            code = invoke([*words, "--by", file_desk.office.id, "--db", str(database)])
        return code, *capsys.readouterr()

    kept = []
    for spare in (0, 100_000):
        said = worded(*brought(place, place.stat().st_size + spare))
        assert "磁盘已满" in said
        found = re.search(r"记入 ([0-9]+) 行.；再次导入同一文件即可接着办", said)
        kept.append(int(found[1]) if found else 0)
    assert kept[0] == 0 < kept[1] < 192
    (tmp_path / "a.refused.csv").unlink(missing_ok=True)
    code, out, _ = brought(place)
    assert code == 1  # as rows are refused
    assert f"记入 {192 - kept[1]} 行，已有 {kept[1]} 行，未收 8 行" in out
    (tmp_path / "a.refused.csv").unlink()
    assert brought(whole)[0] == 1
    assert root(place) == root(whole)


def test_a_file_of_refused_lines_that_no_longer_fits_is_named(
    file_desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = "".join(f"{n},昨天,{'长' * 20_000}\n" for n in range(40))
    (tmp_path / "a.csv").write_text(f"工单编号,来电时间,诉求内容\n{bad}", "utf-8")
    words = ["appeal", "import", str(tmp_path / "a.csv"), "--by", file_desk.office.id]
    database = tmp_path / "huimin.db"
    with limited(database.stat().st_size + 100_000):
        code = invoke([*words, "--db", str(database)])
    said = capsys.readouterr().err
    assert "Traceback" not in said, code
    assert code == 1, said
    assert "写不了" in said
    assert "a.refused.csv" in said
    assert invoke([*words, "--db", str(database)]) == 1
    text = (tmp_path / "a.refused.csv").read_text("utf-8-sig")
    assert text.count("昨天") == 2 * 40
    assert not list(tmp_path.glob("a.refused-2*"))


def test_a_demo_on_a_full_disk_says_so_and_keeps_the_earlier_one(
    file_desk: Desk,
    file_url: str,
    config: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file_desk.bring(State.STARRED)
    into = tmp_path / "out"
    into.mkdir()
    shutil.copy(file_of(file_url), into / "demo.db")
    before = (into / "demo.db").read_bytes()
    for largest in (0, 100_000, 300_000, 700_000):
        with limited(largest):
            words = ["demo", "--into", str(into), "--config", str(config), "--yes"]
            code = invoke(words)
        said = worded(code, *capsys.readouterr())
        assert "磁盘已满" in said
        # Of a host's transaction nothing is known to who runs a demo.
        assert "宿主" not in said
        assert (into / "demo.db").read_bytes() == before
        assert [one.name for one in into.iterdir()] == ["demo.db"]


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
    file_desk.flow.close()
    place = file_of(file_url)
    before, files = place.read_bytes(), sorted(tmp_path.rglob("*"))
    place.chmod(0o444)
    tmp_path.chmod(0o555)
    try:
        database = ["--db", str(place)]
        asked = [
            ["audit", "verify", *database],
            ["item", "show", number, *database],
            ["timetable", "run", *database],
            ["init", "--db", "new.db", "--config", str(config)],
        ]
        done = subprocess.run(
            [*stranger, sys.executable, "-c", SEVERAL, json.dumps(asked)],
            cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        audited, shown, ticked, founded = json.loads(done.stdout)
        assert audited[0] == 0, audited
        assert shown[0] == 0, shown
        assert "只读" in worded(*ticked)
        assert "打不开数据库文件" in worded(*founded)
        assert sorted(tmp_path.rglob("*")) == files
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
    with limited(file_of(file_url).stat().st_size):
        well = [beat(file_desk.flow, log) for _ in range(2)]
    assert well == [False, False]
    told = [json.loads(line) for line in log.getvalue().splitlines()]
    assert any("磁盘已满" in one.get("reason", "") for one in told)
    assert not any("traceback" in one for one in told)
    assert door_of(file_desk.flow).read(verify).findings == ()
    assert beat(file_desk.flow, log)
    assert pending(file_desk.flow, file_desk.clock.now()) == []
    assert failures(file_desk.flow) == []
    assert door_of(file_desk.flow).read(verify).findings == ()
