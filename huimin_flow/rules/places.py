"""The places of a peer group, from published scores, by each revision (D7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from huimin_flow.catalogue.terms import UnitKind
from huimin_flow.model.monthly import MonthlyScore, UnitScore
from huimin_flow.model.period import last_day, months_of
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.score import Ranked, Score
from huimin_flow.rules import ranking
from huimin_flow.rules.apart import Month, apart
from huimin_flow.rules.catalog import Revisions

#: From a digest to the rulebook that bears it.
Books = Callable[[str], Rulebook]


def weights_of(scores: MonthlyScore, books: Books) -> dict[str, int]:
    """Return the weights by which a month was scored."""
    index = books(scores.rulebook).scoring.index
    return {one.key: one.weight.value for one in index.indicators}


def _ranked(
    period: str,
    quarter: Sequence[MonthlyScore | None],
    kind: UnitKind,
    book: Rulebook,
    books: Books,
) -> tuple[Ranked, ...]:
    """Return places, how steady each is, and why the first and last are there."""
    rules = book.scoring
    stand = book.organization.units_on(last_day(months_of(period)[-1]))
    codes = {one.code for one in stand if one.kind is kind}
    months = [_month(one, kind, codes, books) for one in quarter if one is not None]
    indices: dict[str, list[str | None]] = {}
    for month in months:
        for one in month.scores:
            indices.setdefault(one.unit, []).append(one.index)
    places = ranking.ranked(
        {
            unit: ranking.quarter_value(found, rules.ranking)
            for unit, found in indices.items()
        }
    )
    moved = ranking.steadiness(months, rules.ranking, rules.sensitivity)
    with_place = {one.unit for one in places if one.place is not None}
    compared = [
        replace(month, scores=tuple(o for o in month.scores if o.unit in with_place))
        for month in months
    ]
    return _told(places, moved, compared)


def _month(
    scores: MonthlyScore, kind: UnitKind, codes: set[str], books: Books
) -> Month:
    """Return a month of one group, of the units that are ranked."""
    return Month(
        scores=tuple(
            _score_of(one, scores.period)
            for one in scores.groups.get(kind, ())
            if one.unit in codes
        ),
        weights=weights_of(scores, books),
    )


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
    places: tuple[Ranked, ...],
    moved: Mapping[str, ranking.Steadiness],
    compared: Sequence[Month],
) -> tuple[Ranked, ...]:
    worst = max((one.place for one in places if one.place is not None), default=0)
    told = []
    for one in places:
        new = one
        if one.place is not None:
            steady = moved[one.unit]
            new = replace(one, low=steady.low, high=steady.high, steady=steady.kept)
        if one.place in {1, worst} and worst > 1:
            reasons = apart(compared, one.unit, first=one.place == 1)
            new = replace(new, reasons=reasons)
        told.append(new)
    return tuple(told)


#: By revision: a peer group's places of a quarter.
RANKING: Final = Revisions(ranking.RULE, {ranking.REVISION: _ranked})
