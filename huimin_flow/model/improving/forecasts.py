"""Forecasts of effectiveness, held against what was measured (N3)."""

from __future__ import annotations

from huimin_flow.catalogue.terms import Standing
from huimin_flow.model.core.values import value


@value
class ForecastCase:
    """A forecast of an evaluated item, by its author, and what was measured.

    ``expected``, ``low`` and ``high`` are percent. ``measured`` is decimal text, None
    if the result can't be measured; then it has no ``standing``.
    """

    item: str
    title: str
    lead: str
    unit: str
    author: str
    expected: int
    low: int
    high: int
    measured: str | None = None
    standing: Standing | None = None


@value
class UnitForecasts:
    """A unit's forecasts: how many were measured, and how they compare.

    ``rates`` has the interval of each share in percent, as text; it is empty below the
    least number of cases. ``cases`` are the items then, which stand for themselves.
    """

    unit: str
    measured: int
    over: int
    within: int
    under: int
    unmeasured: int
    rates: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
