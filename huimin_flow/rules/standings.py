"""What is published of colors and places, from published scores (D6, D7).

Pure: the engine publishes by it, and an auditor asks it again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from huimin_flow.catalogue.reasons import ScoreCode
from huimin_flow.catalogue.terms import StreamKind, UnitKind
from huimin_flow.model.monthly import (
    MonthlyColors,
    MonthlyScore,
    QuarterlyRanking,
    Rests,
    UnitScore,
)
from huimin_flow.model.period import last_day, month_bounds, months_of
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.score import Colored
from huimin_flow.model.verdict import Reason, Reasons
from huimin_flow.rules import coloring
from huimin_flow.rules.catalog import Revisions, newest
from huimin_flow.rules.places import RANKING, Books, weights_of
from huimin_flow.rules.publication import GROUPS


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
    return MonthlyColors(
        key=StreamKind.COLORS.key(period),
        period=period,
        groups={
            kind: colored(kind, scores, before, scores_before, book, books)
            for kind in scores.groups
        },
        revisions=revisions,
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
    return QuarterlyRanking(
        key=StreamKind.RANKING.key(period),
        period=period,
        months=months_of(period),
        groups={kind: places(period, months, kind, book, books) for kind in GROUPS},
        revisions=revisions,
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
    rule = book.scoring.colors
    now = {one.unit: one for one in scores.groups[kind]}
    values = {unit: one.index for unit, one in now.items()}
    if before is None or scores_before is None:
        return coloring.color(values, {}, rule)
    was = books(before.rulebook).scoring.colors
    shown = {one.unit: (one.color, one.index) for one in before.groups.get(kind, ())}
    old = {one.unit: one for one in scores_before.groups.get(kind, ())}
    weights, weights_before = (
        weights_of(scores, books),
        weights_of(scores_before, books),
    )

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


#: By revision: the month's colors of a peer group.
COLORING: Final = Revisions(coloring.RULE, {coloring.REVISION: _colored})
