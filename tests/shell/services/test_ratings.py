"""Ratings by commands: taken from files, shown, and the bad ones followed up."""

from __future__ import annotations

import csv
import gc
import json
from pathlib import Path
from typing import Any

import pytest

from tests.shell.terminal import Said, Terminal

HEAD = "办件编号,单位,事项,渠道,评价,时间,窗口,人员,评价人"
BY = ("--by", "office-1")


def row(number: object, level: str = "满意", **more: str) -> str:
    usual = {
        "unit": "500101", "item": "startup_grant", "channel": "app",
        "at": "2026-10-09 10:00", "window": "", "person": "", "who": "w1",
    } | more  # fmt: skip
    return ",".join(
        [
            f"T{number}", usual["unit"], usual["item"], usual["channel"], level,
            usual["at"], usual["window"], usual["person"], usual["who"],
        ]
    )  # fmt: skip


def written(own: Path, *rows: str, name: str = "r.csv", encoding: str = "utf-8") -> str:
    text = "\n".join([HEAD, *rows]) + "\n"
    (own / name).write_text(text, encoding=encoding)
    return name


def taken(at: Terminal, own: Path, *rows: str) -> Said:
    return at("rating", "import", written(own, *rows), *BY, "--json")


def test_a_file_is_taken_once_however_often_it_comes(
    rehearsal: Terminal, own: Path
) -> None:
    first = taken(rehearsal, own, row(1), row(2, "不满意"))
    assert (first.code, first.value["kept"]) == (0, 2)
    again = rehearsal("rating", "import", "r.csv", *BY)
    assert again.code == 0
    assert "记入 0 行，已有 2 行，未收 0 行" in again.out
    assert not (own / "r.refused.csv").exists()


def test_an_import_says_what_it_kept_by_level_and_takes_no_bare_digit(
    rehearsal: Terminal, own: Path
) -> None:
    rows = [row(1, "1"), row(2, "5星"), row(3, "不满意"), row(4, "不满意")]
    said = rehearsal("rating", "import", written(own, *rows), *BY)
    assert said.code == 1
    assert "非常满意 1 · 满意 0 · 基本满意 0 · 不满意 2 · 非常不满意 0" in said.out
    assert "没有写明渠道“app”的评价代码“1”是哪一级" in said.out
    assert rehearsal("rating", "show", "2026-10", "--json").value[0]["levels"] == {
        "very_satisfied": 1, "satisfied": 0, "fairly_satisfied": 0,
        "dissatisfied": 2, "very_dissatisfied": 0,
    }  # fmt: skip


def test_a_line_of_a_comment_forges_no_rating(rehearsal: Terminal, own: Path) -> None:
    forged = row("FORGED", "5星")
    text = f'{HEAD},评价内容\n{row(2, "1星")},"太慢了\n{forged},\n谢谢"\n'
    (own / "r.csv").write_text(text, encoding="utf-8")
    said = rehearsal("rating", "import", "r.csv", *BY, "--json")
    assert (said.code, said.value["kept"], said.value["refused"]) == (0, 1, 0)
    assert said.value["levels"]["very_dissatisfied"] == 1


def test_every_refused_row_is_named_counted_and_kept_beside(
    rehearsal: Terminal, own: Path
) -> None:
    rows = [
        row(1),
        row(2, item="nothing"),
        row(3, window="W99"),
        row(4, "还行"),
        row(5, at="2999-01-01 10:00"),
        row(1, "不满意"),
        row(7, unit="999999"),
        row(8, channel="pigeon"),
        row(9, at="昨天"),
        "=cmd,too,few",
    ]
    found = taken(rehearsal, own, *rows)
    assert found.code == 1
    assert found.value["kept"] == 1
    assert sum(found.value["reasons"].values()) == found.value["refused"] == 9
    assert found.value["reasons"]["duplicate_transaction"] == 1
    with (own / "r.refused.csv").open(encoding="utf-8-sig", newline="") as file:
        kept = list(csv.reader(file))
    assert [int(one[0]) for one in kept[1:]] == list(range(3, 12))
    assert kept[0] == ["行", "未收的原因", *HEAD.split(",")]
    assert kept[-1][2:] == ["'=cmd", "too", "few"]
    assert (own / "r.refused.csv").stat().st_mode & 0o077 == 0
    told = rehearsal("rating", "import", "r.csv", *BY)
    assert told.code == 1
    assert "第" not in told.err
    assert "没有服务事项" in told.out


def test_a_file_that_was_cut_gives_its_whole_rows(
    rehearsal: Terminal, own: Path
) -> None:
    whole = "\n".join([HEAD, row(1), row(2)])
    (own / "r.csv").write_text(whole[:-8], encoding="utf-8")
    found = rehearsal("rating", "import", "r.csv", *BY, "--json")
    assert (found.code, found.value["kept"]) == (1, 1)
    assert list(found.value["reasons"]) == ["line_cut"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("r.xlsx", b"x", "不是能打开的"),
        ("r.docx", b"x", "不支持的文件"),
        ("r.xls", b"<html><table>", "网页"),
        ("r.csv", b"", "r.csv 是空的"),
        ("r.csv", b"\xff\xff\xff", "编码"),
        ("none.csv", None, "文件不存在"),
    ],
)
def test_a_file_that_cannot_be_read_changes_nothing(
    name: str, content: bytes | None, said: str, rehearsal: Terminal, own: Path
) -> None:
    if content is not None:
        (own / name).write_bytes(content)
    refused = rehearsal("rating", "import", name, *BY)
    assert refused.code == 1
    assert said in refused.err
    assert "Traceback" not in refused.err


def test_who_may_not_import_is_refused(rehearsal: Terminal, own: Path) -> None:
    refused = rehearsal(
        "rating", "import", written(own, row(1)), "--by", "auditor-1", "--json"
    )
    assert refused.code == 1
    assert json.loads(refused.err)["error"] == "StepRefused"


def test_a_units_operator_brings_the_ratings_of_that_unit_alone(
    rehearsal: Terminal, own: Path
) -> None:
    name = written(own, row(1), row(2, unit="500102"))
    found = rehearsal("rating", "import", name, "--by", "op-500101", "--json")
    assert (found.code, found.value["kept"]) == (1, 1)
    assert found.value["reasons"] == {"other_unit": 1}


def test_ctrl_c_keeps_whole_batches_and_says_where_to_go_on(
    rehearsal: Terminal, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huimin_flow.exchange.services import ratings
    from huimin_flow.flow.facets import Ratings

    begun: list[int] = []
    usual: Any = Ratings.add

    def interrupted(*args: object, **kwargs: object) -> object:
        if begun:
            raise KeyboardInterrupt
        begun.append(1)
        return usual(*args, **kwargs)

    monkeypatch.setattr(
        ratings.read_ratings, "__kwdefaults__", {"portion": 2, "how": None}
    )
    monkeypatch.setattr(Ratings, "add", interrupted)
    name = written(own, *(row(k) for k in range(5)))
    stopped = rehearsal("rating", "import", name, *BY)
    assert stopped.code == 130
    assert "前 3 行已办完（记入 2 行）" in stopped.err
    monkeypatch.setattr(Ratings, "add", usual)
    rest = rehearsal("rating", "import", name, *BY, "--json")
    assert (rest.value["kept"], rest.value["known"]) == (3, 2)
    assert rehearsal("audit", "verify").code == 0


def test_an_import_leaves_the_search_for_garbage_as_it_was(
    rehearsal: Terminal, own: Path
) -> None:
    frozen = gc.get_freeze_count()
    assert gc.isenabled()
    taken(rehearsal, own, row(1))
    assert gc.isenabled()
    # a frozen object may be freed, but not thawed
    assert frozen - 1_000 < gc.get_freeze_count() <= frozen
    gc.disable()
    try:
        taken(rehearsal, own, row(2))
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_ratings_say_is_shown(rehearsal: Terminal, own: Path) -> None:
    at = rehearsal
    assert taken(at, own, row(1), row(2, "不满意"), row(3, "5星")).code == 0
    shown = at("rating", "show", "2026-10")
    assert "66.67%" in shown.out
    assert at("rating", "show", "2026-10", "--per", "item", "--json").value
    assert "没有评价" in at("rating", "show", "2020-01").out
    assert "缺" in at("rating", "coverage", "2026-10", "2026-10").out
    assert at("rating", "coverage", "2026-10", "2026-10", "--all", "--json").value
    assert "减跑动" in at("rating", "savings", "2026").out
    for words in (["show", "2026-13"], ["coverage", "2026-10", "x"]):
        assert at("rating", *words).code == 1


def test_a_call_back_to_come_is_refused_by_its_own_name(
    rehearsal: Terminal, own: Path
) -> None:
    assert taken(rehearsal, own, row(1, "不满意")).code == 0
    words = ["rating", "answer", "T1", "--text", "已改进", "--by", "op-500101"]
    early = rehearsal(*words, "--called-back", "2199-01-01").err
    assert "回访日期2199-01-01晚于今天" in early
    assert "最早" not in early


def test_a_bad_rating_is_answered_and_verified(rehearsal: Terminal, own: Path) -> None:
    at = rehearsal
    assert taken(at, own, row(1, "不满意")).code == 0
    assert "待整改" in at("rating", "bad").out
    words = ["rating", "answer", "T1", "--text", "已改进", "--by", "op-500101"]
    assert at(*words, "--called-back", "2026-10-10").code == 0
    checked = at("rating", "verify", "T1", "--finding", "属实", *BY)
    assert "已核实" in checked.out, checked.err
    assert "没有待办的差评" in at("rating", "bad").out
    assert "回访率 100.00%" in at("rating", "callback", "2026-10").out


def test_an_answer_without_its_call_back_is_told_what_is_still_due(
    rehearsal: Terminal, own: Path
) -> None:
    at = rehearsal
    assert taken(at, own, row(1, "不满意"), row(2, "不满意", who="")).code == 0
    waits = at("todo", "--by", "op-500101").out
    assert waits.count("尚缺回访日期") == 1
    answer = ["--text", "已改进", "--by", "op-500101"]
    named, nobody = (at("rating", "answer", key, *answer) for key in ("T1", "T2"))
    assert (named.code, nobody.code) == (0, 0)
    assert "T1 已答复（第1版）" in named.out
    assert "还须写明回访日期" in named.out
    assert "回访" not in nobody.out
    assert "尚缺回访日期" in at("todo", *BY).out


def test_a_wrong_call_back_is_refused_for_what_is_wrong_with_it(
    rehearsal: Terminal, own: Path
) -> None:
    at = rehearsal
    assert taken(at, own, row(1, "不满意"), row(2, "不满意", who="")).code == 0
    answer = ["--text", "已改进", "--by", "op-500101", "--called-back"]
    early = at("rating", "answer", "T1", *answer, "2026-10-08")
    assert "回访日期2026-10-08早于评价的2026-10-09" in early.err
    assert "匿名" not in early.err
    nobody = at("rating", "answer", "T2", *answer, "2026-10-10")
    assert "匿名的，无法回访" in nobody.err
    assert (early.code, nobody.code) == (1, 1)


def test_a_mistaken_rating_is_set_aside_by_two_people(
    rehearsal: Terminal, own: Path
) -> None:
    at = rehearsal
    assert taken(at, own, row(1, "不满意"), row(2, "不满意")).code == 0
    for number in ("T1", "T2"):
        done = at(
            "rating", "object", number, "--kind", "误评", "--reason", "按错键",
            "--by", "op-500101",
        )  # fmt: skip
        assert done.code == 0, done.err
    settle = ["--finding", "误评属实", "--set-aside", *BY]
    asked = at("rating", "settle", "T1", *settle, "--seen", "1", "--json").value
    assert asked["values"]["version"] == "1"
    assert "T1" in at("proposal", "list").out
    seen = ["--seen", asked["seen"], "--by", "office-2"]
    assert at("proposal", "approve", asked["key"], *seen).code == 0
    both = at("rating", "settle", "T2", *settle, "--second", "office-2")
    assert "不计差评" in both.out, both.err
    assert "没有待办的差评" in at("rating", "bad").out
    assert at("audit", "verify").code == 0


def test_a_bad_ratings_step_out_of_order_is_refused(
    rehearsal: Terminal, own: Path
) -> None:
    at = rehearsal
    assert taken(at, own, row(1, "不满意"), row(2)).code == 0
    for words in (
        ["verify", "T1", "--finding", "x", *BY],
        ["settle", "T1", "--finding", "x", *BY],
        ["answer", "T2", "--text", "x", *BY],
        ["answer", "T9", "--text", "x", *BY],
        ["answer", "T1", "--text", "", *BY],
        ["object", "T1", "--kind", "不服", "--reason", "x", *BY],
    ):
        refused = at("rating", *words)
        assert refused.code == 1, words
        assert "可以这样做" in refused.err or "未执行" in refused.err
        assert "事项" not in refused.err, words


def test_nobody_is_asked_to_confirm_what_cannot_be_set_aside(
    rehearsal: Terminal, own: Path
) -> None:
    at = rehearsal
    assert taken(at, own, row(1, "不满意"), row(2), row(3, "不满意")).code == 0
    objection = ["--kind", "误评", "--reason", "按错键", "--by", "op-500101"]
    assert at("rating", "object", "T1", *objection).code == 0
    aside = ["--finding", "误评属实", "--set-aside", "--by"]
    for words, why in (
        (["T9", *aside, "office-1"], "没有办件"),
        (["T2", *aside, "office-1"], "不是差评"),
        (["T3", *aside, "office-1"], "待整改"),
        (["T1", *aside, "head-500101"], "当事单位"),
        (["T1", *aside, "head-500102"], "无权处理"),
        (["T1", "--finding", " ", "--set-aside", "--by", "office-1"], "不能为空"),
        (["T1", *aside, "office-1", "--seen", "9"], "第9版"),
    ):
        refused = at("rating", "settle", *words)
        assert refused.code == 1, words
        assert why in refused.err
    assert at("proposal", "list", "--json").rows == []


def test_screens_say_names_and_sums(rehearsal: Terminal, own: Path) -> None:
    at = rehearsal
    rows = [row(1, "不满意"), row(2, item="一次性创业补助"), row(3, window="W01")]
    rows = [one.replace("2026-10-09 10:00", "2026/10/9 9:05") for one in rows]
    assert taken(at, own, *rows).code == 0
    assert "万州区" in at("rating", "show", "2026-10").out
    assert "一次性创业补助" in at("rating", "show", "2026-10", "--per", "item").out
    assert "APP" in at("rating", "show", "2026-10", "--per", "channel").out
    assert "万州区 W01" in at("rating", "show", "2026-10", "--per", "window").out
    missing = at("rating", "coverage", "2026-10", "2026-10").out
    assert "实体大厅评价器" in missing
    assert "hall_device" not in missing
    assert "万州区" in at("rating", "bad").out
    saved = at("rating", "savings", "2026")
    units = at("rating", "savings", "2026", "--json").value
    last = saved.out.splitlines()[-1].split()
    assert last[0] == "合计"
    assert int(last[-1]) == sum(one["visits"] for one in units)
    listed = at("rating", "items").out
    for word in ("startup_grant", "免申即享", "5→2", "一次性创业补助"):
        assert word in listed
    some = at("rating", "items", "--unit", "AG-SBJ", "--json").value
    assert {one["unit"] for one in some} == {"AG-SBJ"}
    called = at("rating", "callback", "2026-10")
    assert "100%" in called.out
    assert called.out.splitlines()[-1].split()[-1] == "万州区"
    told = at("rating", "callback", "2026-10", "--json").value
    assert [one["unit"] for one in told["units"]] == ["500101"]
    lone = at("rating", "callback", "2026-10", "--unit", "500101", "--json").value
    assert (lone["whole"], lone["units"]) == (told["whole"], [])


def test_what_is_wrong_with_a_file_is_said_in_officials_words(
    rehearsal: Terminal, own: Path
) -> None:
    (own / "r.csv").write_text("单位,事项\n", encoding="utf-8")
    refused = rehearsal("rating", "import", "r.csv", *BY)
    assert "缺少：办件编号（transaction）、渠道（channel）" in refused.err
    found = rehearsal("rating", "import", written(own, row("", who="张三")), *BY)
    assert "“评价人”像是姓名" in found.out
    folder = rehearsal("rating", "import", ".", *BY)
    assert "是目录，不是文件：。" in folder.err


def test_many_bad_ratings_are_shown_by_the_screenful(
    rehearsal: Terminal, own: Path
) -> None:
    at = rehearsal
    assert taken(at, own, *(row(k, "不满意") for k in range(60))).code == 0
    shown = at("rating", "bad").out
    assert shown.splitlines()[-1] == "另有 10 条"
    assert len(shown.splitlines()) == 52
    assert at("rating", "bad", "--limit", "7").out.splitlines()[-1] == "另有 53 条"
    assert len(at("rating", "bad", "--json").rows) == 60
    assert len(at("rating", "bad", "--limit", "7", "--json").rows) == 7
    assert "另有" not in at("rating", "bad", "--limit", "60").out
