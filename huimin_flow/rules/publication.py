"""What is published of a month and a quarter, from what was counted (D5–D7).

Pure: the engine publishes by it, and an auditor asks it again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from huimin_flow.model.monthly import (
    MonthlyColors,
    MonthlyScore,
    QuarterlyRanking,
    UnitScore,
)
from huimin_flow.model.organization import Unit
from huimin_flow.model.period import last_day, months_of
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.score import Ranked, Reading, Score
from huimin_flow.rules import ranking
from huimin_flow.rules.catalog import COLORING, CONTRIBUTION, Revisions, newest
from huimin_flow.rules.former import ranking_1
from huimin_flow.terms import Color, UnitKind

#: Who is compared with whom, and never with others (D5).
GROUPS: Final = (
    UnitKind.DISTRICT, UnitKind.ZONE, UnitKind.DIVISION, UnitKind.AGENCY,
)  # fmt: skip

#: By indicator, by unit: what was counted.
Readings = Mapping[str, Mapping[str, Reading]]


def month_scored(
    period: str,
    cut: int,
    readings: Readings,
    book: Rulebook,
    revisions: Mapping[str, int],
) -> MonthlyScore:
    """Return a month's scores; units that ended within it are named, not scored.

    ``revisions`` are those by which the readings were counted, and of the index.
    """
    last = last_day(period)
    there = book.organization.units_on(last)
    groups = {
        kind: _group(
            [one for one in there if one.kind is kind and one.ranked],
            readings,
            period,
            book,
            revisions,
        )
        for kind in GROUPS
    }
    begun = {one.code for one in book.organization.units_on(last.replace(day=1))}
    return MonthlyScore(
        key=f"score/{period}",
        period=period,
        cut=cut,
        rulebook=book.digest,
        groups=groups,
        ended=tuple(sorted(begun - {one.code for one in there})),
        revisions=revisions,
    )


def month_colored(
    scores: MonthlyScore,
    before: MonthlyColors | None,
    book: Rulebook,
    revisions: Mapping[str, int] | None = None,
) -> MonthlyColors:
    """Return a scored month's colors beside those of the month before.

    Without ``revisions``, by the newest rule.
    """
    revisions = newest(COLORING) if revisions is None else revisions
    color = COLORING.of(revisions)
    groups = {
        kind: color(
            {one.unit: one.index for one in units},
            _before(before, kind),
            book.scoring.colors,
        )
        for kind, units in scores.groups.items()
    }
    period = scores.period
    return MonthlyColors(
        key=f"colors/{period}", period=period, groups=groups, revisions=revisions
    )


def quarter_ranked(
    period: str,
    months: Sequence[MonthlyScore | None],
    book: Rulebook,
    revisions: Mapping[str, int] | None = None,
) -> QuarterlyRanking:
    """Return a quarter's places from its months; None for one without scores.

    Without ``revisions``, by the newest rule.
    """
    revisions = newest(RANKING) if revisions is None else revisions
    places = RANKING.of(revisions)
    return QuarterlyRanking(
        key=f"ranking/{period}",
        period=period,
        months=months_of(period),
        groups={kind: places(months, kind, book) for kind in GROUPS},
        revisions=revisions,
    )


def scored_again(
    units: tuple[UnitScore, ...],
    period: str,
    book: Rulebook,
    revisions: Mapping[str, int],
) -> tuple[Score, ...]:
    """Score a published group again from the readings it rests on."""
    readings = {
        one.key: {
            unit.unit: unit.readings[one.key]
            for unit in units
            if one.key in unit.readings
        }
        for one in book.scoring.index.indicators
    }
    codes = tuple(one.unit for one in units)
    return CONTRIBUTION.of(revisions)(
        codes, readings, _sizes(book, set(codes)), book.scoring.index, period=period
    )


def _group(
    units: list[Unit],
    readings: Readings,
    period: str,
    book: Rulebook,
    revisions: Mapping[str, int],
) -> tuple[UnitScore, ...]:
    codes = {one.code for one in units}
    mine = {
        key: {unit: one for unit, one in by_unit.items() if unit in codes}
        for key, by_unit in readings.items()
    }
    scores = CONTRIBUTION.of(revisions)(
        tuple(codes), mine, _sizes(book, codes), book.scoring.index, period=period
    )
    return tuple(
        UnitScore(
            unit=one.unit,
            standing=one.standing,
            index=one.index,
            parts=dict(one.parts),
            missing=one.missing,
            readings={
                key: by_unit[one.unit]
                for key, by_unit in mine.items()
                if one.unit in by_unit
            },
        )
        for one in scores
    )


def _sizes(book: Rulebook, codes: set[str]) -> dict[str, int]:
    return {
        one.code: one.population
        for one in book.organization.units
        if one.code in codes and one.population is not None
    }


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
    months: Sequence[MonthlyScore | None], kind: UnitKind, book: Rulebook
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


#: A peer group's places of a quarter.
RANKING: Final = Revisions(
    ranking.RULE, {1: ranking_1.places, ranking.REVISION: _ranked}
)
