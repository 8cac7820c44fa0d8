"""The values of a month's progress page: each unit's tasks beside their plan (C4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from huimin_flow.catalogue.terms import IndicatorKind, Pace
from huimin_flow.model.core.values import value
from huimin_flow.model.executing.plans import SheetLine

#: Kinds whose figures grow toward a target, and so can be drawn as a bar.
_GROWING = {IndicatorKind.FLOW, IndicatorKind.SET}


@value
class PaceLine:
    """A line of the page; ``done`` and ``plan`` are percent of the target, 0–100.

    They are None where the figure doesn't grow toward its target.
    """

    item: str
    title: str
    indicator: str
    target: str
    expected: str
    actual: str
    pace: str
    stands: str
    done: int | None
    plan: int | None
    note: str


@value
class PaceGroup:
    """A unit's lines, those behind first."""

    unit: str
    counts: tuple[tuple[str, str, int], ...]
    lines: tuple[PaceLine, ...]


def pace_groups(
    lines: Sequence[SheetLine], names: Mapping[str, str]
) -> tuple[PaceGroup, ...]:
    """Return the month's lines by accountable unit, farthest behind first."""
    by_unit: dict[str, list[SheetLine]] = {}
    for line in lines:
        by_unit.setdefault(line.owner, []).append(line)
    return tuple(
        PaceGroup(
            unit=names.get(unit, unit),
            counts=_counts(mine),
            lines=tuple(_line(one) for one in sorted(mine, key=_urgency)),
        )
        for unit, mine in sorted(by_unit.items())
    )


def _counts(lines: Sequence[SheetLine]) -> tuple[tuple[str, str, int], ...]:
    found = Counter(one.pace for one in lines)
    return tuple((one.value, one.label, found[one]) for one in Pace if found[one])


def _urgency(line: SheetLine) -> tuple[bool, int, str, str]:
    waits = line.pace not in {Pace.BEHIND, Pace.UNKNOWN}
    return waits, line.days, line.item, line.indicator


def _line(line: SheetLine) -> PaceLine:
    grows = line.kind in _GROWING and line.target > 0
    return PaceLine(
        item=line.item,
        title=line.item_title,
        indicator=line.indicator,
        target=f"{line.target:,} {line.measure}",
        expected=f"{line.expected:,}",
        actual="未报" if line.actual is None else f"{line.actual:,}",
        pace=line.pace.value,
        stands=line.stands,
        done=_percent(line.actual or 0, line.target) if grows else None,
        plan=_percent(line.expected, line.target) if grows else None,
        note="" if line.told is None else line.told.note,
    )


def _percent(part: int, whole: int) -> int:
    return min(100, 100 * part // whole)
