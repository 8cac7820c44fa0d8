"""The follow-up of bad ratings by unit and month: tables of a year's page (D3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from huimin_flow.catalogue.language import say
from huimin_flow.catalogue.terms import RatingLevel
from huimin_flow.model.core.values import value
from huimin_flow.model.services.ratings import Share, UnitFollowUps


@value
class UnitLine:
    """A unit's figures by month, and ``whole``, the figure of all months."""

    unit: str
    cells: tuple[str, ...]
    whole: str


@value
class MonthTable:
    """A figure of all units by month; the last line is the sum of all units."""

    title: str
    note: str
    lines: tuple[UnitLine, ...]


def month_tables(
    months: Mapping[str, Sequence[UnitFollowUps]], units: Mapping[str, str]
) -> tuple[MonthTable, ...]:
    """Return the three figures of bad ratings, each by unit and month."""
    levels = "".join(f"“{level.spoken}”" for level in RatingLevel if level.bad)
    return (
        _table(
            months,
            units,
            say("差评数"),
            say("评为{levels}的,含事后认定不计的", levels=levels),
            lambda lines: f"{sum(line.bad for line in lines):,}",
        ),
        _table(
            months,
            units,
            say("按期答复"),
            say("按期答复的次数/应答复的次数;应答复的是已答复的与已超期的"),
            lambda lines: _share([line.answered_on_time for line in lines]),
        ),
        _table(
            months,
            units,
            say("回访"),
            say("已回访的件数/实名差评的件数;认定不计的两边都不算"),
            lambda lines: _share([line.called_back for line in lines]),
        ),
    )


def _table(
    months: Mapping[str, Sequence[UnitFollowUps]],
    units: Mapping[str, str],
    title: str,
    note: str,
    figure: Callable[[Sequence[UnitFollowUps]], str],
) -> MonthTable:
    columns = list(months.values())
    rows: list[tuple[str, Sequence[Sequence[UnitFollowUps]]]] = [
        (
            units.get(unit, unit),
            [[line for line in month if line.unit == unit] for month in columns],
        )
        for unit in sorted({line.unit for month in columns for line in month})
    ]
    if rows:
        rows.append((say("合计"), columns))
    lines = tuple(
        UnitLine(
            unit=name,
            cells=tuple(figure(month) if month else "" for month in cells),
            whole=figure([line for month in cells for line in month]),
        )
        for name, cells in rows
    )
    return MonthTable(title=title, note=note, lines=lines)


def _share(shares: Sequence[Share]) -> str:
    """Return the sum of shares as part/whole, or a dash if the whole is 0."""
    whole = sum(share.whole for share in shares)
    return f"{sum(share.part for share in shares):,}/{whole:,}" if whole else "—"
