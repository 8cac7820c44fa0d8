"""Advice on a measure while it runs, 动态调整建议, and what it has to mend (B9)."""

from __future__ import annotations

from datetime import date

from huimin_flow.catalogue.terms import AdviceState, Recommendation, Standing
from huimin_flow.model.core.events import Verdict
from huimin_flow.model.core.values import value


@value
class Mending:
    """What is to be mended, by which unit, until which day."""

    what: str
    unit: str
    until: date


@value
class Advice:
    """Advice on a running item, its decision, and its mending.

    ``verdict`` has the computed grounds; ``grounds`` are what the adviser added.
    ``reason`` is that of the decision. ``files`` are digests of the item's files.
    ``finding`` is said of what was reported as mended.
    """

    key: str
    item: str
    unit: str
    state: AdviceState
    recommendation: Recommendation
    verdict: Verdict
    advised_on: date
    grounds: str = ""
    advised_by: str = ""
    reason: str = ""
    decided_by: str = ""
    mending: Mending | None = None
    done: str = ""
    files: tuple[str, ...] = ()
    reported_by: str = ""
    finding: str = ""
    verified_by: str = ""
    version: int = 1


@value
class Grounds:
    """The facts on a running measure on a ``day``, since its tasks began.

    ``on_plan`` of the ``indicators`` are on time or ahead; after the execution, those
    that met their target. ``satisfied`` of the ``ratings`` of its unit's services are
    not bad; what was set aside doesn't count. ``complaints`` are its appeals of these
    days by channels of complaints, from so many ``complainants``.
    """

    since: date
    day: date
    indicators: int = 0
    on_plan: int = 0
    ratings: int = 0
    satisfied: int = 0
    complaints: int = 0
    complainants: int = 0


@value
class Interim:
    """How a measure does, as its successor inherits it (B9).

    ``source`` is the key of the adopted advice, or the stream of the item if that was
    evaluated. Both figures are hundredths of a percent, None if they are not known.
    """

    parent: str
    source: str
    progress: int | None = None
    satisfaction: int | None = None
    recommendation: Recommendation | None = None


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
