"""Published scores, colors and ranks, derived again from facts and rulebooks (X3).

1. A publication can be derived again with the rulebook and revisions that it names.
2. Every figure equals the derived one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from huimin_flow.audit.core.headers import ODD
from huimin_flow.audit.ledger import Ledger
from huimin_flow.catalogue.terms import Flaw
from huimin_flow.errors import HuiminError
from huimin_flow.model.core.periods import month_before, months_of
from huimin_flow.model.core.values import differences, to_plain
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.model.scoring.published import (
    MonthlyColors,
    MonthlyScore,
    QuarterlyRanking,
)
from huimin_flow.rules import publication
from huimin_flow.rules.scoring.measuring import facts_needed
from huimin_flow.store.pasts.spot_checks import with_findings
from huimin_flow.store.scoring.months import month_facts

Published = MonthlyScore | MonthlyColors | QuarterlyRanking


def hold_scores(ledger: Ledger) -> None:
    """Derive every published figure again, in the order of publication.

    A later publication uses earlier ones. So each edition of scores and the latest
    colors of each month are kept.
    """
    scores: dict[str, dict[int, MonthlyScore]] = {}
    colors: dict[str, MonthlyColors] = {}
    for kept, digest in ledger.published:
        place = str(kept.key)
        try:
            again = _derive(ledger, kept, ledger.books[digest], scores, colors)
        except (HuiminError, *ODD) as error:
            ledger.flag(Flaw.DECISION_MISMATCH, place, error, law="scores 1")
            continue
        again = replace(again, version=kept.version, note=kept.note)
        if to_plain(again) != to_plain(kept):
            first = next(differences(to_plain(kept), to_plain(again)))
            detail = f"{first.path}: {first.old} ≠ {first.new}"
            ledger.flag(Flaw.DECISION_MISMATCH, place, detail, law="scores 2")
        if isinstance(kept, MonthlyScore):
            scores.setdefault(kept.period, {})[kept.version] = kept
        elif isinstance(kept, MonthlyColors):
            colors[kept.period] = kept


def _derive(
    ledger: Ledger,
    kept: Published,
    book: Rulebook,
    scores: Mapping[str, Mapping[int, MonthlyScore]],
    colors: Mapping[str, MonthlyColors],
) -> Published:
    """Return the publication derived again; ``scores`` are by month and edition."""
    if isinstance(kept, MonthlyScore):
        facts = month_facts(
            ledger.connection, kept.period, kept.cut, facts_needed(book)
        )
        facts = with_findings(ledger.connection, facts, kept.cut, book)
        return publication.month_scored(facts, kept.cut, book, kept.revisions)
    last = {month: editions[max(editions)] for month, editions in scores.items()}
    books = ledger.books.__getitem__
    if isinstance(kept, MonthlyColors):
        before = colors.get(month_before(kept.period))
        prior = None
        if before is not None:
            named = {score.period: score.edition for score in before.scored}
            prior = scores.get(before.period, {}).get(named.get(before.period, 0))
        current = last[kept.period]
        return publication.month_colored(
            current, before, prior, book, books, kept.revisions
        )
    months = [last.get(month) for month in months_of(kept.period)]
    return publication.quarter_ranked(kept.period, months, book, books, kept.revisions)
