"""What is kept is never told as undone, and no character keeps an answer back."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from huimin_flow.catalogue.reasons import StoreCode
from huimin_flow.errors import StoreBusy
from huimin_flow.shell.core import screens
from huimin_flow.shell.core.acting import Act
from tests.programs import ran
from tests.sampled import NIGHTLY
from tests.shell.terminal import Terminal

COLLECT = (
    "item", "collect", "--title", "𠮷 ✓ 候工区", "--origin", "问题反映",
    "--area", "就业创业", "--unit", "500101", "--by", "office-1",
)  # fmt: skip

KEPT = "已办理并已保存，不必重办"


def spoken(
    own: Path, encoding: str, *words: str, into: str = ""
) -> tuple[int, str, str]:
    """Run a command on a terminal of an encoding; return its code and what it said."""
    out = os.open(into, os.O_WRONLY) if into else subprocess.PIPE
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    words = (*words, "--db", str(own / "t.db"))
    done = ran(words, stdout=out, encoding=encoding, env=environment)
    return done.returncode, done.stdout or "", done.stderr


@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
def test_a_terminal_that_cannot_write_a_character_is_answered_all_the_same(
    encoding: str, rehearsal: Terminal, own: Path
) -> None:
    code, said, err = spoken(own, encoding, *COLLECT, "--json")
    assert (code, "unexpected" in err) == (0, False)
    assert json.loads(said)["title"] == "𠮷 ✓ 候工区"
    number = json.loads(said)["number"]
    if NIGHTLY:
        code, said, _ = spoken(own, encoding, "item", "list")
        assert (code, "\\U00020bb7" in said) == (0, True)
        code, said, _ = spoken(own, encoding, "rules", "show", "--json")
        assert json.loads(said)["rules"]
    code, said, _ = spoken(own, encoding, "item", "show", number)
    assert (code, "\\U00020bb7" in said) == (0, True)
    code, said, _ = spoken(own, encoding, "item", "list", "--json")
    assert json.loads(said)["rows"][0]["title"] == "𠮷 ✓ 候工区"
    code, _, err = spoken(own, encoding, "item", "show", "𠮷𠮷")
    assert (code, "\\U00020bb7" in err) == (1, True)
    assert rehearsal("item", "show", number).code == 0


def test_an_attachment_with_such_a_name_is_told_as_kept(
    rehearsal: Terminal, own: Path
) -> None:
    number = rehearsal(*COLLECT, "--json").value["number"]
    (own / "𠮷.txt").write_text("佐证", "utf-8")
    words = ("item", "attach", number, "𠮷.txt", "--by", "office-1")
    code, said, err = spoken(own, "gbk", *words)
    assert (code, "未执行" in err) == (0, False)
    assert "\\U00020bb7.txt" in said
    assert "𠮷.txt" in rehearsal("item", "files", number).out


def test_an_act_whose_answer_cannot_be_written_is_told_as_kept(
    rehearsal: Terminal, own: Path
) -> None:
    code, _, err = spoken(own, "utf-8", *COLLECT, into="/dev/full")
    assert code == 3
    assert KEPT in err
    assert "未执行" not in err
    assert "留存" not in err  # a line that was carried out is no draft
    assert len(rehearsal("item", "list", "--json").rows) == 1


def test_a_look_whose_answer_cannot_be_written_is_refused(
    rehearsal: Terminal, own: Path
) -> None:
    assert rehearsal(*COLLECT).code == 0
    code, _, err = spoken(own, "utf-8", "item", "list", into="/dev/full")
    assert (code, KEPT in err) == (1, False)


@pytest.mark.parametrize(
    "failure", [KeyError("x"), OSError(28, "full"), StoreBusy(StoreCode.BUSY)]
)
def test_whatever_fails_after_the_commit_the_act_is_told_as_kept(
    failure: Exception, rehearsal: Terminal, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(own / "state"))

    def fails(*_: object, **__: object) -> None:
        raise failure

    with monkeypatch.context() as inside:
        inside.setattr(screens, "show", fails)
        plain = rehearsal(*COLLECT)
        machine = rehearsal(*COLLECT, "--json")
    assert (plain.code, machine.code) == (3, 3)
    assert plain.err.startswith(f"{KEPT}：只是结果未能显示（")
    assert "没有完成" not in plain.err + machine.err
    assert "重试" not in plain.err.splitlines()[-1]
    said = json.loads(machine.err)
    assert said["done"].startswith("已办理并已保存,不必重办")
    assert len(rehearsal("item", "list", "--json").rows) == 2
    assert "没有" in rehearsal.bare("drafts").out


def test_of_several_acts_those_before_a_refusal_are_told_as_kept(
    rehearsal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def twice(act: Act, *_: object, **__: object) -> None:
        act.plain.items.close("2022-000001", by=act.by)

    monkeypatch.setattr(Act, "item", twice)
    answer = rehearsal(*COLLECT)
    monkeypatch.undo()
    assert answer.code == 1
    assert "此前已办的都已保存，不必重办；其后未执行：" in answer.err


def test_who_stops_a_command_after_its_act_hears_that_it_is_kept(
    rehearsal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(screens, "show", stopped)
    answer = rehearsal(*COLLECT)
    monkeypatch.undo()
    assert answer.code == 130
    assert "此前已办的都已保存" in answer.err


def test_a_reader_who_has_left_is_no_refusal_of_what_is_kept(
    rehearsal: Terminal, own: Path
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = ran((*COLLECT, "--db", str(own / "t.db")), stdout=writer)
    os.close(writer)
    assert (done.returncode, "未执行" in done.stderr) == (3, False)
    assert len(rehearsal("item", "list", "--json").rows) == 1
