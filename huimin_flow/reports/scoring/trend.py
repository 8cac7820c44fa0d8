"""A year of a unit's indices as a small drawing: lines, dots and gaps (D6)."""

from __future__ import annotations

from collections.abc import Mapping

from huimin_flow.catalogue.terms import UnitKind
from huimin_flow.model.core.periods import month_before
from huimin_flow.model.core.values import value
from huimin_flow.model.scoring.published import MonthlyScore

#: How many months the trend shows.
TREND = 12

_WIDTH, _HEIGHT = 96, 22
#: Room for a whole dot at both ends.
_MARGIN = 2


@value
class Trend:
    """Indices by month, oldest first, and their drawing.

    ``lines`` are the points of polylines over consecutive months, ``dots`` the x and y
    of months whose neighbors have no index. A month without an index is a gap.
    """

    values: Mapping[str, str | None]
    lines: tuple[str, ...]
    dots: tuple[tuple[str, str], ...]


def months_till(period: str) -> tuple[str, ...]:
    """Return the months that a trend up to ``period`` shows, oldest first.

    >>> months_till("2023-02")[0], len(months_till("2023-02"))
    ('2022-03', 12)

    """
    months = [period]
    while len(months) < TREND:
        months.insert(0, month_before(months[0]))
    return tuple(months)


def trends(past: Mapping[str, MonthlyScore | None], kind: UnitKind) -> dict[str, Trend]:
    """Return the trend of each unit of a group; a month without scores is a gap."""
    indices = {
        month: {}
        if scores is None
        else {score.unit: score.index for score in scores.groups.get(kind, ())}
        for month, scores in past.items()
    }
    units = sorted({unit for by_unit in indices.values() for unit in by_unit})
    return {
        unit: trend({month: by_unit.get(unit) for month, by_unit in indices.items()})
        for unit in units
    }


def trend(values: Mapping[str, str | None]) -> Trend:
    """Return a trend in a box of 96 by 22 points: the top is 100, the bottom 0.

    >>> drawn = trend({"2023-01": "50.00", "2023-02": None, "2023-03": "100.00"})
    >>> drawn.lines, drawn.dots
    ((), (('2.0', '11.0'), ('94.0', '2.0')))

    """
    step = (_WIDTH - 2 * _MARGIN) / max(1, len(values) - 1)
    height = _HEIGHT - 2 * _MARGIN
    runs: list[list[tuple[str, str]]] = [[]]
    for k, index in enumerate(values.values()):
        if index is None:
            runs.append([])
        else:
            y = _MARGIN + (100 - float(index)) / 100 * height
            runs[-1].append((f"{_MARGIN + k * step:.1f}", f"{y:.1f}"))
    return Trend(
        values=values,
        lines=tuple(
            " ".join(f"{x},{y}" for x, y in run) for run in runs if len(run) > 1
        ),
        dots=tuple(run[0] for run in runs if len(run) == 1),
    )
