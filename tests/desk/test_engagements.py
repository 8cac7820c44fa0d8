"""An engagement at the desk: its page, its forms for each post, and its answers."""

from __future__ import annotations

from urllib.parse import quote

from huimin_flow.catalogue.terms import State
from huimin_flow.testing import UNIT
from tests.desk.client import serving
from tests.flow.core.engaged import entered, with_report
from tests.kept import rehearsal


def test_the_page_of_an_engagement_leads_each_post_to_what_it_may_do() -> None:
    with rehearsal() as desk, serving(desk) as served:
        office, unit = (served.browser(by.id) for by in (desk.office, desk.operator))
        number, other = (desk.bring(State.EXECUTED).number for _ in range(2))
        key = with_report(desk, number).key
        page, about = f"engagement-{number}-01.html", quote(key, safe="")
        answer = f"act-engagements.answer.html?key={about}&amp;finding=1"
        for shown in (office.get(page).html, unit.get(page).html):
            for words in ("登记台账不全", "较重问题", "未回应", "社会工作师"):
                assert words in shown, words
        assert page in unit.get(f"item-{number}.html").html
        assert answer in unit.get(page).html
        assert "engagements.correct" in office.get(page).html
        assert "engagements.correct" not in unit.get(page).html
        assert "act-engagements.answer.html" in unit.get("todo.html").html
        form = unit.get(answer.replace("&amp;", "&")).html
        assert "登记台账不全" in form
        fielded = entered(desk, other).key
        attach = desk.flow.engagements.attach
        file = attach(fielded, "报告.txt", b"1", by=desk.office).digest
        report = f"act-engagements.report.html?key={quote(fielded, safe='')}"
        form = office.get(report).html
        for words in ("每日500名求职者有室内候工处", "报告.txt", "评估意见"):
            assert words in form, words
        assert page in office.get("engagements.html").html
        unit.act(
            answer.replace("&amp;", "&"),
            measures="补登记",
            owner=UNIT,
            due="2099-01-01",
        )
        (left,) = desk.flow.engagements.get(key).unanswered()
        assert left.number == 2
        said = {
            "file": file,
            "outcomes[1].value": "450",
            "findings[1].text": "少两处指引",
        }
        said["findings[1].severity"] = "minor"
        ahead = office.press(office.get(report), "do=preview", **said)
        assert ahead.refused() == []
        office.press(ahead, "do=done")
        told = desk.flow.engagements.get(fielded)
        assert told.results[0].value == 450
        assert [each.text for each in told.findings] == ["少两处指引"]
