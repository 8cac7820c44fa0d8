"""A forecast has an author, and is held against what was measured (N3)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from huimin_flow.audit.verify import verify
from huimin_flow.catalogue.terms import Standing, State
from huimin_flow.flow.core.door import door_of
from huimin_flow.model.items import Effectiveness
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules.improving import forecasting
from huimin_flow.testing import Desk

Z = Decimal("1.96")


@pytest.mark.parametrize(
    ("satisfaction", "standing"),
    [
        (70, Standing.OVER),
        (71, Standing.WITHIN),
        (80, Standing.WITHIN),
        (81, Standing.UNDER),
    ],
)
def test_the_interval_decides_what_was_over_promised(
    file_desk: Desk, satisfaction: int, standing: Standing
) -> None:
    item = replace(
        file_desk.collect(),
        expected_effectiveness=Effectiveness(value=88, low=85, high=90),
        forecast_by="office-1",
        forecast_unit="OFFICE",
        fulfilment="99.98",
        satisfaction=f"{satisfaction}.00",
        evaluation_passed=True,
    )
    rule = file_desk.flow.rulebook.active().improving.forecasts
    case = forecasting.case_of(item, rule)
    assert case is not None
    assert case.measured == f"{(Decimal('99.98') + satisfaction) / 2:.2f}"
    assert case.standing is standing
    unknown = forecasting.case_of(replace(item, satisfaction=None), rule)
    assert unknown is not None
    assert (unknown.measured, unknown.standing) == (None, None)
    assert forecasting.case_of(replace(item, evaluation_passed=None), rule) is None


def test_few_cases_have_counts_and_no_shares(desk: Desk) -> None:
    item = desk.bring(State.EVALUATED)
    assert (item.forecast_by, item.forecast_unit) == (desk.office.id, "OFFICE")
    [case] = desk.flow.forecasts.cases(unit="OFFICE", year=2023)
    assert (case.author, case.lead, case.low, case.high) == (
        desk.office.id, item.unit, 80, 90,
    )  # fmt: skip
    assert case.standing is Standing.UNDER
    [unit] = desk.flow.forecasts.calibration()
    assert (unit.measured, unit.over, unit.under) == (1, 0, 1)
    assert (unit.rates, unit.cases) == ((), (item.number,))
    assert desk.flow.forecasts.calibration(year=2022) == ()
    assert desk.flow.forecasts.cases(standing=Standing.OVER) == ()
    assert door_of(desk.flow).read(verify).findings == ()


def test_enough_cases_have_shares_with_intervals(
    book: Rulebook, file_desk: Desk
) -> None:
    rule = book.improving.forecasts
    item = replace(
        file_desk.collect(),
        expected_effectiveness=Effectiveness(value=88, low=85, high=90),
        forecast_by="office-1",
        forecast_unit="OFFICE",
        fulfilment="100.00",
        evaluation_passed=True,
    )
    made = [
        forecasting.case_of(
            replace(item, satisfaction="60.00" if n < 5 else "75.00"), rule
        )
        for n in range(20)
    ]
    cases = [case for case in made if case is not None]
    [unit] = forecasting.by_unit(cases, rule, Z)
    assert (unit.measured, unit.over, unit.within) == (20, 5, 15)
    assert unit.rates == ("11.19–46.87", "53.13–88.81", "0.00–16.11")
    assert unit.cases == ()
    [fewer] = forecasting.by_unit(cases[1:], rule, Z)
    assert fewer.rates == ()
    assert len(fewer.cases) == 19
