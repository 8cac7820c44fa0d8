"""Direct-report points on three levels: set up, changed, closed; coverage, silence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.reasons import Code, InputCode
from huimin_flow.catalogue.terms import PointLevel, PointState, PointStep, TodoKind
from huimin_flow.clock import at_hour
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.sensing.points import PointEntry, ReportingPoint
from huimin_flow.reports.sensing.points import coverage_notes
from huimin_flow.rules.sensing.coverage import coverage
from huimin_flow.testing import Desk
from tests.flow.sensing.test_appeals import appeal

L, TOWN = PointLevel, "500101001"


def own(desk: Desk) -> dict[str, ReportingPoint]:
    """Set up a point of each level in 500101; return them by level."""
    by = desk.actor("op-500101")
    add = desk.flow.points.add
    return {
        "district": add("区直报点", L.DISTRICT, "万州区", by=by),
        "town": add("街道直报点", L.TOWN, "万州区高笋塘街道", "head-500101", by=by),
        "village": add("社区直报点", L.VILLAGE, "高笋塘街道某某社区", by=by),
    }


def test_a_point_has_its_place_down_to_its_level(desk: Desk) -> None:
    points = own(desk)
    places = {name: (p.unit, p.town, p.village) for name, p in points.items()}
    assert places == {
        "district": ("500101", "", ""), "town": ("500101", TOWN, ""),
        "village": ("500101", TOWN, "某某社区"),
    }  # fmt: skip
    assert [each.key for each in desk.flow.points.list()] == [
        "point/00001", "point/00002", "point/00003",
    ]  # fmt: skip
    assert desk.flow.points.count(unit="500101", level=L.TOWN) == 1
    assert door_of(desk.flow).read(verify).clean


@pytest.mark.parametrize(
    ("level", "place", "code"),
    [
        (L.TOWN, "万州区", InputCode.PLACE_TOO_WIDE),
        (L.VILLAGE, "万州区高笋塘街道", InputCode.PLACE_TOO_WIDE),
        (L.TOWN, "兴隆镇", InputCode.PLACE_UNCLEAR),
        (L.DISTRICT, "A3区", InputCode.PLACE_UNKNOWN),
    ],
)
def test_a_place_that_is_unclear_or_too_wide_is_refused_with_what_there_is(
    desk: Desk, level: PointLevel, place: str, code: InputCode
) -> None:
    with pytest.raises(InputRefused) as refused:
        desk.flow.points.add("甲", level, place, by=desk.office)
    assert refused.value.code == code
    assert refused.value.remedy


def test_a_point_is_its_districts_to_change_and_to_close(desk: Desk) -> None:
    flow, points, by = desk.flow, own(desk), desk.actor("op-500101")
    key = points["town"].key
    stranger, town = desk.actor("op-500102"), desk.actor(f"town-{TOWN}")
    for other in (stranger, town):
        with pytest.raises(StepRefused):
            flow.points.move(key, new_name="乙", by=other)
        with pytest.raises(StepRefused):
            flow.points.close(key, "合并", by=other)
        with pytest.raises(StepRefused):
            flow.points.add("乙", L.TOWN, TOWN, by=other)
    with pytest.raises(StepRefused) as refused:  # into another's district
        flow.points.move(key, locality="涪陵区江北街道", by=by)
    assert refused.value.code == Code.OTHER_UNITS_ITEM
    moved = flow.points.move(key, locality="万州区太白街道", in_charge="", by=by)
    assert (moved.town, moved.name, moved.in_charge) == ("500101017", "街道直报点", "")
    with pytest.raises(InputRefused) as twice:
        flow.points.add("街道直报点", L.TOWN, "太白街道", by=by)
    assert twice.value.code == InputCode.POINT_TWICE
    closed = flow.points.close(key, "合并", by=by)
    assert (closed.state, closed.closed_on) == (PointState.TAKEN_DOWN, desk.today())
    with pytest.raises(StepRefused):
        flow.points.move(key, new_name="乙", by=by)
    with pytest.raises(InputRefused):
        flow.points.add("张三的点", L.TOWN, TOWN, "张三", by=by)
    assert door_of(desk.flow).read(verify).clean


def test_several_points_come_in_and_known_ones_add_nothing(desk: Desk) -> None:
    entries = [
        PointEntry(name="甲", level=L.DISTRICT, locality="涪陵区"),
        PointEntry(name="乙", level=L.TOWN, locality="涪陵区"),
        PointEntry(name="丙", level=L.TOWN, locality="涪陵区江北街道"),
        PointEntry(name="", level=L.DISTRICT, locality="涪陵区"),
    ]
    for kept, known in ((2, 0), (0, 2)):
        intake = desk.flow.points.add_all(entries, by=desk.office)
        assert (len(intake.kept), intake.known) == (kept, known)
        assert [each.index for each in intake.refused] == [2, 4]
    fresh = [PointEntry(name="丁", level=L.DISTRICT, locality="涪陵区")]
    with pytest.raises(StepRefused):
        desk.flow.points.add_all(fresh, by=desk.actor("op-500101"))


def test_an_appeal_may_name_the_point_that_took_it(desk: Desk) -> None:
    flow, points = desk.flow, own(desk)
    now = desk.clock.now()
    through = {"channel": "reporting_point", "at": now}
    kept = flow.appeals.add_all(
        [
            appeal("a", district="", point="街道直报点", **through),
            appeal("b", district="", point=points["village"].key, **through),
            appeal("c", district="万州区", point="00001", **through),
            appeal("d", district="万州区", point="没有这个点", **through),
            appeal("e", district="", **through),
            appeal("f", point="区直报点", channel="reporting_point"),  # not yet open
            appeal("g", district="涪陵区", point="街道直报点", **through),
            appeal("h", district="", point="街道直报点", at=now, channel="media"),
        ],
        by=desk.office,
    )
    codes = {each.key: each.reason.code for each in kept.refused}
    assert codes == {
        "d": InputCode.POINT_UNKNOWN, "e": "text_empty",
        "f": InputCode.POINT_UNKNOWN, "g": InputCode.POINT_ELSEWHERE,
        "h": InputCode.POINT_NOT_CHANNEL,
    }  # fmt: skip
    listed = {each.key: each for each in flow.appeals.list()}
    assert (listed["a"].town, listed["b"].village) == (TOWN, "某某社区")
    assert door_of(desk.flow).read(verify).clean


def test_coverage_says_what_is_lacking_silent_and_uncounted(desk: Desk) -> None:
    flow = desk.flow
    assert all(len(each.lacking) == 3 for each in flow.points.coverage().districts)
    begun = desk.today()
    points = own(desk)
    flow.points.add("涪陵点", L.DISTRICT, "涪陵区", by=desk.office)
    desk.clock.set(at_hour(begun + timedelta(days=100), 9))
    at = at_hour(begun + timedelta(days=99), 9)
    through = {"channel": "reporting_point", "at": at}
    flow.appeals.add_all(
        [
            appeal("a", district="", point="街道直报点", **through),
            appeal("b", district="涪陵", **through),
            appeal("c", district="A3区", **through),
        ],
        by=desk.office,
    )
    made = flow.points.coverage()
    of = {each.unit: each for each in made.districts}
    first, second = of["500101"], of["500102"]
    assert (first.lacking, first.covered, first.towns) == ((), 1, 52)
    assert first.silent == (points["district"].key, points["village"].key)
    assert second.lacking == (L.TOWN, L.VILLAGE)
    assert (first.appeals, second.appeals, made.unplaced, made.unnamed) == (1, 1, 1, 2)
    assert first.per_10000 == "0.01"  # 1 of 1,564,449
    before = flow.points.coverage(as_of=begun - timedelta(days=1))
    assert all(len(each.lacking) == 3 for each in before.districts)
    flow.points.close(points["town"].key, "合并", by=desk.office)
    assert {e.unit: e for e in flow.points.coverage().districts}["500101"].lacking == (
        L.TOWN,
    )
    then = flow.points.coverage(as_of=begun + timedelta(days=1))
    assert {e.unit: e for e in then.districts}["500101"].lacking == ()


def test_a_district_is_told_what_it_lacks_and_which_points_are_silent(
    desk: Desk,
) -> None:
    flow, by = desk.flow, desk.actor("op-500102")

    def waiting() -> list[tuple[str, str, PointStep]]:
        entries = flow.people.todo(by)
        return [
            (each.subject, each.title, each.step)  # type: ignore[misc]
            for each in entries
            if each.kind is TodoKind.POINT
        ]

    assert waiting() == []
    point = flow.points.add("涪陵点", L.DISTRICT, "涪陵区", by=by)
    lacking = [
        ("500102", level.label, PointStep.SET_UP) for level in (L.TOWN, L.VILLAGE)
    ]
    assert waiting() == lacking
    desk.clock.set(at_hour(desk.today() + timedelta(days=91), 9))
    assert sorted(waiting()) == sorted(
        [*lacking, (point.key, "涪陵点", PointStep.MOVE)]
    )


def test_a_merged_districts_points_are_its_successors(book: Rulebook) -> None:
    point = ReportingPoint(
        key="point/00001", name="甲", level=L.TOWN, unit="500112", town="500112002",
        village="", opened_on=date(2024, 1, 1),
    )  # fmt: skip
    moved = ReportingPoint(
        key="point/00002", name="乙", level=L.TOWN, unit="500112", town="500112133",
        village="", opened_on=date(2024, 1, 1),
    )  # fmt: skip
    day = date(2026, 3, 1)
    places = [
        ("500112", 3, 3), ("江北区", 2, 2), ("500157", 1, 0), ("统景镇", 4, 1),
        ("A", 7, 9),
    ]  # fmt: skip
    made = coverage(book, day, (point, moved), {"point/00001": day}, places)
    of = {each.unit: each for each in made.districts}
    assert "500112" not in of
    assert (of["500157"].appeals, of["500109"].appeals, made.unplaced) == (6, 4, 7)
    assert of["500157"].covered == 1
    # the unit without residents has no rate
    assert of["500157"].per_10000 is None


def test_more_people_than_residents_and_more_points_than_towns_are_named(
    book: Rulebook,
) -> None:
    day, towns = date(2026, 3, 1), 52
    of = next(unit for unit in book.organization.units if unit.code == "500101")
    points = [
        ReportingPoint(
            key=f"point/{n:05}", name=str(n), level=L.TOWN, unit="500101",
            town="500101001", village="", opened_on=day,
        )
        for n in range(towns + 1)
    ]  # fmt: skip
    residents = of.population or 0
    for more in (0, 1):
        places = [("万州区", residents + 9, residents + more), ("500101", 1, 1)]
        made = coverage(book, day, points[: towns + more], {}, places)
        first = next(each for each in made.districts if each.unit == "500101")
        assert [(str(flaw.code), flaw.values["count"]) for flaw in first.flaws] == [
            ("people_above_residents", residents + 1), ("points_above_towns", towns + 1)
        ][: 2 * more]  # fmt: skip
        assert len(coverage_notes(made)) == 1 + 2 * more
