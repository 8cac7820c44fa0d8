"""The figures of config/scoring.yaml: index, colors, rankings, plan curves."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from huimin_flow.catalogue.terms import (
    Bound,
    Color,
    Coloring,
    CurveKind,
    Direction,
    Missing,
    Normalization,
    Unreported,
)
from huimin_flow.model.core.rules import Figure
from huimin_flow.model.core.values import value


@value
class Amount:
    """A decimal number the bureau may change; ``source`` is a clause or "ours"."""

    value: Decimal
    source: str


@value
class Normalizing:
    """How a figure becomes a sub-score.

    CURVE: ``full`` at ``target`` or better, ``slope`` points less for each unit
    short of it, never below ``floor``. PEERS: ``par`` at the median of the
    ``count`` peers nearest in size, ``slope`` points for each percent above or
    below it. PERCENTILE: the share of peers that are not better.
    """

    kind: Normalization
    target: Amount | None = None
    slope: Amount | None = None
    full: Amount | None = None
    floor: Amount | None = None
    par: Amount | None = None
    count: Figure | None = None


@value
class IndexIndicator:
    """A row of the open table of indicators (D5).

    ``measure`` is a word of ``Measure`` for what is counted, without it ``key`` is.
    The figure is numerator ÷ denominator times ``scale``, or the numerator alone
    where ``scale`` is None. ``least_n`` is the smallest denominator that says
    anything. ``weight`` is percent; all sum to 100.
    """

    key: str
    name: str
    unit: str
    source: str
    direction: Direction
    bound: Bound
    weight: Figure
    missing: Missing
    least_n: Figure
    normalizing: Normalizing
    scale: Figure | None = None
    measure: str = ""

    @property
    def counted(self) -> str:
        """Return the word of what is counted."""
        return self.measure or self.key


@value
class Complaints:
    """The intake channels whose appeals are complaints, by their keys."""

    channels: tuple[str, ...]
    source: str


@value
class IndexRule:
    """The contribution index, 贡献度评价指数 (D5); ``z`` is of the Wilson bound.

    Without ``complaints``, every appeal of every channel is one.
    """

    indicators: tuple[IndexIndicator, ...]
    z: Amount
    complaints: Complaints | None = None


@value
class Band:
    """Index values from ``low`` (inclusive) to ``high`` (exclusive; 100 included)."""

    low: Amount
    high: Amount


@value
class ColorRule:
    """The five colors (D6): ``bands``, or ``shares`` in percent of the units.

    ``hysteresis`` is how far, in points, an index must pass the edge of its
    last color's band before the color changes; 0 means at once. ``named`` is how
    many of the moved indicators are named when a color changes, largest first.
    """

    by: Coloring
    hysteresis: Amount
    bands: Mapping[Color, Band]
    shares: Mapping[Color, Figure]
    named: Figure


@value
class RankingRule:
    """The quarterly ranking (D7): months that a unit must have an index for."""

    least_months: Figure


@value
class SensitivityRule:
    """By how many percent each weight is moved up and down, each on its own.

    ``sets`` is how many sets of moved weights are tried at most.
    """

    percent: Figure
    sets: Figure


@value
class PlanCurve:
    """How a plan spreads (C4): ``shares`` are percent by month, January first.

    LINEAR needs none; STEPPED and SEASONAL have twelve that sum to 100. A plan of
    a part of the year has the shares of its months as its whole.
    """

    kind: CurveKind
    source: str
    shares: tuple[int, ...] = ()


@value
class Silence:
    """What a month without a report is; ``source`` is a clause or "ours"."""

    value: Unreported
    source: str


@value
class ProgressRule:
    """Plan curves by their name, the one that counts where a task names none."""

    curves: Mapping[str, PlanCurve]
    usual: str
    tolerance_days: Figure
    unreported: Silence


@value
class Scoring:
    """All figures of ``config/scoring.yaml``."""

    index: IndexRule
    colors: ColorRule
    ranking: RankingRule
    sensitivity: SensitivityRule
    progress: ProgressRule
