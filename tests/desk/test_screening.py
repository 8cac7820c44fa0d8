"""The screening desk in a browser: a row an item, its form a key away (A3, A5)."""

from __future__ import annotations

import re
from datetime import date

from huimin_flow.catalogue.terms import Area
from huimin_flow.clock import FollowingClock
from huimin_flow.model.sensing.policies import Promise, Undertaking
from huimin_flow.testing import UNIT, Desk
from tests.desk.asking import asking


def test_each_row_leads_to_the_form_by_which_its_item_is_screened(desk: Desk) -> None:
    numbers = [desk.collect(title).number for title in ("候工区", "停车场")]
    asker = asking(desk.flow, FollowingClock(desk.clock.now(), stands=True))
    page = asker.acting_as("office-1").get("screening.html")
    assert page.status == 200
    forms = re.findall(
        r'<a href="(act-items\.screen\.html\?number=[^"]+)" accesskey="(\d)"', page.text
    )
    assert sorted(number.partition("=")[2] for number, _ in forms) == sorted(numbers)
    assert [key for _, key in forms] == ["1", "2"]
    form = asker.acting_as("office-1").get(forms[0][0])
    assert form.status == 200
    assert "紧迫性" in form.text


def test_a_round_and_the_measures_have_their_pages(desk: Desk) -> None:
    desk.collect("候工区")
    drawn = desk.flow.screening.run(by=desk.office)
    promise = Promise(key="P1", indicator="零工市场", due=date(2024, 6, 30))
    policy = desk.flow.policies.register(
        "某部", "1号", "关于零工市场的意见", desk.today(), [promise], by=desk.office
    )
    desk.flow.measures.register(
        policy.key, "每个区县建一个", Area.EMPLOYMENT, UNIT,
        [Undertaking(promise="P1", due=date(2024, 5, 31))], by=desk.office,
    )  # fmt: skip
    asker = asking(desk.flow, FollowingClock(desk.clock.now(), stands=True))
    office = asker.acting_as("office-1")
    for file, said in (
        (f"screening-{drawn.period}.html", "其余标准所需的分"),
        ("screening-rounds.html", drawn.key),
        ("policies.html", "关于零工市场的意见"),
        ("measure-register.html", "每个区县建一个"),
        ("measures.html", "尚无进展数据"),
        ("policy-reviews.html", "还没有政策执行对照"),
    ):
        page = office.get(file)
        assert page.status == 200, file
        assert said in page.text, file
    assert office.get("screening-2020-01.html").status == 404
