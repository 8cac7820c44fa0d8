"""The contribution index: golden vectors, properties, a second opinion."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import sqrt
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huimin_flow.catalogue.terms import (
    Bound,
    Coloring,
    Direction,
    Missing,
    Normalization,
    ScoreClass,
)
from huimin_flow.model.core.rules import Figure
from huimin_flow.model.core.values import from_plain, to_plain
from huimin_flow.model.scoring.scores import Deduction, Node, Reading, Score
from huimin_flow.rules.core.formula import evaluate, leaves
from huimin_flow.rules.scoring.colors import ORDER, color
from huimin_flow.rules.scoring.index import contribution
from tests.rules.scoring_figures import (
    INDEX,
    SCORING,
    amount,
    curve,
    only,
    read,
    scores,
)

UNITS = ("500101", "500102", "500103", "500104", "500105")

COUNTS = st.tuples(st.integers(0, 5000), st.integers(0, 5000)).map(
    lambda pair: read(min(pair), max(pair))
)
GROUPS = st.fixed_dictionaries(
    {
        key: st.dictionaries(st.sampled_from(UNITS), COUNTS, min_size=2)
        for key in ("implementation", "caseload", "complaint_rate", "satisfaction")
    }
)

#: Sub-scores of a city's bulletins of 2022 and 2023.
BULLETIN = [
    # target, slope, full, floor, percent, sub-score
    ("98", "0.5", "25", "12.5", "83.33", "17.67"),
    ("98", "0.5", "25", "12.5", "87.5", "19.75"),
    ("98", "0.5", "25", "12.5", "50", "12.5"),
    ("95", "0.5", "25", "12.5", "70.59", "12.8"),
    ("95", "0.5", "25", "12.5", "66.67", "12.5"),
    ("95", "0.5", "25", "12.5", "50", "12.5"),
    ("90", "1", "15", "0", "89.82", "14.82"),
    ("90", "1", "15", "0", "66.67", "0"),
    # 及时签收: of its target and slope only the zero floor is known, so any line
    # that has reached zero by 80 gives these two.
    ("95", "1", "15", "0", "80", "0"),
    ("95", "1", "15", "0", "77.27", "0"),
]


@pytest.mark.parametrize(
    ("target", "slope", "full", "floor", "percent", "expected"), BULLETIN
)
def test_the_curve_gives_the_figures_of_a_published_bulletin(
    target: str, slope: str, full: str, floor: str, percent: str, expected: str
) -> None:
    rule = only(
        "satisfaction",
        bound=Bound.NONE,
        least_n=Figure(value=1, source="ours"),
        normalizing=curve(target, slope, full, floor),
    )
    reading = read(int(Decimal(percent) * 100), 10_000)
    found = scores({"satisfaction": {"a": reading}}, rule)["a"]
    # The bulletin prints its sub-scores rounded half up; 17.665 is 17.67 there.
    ((_, sub_score),) = found.parts
    printed = Decimal(sub_score).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert printed == Decimal(expected)


def test_three_perfect_ratings_do_not_outrank_3000_at_98_percent() -> None:
    rule = only("satisfaction", least_n=Figure(value=1, source="ours"))
    readings = {"satisfaction": {"few": read(3, 3), "many": read(2940, 3000)}}
    found = scores(readings, rule)
    assert Decimal(found["few"].index or 0) < Decimal(found["many"].index or 0)


def test_fewer_cases_than_the_least_are_not_enough_data() -> None:
    found = scores({"satisfaction": {"few": read(3, 3)}}, only("satisfaction"))["few"]
    assert (found.standing, found.index) == (ScoreClass.INSUFFICIENT, None)
    assert found.missing == ("satisfaction",)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [(Missing.SKIP, "100.00"), (Missing.FLOOR, "50.00"), (Missing.INSUFFICIENT, None)],
)
def test_a_missing_figure_does_what_the_rulebook_says(
    policy: Missing, expected: str | None
) -> None:
    both = [
        replace(one, weight=Figure(value=50, source="ours"), missing=policy)
        for one in INDEX.indicators
        if one.key in {"implementation", "satisfaction"}
    ]
    rule = replace(INDEX, indicators=tuple(both))
    found = scores({"implementation": {"a": read(5, 5)}}, rule)["a"]
    assert found.index == expected
    assert found.missing == ("satisfaction",)


def test_findings_take_their_points_off_but_no_more_than_the_most() -> None:
    rule = only("satisfaction")
    readings = {"satisfaction": {"a": read(3000, 3000)}}
    found = tuple(Deduction(source=f"check/{n}", points=6) for n in range(3))
    for many, off in ((0, 0), (1, 6), (3, 10)):
        (whole,), (less,) = (
            contribution(
                ("a",), readings, {}, rule, period="2023-11",
                deductions={"a": each}, most=Figure(value=10, source="ours"),
            )
            for each in ((), found[:many])
        )  # fmt: skip
        assert Decimal(str(whole.index)) - Decimal(str(less.index)) == off


def test_a_month_without_any_data_gives_no_index() -> None:
    found = scores({"satisfaction": {"a": read(0, 0)}})["a"]
    assert found.standing is ScoreClass.INSUFFICIENT
    assert found.missing == tuple(one.key for one in INDEX.indicators)


@given(GROUPS)
def test_the_leaves_give_the_figure_exactly_even_from_text(
    readings: dict[str, dict[str, Reading]],
) -> None:
    for score in scores(readings).values():
        if score.tree is not None:
            text = json.dumps(to_plain(score.tree))
            tree = from_plain(Node, json.loads(text))
            assert evaluate(tree) == Decimal(score.index or "")
            assert all(leaf.source for leaf in leaves(tree))


@given(GROUPS, st.randoms(use_true_random=False))
def test_the_order_of_what_comes_in_says_nothing(
    readings: dict[str, dict[str, Reading]], chance: Random
) -> None:
    mixed = {}
    for key in chance.sample(sorted(readings), len(readings)):
        by_unit = readings[key]
        names = chance.sample(sorted(by_unit), len(by_unit))
        mixed[key] = {name: by_unit[name] for name in names}
    assert scores(readings) == scores(mixed)


_PEERS = only("caseload").indicators[0].normalizing
WAYS = {
    "curve": curve("60", "1", "100", "10"),
    "steep": curve("5", "40", "100", "0"),
    "peers": _PEERS,
    "gentle": replace(_PEERS, slope=amount("0.1"), floor=amount("0")),
    "percentile": replace(_PEERS, kind=Normalization.PERCENTILE),
}
BETTER = {"implementation": 1, "caseload": 1, "complaint_rate": -1, "satisfaction": 1}


def place(found: dict[str, Score], unit: str) -> int:
    mine = Decimal(found[unit].index or -1)
    return sum(Decimal(one.index or -1) > mine for one in found.values())


@pytest.mark.parametrize("how", ["curve", "steep", "peers", "gentle", "percentile"])
@pytest.mark.parametrize("bound", list(Bound))
@pytest.mark.parametrize("direction", list(Direction))
@settings(max_examples=60)
@given(
    told=st.dictionaries(
        st.sampled_from(UNITS), st.integers(0, 12), min_size=2, max_size=5
    ),
    beside=st.tuples(*[st.integers(0, 12)] * len(UNITS)),
    by=st.integers(1, 12),
    data=st.data(),
)
def test_whatever_way_it_is_made_better_never_ranks_or_is_colored_lower(
    how: str,
    bound: Bound,
    direction: Direction,
    told: dict[str, int],
    beside: tuple[int, ...],
    by: int,
    data: st.DataObject,
) -> None:
    """Few cases and many zeros: medians of zero, ties, and floors come up often.

    A second indicator stays as it is: what the first gives to others would show.
    """
    (moving,) = only(
        "caseload",
        bound=bound,
        scale=amount("100"),
        direction=direction,
        normalizing=WAYS[how],
    ).indicators
    (still,) = only("implementation").indicators
    rule = replace(INDEX, indicators=(moving, still))
    fixed = {u: read(n, 12) for u, n in zip(UNITS, beside, strict=True) if u in told}
    unit = data.draw(st.sampled_from(sorted(told)))
    up = direction is Direction.HIGHER
    moved = min(told[unit] + by, 12) if up else max(told[unit] - by, 0)
    before, after = (
        scores(
            {
                "caseload": {one: read(n, 12) for one, n in counts.items()},
                "implementation": fixed,
            },
            rule,
        )
        for counts in (told, {**told, unit: moved})
    )
    assert place(after, unit) <= place(before, unit)
    assert Decimal(after[unit].index or -1) >= Decimal(before[unit].index or -1)
    for colors in (SCORING.colors, replace(SCORING.colors, by=Coloring.SHARES)):
        old, new = (
            {
                one.unit: one.color
                for one in color({u: s.index for u, s in found.items()}, {}, colors)
            }[unit]
            for found in (before, after)
        )
        assert old is not None
        assert new is not None
        assert ORDER.index(new) >= ORDER.index(old)


@settings(max_examples=150)
@given(GROUPS, st.sampled_from(sorted(BETTER)), st.integers(1, 500))
def test_better_in_one_indicator_never_ranks_lower(
    readings: dict[str, dict[str, Reading]], key: str, by: int
) -> None:
    unit = min(readings[key])
    old = readings[key][unit]
    moved = old.numerator + by * BETTER[key]
    new = read(max(0, min(moved, old.denominator or 0)), old.denominator)
    better = {**readings, key: {**readings[key], unit: new}}
    before, after = scores(readings), scores(better)
    if before[unit].index is not None:
        assert place(after, unit) <= place(before, unit)


def test_beside_peers_of_none_the_scale_ends_and_none_is_par() -> None:
    """Without a percent of zero: a peer that gets better lifts nobody past itself."""
    rule = only("caseload", direction=Direction.LOWER, normalizing=WAYS["gentle"])
    told = {"a": 0, "b": 0, "c": 0, "d": 5}
    cases = {unit: read(n, 12) for unit, n in told.items()}
    found = scores({"caseload": cases}, rule)
    assert [found[unit].index for unit in "abcd"] == ["80.00"] * 3 + ["0.00"]


def test_peers_of_like_size_are_the_yardstick() -> None:
    sizes = {"a": 100, "b": 110, "c": 90, "big": 10_000, "huge": 11_000}
    how = only("caseload").indicators[0].normalizing
    one = replace(how, count=Figure(value=1, source="ours"))
    rule = only("caseload", normalizing=one)
    cases = {"a": 9, "b": 11, "c": 9, "big": 10, "huge": 10}
    readings = {"caseload": {one: read(cases[one], sizes[one]) for one in sizes}}
    found = scores(readings, rule, sizes)
    assert Decimal(found["a"].index or 0) < 80
    assert Decimal(found["big"].index or 0) > 80


@pytest.mark.parametrize(
    ("cases", "slope", "expected"),
    [
        # Ten percent above the peers' median, and ten below, by half a point each.
        (11, "0.5", "85.00"), (9, "0.5", "75.00"), (11, "1", "90.00"),
        # Never above 100, never below the floor of 40.
        (30, "0.5", "100.00"), (1, "2", "40.00"), (10, "0.5", "80.00"),
    ],
)  # fmt: skip
def test_each_percent_beside_the_peers_is_slope_points(
    cases: int, slope: str, expected: str
) -> None:
    how = replace(only("caseload").indicators[0].normalizing, slope=amount(slope))
    rule = only("caseload", normalizing=how)
    told = {
        "a": read(cases, 100),
        "b": read(8, 100),
        "c": read(10, 100),
        "d": read(12, 100),
    }
    assert scores({"caseload": told}, rule)["a"].index == expected


def test_a_percentile_counts_those_who_are_not_better() -> None:
    normalizing = replace(
        only("caseload").indicators[0].normalizing, kind=Normalization.PERCENTILE
    )
    rule = only("caseload", normalizing=normalizing)
    readings = {"caseload": {"a": read(1, 10), "b": read(2, 10), "c": read(2, 10)}}
    found = {unit: one.index for unit, one in scores(readings, rule).items()}
    assert found == {"a": "0.00", "b": "75.00", "c": "75.00"}


@given(st.integers(30, 5000), st.integers(0, 5000))
def test_another_hand_with_fractions_gets_the_same_satisfaction(
    whole: int, part: int
) -> None:
    part = min(part, whole)
    found = scores({"satisfaction": {"a": read(part, whole)}}, only("satisfaction"))
    z, p = Fraction(196, 100), Fraction(part, whole)
    root = sqrt(p * (1 - p) / whole + z * z / (4 * whole * whole))
    low = 100 * (float(p + z * z / (2 * whole)) - float(z) * root)
    low = max(0.0, low / float(1 + z * z / whole))
    expected = max(0.0, 100 - 2 * max(0.0, 98 - low))
    assert abs(float(found["a"].index or -1) - expected) < 0.006
