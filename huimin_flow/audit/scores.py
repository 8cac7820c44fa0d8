"""Published scores, colors and places derived again from facts and rulebooks (X3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from huimin_flow.audit.ledger import Ledger
from huimin_flow.catalogue.terms import Flaw, StreamKind
from huimin_flow.errors import HuiminError
from huimin_flow.model.monthly import MonthlyColors, MonthlyScore, QuarterlyRanking
from huimin_flow.model.period import month_before, months_of
from huimin_flow.model.plain import from_plain, to_plain
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules import publication
from huimin_flow.rules.measuring import facts_needed
from huimin_flow.store.months import month_facts

#: Streams whose events publish figures.
KINDS = frozenset({StreamKind.SCORE, StreamKind.COLORS, StreamKind.RANKING})


class Editions:
    """The scores published so far, by month and by edition."""

    def __init__(self) -> None:
        """Begin before the first."""
        self.last: dict[str, MonthlyScore] = {}
        self._all: dict[tuple[str, int], MonthlyScore] = {}

    def keep(self, scores: MonthlyScore) -> None:
        """Keep the next edition of a month."""
        self.last[scores.period] = scores
        self._all[scores.period, scores.version] = scores

    def under(self, colors: MonthlyColors) -> MonthlyScore | None:
        """Return the scores of its month that a chart names."""
        for one in colors.scored:
            if one.period == colors.period:
                return self._all.get((one.period, one.edition))
        return None


Published = MonthlyScore | MonthlyColors | QuarterlyRanking


def hold_scores(ledger: Ledger) -> None:
    """Derive every published figure again, in the order of publication.

    A later publication rests on what had been published till then, so the
    latest scores and colors of each month are kept on the way.
    """
    scores = Editions()
    colors: dict[str, MonthlyColors] = {}
    for kind, value, digest in ledger.published:
        place = str(value.get("key"))
        try:
            book = ledger.books[digest]
            kept, again = _again(ledger, kind, value, book, scores, colors)
        except (HuiminError, ValueError, KeyError, TypeError, AttributeError) as error:
            ledger.found(Flaw.DECISION_MISMATCH, place, error)
            continue
        again = replace(again, version=kept.version, note=kept.note)
        if to_plain(again) != to_plain(kept):
            detail = _first_difference(to_plain(kept), to_plain(again))
            ledger.found(Flaw.DECISION_MISMATCH, place, detail)
        if isinstance(kept, MonthlyScore):
            scores.keep(kept)
        elif isinstance(kept, MonthlyColors):
            colors[kept.period] = kept


def _again(
    ledger: Ledger,
    kind: StreamKind,
    value: Mapping[str, Any],
    book: Rulebook,
    scores: Editions,
    colors: Mapping[str, MonthlyColors],
) -> tuple[Published, Published]:
    """Return what was published, and what should have been."""
    if kind is StreamKind.SCORE:
        kept = from_plain(MonthlyScore, value)
        facts = month_facts(
            ledger.connection, kept.period, kept.cut, facts_needed(book)
        )
        return kept, publication.month_scored(facts, kept.cut, book, kept.revisions)
    books = ledger.books.__getitem__
    if kind is StreamKind.COLORS:
        colored = from_plain(MonthlyColors, value)
        mine = scores.last[colored.period]
        before = colors.get(month_before(colored.period))
        under = None if before is None else scores.under(before)
        return colored, publication.month_colored(
            mine, before, under, book, books, colored.revisions
        )
    ranked = from_plain(QuarterlyRanking, value)
    months = [scores.last.get(one) for one in months_of(ranked.period)]
    return ranked, publication.quarter_ranked(
        ranked.period, months, book, books, ranked.revisions
    )


def _first_difference(kept: Any, again: Any, place: str = "") -> str:
    """Return where two plain values differ first, and both sides there."""
    if isinstance(kept, dict) and isinstance(again, dict):
        for name in sorted(kept.keys() | again.keys()):
            if kept.get(name) != again.get(name):
                inner = f"{place}.{name}" if place else name
                return _first_difference(kept.get(name), again.get(name), inner)
    if isinstance(kept, list) and isinstance(again, list) and len(kept) == len(again):
        for number, (one, other) in enumerate(zip(kept, again, strict=True)):
            if one != other:
                return _first_difference(one, other, f"{place}[{number}]")
    return f"{place}: {kept} ≠ {again}"
