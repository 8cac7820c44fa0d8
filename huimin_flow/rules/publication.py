"""What is published of a month's scores, from what was counted (D5).

Pure: the engine publishes by it, and an auditor asks it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huimin_flow.catalogue.terms import StreamKind, UnitKind
from huimin_flow.model.monthly import MonthlyScore, UnitScore
from huimin_flow.model.organization import Unit
from huimin_flow.model.period import last_day
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.score import Reading, Score
from huimin_flow.rules.catalog import CONTRIBUTION, MEASURING, PACING, newest
from huimin_flow.rules.measuring import MonthFacts

#: Who is compared with whom, and never with others (D5).
GROUPS: Final = (
    UnitKind.DISTRICT, UnitKind.ZONE, UnitKind.DIVISION, UnitKind.AGENCY,
)  # fmt: skip

#: By indicator, by unit: what was counted.
Readings = Mapping[str, Mapping[str, Reading]]


def month_scored(
    facts: MonthFacts,
    cut: int,
    book: Rulebook,
    revisions: Mapping[str, int] | None = None,
) -> MonthlyScore:
    """Return a month's scores; units that ended within it are named, not scored.

    ``facts`` are as known at the cut. Without ``revisions``, by the newest rules.

    Raises:
        NotFound: if this engine doesn't know one of the revisions.

    """
    if revisions is None:
        revisions = newest(MEASURING, PACING, CONTRIBUTION)
    readings = MEASURING.of(revisions)(facts, book, PACING.of(revisions))
    period = facts.period
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
    ended = book.organization.gone_within(last.replace(day=1), last)
    return MonthlyScore(
        key=StreamKind.SCORE.key(period),
        period=period,
        cut=cut,
        rulebook=book.digest,
        groups=groups,
        ended=tuple(sorted(ended)),
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
        codes,
        readings,
        _sizes(book, set(codes)),
        book.scoring.index,
        period=period,
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
        tuple(codes),
        mine,
        _sizes(book, codes),
        book.scoring.index,
        period=period,
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
