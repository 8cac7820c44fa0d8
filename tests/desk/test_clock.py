"""A wrong clock at the desk: who is told, who declares it, and what is marked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.desk.client import Served, serving
from tests.kept import rehearsal


@pytest.fixture
def served() -> Iterator[Served]:
    with rehearsal() as engine, serving(engine) as served:
        yield served


def test_two_people_declare_a_wrong_clock_and_its_records_are_marked(
    served: Served,
) -> None:
    engine = served.engine
    engine.clock.advance(timedelta(days=40))
    number = engine.collect().number
    engine.clock.advance(-timedelta(days=39))
    office, second = (served.browser(by.id) for by in (engine.office, engine.second))
    assert "时钟可能走错" in office.get("index.html").text
    assert "act-clock.declare.html" in office.get("todo.html").html
    form = office.get("act-clock.declare.html")
    assert form.form.fields["first_record"] == form.form.fields["last_record"] == "2"
    refused = office.press(
        form, "do=done", reason="时钟超前", first_record="1", last_record="9"
    )
    assert "没有第1至9条记录" in refused.text
    assert not engine.flow.proposals.waiting()
    office.press(form, "do=done", reason="时钟超前")
    (proposal,) = engine.flow.proposals.waiting()
    again = office.press(form, "do=preview", reason="时钟超前")
    assert again.codes() == {"span_proposed"}
    page = second.get(f"proposal-{proposal.key.partition('/')[2]}.html")
    assert f"事项 {number} 采集" in page.text
    second.press(page, "do=approve")
    assert not engine.flow.proposals.waiting()
    assert "时钟可能走错" not in office.get("index.html").text
    assert "不予采纳" in office.get("todo.html").text
    assert "时钟曾走错" in office.get(f"item-{number}.html").text
    marked = office.get("clock.html").text
    assert number in marked
    assert "时钟超前" in marked
    assert engine.collect().number != number
