"""Five colors: bands and shares, who changed, and an edge that clings."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.model.scoring import ColorRule
from huimin_flow.reasons import ScoreCode, sentence
from huimin_flow.rules.coloring import ORDER, color
from huimin_flow.terms import Color, Coloring
from tests.rules.scoring_figures import SCORING, amount

RULE = SCORING.colors
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


def test_near_the_edge_a_color_clings_where_the_rulebook_says_so() -> None:
    clinging = replace(RULE, hysteresis=amount("2"))
    before = {"a": (Color.BLUE, "85.00")}
    for index, expected in (("79.00", Color.BLUE), ("77.99", Color.YELLOW)):
        (found,) = color({"a": index}, before, clinging)
        assert found.color is expected
    (found,) = color({"a": "79.00"}, before, RULE)
    assert found.color is Color.YELLOW
