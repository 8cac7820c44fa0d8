"""The interactive shell: the same tree, completion, history, a real terminal."""

from __future__ import annotations

import io
import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest

from huimin_flow.shell.core.prompt import completions, words_of
from huimin_flow.shell.main import huimin
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


def read_until(master: int, mark: str, patience: float = 20.0) -> str:
    """Read what the terminal shows until a mark appears."""
    shown = ""
    while mark not in shown:
        ready, _, _ = select.select([master], [], [], patience)
        assert ready, f"waited for {mark!r}, saw {shown!r}"
        shown += os.read(master, 65536).decode(errors="replace")
        if "\x1b[6n" in shown:  # the cursor's place is asked for
            os.write(master, b"\x1b[1;1R")
            shown = shown.replace("\x1b[6n", "")
    return shown


def test_a_real_terminal_has_history_and_gives_refused_lines_back(
    rehearsal: Terminal, own: Path
) -> None:
    number = collected(rehearsal)
    master, slave = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "100", "LINES": "40"}
    code = "from huimin_flow.shell.main import run; run()"
    with subprocess.Popen(
        [sys.executable, "-c", code, "shell", "--db", rehearsal.database],
        stdin=slave, stdout=slave, stderr=slave, cwd=own, env=environment,
    ) as child:  # fmt: skip
        try:
            os.close(slave)
            read_until(master, "惠民>")
            os.write(master, b"item sh\t")
            read_until(master, "ow")  # drawn alone where "sh" stands already
            os.write(master, f" {number}\r".encode())
            read_until(master, "已采集")
            read_until(master, "惠民>")
            os.write(master, f"item close {number} --by office-1\r".encode())
            read_until(master, "未执行")
            # The refused line stands at the prompt again, to be mended.
            assert f"item close {number}" in read_until(master, "office-1")
            os.write(master, b"\x03")
            read_until(master, "惠民>")
            os.write(master, b"item show 13800138000\r")
            read_until(master, "未执行")
            read_until(master, "惠民>")
            os.write(master, b"\x03")
            read_until(master, "惠民>")
            os.write(master, b"\x04")
            assert child.wait(20) == 0
        finally:
            child.kill()
    os.close(master)
    history = (own / "state" / "huimin" / "history").read_text(encoding="utf-8")
    assert f"item show {number}" in history
    assert "item show ***********" in history
    assert "13800138000" not in history
    assert (own / "state" / "huimin" / "history").stat().st_mode & 0o077 == 0
