"""Questions on forecasts of effectiveness and what was measured (N3)."""

from __future__ import annotations

from huimin_flow.catalogue.terms import Standing, State
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.reads import known_unit
from huimin_flow.flow.core.work import Work
from huimin_flow.model.improving.advice import ForecastCase, UnitForecasts
from huimin_flow.model.items import ItemFilter, ItemTraits
from huimin_flow.rules.improving import forecasting
from huimin_flow.store import listings

#: The states of items that may have been evaluated.
_EVALUATED = (State.EVALUATED, State.ADJUSTED, State.CLOSED)


@question
def cases(
    work: Work,
    *,
    unit: str | None = None,
    year: int | None = None,
    standing: Standing | None = None,
) -> tuple[ForecastCase, ...]:
    """Return the forecasts of evaluated items, each beside what was measured.

    ``unit`` is that of the author, ``year`` that of the item's number.

    Raises:
        InputRefused: for a unit that never was.

    """
    known_unit(work, unit)
    wanted = ItemFilter(states=_EVALUATED, traits=ItemTraits(year=year))
    rule = work.rulebook.improving.forecasts
    found = (
        forecasting.case_of(item, rule)
        for item in listings.items(work.connection, wanted)
    )
    return tuple(
        case
        for case in found
        if case is not None
        and unit in {None, case.unit}
        and standing in {None, case.standing}
    )


@question
def calibration(
    work: Work, *, unit: str | None = None, year: int | None = None
) -> tuple[UnitForecasts, ...]:
    """Return how the forecasts of each author's unit compare with what was measured.

    Below the least number of cases there are no shares, only counts and the cases.

    Raises:
        InputRefused: for a unit that never was.

    """
    book = work.rulebook
    known, z = cases(work, unit=unit, year=year), book.scoring.index.z.value
    return forecasting.by_unit(known, book.improving.forecasts, z)
