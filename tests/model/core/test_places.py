"""A place as people write it is one place: its unit, town and village of the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.terms import PlaceMatch, UnitKind
from huimin_flow.model.core.organization import Organization, Unit
from huimin_flow.model.core.places.gazetteer import Gazetteer
from huimin_flow.model.core.places.resolver import Resolver, resolver_of
from huimin_flow.model.rulebook import Rulebook

NOW, BEFORE = date(2026, 3, 5), date(2023, 3, 5)


@pytest.fixture(scope="session")
def resolver(book: Rulebook) -> Resolver:
    return resolver_of(book.organization)


#: One district in more than thirty spellings.
SPELLINGS = (
    "500106", "沙坪坝区", "沙坪坝", "重庆市沙坪坝区", "重庆沙坪坝", "重庆市沙坪坝", "沙坪坝县",
    "沙坪坝市", "500106 沙坪坝区", "沙坪坝区(500106)", "沙坪坝区\uff08500106\uff09",
    "\uff15\uff10\uff10\uff11\uff10\uff16", "500106000", "500106000000", "重庆市/沙坪坝区",
    "重庆市-沙坪坝区", "\u3000沙坪坝区\u3000", "沙\u200b坪坝区", "重庆市 沙坪坝区 ", "沙坪坝区。",
    "沙坪坝区石井坡街道", "重庆市沙坪坝区石井坡街道某某社区", "500106006", "500106006001",
    "沙坪坝 石井坡", "沙坪坝区石井坡", "石井坡街道", "石井坡街道办事处", "石井坡街道办", "石井坡",
    "沙坪坝区\u00b7石井坡街道", "重庆市,沙坪坝区,石井坡街道", "沙坪坝区小龙坎新街1号", "渝碚路街道",
)  # fmt: skip


def test_a_district_in_thirty_spellings_is_one(resolver: Resolver) -> None:
    assert len(set(SPELLINGS)) > 30
    read = {written: resolver.resolve(written, NOW) for written in SPELLINGS}
    assert {w: p.district for w, p in read.items() if p.district != "500106"} == {}
    assert all(place.written == written for written, place in read.items())


@pytest.mark.parametrize(
    ("written", "district", "town", "village"),
    [
        ("重庆市万州区高笋塘街道某某社区", "500101", "500101001", "某某社区"),
        ("万州高笋塘街道某某社区居委会3幢", "500101", "500101001", "某某社区"),
        ("500101001", "500101", "500101001", ""),
        ("500101 高笋塘街道", "500101", "500101001", ""),
        ("大渡口区跃进村街道", "500104", "500104002", ""),
        ("重庆市 大渡口区 跃进村街道", "500104", "500104002", ""),
        ("重庆市县石柱土家族自治县", "500240", "", ""),
        ("'石柱县", "500240", "", ""),
        ("重慶市石柱縣", "500240", "", ""),
        ("黔江土家族苗族自治县", "500114", "", ""),
        ("万县市", "500101", "", ""),
        ("沙区", "500106", "", ""),
        ("跃进村街道建桥社区", "500104", "500104002", "建桥社区"),
        ("江北街道", "500102", "500102009", ""),
        ("江津区珞璜街道", "500116", "500116117", ""),
        ("武隆区石桥乡甲村村委会", "500156", "500156202", "甲村"),
        ("万盛经开区青年镇", "FA-WSJK", "500110102", ""),
        ("渝中区 幸福路5号", "500103", "", ""),
        ("石柱县", "500240", "", ""), ("酉阳土家族", "500242", "", ""),
        ("市社保局", "AG-SBJ", "", ""), ("fa-wsjk", "FA-WSJK", "", ""),
        # an old name or code lies in what there is now
        ("开县", "500154", "", ""), ("500234", "500154", "", ""),
        ("璧山县青杠街道", "500120", "500120003", ""), ("永川市", "500118", "", ""),
        ("渝北区", "500157", "", ""), ("500112", "500157", "", ""),
        ("双龙湖街道", "500157", "500112002", ""), ("江北", "500157", "", ""),
        ("两江新区", "500157", "", ""), ("两江新区鸳鸯街道", "500157", "500112007", ""),
        # five towns moved each way
        ("渝北区统景镇", "500109", "500112133", ""),
        ("北碚区水土街道", "500157", "500109008", ""),
        ("两江新区蔡家岗街道", "500157", "500109006", ""),
        ("北碚区统景镇", "500109", "500112133", ""),
    ],
)  # fmt: skip
def test_a_place_is_read_to_its_village(
    resolver: Resolver, written: str, district: str, town: str, village: str
) -> None:
    place = resolver.resolve(written, NOW)
    assert (place.district, place.town, place.village) == (district, town, village)
    assert place.key == district


@pytest.mark.parametrize(
    ("written", "day", "district"),
    [
        ("渝北区", BEFORE, "500112"), ("双龙湖街道", BEFORE, "500112"),
        ("两江新区", BEFORE, "FA-LJXQ"), ("500157", BEFORE, ""),
        ("渝北区统景镇", BEFORE, "500112"), ("北碚区水土街道", BEFORE, "500109"),
        ("水土街道", date(2025, 11, 5), "500109"),
        ("水土街道", date(2025, 11, 6), "500157"),
        # a code that was given to another unit is one with its day
        ("500110", NOW, "500110"), ("500110", date(2011, 10, 22), "500110"),
        ("500110", date(2011, 10, 21), "FA-WSJK"),
        ("500111", date(2010, 1, 1), "500111"),
    ],
)  # fmt: skip
def test_a_place_is_asked_for_on_its_day(
    resolver: Resolver, written: str, day: date, district: str
) -> None:
    assert resolver.resolve(written, day).district == district


@pytest.mark.parametrize(
    ("written", "how", "candidates"),
    [
        ("太平镇", PlaceMatch.UNCLEAR, ("500151", "500231")),
        ("500106 涪陵区", PlaceMatch.UNCLEAR, ("500102", "500106")),
        ("兴隆镇", PlaceMatch.UNCLEAR, ("500109", "500119", "500236", "500242")),
        ("南山", PlaceMatch.UNCLEAR, ("500108",)),
        *((written, PlaceMatch.UNKNOWN, ())
          for written in ("A3区", "重庆", "全市", "渝", "江北机场", "大足石刻", "", " ", "999999")),
    ],
)  # fmt: skip
def test_what_may_be_several_places_is_none(
    resolver: Resolver, written: str, how: PlaceMatch, candidates: tuple[str, ...]
) -> None:
    place = resolver.resolve(written, NOW)
    assert (place.district, place.town, place.how) == ("", "", how)
    assert place.candidates == candidates
    assert place.key == written


def test_a_name_of_several_towns_is_clear_within_its_district(
    resolver: Resolver,
) -> None:
    assert resolver.resolve("兴隆镇", NOW).district == ""
    assert resolver.resolve("南川区兴隆镇", NOW).town == "500119105"
    # a district's town and street of one name: the district is known
    place = resolver.resolve("南岸区南坪", NOW)
    assert (place.district, place.town) == ("500108", "")


def test_how_a_place_was_recognized_is_told(resolver: Resolver) -> None:
    said = {
        written: resolver.resolve(written, NOW).how
        for written in ("500101", "万州区", "万州", "开县", "高笋塘街道")
    }
    assert list(said.values()) == [
        PlaceMatch.CODE, PlaceMatch.NAME, PlaceMatch.OTHER_NAME, PlaceMatch.FORMER,
        PlaceMatch.TOWN,
    ]  # fmt: skip


def test_what_people_call_a_unit_is_not_sought_within_words(resolver: Resolver) -> None:
    assert resolver.mentioned("流沙区域的工地", NOW) == ()


def test_a_free_text_names_its_places_in_full(resolver: Resolver) -> None:
    text = (
        "我住在重庆市万州区高笋塘街道,单位在渝中区。江北机场附近不算,万州区再提一次。"
    )
    named = resolver.mentioned(text, NOW)
    assert [(each.name, each.place.district, each.place.town) for each in named] == [
        ("万州区高笋塘街道", "500101", "500101001"), ("渝中区", "500103", ""),
        ("江北", "500157", ""), ("万州区", "500101", ""),
    ]  # fmt: skip
    assert [each.short for each in named] == [False, False, True, False]
    assert resolver.mentioned("没有地点", NOW) == ()


def test_an_alias_that_is_added_later_places_what_was_unknown(book: Rulebook) -> None:
    known = book.organization.places
    assert known is not None
    assert resolver_of(book.organization).resolve("大阳沟", NOW).district == ""
    more = replace(known, aliases={"500103005": ("大阳沟", "500157999")})
    resolver = resolver_of(replace(book.organization, places=more))
    assert resolver.resolve("大阳沟", NOW).town == "500103005"
    assert resolver.resolve("渝中区大阳沟", NOW).town == "500103005"
    assert resolver.resolve("500157999", NOW).town == "500103005"


def test_every_town_and_unit_is_known_by_code_and_name(
    book: Rulebook, resolver: Resolver
) -> None:
    places = book.organization.places
    assert places is not None
    assert len(places.codes) == 1031
    for town in places.codes:
        home = resolver.resolve(places.unit_of(town, NOW), NOW).district
        unit = book.organization.name_of(home)
        for written in (town, f"{unit}{places.town(town)}", f"重庆市{unit} {town}"):
            place = resolver.resolve(written, NOW)
            assert (place.district, place.town) == (home, town), written
    assert set(places.towns_in({"500109"}, NOW)) >= {"500112133", "500109001"}
    assert "500109008" not in places.towns_in({"500109"}, NOW)


def test_units_that_succeed_each_other_in_a_circle_hold_nobody() -> None:
    def unit(code: str, heir: str) -> Unit:
        return Unit(
            code=code, name=f"{code}区", kind=UnitKind.DISTRICT, source="ours",
            valid_to=date(2020, 1, 1), successors=(heir,),
        )  # fmt: skip

    organization = Organization(
        units=(unit("A1", "A2"), unit("A2", "A1")),
        areas={}, roles={}, people=(), office="A1",
        places=Gazetteer(source="ours", city=("市",), towns={"A1": {"001": "甲镇"}}),
    )  # fmt: skip
    assert Resolver(organization).resolve("甲镇", NOW).district == ""


@given(text=st.text(max_size=60), day=st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_any_text_is_a_place_or_none_and_the_same_when_asked_again(
    book: Rulebook, resolver: Resolver, text: str, day: date
) -> None:
    place = resolver.resolve(text, day)
    assert place == resolver.resolve(text, day)
    assert place.written == text
    known = book.organization.unit(place.district, day) is not None
    assert known == (place.how not in {PlaceMatch.UNKNOWN, PlaceMatch.UNCLEAR})
    assert not (place.town and not place.district)
    assert not (place.village and not place.town)
