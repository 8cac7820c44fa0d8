"""What became of bad ratings, by unit and month: the tables of a year's page (D3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from huimin_flow.catalogue.terms import RatingLevel
from huimin_flow.model.core.values import value
from huimin_flow.model.services.ratings import Share, UnitFollowUps


@value
class UnitLine:
    """A unit's figures of the months of a table, and of all of them together."""

    unit: str
    cells: tuple[str, ...]
    whole: str


@value
class MonthTable:
    """One figure of all units by month; the last line is all of them together."""

    title: str
    note: str
    lines: tuple[UnitLine, ...]


def month_tables(
    months: Mapping[str, Sequence[UnitFollowUps]], units: Mapping[str, str]
) -> tuple[MonthTable, ...]:
    """Return the three figures of bad ratings, each by unit and month."""
    levels = "".join(f"“{one.label}”" for one in RatingLevel if one.bad)
    return (
        _table(months, units, "差评数", f"评为{levels}的,含事后认定不计的", _bad),
        _table(
            months,
            units,
            "按期答复",
            "按期答复的次数/应答复的次数;应答复的是已答复的与已超期的",
            lambda found: _share([one.answered_on_time for one in found]),
        ),
        _table(
            months,
            units,
            "回访",
            "已回访的件数/实名差评的件数;认定不计的两边都不算",
            lambda found: _share([one.called_back for one in found]),
        ),
    )  # fmt: skip


def _table(
    months: Mapping[str, Sequence[UnitFollowUps]],
    units: Mapping[str, str],
    title: str,
    note: str,
    say: Callable[[Sequence[UnitFollowUps]], str],
) -> MonthTable:
    every = list(months.values())
    lines = []
    for unit in sorted({one.unit for found in every for one in found}):
        mine = [[one for one in found if one.unit == unit] for found in every]
        lines.append(_line(units.get(unit, unit), mine, say))
    if lines:
        lines.append(_line("合计", every, say))
    return MonthTable(title=title, note=note, lines=tuple(lines))


def _line(
    unit: str,
    months: Sequence[Sequence[UnitFollowUps]],
    say: Callable[[Sequence[UnitFollowUps]], str],
) -> UnitLine:
    whole = [one for found in months for one in found]
    return UnitLine(
        unit=unit,
        cells=tuple(say(found) if found else "" for found in months),
        whole=say(whole),
    )


def _bad(found: Sequence[UnitFollowUps]) -> str:
    return f"{sum(one.bad for one in found):,}"


def _share(found: Iterable[Share]) -> str:
    """Return shares together as part/whole, or a dash where there is no whole."""
    shares = list(found)
    whole = sum(one.whole for one in shares)
    return f"{sum(one.part for one in shares):,}/{whole:,}" if whole else "—"
