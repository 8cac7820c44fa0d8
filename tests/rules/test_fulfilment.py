"""Fulfilment by kind of indicator (C4)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.model.indicator import Progress
from huimin_flow.model.verdict import Verdict
from huimin_flow.reasons import Code
from huimin_flow.rules.fulfilment import decimal_text, fulfilment, item_fulfilment
from huimin_flow.terms import Comparator, IndicatorKind

from .figures import FULFILMENT, MONTHS, indicator, report

REPORTS = st.lists(
    st.builds(report, MONTHS, st.integers(0, 500), st.integers(1, 900)), max_size=15
)
STOCK, RATE, ZERO = IndicatorKind.STOCK, IndicatorKind.RATE, IndicatorKind.ZERO


def found(
    kind: IndicatorKind,
    *months: Progress,
    comparator: Comparator = Comparator.GE,
    value: int = 100,
    quote: str = "",
) -> Verdict:
    target = indicator(kind, comparator, value, quote=quote, tolerance="左右")
    return fulfilment(target, months, FULFILMENT)


@given(st.sampled_from(IndicatorKind), st.sampled_from(Comparator), REPORTS, st.data())
def test_the_order_of_reports_changes_nothing(
    kind: IndicatorKind,
    comparator: Comparator,
    reports: list[Progress],
    data: st.DataObject,
) -> None:
    shuffled = data.draw(st.permutations(reports))
    first = found(kind, *reports, comparator=comparator)
    assert found(kind, *shuffled, comparator=comparator) == first


@given(st.sampled_from(IndicatorKind), st.sampled_from(Comparator), REPORTS)
def test_there_is_a_score_exactly_when_there_is_data(
    kind: IndicatorKind, comparator: Comparator, reports: list[Progress]
) -> None:
    score = found(kind, *reports, comparator=comparator).score
    assert (score is not None) == bool(reports)


@given(REPORTS, MONTHS, st.integers(0, 500))
def test_one_more_report_never_lowers_a_flow(
    reports: list[Progress], month: str, more: int
) -> None:
    before = Fraction(found(IndicatorKind.FLOW, *reports).score or 0)
    after = found(IndicatorKind.FLOW, *reports, report(month, more)).score
    assert Fraction(after or 0) >= before


@given(st.integers(1, 10**10), st.integers(0, 10**10))
def test_a_score_of_100_and_reaching_the_target_are_one(target: int, done: int) -> None:
    verdict = found(IndicatorKind.FLOW, report("2023-07", done), value=target)
    assert verdict.passed == (Fraction(verdict.score or 0) >= 100)


def test_no_data_is_said_and_is_not_zero() -> None:
    verdict = found(IndicatorKind.FLOW)
    assert (verdict.passed, verdict.score, verdict.reasons[0].code) == (
        False,
        None,
        Code.NO_DATA,
    )


def test_flows_add_over_months_and_districts() -> None:
    months = [report("2023-07", 40), report("2023-07", 20), report("2023-08", 40)]
    assert found(IndicatorKind.FLOW, *months).score == "100.00"


def test_of_a_stock_the_last_month_counts() -> None:
    assert not found(STOCK, report("2023-08", 90), report("2023-07", 120)).passed


def test_a_stock_that_must_be_held_counts_in_every_month() -> None:
    months = [report("2023-07", 90), report("2023-08", 120)]
    assert found(STOCK, *months, quote="保持100人").score == "90.00"


@pytest.mark.parametrize(("count", "met"), [(94, 0), (95, 1), (105, 1), (106, 0)])
def test_about_bounds_a_stock_on_both_sides(count: int, met: int) -> None:
    verdict = found(STOCK, report("2023-07", count), comparator=Comparator.APPROX)
    assert verdict.passed == bool(met)


@pytest.mark.parametrize(("count", "met"), [(94, 0), (95, 1), (140, 1)])
def test_more_than_about_a_sum_is_no_miss(count: int, met: int) -> None:
    verdict = found(
        IndicatorKind.FLOW, report("2023-07", count), comparator=Comparator.APPROX
    )
    assert verdict.passed == bool(met)


def test_a_held_stock_is_judged_by_the_month_farthest_from_about() -> None:
    months = [report("2023-07", 110), report("2023-08", 99)]
    verdict = found(STOCK, *months, comparator=Comparator.APPROX, quote="保持100人左右")
    assert not verdict.passed


def test_rates_add_numerators_and_denominators_not_percentages() -> None:
    months = [report("2023-07", 1, 1), report("2023-08", 50, 99)]
    assert found(RATE, *months).score == "51.00"


def test_a_rate_is_compared_exactly_not_as_rounded() -> None:
    verdict = found(RATE, report("2023-07", 99_999_999, 100_000_000))
    assert (verdict.passed, verdict.score) == (False, "99.99")


def test_a_rate_over_nobody_has_no_data() -> None:
    assert found(RATE, report("2023-07", 0, 0)).reasons[0].code == Code.NO_DATA


@pytest.mark.parametrize("turn", [1, -1])
def test_a_figure_without_its_denominator_cannot_raise_a_rate(turn: int) -> None:
    months = [report("2023-07", 90, 100), report("2023-07", 50)][::turn]
    assert found(RATE, *months).score is None


def test_zero_must_hold_in_every_month() -> None:
    months = [report("2023-07", 0), report("2023-08", 3), report("2023-09", 0)]
    verdict = found(ZERO, *months, value=0)
    assert (verdict.passed, verdict.score) == (False, "66.66")


def test_zero_in_every_month_is_met() -> None:
    months = [report("2023-07", 0), report("2023-08", 0)]
    assert found(ZERO, *months, value=0).score == "100.00"


def test_a_set_adds_its_members() -> None:
    months = [report("2023-07", 4), report("2023-08", 2)]
    assert found(IndicatorKind.SET, *months, value=6).passed


def test_a_milestone_reported_twice_is_done_once() -> None:
    months = [report("2023-07", 1), report("2023-08", 1)]
    assert found(IndicatorKind.MILESTONE, *months, value=1).score == "100.00"


@pytest.mark.parametrize(
    ("comparator", "met"),
    [(Comparator.GE, 1), (Comparator.BARE, 1), (Comparator.EQ, 0)],
)
def test_only_exactly_minds_more_than_the_target(
    comparator: Comparator, met: int
) -> None:
    verdict = found(IndicatorKind.FLOW, report("2023-07", 101), comparator=comparator)
    assert verdict.passed == bool(met)


def test_a_target_of_nothing_is_not_measured() -> None:
    verdict = found(IndicatorKind.FLOW, report("2023-07", 5), value=0)
    assert verdict.reasons[0].code == Code.TARGET_NOT_MEASURABLE


def test_an_unknown_tolerance_is_not_guessed() -> None:
    target = indicator(comparator=Comparator.APPROX, tolerance="上下")
    (reason,) = fulfilment(target, [report("2023-07", 100)], FULFILMENT).reasons
    assert reason.values["hint"] == "no_tolerance"


def test_an_item_is_the_mean_of_indicators_each_at_most_100() -> None:
    parts = [found(IndicatorKind.FLOW, report("2023-07", count)) for count in (300, 50)]
    assert item_fulfilment(parts).score == "75.00"


def test_an_indicator_without_data_pulls_the_item_down_and_is_named() -> None:
    verdict = item_fulfilment(
        [found(IndicatorKind.FLOW, report("2023-07", 100)), found(STOCK)]
    )
    assert (verdict.score, [one.code for one in verdict.reasons]) == (
        "50.00",
        [Code.NO_DATA],
    )


def test_an_item_without_indicators_has_no_score() -> None:
    assert item_fulfilment([]).score is None


@given(st.lists(st.integers(0, 300), max_size=6), st.data())
def test_an_item_is_bounded_and_does_not_mind_the_order(
    counts: list[int], data: st.DataObject
) -> None:
    parts = [found(IndicatorKind.FLOW, report("2023-07", one)) for one in counts]
    verdict = item_fulfilment(parts)
    assert 0 <= Fraction(verdict.score or 0) <= 100
    assert item_fulfilment(data.draw(st.permutations(parts))) == verdict


@given(st.fractions(-1000, 1000))
def test_decimal_text_is_never_farther_from_zero(number: Fraction) -> None:
    error = abs(number) - abs(Fraction(decimal_text(number)))
    assert 0 <= error < Fraction(1, 100)
