"""A clerk takes an item through its steps by `huimin next`, asked in a real terminal."""

from __future__ import annotations

import os
import pty
import re
import select
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from huimin_flow.catalogue.terms import Dimension, State
from huimin_flow.clock import SHANGHAI
from huimin_flow.testing import Desk
from tests.conftest import CONFIG
from tests.flow.core.test_extensions import name_in_force
from tests.programs import Program
from tests.sampled import NIGHTLY
from tests.shell.terminal import Terminal

CTRL_C = "\x03"
RUN = "from huimin_flow.shell.main import run; run()"


class Keys:
    """A terminal in which a person answers one question after the other."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url, self.pressed = folder, url, 0

    def next(
        self,
        number: str,
        answers: Sequence[str],
        *,
        now: datetime,
        by: str = "office-1",
        code: int = 0,
    ) -> str:
        """Answer the questions of a step; an answer that begins with = is a text."""
        return self.answer(["next", number], answers, now=now, by=by, code=code)

    def answer(
        self,
        words: Sequence[str],
        answers: Sequence[str],
        *,
        now: datetime,
        by: str = "office-1",
        code: int = 0,
    ) -> str:
        """Run a command of an actor and answer its questions, as ``next`` does."""
        master, slave = pty.openpty()
        command = [
            *words, "--db", self.url,
            "--by", by, "--now", now.astimezone(SHANGHAI).isoformat(),
        ]  # fmt: skip
        environment = os.environ | {"TERM": "dumb"}
        shown, left = "", list(answers)
        with Program(
            command,
            stdin=slave, stdout=slave, stderr=slave, cwd=self.folder, env=environment,
            start_new_session=True,
        ) as done:  # fmt: skip
            os.close(slave)
            pressing = 0
            while True:
                if not select.select([master], [], [], 5 if pressing else 30)[0]:
                    if not pressing:
                        break
                    # Python loses a signal that comes just before it waits for a line.
                    pressing -= 1
                    done.send_signal(signal.SIGINT)
                    continue
                try:
                    part = os.read(master, 65536).decode(errors="replace")
                except OSError:  # the command has ended
                    break
                shown += part
                if left and shown.rstrip().endswith((":", "\uff1a")):
                    answer = left.pop(0)
                    if answer == CTRL_C:
                        pressing = 6
                        done.send_signal(signal.SIGINT)  # as a terminal does
                        continue
                    os.write(master, (answer.removeprefix("=") + "\r").encode())
                    self.pressed += 1 + (0 if answer[:1] == "=" else len(answer))
            os.close(master)
            assert done.wait(30) == code, shown
        assert not left, shown
        return shown


class Recorded(Keys):
    """The same in tmux, whose screens are kept as plain text, one after the other."""

    def __init__(self, folder: Path, url: str) -> None:
        super().__init__(folder, url)
        self.screens: list[str] = []

    def tmux(self, *words: str) -> str:
        """Run a command of an own tmux server; each screen has another one."""
        socket = str(self.folder / f"tmux-{len(self.screens)}")
        server = ["tmux", "-u", "-f", os.devnull, "-S", socket]
        return subprocess.run(
            [*server, *words], capture_output=True, text=True, check=True
        ).stdout

    def answer(
        self,
        words: Sequence[str],
        answers: Sequence[str],
        *,
        now: datetime,
        by: str = "office-1",
        code: int = 0,
    ) -> str:
        """Run a command in a pane; a pipe tells what appears in it."""
        pipe = self.folder / "shown"
        os.mkfifo(pipe)
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        run = shlex.join([sys.executable, "-c", RUN, *words])
        script = f"read begin; {run}; echo ended $?:; read end"
        self.tmux(
            "new-session", "-d", "-x", "100", "-y", "60", "-c", str(self.folder),
            "-e", f"HUIMIN_DATABASE={self.url}", "-e", f"HUIMIN_BY={by}",
            "-e", f"HUIMIN_NOW={now.astimezone(SHANGHAI).isoformat()}",
            f"TERM=dumb exec sh -c {shlex.quote(script)}",
        )  # fmt: skip
        self.tmux("pipe-pane", f"cat > {shlex.quote(str(pipe))}")
        self.tmux("send-keys", "Enter")
        self.pressed += len("next 1") + 1  # what a clerk types in the shell
        shown, left = b"", list(answers)
        while b"ended" not in shown and select.select([reader], [], [], 30)[0]:
            shown += os.read(reader, 65536)
            if (
                left
                and shown.rstrip().endswith((b":", b"\xef\xbc\x9a"))
                and b"ended" not in shown
            ):
                answer = left.pop(0)
                if text := answer.removeprefix("="):
                    self.tmux("send-keys", "-l", text)
                self.tmux("send-keys", "Enter")
                self.pressed += 1 + (0 if answer[:1] == "=" else len(answer))
        screen = self.tmux("capture-pane", "-p", "-J", "-S", "-")
        self.tmux("kill-server")
        self.screens.append(f"$ huimin {shlex.join(words)}{screen.rstrip()}\n")
        os.close(reader)
        pipe.unlink()
        assert f"ended {code}:" in screen, screen
        assert not left, screen
        return screen


TMUX = pytest.mark.skipif(shutil.which("tmux") is None, reason="there is no tmux here")
BARE = pytest.mark.skipif(
    shutil.which("tmux") is not None and not NIGHTLY,
    reason="make nightly: by day tmux shows it",
)

#: The four questions, each with yes and a reason.
YES = ("是", "=群众多次反映") * 4


@pytest.mark.parametrize(
    "terminal",
    [pytest.param(Keys, marks=BARE), pytest.param(Recorded, marks=TMUX)],
)
def test_an_item_goes_through_its_life_by_answers_without_a_code(
    file_desk: Desk, file_url: str, own: Path, terminal: type[Keys]
) -> None:
    """At most 350 keystrokes besides the texts; no option, no code, no file.

    ``HUIMIN_RECORD`` names a file for what tmux has shown.
    """
    desk, keys = file_desk, terminal(own, file_url)
    number = desk.collect().number
    desk.link_appeals(number)

    def step(*answers: str, by: str = "office-1") -> State:
        keys.next(number, answers, by=by, now=desk.clock.now())
        return desk.flow.items.get(number).state

    assert step("80", "80") is State.SCREENED
    held = (
        desk.today().isoformat(), "leader-1", "office-1", "是", "coordination-1", "",
        "=同意",
    )  # fmt: skip
    minutes = own / "minutes.txt"
    minutes.write_text("一致同意", encoding="utf-8")
    assert step(*held, *YES, "80", "80", "80", f"={minutes}") is State.JUDGED
    dimensions = ("80",) * len(Dimension)
    assert step(*dimensions, "85", "80", "90") is State.STARRED
    desk.enlist(number)
    desk.assess(number)
    due = (desk.today() + timedelta(days=200)).isoformat()
    plan = (
        "=零工驿站",
        "=零工市场",
        "=选址、建设、验收",
        "=政府采购",
        "4", "=求职者", "30", "80",
    )  # fmt: skip
    outcomes = (
        "", "1", "=求职者有室内候工处", due, "=日均候工人数", "500", "=人", "", "是",
        "", "2", "=马路候工消除", due, "", "", "", "=街道巡查记录", "",
    )  # fmt: skip
    task = ("", "=建设候工区", "万州", due)
    indicator = ("=候工区", "=新建候工区10处以上", "1", "1", "10", "=处", "")
    clerk = desk.operator_of(number).id
    none = ("",) * 4  # no other task, supporting unit, target or service item
    assert step(*plan, *outcomes, *task, *indicator, *none, by=clerk) is State.ASSIGNED
    desk.report(number)
    assert step("是", by=clerk) is State.EXECUTED
    desk.survey(number)
    results = ("520", "=登记台账", "1", "=巡查记录")
    assert step(*results) is State.EVALUATED
    assert step("1", "=群众满意") is State.ADJUSTED
    assert step("是") is State.CLOSED
    assert keys.pressed <= 350
    if isinstance(keys, Recorded):
        recording = "\n".join(keys.screens)
        reached = re.findall(r"^2023-000001 (\w+)", recording, re.MULTILINE)
        assert reached[1::2] == [
            "已筛选", "已研判", "已评星", "已分解", "已执行", "已评价", "已调整",
            "已办结",
        ], recording  # fmt: skip
        assert "--" not in recording
        if (name := os.environ.get("HUIMIN_RECORD")) is not None:
            recording += f"\n{keys.pressed} keystrokes besides the texts\n"
            Path(name).write_text(recording, encoding="utf-8")


def test_what_is_refused_is_asked_again_and_ctrl_c_does_nothing(
    file_desk: Desk, file_url: str, own: Path
) -> None:
    number = file_desk.collect().number
    file_desk.link_appeals(number)
    keys, now = Keys(own, file_url), file_desk.clock.now()
    shown = keys.next(number, ["八十", "101", CTRL_C], now=now, code=130)
    assert "“八十”不是整数" in shown
    assert "八十101" not in shown
    assert file_desk.flow.items.get(number).state is State.COLLECTED


def test_who_has_no_right_is_told_before_any_question(
    file_desk: Desk, file_url: str, own: Path
) -> None:
    number = file_desk.item(State.ADJUSTED).number
    clerk = file_desk.operator_of(number).id
    keys, now = Keys(own, file_url), file_desk.clock.now()
    shown = keys.next(number, [], by=clerk, now=now, code=1)
    assert "无权“办结”（有权的是" in shown
    assert "办结?" not in shown


def test_no_to_a_task_stops_and_points_to_progress_and_excuse(
    file_desk: Desk, file_url: str, own: Path
) -> None:
    number = file_desk.item(State.ASSIGNED).number
    clerk = file_desk.operator_of(number).id
    keys, now = Keys(own, file_url), file_desk.clock.now()
    shown = keys.next(number, ["也许", "否"], by=clerk, now=now, code=1)
    assert "（是/否，回车为否）：" in shown
    assert f"item excuse {number}" in shown
    assert file_desk.flow.items.get(number).state is State.ASSIGNED
    assert not file_desk.flow.records.refusals()


def test_ctrl_c_where_a_step_is_confirmed_does_nothing(
    file_desk: Desk, file_url: str, own: Path
) -> None:
    number = file_desk.collect().number
    keys, now = Keys(own, file_url), file_desk.clock.now()
    words = ["item", "screen", number, "--score", "紧迫=60", "--score", "根本=50"]
    for said, code in ((CTRL_C, 130), ("", 1)):  # an empty line means no
        shown = keys.answer(words, [said], now=now, code=code)
        assert "确认？" in shown
        assert file_desk.flow.items.get(number).state is State.COLLECTED
    assert len(file_desk.flow.records.events(f"item/{number}")) == 1


def test_whoever_stops_at_the_judgment_has_recorded_no_meeting(
    file_desk: Desk, file_url: str, own: Path
) -> None:
    number = file_desk.item(State.COLLECTED).number
    file_desk.link_appeals(number)
    file_desk.screen(number)
    held = (file_desk.today().isoformat(), "leader-1", "office-1", "", "=同意")
    keys, now = Keys(own, file_url), file_desk.clock.now()
    keys.next(number, [*held, "是", CTRL_C], now=now, code=130)
    assert not file_desk.flow.meetings.list()
    assert file_desk.flow.items.get(number).state is State.SCREENED


def test_without_a_terminal_or_a_next_step_a_sentence_says_what_to_do(
    rehearsal: Terminal,
) -> None:
    said = rehearsal(
        "item", "collect", "--title", "候工区", "--origin", "问题", "--area", "就业",
        "--by", "op-500101", "--json",
    )  # fmt: skip
    number = said.value["number"]
    refused = rehearsal("next", "R0036198", "--by", "office-1")
    assert (refused.code, "huimin rating answer" in refused.err) == (1, True)
    refused = rehearsal("next", number, "--by", "office-1")
    assert (refused.code, "需要终端" in refused.err) == (1, True)
    rehearsal("item", "reject", number, "--reason", "duplicate", "--by", "office-1")
    refused = rehearsal("next", number, "--by", "office-1")
    assert (refused.code, "没有下一步" in refused.err) == (1, True)


def test_own_fields_that_an_extension_requires_are_asked_for_first(
    file_desk: Desk,
    file_url: str,
    own: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number = file_desk.item(State.LISTED).number
    name_in_force(file_desk, {"funds": {"least": 10, "large": 500}})
    info = tmp_path / "huimin_funds-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: huimin_funds\nVersion: 1.0\n", "utf-8")
    group = "[huimin_flow.extensions]\nfunds = huimin_funds:FUNDS\n"
    (info / "entry_points.txt").write_text(group, "utf-8")
    shutil.copy(CONFIG.parent / "examples/extension/huimin_funds.py", tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    keys, now = Keys(own, file_url), file_desk.clock.now()
    clerk = file_desk.operator_of(number).id
    shown = keys.next(number, ["", ""], by=clerk, now=now, code=1)
    assert "没有写明资金" in shown
    answers = ["=AB-2027", "=viel", "=AB-2027", "50"]
    shown = keys.next(number, answers, by=clerk, now=now)
    assert "资金编号" in shown
    made = file_desk.flow.items.get(number)
    assert made.own_of("funds") == {"fund": "AB-2027", "amount": 50}
    shown = keys.next(number, [CTRL_C], by=clerk, now=now, code=130)
    assert "资金编号" not in shown  # the step itself is asked for
