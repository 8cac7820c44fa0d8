"""The demo through its public door: the command (C5, B5, F4)."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from huimin_flow.catalogue.terms import State, UnitKind
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.rehearsal.gathering import Gathering, pair_of
from huimin_flow.rehearsal.stage import Stage
from huimin_flow.rehearsal.topics import LOCAL
from huimin_flow.shell.main import invoke
from huimin_flow.testing import Desk
from tests.sampled import NIGHTLY

HUIMIN = [sys.executable, "-c", "from huimin_flow.shell.main import run; run()"]


def huimin(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*HUIMIN, *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


@pytest.fixture
def said(
    played: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Any]:
    """Ask a command beside the demo, in this process; return its --json.

    The door for people is tried by the few tests that start a process.
    """
    monkeypatch.chdir(played)

    def ask(*words: str) -> Any:
        assert invoke([*words, "--db", "out/demo.db", "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return ask


def test_no_item_of_the_demo_skips_a_state(played: Path) -> None:
    from huimin_flow.states.table import MAIN_LINE
    from huimin_flow.store.core import history

    with Flow.open(f"sqlite:///{played / 'out' / 'demo.db'}") as flow:
        closed = flow.items.list(State.CLOSED)
        assert closed
        for item in closed:
            stream = f"item/{item.number}"
            stored = door_of(flow).read(partial(history.read_stream, stream=stream))
            line = [one.target for one in stored if one.target]
            passed = [state for state in dict.fromkeys(line) if state in MAIN_LINE]
            assert passed == [state.value for state in MAIN_LINE]


def test_the_real_list_and_the_next_december_stand_in_the_database(
    said: Callable[..., Any],
) -> None:
    places = said("list", "show", "list/2023/city")["places"]
    assert [one["rank"] for one in places] == list(range(1, 62))
    assert all(one["unit"].startswith(("5001", "5002", "FA-")) for one in places[20:])
    assert not any(one["unit"].startswith(("500", "FA-")) for one in places[:20])
    assert said("list", "show", "list/2024/city")["places"]


def test_the_demo_has_districts_with_all_points_with_silent_ones_and_with_none(
    said: Callable[..., Any],
) -> None:
    lines = said("point", "coverage")["districts"]
    assert {len(line["lacking"]) for line in lines} == {0, 1, 2, 3}
    assert {bool(line["silent"]) for line in lines if not line["lacking"]} == {
        False, True,
    }  # fmt: skip


def test_the_demo_shows_a_wrong_link_that_the_office_undid(played: Path) -> None:
    query = "SELECT count(*) FROM huimin_gathered WHERE outcome = 'undo'"
    with closing(sqlite3.connect(played / "out" / "demo.db")) as connection:
        assert connection.execute(query).fetchone() == (1,)


def test_a_demo_of_any_seed_undoes_a_link_only_if_the_engine_made_one(
    desk: Desk,
) -> None:
    stage = Stage(desk.flow, desk.clock, seed=7)
    gathering = Gathering(stage)
    (told,) = stage.crowd.appeals(LOCAL[1], 1, desk.today(), 1)
    gathering.take_in([told])
    gathering.undo_unlike(told)
    assert desk.flow.gathering.explain(pair_of(told)) == ()
    desk.flow.appeals.link(desk.collect().number, [pair_of(told)], by=desk.office)
    gathering.undo_unlike(told)
    assert desk.flow.appeals.get(told.key).item


@pytest.mark.skipif(not NIGHTLY, reason="whole demos run by night")
@pytest.mark.parametrize("seed", range(6))
def test_a_demo_of_any_seed_ends_well(seed: int, config: Path, tmp_path: Path) -> None:
    words = ("--into", "out", "--seed", str(seed), "--config", str(config), "--yes")
    done = huimin("demo", *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    audited = huimin("audit", "verify", "--db", "out/demo.db", cwd=tmp_path)
    assert audited.returncode == 0, audited.stdout


def test_the_demo_shows_follow_ups_a_correction_and_who_owes_a_month(
    said: Callable[..., Any],
) -> None:
    assert said("rating", "callback", "2023-11")["part"] > 0
    month = said("score", "month", "2023-12")
    assert "补报" in json.dumps(month, ensure_ascii=False)
    owing = said("progress", "owing", "2023-10")
    assert {one["unit"] for one in owing} == {"500230"}


def test_what_a_month_lacks_of_a_running_task_is_what_its_unit_is_asked_for(
    played: Path,
) -> None:
    executed_in = "2024-01"
    with Flow.open(f"sqlite:///{played / 'out' / 'demo.db'}") as flow:
        for month in ("2023-10", "2023-12", executed_in, "2024-02"):
            lacking = {
                (one.item, one.task, one.indicator)
                for one in flow.tasks.sheet(month)
                if one.report is None
            }
            owed = {
                (one.item, one.task, name)
                for one in flow.tasks.owing(month)
                for name in one.indicators
            }
            assert lacking == owed
        ended = {one.item for one in flow.tasks.sheet(executed_in)}
        assert len(ended - {one.item for one in flow.tasks.sheet("2024-02")}) > 20


def test_the_ledger_lists_each_job_and_period_once(said: Callable[..., Any]) -> None:
    keys = [(one["job"], one["period"]) for one in said("timetable", "status")["runs"]]
    assert len(keys) == len(set(keys))
    assert {key for key in keys if key[0] == "listing"} == {
        ("listing", "2023"), ("listing", "2024"),
    }  # fmt: skip
    assert sum(job == "monthly_score" for job, _ in keys) == 16
    assert sum(job == "quarterly_ranking" for job, _ in keys) == 5


def test_a_replay_agrees_with_what_is_stored(
    played: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(played / "out" / "demo.db")
    assert invoke(["audit", "replay", "2022-000001", "--db", file]) == 0
    assert "与现状一致" in capsys.readouterr().out


def test_a_hand_edit_makes_verify_fail_and_name_the_place(
    file_desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    number = file_desk.item(State.STARRED).number
    file = tmp_path / "huimin.db"
    with sqlite3.connect(file) as connection:
        edit = "UPDATE huimin_item SET stars = 5 - stars WHERE number = ?"
        connection.execute(edit, (number,))
    connection.close()
    assert invoke(["audit", "verify", "--db", str(file)]) == 1
    assert f"{number} stars" in capsys.readouterr().out


def test_the_pages_stand_alone(played: Path) -> None:
    for name in ("list-2023.html", "list-2024.html", "item-2022-000001.html"):
        page = (played / "out" / name).read_text(encoding="utf-8")
        assert "<script" not in page
        assert "http://" not in page
        assert "https://" not in page


def test_a_published_list_has_its_documents_beside_its_page(played: Path) -> None:
    page = (played / "out" / "list-2023.html").read_text(encoding="utf-8")
    for kind in ("docx", "xlsx", "json"):
        assert f'href="list-2023.{kind}"' in page
        assert (played / "out" / f"list-2023.{kind}").stat().st_size > 10_000
    draft = (played / "out" / "list-2024.html").read_text(encoding="utf-8")
    assert "list-2024.docx" not in draft
    assert not (played / "out" / "list-2024.docx").exists()


def test_the_lists_page_says_what_is_promised_by_whom_until_when_and_how_it_stands(
    played: Path,
) -> None:
    page = (played / "out" / "list-2023.html").read_text(encoding="utf-8")
    rows = page.split("<tr>")[2:]
    assert len(rows) == 61
    assert "提供就业岗位100万个以上" in rows[0]
    assert all("2023-12-31" in row for row in rows)
    for row in rows:
        late = re.search(r'late" data-label="2023年12月进度">滞后 \d+ 天<', row)
        in_time = re.search(r'"2023年12月进度">(按期|超前 \d+ 天)<', row)
        assert bool(late) != bool(in_time)
        behind = {"人力资源市场秩序整治", "九龙坡区", "丰都县"}
        assert bool(late) == any(unit in row for unit in behind), row
    assert "成果：技能人才评价在本区县落地见效" in page


def test_the_months_page_names_scores_as_scores_with_the_figures_beside(
    played: Path,
) -> None:
    page = (played / "out" / "month-2023-09.html").read_text(encoding="utf-8")
    assert '<th scope="col" class="n">投诉率得分</th>' in page
    assert ">投诉率</th>" not in page
    (row,) = re.findall(r"<tr><th[^>]*>(?:<a[^>]*>)?渝中区<.*", page)
    with Flow.open(f"sqlite:///{played / 'out' / 'demo.db'}") as flow:
        units = flow.scores.month("2023-09").groups[UnitKind.DISTRICT]
    (score,) = (unit for unit in units if unit.unit == "500103")
    reading = score.readings["complaint_rate"]
    rate = 100 * reading.numerator / reading.cases
    assert rate > 8
    assert f"{float(score.parts['complaint_rate']):.1f}</a> <small>{rate:.1f}%" in row


def test_every_item_has_a_page_and_every_page_leads_back_to_the_index(
    played: Path,
) -> None:
    pages = list((played / "out").glob("*.html"))
    with Flow.open(f"sqlite:///{played / 'out' / 'demo.db'}") as flow:
        items = {f"item-{item.number}.html" for item in flow.items.list(limit=1000)}
    assert items <= {page.name for page in pages}
    for page in pages:
        assert '<a href="index.html">惠民有感</a>' in page.read_text("utf-8"), page.name


def test_a_demo_never_replaces_a_production_database(
    tmp_path: Path,
    config: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    kept = tmp_path / "demo.db"
    assert invoke(["init", "--db", kept.name, "--config", str(config)]) == 0
    before = kept.read_bytes()
    line = ["demo", "--into", ".", "--yes", "--config", str(config)]
    assert invoke(line) == 1
    assert "正式库不能推演" in capsys.readouterr().err
    assert kept.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "sentence", "code"),
    [
        (["item", "show", "9999-1", "--db", "out/demo.db"], "没有编号为", 1),
        (
            ["item", "list", "--state", "lost", "--db", "out/demo.db"],
            "不在可用的词之中",
            1,
        ),
        (["item", "list", "--db", "nowhere.db"], "打不开数据库文件", 1),
        (["list", "show", "list/1900/city", "--db", "out/demo.db"], "没有编号为", 1),
        (["item"], "", 2),
        (["nonsense"], "命令有误", 2),
        (["rules", "check", "--config", "nowhere"], "配置目录不存在", 1),
    ],
)
def test_a_refusal_is_a_chinese_sentence_with_a_way_out(
    played: Path,
    arguments: list[str],
    sentence: str,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(played)
    assert invoke(arguments) == code
    told = capsys.readouterr().err
    assert sentence in told
    assert "Traceback" not in told


def test_the_demo_ends_with_four_sentences_and_commands_that_run_as_printed(
    played: Path,
) -> None:
    text = (played / "said.txt").read_text(encoding="utf-8")
    told, _, shown = text.partition("试一试：\n")
    played_and, became, gathered, look = told.splitlines()
    assert all(line.endswith("。") for line in (played_and, became, gathered, look))
    counted = re.findall(r"\d+", gathered)
    assert len(counted) == 8
    appeals, linked, _, proposed, *_, left = map(int, counted)
    assert appeals == linked + proposed + left
    for words in ("20项真实任务", "41个区县", "45个单位", "模拟"):
        assert words in played_and
    assert "（关系处、九龙坡区、丰都县）" in became
    named = re.search(r"实名差评(\d+)件，已回访(\d+)件；16个月里变色(\d+)次", became)
    assert named, became
    bad, called, _ = map(int, named.groups())
    assert 0.85 * bad < called < bad
    assert "核验无异常" in look
    assert (played / "out" / "index.html").samefile(
        played / look.split("从")[1].split("看")[0]
    )
    tried, _, desk = shown.partition("在浏览器里看和办：\n")
    commands = tried.splitlines()
    assert 3 <= len(commands) <= 5
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for line in commands:
        done = subprocess.run(
            ["sh", "-c", line.strip()], cwd=played, capture_output=True, text=True,
            check=False, env={**os.environ, "PATH": path},
        )  # fmt: skip
        assert (done.returncode, bool(done.stdout.strip())) == (0, True), done.stderr
        assert ("audit verify" in line) == ("无异常" in done.stdout), done.stdout
    assert re.fullmatch(r"    huimin desk --now \S+ --db \S+\n", desk)
    with running(desk.strip(), played, path) as address:
        said = urlopen(f"{address}index.html", timeout=30).read().decode()  # noqa: S310
    assert "2024" in said
    assert "推演数据" in said


@contextmanager
def running(command: str, folder: Path, path: str) -> Iterator[str]:
    """Run a desk as printed, on a free port; give its address, and end it well."""
    server = subprocess.Popen(
        ["sh", "-c", f"exec {command} --port 0"], cwd=folder, text=True,
        env={**os.environ, "PATH": path},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert server.stderr is not None
    with server, server.stderr as said:
        try:
            yield said.readline().split("：", 1)[1].strip()
        finally:
            server.terminate()
    assert server.returncode == 0


@pytest.fixture
def filled(played: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an earlier demo, and a file of somebody's."""
    into = tmp_path / "out"
    into.mkdir()
    shutil.copy(played / "out" / "demo.db", into)
    (into / "index.html").write_text("mine", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return into


@pytest.mark.parametrize("answer", [None, "", "否\n", "\n"])
def test_a_demo_replaces_no_file_without_asking(
    answer: str | None,
    filled: Path,
    config: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It asks at a terminal, where no answer means no; elsewhere it refuses."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return answer is not None

    before = {path.name: path.read_bytes() for path in filled.iterdir()}
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    assert invoke(["demo", "--into", "out", "--config", str(config)]) != 0
    said = capsys.readouterr().err
    assert "目录out里已有demo.db、index.html等2个文件" in said
    assert ("--yes" in said) or answer is not None
    assert {path.name: path.read_bytes() for path in filled.iterdir()} == before


@pytest.mark.parametrize(
    ("arguments", "sentence", "code"),
    [
        (["item", "list", "--db", "nowhere.db"], "打不开数据库文件", 1),
        (["nonsense"], "命令有误", 2),
    ],
)
def test_a_process_that_is_refused_ends_with_its_code(
    played: Path, arguments: list[str], sentence: str, code: int
) -> None:
    done = huimin(*arguments, cwd=played)
    assert done.returncode == code
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
