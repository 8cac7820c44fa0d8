"""How forecasts compare with what was measured: over, within or under (N3)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from huimin_flow.catalogue.terms import Standing
from huimin_flow.model.improving.advice import ForecastCase, UnitForecasts
from huimin_flow.model.improving.rules import ForecastRule
from huimin_flow.model.items import Item
from huimin_flow.rules.core.formula import hundredths, leaf, made, two_places


def case_of(item: Item, rule: ForecastRule) -> ForecastCase | None:
    """Return an evaluated item's forecast beside what was measured, or None.

    The measured effectiveness is the weighted mean of fulfilment and satisfaction;
    without one of them it is not known. It is over-promised below the interval of the
    forecast, and under-promised above it.
    """
    expected = item.expected_effectiveness
    if expected is None or item.evaluation_passed is None:
        return None
    measured, standing = None, None
    if item.fulfilment is not None and item.satisfaction is not None:
        weight = rule.fulfilment_weight.value
        reached = int(Decimal(item.fulfilment) * 100)
        satisfied = int(Decimal(item.satisfaction) * 100)
        total = weight * reached + (100 - weight) * satisfied
        measured, standing = total // 100, Standing.WITHIN
        if measured < 100 * expected.low:
            standing = Standing.OVER
        elif measured > 100 * expected.high:
            standing = Standing.UNDER
    return ForecastCase(
        item=item.number,
        title=item.title,
        lead=item.unit,
        unit=item.forecast_unit,
        author=item.forecast_by,
        expected=expected.value,
        low=expected.low,
        high=expected.high,
        measured=None if measured is None else hundredths(measured),
        standing=standing,
    )


def by_unit(
    cases: Sequence[ForecastCase], rule: ForecastRule, z: Decimal
) -> tuple[UnitForecasts, ...]:
    """Return the forecasts of each author's unit.

    Shares with their Wilson intervals need the least number of cases; below it, only
    the counts and the single cases are told.
    """
    units = []
    ordered = sorted(cases, key=attrgetter("unit", "item"))
    for unit, group in groupby(ordered, key=attrgetter("unit")):
        known = list(group)
        counts = {
            standing: sum(each.standing is standing for each in known)
            for standing in Standing
        }
        whole = sum(counts.values())
        enough = whole >= rule.least_cases.value
        units.append(
            UnitForecasts(
                unit=unit,
                measured=whole,
                over=counts[Standing.OVER],
                within=counts[Standing.WITHIN],
                under=counts[Standing.UNDER],
                unmeasured=len(known) - whole,
                rates=tuple(_interval(n, whole, z) for n in counts.values())
                if enough
                else (),
                cases=() if enough else tuple(each.item for each in known),
            )
        )
    return tuple(units)


def _interval(part: int, whole: int, z: Decimal) -> str:
    """Return a share's Wilson interval in percent, as text."""
    figures = (leaf("n", part, ""), leaf("of", whole, ""), leaf("z", z, ""))
    ends = (made(op, op, *figures) for op in ("wilson_low", "wilson_high"))
    return "–".join(map(two_places, ends))
