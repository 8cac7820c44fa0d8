"""Screening and prevalence (A3, A4, A5)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import Criterion, Origin, Role
from huimin_flow.model.core.rules import PrevalenceRule
from huimin_flow.model.sensing.appeals import Tally
from huimin_flow.rules.sensing.screening import prevalence, screen
from tests.rules.figures import PERCENT, PREVALENCE, SCREENING, figure

TALLIES = st.builds(
    Tally,
    people=st.integers(0, 60),
    places=st.integers(0, 12),
    channels=st.integers(0, 9),
)
WHOLE = st.fixed_dictionaries(dict.fromkeys(Criterion, PERCENT))
SCORES = st.dictionaries(st.sampled_from(Criterion), st.none() | PERCENT)


@given(TALLIES)
def test_prevalence_stays_within_0_and_100(tally: Tally) -> None:
    assert 0 <= prevalence(tally, PREVALENCE) <= 100


@given(TALLIES, st.sampled_from(("people", "places", "channels")), st.integers(1, 9))
def test_more_voices_never_lower_prevalence(
    tally: Tally, count: str, more: int
) -> None:
    louder = replace(tally, **{count: getattr(tally, count) + more})
    assert prevalence(louder, PREVALENCE) >= prevalence(tally, PREVALENCE)


@given(TALLIES)
def test_prevalence_is_the_exact_sum_rounded_down_once(tally: Tally) -> None:
    exact = (
        Fraction(50 * min(tally.people, 20), 20)
        + Fraction(30 * min(tally.places, 5), 5)
        + Fraction(20 * min(tally.channels, 3), 3)
    )
    assert prevalence(tally, PREVALENCE) == exact.numerator // exact.denominator


def test_two_thirds_and_one_third_of_equal_weights_make_the_whole_weight() -> None:
    rule = PrevalenceRule(
        people_weight=figure(50),
        full_people=figure(3),
        places_weight=figure(50),
        full_places=figure(3),
        channels_weight=figure(0),
        full_channels=figure(1),
    )
    assert prevalence(Tally(people=1, places=2), rule) == 50


def test_counts_beyond_the_full_ones_earn_100() -> None:
    assert prevalence(Tally(people=900, places=40, channels=9), PREVALENCE) == 100


@given(st.sampled_from(Origin), SCORES)
def test_a_score_is_decided_only_when_every_criterion_is_given(
    origin: Origin, scores: dict[Criterion, int | None]
) -> None:
    whole = all(
        scores.get(one) is not None for one in SCREENING.criteria[origin].weights
    )
    assert (screen(origin, scores, SCREENING).score is not None) == whole


@given(
    st.sampled_from(Origin), st.fixed_dictionaries(dict.fromkeys(Criterion, PERCENT))
)
def test_a_score_is_between_its_lowest_and_its_highest_part(
    origin: Origin, scores: dict[Criterion, int]
) -> None:
    used = [scores[one] for one in SCREENING.criteria[origin].weights]
    score = Fraction(screen(origin, scores, SCREENING).score or -1)
    assert min(used) <= score <= max(used)


@given(
    WHOLE,
    st.sampled_from(Criterion),
    PERCENT,
)
def test_a_better_score_never_turns_a_pass_into_a_fail(
    scores: dict[Criterion, int], criterion: Criterion, other: int
) -> None:
    better = {**scores, criterion: max(other, scores[criterion])}
    before = screen(Origin.PROBLEM, scores, SCREENING).passed
    assert screen(Origin.PROBLEM, better, SCREENING).passed >= before


def test_the_pass_mark_itself_passes() -> None:
    scores = {Criterion.GAP: 60, Criterion.REACTION: 60}
    assert screen(Origin.POLICY, scores, SCREENING).passed


def test_a_hundredth_below_the_mark_fails() -> None:
    scores = {Criterion.GAP: 61, Criterion.REACTION: 58}
    found = screen(Origin.POLICY, scores, SCREENING)
    assert (found.passed, found.score) == (False, "59.80")


def test_a_missing_score_names_the_criterion_and_the_office() -> None:
    (reason,) = screen(Origin.POLICY, {Criterion.GAP: 70}, SCREENING).reasons
    assert (reason.code, reason.values["criterion"], reason.supplier) == (
        Code.SCORE_MISSING,
        "reaction",
        Role.OFFICE,
    )


def test_a_missing_prevalence_is_the_operators_who_links_appeals() -> None:
    scores = {Criterion.URGENCY: 70, Criterion.FUNDAMENTALITY: 70}
    (reason,) = screen(Origin.PROBLEM, scores, SCREENING).reasons
    assert reason.supplier is Role.OPERATOR


@pytest.mark.parametrize("given_score", [-1, 101])
def test_an_impossible_score_decides_nothing(given_score: int) -> None:
    scores = {Criterion.GAP: given_score, Criterion.REACTION: 60}
    found = screen(Origin.POLICY, scores, SCREENING)
    assert (found.score, found.reasons[0].code) == (None, Code.SCORE_OUT_OF_RANGE)


def test_criteria_of_another_origin_are_left_out_of_account() -> None:
    scores = {Criterion.GAP: 70, Criterion.REACTION: 70}
    with_more = {**scores, Criterion.URGENCY: 0}
    alone = screen(Origin.POLICY, scores, SCREENING)
    assert screen(Origin.POLICY, with_more, SCREENING) == alone
