"""The five colors of a month, the ranking of a quarter, corrections (D6, D7)."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from huimin_flow.catalogue.reasons import PublicationCode
from huimin_flow.catalogue.terms import Argument, Duty, RecordStep, StreamKind
from huimin_flow.errors import InputRefused
from huimin_flow.flow.core.acts import ACTING, act, question
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.scoring.published import (
    Published,
    keep_published,
    key_of,
    published,
    published_if_any,
    published_now,
)
from huimin_flow.flow.scoring.scores import month_if_any, monthly_score, scored
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.periods import month_before, months_of
from huimin_flow.model.core.texts import required
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.scoring.published import (
    MonthlyColors,
    MonthlyScore,
    QuarterlyRanking,
)
from huimin_flow.rules import publication


def color_month(work: Work, period: str, book: Rulebook, *, by: Actor) -> MonthlyColors:
    """Color the units of a scored month, compared with the month before (D6)."""
    colors = _color(work, period, book)
    return keep_published(work, RecordStep.COLOR, colors, None, book, by=by)


def _color(work: Work, period: str, book: Rulebook) -> MonthlyColors:
    before = published_if_any(work, MonthlyColors, month_before(period))
    scores_before = None if before is None else scores_of_colors(work, before)
    return publication.month_colored(
        monthly_score(work, period), before, scores_before, book, work.rulebook_of
    )


def rank_quarter(
    work: Work, period: str, book: Rulebook, *, by: Actor
) -> QuarterlyRanking:
    """Rank a quarter's units within their groups, from its published months (D7)."""
    ranking = _rank(work, period, book)
    return keep_published(work, RecordStep.RANK, ranking, None, book, by=by)


def _rank(work: Work, period: str, book: Rulebook) -> QuarterlyRanking:
    scored = [month_if_any(work, month) for month in months_of(period)]
    return publication.quarter_ranked(period, scored, book, work.rulebook_of)


@question
def monthly_colors(
    work: Work, period: str, edition: int | None = None
) -> MonthlyColors:
    """Return a month's colors as last published, or an earlier edition of them.

    Raises:
        NotFound: if the month was never colored, or has no such edition.

    """
    return published(work, MonthlyColors, period, edition)


@question
def scores_of_colors(work: Work, colors: MonthlyColors) -> MonthlyScore:
    """Return the edition of a month's scores from which its colors come."""
    editions = {scores.period: scores.edition for scores in colors.scored}
    return monthly_score(work, colors.period, editions[colors.period])


@question
def quarterly_ranking(
    work: Work, period: str, edition: int | None = None
) -> QuarterlyRanking:
    """Return a quarter's ranking as last published, or an earlier edition of it.

    Raises:
        NotFound: if the quarter was never ranked, or has no such edition.

    """
    return published(work, QuarterlyRanking, period, edition)


def may_correct(
    work: Work,
    key: Annotated[str, Argument.PUBLISHED],
    reason: str,
    *,
    with_colors: bool = False,
) -> str:
    """Return the reason for a correction, if there is something to correct.

    Raises:
        InputRefused: for a key of another kind, a wrong period, an empty reason, or
            ``with_colors`` for another key than scores.
        NotFound: if nothing was published under the key.

    """
    kind, period = key_of(key)
    if with_colors and kind is not StreamKind.SCORE:
        raise InputRefused(PublicationCode.COLORS_WITH_SCORES)
    if with_colors:
        monthly_colors(work, period)
    published_now(work, key)
    return required(reason, Argument.REASON, longest=500)


@act(Duty.CONFIRM, two=True)
def correct(
    work: Work,
    key: Annotated[str, Argument.PUBLISHED],
    reason: str,
    *,
    by: Actor = ACTING,
    second: Actor,
    with_colors: bool = False,
) -> tuple[Published, ...]:
    """Publish a new edition under a key, by two people; return all new editions.

    Scores come from the facts that are known now, colors and rankings from the last
    published scores; the rulebook is that of the first edition. The earlier editions
    stay in their history. ``with_colors`` corrects the month's colors in the same
    act. A ranking and the next month's colors need a correction of their own.

    Raises:
        InputRefused: as ``may_correct`` does.
        NotFound: if nothing was published under the key.
        StepRefused: unless two people with the duty confirm it.

    """
    work.two_people(by, second, Duty.CONFIRM)
    note = may_correct(work, key, reason, with_colors=with_colors)
    _, period = key_of(key)
    made = []
    for each in (key, StreamKind.COLORS.key(period)) if with_colors else (key,):
        old = published_now(work, each)
        new, book = corrected(work, each), work.rulebook_of(old.rulebook)
        new = replace(new, note=note)
        step = RecordStep.CORRECT
        made.append(keep_published(work, step, new, old, book, by=by, second=second))
    return tuple(made)


def corrected(work: Work, key: Annotated[str, Argument.PUBLISHED]) -> Published:
    """Return what a correction would publish now, by the first edition's rulebook."""
    old = published_now(work, key)
    book = work.rulebook_of(old.rulebook)
    if isinstance(old, MonthlyScore):
        return scored(work, old.period, work.head, book)
    if isinstance(old, MonthlyColors):
        return _color(work, old.period, book)
    return _rank(work, old.period, book)
