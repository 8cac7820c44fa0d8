"""Perceived benefit and its stars (B3)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.language import Language, speaking
from huimin_flow.catalogue.reasons import Code, sentence
from huimin_flow.catalogue.terms import Dimension
from huimin_flow.rules.deciding.stars import star, stars_of
from tests.rules.figures import PERCENT, STARS

WHOLE = st.fixed_dictionaries(dict.fromkeys(Dimension, PERCENT))


@given(WHOLE)
def test_the_benefit_is_the_exact_weighted_mean(scores: dict[Dimension, int]) -> None:
    exact = sum(
        Decimal(scores[one] * STARS.weights[one].value) / 100 for one in Dimension
    )
    assert Decimal(star(scores, STARS).score or "-1") == exact


@given(WHOLE, st.sampled_from(Dimension), PERCENT)
def test_more_of_a_dimension_never_costs_a_star(
    scores: dict[Dimension, int], dimension: Dimension, other: int
) -> None:
    better = {**scores, dimension: max(other, scores[dimension])}
    few, many = (star(one, STARS).inputs["stars"] for one in (scores, better))
    assert isinstance(few, int)
    assert isinstance(many, int)
    assert few <= many


@given(st.integers(0, 10_000))
def test_there_are_one_to_five_stars(benefit: int) -> None:
    assert 1 <= stars_of(benefit, STARS) <= 5


@pytest.mark.parametrize(
    ("benefit", "stars"),
    [(0, 1), (3999, 1), (4000, 2), (5500, 3), (6999, 3), (7000, 4), (8500, 5)],
)
def test_a_threshold_belongs_to_the_higher_star(benefit: int, stars: int) -> None:
    assert stars_of(benefit, STARS) == stars


@given(WHOLE, st.sampled_from(Dimension))
def test_a_missing_dimension_gives_no_stars(
    scores: dict[Dimension, int], dimension: Dimension
) -> None:
    del scores[dimension]
    found = star(scores, STARS)
    assert (found.passed, found.score, "stars" in found.inputs) == (False, None, False)


@pytest.mark.parametrize("given_score", [-1, 101])
def test_an_impossible_score_gives_no_stars(given_score: int) -> None:
    scores = {**dict.fromkeys(Dimension, 80), Dimension.NEED: given_score}
    (reason,) = star(scores, STARS).reasons
    assert (reason.code, reason.values["given"]) == (
        Code.SCORE_OUT_OF_RANGE,
        given_score,
    )


@pytest.mark.parametrize("language", list(Language))
def test_the_parts_are_said_by_their_names(language: Language) -> None:
    verdict = star(dict.fromkeys(Dimension, 70), STARS)
    with speaking(language):
        said = [sentence(each.code, dict(each.values)) for each in verdict.reasons]
        for part in Dimension:
            assert any(part.spoken in text for text in said)
    if language is Language.CHINESE:
        assert not [text for text in said if any(part in text for part in Dimension)]
