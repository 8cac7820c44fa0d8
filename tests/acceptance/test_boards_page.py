"""The page on boards and orders works as it is written."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from huimin_flow.catalogue.terms import State
from huimin_flow.clock import at_hour
from huimin_flow.model.executing.plans import Progress
from huimin_flow.testing import Desk
from huimin_flow.timetable.ledger import tick
from tests.test_docs import DOCS, blocks, followed
from tests.test_docs import run as run  # noqa: PLC0414 - a fixture


def test_boards_and_orders_go_as_the_page_says(
    file_desk: Desk,
    file_url: str,
    run: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    number = file_desk.bring(State.ASSIGNED).number
    Path("回函.txt").write_text("已建成", encoding="utf-8")
    digest = hashlib.sha256("已建成".encode()).hexdigest()
    monkeypatch.setenv("HUIMIN_DATABASE", file_url)
    monkeypatch.setenv("HUIMIN_NOW", f"{file_desk.today()}T11:00")
    page = DOCS / "how-to" / "boards-and-orders.zh-CN.md"
    text = "".join(blocks(page, "sh")).replace("事项编号", number)
    text = text.replace("督办编号", "supervision_order/2023-0001")
    *lines, last = text.replace("附件摘要", digest[:12]).splitlines()
    at = next(n for n, line in enumerate(lines) if "board show" in line)
    followed(lines[:at], run, monkeypatch)
    shown = capsys.readouterr().out
    for words in ("待答复", "2023-10-23", "候工区已建成", "已销号", "督查室来函认可"):
        assert words in shown, words
    figure = Progress(
        item=number, task="T1", indicator="候工区", month="2023-10", value=0
    )
    file_desk.flow.tasks.report([figure], by=file_desk.operator)
    file_desk.clock.set(at_hour(date(2024, 1, 9), 9))
    tick(file_desk.flow)
    monkeypatch.setenv("HUIMIN_NOW", "2024-01-09T10:00")
    followed(lines[at : at + 3], run, monkeypatch)
    shown = capsys.readouterr().out
    assert "进展慢" in shown
    made = re.search(r"approve (\S+) --seen (\w+)", shown)
    assert made is not None
    rest = "\n".join(lines[at + 3 :]).replace("提请编号", made[1])
    followed(rest.replace("核对码", made[2]).splitlines(), run, monkeypatch)
    assert "第1版" in capsys.readouterr().out
    figure = replace(figure, month="2023-12", value=9)
    file_desk.flow.tasks.report([figure], by=file_desk.operator)
    run(last)
    assert file_desk.flow.boards.published("2023Q4").edition == 1
