"""A good practice goes to two units: the pages show it, and the how-to is followed."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from huimin_flow.catalogue.terms import Role
from huimin_flow.desk.forms.on_item import acts_on
from huimin_flow.reports.contents import site_files
from huimin_flow.reports.core.render import Frame, draw
from huimin_flow.reports.pages import page_of
from huimin_flow.shell.main import invoke
from huimin_flow.testing import Desk
from tests.flow.improving.replicated import OTHER, THIRD, evaluated, good_item
from tests.test_docs import blocks

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "replicate.zh-CN.md"


def test_the_how_to_is_followed_and_the_pages_show_both_effects(
    file_desk: Desk,
    file_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    desk, flow = file_desk, file_desk.flow
    number = good_item(desk)
    units = [desk.post(Role.OPERATOR, code).id for code in (OTHER, THIRD)]
    named = {
        "事项编号": number,
        "好经验编号": "practice/2024-0001",
        "推广编号": "replication/2024-0001",
        "另一推广编号": "replication/2024-0002",
        "万州区以外的单位": OTHER,
        "另一个单位": THIRD,
        "该单位的经办人": units[0],
        "另一单位的经办人": units[1],
    }
    monkeypatch.setenv("HUIMIN_DATABASE", file_url)
    monkeypatch.setenv("HUIMIN_NOW", "2024-01-09T10:00")
    practice, copy = named["好经验编号"], named["推广编号"]
    for line in "".join(blocks(HOW_TO, "sh")).splitlines():
        words = [named.get(word, word) for word in shlex.split(line)]
        if words[2] == "compare":
            item = flow.replications.get(copy).replication.successor
            evaluated(desk, item)
        assert invoke(words[1:]) == 0, (line, capsys.readouterr().err)
    shown = capsys.readouterr().out
    for text in ("推广后92.00%", "相差不超过5点", "本区没有零工市场", "落实度"):
        assert text in shown, text
    assert invoke(["replication", "show", copy, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["replication"]["practice"] == practice
    with flow.snapshot() as now:
        files = site_files(now)
        assert {"practices.html", "practice-2024-0001.html"} <= {*files}
        own = f"item-{item}.html"
        for name in (
            "practices.html",
            "practice-2024-0001.html",
            own,
            f"item-{number}.html",
        ):
            text = draw(page_of(name)(now), Frame(rehearsal=True))
            assert "practice/2024-0001" in text, name
        made = acts_on(now, number, desk.office)["beside"]
    assert any("replications.propose" in file for file, _ in made)
