"""Fulfilment by kind of indicator (C4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import Comparator, IndicatorKind
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.executing.plans import Progress
from huimin_flow.rules.executing.figures import cleared, months_of
from huimin_flow.rules.executing.fulfilment import (
    decimal_text,
    fulfilment,
    item_fulfilment,
)
from tests.rules.figures import FULFILMENT, MONTHS, figure, indicator, report

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


def cases(month: str, found: int, helped: int) -> Progress:
    return report(month, helped, found)


def test_cases_left_without_those_found_cannot_be_measured() -> None:
    verdict = found(ZERO, cases("2023-07", 1, 1), report("2023-08", 3), value=0)
    assert (verdict.passed, verdict.score) == (False, None)
    assert [one.code for one in verdict.reasons] == [Code.TARGET_NOT_MEASURABLE]


def test_zero_in_every_month_is_met() -> None:
    assert found(ZERO, cases("2023-07", 0, 0), value=0).score == "100.00"


@pytest.mark.parametrize(
    ("limit", "score", "met"), [(30, "70.00", 0), (31, "100.00", 1)]
)
def test_the_limit_decides_which_cases_were_helped_in_time(
    limit: int, score: str, met: int
) -> None:
    """Found by 30 June; 31 days later is 31 July, and help in August is late."""
    months = [
        cases("2023-06", 10, 4), cases("2023-07", 0, 3), cases("2023-08", 0, 3)
    ]  # fmt: skip
    target = indicator(ZERO, Comparator.EQ, 0)
    rule = replace(FULFILMENT, zero_days=figure(limit + 1))
    verdict = fulfilment(target, months, rule)
    assert (verdict.score, verdict.passed) == (score, bool(met))
    assert (verdict.reasons[0].values["found"], verdict.reasons[0].values["days"]) == (
        10,
        limit + 1,
    )


def test_cases_that_still_have_time_are_not_counted_and_silence_does_not_pay() -> None:
    target = indicator(ZERO, Comparator.EQ, 0)
    months = [cases("2023-07", 5, 0)]
    early = fulfilment(target, months, FULFILMENT, day=date(2023, 8, 30))
    late = fulfilment(target, months, FULFILMENT, day=date(2023, 8, 31))
    assert (early.score, late.score) == ("100.00", "0.00")
    assert [one.code for one in late.reasons] == [Code.CASES_LATE]


CASES = st.lists(
    st.builds(cases, MONTHS, st.integers(0, 30), st.integers(0, 30)), max_size=12
)


@given(CASES, st.integers(1, 200), st.integers(0, 200))
def test_a_longer_limit_never_makes_more_cases_late(
    months: list[Progress], limit: int, more: int
) -> None:
    told = months_of(months)
    day = date(2024, 12, 31)
    short, long = cleared(told, limit, day), cleared(told, limit + more, day)
    assert short.found - short.in_time >= long.found - long.in_time
    assert 0 <= short.in_time <= short.found
    assert short.overdue <= short.found - short.in_time


@given(CASES, MONTHS, st.integers(1, 30))
def test_one_more_case_helped_never_makes_a_case_late(
    months: list[Progress], month: str, more: int
) -> None:
    def late(reports: list[Progress]) -> int:
        found = cleared(months_of(reports), 30, date(2024, 12, 31))
        return found.found - found.in_time

    assert late([*months, cases(month, 0, more)]) <= late(months)


def test_a_set_adds_its_figures_where_no_member_is_named() -> None:
    months = [report("2023-07", 4), report("2023-08", 2)]
    assert found(IndicatorKind.SET, *months, value=6).passed


SIX = tuple("甲乙丙丁戊己")


def named(month: str, *names: str) -> Progress:
    return replace(report(month, len(names)), members=names)


def test_a_member_counts_once_and_the_missing_ones_are_named() -> None:
    target = replace(indicator(IndicatorKind.SET, value=6), members=SIX)
    months = [named("2023-07", "甲", "乙"), named("2023-08", "乙", "丙", "丁")]
    verdict = fulfilment(target, months, FULFILMENT)
    assert (verdict.passed, verdict.score) == (False, "66.66")
    assert [one.code for one in verdict.reasons] == [
        Code.TARGET_MISSED,
        Code.MEMBERS_MISSING,
    ]
    assert verdict.reasons[1].values["missing"] == "戊、己"


@given(st.lists(st.tuples(MONTHS, st.sets(st.sampled_from(SIX), min_size=1))))
def test_a_set_is_met_exactly_when_every_member_was_named(
    told: list[tuple[str, set[str]]],
) -> None:
    target = replace(indicator(IndicatorKind.SET, value=6), members=SIX)
    months = [named(month, *names) for month, names in told]
    verdict = fulfilment(target, months, FULFILMENT)
    done = {name for _, names in told for name in names}
    assert verdict.passed == (done == set(SIX))
    assert fulfilment(target, months * 2, FULFILMENT) == verdict


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
