"""What must not pass: a Chinese sentence, a way out, a code, nothing changed."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.shell.terminal import Terminal
from tests.shell.test_life_by_commands import PLAN, collected

COLLECT = [
    "item", "collect", "--origin", "problem", "--area", "general", "--unit", "500101",
]  # fmt: skip

APPEAL = [
    "appeal", "add", "--channel", "media", "--key", "k", "--district", "500101",
]  # fmt: skip


@dataclass(frozen=True)
class Collected:
    """An item that was just collected: its database, number and log's head."""

    file: Path
    number: str
    head: str


@pytest.fixture(scope="module")
def once() -> list[Collected]:
    """What the first test collected, for all that come after it."""
    return []


@pytest.fixture
def fresh(
    rehearsal: Terminal,
    own: Path,
    once: list[Collected],
    tmp_path_factory: pytest.TempPathFactory,
) -> Collected:
    """An item in a database of this test."""
    if not once:
        number = collected(rehearsal)
        head = rehearsal("audit", "verify", "--json").value["head"]
        file = tmp_path_factory.mktemp("collected") / "t.db"
        shutil.copy(own / "t.db", file)
        once.append(Collected(file, number, head))
    shutil.copy(once[0].file, own / "t.db")
    return once[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        # out of order, wrong role, stale version, missing facts
        (["item", "star", "N", "--expected", "1", "--low", "1", "--high", "1"], "不能“评星”"),
        (["item", "close", "N"], "此时可以"),
        (["item", "screen", "N", "--score", "紧迫性=90"], "缺少“根本性”的评分"),
        (["item", "screen", "N", "--score", "紧迫性=90", "--by", "op-500101"], "无权"),
        (["item", "screen", "N", "--score", "普遍性=90"], "不能填写"),
        (["item", "amend", "N", "--set", "title=x", "--seen", "7"], "已被他人改动"),
        (["item", "amend", "N", "--set", "unit=500106"], "不能更正"),
        (["item", "reject", "N", "--reason", "tired"], "没有理由代码"),
        (["item", "merge", "N", "--keep", "N"], "自身"),
        (["item", "cancel", "N", "--reason", "duplicate", "--second", "office-1"], "相同"),
        (["item", "show", "9999-000001"], "没有编号为"),
        # unfit words
        (["item", "screen", "N", "--score", "紧迫性"], "写法不对"),
        (["item", "screen", "N", "--score", "紧迫性=\u0669\u0660"], "不是整数"),
        (["item", "screen", "N", "--score", "勇气=90"], "可用"),
        (["item", "judge", "N", "--meeting", "m", "--answer", "想做=也许"], "既不是"),
        ([*COLLECT, "--title", "a\x07b"], "U+0007"),
        ([*COLLECT, "--title", "a\udc80b"], "U+DC80"),
        ([*COLLECT, "--title", "  "], "不能为空"),
        ([*COLLECT, "--title", "甲", "--description", "长" * 1_000_000], "超过20000个"),
        ([*COLLECT, "--title", "甲", "--on", "2199-01-01"], "晚于今天"),
        ([*COLLECT, "--title", "甲", "--on", "1026-01-03"], "不合情理"),
        ([*COLLECT, "--title", "甲", "--on", "2023-02-30"], "不是日期"),
        ([*COLLECT[:-1], "999999", "--title", "甲"], "没有代码或名称为"),
        ([*COLLECT[:-1], "江", "--title", "甲"], "可能是以下单位"),
        ([*APPEAL, "--who", "p1", "--text", "x", "--at", "2199-01-01"], "晚于现在"),
        ([*APPEAL, "--who", "p1", "--text", "x", "--at", "1970-01-01T08:00"], "不合情理"),
        ([*APPEAL, "--who", "13800138000", "--text", "x"], "须是代号"),
        # files
        (["item", "assign", "N", "--plan", "nowhere.yaml"], "文件不存在"),
        (["item", "assign", "N", "--plan", "wrong.yaml"], "不认识该项"),
        (["item", "attach", "N", "nowhere.jpg"], "读不了文件"),
        (["item", "list", "--state", "lost"], "不在可用的词之中"),
    ],
)  # fmt: skip
def test_it_is_refused_in_words_and_nothing_changes(
    rehearsal: Terminal, fresh: Collected, own: Path, words: list[str], said: str
) -> None:
    (own / "wrong.yaml").write_text(PLAN + "extra: 1\n", encoding="utf-8")
    told = [fresh.number if one == "N" else one for one in words]
    by = [] if "--by" in words or words[1] in {"show", "list"} else ["--by", "office-1"]
    answer = rehearsal(*told, *by)
    assert answer.code in {1, 2}
    assert said in answer.err
    assert "Traceback" not in answer.err
    after = rehearsal("audit", "verify", "--json").value
    assert (after["head"], after["findings"]) == (fresh.head, [])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["item", "judge"], "缺少参数"),
        (["item", "screen", "1", "--scor", "x"], "没有选项"),
        (["nonsense"], "没有命令"),
        (["item", "star", "1", "--expected", "101"], "不在范围"),
        (["item", "star", "1", "--expected", "好"], "不是合适的整数"),
        (["init", "--db", "mysql://x/y"], "不支持的数据库"),
        (["item", "list", "--db", "nowhere.db"], "打不开数据库文件"),
        (
            ["scheduler", "--rehearse", "2026-12-01", "x", "--db", "nowhere.db"],
            "不是日期",
        ),
    ],
)
def test_a_misused_command_says_how_to_use_it(
    rehearsal: Terminal, words: list[str], said: str
) -> None:
    answer = rehearsal.bare(*words)
    assert answer.code in {1, 2}
    assert said in answer.err
    assert "可以这样做" in answer.err


def test_a_production_database_accepts_no_given_time(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = Terminal(capsys, str(own / "real.db"))
    assert "没有岗位登记" in at("init").out
    answer = at("scheduler", "--rehearse", "2026-12-01", "2026-12-31")
    assert (answer.code, "不接受指定的时间" in answer.err) == (1, True)
    answer = at("demo", "--into", "d")
    assert (answer.code, "用途已定" in answer.err) == (1, True)


def test_a_production_database_knows_people_by_their_accounts(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = Terminal(capsys, str(own / "real.db"))
    at("init")
    answer = at(*COLLECT, "--title", "甲", "--by", "op-500101")
    assert answer.code == 1
    assert "没有登记岗位" in answer.err


def test_a_given_second_person_is_no_second_person_in_production(
    own: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from huimin_flow.shell.core.acting import account

    shutil.copytree(config, own / "config")
    people = own / "config" / "organization.yaml"
    text = people.read_text(encoding="utf-8")
    mine = f"{{id: office-1, unit: OFFICE, roles: [office], accounts: [{account()}]}}"
    people.write_text(
        text.replace("{id: office-1, unit: OFFICE, roles: [office]}", mine),
        encoding="utf-8",
    )
    at = Terminal(capsys, str(own / "real.db"))
    at("init")
    rules = own / "config" / "rules.yaml"
    text = rules.read_text(encoding="utf-8")
    milder = re.sub(r"(least_stars: \{value: )3", r"\g<1>2", text)
    assert milder != text
    rules.write_text(milder, encoding="utf-8")
    change = "规则·清单精选·最低星级  3   2   rules.selection.least_stars.value"
    assert change in at("rules", "diff").out
    words = ["rules", "activate"]
    assert "复核人用本人账户" in at(*words, "--second", "office-2").err
    asked = at(*words)
    assert "huimin proposal approve" in asked.out
    assert "启用规则库" in at("proposal", "list").out
    key, _, seen = asked.out.partition(" approve ")[2].split()
    shown = at("proposal", "show", key).out
    assert (seen in shown, change in shown) == (True, True)
    refused = at("proposal", "approve", key, "--seen", seen)
    assert "复核人不能与经办人相同" in refused.err
    assert at("proposal", "withdraw", key).code == 0


def test_a_broken_config_is_refused_whole_with_file_line_and_remedy(
    rehearsal: Terminal, own: Path, config: Path
) -> None:
    shutil.copytree(config, own / "config")
    rules = own / "config" / "rules.yaml"
    text = rules.read_text(encoding="utf-8").replace("value: 50", "value: 五十", 1)
    rules.write_text(text, encoding="utf-8")
    answer = rehearsal("rules", "check")
    assert answer.code == 1
    assert "rules.yaml 第" in answer.err
    assert "应为整数" in answer.err


@pytest.mark.parametrize(
    ("file", "fault"),
    [("huimin.yaml", "extra: 1\n"), ("lists/2023.yaml", "extra: 1\n")],
)
def test_nothing_is_founded_or_proposed_while_any_file_of_the_config_is_broken(
    rehearsal: Terminal, own: Path, config: Path, file: str, fault: str
) -> None:
    shutil.copytree(config, own / "config")
    with (own / "config" / file).open("a", encoding="utf-8") as broken:
        broken.write(fault)
    for words in (
        ["init", "--db", str(own / "new.db")],
        ["rules", "activate", "--db", rehearsal.database, "--by", "office-1",
         "--second", "office-2"],
    ):  # fmt: skip
        answer = rehearsal.bare(*words)
        assert answer.code == 1, words
        assert f"{file} 第" in answer.err
        assert "可以这样做" in answer.err
    assert not (own / "new.db").exists()


def test_what_was_refused_is_kept_and_shown(rehearsal: Terminal) -> None:
    rehearsal(*COLLECT, "--title", "写了很久的标题\x07", "--by", "office-1")
    shown = rehearsal.bare("drafts")
    assert "写了很久的标题" in shown.out
    kept = rehearsal.bare("drafts", "--json").value
    assert len(kept) == 1


def test_what_was_typed_without_options_is_kept_too(rehearsal: Terminal) -> None:
    words = ["item", "link", "2026-000009", "hotline_12333=A1", "media=B2"]
    assert rehearsal.bare(*words).code == 1
    (kept,) = rehearsal.bare("drafts", "--json").value
    assert kept["line"] == " ".join(words)
    for looks in (["item", "show", "2026-000009"], ["item", "close"], ["rating"]):
        assert rehearsal.bare(*looks).code
    assert len(rehearsal.bare("drafts", "--json").value) == 1
