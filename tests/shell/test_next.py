"""A clerk takes an item through its steps by `huimin next`, asked in a real terminal."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from huimin_flow.catalogue.terms import Dimension, State
from huimin_flow.clock import SHANGHAI
from huimin_flow.testing import Desk
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
        master, slave = pty.openpty()
        command = [
            sys.executable, "-c", RUN, "next", number, "--db", self.url,
            "--by", by, "--now", now.astimezone(SHANGHAI).isoformat(),
        ]  # fmt: skip
        environment = os.environ | {"TERM": "dumb"}
        shown, left = "", list(answers)
        with subprocess.Popen(
            command,
            stdin=slave, stdout=slave, stderr=slave, cwd=self.folder, env=environment,
            start_new_session=True,
        ) as done:  # fmt: skip
            os.close(slave)
            while select.select([master], [], [], 30)[0]:
                try:
                    part = os.read(master, 65536).decode(errors="replace")
                except OSError:  # the command has ended
                    break
                shown += part
                if left and shown.rstrip().endswith(":"):
                    answer = left.pop(0)
                    if answer == CTRL_C:
                        done.send_signal(signal.SIGINT)  # as a terminal does
                        continue
                    os.write(master, (answer.removeprefix("=") + "\r").encode())
                    self.pressed += 1 + (0 if answer[:1] == "=" else len(answer))
            os.close(master)
            assert done.wait(30) == code, shown
        assert not left, shown
        return shown


#: The four questions, each with yes and a reason.
YES = ("是", "=群众多次反映") * 4


def test_an_item_goes_through_its_life_by_answers_without_a_code(
    file_desk: Desk, file_url: str, own: Path
) -> None:
    """At most 350 keystrokes besides the texts; no option, no code, no file."""
    desk, keys = file_desk, Keys(own, file_url)
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
    assert step(*held, *YES, "80", "80", "80") is State.JUDGED
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
        "=现场扫码",
        "=便民",
    )
    task = ("T1", "=建设候工区", "万州", due)
    indicator = ("=候工区", "=新建候工区10处以上", "1", "1", "10", "=处", "")
    clerk = desk.operator_of(number).id
    assert step(*plan, *task, *indicator, "", by=clerk) is State.ASSIGNED
    assert step("是", by=clerk) is State.EXECUTED
    desk.report(number)
    assert step("92") is State.EVALUATED
    assert step("1", "=群众满意") is State.ADJUSTED
    assert step("是") is State.CLOSED
    assert keys.pressed <= 350


def test_what_is_refused_is_asked_again_and_ctrl_c_does_nothing(
    file_desk: Desk, file_url: str, own: Path
) -> None:
    number = file_desk.collect().number
    file_desk.link_appeals(number)
    keys, now = Keys(own, file_url), file_desk.clock.now()
    shown = keys.next(number, ["八十", CTRL_C], now=now, code=130)
    assert "不是整数" in shown
    assert file_desk.flow.items.get(number).state is State.COLLECTED


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
    refused = rehearsal("next", number, "--by", "office-1")
    assert (refused.code, "需要终端" in refused.err) == (1, True)
    rehearsal("item", "reject", number, "--reason", "duplicate", "--by", "office-1")
    refused = rehearsal("next", number, "--by", "office-1")
    assert (refused.code, "没有下一步" in refused.err) == (1, True)
