"""Ratings by month: of service items, and the follow-up of bad ones by unit (D3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from huimin_flow.catalogue.language import say, say_clauses, say_pair
from huimin_flow.catalogue.terms import FollowUpState, RatingLevel, StreamKind
from huimin_flow.clock import local_day
from huimin_flow.model.core.values import Share, value
from huimin_flow.model.services.ratings import (
    ServiceCount,
    UnitFollowUps,
)

if TYPE_CHECKING:
    from huimin_flow.flow import Questions


@value
class UnitLine:
    """A unit's or an item's figures by month, and ``whole``, that of all months.

    An item, and the sum of all, has no ``code``.

    Each cell has how deep it is shaded, 0–4: the deeper, the worse.
    """

    code: str
    unit: str
    cells: tuple[tuple[str, int], ...]
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
    most = max((line.bad for month in months.values() for line in month), default=0)
    return (
        _table(
            months,
            units,
            say("差评数"),
            say("评为{levels}的,含事后认定不计的", levels=levels),
            lambda lines: _count([line.bad for line in lines], most),
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


def rated_lines(
    months: Mapping[str, Sequence[ServiceCount]], names: Mapping[str, str]
) -> tuple[UnitLine, ...]:
    """Return each service item's ratings and bad ones by month; the sum comes last."""

    def figure(counts: Sequence[ServiceCount]) -> str:
        ratings = sum(each.ratings for each in counts)
        return f"{ratings:,}/{sum(each.bad for each in counts):,}" if ratings else ""

    columns = list(months.values())
    rows = [
        (
            names.get(item, item),
            [[each for each in month if each.item == item] for month in columns],
        )
        for item in sorted({each.item for month in columns for each in month})
    ]
    if rows:
        rows.append((say("合计"), list(map(list, columns))))
    return tuple(
        UnitLine(
            code="",
            unit=name,
            cells=tuple((figure(month), 0) for month in row),
            whole=figure([each for month in row for each in month]),
        )
        for name, row in rows
    )


def _table(
    months: Mapping[str, Sequence[UnitFollowUps]],
    units: Mapping[str, str],
    title: str,
    note: str,
    figure: Callable[[Sequence[UnitFollowUps]], tuple[str, int]],
) -> MonthTable:
    columns = list(months.values())
    lines = []
    for unit in sorted({line.unit for month in columns for line in month}):
        own = [[line for line in month if line.unit == unit] for month in columns]
        cells = tuple(figure(month) if month else ("", 0) for month in own)
        whole, _ = figure([line for month in own for line in month])
        lines.append(
            UnitLine(code=unit, unit=units.get(unit, unit), cells=cells, whole=whole)
        )
    if lines:
        cells = tuple((figure(month)[0] if month else "", 0) for month in columns)
        whole, _ = figure([line for month in columns for line in month])
        lines.append(UnitLine(code="", unit=say("合计"), cells=cells, whole=whole))
    return MonthTable(title=title, note=note, lines=tuple(lines))


def _count(counts: Sequence[int], most: int) -> tuple[str, int]:
    """Return a sum, and its shade beside the most of any unit and month."""
    return f"{sum(counts):,}", min(4, 4 * sum(counts) // most) if most else 0


def _share(shares: Sequence[Share]) -> tuple[str, int]:
    """Return the sum of shares as part/whole, or a dash if the whole is 0.

    It is shaded by what lacks, up to 4.
    """
    part, whole = (
        sum(getattr(share, of) for share in shares) for of in ("part", "whole")
    )
    if not whole:
        return "—", 0
    return f"{part:,}/{whole:,}", -(-4 * (whole - part) // whole)


def rating_words(now: Questions, transaction: str) -> str:
    """Return a bad rating in words, with what was answered or objected."""
    bads = now.ratings.bad()
    bad = next((b for b in bads if b.rating.transaction == transaction), None)
    if bad is None:
        return transaction
    rating, book = bad.rating, now.rulebook.active()
    services = {item.key: item.name for item in book.services.items}
    parts = [
        f"{transaction} {rating.level.spoken} {services.get(rating.item, rating.item)}",
        book.organization.name_of(rating.unit),
        say("{day}评价", day=local_day(rating.at)),
        bad.state.spoken,
    ]
    if bad.state is not FollowUpState.PENDING:
        events = now.records.events(StreamKind.FOLLOW_UP.key(transaction))
        case = events[-1].event.public["value"]
        written = (("answer", say("答复")), ("grounds", say("申诉理由")))
        parts += [say_pair(label, case[name]) for name, label in written if case[name]]
    return say_clauses(*parts)
