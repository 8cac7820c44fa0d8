"""The values of a month's progress page: each unit's tasks and their plan (C4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from huimin_flow.catalogue.terms import IndicatorKind, Pace
from huimin_flow.model.core.values import value
from huimin_flow.model.executing.plans import SheetLine
from huimin_flow.reports.executing.feeds import entered

#: Kinds whose figures grow toward a target, so that a bar can show them.
_GROWING = {IndicatorKind.FLOW, IndicatorKind.SET}


@value
class PaceGroup:
    """A unit's lines, late lines first, each with its bar and how it was entered.

    A bar is the done and the planned part in percent of the target, 0–100; None if
    the figure doesn't grow toward its target. ``counts`` are pace, word, lines.
    """

    code: str
    unit: str
    counts: tuple[tuple[str, str, int], ...]
    lines: tuple[tuple[SheetLine, tuple[int, int] | None, str], ...]


def pace_groups(
    lines: Sequence[SheetLine], names: Mapping[str, str]
) -> tuple[PaceGroup, ...]:
    """Return the month's lines by responsible unit, the latest lines first.

    Units with a late line come before the others.
    """
    by_unit: dict[str, list[SheetLine]] = {}
    for line in lines:
        by_unit.setdefault(line.owner, []).append(line)
    groups = []
    for unit, own in sorted(by_unit.items()):
        counts = Counter(line.pace for line in own)
        own.sort(key=lambda line: (line.days, line.item, line.indicator))
        own.sort(key=lambda line: not line.is_late)
        group = PaceGroup(
            code=unit,
            unit=names.get(unit, unit),
            counts=tuple(
                (pace.value, pace.spoken, counts[pace]) for pace in Pace if counts[pace]
            ),
            lines=tuple((line, _bar(line), entered(line)) for line in own),
        )
        groups.append(group)
    return tuple(sorted(groups, key=lambda group: not group.lines[0][0].is_late))


def _bar(line: SheetLine) -> tuple[int, int] | None:
    if line.kind not in _GROWING or line.target <= 0:
        return None
    done, plan = (
        min(100, 100 * part // line.target)
        for part in (line.actual or 0, line.expected)
    )
    return done, plan
