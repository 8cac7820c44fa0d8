"""What is published of colors and places, from published scores (D6, D7).

Pure: the engine publishes by it, and an auditor asks it again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from huimin_flow.model.monthly import (
    MonthlyColors,
    MonthlyScore,
    QuarterlyRanking,
    Rests,
    UnitScore,
)
from huimin_flow.model.period import last_day, month_bounds, months_of
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.score import Colored, Ranked, Score
from huimin_flow.model.verdict import Reason, Reasons
from huimin_flow.reasons import ScoreCode
from huimin_flow.rules import coloring, ranking
from huimin_flow.rules.catalog import Revisions, newest
from huimin_flow.rules.former import coloring_1, ranking_1
from huimin_flow.rules.publication import GROUPS
from huimin_flow.terms import UnitKind

#: From a digest to the rulebook that bears it.
Books = Callable[[str], Rulebook]


def month_colored(
    scores: MonthlyScore,
    before: MonthlyColors | None,
    scores_before: MonthlyScore | None,
    book: Rulebook,
    books: Books,
    revisions: Mapping[str, int] | None = None,
) -> MonthlyColors:
    """Return a scored month's colors beside those of the month before.

    ``scores_before`` are those on which the colors ``before`` rest; ``books`` gives
    the rulebooks by which both months were scored and colored. Without
    ``revisions``, by the newest rule.
    """
    revisions = newest(COLORING) if revisions is None else revisions
    colored = COLORING.of(revisions)
    period = scores.period
    found = MonthlyColors(
        key=f"colors/{period}",
        period=period,
        groups={
            kind: colored(kind, scores, before, scores_before, book, books)
            for kind in scores.groups
        },
        revisions=revisions,
    )
    if revisions.get(coloring.RULE, 1) == 1:
        return found
    return replace(
        found,
        rulebook=book.digest,
        scored=_rests(scores_before, scores),
    )


def quarter_ranked(
    period: str,
    months: Sequence[MonthlyScore | None],
    book: Rulebook,
    books: Books,
    revisions: Mapping[str, int] | None = None,
) -> QuarterlyRanking:
    """Return a quarter's places from its months; None for one without scores.

    Those are ranked who stand on the quarter's last day. ``books`` gives the
    rulebooks of the months, whose weights count. Without ``revisions``, by the
    newest rule.
    """
    revisions = newest(RANKING) if revisions is None else revisions
    places = RANKING.of(revisions)
    found = QuarterlyRanking(
        key=f"ranking/{period}",
        period=period,
        months=months_of(period),
        groups={kind: places(period, months, kind, book, books) for kind in GROUPS},
        revisions=revisions,
    )
    if revisions.get(ranking.RULE, 1) == 1:
        return found
    return replace(
        found,
        rulebook=book.digest,
        scored=_rests(*months),
        ended=_ended(period, months, book),
    )


def _ended(
    period: str, months: Sequence[MonthlyScore | None], book: Rulebook
) -> tuple[str, ...]:
    """Return who had a part in a quarter, and stood no more on its last day."""
    first, *_, last = months_of(period)
    organization = book.organization
    stand = organization.units_on(last_day(last))
    parts = {
        one.unit
        for scores in months
        if scores is not None
        for group in scores.groups.values()
        for one in group
    }
    gone = organization.gone_within(month_bounds(first)[0], last_day(last))
    return tuple(sorted((parts | gone) - {one.code for one in stand}))


def _rests(*scores: MonthlyScore | None) -> tuple[Rests, ...]:
    """Name the editions of scores that something rests on."""
    return tuple(
        Rests(period=one.period, edition=one.version)
        for one in scores
        if one is not None
    )


def _colored(
    kind: UnitKind,
    scores: MonthlyScore,
    before: MonthlyColors | None,
    scores_before: MonthlyScore | None,
    book: Rulebook,
    books: Books,
) -> tuple[Colored, ...]:
    """Return one group's colors, with what moved those who rose or fell."""
    rule = book.scoring_part().colors
    now = {one.unit: one for one in scores.groups[kind]}
    values = {unit: one.index for unit, one in now.items()}
    if before is None or scores_before is None:
        return coloring.color(values, {}, rule)
    was = books(before.rulebook or scores_before.rulebook).scoring_part().colors
    shown = {one.unit: (one.color, one.index) for one in before.groups.get(kind, ())}
    old = {one.unit: one for one in scores_before.groups.get(kind, ())}
    weights, weights_before = _weights(scores, books), _weights(scores_before, books)

    def told(one: Colored) -> Colored:
        if not coloring.has_changed(one) or one.unit not in old:
            return one
        if one.color is None:
            return replace(one, reasons=one.reasons + _lacking(now[one.unit]))
        if one.before is None:
            return one
        causes = coloring.causes(
            now[one.unit].parts,
            old[one.unit].parts,
            weights,
            weights_before,
            rule.named.value,
        )
        return replace(one, reasons=one.reasons + causes)

    return tuple(told(one) for one in coloring.color(values, shown, rule, was))


def _lacking(unit: UnitScore) -> Reasons:
    return tuple(
        Reason(code=ScoreCode.LEFT_OUT, values={"index_indicator": key})
        for key in unit.missing
        if key not in unit.parts
    )


def _weights(scores: MonthlyScore, books: Books) -> dict[str, int]:
    """Return the weights by which a month was scored."""
    index = books(scores.rulebook).scoring_part().index
    return {one.key: one.weight.value for one in index.indicators}


def _month(
    scores: MonthlyScore, kind: UnitKind, codes: set[str], books: Books
) -> ranking.Month:
    """Return a month of one group, of the units that are ranked."""
    return ranking.Month(
        scores=tuple(
            _score_of(one, scores.period)
            for one in scores.groups.get(kind, ())
            if one.unit in codes
        ),
        weights=_weights(scores, books),
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


def _ranked(
    period: str,
    quarter: Sequence[MonthlyScore | None],
    kind: UnitKind,
    book: Rulebook,
    books: Books,
) -> tuple[Ranked, ...]:
    """Return places, how steady each is, and why the first and last are there."""
    rules = book.scoring_part()
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


def _told(
    places: tuple[Ranked, ...],
    moved: Mapping[str, ranking.Steadiness],
    compared: Sequence[ranking.Month],
) -> tuple[Ranked, ...]:
    worst = max((one.place for one in places if one.place is not None), default=0)
    told = []
    for one in places:
        new = one
        if one.place is not None:
            steady = moved[one.unit]
            new = replace(one, low=steady.low, high=steady.high, steady=steady.kept)
        if one.place in {1, worst} and worst > 1:
            reasons = ranking.apart(compared, one.unit, first=one.place == 1)
            new = replace(new, reasons=reasons)
        told.append(new)
    return tuple(told)


def _colored_1(
    kind: UnitKind,
    scores: MonthlyScore,
    before: MonthlyColors | None,
    scores_before: MonthlyScore | None,
    book: Rulebook,
    books: Books,
) -> tuple[Colored, ...]:
    """Return one group's colors as revision 1 gave them."""
    del scores_before, books
    old = () if before is None else before.groups.get(kind, ())
    return coloring_1.color(
        {one.unit: one.index for one in scores.groups[kind]},
        {
            one.unit: (one.color, one.index)
            for one in old
            if one.color is not None and one.index is not None
        },
        book.scoring_part().colors,
    )


def _ranked_1(
    period: str,
    quarter: Sequence[MonthlyScore | None],
    kind: UnitKind,
    book: Rulebook,
    books: Books,
) -> tuple[Ranked, ...]:
    """Return one group's places as revision 1 gave them."""
    del period, books
    return ranking_1.places(quarter, kind, book)


#: By revision: the month's colors of a peer group.
COLORING: Final = Revisions(coloring.RULE, {1: _colored_1, coloring.REVISION: _colored})
#: By revision: a peer group's places of a quarter.
RANKING: Final = Revisions(ranking.RULE, {1: _ranked_1, ranking.REVISION: _ranked})
