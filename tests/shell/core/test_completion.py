"""Tab answers in 15 of 15 tries, in the interactive shell and in bash (U13)."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from huimin_flow.catalogue.terms import State
from huimin_flow.clock import RehearsalClock, SystemClock, local_day
from huimin_flow.flow import Flow
from huimin_flow.shell.core.prompt import completions
from huimin_flow.shell.main import huimin
from huimin_flow.testing import Desk
from tests.sampled import NIGHTLY
from tests.shell.terminal import Terminal

YEAR = local_day(SystemClock().now()).year

#: By kind of value: a line as far as it was typed, and what is offered.
TRIES = {
    "channel": ("appeal list --channel 热线", "hotline_12333"),
    "unit": ("item list --unit 万州", "500101"),
    "area": ("item list --area 就", "就业创业"),
    "state": ("item list --state 已评", "已评星"),
    "reason": ("item reject 1 --reason 不符", "unlawful"),
    "meeting": ("meeting show delib", "deliberation/"),
    "proposal": ("proposal show prop", "proposal/"),
    "list": ("list show list", "list/2099/city"),
    "person": ("item screen 1 --by office", "office-1"),
    "item": ("list list --item 驿站", "{number}"),
    "step": ("item explain 1 筛", "筛选"),
    "criterion": ("item screen 1 --score 紧", "紧迫性="),
    "month": (f"rating show {YEAR}-", f"{YEAR}-"),
    "kind": ("assessment request 1 --kind 第三", "第三方评估"),
    "placement": ("item judge 1 --placement 下年", "下年度"),
}


@pytest.fixture
def number(rehearsal: Terminal, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database with one of each: an item, a meeting, a list and a proposal."""
    clock = RehearsalClock(SystemClock().now())
    with Flow.open(f"sqlite:///{rehearsal.database}", clock=clock) as flow:
        desk = Desk(flow, clock)
        made = desk.item(State.LISTED).number
        flow.items.amend(made, {"title": "老旧小区的零工驿站"}, by=desk.office)
        values = {"item": made, "reason": "duplicate"}
        flow.proposals.propose("cancel", values, by=desk.office)
    monkeypatch.setenv("HUIMIN_DATABASE", rehearsal.database)
    return made


def lacking(answers: dict[str, list[str]], number: str) -> dict[str, list[str]]:
    """Return the tries in which what was meant is not offered."""
    return {
        kind: offered
        for kind, offered in answers.items()
        for wanted in [TRIES[kind][1].format(number=number)]
        if not any(
            word.startswith(wanted) if wanted[-1] in "/-" else word == wanted
            for word in offered
        )
    }


def test_the_interactive_shell_answers_every_try(number: str) -> None:
    answers = {
        kind: [word for word, _, _ in completions(huimin, line)]
        for kind, (line, _) in TRIES.items()
    }
    assert lacking(answers, number) == {}
    assert len(answers) == 15


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_bash_answers_every_try(number: str, own: Path) -> None:
    """The script is that of the how-to; bash itself splits the line.

    Bash asks a process for each: five of the kinds, by night all of them.
    """
    asks = ['eval "$(_HUIMIN_COMPLETE=bash_source huimin)"']
    tried = list(TRIES)[:: 1 if NIGHTLY else 3]
    for kind in tried:
        line = TRIES[kind][0]
        words = ["huimin", *line.split()]
        asks += [
            f"COMP_WORDS=({shlex.join(words)}); COMP_CWORD={len(words) - 1}",
            "COMPREPLY=(); _huimin_completion huimin",
            f"printf '{kind} %s\\n' \"${{COMPREPLY[@]}}\"",
        ]
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    answer = subprocess.run(
        ["bash", "-c", "\n".join(asks)],
        cwd=own, env=os.environ | {"PATH": path}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    answers: dict[str, list[str]] = {kind: [] for kind in tried}
    for line in answer.stdout.splitlines():
        kind, _, word = line.partition(" ")
        answers[kind].append(word)
    assert answer.stderr == ""
    assert lacking(answers, number) == {}
