"""The interactive shell: the same tree, completion, history, a real terminal."""

from __future__ import annotations

import io
import os
import pty
import select
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from huimin_flow.shell.core.acting import account
from huimin_flow.shell.core.place import Place
from huimin_flow.shell.core.prompt import completions, standing, words_of
from huimin_flow.shell.main import huimin
from tests.programs import Program
from tests.shell.terminal import Terminal
from tests.shell.test_life_by_commands import collected


def offered(text: str) -> list[str]:
    return [word for word, _, _ in completions(huimin, text)]


def test_commands_and_options_are_completed() -> None:
    assert offered("it") == ["item"]
    assert offered("huimin it") == ["item"]
    assert "screen" in offered("item ")
    assert offered("item scr") == ["screen"]
    assert "--score" in offered("item screen 2026-000001 --s")
    assert offered('item collect --title "没有') == []


def test_item_numbers_are_completed_from_the_database(
    rehearsal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = collected(rehearsal)
    monkeypatch.setenv("HUIMIN_DATABASE", rehearsal.database)
    found = list(completions(huimin, f"item show {number[:4]}"))
    assert [word for word, _, _ in found] == [number]
    assert found[0][1] == "零工市场缺少候工区"
    monkeypatch.setenv("HUIMIN_DATABASE", "nowhere.db")
    assert offered("item show 20") == []


def test_a_script_runs_line_by_line_and_keeps_the_worst_code(
    rehearsal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = (
        '# 注释\n\nitem list\nitem show 1\nhuimin item list\nitem show "x\n退出\nno\n'
    )
    monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
    answer = rehearsal("shell")
    assert answer.code == 2
    assert answer.out.count("编号") == 2
    assert "引号没有成对" in answer.err
    assert "没有编号为" in answer.err
    assert "没有命令" not in answer.err


def test_words_are_split_as_a_shell_does() -> None:
    assert words_of('item collect --title "零工 市场"') == [
        "item", "collect", "--title", "零工 市场",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="quotation"):
        words_of('"')


class Screen:
    """A real terminal: what is typed, and what it shows in its order."""

    def __init__(self, master: int) -> None:
        self.master = master
        self.ahead = ""

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def until(self, mark: str, patience: float = 20.0) -> str:
        """Return what the terminal shows up to a mark."""
        while mark not in self.ahead:
            ready, _, _ = select.select([self.master], [], [], patience)
            assert ready, f"waited for {mark!r}, saw {self.ahead!r}"
            self.ahead += os.read(self.master, 65536).decode(errors="ignore")
            if "\x1b[6n" in self.ahead:  # the cursor's place is asked for
                self.type("\x1b[1;1R")
                self.ahead = self.ahead.replace("\x1b[6n", "")
        shown, _, self.ahead = self.ahead.partition(mark)
        return shown


def wide(text: str) -> str:
    """Return ASCII as a Chinese input method writes it in full width."""
    return text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (f"item show {wide('2026-000002')}", ["item", "show", "2026-000002"]),
        (wide("item") + "\u3000" + wide("list"), ["item", "list"]),
        (f"{wide('--title')} “零工\u3000市场”", ["--title", "零工\u3000市场"]),
        (f"{wide('--title=')}“甲 乙” 丙", ["--title=甲 乙", "丙"]),
        ("——by office-1", ["--by", "office-1"]),
        ("—by=office-1", ["--by=office-1"]),
        ("x \u2018甲 乙\u2019 \uff02丙 丁\uff02", ["x", "甲 乙", "丙 丁"]),
        # A title keeps its full-width signs and its own quotation marks.
        (f"--title 零工{wide('(A,1)')}", ["--title", f"零工{wide('(A,1)')}"]),
        (f'--title "{wide("A,(B)")}"', ["--title", wide("A,(B)")]),
        (f"--title “{wide('A,(B)')}”", ["--title", wide("A,(B)")]),
        ("--title 关于“零工”市场", ["--title", "关于“零工”市场"]),
        ("--title “零工”市场", ["--title", "“零工”市场"]),
        ("--title “关于“零工”市场”", ["--title", "关于“零工”市场"]),
        ("--title 甲——乙 ——", ["--title", "甲——乙", "——"]),
    ],
)
def test_a_line_of_a_chinese_input_method_is_understood(
    line: str, words: list[str]
) -> None:
    assert words_of(line) == words


@pytest.mark.parametrize("line", ["--title “零工 市场", "--title=\uff02零工 市场"])
def test_an_open_chinese_quotation_mark_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="quotation"):
        words_of(line)


def test_full_width_words_are_completed() -> None:
    assert offered(wide("it")) == ["item"]
    answer = list(completions(huimin, "item list —js"))
    assert [(word, length) for word, _, length in answer] == [("--json", 3)]


@pytest.mark.parametrize("word", ["help", "?", "\uff1f", "帮助"])
def test_help_is_shown_for_words_that_ask_for_it(
    word: str, rehearsal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{word}\n{word} item judge\n"))
    answer = rehearsal("shell")
    assert answer.code == 0, answer.err
    whole, _, act = answer.out.partition("用法：huimin item judge")
    assert "用法：huimin [选项]" in whole
    assert "--answer" in act


@pytest.fixture
def prompt(rehearsal: Terminal, own: Path) -> Iterator[tuple[Screen, str]]:
    """The interactive shell in a real terminal: and an item's number."""
    number = collected(rehearsal)
    master, slave = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "100", "LINES": "40"}
    with Program(
        ["shell", "--db", rehearsal.database],
        stdin=slave, stdout=slave, stderr=slave, cwd=own, env=environment,
    ) as child:  # fmt: skip
        try:
            os.close(slave)
            screen = Screen(master)
            screen.until("惠民>")
            yield screen, number
            screen.type("\x03\x04")
            assert child.wait(20) == 0
        finally:
            child.kill()
    os.close(master)


def history_of(own: Path) -> str:
    return (own / "state" / "huimin" / "history").read_text(encoding="utf-8")


def test_a_real_terminal_offers_a_refused_line_by_the_arrow_only(
    prompt: tuple[Screen, str], own: Path
) -> None:
    screen, number = prompt
    screen.type("item sh\t")
    screen.until("ow")  # drawn alone where "sh" stands already
    screen.type(f" {number}\r")
    screen.until("已采集")
    screen.until("惠民>")
    screen.type(f"item close {number} --by office-1\r")
    screen.until("未执行")
    # The prompt is empty: the next line is not appended to the refused one.
    screen.until("惠民>")
    screen.type(f"item show {number}\r")
    screen.until("已采集")
    screen.until("惠民>")
    screen.type("\x1b[A\x1b[A")
    screen.until("--by office-1")
    screen.type("\x03")
    screen.until("惠民>")
    screen.type("item show 13800138000\r")
    screen.until("未执行")
    screen.until("惠民>")
    assert f"item show {number}" in history_of(own)
    assert "item show ***********" in history_of(own)
    assert "13800138000" not in history_of(own)
    assert (own / "state" / "huimin" / "history").stat().st_mode & 0o077 == 0


def test_the_bottom_line_says_who_on_which_database(
    rehearsal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HUIMIN_BY", raising=False)
    place = Place(rehearsal.database)
    assert (
        standing(place)
        == f"{account()}（未定岗位，请写 --by） | {place.database} | 推演库"
    )
    monkeypatch.setenv("HUIMIN_BY", "op-500101")
    assert standing(place) == f"op-500101 万州区 | {place.database} | 推演库"


def test_ctrl_c_keeps_what_was_typed(prompt: tuple[Screen, str], own: Path) -> None:
    screen, _ = prompt
    screen.type("item collect --title 零工市场")
    screen.until("市场")
    screen.type("\x03item list\r")
    screen.until("已采集")
    screen.until("惠民>")
    kept = [line for line in history_of(own).splitlines() if line.startswith("+")]
    assert kept == ["+item collect --title 零工市场", "+item list"]


def test_a_paste_stops_at_its_first_refused_line_and_keeps_the_rest(
    prompt: tuple[Screen, str], own: Path
) -> None:
    screen, number = prompt
    right, wrong = f"item show \\\n{number}", "item show 2026-000077"
    rest = [f"item history {number} # {line}" for line in range(37)]
    paste = "\n".join([right, right, wrong, *rest])
    screen.type(f"\x1b[200~{paste}\x1b[201~\r")
    shown = screen.until("其后37行未执行")
    assert shown.count("已采集") == 2
    shown = screen.until(f"{rest[-1]}\r\n")
    assert "规则结论" not in shown  # none of them ran
    screen.until("惠民>")
    kept = history_of(own).rpartition("\n#")[2]
    assert [line[1:] for line in kept.splitlines()[1:]] == [wrong, *rest]
