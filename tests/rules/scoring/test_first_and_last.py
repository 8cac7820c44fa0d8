"""Why a unit is first or last: what speaks for it, what against, what it lacked."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.reasons import ScoreCode
from huimin_flow.catalogue.terms import ScoreClass
from huimin_flow.model.core.events import Reasons
from huimin_flow.model.scoring.published import UnitScore
from huimin_flow.rules.scoring.ranking import Month, explained_place
from tests.rules.scoring_figures import given_parts, month, read


def test_the_first_and_the_last_are_told_why() -> None:
    told = {
        "implementation": {"a": read(10, 10), "b": read(9, 10), "c": read(2, 10)},
        "satisfaction": {unit: read(990, 999) for unit in "abc"},
    }
    first, even, base, *lacked = explained_place([month(told)], "a", first=True)
    last, *_ = explained_place([month(told)], "c", first=False)
    assert (first.code, first.values) == (
        ScoreCode.LEADS_AT,
        {
            "index_indicator": "implementation",
            "score": "100.00",
            # The median of the other two, 90 and 20; 40 of the 65 that are there count.
            "median": "55.00",
            "points": "+27.69",
        },
    )
    assert even.code == ScoreCode.EVEN_AT
    assert (even.values["index_indicator"], even.values["points"]) == (
        "satisfaction",
        "+0.00",
    )
    assert base.code == ScoreCode.WITHOUT_THESE
    assert {one.code for one in lacked} == {ScoreCode.LEFT_OUT}
    assert [one.values["index_indicator"] for one in lacked] == [
        "caseload",
        "complaint_rate",
    ]
    assert (last.code, last.values["score"]) == (ScoreCode.TRAILS_AT, "20.00")
    assert last.values["median"] == "95.00"


def said(reasons: Reasons) -> list[tuple[str, str]]:
    return [
        (one.code, str(one.values.get("points", one.values.get("index", ""))))
        for one in reasons
    ]


def test_in_a_group_of_two_both_are_told_why() -> None:
    """x counts 45 of 100 and y 55: 90 and 80 make 84.50, 70 and 75 make 72.75."""
    one = given_parts({"a": (90, 80), "b": (70, 75)})
    assert said(explained_place([one], "a", first=True)) == [
        ("leads_at", "+9.00"),
        ("leads_at", "+2.75"),
        ("without_these", "72.75"),
    ]
    assert said(explained_place([one], "b", first=False)) == [
        ("trails_at", "-9.00"),
        ("trails_at", "-2.75"),
        ("without_these", "84.50"),
    ]


def test_the_indicator_named_first_weighs_most_not_differs_most() -> None:
    one = given_parts({"a": (60, 50), "b": (49, 40), "c": (49, 40)})
    reason, *_ = explained_place([one], "a", first=True)
    # 45 % of 11 are less than 55 % of 10.
    assert reason.values["index_indicator"] == "y"


def test_what_speaks_against_a_place_is_named_after_what_brought_it() -> None:
    one = given_parts({"a": (60, 100), "b": (90, 40), "c": (95, 30)})
    codes = [reason.code for reason in explained_place([one], "a", first=True)]
    assert codes == [ScoreCode.LEADS_AT, ScoreCode.TRAILS_AT, ScoreCode.WITHOUT_THESE]


def test_who_is_first_without_being_ahead_in_anything_is_told_so() -> None:
    parts = {"a": (90, 90), "b": (100, 0), "c": (100, 100), "d": (0, 100)}
    even = Month(scores=given_parts(parts).scores, weights=given_parts(parts).weights)
    reason, *rest = explained_place([even], "a", first=True)
    assert reason.code == ScoreCode.EVENLY_FIRST
    assert {one.code for one in rest} == {ScoreCode.TRAILS_AT, ScoreCode.WITHOUT_THESE}


def test_what_no_other_unit_has_is_told_beside_not_counting() -> None:
    """x counts 45 of 100: with y alone b would have 50, so x takes 22.5 points."""
    whole = given_parts({"a": (90, 60), "b": (0, 50), "c": (80, 70)})
    weights = {"x": 45, "y": 55}
    scores = tuple(
        one if one.unit == "b" else replace(one, parts={"y": one.parts["y"]})
        for one in whole.scores
    )
    alone, other, base = explained_place(
        [Month(scores=scores, weights=weights)], "b", first=False
    )
    assert (alone.code, alone.values) == (
        ScoreCode.ALONE_AT,
        {"index_indicator": "x", "score": "0.00", "points": "-22.50"},
    )
    assert (other.code, other.values["points"]) == (ScoreCode.TRAILS_AT, "-8.25")
    # 27.50 less both: 0.55 of 65 and 0.45 of 50.
    assert base.values["index"] == "58.25"


KEYS = ("x", "y", "z")
PARTS = st.dictionaries(
    st.sampled_from(KEYS), st.integers(0, 100).map(Fraction), min_size=1
)
WEIGHTS = st.fixed_dictionaries({key: st.integers(1, 60) for key in KEYS})
QUARTER = st.lists(
    st.tuples(st.fixed_dictionaries(dict.fromkeys("abcd", PARTS)), WEIGHTS),
    min_size=1, max_size=3,
)  # fmt: skip

Told = list[tuple[dict[str, dict[str, Fraction]], dict[str, int]]]


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
def test_the_points_told_and_the_value_by_all_medians_make_the_unit_s_own(
    told: Told, *, first: bool
) -> None:
    months = [
        Month(
            weights=weights,
            scores=tuple(
                UnitScore(
                    unit=unit, standing=ScoreClass.SCORED,
                    index="0.00", missing=(), readings={},
                    parts={key: str(one) for key, one in mine.items()},
                )
                for unit, mine in by_unit.items()
            ),
        )
        for by_unit, weights in told
    ]  # fmt: skip
    value, moved = exact(told, "a"), {}
    others = {
        key: [
            Fraction(sum(found)) / len(found)
            for unit in "bcd"
            if (found := [month[unit][key] for month, _ in told if key in month[unit]])
        ]
        for key in KEYS
    }
    medians = {key: median(found) for key, found in others.items() if found}
    for key in {key for by_unit, _ in told for key in by_unit["a"]}:
        if key in medians:
            moved[key] = value - exact(told, "a", **{key: medians[key]})
        else:
            moved[key] = value - exact(without(told, key, medians), "a")
    reasons = explained_place(months, "a", first=first)
    named = [one for one in reasons if "points" in one.values]
    ways = dict(moved)
    for one in named:
        way = ways.pop(str(one.values["index_indicator"]))
        assert abs(Fraction(str(one.values["points"])) - way) <= Fraction(1, 200)
        alone = one.values["index_indicator"] not in medians
        expected = ScoreCode.LEADS_AT if way > 0 else ScoreCode.TRAILS_AT
        if abs(way) < Fraction(1, 200):
            expected = ScoreCode.EVEN_AT
        assert one.code == (ScoreCode.ALONE_AT if alone else expected)
    assert not ways
    points = [Fraction(str(one.values["points"])) for one in named]
    assert points == sorted(points, reverse=first)
    brought = points[0] != 0 and (points[0] > 0) is first
    evenly = {ScoreCode.EVENLY_FIRST, ScoreCode.EVENLY_LAST}
    assert (reasons[0].code in evenly) == (not brought)
    base = Fraction(str(reasons[len(named) + (not brought)].values["index"]))
    assert abs(base - (value - sum(moved.values()))) <= Fraction(1, 200)


def without(told: Told, key: str, known: dict[str, Fraction]) -> Told:
    """Months in which a key counts as much as those that others have, too."""
    found = []
    for by_unit, weights in told:
        mine = by_unit["a"]
        rest = {one: v for one, v in mine.items() if one in known}
        changed = dict(mine)
        if key in mine and rest:
            whole = sum(weights[one] for one in rest)
            total = sum((v * weights[k] for k, v in rest.items()), Fraction(0))
            changed[key] = total / whole
        found.append(({**by_unit, "a": changed}, weights))
    return found
