"""Slips at the door: a sentence, nothing changed, and what was typed is kept."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import termios
from pathlib import Path

import pytest
from wcwidth import wcswidth

from tests.programs import Program
from tests.shell.terminal import Said, Terminal
from tests.shell.test_life_by_commands import collected

TITLE = "零工市场缺少遮雨候工区,高温与雨天候工的群众无处可去,希望尽快增设"


def nothing(rehearsal: Terminal, number: str, *words: str, keeps: bool = True) -> Said:
    """Run what must change nothing; a refused line of an act is kept."""
    before = rehearsal("item", "show", number, "--json").value
    kept = len(rehearsal.bare("drafts", "--json").value)
    said = rehearsal(*words)
    assert rehearsal("item", "show", number, "--json").value == before
    drafts = rehearsal.bare("drafts", "--json").value
    assert len(drafts) - kept == keeps
    assert not keeps or words[-1] in drafts[0]["line"]
    return said


OFFICE = ("--by", "office-1")


@pytest.mark.parametrize(
    ("unit", "fitting"),
    [
        ("500102 万州区", ["万州区（500101）", "涪陵区（500102）"]),
        ("南", ["南岸区（500108）", "南川区（500119）", "潼南区（500152）"]),
    ],
)
def test_a_unit_name_that_fits_several_is_refused_with_them(
    rehearsal: Terminal, unit: str, fitting: list[str]
) -> None:
    number = collected(rehearsal)
    words = ("item", "respond", number, "--unit", unit, *OFFICE)
    said = nothing(rehearsal, number, *words)
    assert said.code == 1
    assert f"“{unit}”可能是以下单位" in said.err
    assert [each for each in fitting if each not in said.err] == []


def test_a_part_of_a_title_that_stops_being_unique_is_refused(
    rehearsal: Terminal,
) -> None:
    number = collected(rehearsal, "零工驿站")
    reject = ("item", "reject", "零工", "--reason", "duplicate", *OFFICE)
    assert rehearsal("item", "show", "零工", "--json").value["number"] == number
    other = collected(rehearsal, "零工市场")
    said = nothing(rehearsal, number, *reject)
    assert said.code == 1
    assert number in said.err
    assert other in said.err


def test_a_preview_of_what_cannot_be_done_says_why(rehearsal: Terminal) -> None:
    number = collected(rehearsal)
    close = ("item", "close", number, *OFFICE)
    tried = nothing(rehearsal, number, *close, "--dry-run", keeps=False)
    said = nothing(rehearsal, number, *close)
    assert (tried.code, tried.err.splitlines()[0]) == (1, said.err.splitlines()[0])
    assert "“已采集”的事项不能“办结”" in said.err
    past = nothing(rehearsal, number, "list", "preview", "2050", keeps=False)
    assert past.code == 1
    assert "2050" in past.err


def test_what_others_built_on_is_named_where_it_is_to_be_undone(
    rehearsal: Terminal, own: Path
) -> None:
    number = collected(rehearsal)
    (own / "parts.yaml").write_text(
        "".join(
            f"- demand: {{title: {title}, origin: problem, area: employment, "
            'unit: "500101"}\n  appeals: []\n'
            for title in ("其一", "其二")
        ),
        encoding="utf-8",
    )
    made = rehearsal(
        "item", "split", number, "--parts", "parts.yaml", *OFFICE, "--json"
    )
    assert made.code == 0, made.err
    said = nothing(rehearsal, number, "item", "undo", number, *OFFICE, keeps=False)
    assert "不能撤回" in said.out
    parts = rehearsal("item", "list", "--title", "其", "--json").rows
    assert len(parts) == 2
    assert all(part["number"] in said.out for part in parts)


@pytest.mark.parametrize(
    "words",
    [
        ("item", "list"), ("item", "show", "1"), ("item", "history", "1"),
        ("item", "explain", "1", *OFFICE), ("todo", *OFFICE), ("whoami", *OFFICE),
        ("rating", "items"), ("timetable", "list"),
    ],
)  # fmt: skip
def test_a_terminal_of_60_columns_is_enough(
    rehearsal: Terminal, own: Path, words: tuple[str, ...]
) -> None:
    collected(rehearsal, TITLE)
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    environment = {key: text for key, text in os.environ.items() if key != "COLUMNS"}
    with Program(
        [*words, "--db", rehearsal.database],
        stdin=slave, stdout=slave, cwd=own, env=environment | {"NO_COLOR": "1"},
    ) as child:  # fmt: skip
        os.close(slave)
        shown = b""
        while True:
            try:
                shown += os.read(master, 65536)
            except OSError:  # the command has ended
                break
        assert child.wait(30) == 0
    os.close(master)
    lines = shown.decode().split("\r\n")
    assert len(lines) > 1
    assert [line for line in lines if wcswidth(line) > 60] == []


def test_without_a_terminal_next_says_what_to_do_and_nothing_changes(
    rehearsal: Terminal,
) -> None:
    number = collected(rehearsal)
    said = nothing(rehearsal, number, "next", number, *OFFICE)
    assert (said.code, "需要终端" in said.err) == (1, True)


def test_who_may_not_screen_is_told_so_whatever_the_scores(
    rehearsal: Terminal,
) -> None:
    number = collected(rehearsal)
    for score in ("10", "100"):
        scores = ("--score", f"紧迫={score}", "--score", f"根本={score}")
        by = ("--by", "op-500101")
        said = nothing(rehearsal, number, "item", "screen", number, *scores, *by)
        assert "“经办人”无权“筛选”" in said.err
