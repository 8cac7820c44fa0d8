"""Proposals answered at the desk by the keyboard, in a real Chromium without script."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.gathered import measure
from huimin_flow.clock import RehearsalClock
from huimin_flow.flow import Flow
from huimin_flow.model.core.rules import Figure
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.sensing.appeals import Appeal
from huimin_flow.testing import MORNING, UNIT, Desk
from tests.browser.test_desk import Person
from tests.conftest import CONFIG
from tests.desk.server import served

#: How many real messages are linked at the desk.
MANY = 300

#: Three pairs of which a person has to say something; places and firms are invented.
INVENTED = (
    ("金域华庭工地拖欠木工工资", "金域华庭项目木工班组三十人,从春节到现在工资没有发过"),
    ("金域华庭工地夜间施工噪音", "金域华庭项目工地晚上十二点还在施工,住户睡不着觉"),
    ("金域华庭工地围挡占了人行道", "金域华庭项目工地的围挡占道,老人孩子只能走马路"),
)


@contextmanager
def proposed(
    appeals: list[Appeal], book: Rulebook, folder: Path, chromium: Any, at: datetime
) -> Iterator[tuple[Flow, Person]]:
    """An office with a keyboard, and a desk at which nothing is linked by itself."""
    url = f"sqlite:///{folder}/huimin.db"
    clock = RehearsalClock(at)
    # All that is near is left to people: they link what the rule would have linked.
    never = Figure(value=1000, source="ours")
    gathering = replace(book.rules.gathering, link_mark=never, margin=never)
    rules = replace(book.rules, gathering=gathering)
    with Flow.found(
        url, replace(book, rules=rules), rehearsal=True, clock=clock
    ) as flow:
        office = Desk(flow, clock).office
        for first in range(0, len(appeals), 500):
            intake = flow.appeals.add_all(appeals[first : first + 500], by=office)
            assert not intake.refused
        flow.gathering.run(by=office)
        moment = f"{at:%Y-%m-%dT%H:%M:%S+00:00}"
        with served(url, CONFIG, folder, "--now", moment) as desk:
            context = chromium.context.browser.new_context(
                java_script_enabled=False, locale="zh-CN"
            )
            person = Person(office.id, context.new_page(), desk.address, [])
            person.page.goto(f"{desk.address}gather.html")
            yield flow, person
            assert not person.complaints
            context.close()


def key(person: Person, letter: str) -> None:
    """Press an access key, and wait for the page that it leads to."""
    person.told.append(f"{person.post:10} 按键 Alt+{letter}")
    # The driver's own keyboard sends no letter together with Alt.
    session = person.page.context.new_cdp_session(person.page)
    stroke = {
        "modifiers": 1, "key": letter, "code": f"Key{letter.upper()}", "text": letter,
        "unmodifiedText": letter, "windowsVirtualKeyCode": ord(letter.upper()),
    }  # fmt: skip
    with person.page.expect_navigation():
        for kind in ("keyDown", "keyUp"):
            session.send("Input.dispatchKeyEvent", {"type": kind, **stroke})
    session.detach()


def test_pairs_are_answered_by_the_keyboard_and_the_next_one_follows(
    book: Rulebook, tmp_path: Path, chromium: Any
) -> None:
    appeals = [
        Appeal(
            key=f"G{number}",
            channel="hotline_12333",
            who=f"p{number}",
            district=UNIT,
            title=title,
            text=f"{text},联系电话13912345678",
            at=MORNING - timedelta(hours=9 - number),
        )
        for number, (title, text) in enumerate(INVENTED)
    ]
    with proposed(appeals, book, tmp_path, chromium, MORNING) as (flow, office):
        before = flow.gathering.count()
        assert before == 3
        page = office.page
        assert "木工班组" not in page.content()
        key(office, "o")
        text = page.inner_text("main")
        assert "木工班组" in text
        assert "13912345678" not in text
        assert page.locator("mark").count()
        key(office, "f")
        assert "13912345678" in page.inner_text("main")
        first, second = re.findall(r"hotline_12333=\w+", page.inner_text("h2"))[:2]
        key(office, "l")
        assert first not in page.inner_text("h2") or second not in page.inner_text("h2")
        key(office, "n")
        assert flow.gathering.count() == before - 1
        key(office, "y")
        assert "同一问题" in page.locator(".done").inner_text()
        confirmed = [each.appeals - each.likely for each in flow.gathering.groups()]
        assert max(confirmed) == 2
        readings = flow.appeals.readings()
        assert {line.actor for line in readings} == {office.post}
        assert [line.reading.full for line in readings].count(True) == 1
        # The buttons do the same without a key.
        while page.get_by_role("button", name="不是").count():
            with page.expect_navigation():
                office.press("不是")
        assert "等着您确认的有0对" in page.inner_text("main")
        assert flow.gathering.count() == 0


@pytest.mark.skipif(
    "HUIMIN_DATA" not in os.environ, reason="HUIMIN_DATA 没有指明真实诉求所在的文件夹"
)
def test_300_real_messages_are_linked_through_the_desk(
    book: Rulebook, tmp_path: Path, chromium: Any
) -> None:
    """A person answers as the first reader labelled, until so many are linked."""
    topics = measure.labels("a")
    appeals = [
        Appeal(
            key=message.id,
            channel="online_politics",
            who=f"w{message.id}",
            district="A市",
            title=message.title,
            text=message.text,
            at=message.at.replace(tzinfo=UTC),
        )
        for message in measure.messages()
    ]
    at = max(each.at for each in appeals if each.at) + timedelta(days=1)
    linked = 0
    with proposed(appeals, book, tmp_path, chromium, at) as (flow, office):
        key(office, "o")
        while linked < MANY:
            first, second = re.findall(
                r"online_politics=(\w+)", office.page.inner_text("h2")
            )[:2]
            same = topics.get(first) is not None and topics[first] == topics.get(second)
            key(office, "y" if same else "n")
            linked += same
        since = at.date() - timedelta(days=4000)
        problems = flow.gathering.groups(since, at.date(), limit=1000)
        joined = sum(each.appeals - each.likely - 1 for each in problems)
        assert joined == MANY
        told = tmp_path / "told.txt"
        told.write_text("\n".join(office.told), encoding="utf-8")
        answers = [line.rpartition("+")[2] for line in office.told if "按键" in line]
        assert answers.count("y") == MANY
        assert (
            len(flow.appeals.readings(limit=1000))
            == len(answers)
            == (1 + answers.count("y") + answers.count("n"))
        )
