"""Five colors: bands and shares, who changed, and an edge that clings."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.reasons import ScoreCode, sentence
from huimin_flow.catalogue.terms import Color, Coloring
from huimin_flow.model.scoring.rules import ColorRule
from huimin_flow.rules.scoring.colors import ORDER, Before, causes, color, has_changed
from tests.rules.scoring_figures import SCORING, amount

RULE = replace(SCORING.colors, hysteresis=amount("0"))
SHARES = replace(RULE, by=Coloring.SHARES)

VALUES = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3),
    st.one_of(st.none(), st.integers(0, 10_000).map(lambda n: str(Decimal(n) / 100))),
    max_size=12,
)


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        ("0", Color.RED), ("59.99", Color.RED), ("60", Color.ORANGE),
        ("79.99", Color.YELLOW), ("89.99", Color.BLUE), ("90", Color.GREEN),
        ("100", Color.GREEN), (None, None),
    ],
)  # fmt: skip
def test_an_index_has_the_color_of_its_band(
    index: str | None, expected: Color | None
) -> None:
    (found,) = color({"a": index}, {}, RULE)
    assert found.color is expected


@given(VALUES, st.sampled_from([RULE, SHARES]))
def test_a_better_index_never_has_a_worse_color(
    values: dict[str, str | None], rule: ColorRule
) -> None:
    found = [one for one in color(values, {}, rule) if one.color is not None]
    for one in found:
        for other in found:
            if Decimal(one.index or 0) >= Decimal(other.index or 0):
                assert ORDER.index(one.color) >= ORDER.index(other.color)


def test_shares_give_the_best_fifth_green_and_equals_one_color() -> None:
    values = {f"u{k}": str(90 - k) for k in range(10)} | {"u1": "90"}
    found = {one.unit: one.color for one in color(values, {}, SHARES)}
    assert found["u0"] is found["u1"] is Color.GREEN
    assert found["u2"] is Color.BLUE
    assert found["u9"] is Color.ORANGE


def test_who_changed_color_is_told_why() -> None:
    before = {"a": (Color.RED, "55.00"), "b": (Color.GREEN, "95.00")}
    up, down = color({"a": "61.00", "b": "85.00"}, before, RULE)
    assert up.reasons[0].code == ScoreCode.COLOR_ROSE
    assert sentence(down.reasons[0].code, dict(down.reasons[0].values)) == (
        "由绿降为蓝(指数95.00→85.00)"
    )


def test_an_index_near_the_limit_of_its_band_keeps_its_color() -> None:
    clinging = replace(RULE, hysteresis=amount("2"))
    before = {"a": (Color.BLUE, "85.00")}
    for index, expected in (("79.00", Color.BLUE), ("77.99", Color.YELLOW)):
        (found,) = color({"a": index}, before, clinging)
        assert found.color is expected
    (found,) = color({"a": "79.00"}, before, RULE)
    assert found.color is Color.YELLOW


def test_the_upper_limit_of_a_band_keeps_a_color_like_the_lower_one() -> None:
    clinging = replace(RULE, hysteresis=amount("2"))
    before = {"a": (Color.BLUE, "85.00")}
    for index, expected in (
        ("90.00", Color.BLUE), ("91.99", Color.BLUE), ("92.00", Color.GREEN),
    ):  # fmt: skip
        (found,) = color({"a": index}, before, clinging)
        assert found.color is expected, index
    (found,) = color({"a": "90.00"}, before, RULE)
    assert found.color is Color.GREEN


def test_a_color_that_was_kept_says_so_and_is_no_change() -> None:
    clinging = replace(RULE, hysteresis=amount("2"))
    (kept,) = color({"a": "78.50"}, {"a": (Color.BLUE, "85.00")}, clinging)
    (reason,) = kept.reasons
    assert reason.code == ScoreCode.COLOR_KEPT
    assert sentence(reason.code, dict(reason.values)) == (
        "指数78.50已在“黄”档,但离原档不超过2分,仍为“蓝”"
    )
    assert not has_changed(kept)


def test_who_lost_or_gained_a_color_is_listed() -> None:
    before: Before = {"a": (Color.RED, "55.00"), "b": (None, None), "c": (None, None)}
    lost, gained, none, new = color(
        {"a": None, "b": "85.00", "c": None, "d": "85.00"}, before, RULE
    )
    assert [one.code for one in lost.reasons] == [ScoreCode.COLOR_LOST]
    assert [one.code for one in gained.reasons] == [ScoreCode.COLOR_GAINED]
    assert has_changed(lost)
    assert has_changed(gained)
    assert none.reasons == new.reasons == ()


def bands(**lows: str) -> ColorRule:
    """The shipped bands with other lower edges."""
    changed = {
        one: replace(RULE.bands[one], low=amount(lows.get(one.value, str(edge))))
        for one in Color
        for edge in [RULE.bands[one].low.value]
    }
    return replace(RULE, bands=changed)


def test_where_the_bands_alone_changed_it_is_said() -> None:
    before = {"a": (Color.BLUE, "81.00"), "b": (Color.BLUE, "84.00")}
    now = {"a": "81.00", "b": "70.00"}
    moved = color(now, before, bands(blue="82"), RULE)
    assert [[one.code for one in unit.reasons] for unit in moved] == [
        [ScoreCode.COLOR_FELL, ScoreCode.BANDS_CHANGED],
        [ScoreCode.COLOR_FELL],
    ]
    still = color({"a": "79.00"}, {"a": (Color.BLUE, "81.00")}, RULE, RULE)
    assert [one.code for one in still[0].reasons] == [ScoreCode.COLOR_FELL]
    shared = color({"a": "81.00", "b": "84.00"}, before, SHARES, RULE)
    assert [unit.reasons[-1].code for unit in shared] == [ScoreCode.BANDS_CHANGED] * 2


def test_a_kept_color_of_unchanged_bands_is_not_laid_to_the_bands() -> None:
    """Last month's index lay in yellow already, and its color clung to blue."""
    clinging = replace(RULE, hysteresis=amount("2"))
    (found,) = color({"a": "77.00"}, {"a": (Color.BLUE, "79.00")}, clinging, clinging)
    assert [one.code for one in found.reasons] == [ScoreCode.COLOR_FELL]


WEIGHTS = {"x": 40, "y": 40, "z": 20}


def test_the_largest_weighted_differences_are_named_with_their_sides() -> None:
    found = causes(
        {"x": "50", "y": "90", "z": "100"},
        {"x": "80", "y": "86", "z": "70"},
        WEIGHTS,
        WEIGHTS,
        2,
    )
    assert [sentence(one.code, dict(one.values)) for one in found] == [
        "“x”80.00→50.00分(合指数-12.00分)",
        "“z”70.00→100.00分(合指数+6.00分)",
    ]


def test_an_indicator_that_came_or_went_counts_by_what_it_does_to_the_index() -> None:
    came, moved = causes({"x": "20", "y": "80"}, {"y": "70"}, WEIGHTS, WEIGHTS, 3)
    # With x the index is 50, without it 80.
    assert (came.code, came.values["points"]) == (ScoreCode.PART_CAME, "-30.00")
    assert (moved.code, moved.values["points"]) == (ScoreCode.PART_MOVED, "+5.00")
    went, _ = causes({"y": "70"}, {"x": "20", "y": "80"}, WEIGHTS, WEIGHTS, 3)
    assert (went.code, went.values["points"]) == (ScoreCode.PART_WENT, "+30.00")


PARTS = st.dictionaries(
    st.sampled_from("xyz"), st.integers(0, 100).map(str), min_size=3, max_size=3
)


@given(PARTS, PARTS)
def test_where_nothing_is_missing_the_causes_sum_to_the_difference(
    now: dict[str, str], before: dict[str, str]
) -> None:
    found = causes(now, before, WEIGHTS, WEIGHTS, 3)
    told = sum(Decimal(str(one.values["points"])) for one in found)
    moved = sum(WEIGHTS[key] * (int(now[key]) - int(before[key])) for key in now)
    assert told == Decimal(moved) / 100
