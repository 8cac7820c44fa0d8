"""The demo through its public door: the command (C5, B5, F4)."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

HUIMIN = [sys.executable, "-c", "from huimin_flow.shell.main import run; run()"]


def huimin(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*HUIMIN, *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


def test_the_same_seed_gives_the_same_history(played: Path, config: Path) -> None:
    again = huimin(
        "demo", "--into", "again", "--json", "--config", str(config), cwd=played
    )
    first = huimin("audit", "verify", "--db", "out/demo.db", "--json", cwd=played)
    assert json.loads(again.stdout)["head"] == json.loads(first.stdout)["head"]


def test_the_same_seed_gives_the_same_history_on_postgresql(
    played: Path, config: Path, server: str
) -> None:
    import psycopg

    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE demo")
    other = huimin(
        "demo", "--into", "pg", "--json", "--config", str(config),
        "--db", f"{server}/demo", cwd=played,
    )  # fmt: skip
    assert other.returncode == 0, other.stderr
    first = huimin("audit", "verify", "--db", "out/demo.db", "--json", cwd=played)
    assert json.loads(other.stdout)["head"] == json.loads(first.stdout)["head"]


def test_no_item_of_the_demo_skips_a_state(played: Path) -> None:
    from huimin_flow.flow import Flow
    from huimin_flow.states.table import MAIN_LINE
    from huimin_flow.store import history
    from huimin_flow.terms import State

    with Flow.open(f"sqlite:///{played / 'out' / 'demo.db'}") as flow:
        closed = flow.items(State.CLOSED)
        assert closed
        for item in closed:
            stream = f"item/{item.number}"
            stored = flow.read(partial(history.read_stream, stream=stream))
            line = [one.target for one in stored if one.target]
            passed = [state for state in dict.fromkeys(line) if state in MAIN_LINE]
            assert passed == [state.value for state in MAIN_LINE]


def test_the_real_list_and_the_next_december_stand_in_the_database(
    played: Path,
) -> None:
    shown = huimin(
        "list", "show", "list/2023/city", "--db", "out/demo.db", "--json", cwd=played
    )
    places = json.loads(shown.stdout)["places"]
    assert [one["rank"] for one in places] == list(range(1, 31))
    assert all(
        one["unit"].startswith("5001") or one["unit"].startswith("5002")
        for one in places[20:]
    )
    assert not any(one["unit"].startswith("500") for one in places[:20])
    shown = huimin(
        "list", "show", "list/2024/city", "--db", "out/demo.db", "--json", cwd=played
    )
    assert json.loads(shown.stdout)["places"]


def test_the_demo_shows_follow_ups_a_correction_and_who_owes_a_month(
    played: Path,
) -> None:
    rate = huimin(
        "rating", "callback", "2023-11", "--db", "out/demo.db", "--json", cwd=played
    )
    assert json.loads(rate.stdout)["part"] > 0
    score = huimin(
        "score", "month", "2023-12", "--db", "out/demo.db", "--json", cwd=played
    )
    assert "补报" in score.stdout
    owing = huimin(
        "progress", "owing", "2023-10", "--db", "out/demo.db", "--json", cwd=played
    )
    assert {one["unit"] for one in json.loads(owing.stdout)} == {"500230"}


def test_the_ledger_lists_each_job_and_period_once(played: Path) -> None:
    shown = huimin("timetable", "status", "--db", "out/demo.db", "--json", cwd=played)
    keys = [(one["job"], one["period"]) for one in json.loads(shown.stdout)["runs"]]
    assert len(keys) == len(set(keys))
    assert {key for key in keys if key[0] == "listing"} == {
        ("listing", "2023"), ("listing", "2024"),
    }  # fmt: skip
    assert sum(job == "monthly_score" for job, _ in keys) == 16
    assert sum(job == "quarterly_ranking" for job, _ in keys) == 5


def test_an_auditors_commands_agree(played: Path) -> None:
    verified = huimin("audit", "verify", "--db", "out/demo.db", cwd=played)
    assert verified.returncode == 0
    assert "无异常" in verified.stdout
    replayed = huimin(
        "audit", "replay", "2022-000001", "--db", "out/demo.db", cwd=played
    )
    assert "与现状一致" in replayed.stdout


def test_a_hand_edit_makes_verify_fail_and_name_the_place(played: Path) -> None:
    import shutil
    import sqlite3

    shutil.copy(played / "out" / "demo.db", played / "edited.db")
    with sqlite3.connect(played / "edited.db") as connection:
        connection.execute(
            "UPDATE huimin_item SET stars = 5 WHERE number = '2022-000003'"
        )
    connection.close()
    found = huimin("audit", "verify", "--db", "edited.db", cwd=played)
    assert found.returncode == 1
    assert "2022-000003 stars" in found.stdout


def test_the_pages_stand_alone(played: Path) -> None:
    for name in ("list-2023.html", "list-2024.html", "item-2022-000001.html"):
        page = (played / "out" / name).read_text(encoding="utf-8")
        assert "<script" not in page
        assert "http://" not in page
        assert "https://" not in page


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (["item", "show", "9999-1", "--db", "out/demo.db"], "没有编号为", 1),
        (["item", "list", "--state", "lost", "--db", "out/demo.db"], "没有状态", 1),
        (["item", "list", "--db", "nowhere.db"], "打不开数据库文件", 1),
        (["list", "show", "list/1900/city", "--db", "out/demo.db"], "没有编号为", 1),
        (["item"], "", 2),
        (["nonsense"], "命令有误", 2),
        (["rules", "check", "--config", "nowhere"], "配置目录不存在", 1),
    ],
)
def test_a_refusal_is_a_chinese_sentence_with_a_way_out(
    played: Path, arguments: list[str], said: str, code: int
) -> None:
    done = huimin(*arguments, cwd=played)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
