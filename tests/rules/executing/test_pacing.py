"""Plan curves and how progress stands to them, by kind of indicator."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.terms import (
    Comparator,
    CurveKind,
    IndicatorKind,
    Pace,
)
from huimin_flow.model.executing.plans import Indicator, Progress
from huimin_flow.model.scoring.rules import PlanCurve
from huimin_flow.rules.executing import pacing
from huimin_flow.rules.executing.pacing import indicator_pace
from tests.rules.scoring_figures import SCORING

CURVES = list(SCORING.progress.curves.values())
BEGUN, DUE = date(2026, 1, 1), date(2026, 12, 31)


def planned(curve: PlanCurve, begun: date, due: date, day: date) -> Fraction:
    return Fraction(*pacing.planned(curve, begun, due, day))


def indicator(kind: IndicatorKind, target: int = 120) -> Indicator:
    return Indicator(
        name="指标", quote="", kind=kind, comparator=Comparator.GE, value=target, unit="人"
    )  # fmt: skip


def report(month: int, value: int, denominator: int | None = None) -> Progress:
    return Progress(
        item="i", task="t", indicator="指标", month=f"2026-{month:02d}",
        value=value, denominator=denominator,
    )  # fmt: skip


def stands(
    kind: IndicatorKind, *reports: Progress, day: date, curve: PlanCurve = CURVES[0]
) -> tuple[Pace, int]:
    found = indicator_pace(
        indicator(kind), reports, curve, begun=BEGUN, due=DUE, day=day, tolerance=10
    )
    return found.pace, found.days


@given(st.sampled_from(CURVES), st.integers(-30, 400), st.integers(0, 30))
def test_a_plan_never_goes_back_and_ends_whole(
    curve: PlanCurve, start: int, more: int
) -> None:
    early = planned(curve, BEGUN, DUE, BEGUN + timedelta(days=start))
    late = planned(curve, BEGUN, DUE, BEGUN + timedelta(days=start + more))
    assert 0 <= early <= late <= 1
    assert planned(curve, BEGUN, DUE, DUE) == 1
    assert planned(curve, BEGUN, DUE, BEGUN - timedelta(days=1)) == 0


@given(st.sampled_from(CURVES), st.fractions(0, 1))
def test_the_day_of_a_part_is_the_first_that_reaches_it(
    curve: PlanCurve, part: Fraction
) -> None:
    day = pacing.day_of(curve, BEGUN, DUE, *part.as_integer_ratio())
    assert planned(curve, BEGUN, DUE, day) >= part
    if part > 0:
        assert planned(curve, BEGUN, DUE, day - timedelta(days=1)) < part


@pytest.mark.parametrize(
    ("monthly", "pace"),
    [(10, Pace.ON_TIME), (20, Pace.AHEAD), (5, Pace.BEHIND)],
)
def test_what_grows_is_held_against_the_plans_day(monthly: int, pace: Pace) -> None:
    reports = [report(month, monthly) for month in range(1, 7)]
    found, days = stands(IndicatorKind.FLOW, *reports, day=date(2026, 6, 30))
    assert found is pace
    assert (days > 10) == (pace is Pace.AHEAD)


def test_a_stock_is_behind_since_the_month_that_last_met_it() -> None:
    reports = [report(4, 130), report(5, 90), report(6, 80)]
    day = date(2026, 6, 30)
    found, days = stands(IndicatorKind.STOCK, *reports, day=day)
    assert found is Pace.BEHIND
    assert days == (date(2026, 5, 1) - day).days
    again = stands(IndicatorKind.STOCK, *reports, report(7, 125), day=date(2026, 7, 31))
    assert again == (Pace.ON_TIME, 0)


def test_a_rate_compares_without_rounding() -> None:
    rate = [report(6, 1199, 1000)]
    assert stands(IndicatorKind.RATE, *rate, day=date(2026, 6, 30))[0] is Pace.BEHIND
    rate = [report(6, 1200, 1000)]
    assert stands(IndicatorKind.RATE, *rate, day=date(2026, 6, 30))[0] is Pace.ON_TIME


def test_without_a_report_nothing_is_claimed() -> None:
    for kind in set(IndicatorKind) - {IndicatorKind.MILESTONE}:
        assert stands(kind, day=date(2026, 6, 30)) == (Pace.UNKNOWN, 0)


def test_a_figure_of_a_month_to_come_counts_for_nothing() -> None:
    day = date(2026, 6, 30)
    now = stands(IndicatorKind.FLOW, report(6, 60), day=day)
    assert now == stands(IndicatorKind.FLOW, report(6, 60), report(7, 999), day=day)


def test_stepped_plans_wait_for_their_step() -> None:
    stepped = next(one for one in CURVES if one.kind is CurveKind.STEPPED)
    found = stands(
        IndicatorKind.FLOW, report(1, 0), day=date(2026, 2, 1), curve=stepped
    )
    assert found[0] is Pace.ON_TIME


STEPPED = next(one for one in CURVES if one.kind is CurveKind.STEPPED)
SEASONAL = next(one for one in CURVES if one.kind is CurveKind.SEASONAL)


@pytest.mark.parametrize(
    ("begun", "day", "part"),
    [
        (date(2026, 1, 1), date(2026, 3, 30), Fraction(0)),
        (date(2026, 1, 1), date(2026, 3, 31), Fraction(1, 4)),
        (date(2026, 1, 12), date(2026, 3, 31), Fraction(1, 4)),
        (date(2026, 4, 1), date(2026, 6, 29), Fraction(0)),
        (date(2026, 4, 1), date(2026, 6, 30), Fraction(1, 3)),
        (date(2025, 10, 1), date(2025, 12, 31), Fraction(1, 5)),
    ],
)
def test_a_plan_by_quarters_asks_its_share_on_a_quarters_last_day(
    begun: date, day: date, part: Fraction
) -> None:
    assert planned(STEPPED, begun, DUE, day) == part


def test_a_seasonal_plan_spreads_each_months_share_over_its_days() -> None:
    for month in range(1, 12):
        end = date(2026, month + 1, 1) - timedelta(days=1)
        done = sum(SEASONAL.shares[:month])
        assert planned(SEASONAL, BEGUN, DUE, end) == Fraction(done, 100)
    half = planned(SEASONAL, BEGUN, DUE, date(2026, 2, 14))
    assert half == Fraction(SEASONAL.shares[0], 100) + Fraction(SEASONAL.shares[1], 200)


def test_a_plan_whose_months_have_no_share_is_asked_when_it_is_due() -> None:
    due = date(2026, 2, 20)
    assert planned(STEPPED, BEGUN, due, due - timedelta(days=1)) == 0
    assert planned(STEPPED, BEGUN, due, due) == 1


HELD = (
    IndicatorKind.STOCK,
    IndicatorKind.RATE,
    IndicatorKind.FULL,
    IndicatorKind.ZERO,
)


def met(kind: IndicatorKind, month: int) -> Progress:
    if kind is IndicatorKind.ZERO:
        return report(month, 0)
    return report(month, 120, None if kind is IndicatorKind.STOCK else 100)


@pytest.mark.parametrize("kind", HELD)
def test_silence_after_one_good_month_does_not_pay(kind: IndicatorKind) -> None:
    day = date(2026, 12, 31)
    assert stands(kind, met(kind, 1), day=date(2026, 1, 31)) == (Pace.ON_TIME, 0)
    assert stands(kind, met(kind, 1), day=day) == (
        Pace.BEHIND,
        (date(2026, 2, 1) - day).days,
    )
    every = [met(kind, month) for month in range(1, 13)]
    assert stands(kind, *every, day=day) == (Pace.ON_TIME, 0)
    # The month that still runs is not owed yet.
    assert stands(kind, *every[:11], day=date(2026, 12, 30)) == (Pace.ON_TIME, 0)
    assert stands(kind, *every[:11], day=day)[0] is Pace.BEHIND


def test_a_milestone_is_on_time_till_it_is_due_and_behind_after() -> None:
    kind = IndicatorKind.MILESTONE
    for said in ((), (report(1, 0),)):
        assert stands(kind, *said, day=date(2026, 2, 28)) == (Pace.ON_TIME, 0)
        assert stands(kind, *said, day=DUE) == (Pace.ON_TIME, 0)
        late = stands(kind, *said, day=DUE + timedelta(days=40))
        assert late == (Pace.BEHIND, -40)


def test_what_was_due_and_is_not_whole_falls_back_further_every_day() -> None:
    reports = [report(month, 6) for month in range(1, 13)]
    _, then = stands(IndicatorKind.FLOW, *reports, day=DUE)
    pace, now = stands(IndicatorKind.FLOW, *reports, day=DUE + timedelta(days=300))
    assert (pace, now) == (Pace.BEHIND, then - 300)
    whole = [report(month, 10) for month in range(1, 13)]
    done = stands(IndicatorKind.FLOW, *whole, day=DUE + timedelta(days=300))
    assert done == (Pace.ON_TIME, 0)


@given(st.sampled_from(HELD), st.sets(st.integers(1, 12)), st.integers(1, 12))
def test_a_report_that_meets_never_makes_it_later(
    kind: IndicatorKind, months: set[int], more: int
) -> None:
    day = date(2026, 12, 31)
    before = stands(kind, *(met(kind, one) for one in months), day=day)
    after = stands(kind, *(met(kind, one) for one in months | {more}), day=day)
    if before[0] is not Pace.UNKNOWN:
        assert after[1] >= before[1]
    assert (after[0] is Pace.ON_TIME) == (12 in months | {more})


@pytest.mark.parametrize(
    ("limit", "pace", "overdue"), [(30, Pace.BEHIND, 3), (31, Pace.ON_TIME, 0)]
)
def test_the_limit_of_cases_decides_whether_a_month_was_met(
    limit: int, pace: Pace, overdue: int
) -> None:
    """Found by 30 June: with 31 days they have till 31 July, the day that asks."""
    found = indicator_pace(
        indicator(IndicatorKind.ZERO, 0),
        [report(6, 4, 10), report(7, 3, 0)],
        CURVES[0],
        begun=BEGUN,
        due=DUE,
        day=date(2026, 7, 31),
        tolerance=10,
        limit=limit,
    )
    assert (found.pace, found.actual) == (pace, overdue)


def test_a_member_told_in_two_months_grows_a_set_once() -> None:
    once = replace(report(5, 2), members=("甲", "乙"))
    again = replace(report(6, 2), members=("乙", "丙"))
    found = indicator_pace(
        indicator(IndicatorKind.SET, 6),
        [once, again],
        CURVES[0],
        begun=BEGUN,
        due=DUE,
        day=date(2026, 6, 30),
        tolerance=10,
    )
    assert found.actual == 3


@given(
    st.sampled_from(CURVES),
    st.integers(-30, 400),
    st.integers(1, 5_000),
    st.lists(st.integers(0, 900), max_size=4),
    st.sampled_from([0, 5]),
)
def test_a_pace_is_that_of_exact_fractions(
    curve: PlanCurve, after: int, target: int, values: list[int], leeway: int
) -> None:
    """The integers of a growing indicator are compared as its fractions are."""
    day = BEGUN + timedelta(days=after)
    reports = [report(1, value) for value in values] if day.year == 2026 else []
    stood = indicator_pace(
        indicator(IndicatorKind.FLOW, target), reports, curve,
        begun=BEGUN, due=DUE, day=day, tolerance=0, leeway=leeway,
    )  # fmt: skip
    part = planned(curve, BEGUN, DUE, day)
    assert stood.expected == int(target * part)
    if reports:
        goal = max(100, target * (100 - leeway))
        reached = Fraction(min(100 * sum(values), goal), goal)
        days = (BEGUN - timedelta(days=1) - day).days
        if reached:
            span = (BEGUN + timedelta(days=k) for k in range(365))
            days = (
                next(d for d in span if planned(curve, BEGUN, DUE, d) >= reached) - day
            ).days
        assert stood.days == (max(0, days) if reached >= part else days)


def test_the_pace_of_a_straight_plan_makes_no_fraction(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A sheet of 10,000 indicators would make 60,000 of them."""
    made: list[int] = []
    monkeypatch.setattr(pacing, "Fraction", made.append)
    stands(IndicatorKind.FLOW, report(1, 10), report(2, 20), day=date(2026, 3, 31))
    assert made == []
