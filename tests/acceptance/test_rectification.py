"""Bad measures are put right: one accepted, one returned, one up to its last rung."""

from __future__ import annotations

import shlex
from datetime import date, timedelta
from pathlib import Path

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import (
    RectificationState,
    Role,
    State,
    TodoKind,
)
from huimin_flow.clock import at_hour
from huimin_flow.errors import StepRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.reports.contents import site_files
from huimin_flow.reports.pages import page_of
from huimin_flow.shell.main import invoke
from huimin_flow.testing import Desk
from tests.ratings import rating
from tests.test_docs import blocks

MONDAY = date(2024, 4, 8)
HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "rectify.zh-CN.md"


def test_one_is_accepted_one_returned_one_escalated(desk: Desk) -> None:
    flow, office, unit = desk.flow, desk.office, desk.operator
    acts = flow.rectifications
    desk.clock.set(at_hour(MONDAY, 9))
    keys, numbers = [], []
    for document in ("1号", "2号", "3号"):
        number = desk.bring(State.ASSIGNED).number
        order = flow.orders.receive(
            number, "督查室", document, MONDAY, "限期整改", by=office
        )
        made = acts.open(number, "被督办", order_key=order.key, by=office)
        keys.append(made.key)
        numbers.append(number)
    good, bad, late = keys
    for number in numbers[:2]:
        desk.report(number)
    desk.clock.set(at_hour(MONDAY + timedelta(days=1), 9))
    at = desk.clock.now()
    flow.ratings.add([rating(n, unit=unit.unit, at=at) for n in range(6)], by=office)
    for number, key in zip(numbers[:2], (good, bad), strict=True):
        file = flow.items.attach(number, "照片.txt", key.encode(), by=unit)
        acts.submit(key, "已开放", [file.digest], by=unit)
    for judge in (unit, desk.post(Role.UNIT_HEAD, unit.unit)):
        with pytest.raises(StepRefused):  # no act lets a unit accept its own
            acts.accept(good, "属实", by=judge)
    done = acts.accept(good, "属实", by=desk.post(Role.SUPERVISION))
    back = acts.return_(bad, "照片不清", by=office)
    for day in (29, 30):
        desk.clock.set(at_hour(date(2024, 4, day), 9))
        acts.escalate(by=desk.scheduler)
    desk.clock.set(at_hour(date(2024, 5, 31), 9))
    acts.escalate(by=desk.scheduler)
    told = acts.get(late).rectification
    deputy = desk.post(Role.DEPUTY_LEADER)
    assert [rung.role for rung in told.rungs] == [
        Role.UNIT_HEAD,
        Role.OFFICE,
        Role.DEPUTY_LEADER,
    ]
    assert TodoKind.RECTIFICATION in {each.kind for each in flow.todo(deputy)}
    acts.acknowledge(late, by=deputy)
    assert (done.state, back.state) == (
        RectificationState.ACCEPTED,
        RectificationState.RETURNED,
    )
    assert door_of(flow).read(verify).findings == ()
    with flow.snapshot() as now:
        assert "rectifications.html" in site_files(now)
        for name in ("rectifications.html", "index.html", f"item-{numbers[0]}.html"):
            assert page_of(name)(now).values


def test_the_how_to_is_followed(
    file_desk: Desk,
    file_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    desk, flow = file_desk, file_desk.flow
    desk.clock.set(at_hour(MONDAY, 9))
    number = desk.bring(State.ASSIGNED).number
    order = flow.orders.receive(
        number, "督查室", "1号", MONDAY, "限期整改", by=desk.office
    )
    file = flow.items.attach(number, "照片.txt", b"1", by=desk.operator).digest
    named = {"事项编号": number, "督办编号": order.key, "佐证摘要": file}
    named["整改编号"] = "rectification/2024-0001"
    monkeypatch.setenv("HUIMIN_DATABASE", file_url)
    monkeypatch.chdir(tmp_path)
    codes = (f"p-{n:02d}" for n in range(40))
    Path("frame.csv").write_text("\n".join(["代号", *codes, ""]), encoding="utf-8")
    days = {"submit": "2024-04-10", "escalate": "2024-05-31"}
    monkeypatch.setenv("HUIMIN_NOW", f"{MONDAY}T10:00")
    for line in "".join(blocks(HOW_TO, "sh")).splitlines():
        words = [named.get(word, word) for word in shlex.split(line)]
        if words[2] in days:
            monkeypatch.setenv("HUIMIN_NOW", f"{days[words[2]]}T10:00")
        assert invoke(words[1:]) == 0, (line, capsys.readouterr().err)
    assert "责任单位负责人" in capsys.readouterr().out
