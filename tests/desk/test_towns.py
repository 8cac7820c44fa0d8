"""On the desk, a town's post sees the appeals of its own town, whatever it asks (A2)."""

from __future__ import annotations

import inspect
import json
from itertools import product

import pytest

from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import PointLevel, State
from huimin_flow.clock import FollowingClock
from huimin_flow.desk.calls import answer
from huimin_flow.errors import StepRefused
from huimin_flow.flow import Flow
from huimin_flow.flow.core.acts import Kind
from huimin_flow.flow.methods import methods
from huimin_flow.flow.wire import call_of
from huimin_flow.reports.listings import LISTINGS
from huimin_flow.reports.sensing.towns import HELD
from huimin_flow.shell.core.acting import OF_APPEALS
from tests.desk.asking import asking
from tests.flow.sensing.test_appeals import appeal
from tests.kept import rehearsal

TOWN, OTHER = "500101001", "500102009"


def test_a_town_sees_the_list_of_its_own_town_only() -> None:
    with rehearsal() as desk:
        batch = [
            appeal("mine", district="万州区高笋塘街道"),
            appeal("theirs", district="涪陵区江北街道"),
            appeal("nobodys", district="A3区"),
        ]
        desk.flow.appeals.add_all(batch, by=desk.office)
        asker = asking(desk.flow, FollowingClock(desk.clock.now(), stands=True))
        town, office = (
            asker.acting_as(post) for post in (f"town-{TOWN}", desk.office.id)
        )
        for asked in ("", "?town=", f"?town={OTHER}", "?channel=hotline_12333"):
            for kind in ("html", "csv"):
                answer = town.get(f"appeals.{kind}{asked}")
                assert answer.status == 200
                assert "mine" in answer.text
                assert "theirs" not in answer.text
                assert "nobodys" not in answer.text
        assert "theirs" in office.get("appeals.html").text
        assert "mine" not in office.get(f"appeals.html?town={OTHER}").text


def test_a_town_sees_one_appeal_only_if_it_is_its_own_or_it_answers_it() -> None:
    with rehearsal() as desk:
        flow, channel = desk.flow, "hotline_12333"
        batch = [
            appeal("mine", district="万州区高笋塘街道"),
            appeal("theirs", district="涪陵区江北街道"),
            appeal("given", district="涪陵区江北街道"),
        ]
        flow.appeals.add_all(batch, by=desk.office)
        flow.answers.transfer("given", TOWN, "wrong_unit", by=desk.office)
        asker = asking(flow, FollowingClock(desk.clock.now(), stands=True))
        town, office = (
            asker.acting_as(post) for post in (f"town-{TOWN}", desk.office.id)
        )
        pages = ("appeal.html", "act-answers.give.html")
        for page, (key, status) in product(
            pages, {"mine": 200, "given": 200, "theirs": 403}.items()
        ):
            answer = town.get(f"{page}?channel={channel}&key={key}")
            assert (answer.status, key in answer.text) == (status, status == 200), page
            assert office.get(f"{page}?channel={channel}&key={key}").status == 200
        for asked in ("", f"?unit={OTHER}", "?overdue=no"):
            text = town.get(f"answers.html{asked}").text
            assert ("mine" in text, "given" in text, "theirs" in text) == (
                True, True, False,
            )  # fmt: skip
            assert "theirs" not in town.get(f"answers.csv{asked}").text
        way = office.get(f"appeal.html?channel={channel}&key=mine").text
        for words in ("听到", "登记", "专班办公室", "尚未挂到事项", "查看原文"):
            assert words in way
        assert office.get("appeal.html?key=nobodys").status == 404
        assert "查看原文" not in asker.acting_as("auditor-1").get(
            f"appeal.html?channel={channel}&key=mine"
        ).text  # fmt: skip


def test_points_and_their_coverage_are_shown_and_set_up_on_the_desk() -> None:
    with rehearsal() as desk:
        by = desk.actor("op-500101")
        desk.flow.points.add("万州点", PointLevel.DISTRICT, "万州区", by=by)
        asker = asking(desk.flow, FollowingClock(desk.clock.now(), stands=True))
        asker = asker.acting_as(by.id)
        page = asker.get("points-coverage.html")
        assert page.status == 200
        for words in ("示意图，不表示行政区域界线", "缺2级", "缺3级", "每万人诉求"):
            assert words in page.text
        assert "万州点" in asker.get("points.html").text
        form = asker.get("act-points.add.html")
        assert form.status == 200
        assert "所在地点" in form.text
        assert "直报点" in asker.get("todo.html").text


def test_every_question_about_appeals_is_held_to_a_town_or_says_why_not() -> None:
    free = {
        "appeals.readings",  # for who audits
        "appeals.count_readings",
    }
    known = {
        name
        for name, method in methods(Flow).items()
        if method.case.kind is Kind.QUESTION
        for text in [str(inspect.signature(method))]
        if "APPEAL_KEY" in text or "AppealSummary" in text or "Answering" in text
    }
    assert HELD - known <= {
        *("appeals.count", "answers.count", "answers.count_to_close"),
        *("gathering.count", "gathering.list"),
    }
    assert known - HELD == free & known
    assert {name.partition(".")[0] for name in HELD} == OF_APPEALS
    with rehearsal() as desk:
        desk.flow.appeals.add(appeal("k", district="涪陵区江北街道"), by=desk.office)
        town = desk.actor(f"town-{TOWN}")
        with desk.flow.snapshot() as now:
            for name in sorted((known & HELD) | {"gathering.list"}):
                function = methods(Flow)[name].case.function
                plain: dict[str, object] = {"key": "k"}
                if name in {"gathering.explain", "gathering.members"}:
                    plain = {"appeal": ["hotline_12333", "k"]}
                if name.endswith((".list", ".to_close")):
                    plain = {}
                call = call_of(name, function, json.dumps({"args": plain}))
                assert "answer" in answer(desk.office, now, name, call)
                if not plain:
                    assert answer(town, now, name, call)["answer"] == [], name
                    continue
                with pytest.raises(StepRefused) as refused:
                    answer(town, now, name, call)
                assert refused.value.code == Code.OTHER_UNITS_PLACE, name


def test_who_answers_sees_their_own_first_and_a_town_its_own_only() -> None:
    with rehearsal() as desk:
        places = {
            "mine": "万州区高笋塘街道",
            "besides": "万州区太龙镇",
            "theirs": "涪陵区江北街道",
        }
        batch = [appeal(key, district=place) for key, place in places.items()]
        desk.flow.appeals.add_all(batch, by=desk.office)
        asker = asking(desk.flow, FollowingClock(desk.clock.now(), stands=True))
        town, district, office = (
            asker.acting_as(post)
            for post in (f"town-{TOWN}", "op-500101", desk.office.id)
        )
        for asked in ("", "?unit=", "?unit=500102", "?channel=hotline_12333"):
            for kind in ("html", "csv"):
                text = town.get(f"answers.{kind}{asked}").text
                assert [key in text for key in places] == [True, False, False]
        own = district.get("answers.html").text
        assert [key in own for key in places] == [False, True, False]
        assert all(key in district.get("answers.html?unit=").text for key in places)
        assert all(key in office.get("answers.html").text for key in places)


def test_a_town_opens_every_list_that_begins_with_ones_own_rows() -> None:
    lists = {name: each for name, each in LISTINGS.items() if each.own_first}
    assert {bool(each.of_town) for each in lists.values()} == {True, False}
    with rehearsal() as desk:
        desk.item(State.LISTED)
        asker = asking(desk.flow, FollowingClock(desk.clock.now(), stands=True))
        town = asker.acting_as(f"town-{TOWN}")
        for file in product(lists, ("html", "csv", "xlsx")):
            assert town.get(".".join(file)).status == 200, file


def test_who_answers_is_led_to_what_the_appeal_says() -> None:
    with rehearsal() as desk:
        desk.flow.appeals.add_all([appeal("k")], by=desk.office)
        asker = asking(desk.flow, FollowingClock(desk.clock.now(), stands=True))
        district = asker.acting_as("op-500101")
        pair = "channel=hotline_12333&key=k"
        form = district.get(f"act-answers.give.html?{pair}").text
        read = "read.html?appeals=hotline_12333%3Dk"
        assert read in form
        assert f"appeal.html?{pair}" in form
        assert read in district.get("answers.html").text
        way = district.get(f"appeal.html?{pair}").text
        assert desk.flow.appeals.receipt_of("k") in way
        assert "receipt.html" in way
