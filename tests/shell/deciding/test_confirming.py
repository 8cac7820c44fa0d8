"""At a terminal, what ends an item is shown before it is done, and asked for again."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.shell.terminal import Terminal
from tests.shell.test_life_by_commands import collected

LOW = ("--score", "紧迫性=60", "--score", "根本性=50", "--by", "office-1")
HIGH = ("--score", "紧迫性=100", "--score", "根本性=100", "--by", "office-1")

Typing = Callable[[str], None]


class Keyboard(io.StringIO):
    """A standard input that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> Typing:
    """Let a person type these lines at a terminal."""
    return lambda text: monkeypatch.setattr(sys, "stdin", Keyboard(text))


def state(at: Terminal, number: str) -> str:
    shown: str = at("item", "show", number, "--json").value["state"]
    return shown


def test_a_low_score_is_shown_and_rejects_only_what_is_confirmed(
    rehearsal: Terminal, types: Typing
) -> None:
    number = collected(rehearsal)
    types("否\n")
    said = rehearsal("item", "screen", number, *LOW)
    assert (said.code, state(rehearsal, number)) == (1, "collected")
    assert "得分" in said.err
    assert "低于60" in said.err
    assert "事项将由“已采集”转为“不予采纳”" in said.err
    assert "没有确认，未办理" in said.err
    types("是\n")
    assert rehearsal("item", "screen", number, *LOW).code == 0
    assert state(rehearsal, number) == "rejected"


def test_an_item_without_any_voice_is_not_screened_unasked(
    rehearsal: Terminal, types: Typing
) -> None:
    number = rehearsal(
        "item", "collect", "--title", "无人提出", "--origin", "problem", "--area",
        "employment", "--unit", "500101", "--by", "office-1", "--json",
    ).value["number"]  # fmt: skip
    types("\n")
    said = rehearsal("item", "screen", number, *HIGH)
    assert "还没有挂接诉求，诉求0条、0人，普遍性0" in said.err
    assert state(rehearsal, number) == "collected"


def test_what_ends_nothing_is_shown_and_not_asked(
    rehearsal: Terminal, types: Typing
) -> None:
    number = collected(rehearsal)
    types("")
    said = rehearsal("item", "screen", number, *HIGH)
    assert said.code == 0
    assert "转为“已筛选”" in said.err
    assert "确认" not in said.err


@pytest.mark.parametrize("words", [("reject", "--reason", "duplicate"), ("merge",)])
def test_a_rejection_and_a_merge_are_asked_for(
    rehearsal: Terminal, types: Typing, words: tuple[str, ...]
) -> None:
    number, other = collected(rehearsal), ""
    if words == ("merge",):
        other = rehearsal(
            "item", "collect", "--title", "同类", "--origin", "problem", "--area",
            "employment", "--unit", "500101", "--by", "office-1", "--json",
        ).value["number"]  # fmt: skip
        words = ("merge", "--keep", other)
    line = ("item", words[0], number, *words[1:], "--by", "office-1")
    types("n\n")
    said = rehearsal(*line)
    assert (said.code, state(rehearsal, number)) == (1, "collected")
    assert "诉求" in said.err
    types("\uff59\n")
    assert rehearsal(*line).code == 0
    assert state(rehearsal, number) != "collected"


def test_without_a_terminal_or_with_yes_nothing_is_asked(
    rehearsal: Terminal, types: Typing
) -> None:
    first = collected(rehearsal)
    assert rehearsal("item", "screen", first, *LOW).err == ""
    assert state(rehearsal, first) == "rejected"
    reopened = ("--reason", "facts_incomplete", "--by", "office-1")
    two = (*reopened, "--second", "office-2")
    assert rehearsal("item", "reopen", first, *two).code == 0
    types("")
    assert rehearsal("item", "screen", first, *LOW, "--yes").err == ""
    assert state(rehearsal, first) == "rejected"


def test_a_split_says_how_many_voices_go_and_a_stop_changes_nothing(
    rehearsal: Terminal, own: Path, types: Typing
) -> None:
    number = collected(rehearsal)
    (own / "parts.yaml").write_text(
        "- demand: {title: 其一, origin: problem, area: talent, unit: '500101'}\n"
        "  appeals: [[media, A1]]\n",
        encoding="utf-8",
    )
    line = ("item", "split", number, "--parts", "parts.yaml", "--by", "office-1")
    types("")  # the input ends: as Ctrl-D
    said = rehearsal(*line)
    assert said.code == 130
    assert "其中1条随1项拆出" in said.err
    assert len(rehearsal("item", "list", "--json").rows) == 1
    types("是\n")
    assert rehearsal(*line).code == 0


def test_what_cannot_be_done_is_refused_and_not_asked(
    rehearsal: Terminal, types: Typing
) -> None:
    number = collected(rehearsal)
    types("")
    said = rehearsal("item", "close", number, "--by", "office-1")
    assert said.code == 1
    assert "不能“办结”" in said.err
    assert "确认？" not in said.err


def test_undo_names_the_command_that_takes_back_and_does_nothing(
    rehearsal: Terminal,
) -> None:
    number = collected(rehearsal)
    at, by = rehearsal, ("--by", "office-1")
    assert at("item", "screen", number, *HIGH).code == 0
    said = at("item", "undo", number, *by)
    assert f"huimin item return {number} --reason 理由" in said.out
    assert "事项将为“已采集”" in said.out
    assert state(at, number) == "screened"
    amended = at("item", "amend", number, "--set", "title=改 名", *by)
    assert amended.code == 0, amended.err
    said = at("item", "undo", number, *by)
    assert f"huimin item amend {number} --set 'title=零工市场缺少候工区'" in said.out
    assert at("item", "undo", number, *by, "--json").value["step"] == "amend"
    assert at("item", "return", number, "--reason", "facts_incomplete", *by).code == 0
    said = at("item", "undo", number, *by)
    assert "不能撤回：没有哪一步能撤回“退回”" in said.out
    assert "可以这样做：" in said.out
