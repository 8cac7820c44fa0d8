"""Tables fit the terminal; options have variables; --csv and --read-only."""

from __future__ import annotations

import csv
import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from huimin_flow.catalogue.typography import full_width
from huimin_flow.shell.core.acting import account
from huimin_flow.shell.core.screens import Table
from huimin_flow.shell.main import huimin
from tests.programs import Program
from tests.shell.terminal import Terminal
from tests.shell.test_life_by_commands import collected

LONG = "工作专班办公室（局办公室与局行风办合署）"
TITLE = "零工市场缺少遮雨候工区，高温与雨天候工的群众无处可去，希望尽快增设"

#: Options of whole commands, and the environment variable that each has.
VARIABLES = {
    "--db": "HUIMIN_DATABASE",
    "--config": "HUIMIN_CONFIG",
    "--json": "HUIMIN_JSON",
    "--csv": "HUIMIN_CSV",
    "--read-only": "HUIMIN_READ_ONLY",
    "--now": "HUIMIN_NOW",
    "--by": "HUIMIN_BY",
}

cells = st.text(st.sampled_from("甲乙(ab1 -é…\u3000\U0001f600"), max_size=70)


@given(st.lists(st.tuples(cells, cells, cells)), st.sampled_from([60, 80]))
def test_no_line_is_wider_than_the_terminal(
    rows: list[tuple[str, str, str]], room: int
) -> None:
    known = [(f"甲 {first}", f"乙 {second}", text) for first, second, text in rows]
    lines = list(Table(("编号", "单位", "内容"), known).lines(room))
    assert all(wcswidth(line) <= room for line in lines)
    heads = lines[0].split()
    assert heads == ["编号", "单位", "内容"]  # never cut


CODES = st.from_regex(r"[A-Z][A-Z0-9/-]{0,28}[0-9]", fullmatch=True)


@given(st.lists(st.tuples(CODES, CODES, cells)), st.sampled_from([40, 60, 80]))
def test_codes_days_and_numbers_are_never_cut(
    rows: list[tuple[str, str, str]], room: int
) -> None:
    shown = "\n".join(Table(("编号", "期限", "单位"), rows).lines(room))
    for first, second, _ in rows:
        assert first in shown
        assert second in shown


def test_codes_that_do_not_fit_stand_below_each_other() -> None:
    head = ("期限", "是否超期", "类别", "下一步", "编号", "清单", "何时起")
    row = ("2022-11-18", "超期", "整改", "答复", "R0003208", "list/2023/city", "—")
    lines = list(Table(head, [row]).lines(60))
    assert lines == [
        f"{name}：{cell}" for name, cell in zip(head, row, strict=True)
    ] + [""]


def test_a_text_is_continued_at_a_blank_or_between_chinese_characters() -> None:
    rows = [("2023-000001", "楼宇集中区 R0003208 整改 report progress")]
    assert list(Table(("编号", "名称"), rows).lines(30))[1:] == [
        "2023-000001  楼宇集中区",
        "             R0003208 整改",
        "             report progress",
    ]


@given(st.lists(st.tuples(cells, cells)))
def test_a_text_that_says_what_to_do_is_whole(rows: list[tuple[str, str]]) -> None:
    lines = list(Table(("原因", "可以这样做"), rows).lines(60))[1:]
    shown = "".join("".join(lines).split())
    whole = (full_width(cell) for row in rows for cell in row)
    assert sorted(shown) == sorted("".join("".join(whole).split()))


def test_long_names_and_titles_are_cut_and_codes_are_not() -> None:
    rows = [("2026-000001", "已采集", LONG, "", TITLE)]
    head = ("编号", "状态", "单位", "星级", "标题")
    assert list(Table(head, rows).lines(60)) == [
        "编号         状态    单位             星级  标题",
        "2026-000001  已采集  工作专班办公室…        零工市场缺少遮…",
    ]
    (_, line) = Table(head, rows).lines(None)
    assert LONG in line
    assert TITLE in line


def test_a_heading_that_does_not_fit_stands_beside_each_cell() -> None:
    head = tuple(f"第{place}列的名称" for place in range(8))
    lines = list(Table(head, [tuple(range(8))]).lines(60))
    assert lines == [f"第{place}列的名称：{place}" for place in range(8)] + [""]


@pytest.mark.parametrize("columns", [60, 80])
def test_a_real_terminal_shows_tables_in_its_width(
    rehearsal: Terminal, own: Path, columns: int
) -> None:
    collected(rehearsal, TITLE)
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {key: value for key, value in os.environ.items() if key != "COLUMNS"}
    listing = ("item", "list", "--db", rehearsal.database)
    with Program(listing, stdin=slave, stdout=slave, cwd=own, env=environment) as child:
        assert child.wait(30) == 0
    os.close(slave)
    lines = os.read(master, 65536).decode().split("\r\n")
    os.close(master)
    assert lines[0].split() == ["编号", "状态", "单位", "星级", "标题"]
    assert all(wcswidth(line) <= columns for line in lines)
    assert lines[1].endswith("…")


def commands(command: click.Command) -> Iterator[click.Command]:
    if isinstance(command, click.Group):
        for part in command.commands.values():
            yield from commands(part)
    else:
        yield command


def test_every_global_option_has_a_variable_that_its_help_names() -> None:
    seen = set()
    for command in commands(huimin):
        with click.Context(command) as context:
            shown = "".join(command.get_help(context).split())
        for option in command.params:
            for name in set(option.opts) & set(VARIABLES):
                seen.add(name)
                assert f"环境变量：{VARIABLES[name]}]" in shown, command.name
    assert seen == set(VARIABLES)


def test_variables_are_options(
    rehearsal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = collected(rehearsal)
    shown = rehearsal("item", "show", number, "--json").value
    monkeypatch.setenv("HUIMIN_JSON", "1")
    assert rehearsal("item", "show", number).value == shown
    assert rehearsal("item", "show", "7").err.startswith('{"error"')
    monkeypatch.setenv("HUIMIN_JSON", "0")
    monkeypatch.setenv("HUIMIN_CSV", "1")
    assert rehearsal("item", "show", number).out.startswith("项目,内容\n")
    monkeypatch.setenv("HUIMIN_CSV", "是")
    assert "不是 1 或 0" in rehearsal("item", "show", number).err
    monkeypatch.delenv("HUIMIN_CSV")
    monkeypatch.setenv("HUIMIN_BY", "op-500101")
    monkeypatch.setenv("HUIMIN_NOW", "2031-05-06T09:30")
    act = ("item", "attach", number, sys.executable)
    assert "此刻按推演的时间：2031-05-06 09:30" in rehearsal(*act).err
    assert account() not in rehearsal(*act).err
    monkeypatch.delenv("HUIMIN_BY")
    assert f"账户“{account()}”" in rehearsal(*act).err, rehearsal(*act)


def test_a_table_is_written_as_csv_without_formulas(rehearsal: Terminal) -> None:
    number = collected(rehearsal, "=1+2,甲")
    answer = rehearsal("item", "list", "--csv")
    rows = list(csv.DictReader(answer.out.splitlines()))
    assert [(row["编号"], row["单位"], row["标题"]) for row in rows] == [
        (number, "万州区", "'=1+2,甲")
    ]
    assert rehearsal("list", "list", "--csv").out == "清单编号,类别,状态,版次,事项数\n"
    history = rehearsal("item", "history", number, "--csv").out
    assert history.startswith("#,时间,步骤")
    both = rehearsal("item", "list", "--csv", "--json")
    assert both.code == 2
    assert "--json 与 --csv 只能用一个" in both.err


def test_read_only_refuses_every_change(rehearsal: Terminal) -> None:
    number = collected(rehearsal)
    before = Path(rehearsal.database).read_bytes()
    act: tuple[str, ...] = ("item", "collect", "--title", "甲", "--origin", "problem")
    act += ("--area", "employment", "--unit", "500101", "--by", "op-500101")
    for words in (act, ("timetable", "run"), ("init", "--rehearsal")):
        refused = rehearsal(*words, "--read-only")
        assert refused.code == 1
        assert "只读：这条命令要改动数据库" in refused.err
    assert rehearsal("item", "show", number, "--read-only").code == 0
    assert Path(rehearsal.database).read_bytes() == before


HOW_TO = Path(__file__).parents[3] / "docs" / "how-to" / "complete-commands.md"


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["ite"], ["item"]),
        (["item", "scr"], ["screen"]),
        (["item", "list", "--read"], ["--read-only"]),
        (["item", "show", "20"], ["2026-000001"]),
    ],
)
def test_the_documented_line_makes_bash_complete(
    rehearsal: Terminal, own: Path, words: list[str], offered: list[str]
) -> None:
    number = collected(rehearsal)
    line = HOW_TO.read_text("utf-8").partition("```bash\n")[2].partition("\n```")[0]
    ask = "_huimin_completion huimin; printf '%s\\n' \"${COMPREPLY[@]}\""
    script = f"{line}\nCOMP_WORDS=(huimin {' '.join(words)})\nCOMP_CWORD={len(words)}"
    scripts = Path(sys.executable).parent
    environment = os.environ | {
        "PATH": f"{scripts}:{os.environ['PATH']}",
        "HUIMIN_DATABASE": rehearsal.database,
    }
    answer = subprocess.run(
        ["bash", "-c", f"{script}\n{ask}"],
        cwd=own, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert answer.stderr == ""
    assert answer.stdout.splitlines() == [
        number if word == "2026-000001" else word for word in offered
    ]


@pytest.mark.parametrize("name", ["zsh", "fish"])
def test_other_shells_have_a_script_too(
    name: str, rehearsal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_HUIMIN_COMPLETE", f"{name}_source")
    answer = rehearsal.bare()
    assert answer.code == 0
    assert "_huimin_completion" in answer.out
    assert f"_HUIMIN_COMPLETE={name}_source huimin" in HOW_TO.read_text("utf-8")


def test_tables_of_drafts_audit_and_changes_are_written_as_csv(
    rehearsal: Terminal,
) -> None:
    assert rehearsal.bare("drafts", "--csv").out.startswith("时间,原因,输入\n")
    number = collected(rehearsal)
    replayed = rehearsal("audit", "replay", number, "--csv").out.splitlines()
    assert replayed[0].startswith("#,时间,步骤,")
    assert replayed[1].startswith("1,")
    assert len(replayed) == 2
    flaws = "异常,位置,说明,依据\n"
    assert rehearsal("audit", "verify", "--csv").out == flaws
    assert rehearsal("rules", "diff", "--csv").out == "项目,原,新,键\n"
