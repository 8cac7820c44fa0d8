"""Digests, 月报、季报: what units were late with and owed, and what went well (F3)."""

from __future__ import annotations

from datetime import timedelta

from huimin_flow.catalogue.reasons import ReviewCode
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.reads import known_unit
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.improving.reviewing.standing import units_at
from huimin_flow.model.core.periods import last_day, month, months_of
from huimin_flow.model.improving.reviews import UnitPart


@question
def digest(work: Work, period: str, *, unit: str | None = None) -> tuple[UnitPart, ...]:
    """Return what units were late with, owed and did well in a period that is over.

    It is made from one moment, that of the question. Units of whom nothing is to be
    said are left out.

    Raises:
        InputRefused: for a period that is no month or quarter, one that is not over,
            or a code that no unit ever had.

    """
    known_unit(work, unit)
    months = months_of(period) if "Q" in period else (month(period),)
    end = last_day(months[-1])
    if end >= work.today:
        earliest = end + timedelta(days=1)
        raise InputRefused(ReviewCode.PERIOD_RUNS, period=period, ends=earliest)
    parts = units_at(work, months, work.head, work.rulebook_on(end), end)
    return tuple(part for part in parts if unit in {None, part.unit})
