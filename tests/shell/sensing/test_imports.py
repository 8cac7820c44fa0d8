"""Appeals by commands: taken from files, tried, refused, exported and back again."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from huimin_flow.exchange.sensing.appeals import read_appeals
from huimin_flow.flow.core.door import Door
from tests.orders import HEAD, export
from tests.shell.terminal import Terminal

BY = ("--by", "office-1")
PLACES = ("涪陵区 李渡街道", "重庆市万州区", "500106", "某处", "渝中")


def written(own: Path, rows: int, bad: int = 0, name: str = "a.csv") -> str:
    (own / name).write_text(export(rows, bad).text, encoding="utf-8", newline="")
    return name


def test_a_dry_run_shows_the_first_rows_masked_and_changes_nothing(
    rehearsal: Terminal, own: Path
) -> None:
    name = written(own, 20, 3)
    with (own / name).open(encoding="utf-8", newline="") as file:
        head, first, *rest = csv.reader(file)
    first[7:9] = ["请回电13800138000", "我的身份证500101199001011237"]
    with (own / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, first, *rest])
    said = rehearsal("appeal", "import", name, "--dry-run", *BY)
    assert said.code == 1
    assert "编码：utf-8 · 分隔符：逗号 · 表头所在行：1" in said.out
    assert "hotline-12333" in said.out
    assert "记入 17 行，已有 0 行，未收 3 行" in said.out
    assert "请回电***********" in said.out
    assert "13800138000" not in said.out
    assert "19900101" not in said.out
    assert first[3] == "" or first[3] not in said.out
    assert not list(own.glob("*.refused*"))
    assert rehearsal("appeal", "list", "--json").rows == []


def test_refused_rows_are_kept_where_one_says_and_never_over_a_file(
    rehearsal: Terminal, own: Path
) -> None:
    name = written(own, 30, 4)
    (own / "坏行.csv").write_text("别人的", "utf-8")
    words = ("appeal", "import", name, "--refused", "坏行.csv", *BY)
    said = rehearsal(*words, "--json")
    assert (said.code, said.value["kept"], said.value["refused"]) == (1, 26, 4)
    assert (own / "坏行.csv").read_text("utf-8") == "别人的"
    kept = own / "坏行-2.csv"
    assert said.value["refused_file"] == kept.name
    assert kept.stat().st_mode & 0o077 == 0
    with kept.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["行", "未收的原因", *HEAD]
    assert len(rows) == 5
    text = rehearsal(*words).out
    assert "记入 0 行，已有 26 行，未收 4 行" in text
    assert "只有本账户可读" in text


def test_a_proposed_profile_is_a_profile_once_its_channel_is_named(
    rehearsal: Terminal, own: Path
) -> None:
    rows = "".join(
        f"W-00{n},2026/1/{n} 9:05,第{n}位群众反映的问题写在这一列\n" for n in (1, 2)
    )
    (own / "新.csv").write_text(f"号,何时,反映了什么事情\n{rows}", "utf-8")
    refused = rehearsal("appeal", "import", "新.csv", *BY)
    assert "huimin appeal profile" in refused.err
    proposed = rehearsal("appeal", "profile", "新.csv").out
    assert "每行不同的编号" in proposed
    lines = proposed.replace("# channel: 渠道代号", "channel: hotline_12333 #")
    (own / "新.yaml").write_text(lines, "utf-8")
    said = rehearsal("appeal", "import", "新.csv", "--profile", "新.yaml", *BY)
    assert "未注明" not in said.out
    assert said.code == 1
    place = "district: 未注明\n" + lines
    (own / "新.yaml").write_text(place, "utf-8")
    said = rehearsal("appeal", "import", "新.csv", "--profile", "新.yaml", *BY)
    assert "记入 2 行" in said.out
    unknown = rehearsal("appeal", "import", "新.csv", "--profile", "没有", *BY)
    assert "message-board" in unknown.err


@pytest.mark.parametrize("kind", ["csv", "jsonl", "xlsx"])
def test_what_is_exported_comes_in_again_and_nothing_changes(
    kind: str, rehearsal: Terminal, own: Path, begun: Path
) -> None:
    rows = [
        [str(n), f"GD{n}", f"2026-01-0{n} 23:59:5{n}", "张三", "13800138000", "", "某路",
         "标题", "原话原文", place, "龙驹镇" if "万州" in place else "", "失业"]
        for n, place in enumerate(PLACES, 1)
    ]  # fmt: skip
    with (own / "a.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEAD, *rows])
    assert rehearsal("appeal", "import", "a.csv", *BY).code == 0
    assert rehearsal("appeal", "export", f"e.{kind}").code == 0
    for secret in ("张三", "13800138000", "原话原文", "标题"):
        assert secret.encode() not in (own / f"e.{kind}").read_bytes()
    again = rehearsal("appeal", "import", f"e.{kind}", *BY, "--json").value
    assert (again["kept"], again["known"], again["others"]) == (0, 5, [])
    other = Terminal(rehearsal.capsys, str(own / "other.db"))
    (own / "other.db").write_bytes(begun.read_bytes())
    assert other("appeal", "import", f"e.{kind}", *BY).code == 0
    other("appeal", "export", "o.jsonl")
    rehearsal("appeal", "export", "r.jsonl")
    lines = (own / "r.jsonl").read_text("utf-8").splitlines()
    assert (own / "o.jsonl").read_text("utf-8").splitlines() == lines
    kept = list(map(json.loads, lines))
    assert [row["区县"] for row in kept] == [
        "500103", "某处", "500106", "500101", "500102",
    ]  # fmt: skip
    assert [len(row["镇街"]) for row in kept] == [0, 0, 0, 9, 9]
    assert kept[0]["时间"] == "2026-01-05 23:59:55+08:00"
    assert {row["生命周期阶段"] for row in kept} == {"unemployment"}


def test_who_stops_an_import_is_told_what_is_kept(
    rehearsal: Terminal, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = written(own, 30)
    monkeypatch.setitem(read_appeals.__kwdefaults__ or {}, "portion", 10)
    count, honest = 0, Door.perform

    def stops(*args: object, **kwargs: object) -> object:
        nonlocal count
        count += 1
        if count == 3:
            raise KeyboardInterrupt
        return honest(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(Door, "perform", stops)
    stopped = rehearsal("appeal", "import", name, *BY)
    monkeypatch.undo()
    monkeypatch.chdir(own)
    assert stopped.code == 130
    assert "（记入 20 行）；再次导入同一文件即可接着办" in stopped.err
    said = rehearsal("appeal", "import", name, *BY, "--json").value
    assert (said["kept"], said["known"]) == (10, 20)
