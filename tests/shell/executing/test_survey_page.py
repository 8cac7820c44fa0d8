"""The page on surveys is run as a reader would: sample, answers, evaluation, doubt."""

from __future__ import annotations

import hashlib
import re
import shlex
from pathlib import Path

import pytest

from huimin_flow.catalogue.terms import State
from huimin_flow.shell.main import invoke
from huimin_flow.testing import Desk

PAGE = Path(__file__).parents[3] / "docs/how-to/survey-and-evaluate.zh-CN.md"
CODES = [f"p-{n:03d}" for n in range(60)]


def test_an_item_is_surveyed_and_evaluated_as_the_page_says(
    file_desk: Desk,
    file_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    number = file_desk.bring(State.EXECUTED).number
    file_desk.report(number)
    key = f"survey/{number}/01"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("HUIMIN_DATABASE", file_url)
    monkeypatch.setenv("HUIMIN_NOW", f"{file_desk.today()}T11:00")
    Path("frame.csv").write_text("\n".join(["代号", *CODES, ""]), encoding="utf-8")
    text = PAGE.read_text(encoding="utf-8")
    lines = "".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL)).splitlines()
    for line in lines:
        words = shlex.split(line, comments=True)
        if words[0] == "export":
            name, _, value = words[1].partition("=")
            monkeypatch.setenv(name, value)
            continue
        if "answers.csv" in words:
            codes = [each.code for each in file_desk.flow.surveys.sample(key)]
            seed = file_desk.flow.surveys.get(key).seed
            ranks = {
                code: hashlib.sha256(f"{seed}\n{code}".encode()).hexdigest()
                for code in CODES
            }
            assert codes == sorted(CODES, key=ranks.__getitem__)[:40]
            marks = ["满意"] * 37 + ["不满意"] * 3
            rows = [f"{c},{mark}" for c, mark in zip(codes, marks, strict=True)]
            Path("answers.csv").write_text("\n".join(["代号,评价", *rows, ""]), "utf-8")
        known = {"事项编号": number, "调查编号": key}
        code = invoke([known.get(word, word) for word in words[1:]])
        assert code == 0, (line, capsys.readouterr().err)
    item = file_desk.flow.items.get(number)
    assert (item.satisfaction, item.evaluation_passed, item.stale) == (
        "92.50",
        True,
        (),
    )
    shown = capsys.readouterr().out
    for word in (
        "抽取40人",
        "与记录的样本一致",
        "80.13%至97.42%",
        "满意度来源",
    ):
        assert word in shown, word
