"""A review meeting and what it decided, at the command line and at the desk.

The office calls, holds and decides; units report; what is late is seen in to-dos, in
the next pack and in the month's digest. On both databases; the audit ends the story.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import DecisionState, State
from huimin_flow.clock import at_hour
from huimin_flow.flow.core.door import door_of
from huimin_flow.testing import Desk
from tests.desk.client import Browser, Shown, serving
from tests.shell.terminal import Terminal

FIRST, SECOND = "decision/2024-0001/01", "decision/2024-0001/02"


@dataclass
class Bureau:
    """Its engine, its terminals and its desk, at one moment."""

    desk: Desk
    shell: Terminal
    moment: pytest.MonkeyPatch
    served: ExitStack

    def day(self, month: int, day: int) -> None:
        self.desk.clock.set(at_hour(date(2024, month, day), 9))
        self.moment.setenv("HUIMIN_NOW", f"2024-{month:02d}-{day:02d}T09:00")

    def said(self, *words: str, by: str = "office-1") -> str:
        answer = self.shell(*words, "--by", by)
        assert answer.code == 0, answer.err
        return answer.out

    def browser(self, post: str) -> Browser:
        return self.served.enter_context(serving(self.desk)).browser(post)

    def todo(self, post: str) -> Shown:
        return self.browser(post).get("todo.html")

    def acts(self, post: str, act: str, key: str, **fields: str) -> int:
        file = f"act-decisions.{act}.html?key={key}"
        return self.browser(post).act(file, **fields).status


@pytest.fixture
def bureau(
    desk: Desk,
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Bureau]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with ExitStack() as served:
        yield Bureau(desk, Terminal(capsys, url), monkeypatch, served)


def test_what_a_meeting_decides_is_followed_to_its_end(bureau: Bureau) -> None:
    held(bureau)
    decided(bureau)
    bureau.day(4, 19)  # near the day the office reminds
    assert "催办 补齐候工区" in bureau.todo("office-1").text
    assert bureau.acts("office-1", "remind", FIRST) == 200
    assert "补齐候工区" not in bureau.todo("office-1").text
    bureau.day(4, 24)
    reported(bureau)
    ended(bureau)
    assert door_of(bureau.desk.flow).read(verify).findings == ()


def held(bureau: Bureau) -> None:
    """The pack says what is late: an order of which the last day is over."""
    desk, said = bureau.desk, bureau.said
    number = desk.bring(State.ASSIGNED).number
    bureau.day(4, 1)
    paper = ("督查室", "1号", date(2024, 3, 20), "限期办结")
    desk.flow.orders.receive(number, *paper, due=date(2024, 4, 3), by=desk.office)
    bureau.day(4, 8)
    said("review", "call", "2024-04-08", "--chair", "leader-1")
    assert "review-2024-0001.html" in bureau.todo("office-1").form.links
    page = bureau.browser("office-1").get("review-2024-0001.html").text
    for pack in (bureau.shell("review", "pack", "2024-0001").out, page):
        assert "督办未销号" in pack
    said("review", "hold", "2024-0001", "--participant", "office-2")


def decided(bureau: Bureau) -> None:
    """Each decision has an owner and a day; without one it is not taken down."""
    office, said = bureau.browser("office-1"), bureau.said
    form = "act-decisions.decide.html?review_meeting=review_meeting%2F2024-0001"
    right = {"decided": "补齐候工区", "owner": "万州区", "due": "2024-04-22"}
    for wrong in ({"owner": ""}, {"due": ""}, {"due": "2024-04-01"}):
        assert office.act(form, **{**right, **wrong}).status != 200, wrong
    assert office.act(form, **right).status == 200
    words = ("--decided", "清理积案", "--owner", "500102", "--due", "2024-04-30")
    said("decision", "make", "2024-0001", *words)
    waiting = bureau.todo("op-500101")
    for text in ("补齐候工区", "2024-04-22"):
        assert text in waiting.text
    assert "review-2024-0001.html" in waiting.form.links
    assert "清理积案" not in waiting.text
    assert "清理积案" in said("todo", by="op-500102")


def reported(bureau: Bureau) -> None:
    """The unit is late; it reports with evidence, which the office returns once."""
    said, desk = bureau.said, bureau.desk
    assert "2024-04-22 超期 调度决定" in bureau.todo("op-500101").text
    # The folder of files is the engine's own: on a server a terminal has none here.
    file = desk.flow.decisions.attach(FIRST, "照片.txt", b"1", by=desk.operator)
    told = {"done": "已补齐", "evidence[1]": file.digest[:12]}
    assert bureau.acts("op-500101", "report", FIRST, done="已补齐") != 200
    assert bureau.acts("op-500102", "report", FIRST, **told) == 403
    assert bureau.acts("op-500101", "report", FIRST, **told) == 200
    said("decision", "return", FIRST, "--reason", "还缺饮水")
    assert desk.flow.decisions.get(FIRST).state is DecisionState.RETURNED
    assert "补齐候工区" in bureau.todo("op-500101").text
    assert bureau.acts("op-500101", "report", FIRST, **told) == 200
    said("decision", "drop", SECOND, "--reason", "并入专项")


def ended(bureau: Bureau) -> None:
    """The next pack has what is open and what ended; the digest what was done late."""
    said, desk = bureau.said, bureau.desk
    said("review", "call", "2024-04-24", "--chair", "leader-1")
    pack = bureau.browser("office-2").get("review-2024-0002.html").text
    assert "补齐候工区" in pack
    assert "并入专项" in pack
    assert bureau.acts("office-2", "accept", FIRST) == 200
    assert bureau.shell("review", "close", "2024-0001", "--by", "office-1").code != 0
    meeting = "review_meeting/2024-0001"
    desk.flow.reviews.attach(meeting, "纪要.txt", b"2", by=desk.office)
    said("review", "close", "2024-0001")
    assert "补齐候工区" not in bureau.todo("op-500101").text
    bureau.day(5, 6)
    digest = bureau.shell("review", "digest", "2024-04")
    assert FIRST in digest.out.partition("办好")[2], (digest.err, digest.out)
    assert desk.flow.decisions.get(FIRST).state is DecisionState.ACCEPTED
