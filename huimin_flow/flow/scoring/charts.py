"""Standings: the month's five colors and the quarter's places (D6, D7)."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from huimin_flow.catalogue.reasons import PublicationCode
from huimin_flow.catalogue.terms import Argument, Duty, Job, RecordStep, StreamKind
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.ways_out import not_yet
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.scoring.published import edition_if_any, keep_published, key_of
from huimin_flow.flow.scoring.scores import (
    correct_score,
    month_if_any,
    monthly_score,
    scored_anew,
)
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.periods import month, month_before, months_of
from huimin_flow.model.core.texts import required
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.scoring.published import (
    MonthlyColors,
    MonthlyScore,
    QuarterlyRanking,
)
from huimin_flow.rules import publication


def color_month(work: Work, period: str, book: Rulebook, *, by: Actor) -> MonthlyColors:
    """Color the units of a scored month, beside the month before (D6)."""
    colors = _colored(work, period, book)
    return keep_published(work, RecordStep.COLOR, colors, None, book, by=by)


def _colored(work: Work, period: str, book: Rulebook) -> MonthlyColors:
    key = StreamKind.COLORS.key(month_before(period))
    before = edition_if_any(work, MonthlyColors, key)
    scores_before = None if before is None else _scores_under(work, before)
    return publication.month_colored(
        monthly_score(work, period), before, scores_before, book, work.rulebook_of
    )


def _scores_under(work: Work, colors: MonthlyColors) -> MonthlyScore | None:
    """Return the scores that a chart names, or the last ones where it names none."""
    named = {one.period: one.edition for one in colors.scored}
    return month_if_any(work, colors.period, named.get(colors.period))


def rank_quarter(
    work: Work, period: str, book: Rulebook, *, by: Actor
) -> QuarterlyRanking:
    """Rank a quarter's units within their groups, from its published months (D7)."""
    found = _placed(work, period, book)
    return keep_published(work, RecordStep.RANK, found, None, book, by=by)


def _placed(work: Work, period: str, book: Rulebook) -> QuarterlyRanking:
    scored = [month_if_any(work, one) for one in months_of(period)]
    return publication.quarter_ranked(period, scored, book, work.rulebook_of)


def monthly_colors(
    work: Work, period: str, edition: int | None = None
) -> MonthlyColors:
    """Return a month's colors as last published, or an earlier edition of them.

    Raises:
        NotFound: if the month was never colored, or has no such edition.

    """
    key = StreamKind.COLORS.key(month(period))
    found = edition_if_any(work, MonthlyColors, key, edition)
    if found is None:
        code = PublicationCode.NOT_PUBLISHED
        raise not_yet(work, Job.FIVE_COLORS, month(period), code, stream=key)
    return found


def scores_of_colors(work: Work, colors: MonthlyColors) -> MonthlyScore:
    """Return the edition of a month's scores on which its colors rest."""
    rested = {one.period: one.edition for one in colors.scored}
    return monthly_score(work, colors.period, rested[colors.period])


def quarterly_ranking(
    work: Work, period: str, edition: int | None = None
) -> QuarterlyRanking:
    """Return a quarter's ranking as last published, or an earlier edition of it.

    Raises:
        NotFound: if the quarter was never ranked, or has no such edition.

    """
    months_of(period)
    key = StreamKind.RANKING.key(period)
    found = edition_if_any(work, QuarterlyRanking, key, edition)
    if found is None:
        code = PublicationCode.NOT_PUBLISHED
        raise not_yet(work, Job.QUARTERLY_RANKING, period, code, stream=key)
    return found


def may_correct(
    work: Work,
    key: Annotated[str, Argument.PUBLISHED],
    reason: str,
    *,
    with_colors: bool = False,
) -> str:
    """Return the reason for a correction, if there is something to correct.

    Raises:
        InputRefused: for a key of another kind, a wrong period, colors along with
            anything but scores, or no reason.
        NotFound: if nothing was published under the key.

    """
    kind, period = key_of(key)
    if with_colors and kind is not StreamKind.SCORE:
        raise InputRefused(PublicationCode.COLORS_WITH_SCORES)
    if with_colors:
        monthly_colors(work, period)
    published_now(work, key)
    return required(reason, Argument.REASON, longest=500)


def correct(
    work: Work,
    key: Annotated[str, Argument.PUBLISHED],
    reason: str,
    *,
    by: Actor,
    second: Actor,
    with_colors: bool = False,
) -> tuple[MonthlyScore | MonthlyColors | QuarterlyRanking, ...]:
    """Publish what stands under a key anew, by two people; return all that is new.

    ``with_colors`` corrects the month's colors in the same act, since they say
    nothing but what its scores say. A ranking and the next month's colors are
    matters of their own: they may not be out yet, or have had consequences.

    Raises:
        InputRefused: for another kind of key, no reason, or colors of no scores.
        NotFound: if nothing was published under the key.
        StepRefused: unless two people with the duty stand behind it.

    """
    kind, period = key_of(key)
    may_correct(work, key, reason, with_colors=with_colors)
    if kind is StreamKind.SCORE:
        scores = correct_score(work, period, reason, by=by, second=second)
        if not with_colors:
            return (scores,)
        chart = StreamKind.COLORS.key(period)
        return scores, correct_standings(work, chart, reason, by=by, second=second)
    return (correct_standings(work, key, reason, by=by, second=second),)


def correct_standings(
    work: Work,
    key: Annotated[str, Argument.PUBLISHED],
    reason: str,
    *,
    by: Actor,
    second: Actor,
) -> MonthlyColors | QuarterlyRanking:
    """Publish colors or a ranking anew from the scores as they stand, by two people.

    The rulebook is the one by which they were first published.

    Raises:
        InputRefused: for another kind of key, or no reason.
        NotFound: if nothing was published under the key.
        StepRefused: unless two people with the duty stand behind it.

    """
    work.two_people(by, second, Duty.CONFIRM)
    note = may_correct(work, key, reason)
    step = RecordStep.CORRECT
    old, new = published_now(work, key), corrected(work, key)
    if isinstance(old, MonthlyScore) or isinstance(new, MonthlyScore):
        raise InputRefused(PublicationCode.SCORES_THEIR_OWN_WAY, key=key)
    book = work.rulebook_of(old.rulebook)
    new = replace(new, note=note)
    return keep_published(work, step, new, old, book, by=by, second=second)


def published_now(
    work: Work, key: Annotated[str, Argument.PUBLISHED]
) -> MonthlyScore | MonthlyColors | QuarterlyRanking:
    """Return what stands under a key as last published.

    Raises:
        InputRefused: for another kind of key, or a wrong period.
        NotFound: if nothing was published under it.

    """
    kind, period = key_of(key)
    if kind is StreamKind.SCORE:
        return monthly_score(work, period)
    if kind is StreamKind.COLORS:
        return monthly_colors(work, period)
    return quarterly_ranking(work, period)


def corrected(
    work: Work, key: Annotated[str, Argument.PUBLISHED]
) -> MonthlyScore | MonthlyColors | QuarterlyRanking:
    """Return what a correction would publish now, by the rulebook of the first time."""
    old = published_now(work, key)
    if isinstance(old, MonthlyScore):
        return scored_anew(work, old)
    book = work.rulebook_of(old.rulebook)
    if isinstance(old, MonthlyColors):
        return _colored(work, old.period, book)
    return _placed(work, old.period, book)
