"""On the desk, a town's post sees the appeals of its own town, whatever it asks (A2)."""

from __future__ import annotations

from huimin_flow.catalogue.terms import PointLevel
from huimin_flow.clock import FollowingClock
from huimin_flow.testing import rehearsal
from tests.desk.asking import asking
from tests.flow.sensing.test_appeals import appeal

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
