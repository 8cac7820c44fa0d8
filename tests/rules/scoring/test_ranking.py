"""Places: ties as ties, those without data apart, how steady each place is."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import ROUND_UP, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.model.core.rules import Figure
from huimin_flow.model.scoring.rules import IndexRule
from huimin_flow.model.scoring.scores import Reading
from huimin_flow.rules.scoring.ranking import (
    quarter_value,
    ranked,
    steadiness,
    weight_sets,
)
from tests.rules.scoring_figures import (
    INDEX,
    SCORING,
    given_parts,
    month,
    only,
    read,
    scores,
)


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
