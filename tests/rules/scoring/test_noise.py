"""A color is steady, or it may be the chance of who was asked: pure, by property."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from math import sqrt

from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.terms import Certainty, Color, Coloring, ScoreClass, UnitKind
from huimin_flow.model.scoring.scores import Score, Spread
from huimin_flow.rules.core.formula import two_places
from huimin_flow.rules.scoring.colors import color
from huimin_flow.rules.scoring.index import contribution
from huimin_flow.rules.scoring.noise import spread
from tests.rules.scoring_figures import INDEX, SCORING, amount, only, read, scores

COLORS = SCORING.colors
NEEDED = INDEX.needed_by(UnitKind.DISTRICT)
CASES = st.integers(30, 5000).flatmap(
    lambda n: st.tuples(st.integers(0, n), st.integers(0, n), st.just(n))
)


def scored(good: int, complaints: int, n: int, done: int = 9) -> Score:
    """A unit with all figures, beside a peer of a fixed caseload."""
    found = scores(
        {
            "implementation": {"a": read(done, 10)},
            "caseload": {"a": read(n, 500_000), "b": read(90, 500_000)},
            "complaint_rate": {"a": read(complaints, n)},
            "satisfaction": {"a": read(good, n)},
        }
    )
    return found["a"]


def of(score: Score) -> Spread:
    found = spread(score, COLORS)
    assert found is not None
    return found


@given(CASES)
def test_the_published_index_is_the_low_end(cases: tuple[int, int, int]) -> None:
    score = scored(*cases)
    found = of(score)
    assert score.tree is not None
    assert found.low == score.index == two_places(score.tree)
    assert Decimal(found.low) <= Decimal(found.high) <= 100


@given(CASES)
def test_steady_means_that_no_edge_of_a_band_lies_between(
    cases: tuple[int, int, int],
) -> None:
    found = of(scored(*cases))
    low, high = Decimal(found.low), Decimal(found.high)
    crossed = [b for b in COLORS.bands.values() if low < b.low.value <= high]
    assert (found.certainty is Certainty.STEADY) is not bool(crossed)


@given(CASES, st.sampled_from(Color))
def test_steady_means_that_both_ends_have_the_color_of_the_month(
    cases: tuple[int, int, int], before: Color
) -> None:
    score = scored(*cases)
    found = spread(score, COLORS, before)
    assert found is not None

    def shown(index: str) -> Color | None:
        return color({"a": index}, {"a": (before, "50.00")}, COLORS)[0].color

    steady = shown(found.low) is shown(found.high)
    assert (found.certainty is Certainty.STEADY) is steady


def test_a_color_that_only_last_month_keeps_may_be_chance() -> None:
    score = scored(80, 0, 80, done=10)
    low, high = Decimal(of(score).low), Decimal(of(score).high)
    assert (COLORS.bands[Color.GREEN].low.value, 93) < (low, high)
    assert of(score).certainty is Certainty.STEADY
    kept = spread(score, COLORS, Color.BLUE)
    assert kept is not None
    assert kept.certainty is Certainty.WITHIN_ERROR


@given(st.integers(30, 300), st.integers(2, 20))
def test_more_cases_of_the_same_share_leave_less_to_chance(n: int, more: int) -> None:
    def width(times: int) -> Decimal:
        found = spread(scored(9 * n * times, 0, 10 * n * times), COLORS)
        assert found is not None
        return Decimal(found.high) - Decimal(found.low)

    assert width(more) <= width(1)


def test_the_cases_are_those_of_each_sample() -> None:
    found = of(scored(95, 1, 100))
    assert found.cases == {"complaint_rate": 100, "satisfaction": 100}


def test_only_the_own_sample_is_moved_and_not_those_of_the_peers() -> None:
    beside = replace(INDEX.indicators[1].normalizing, slope=amount("0.1"))
    rule = only("satisfaction", normalizing=beside)
    told = {"satisfaction": {"a": read(60, 100), "b": read(95, 100)}}
    found = of(scores(told, rule)["a"])
    assert found.cases == {"satisfaction": 100}
    peer = wilson_of(95, 100, -1)
    for index, sign in ((found.low, -1), (found.high, 1)):
        percent = 100 * (wilson_of(60, 100, sign) / peer - 1)
        assert abs(80 + percent / 10 - float(index)) < 0.01


def wilson_of(part: int, whole: int, sign: int, z: float = 1.96) -> float:
    """A Wilson bound by another hand."""
    share, square = part / whole, z * z
    root = sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    return (share + square / (2 * whole) + sign * z * root) / (1 + square / whole)


def test_what_is_counted_whole_leaves_nothing_to_chance() -> None:
    rule = replace(INDEX, indicators=INDEX.indicators[:1])
    only = scores({"implementation": {"a": read(8, 10)}}, rule)["a"]
    assert of(only) == Spread(
        certainty=Certainty.STEADY, low="80.00", high="80.00", cases={}
    )


def test_without_an_index_or_with_shares_of_units_there_is_no_spread() -> None:
    rule = replace(COLORS, by=Coloring.SHARES)
    assert spread(scored(95, 1, 100), rule) is None
    assert spread(scores({"satisfaction": {"a": read(3, 3)}})["a"], COLORS) is None


@given(st.sets(st.sampled_from(NEEDED), min_size=1), CASES)
def test_who_lacks_a_needed_indicator_stands_beside_the_ranking(
    lacking: set[str], cases: tuple[int, int, int]
) -> None:
    good, complaints, n = cases
    readings = {
        "implementation": {"a": read(9, 10), "b": read(9, 10)},
        "caseload": {"a": read(n, 500_000), "b": read(90, 500_000)},
        "complaint_rate": {"a": read(complaints, n), "b": read(1, 90)},
        "satisfaction": {"a": read(good, n), "b": read(80, 90)},
    }
    for key in lacking:
        del readings[key]["a"]
    beside, _ = contribution(
        ("a", "b"), readings, {}, INDEX, period="2023-11", needed=NEEDED
    )
    assert beside.index is None
    assert beside.standing is ScoreClass.INSUFFICIENT
    assert set(beside.missing) == lacking
    # Its other sub-scores are kept, to be shown beside.
    assert dict(beside.parts).keys() == set(readings) - set(beside.missing)
