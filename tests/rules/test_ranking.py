"""Places: ties as ties, those without data apart, how steady each place is."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.reasons import ScoreCode
from huimin_flow.rules.ranking import apart, quarter_value, ranked, steadiness
from tests.rules.scoring_figures import INDEX, SCORING, read, scores

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
    found = scores(told)
    month = list(found.values())
    moved = steadiness([month, month], INDEX, SCORING.ranking, SCORING.sensitivity)
    assert (moved["a"].low, moved["a"].high, moved["a"].kept) == (1, 1, 100)
    for one in moved.values():
        assert one.low <= one.high
        assert 0 < one.kept <= 100


def test_the_first_and_the_last_are_told_why() -> None:
    told = {
        "implementation": {"a": read(10, 10), "b": read(9, 10), "c": read(2, 10)},
        "satisfaction": {unit: read(990, 999) for unit in "abc"},
    }
    found = list(scores(told).values())
    first, last = apart([found], "a", first=True), apart([found], "c", first=False)
    assert first is not None
    assert last is not None
    assert (first.code, first.values["index_indicator"]) == (
        ScoreCode.STRONGEST_AT, "implementation",
    )  # fmt: skip
    assert (last.code, last.values["score"]) == (ScoreCode.WEAKEST_AT, "20.00")
