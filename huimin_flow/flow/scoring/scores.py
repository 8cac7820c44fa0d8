"""The explanation of a month's scores, and the facts that came late (D5, X3)."""

from __future__ import annotations

from dataclasses import replace

from huimin_flow.catalogue.reasons import PublicationCode, reason_of
from huimin_flow.errors import NotFound
from huimin_flow.flow.core.acts import question
from huimin_flow.flow.core.reads import refuse_ended
from huimin_flow.flow.core.work import Work
from huimin_flow.flow.scoring.published import monthly_score
from huimin_flow.model.core.periods import last_day
from huimin_flow.model.scoring.scores import LateFact, Node, Score
from huimin_flow.rules import publication
from huimin_flow.rules.scoring import late
from huimin_flow.rules.scoring.measuring import facts_needed
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
            publication.require_same(kept, score)
            if score.tree is not None:
                return score, score.tree
            values = {"unit": unit, "period": period}
            none = reason_of(PublicationCode.NO_INDEX, values)
            lacking = publication.without_residents(work.rulebook, last_day(period))
            residents = (
                reason_of(PublicationCode.RESIDENTS_MISSING, {"unit": each.name})
                for each in lacking
                if each.code == unit
            )
            reasons = publication.named_reasons(score, book)
            raise NotFound((none, *reasons, *residents))
    refuse_ended(work, unit)
    raise NotFound(PublicationCode.UNIT_NOT_SCORED, unit=unit, period=period)


@question
def late_facts(work: Work, period: str) -> tuple[LateFact, ...]:
    """Return the facts of a scored month that became known after its cut.

    They would change its score: late ratings, complaints and progress (also of
    earlier months), ratings set aside since, steps of items recorded late.
    """
    month = monthly_score(work, period)
    book = work.rulebook_of(month.rulebook)
    complaints = book.scoring.index.complaints
    after = months.after_cut(work.connection, month.period, month.cut)
    if "business" not in facts_needed(book):
        after = replace(after, delivered_in=())
    return late.late_facts(after, None if complaints is None else complaints.channels)
