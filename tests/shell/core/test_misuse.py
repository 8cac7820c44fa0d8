"""What click can't read is refused in one Chinese sentence, with what mends it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest

from huimin_flow.catalogue.typography import full_width
from huimin_flow.shell.core.usage import meant
from huimin_flow.shell.main import huimin, invoke
from tests.shell.terminal import Terminal

#: A command line, what is said of it, and what stands in its remedy.
KINDS = [
    pytest.param(
        ["item", "adjust", "1"],
        "缺少选项“--recommendation”",
        "请补上“--recommendation”:处理建议:继续实施、",
        id="no option",
    ),
    pytest.param(
        ["item", "show"], "缺少参数“事项编号”", "请补上“事项编号”", id="no argument"
    ),
    pytest.param(
        ["item", "link", "1"],
        "缺少参数“渠道=诉求编号”",
        "请补上“渠道=诉求编号”",
        id="none of many arguments",
    ),
    pytest.param(
        ["rating", "show", "2023-01", "--per", "x"],
        "“--per”的值不对:“x”不在可用的值之中",
        "可用的值:unit、item、channel、window、person",
        id="no such choice",
    ),
    pytest.param(
        ["item", "list", "--limit", "多"],
        "“--limit”的值不对:“多”不是合适的整数",
        "请写不小于 1 的整数",
        id="no number",
    ),
    pytest.param(
        ["item", "star", "1", "--expected", "200"],
        "“--expected”的值不对:“200”不在范围之内",
        "请写 0 到 100 的整数",
        id="out of range",
    ),
    pytest.param(
        ["rating", "savings", "1"],
        "“年份”的值不对:“1”不在范围之内",
        "请写 2000 到 2999 的整数",
        id="argument out of range",
    ),
    pytest.param(
        ["item", "x"],
        "没有命令“x”",
        "可用的命令:adjust、advise、amend、",
        id="no such command",
    ),
    pytest.param(
        ["itm", "list"],
        "没有命令“itm”",
        "请看是否要用“item”;用法见 huimin --help",
        id="command with a hint",
    ),
    pytest.param(["item", "list", "-x"], "没有选项“-x”", "用法见", id="no such option"),
    pytest.param(
        ["item", "list", "--limt", "3"],
        "没有选项“--limt”",
        "请看是否要用“--limit”或“--list”或“--unit”",
        id="option with hints",
    ),
    pytest.param(
        ["item", "list", "甲", "乙"],
        "多了参数“甲 乙”",
        "含空格的值请用引号括起来",
        id="too many arguments",
    ),
    pytest.param(
        ["item", "list", "--limit"],
        "选项“--limit”须带一个值",
        "请补上“--limit”:最多",
        id="option without its value",
    ),
    pytest.param(
        ["scheduler", "--rehearse", "2026-12-01"],
        "选项“--rehearse”须带 2 个值",
        "请补上“--rehearse”:在推演库上",
        id="option with too few values",
    ),
    pytest.param(
        ["item", "list", "--json=3"],
        "选项“--json”不带值",
        "请只写“--json”",
        id="flag with a value",
    ),
    pytest.param(
        ["audit", "replay"],
        "请给出一个编号或名称,或用 --all 重放全部",
        "用法见",
        id="our own",
    ),
]


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize(("line", "said", "remedy"), KINDS)
def test_what_cannot_be_read_is_refused_in_one_chinese_sentence(
    line: list[str], said: str, remedy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke(line) == 2
    told, ways, *_ = capsys.readouterr().err.splitlines()
    assert told == f"命令有误：{full_width(said)}"
    assert ways.startswith("可以这样做：")
    assert full_width(remedy) in ways
    command, path = meant(huimin, line)
    assert ways.endswith(f"用法见 {' '.join(('huimin', *path))} --help")
    assert _foreign(told, line, command) == set()
    assert _foreign(ways, ["huimin", "--help", *path, *line], command) == set()
    assert not re.search("['\"`]", told + ways)


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize(("line", "said", "remedy"), KINDS)
def test_a_machine_is_told_the_same(
    line: list[str], said: str, remedy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    begun = list(line)
    begun.insert(1, "--json")  # wherever it stands
    if isinstance(huimin.commands.get(line[0]), click.Group) and len(line) > 1:
        begun = [*line[:2], "--json", *line[2:]]
    if line[0] == "itm" or line[1] == "x":
        begun = [*line, "--json"]
    assert invoke(begun) == 2
    told = json.loads(capsys.readouterr().err)
    assert told["message"] == f"命令有误:{said}"
    assert remedy in told["remedy"]


def _foreign(text: str, line: list[str], command: click.Command) -> set[str]:
    """Return the Latin words of a text that name no command, option or value."""
    known = {*line, *(one.split("=")[0] for one in line)}
    for one in command.params:
        known |= {*one.opts}
        if isinstance(one.type, click.Choice):
            known |= set(one.type.choices)
    if isinstance(command, click.Group):
        known |= set(command.commands)
    return set(re.findall(r"-*[A-Za-z][A-Za-z-]*", text)) - known


def test_a_file_that_cannot_be_read_or_written_is_named_with_the_reason_in_words(
    rehearsal: Terminal, own: Path
) -> None:
    made = rehearsal(
        "item", "collect", "--title", "零工市场缺少遮雨候工区", "--origin", "problem",
        "--area", "employment", "--unit", "500101", "--by", "op-500101", "--json",
    ).value  # fmt: skip
    for line in (
        ["progress", "import", str(own / "无.xlsx"), "--by", "op-500101"],
        ["item", "attach", made["number"], str(own / "无.jpg"), "--by", "op-500101"],
        ["item", "attach", made["number"], str(own), "--by", "op-500101"],
        ["report", "site", "--into", str(own / "t.db" / "页")],
    ):
        refused = rehearsal(*line)
        assert refused.code == 1
        told = refused.err.splitlines()
        if told[0].startswith("推演库"):  # a page of a rehearsal says its moment
            told.pop(0)
        words = told[0].replace(str(own), "").replace(own.name, "")
        for known in ("无.xlsx", "无.jpg", "t.db", "json", "YAML"):
            words = words.replace(known, "")
        assert not re.search("['\"`A-Za-z]", words), words
        assert told[1].startswith("可以这样做：")


def test_a_group_alone_shows_what_is_in_it(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke(["item"]) == 2
    told = capsys.readouterr().err
    assert told.startswith("用法：huimin item")
    assert "collect" in told
    assert "命令有误" not in told
    assert not (own / "state").exists() or not list((own / "state").rglob("*.json"))
