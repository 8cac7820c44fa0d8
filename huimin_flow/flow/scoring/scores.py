"""Scoring: the month's contribution index, published once, explained (D5, X3)."""

from __future__ import annotations

from dataclasses import replace

from huimin_flow.catalogue.reasons import PublicationCode, Reasons, reason_of, spoken
from huimin_flow.catalogue.terms import Argument, Duty, Job, RecordStep, StreamKind
from huimin_flow.errors import InputRefused, NotFound
from huimin_flow.flow.core.ways_out import not_yet
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.scoring.published import edition_if_any, keep_published
from huimin_flow.model.core.organization import Actor
from huimin_flow.model.core.periods import month
from huimin_flow.model.core.texts import required
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.scoring.published import MonthlyScore, UnitScore
from huimin_flow.model.scoring.scores import LateFact, Node, Score
from huimin_flow.rules import publication
from huimin_flow.rules.scoring import late
from huimin_flow.rules.scoring.measuring import facts_needed
from huimin_flow.store.scoring import months


def score_month(
    work: Work, period: str, cut: int, book: Rulebook, *, by: Actor
) -> MonthlyScore:
    """Score a month from what was known at a cut, and publish it once."""
    scored = _scored(work, period, cut, book)
    return keep_published(work, RecordStep.SCORE, scored, None, book, by=by)


def correct_score(
    work: Work, period: str, reason: str, *, by: Actor, second: Actor
) -> MonthlyScore:
    """Publish a month anew with what is known now, by two people.

    The earlier edition stays in its history; colors and rankings follow only
    by corrections of their own.

    Raises:
        NotFound: if the month was never scored.
        StepRefused: unless two people with the duty stand behind it.

    """
    work.two_people(by, second, Duty.CONFIRM)
    old = monthly_score(work, period)
    note = required(reason, Argument.REASON, longest=500)
    new = replace(scored_anew(work, old), note=note)
    step, book = RecordStep.CORRECT, work.rulebook_of(old.rulebook)
    return keep_published(work, step, new, old, book, by=by, second=second)


def scored_anew(work: Work, old: MonthlyScore) -> MonthlyScore:
    """Return a month's scores by its rulebook from what is known now."""
    return _scored(work, old.period, work.head, work.rulebook_of(old.rulebook))


def monthly_score(work: Work, period: str, edition: int | None = None) -> MonthlyScore:
    """Return a month's scores as last published, or an earlier edition of them.

    Raises:
        NotFound: if the month was never scored, or has no such edition.

    """
    found = month_if_any(work, period, edition)
    if found is None:
        code, key = PublicationCode.NOT_PUBLISHED, StreamKind.SCORE.key(period)
        raise not_yet(work, Job.MONTHLY_SCORE, month(period), code, stream=key)
    return found


def explain(work: Work, unit: str, period: str) -> tuple[Score, Node]:
    """Return a published score and the tree that gives it, leaf by leaf (X3).

    It is made again from the readings, the rulebook and the revisions that were
    published with it.

    Raises:
        NotFound: if the month wasn't scored, or the unit has no index in it.
        InputRefused: if what comes out is not what was published.

    """
    published = monthly_score(work, period)
    book = work.rulebook_of(published.rulebook)
    for units in published.groups.values():
        kept = next((one for one in units if one.unit == unit), None)
        if kept is not None:
            scores = publication.scored_again(
                units, published.period, book, published.revisions
            )
            found = next(one for one in scores if one.unit == unit)
            _hold(kept, found)
            if found.tree is not None:
                return found, found.tree
            values = {"unit": unit, "period": published.period}
            none = reason_of(PublicationCode.NO_INDEX, values)
            raise NotFound((none, *_named(found, book)))
    raise NotFound(PublicationCode.UNIT_NOT_SCORED, unit=unit, period=period)


def explained(published: MonthlyScore, book: Rulebook) -> dict[str, Score]:
    """Return every unit's published score with the tree that gives it (X3).

    ``book`` is the rulebook that it was published by.

    Raises:
        InputRefused: if what comes out is not what was published.

    """
    found = {}
    for units in published.groups.values():
        again = publication.scored_again(
            units, published.period, book, published.revisions
        )
        for kept, one in zip(units, again, strict=True):
            _hold(kept, one)
            found[one.unit] = one
    return found


def left_out(score: Score, book: Rulebook) -> tuple[str, ...]:
    """Return in words which indicators a score lacks, why, and what that does."""
    return tuple(spoken(reason) for reason in _named(score, book))


def _named(score: Score, book: Rulebook) -> Reasons:
    """Return a score's reasons with the indicators' names for their keys."""
    names = {one.key: one.name for one in book.scoring.index.indicators}
    return tuple(
        replace(one, values={**one.values, "index_indicator": names[key]})
        for one in score.reasons
        for key in [str(one.values["index_indicator"])]
    )


def _hold(kept: UnitScore, again: Score) -> None:
    """Refuse to explain a published score by another one."""
    published = (kept.standing, kept.index, dict(kept.parts), tuple(kept.missing))
    found = (again.standing, again.index, dict(again.parts), again.missing)
    if found != published:
        raise InputRefused(
            PublicationCode.NOT_WHAT_WAS_PUBLISHED,
            unit=kept.unit,
            period=again.period,
            published=kept.index or "-",
            found=again.index or "-",
        )


def late_facts(work: Work, period: str) -> tuple[LateFact, ...]:
    """Return the facts of a scored month that became known after its cut.

    They would change its score: late ratings, complaints and progress (that of
    earlier months too), ratings set aside since, steps of items recorded late.
    """
    published = monthly_score(work, period)
    complaints = work.rulebook_of(published.rulebook).scoring.index.complaints
    after = months.after_cut(work.connection, published.period, published.cut)
    return late.late_facts(after, None if complaints is None else complaints.channels)


def month_if_any(
    work: Work, period: str, edition: int | None = None
) -> MonthlyScore | None:
    """Return a month's scores, the last edition if none is named, or None before."""
    return edition_if_any(
        work, MonthlyScore, StreamKind.SCORE.key(month(period)), edition
    )


def _scored(work: Work, period: str, cut: int, book: Rulebook) -> MonthlyScore:
    facts = months.month_facts(work.connection, period, cut, facts_needed(book))
    return publication.month_scored(facts, cut, book)
