"""The explanation of a month's scores, and the facts that came late (D5, X3)."""

from __future__ import annotations

from dataclasses import replace

from huimin_flow.catalogue.reasons import PublicationCode, Reasons, reason_of, spoken
from huimin_flow.errors import InputRefused, NotFound
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.scoring.published import monthly_score
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.scoring.published import MonthlyScore, UnitScore
from huimin_flow.model.scoring.scores import LateFact, Node, Score
from huimin_flow.rules import publication
from huimin_flow.rules.scoring import late
from huimin_flow.store.scoring import months


@question
def explain(work: Work, unit: str, period: str) -> tuple[Score, Node]:
    """Return a published score and the tree of its computation, leaf by leaf (X3).

    It is computed again from the readings, the rulebook and the revisions that were
    published with it.

    Raises:
        NotFound: if the month wasn't scored, or the unit has no index in it.
        InputRefused: if the result differs from the published score.

    """
    month = monthly_score(work, period)
    book = work.rulebook_of(month.rulebook)
    for units in month.groups.values():
        kept = next((each for each in units if each.unit == unit), None)
        if kept is not None:
            scores = publication.scored_again(units, period, book, month.revisions)
            score = next(score for score in scores if score.unit == unit)
            _require_same(kept, score)
            if score.tree is not None:
                return score, score.tree
            values = {"unit": unit, "period": period}
            none = reason_of(PublicationCode.NO_INDEX, values)
            raise NotFound((none, *_reasons_with_names(score, book)))
    raise NotFound(PublicationCode.UNIT_NOT_SCORED, unit=unit, period=period)


def explained(month: MonthlyScore, book: Rulebook) -> dict[str, Score]:
    """Return every unit's published score with the tree of its computation (X3).

    ``book`` is the rulebook of its publication.

    Raises:
        InputRefused: if a result differs from the published score.

    """
    scores = {}
    for units in month.groups.values():
        again = publication.scored_again(units, month.period, book, month.revisions)
        for kept, score in zip(units, again, strict=True):
            _require_same(kept, score)
            scores[score.unit] = score
    return scores


def left_out(score: Score, book: Rulebook) -> tuple[str, ...]:
    """Return sentences that say which indicators a score lacks, why, and the effect."""
    return tuple(spoken(reason) for reason in _reasons_with_names(score, book))


def _reasons_with_names(score: Score, book: Rulebook) -> Reasons:
    """Return a score's reasons with the indicators' names instead of their keys."""
    indicators = book.scoring.index.indicators
    names = {indicator.key: indicator.name for indicator in indicators}
    return tuple(
        replace(reason, values={**reason.values, "index_indicator": names[key]})
        for reason in score.reasons
        for key in [str(reason.values["index_indicator"])]
    )


def _require_same(kept: UnitScore, again: Score) -> None:
    """Refuse a recomputed score that differs from the published one."""
    before = (kept.standing, kept.index, dict(kept.parts), tuple(kept.missing))
    if before != (again.standing, again.index, dict(again.parts), again.missing):
        raise InputRefused(
            PublicationCode.NOT_WHAT_WAS_PUBLISHED,
            unit=kept.unit,
            period=again.period,
            published=kept.index or "-",
            found=again.index or "-",
        )


@question
def late_facts(work: Work, period: str) -> tuple[LateFact, ...]:
    """Return the facts of a scored month that became known after its cut.

    They would change its score: late ratings, complaints and progress (also of
    earlier months), ratings set aside since, steps of items recorded late.
    """
    month = monthly_score(work, period)
    complaints = work.rulebook_of(month.rulebook).scoring.index.complaints
    after = months.after_cut(work.connection, month.period, month.cut)
    return late.late_facts(after, None if complaints is None else complaints.channels)
