"""Suggestions from a text: area, life stage, other bodies, and their terms (X1)."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.terms import Area, LifeStage, TextPart
from huimin_flow.model.sensing.suggestions import Hint, Proposed, SuggestingRule
from huimin_flow.rules.sensing.suggesting import life_stage, suggest
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
