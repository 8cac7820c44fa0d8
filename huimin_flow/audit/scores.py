"""Published scores, colors and places derived again from facts and rulebooks (X3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from huimin_flow.audit.findings import Flaw
from huimin_flow.audit.ledger import Ledger
from huimin_flow.errors import HuiminError
from huimin_flow.model.monthly import MonthlyColors, MonthlyScore, QuarterlyRanking
from huimin_flow.model.period import month_before, months_of
from huimin_flow.model.plain import from_plain, to_plain
from huimin_flow.model.rulebook import Rulebook
from huimin_flow.rules import publication
from huimin_flow.store import measuring

#: Streams whose events publish figures.
KINDS = frozenset({"score", "colors", "ranking"})

Published = MonthlyScore | MonthlyColors | QuarterlyRanking


def hold_scores(ledger: Ledger) -> None:
    """Derive every published figure again, in the order of publication.

    A later publication rests on what had been published till then, so the
    latest scores and colors of each month are kept on the way.
    """
    scores: dict[str, MonthlyScore] = {}
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
            scores[kept.period] = kept
        elif isinstance(kept, MonthlyColors):
            colors[kept.period] = kept


def _again(
    ledger: Ledger,
    kind: str,
    value: Mapping[str, Any],
    book: Rulebook,
    scores: Mapping[str, MonthlyScore],
    colors: Mapping[str, MonthlyColors],
) -> tuple[Published, Published]:
    """Return what was published, and what should have been."""
    if kind == "score":
        kept = from_plain(MonthlyScore, value)
        readings = measuring.readings(
            ledger.connection, kept.period, kept.cut, book, kept.revisions
        )
        again = publication.month_scored(
            kept.period, kept.cut, readings, book, kept.revisions
        )
        return kept, again
    if kind == "colors":
        colored = from_plain(MonthlyColors, value)
        before = colors.get(month_before(colored.period))
        month = scores[colored.period]
        return colored, publication.month_colored(
            month, before, book, colored.revisions
        )
    ranked = from_plain(QuarterlyRanking, value)
    months = [scores.get(one) for one in months_of(ranked.period)]
    return ranked, publication.quarter_ranked(
        ranked.period, months, book, ranked.revisions
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
