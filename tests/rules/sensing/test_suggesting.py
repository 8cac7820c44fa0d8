"""Suggestions from a text: area, life stage, other bodies, and their terms (X1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.terms import (
    Area,
    LifeStage,
    PlaceMatch,
    PlaceNaming,
    TextPart,
)
from huimin_flow.model.core.places.resolver import Resolver, resolver_of
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.sensing.suggestions import (
    Hint,
    PlaceHints,
    Proposed,
    SuggestingRule,
)
from huimin_flow.rules.sensing.suggesting import life_stage, suggest, suggest_place
from tests.rules.figures import figure

#: Terms without a common character, so that a text has one only if it was put there.
RULE = SuggestingRule(
    mark=figure(30),
    lead=figure(5),
    title_factor=figure(2),
    areas={
        Area.LABOR_RELATIONS: (Hint(terms=("欠薪", "加班"), weight=figure(20)),),
        Area.SOCIAL_SECURITY: (Hint(terms=("社保",), weight=figure(40)),),
    },
    life_stages={
        LifeStage.WORK: (Hint(terms=("欠薪",), weight=figure(30)),),
        LifeStage.RETIREMENT: (Hint(terms=("养老",), weight=figure(30)),),
    },
    elsewhere={"education": (Hint(terms=("学校",), weight=figure(50)),)},
    places=PlaceHints(
        weights={
            PlaceNaming.DISTRICT: figure(40),
            PlaceNaming.SHORT: figure(30),
            PlaceNaming.TOWN: figure(40),
            PlaceNaming.WITHIN: figure(50),
            PlaceNaming.CHANNEL: figure(40),
        },
        common=("荣昌", "新乡镇"),
    ),
)
TERMS = ("欠薪", "加班", "社保", "养老", "学校")
TEXTS = st.lists(st.sampled_from((*TERMS, "某地", "请查", "。")), max_size=12).map(
    "".join
)


def _points(made: Proposed | None) -> int:
    return 0 if made is None else made.points


def test_a_term_in_the_title_counts_double_and_says_where_it_stands() -> None:
    area = suggest("工地欠薪", "天天加班", RULE).area
    assert area is not None
    assert (area.subject, area.points) == ("labor_relations", 60)
    assert [(each.term, each.part, each.points) for each in area.grounds] == [
        ("欠薪", TextPart.TITLE, 40),
        ("加班", TextPart.TEXT, 20),
    ]


def test_below_the_mark_nothing_is_suggested() -> None:
    assert suggest("", "加班", RULE).area is None
    assert not suggest("", "加班", RULE).ours


def test_between_two_close_areas_a_person_chooses() -> None:
    close = suggest("", "社保、欠薪、加班", RULE)
    assert close.ours
    assert close.area is None


def test_what_others_are_in_charge_of_is_suggested_for_them() -> None:
    made = suggest("", "学校不交社保", RULE)
    assert not made.ours
    assert made.area is None
    assert made.elsewhere is not None
    assert made.elsewhere.subject == "education"


@given(TEXTS, TEXTS)
def test_the_grounds_are_terms_of_the_rule_and_add_up(title: str, text: str) -> None:
    made = suggest(title, text, RULE)
    for proposed in filter(None, (made.area, made.life_stage, made.elsewhere)):
        assert sum(each.points for each in proposed.grounds) == proposed.points
        assert {each.term for each in proposed.grounds} <= set(TERMS)
        assert proposed.points >= RULE.mark.value
        assert proposed.points - proposed.next_points >= RULE.lead.value
        for each in proposed.grounds:
            assert each.term in (title if each.part is TextPart.TITLE else text)


@given(TEXTS, TEXTS)
def test_a_suggested_area_is_ours_and_never_beside_another_body(
    title: str, text: str
) -> None:
    made = suggest(title, text, RULE)
    assert made.area is None or (made.ours and made.elsewhere is None)


@given(TEXTS, TEXTS)
def test_saying_it_again_changes_nothing(title: str, text: str) -> None:
    assert suggest(title, text + text, RULE) == suggest(title, text, RULE)


@given(TEXTS, TEXTS, st.integers(1, 40))
def test_a_higher_mark_never_suggests_more(title: str, text: str, more: int) -> None:
    stricter = replace(RULE, mark=figure(RULE.mark.value + more))
    made, less = suggest(title, text, RULE), suggest(title, text, stricter)
    assert _points(less.area) in {0, _points(made.area)}
    assert _points(less.life_stage) in {0, _points(made.life_stage)}


@given(TEXTS, TEXTS)
def test_an_import_counts_the_life_stage_that_a_form_shows(
    title: str, text: str
) -> None:
    shown = suggest(title, text, RULE).life_stage
    assert life_stage(title, text, RULE) == (shown.subject if shown else "all")


NOW = date(2026, 3, 5)


@pytest.fixture(scope="session")
def resolver(book: Rulebook) -> Resolver:
    return resolver_of(book.organization)


@pytest.mark.parametrize(
    ("title", "text", "district", "town", "naming"),
    [
        ("万州区欠薪", "", "500101", "", PlaceNaming.DISTRICT),
        ("", "我在沙坪坝上班", "500106", "", PlaceNaming.SHORT),
        ("", "石井坡街道的工地", "500106", "500106006", PlaceNaming.TOWN),
        ("万州区高笋塘街道欠薪", "", "500101", "500101001", PlaceNaming.WITHIN),
        ("", "在垫江县干活,住太平镇", "500231", "500231110", PlaceNaming.WITHIN),
        # towns of one name, a common name, another district as often: a person says
        ("太平镇欠薪", "", "", "", None),
        ("", "为了我市的繁荣昌盛", "", "", None),
        ("", "创新乡镇干部制度", "", "", None),
        ("", "住在万州区,在渝中区上班", "", "", None),
        ("", "干活的地方在城东,街道办不管", "", "", None),
        ("欠薪", "没有地点", "", "", None),
    ],
)
def test_a_place_is_suggested_by_the_names_that_a_text_has(
    resolver: Resolver,
    title: str,
    text: str,
    district: str,
    town: str,
    naming: PlaceNaming | None,
) -> None:
    made = suggest_place(title, text, RULE, resolver, NOW)
    if made is None:
        assert not district
        return
    assert (made.subject, made.town) == (district, town)
    assert made.grounds[0].naming is naming


def test_a_name_of_several_towns_is_one_of_the_channels_district(
    resolver: Resolver,
) -> None:
    made = suggest_place(
        "太平镇欠薪", "", RULE, resolver, NOW, within=frozenset({"500231"})
    )
    assert made is not None
    assert (made.subject, made.town) == ("500231", "500231110")
    assert [each.naming for each in made.grounds] == [PlaceNaming.CHANNEL]
    # a channel alone says nothing of a place
    assert (
        suggest_place("欠薪", "", RULE, resolver, NOW, within=frozenset({"500231"}))
        is None
    )


def test_a_place_as_written_speaks_with_the_text(resolver: Resolver) -> None:
    made = suggest_place("", "垫江县的工地", RULE, resolver, NOW, written="太平镇某处")
    assert made is not None
    assert made.town == "500231110"
    assert TextPart.PLACE in {each.part for each in made.grounds}


def test_a_village_is_suggested_only_if_it_is_listed(book: Rulebook) -> None:
    places = book.organization.places
    assert places is not None
    listed = replace(places, villages={"500101001": ("某某社区",)})
    known = Resolver(replace(book.organization, places=listed))
    for text, village in (("某某社区", "某某社区"), ("张三家社区", "")):
        written = f"万州区高笋塘街道{text}漏水"
        made = suggest_place("", written, RULE, known, NOW)
        assert made is not None
        assert (made.town, made.village) == ("500101001", village)


NAMES = st.sampled_from(
    ("万州区", "渝中区", "沙坪坝", "太平镇", "石井坡街道", "荣昌", "请查", "。")
)


@given(st.lists(NAMES, max_size=6).map("".join), st.lists(NAMES).map("".join))
def test_the_grounds_of_a_place_are_names_and_add_up(
    resolver: Resolver, title: str, text: str
) -> None:
    made = suggest_place(title, text, RULE, resolver, NOW)
    if made is None:
        return
    assert sum(each.points for each in made.grounds) == made.points
    assert made.points - made.next_points >= RULE.lead.value
    for each in made.grounds:
        assert each.term in (title if each.part is TextPart.TITLE else text)
        assert resolver.resolve(each.term, NOW).how != PlaceMatch.UNKNOWN
