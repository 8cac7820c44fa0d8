"""What appeals say is on the answer to a form alone, and only once a reason is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from huimin_flow.catalogue.terms import Role
from huimin_flow.model.sensing.appeals import Appeal, Contact
from tests.desk.client import Served, serving
from tests.kept import rehearsal


@pytest.fixture
def served() -> Iterator[Served]:
    with rehearsal() as engine, serving(engine) as served:
        contact = Contact(name="张三丰", phone="13800138000")
        said = Appeal(
            key="V/1", channel="media", district="500101", title="张三丰求助",
            text="下雨没处躲\n打13800138000", contact=contact,
        )  # fmt: skip
        engine.flow.appeals.add(said, by=engine.operator)
        yield served


def test_a_reader_is_led_from_the_list_to_the_form_and_told_it_is_recorded(
    served: Served,
) -> None:
    clerk = served.browser(served.engine.operator.id)
    listed = clerk.get("appeals.html")
    address = "read.html?appeals=media%3DV%2F1"
    assert address in listed.html
    assert "没处躲" not in listed.text
    form = clerk.get(address)
    assert (form.form.fields["appeals"].strip(), "都记入历史" in form.text) == (
        "media=V/1",
        True,
    )
    assert "没处躲" not in form.text
    nobody = clerk.press(form, "do=read", reason="")
    assert (nobody.status, "没处躲" in nobody.text) == (400, False)
    shown = clerk.press(form, "do=read", reason="挂接")
    assert "***求助" in shown.text
    assert "<p>打***********</p>" in shown.html
    assert "张三丰" not in shown.text
    whole = clerk.press(shown, "do=read", full="yes")
    assert "张三丰 13800138000" in whole.text
    assert whole.headers["cache-control"] == "no-store"
    told = served.engine.flow.appeals.readings(key="V/1")
    assert [(line.actor, line.reading.full) for line in told] == [
        (clerk_id := served.engine.operator.id, True),
        (clerk_id, False),
    ]
    assert "13800138000" not in served.log.getvalue()
    page = served.browser(served.engine.post(Role.AUDITOR).id).get("readings.html")
    assert page.text.count("media=V/1") == 2
    assert page.text.count("挂接") == 2
    one = served.browser(served.engine.post(Role.AUDITOR).id)
    assert one.get("readings.html?full=yes").text.count("media=V/1") == 1
    assert one.get("readings.html?limit=1&page=2").text.count("media=V/1") == 1
    assert clerk.get("readings.html").status == 403


def test_who_may_not_read_has_no_way_to_the_form_and_sees_nothing(
    served: Served,
) -> None:
    auditor = served.engine.post(Role.AUDITOR)
    browser = served.browser(auditor.id)
    assert "read.html?" not in browser.get("appeals.html").html
    form = browser.get("read.html?appeals=media%3DV%2F1")
    refused = browser.press(form, "do=read", reason="好奇")
    assert (refused.status, "没处躲" in refused.text) == (403, False)
    assert served.engine.flow.appeals.readings() == ()


def test_a_stranger_is_led_to_sign_in(served: Served) -> None:
    assert served.browser().get("read.html").file == "sign-in.html"


def test_suggestions_are_marked_and_nothing_is_taken_unseen(served: Served) -> None:
    clerk = served.browser(served.engine.operator.id)
    form = clerk.get("act-items.collect.html")
    assert "系统建议" not in form.text
    said = {
        "demand.title": "学徒没有地方找工作",
        "demand.description": "万州区高笋塘街道",
    }
    shown = clerk.press(form, "do=suggest", **said)
    assert "系统建议，请核对：" in shown.text
    assert "内容“万州区高笋塘街道”50分" in shown.text
    fields = shown.form.fields
    assert fields["demand.life_stage"] == "unemployment"
    assert fields["demand.title"] == said["demand.title"]
    assert served.engine.flow.items.count() == 0
    ahead = clerk.press(
        shown, "do=preview", **{"demand.origin": "opinion", "demand.area": "employment"}
    )
    assert "失业（系统建议）" in ahead.text
    other = clerk.press(
        shown,
        "do=preview",
        **{
            "demand.origin": "opinion",
            "demand.area": "employment",
            "demand.life_stage": "work",
        },
    )
    assert "在职" in other.text
    assert "在职（系统建议）" not in other.text
    nothing = clerk.press(form, "do=suggest")
    assert "先写标题或内容" in nothing.text
    ours = clerk.press(form, "do=suggest", **{"demand.title": "学校食堂"})
    assert "可转教育部门" in ours.text


def test_a_form_of_an_appeal_has_its_place_proposed(served: Served) -> None:
    clerk = served.browser(served.engine.operator.id)
    form = clerk.get("act-appeals.add.html")
    said = {"appeal.text": "石井坡街道的工地欠薪", "appeal.district": ""}
    shown = clerk.press(form, "do=suggest", **said)
    assert shown.form.fields["appeal.district"] == "沙坪坝区"
    assert shown.form.fields["appeal.town"] == "石井坡街道"
    kept = clerk.press(form, "do=suggest", **{**said, "appeal.district": "涪陵区"})
    assert kept.form.fields["appeal.district"] == "涪陵区"
    assert "沙坪坝区石井坡街道 40分" in kept.text


def test_an_appeal_that_was_read_leads_to_an_item_with_what_it_suggests(
    served: Served,
) -> None:
    desk = served.engine
    said = Appeal(
        key="W1", channel="media", district="不详", title="失业了怎么找工作",
        text="住在渝中区,找不到工作",
    )  # fmt: skip
    desk.flow.appeals.add(said, by=desk.office)
    clerk = served.browser(desk.office.id)
    shown = clerk.press(
        clerk.get("read.html?appeals=media%3DW1"), "do=read", reason="采集"
    )
    assert "区县全称 内容“渝中区”40分" in shown.text
    form = clerk.get("act-gathering.collect.html?key=W1&channel=media")
    assert "act-gathering.collect.html" in shown.html
    way = clerk.get("appeal.html?key=W1&channel=media")
    assert "区县全称 内容“渝中区”40分" in way.text
    assert "act-gathering.collect.html?key=W1" in way.html
    assert "住在" not in way.text
    named = [form.form.fields[f"appeal[{n}]"] for n in (1, 2)]
    assert named == ["media", "W1"]
    assert form.form.fields["demand.life_stage"] == "unemployment"
    assert "系统建议，请核对" in form.text
    made = {"demand.title": "找不到工作", "demand.origin": "opinion"}
    done = clerk.press(clerk.press(form, "do=preview", **made), "do=done")
    assert "已办理" in done.text
    assert desk.flow.appeals.get("W1").item is not None


def test_a_pair_is_offered_to_who_may_read_both_and_full_shows_the_contacts(
    served: Served,
) -> None:
    engine, flow = served.engine, served.engine.flow
    texts = ("木工班组三十人,从春节到现在工资没有发过", "工地晚上十二点还在施工")
    for key, text, district in zip("ab", texts, ("500101", "500102"), strict=True):
        said = Appeal(
            key=key, channel="media", district=district, title="金域华庭工地",
            text=f"金域华庭项目{text}", contact=Contact(name=f"诸葛{key}娣"),
        )  # fmt: skip
        flow.appeals.add(said, by=engine.office)
    flow.gathering.run(by=engine.office)
    assert flow.gathering.count() == flow.gathering.count_mine(by=engine.office) == 1
    for person in ("op-500101", "op-500102"):
        assert flow.gathering.count_mine(by=engine.actor(person)) == 0
    office = served.browser(engine.office.id)
    masked = office.press(office.get("gather.html"), "do=open")
    assert "诸葛" not in masked.text
    whole = office.press(masked, "do=full")
    assert "诸葛a娣" in whole.text
    assert "诸葛b娣" in whole.text
    assert "同一问题" in office.press(whole, "do=yes").text
