"""The page on splitting and returning tasks runs as it stands."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from huimin_flow.catalogue.terms import State
from huimin_flow.testing import rehearsal
from tests.test_docs import DOCS, blocks, followed, run

__all__ = ["run"]

PAGE = DOCS / "how-to" / "split-and-return-tasks.zh-CN.md"


def test_tasks_are_split_sent_back_and_carried_out_as_the_page_says(
    run: Callable[..., None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = f"sqlite:///{tmp_path / 'tasks.db'}"
    with rehearsal(url) as desk:
        number = desk.bring(State.LISTED).number
        desk.assess(number)
        moment = desk.clock.now()
    monkeypatch.setenv("HUIMIN_DATABASE", url)
    monkeypatch.setenv("HUIMIN_NOW", f"{moment:%Y-%m-%dT%H:%M}Z")
    (plan,) = blocks(PAGE, "yaml")
    Path("plan.yaml").write_text(plan, encoding="utf-8")
    lines = "".join(blocks(PAGE, "sh")).replace("事项编号", number).splitlines()
    run(f"huimin item coverage {number}")
    before = unicodedata.normalize("NFKC", capsys.readouterr().out)
    assert "还没有分解任务" in before
    assert "目标够数" not in before
    followed(lines, run, monkeypatch)
    shown = unicodedata.normalize("NFKC", capsys.readouterr().out)
    for said in (
        "各任务目标够数",
        "须达到100人,各任务合计60,还差40",
        "承担的“新增就业”不计:已退回",
        "维持原分工",
        "已调整",
        "新增就业:—/60人",
        f"item reassign {number} --reason 理由 --task T2 --unit 500102",
        "新增就业100人:T1 万州区 60人,T2 涪陵区 40人(已退回);有缺口",
    ):
        assert said in shown, said
    run(f"huimin item show {number} --lang en")
    lines = capsys.readouterr().out.splitlines()
    (covered,) = [line for line in lines if line.startswith("coverage ")]
    assert covered.endswith("新增就业100人: T1 万州区 60人, T2 渝中区 40人")
