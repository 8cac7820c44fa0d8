"""Figures come from a business system, stop, and are told apart from those by hand.

Both pages on feeds are followed to the letter, on both databases; the audit ends the
story.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import Freshness, TodoKind
from huimin_flow.clock import at_hour
from huimin_flow.flow import Flow
from huimin_flow.flow.core.door import door_of
from huimin_flow.reports.executing.feeds import feeds_page
from huimin_flow.reports.pages import page_of
from huimin_flow.shell.main import invoke
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import tick
from tests.flow.executing.test_feeds import FLOW, RATE, assigned_flow

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
ROWS = (
    "月份,数值,取数时间\n2024-01,2,2024-02-01 08:00\n2024-02,3,2024-03-01 08:00\n"
    "2024-02,9,2023-03-01 08:00\n"
)

Said = Callable[..., str]


def blocks(page: str, language: str) -> list[str]:
    text = (HOW_TO / page).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.fixture
def say(
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Said:
    """Type a line as the page shows it, and return what was said."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("HUIMIN_DATABASE", url)

    def line(text: str, expected: int = 0) -> str:
        code = invoke(shlex.split(text)[1:])
        said = capsys.readouterr()
        assert code == expected, (text, said.out, said.err)
        return said.out

    return line


def test_a_feed_goes_as_the_operators_page_says(
    desk: Desk, say: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = assigned_flow(desk)
    monkeypatch.setenv("HUIMIN_NOW", "2024-03-02T10:00")
    (tmp_path / "回流.csv").write_text(ROWS, encoding="utf-8")
    (block,) = blocks("feeds.zh-CN.md", "sh")
    database, *lines = block.replace("事项编号", item).splitlines()
    assert database.startswith("export HUIMIN_DATABASE=")
    told = [
        say(line, 1 if "feed import" in line else 0)
        for line in lines
        if line.startswith("huimin")
    ]
    registered, imported, listed, shown, figures, _, paces, shares, ended = told
    assert "feed/jobs-center 零工市场系统" in registered
    assert "记入 2 行" in imported
    assert "可能是往年的数" in imported
    assert "2024-03-01 08:00" in listed
    assert "2024-04-10" in shown
    assert "2024-02-01 08:00" in figures
    assert FLOW in paces
    assert re.search(r"万州区 +0 +0 +1", shares)
    assert "已停用" in ended
    (refused,) = tmp_path.glob("回流*refused*")
    assert "2023-03-01" in refused.read_text(encoding="utf-8-sig")
    page = json.loads(say("huimin feed list --json"))
    assert page[0]["feed"]["state"] == "ended"
    with desk.flow.snapshot() as now:
        assert page_of("feed-freshness.html")(now).title == feeds_page(now).title
        progress = page_of("progress-2024-02.html")(now).values["groups"]
        words = {line.indicator: how for line, _, how in progress[0].lines}
    assert words[FLOW].startswith("手工更正")
    assert words[RATE.name] == "—"
    assert door_of(desk.flow).read(verify).clean


def test_a_host_feeds_figures_as_its_page_says(desk: Desk, url: str) -> None:
    item = assigned_flow(desk)
    by_call, by_pull = blocks("feed-figures.md", "python")

    class Opened(Flow):
        """A ``Flow`` that a rehearsal opens with its own clock."""

        @classmethod
        def open(cls, _: str, **more: Any) -> Flow:  # type: ignore[override]
            return Flow.open(url, clock=desk.clock, **more)

    room: dict[str, Any] = {
        "ITEM": item,
        "INDICATOR": FLOW,
        "MEASURED": datetime(2024, 3, 1, tzinfo=UTC),
        "measured_now": desk.clock.now,
        "run_the_timetable": tick,
    }

    def run(program: str) -> None:
        given = program.replace("from huimin_flow import Flow\n", "")
        room["Flow"] = Opened
        exec(compile(given, "feed-figures.md", "exec"), room)  # noqa: S102 - ours

    run(by_call)
    (status,) = desk.flow.feeds.status()
    assert status.freshness is Freshness.FRESH
    desk.clock.set(at_hour(date(2024, 4, 2), 9))
    run(by_pull)
    rows = desk.flow.feeds.figures("jobs-system")
    assert [row.figure.month for row in rows] == ["2024-02", "2024-03"]
    desk.clock.set(at_hour(date(2024, 5, 20), 9))
    waits = {each.kind for each in desk.flow.todo(by=desk.operator)}
    assert TodoKind.FEED in waits
    assert door_of(desk.flow).read(verify).clean
