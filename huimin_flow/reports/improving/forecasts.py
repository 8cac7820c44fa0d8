"""Forecasts beside what was measured: the lists of units and of cases (N3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from huimin_flow.catalogue.language import say
from huimin_flow.reports.core.lists import Listing, Ref, Row, Sight

if TYPE_CHECKING:
    from huimin_flow.model.improving.advice import ForecastCase, UnitForecasts


def _unit(sight: Sight, unit: UnitForecasts) -> Row:
    """Return a unit's counts and, with enough cases, the intervals of its shares."""
    rates = unit.rates or ("", "", "")
    return (
        sight.unit(unit.unit),
        unit.measured,
        *(
            f"{count} ({rate}%)" if rate else str(count)
            for count, rate in zip(
                (unit.over, unit.within, unit.under), rates, strict=True
            )
        ),
        unit.unmeasured,
        tuple(Ref(number, f"item-{number}.html") for number in unit.cases),
    )


def _case(sight: Sight, case: ForecastCase) -> Row:
    """Return a forecast with its author, beside what was measured."""
    return (
        Ref(case.item, f"item-{case.item}.html"),
        case.title,
        sight.unit(case.lead),
        sight.unit(case.unit),
        case.author,
        case.expected,
        f"{case.low}–{case.high}",
        case.measured or "—",
        say("不能测算") if case.standing is None else case.standing.spoken,
    )


#: The list of units.
CALIBRATION: Final = Listing(
    name="calibration",
    title="效度校准",
    question="forecasts.calibration",
    head=("预估单位", "已测算", "高估", "在区间内", "低估", "不能测算", "各件"),
    empty="还没有评价过的预估",
    count="",
    row=_unit,
    labels={"unit": "预估单位"},
)

#: The list of single cases.
CASES: Final = Listing(
    name="forecasts",
    title="预估与实际",
    question="forecasts.cases",
    head=(
        "事项", "标题", "牵头单位", "预估单位", "预估人", "预估效度", "区间",
        "实际效度", "比较",
    ),
    empty="还没有评价过的预估",
    count="",
    row=_case,
    labels={"unit": "预估单位", "standing": "比较"},
)  # fmt: skip
