"""The figures of config/scoring.yaml: index, colors, rankings, plan curves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from typing import Annotated

from huimin_flow.catalogue.terms import (
    Bound,
    Color,
    Coloring,
    CurveKind,
    Direction,
    Missing,
    Normalization,
    UnitKind,
)
from huimin_flow.model.core.rules import Bounds, Count, Figure, Percent
from huimin_flow.model.core.values import value


@value
class Amount:
    """A decimal number that the bureau may change; ``source`` is a clause or "ours"."""

    value: Decimal
    source: str


FromZero = Annotated[Amount, Bounds(0, 10**9)]
#: Points of a sub-score or of the index.
Points = Annotated[Amount, Bounds(0, 100)]


@value
class Normalizing:
    """How a figure becomes a sub-score.

    CURVE: ``full`` points at ``target`` or better, ``slope`` points less for each
    unit below it, at least ``floor``. PEERS: ``par`` points at the median of the
    ``count`` peers nearest in size, ``slope`` points for each percent above or
    below it. PERCENTILE: the share of peers that are not better.
    """

    kind: Normalization
    target: FromZero | None = None
    slope: FromZero | None = None
    full: Points | None = None
    floor: Points | None = None
    par: Points | None = None
    count: Annotated[Figure, Bounds(1, 1000)] | None = None


@value
class IndexIndicator:
    """A row of the open table of indicators (D5).

    ``measure`` is the term of ``Measure`` that is counted; if empty, ``key`` is it.
    The figure is numerator ÷ denominator times ``scale``, or the numerator alone
    if ``scale`` is None. ``least_n`` is the smallest denominator with a figure.
    ``weight`` is percent; the weights of all rows sum to 100.
    """

    key: str
    name: str
    unit: str
    source: str
    direction: Direction
    bound: Bound
    weight: Figure
    missing: Missing
    least_n: Annotated[Figure, Bounds(0, 10**9)]
    normalizing: Normalizing
    scale: Count | None = None
    measure: str = ""

    @property
    def counted(self) -> str:
        """Return the term of what is counted."""
        return self.measure or self.key


@value
class Complaints:
    """The intake channels whose appeals are complaints, by their keys."""

    channels: tuple[str, ...]
    source: str


@value
class Needed:
    """The indicators, by their keys, that a unit of a peer group needs (D5)."""

    indicators: tuple[str, ...]
    source: str


@value
class IndexRule:
    """The contribution index, 贡献度评价指数 (D5); ``z`` is for the Wilson bound.

    Without ``complaints``, every appeal of every channel counts as a complaint.
    ``needed`` is by peer group: a unit that lacks a figure of one of these indicators
    has no index, color or place, and is shown beside the ranking with what it lacks.
    """

    indicators: tuple[IndexIndicator, ...]
    z: Amount
    complaints: Complaints | None = None
    needed: Mapping[UnitKind, Needed] = field(default_factory=dict)

    def needed_by(self, kind: UnitKind | None) -> tuple[str, ...]:
        """Return the keys of the indicators that a peer group needs to be ranked."""
        needed = None if kind is None else self.needed.get(kind)
        keys = () if needed is None else needed.indicators
        return tuple(
            each.key
            for each in self.indicators
            if each.key in keys or each.missing is Missing.INSUFFICIENT
        )


@value
class Band:
    """Index values from ``low`` (inclusive) to ``high`` (exclusive; 100 included)."""

    low: Amount
    high: Amount


@value
class ColorRule:
    """The five colors (D6): ``bands``, or ``shares`` in percent of the units.

    The color changes once the index is ``hysteresis`` points beyond the limit of
    its last color's band; 0 means at once. ``named`` is the number of changed
    indicators that are named when a color changes, largest first.
    """

    by: Coloring
    #: An index must be able to leave its band: the narrowest of five is 20 wide.
    hysteresis: Annotated[Amount, Bounds(0, 20)]
    bands: Mapping[Color, Band]
    shares: Mapping[Color, Percent]
    named: Count


@value
class RankingRule:
    """The quarterly ranking (D7): how many months with an index a unit needs."""

    least_months: Annotated[Figure, Bounds(1, 3)]


@value
class SensitivityRule:
    """By how many percent each weight is raised and lowered, one at a time.

    ``sets`` is the largest number of weight sets that are tried.
    """

    #: Weights that move by more than half are other weights.
    percent: Annotated[Figure, Bounds(0, 50)]
    #: 3 ** 8: with more sets, a job's transaction stays open too long.
    sets: Annotated[Figure, Bounds(1, 6561)]


@value
class PlanCurve:
    """How a plan is spread over the year (C4): ``shares`` are percent by month.

    LINEAR needs none; STEPPED and SEASONAL have twelve, January first, that sum to
    100. For a plan of some months, the shares of these months are the whole.
    """

    kind: CurveKind
    source: str
    shares: tuple[int, ...] = ()


@value
class ProgressRule:
    """Plan curves by name; ``usual`` is for tasks that name none."""

    curves: Mapping[str, PlanCurve]
    usual: str
    tolerance_days: Annotated[Figure, Bounds(0, 366)]


@value
class Scoring:
    """All figures of ``config/scoring.yaml``."""

    index: IndexRule
    colors: ColorRule
    ranking: RankingRule
    sensitivity: SensitivityRule
    progress: ProgressRule
