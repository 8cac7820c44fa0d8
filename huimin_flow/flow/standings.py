"""Standings: the month's five colors and the quarter's places (D6, D7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from huimin_flow.errors import InputRefused, NotFound
from huimin_flow.flow.scoring import (
    GROUPS,
    keep_published,
    month_if_any,
    monthly_score,
)
from huimin_flow.flow.work import Work
from huimin_flow.model.actor import Actor
from huimin_flow.model.monthly import (
    MonthlyColors,
    MonthlyScore,
    QuarterlyRanking,
    UnitScore,
)
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.score import Ranked, Score
from huimin_flow.model.text import required
from huimin_flow.rules import coloring, ranking
from huimin_flow.store import repository
from huimin_flow.store.ratings import month, month_bounds
from huimin_flow.terms import Color, UnitKind


def color_month(work: Work, period: str, book: Rulebook, *, by: Actor) -> MonthlyColors:
    """Color the units of a scored month, beside the month before (D6)."""
    colors = _colored(work, period, book)
    keep_published(work, colors, "color", by, book)
    return colors


def _colored(work: Work, period: str, book: Rulebook) -> MonthlyColors:
    scores = monthly_score(work, period)
    before = repository.find_record(
        work.connection, MonthlyColors, f"colors/{month_before(period)}"
    )
    groups = {
        kind: coloring.color(
            {one.unit: one.index for one in units},
            _before(before, kind),
            book.scoring.colors,
        )
        for kind, units in scores.groups.items()
    }
    return MonthlyColors(key=f"colors/{period}", period=period, groups=groups)


def rank_quarter(
    work: Work, period: str, book: Rulebook, *, by: Actor
) -> QuarterlyRanking:
    """Rank a quarter's units within their groups, from its published months (D7)."""
    found = _placed(work, period, book)
    keep_published(work, found, "rank", by, book)
    return found


def _placed(work: Work, period: str, book: Rulebook | None = None) -> QuarterlyRanking:
    months = months_of(period)
    scored = [month_if_any(work, one) for one in months]
    chosen = book or _book_of(work, scored)
    return QuarterlyRanking(
        key=f"ranking/{period}",
        period=period,
        months=months,
        groups={kind: _ranked(scored, kind, chosen) for kind in GROUPS},
    )


def _book_of(work: Work, scored: list[MonthlyScore | None]) -> Rulebook:
    """Return the rulebook by which the quarter's last month was scored."""
    last = next((one for one in reversed(scored) if one is not None), None)
    return work.rulebook if last is None else work.rulebook_of(last.rulebook)


def monthly_colors(work: Work, period: str) -> MonthlyColors:
    """Return a month's colors.

    Raises:
        NotFound: if the month was never colored.

    """
    key = f"colors/{month(period)}"
    found = repository.find_record(work.connection, MonthlyColors, key)
    if found is None:
        raise NotFound(f"{period}尚无五色图", remedy="五色图随月度计分产生")
    return found


def quarterly_ranking(work: Work, period: str) -> QuarterlyRanking:
    """Return a quarter's ranking.

    Raises:
        NotFound: if the quarter was never ranked.

    """
    months_of(period)
    key = f"ranking/{period}"
    found = repository.find_record(work.connection, QuarterlyRanking, key)
    if found is None:
        raise NotFound(f"{period}尚无榜单", remedy="榜单在季后产生")
    return found


def months_of(period: str) -> tuple[str, ...]:
    """Return the months of a quarter.

    >>> months_of("2026Q4")
    ('2026-10', '2026-11', '2026-12')

    Raises:
        InputRefused: if it names no quarter.

    """
    year, mark, number = period.partition("Q")
    if not (mark and number in {"1", "2", "3", "4"} and len(year) == 4):
        raise InputRefused(f"“{period[:40]}”不是季度", remedy="请写成 2026Q4 的样子")
    month(f"{year}-01")
    first = 3 * int(number) - 2
    return tuple(f"{year}-{first + k:02d}" for k in range(3))


def month_before(period: str) -> str:
    """Return the month before a month.

    >>> month_before("2026-01")
    '2025-12'

    """
    first, _ = month_bounds(period)
    return (first - timedelta(days=1)).strftime("%Y-%m")


def correct_standings(
    work: Work, key: str, reason: str, *, by: Actor, second: Actor
) -> MonthlyColors | QuarterlyRanking:
    """Publish colors or a ranking anew from the scores as they stand, by two people.

    Raises:
        NotFound: if nothing was published under the key.
        StepRefused: unless two people with the duty stand behind it.

    """
    work.two_people(by, second, "confirm")
    kind, _, period = key.partition("/")
    note = required(reason, "更正理由", longest=500)
    old: MonthlyColors | QuarterlyRanking
    if kind == "colors":
        old = monthly_colors(work, period)
        book = work.rulebook_of(monthly_score(work, period).rulebook)
        new: MonthlyColors | QuarterlyRanking = _colored(work, period, book)
    else:
        old = quarterly_ranking(work, period)
        book = work.rulebook
        new = _placed(work, period)
    new = replace(new, version=old.version + 1, note=note)
    keep_published(work, new, "correct", by, book)
    return new


def _before(
    colors: MonthlyColors | None, kind: UnitKind
) -> dict[str, tuple[Color, str]]:
    """Return last month's color and index of each unit that had them."""
    if colors is None:
        return {}
    return {
        one.unit: (one.color, one.index)
        for one in colors.groups.get(kind, ())
        if one.color is not None and one.index is not None
    }


def _ranked(
    months: list[MonthlyScore | None], kind: UnitKind, book: Rulebook
) -> tuple[Ranked, ...]:
    by_month = [
        {one.unit: one.index for one in scores.groups.get(kind, ())} if scores else {}
        for scores in months
    ]
    units = sorted({unit for by_unit in by_month for unit in by_unit})
    values = {
        unit: ranking.quarter_value(
            [by_unit.get(unit) for by_unit in by_month], book.scoring.ranking
        )
        for unit in units
    }
    scores = [
        tuple(_score_of(unit, one.period) for unit in one.groups.get(kind, ()))
        for one in months
        if one is not None
    ]
    return _told(ranking.ranked(values), scores, book)


def _score_of(published: UnitScore, period: str) -> Score:
    return Score(
        unit=published.unit,
        period=period,
        standing=published.standing,
        index=published.index,
        parts=tuple(sorted(published.parts.items())),
        missing=published.missing,
    )


def _told(
    places: tuple[Ranked, ...], scores: list[tuple[Score, ...]], book: Rulebook
) -> tuple[Ranked, ...]:
    """Add how steady each place is, and why the first and the last are there."""
    rules = book.scoring
    moved = ranking.steadiness(scores, rules.index, rules.ranking, rules.sensitivity)
    worst = max((one.place for one in places if one.place is not None), default=0)
    told = []
    for one in places:
        steady = moved.get(one.unit)
        new = one
        if steady is not None and one.place is not None:
            new = replace(one, low=steady.low, high=steady.high, steady=steady.kept)
        if one.place in {1, worst} and worst > 1 and one.unit in moved:
            reason = ranking.apart(scores, one.unit, first=one.place == 1)
            new = replace(new, reasons=() if reason is None else (reason,))
        told.append(new)
    return tuple(told)
