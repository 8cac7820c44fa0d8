"""A third party's engagement at the shell, as its page in docs/ says (D4)."""

from __future__ import annotations

import json
import shlex
from datetime import date
from pathlib import Path

import pytest

from huimin_flow.catalogue.terms import EngagementState, State
from huimin_flow.clock import at_hour
from huimin_flow.shell.main import invoke
from huimin_flow.testing import Desk

PAGE = Path(__file__).parents[2] / "docs/how-to/third-party-engagements.zh-CN.md"


def test_an_engagement_is_followed_as_the_page_says(
    file_desk: Desk,
    file_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    number = file_desk.bring(State.EXECUTED).number
    key, unit = f"engagement/{number}/01", file_desk.operator
    proof = file_desk.flow.items.attach(number, "台账.txt", b"1", by=unit).digest
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("HUIMIN_DATABASE", file_url)
    monkeypatch.setenv("HUIMIN_NOW", "2024-04-08T09:30")
    Path("名册.csv").write_text("代号\nw1\nw2\nw3\nw4\nw5\n", encoding="utf-8")
    Path("报告.txt").write_text("评估报告", encoding="utf-8")
    report = ""
    shown = ""
    for block in PAGE.read_text(encoding="utf-8").split("```sh\n")[1:]:
        for line in block.partition("```")[0].splitlines():
            text = line.replace("佐证摘要", proof[:12]).replace("报告摘要", report)
            words = shlex.split(text.replace("事项编号", number))
            if words[2] == "attach":
                words.append("--json")
            code = invoke(words[1:])
            told = capsys.readouterr()
            assert code == 0, (line, told.err)
            if words[2] == "attach":
                report = json.loads(told.out)["digest"][:12]
            shown += told.out
    for said in ("与记录的样本一致", "较重问题", "周末补登记", "渝州某大学"):
        assert said in shown, said
    made = file_desk.flow.engagements.get(key)
    assert made.state is EngagementState.FOLLOWED
    assert [each.declined for each in made.findings] == ["", "新址已有指引"]
    assert made.undone() == ()
    file_desk.clock.set(at_hour(date(2024, 4, 9), 9))
    item = file_desk.conclude(number)  # the unit says 520, the report 450 of 500
    assert item.evaluation_passed is False
    assert file_desk.flow.items.get(number).satisfaction == "92.00"
