"""Places: ties as ties, those without data apart, how steady each place is."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import ROUND_UP, Decimal, localcontext
from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.model.rules import Figure
from huimin_flow.model.score import Reading, Score
from huimin_flow.model.scoring import IndexRule
from huimin_flow.reasons import ScoreCode
from huimin_flow.rules.contribution import Readings
from huimin_flow.rules.ranking import (
    Month,
    apart,
    quarter_value,
    ranked,
    steadiness,
    weight_sets,
)
from huimin_flow.terms import ScoreClass
from tests.rules.scoring_figures import INDEX, SCORING, only, read, scores


def weighed(**weights: int) -> IndexRule:
    """The index of some of the indicators, weighed otherwise."""
    return replace(
        INDEX,
        indicators=tuple(
            replace(one, weight=Figure(value=weights[one.key], source="ours"))
            for one in INDEX.indicators
            if one.key in weights
        ),
    )


OTHER = weighed(implementation=10, complaint_rate=60, satisfaction=30)
FEWER = weighed(satisfaction=100)

VALUES = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3),
    st.one_of(st.none(), st.integers(0, 10_000).map(lambda n: str(Decimal(n) / 100))),
    max_size=12,
)


def test_equal_values_share_a_place_and_the_next_one_counts_them() -> None:
    found = ranked({"a": "90.00", "b": "95.00", "c": "90.00", "d": "80.00", "e": None})
    assert [(one.unit, one.place, one.tied) for one in found] == [
        ("b", 1, False), ("a", 2, True), ("c", 2, True), ("d", 4, False), ("e", None, False),
    ]  # fmt: skip


@given(VALUES)
def test_a_place_is_one_more_than_those_who_are_better(
    values: dict[str, str | None],
) -> None:
    found = ranked(values)
    assert {one.unit for one in found} == set(values)
    for one in found:
        if one.value is not None:
            better = [
                v for v in values.values() if v and Decimal(v) > Decimal(one.value)
            ]
            assert one.place == len(better) + 1


def test_a_quarter_needs_enough_months() -> None:
    assert quarter_value(["80.00", None, None], SCORING.ranking) is None
    assert quarter_value(["80.00", "81.01", None], SCORING.ranking) == "80.50"


def month(told: Readings, rule: IndexRule = INDEX) -> Month:
    weights = {one.key: one.weight.value for one in rule.indicators}
    return Month(scores=tuple(scores(told, rule).values()), weights=weights)


def test_a_clear_first_is_steady_and_close_ones_show_an_interval() -> None:
    told = {
        "implementation": {"a": read(10, 10), "b": read(9, 10), "c": read(5, 10)},
        "complaint_rate": {"a": read(1, 900), "b": read(20, 900), "c": read(9, 900)},
        "satisfaction": {"a": read(995, 999), "b": read(900, 999), "c": read(999, 999)},
    }
    moved = steadiness([month(told)] * 2, SCORING.ranking, SCORING.sensitivity)
    assert (moved["a"].low, moved["a"].high, moved["a"].kept) == (1, 1, 100)
    for one in moved.values():
        assert one.low <= one.high
        assert 0 < one.kept <= 100


def given_parts(
    parts: dict[str, tuple[int, int]], *, x: int = 45, y: int = 55
) -> Month:
    """Two indicators, weighed as told: sub-scores as they are given."""
    weights = {"x": x, "y": y}
    found = []
    for unit, mine in parts.items():
        index = Decimal(x * mine[0] + y * mine[1]) / 100
        found.append(
            Score(
                unit=unit,
                period="2026-11",
                standing=ScoreClass.SCORED,
                index=f"{index:.2f}",
                parts=(("x", str(mine[0])), ("y", str(mine[1]))),
                missing=(),
            )
        )
    return Month(scores=tuple(found), weights=weights)


@pytest.mark.parametrize(("percent", "best", "kept"), [(10, 1, 88), (9, 2, 100)])
def test_weights_move_by_the_percent_of_the_rulebook(
    percent: int, best: int, kept: int
) -> None:
    """B reaches a in one of nine sets: 110 % of 45 are 90 % of 55, and 109 % are less."""
    one = given_parts({"a": (0, 100), "b": (100, 0), "c": (10, 10)})
    rule = replace(SCORING.sensitivity, percent=Figure(value=percent, source="ours"))
    moved = steadiness([one] * 2, SCORING.ranking, rule)
    assert (moved["b"].low, moved["b"].high, moved["b"].kept) == (best, 2, kept)
    assert (moved["a"].low, moved["a"].high, moved["a"].kept) == (1, 1, 100)


UNITS = ("a", "b", "c", "d")
COUNTS = st.integers(0, 40).map(lambda n: read(n, 40))
SOME = st.dictionaries(st.sampled_from(UNITS), COUNTS, max_size=4)
MONTHS = st.lists(
    st.tuples(
        st.fixed_dictionaries(
            {"satisfaction": st.fixed_dictionaries(dict.fromkeys("abc", COUNTS))},
            optional={"implementation": SOME, "complaint_rate": SOME},
        ),
        st.sampled_from([INDEX, OTHER, FEWER]),
    ),
    min_size=2,
    max_size=3,
)


def test_each_month_counts_by_the_weights_of_its_own_rulebook() -> None:
    """By 45 and 55 a is level with b in the first month; by 90 and 10 far behind."""
    first = given_parts({"a": (55, 45), "b": (45, 54), "c": (0, 0)})
    parts = {"a": (0, 100), "b": (20, 0), "c": (0, 0)}
    last = given_parts(parts, x=90, y=10)
    still = replace(SCORING.sensitivity, percent=Figure(value=0, source="ours"))
    found = steadiness([first, last], SCORING.ranking, still)
    # a: 49.50 and 10.00; b: 49.95 and 18.00. By the last weights alone a is better
    # in the first month, by those of the first alone in the last.
    assert [found[unit].low for unit in "abc"] == [2, 1, 3]


@given(MONTHS)
def test_unmoved_weights_give_the_published_places_whatever_book_scored_a_month(
    told: list[tuple[dict[str, dict[str, Reading]], IndexRule]],
) -> None:
    """A table of indicators that changed within the quarter changes nothing of it."""
    months = [month(counts, rule) for counts, rule in told]
    indices: dict[str, list[str | None]] = {}
    for one in (one for each in months for one in each.scores):
        indices.setdefault(one.unit, []).append(one.index)
    published = {
        one.unit: one.place
        for one in ranked(
            {unit: quarter_value(i, SCORING.ranking) for unit, i in indices.items()}
        )
        if one.place is not None
    }
    still = replace(SCORING.sensitivity, percent=Figure(value=0, source="ours"))
    unmoved = steadiness(months, SCORING.ranking, still)
    assert {unit: (one.low, one.high) for unit, one in unmoved.items()} == {
        unit: (place, place) for unit, place in published.items()
    }
    moved = steadiness(months, SCORING.ranking, SCORING.sensitivity)
    assert moved.keys() == published.keys()
    for unit, place in published.items():
        assert moved[unit].low <= place <= moved[unit].high
        assert moved[unit].kept > 0


@pytest.mark.parametrize("count", [1, 4, 5, 6, 7, 10])
def test_sets_of_weights_are_bounded_differ_and_begin_with_none_moved(
    count: int,
) -> None:
    keys = [f"k{n}" for n in range(count)]
    found = [tuple(one.values()) for one in weight_sets(keys, SCORING.sensitivity)]
    assert len(found) == min(3**count, 243)
    assert len(set(found)) > 0.8 * len(found)
    assert found[0] == (100,) * count
    for n in range(count):
        often = Counter(one[n] for one in found)
        assert set(often) == {90, 100, 110}
        assert max(often.values()) - min(often.values()) <= 45


def test_the_hosts_decimal_context_changes_no_figure() -> None:
    with localcontext() as host:
        host.rounding = ROUND_UP
        host.prec = 3
        found = quarter_value(["80.00", "80.00", "80.01"], SCORING.ranking)
        (score,) = scores(
            {"satisfaction": {"a": read(977, 1000)}}, only("satisfaction")
        ).values()
    assert found == "80.00"
    (again,) = scores(
        {"satisfaction": {"a": read(977, 1000)}}, only("satisfaction")
    ).values()
    assert score.index == again.index


def test_the_first_and_the_last_are_told_why() -> None:
    told = {
        "implementation": {"a": read(10, 10), "b": read(9, 10), "c": read(2, 10)},
        "satisfaction": {unit: read(990, 999) for unit in "abc"},
    }
    (first,) = apart([month(told)], "a", first=True)
    (last,) = apart([month(told)], "c", first=False)
    assert (first.code, first.values) == (
        ScoreCode.LEADS_AT,
        {
            "index_indicator": "implementation",
            "score": "100.00",
            # The median of the other two, 90 and 20; 40 of the 65 that are there count.
            "median": "55.00",
            "points": "27.69",
        },
    )
    assert (last.code, last.values["score"]) == (ScoreCode.TRAILS_AT, "20.00")
    assert last.values["median"] == "95.00"


def test_in_a_group_of_two_both_are_told_why() -> None:
    one = given_parts({"a": (90, 80), "b": (70, 75)})
    for unit, first in (("a", True), ("b", False)):
        (reason,) = apart([one], unit, first=first)
        assert reason.values["index_indicator"] == "x"
        assert reason.values["points"] == "9.00"


def test_the_indicator_that_is_named_weighs_most_not_differs_most() -> None:
    one = given_parts({"a": (60, 50), "b": (49, 40), "c": (49, 40)})
    (reason,) = apart([one], "a", first=True)
    # 45 % of 11 are less than 55 % of 10.
    assert reason.values["index_indicator"] == "y"


def test_who_is_first_without_being_ahead_in_anything_is_told_so() -> None:
    parts = {"a": (90, 90), "b": (100, 0), "c": (100, 100), "d": (0, 100)}
    even = Month(scores=given_parts(parts).scores, weights=given_parts(parts).weights)
    (reason,) = apart([even], "a", first=True)
    assert reason.code == ScoreCode.EVENLY_FIRST


KEYS = ("x", "y", "z")
PARTS = st.dictionaries(
    st.sampled_from(KEYS), st.integers(0, 100).map(Decimal), min_size=1
)
WEIGHTS = st.fixed_dictionaries({key: st.integers(1, 60) for key in KEYS})
QUARTER = st.lists(
    st.tuples(st.fixed_dictionaries(dict.fromkeys("abcd", PARTS)), WEIGHTS),
    min_size=1, max_size=3,
)  # fmt: skip

Told = list[tuple[dict[str, dict[str, Decimal]], dict[str, int]]]


def exact(told: Told, unit: str, **instead: Fraction) -> Fraction:
    """A unit's value before it is rounded, with some sub-scores put otherwise."""
    months = []
    for by_unit, weights in told:
        mine = {key: instead.get(key, Fraction(v)) for key, v in by_unit[unit].items()}
        whole = sum(weights[key] for key in mine)
        months.append(sum(v * weights[key] for key, v in mine.items()) / whole)
    return Fraction(sum(months)) / len(months)


@pytest.mark.parametrize("first", [True, False])
@given(told=QUARTER)
def test_the_points_told_are_those_by_which_the_median_would_move_the_value(
    told: Told, *, first: bool
) -> None:
    months = [
        Month(
            weights=weights,
            scores=tuple(
                Score(
                    unit=unit, period="2026-11", standing=ScoreClass.SCORED,
                    index="0.00", missing=(),
                    parts=tuple((key, str(one)) for key, one in sorted(mine.items())),
                )
                for unit, mine in by_unit.items()
            ),
        )
        for by_unit, weights in told
    ]  # fmt: skip
    value, moved = exact(told, "a"), {}
    for key in KEYS:
        by_unit = {
            unit: Fraction(sum(found)) / len(found)
            for unit in "abcd"
            if (found := [month[unit][key] for month, _ in told if key in month[unit]])
        }
        others = [one for unit, one in by_unit.items() if unit != "a"]
        if "a" in by_unit and others:
            way = value - exact(told, "a", **{key: median(others)})
            moved[key] = way if first else -way
    reason, *_ = apart(months, "a", first=first)
    if max(moved.values(), default=Fraction(0)) <= 0:
        assert reason.code in {ScoreCode.EVENLY_FIRST, ScoreCode.EVENLY_LAST}
        return
    best = max(moved.values())
    assert moved[str(reason.values["index_indicator"])] == best
    assert abs(Fraction(str(reason.values["points"])) - best) <= Fraction(1, 200)
