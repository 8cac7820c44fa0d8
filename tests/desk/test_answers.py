"""Appeals are answered at the desk, from the queue to the receipt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from huimin_flow.catalogue.terms import AnswerState, State
from huimin_flow.model.sensing.appeals import Appeal
from tests.desk.client import Browser, Served, serving
from tests.kept import rehearsal


@pytest.fixture
def served() -> Iterator[Served]:
    with rehearsal() as engine, serving(engine) as served:
        yield served


@pytest.fixture
def clerk(served: Served) -> Browser:
    return served.browser(served.engine.operator.id)


def test_an_appeal_is_answered_from_the_queue(served: Served, clerk: Browser) -> None:
    engine = served.engine
    said = Appeal(key="V/1", channel="media", who="p1", district="500101", text="难")
    engine.flow.appeals.add(said, by=engine.operator)
    queue = clerk.get("answers.html")
    assert "V/1" in queue.text
    assert "媒体采访" in queue.text
    assert "V/1" in clerk.get("todo.html").text
    form = clerk.get("act-answers.give.html?key=V%2F1&channel=media")
    assert "由万州区答复" in form.text
    ahead = clerk.press(form, "do=preview", text="已为您办理。")
    assert "还没有办理" in ahead.text
    assert "答复过" not in ahead.text
    done = clerk.press(ahead, "do=done")
    assert "已办理" in done.text
    now = engine.flow.answers.get("V/1").answering
    assert now.state is AnswerState.ANSWERED
    assert "V/1" not in clerk.get("answers.html").text
    assert "1/1" in clerk.get("answer-rates.html").text
    again = clerk.press(form, "do=preview", text="又办好一件。")
    assert "答复过;确要再告知?" in again.text.replace("；", ";").replace("？", "?")


def test_everyone_on_an_item_is_answered_from_its_proposal(
    served: Served, clerk: Browser
) -> None:
    engine = served.engine
    item = engine.item(State.LISTED)
    assert item.number in clerk.get("answer-proposals.html").text
    form = clerk.get(f"act-answers.batch.html?number={item.number}")
    assert form.form.fields["expected"] == "25"
    assert item.title in form.form.fields["text"]
    ahead = clerk.press(form, "do=preview")
    done = clerk.press(ahead, "do=done")
    assert "已办理" in done.text
    assert engine.flow.answers.proposals() == ()


def test_what_waits_about_appeals_leads_to_its_page(served: Served) -> None:
    engine = served.engine
    told = [("甲乙丙丁工地拖欠工资三个月", "hotline_12333")] * 3
    told += [("甲乙丙丁工地拖欠工资三个月", "media")] * 3
    batch = [
        Appeal(key=f"R{n}", channel=channel, who=f"p{n}", district="500101",
               title=text, text=text, at=engine.clock.now())
        for n, (text, channel) in enumerate(told)
    ]  # fmt: skip
    engine.flow.appeals.add_all(batch, by=engine.office)
    engine.flow.gathering.run(by=engine.office)
    page = served.browser(engine.operator.id).get("todo.html")
    assert 'href="appeals.html?loose=yes"' in page.html
    assert 'href="appeal.html?channel=hotline_12333&amp;key=R0"' in page.html
    assert 'href="act-gathering.collect.html"' in page.html
    assert 'href="appeal.html?channel=media&amp;key=R3"' in page.html
    engine.flow.answers.give("R0", "已办。", by=engine.operator)
    engine.clock.advance(timedelta(days=20))
    page = served.browser(engine.operator.id).get("todo.html")
    assert 'href="act-answers.close.html"' in page.html
    assert 'href="answers-to-close.html"' in page.html


def test_a_stranger_asks_by_a_receipt_and_sees_no_person(served: Served) -> None:
    engine = served.engine
    said = Appeal(key="k", channel="media", who="p1", district="500101", text="张三难")
    number = engine.flow.appeals.add(said, by=engine.operator).receipt
    engine.clock.advance(timedelta(days=1))
    stranger = served.browser()
    page = stranger.get("receipt.html")
    shown = stranger.press(page, "do=ask", number=number.lower())
    assert (shown.status, "正在办理" in shown.text) == (200, True)
    assert "张三" not in shown.text
    assert "p1" not in shown.text
    wrong = [
        stranger.press(page, "do=ask", number=text)
        for text in ("0000", number[::-1], "张三")
    ]
    assert {each.status for each in wrong} == {404}
    assert all("没有这个编号的回执" in each.text for each in wrong)


def test_whoever_registers_an_appeal_is_given_its_receipt(
    served: Served, clerk: Browser
) -> None:
    form = clerk.get("act-appeals.add.html")
    typed = {
        "appeal.key": "V/2",
        "appeal.channel": "media",
        "appeal.text": "难",
    }
    assert form.form.fields["appeal.key"].startswith("500101-2023")
    assert form.form.fields["appeal.district"] == "500101"
    ahead = clerk.press(form, "do=preview", **typed)
    assert "地点记为万州区" in ahead.text
    assert "由万州区答复" in ahead.text
    done = clerk.press(ahead, "do=done")
    number = served.engine.flow.appeals.receipt_of("V/2")
    assert number in done.text
    assert "appeal.html?channel=media&amp;key=V%2F2" in done.html
