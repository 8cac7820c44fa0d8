"""The page of answers: rates and times by channel and unit, open and overdue counted."""

from __future__ import annotations

import re
from datetime import timedelta

from huimin_flow.reports.contents import site_files
from huimin_flow.reports.core.render import Frame, draw
from huimin_flow.reports.pages import page_of
from huimin_flow.testing import Desk
from tests.flow.sensing.test_answers import appeal

FILE = "answer-rates.html"


def rows(desk: Desk) -> list[list[str]]:
    """Return the cells of all rows, as a reader of the site sees them."""
    with desk.flow.snapshot() as now:
        page = draw(page_of(FILE)(now), Frame(rehearsal=True))
    return [
        re.findall(r"<t[dh][^>]*>(?:<a[^>]*>)?([^<]*)", row)
        for row in re.findall("(?s)<tr>(.*?)</tr>", page)
    ]


def test_a_site_has_what_was_answered_in_time_and_what_is_late(desk: Desk) -> None:
    with desk.flow.snapshot() as now:
        assert FILE not in site_files(now)
    told = [appeal("a"), appeal("b", who="p2"), appeal("c", district="500102")]
    desk.flow.appeals.add_all(told, by=desk.office)
    desk.flow.answers.give("a", "已办。", by=desk.operator)
    desk.clock.advance(timedelta(days=20))
    with desk.flow.snapshot() as now:
        assert FILE in site_files(now)
    channels, units = rows(desk)[:2], rows(desk)[2:]
    assert channels == [
        ["渠道", "应答复", "已答复", "按期", "按期率", "在办", "逾期"],
        ["12333热线电话", "3", "1", "1", "33.33%(1/3)", "2", "2"],
    ]
    assert units[1:] == [
        ["万州区", "12333热线电话", "2", "1", "1", "50.00%(1/2)", "1", "1", "0", "0", "1"],
        ["涪陵区", "12333热线电话", "1", "0", "0", "0.00%(0/1)", "1", "1", "—", "—", "0"],
    ]  # fmt: skip


def test_the_page_of_twelve_months_leaves_older_appeals_out(desk: Desk) -> None:
    desk.flow.appeals.add(appeal("a"), by=desk.office)
    assert len(rows(desk)) == 4
    desk.clock.advance(timedelta(days=400))
    assert rows(desk) == []


def test_no_key_and_no_person_stands_on_the_page(desk: Desk) -> None:
    desk.flow.appeals.add(appeal("KEY-77", who="p-geheim"), by=desk.office)
    told = str(rows(desk))
    assert "KEY-77" not in told
    assert "geheim" not in told
