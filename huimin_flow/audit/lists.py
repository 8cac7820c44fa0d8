"""The December lists chosen again, from the history up to their cut (B5)."""

from __future__ import annotations

from typing import Any

from huimin_flow.audit.findings import Flaw
from huimin_flow.audit.ledger import Ledger
from huimin_flow.clock import local_day
from huimin_flow.model.edition import LeftOut
from huimin_flow.model.plain import to_plain
from huimin_flow.rules.selection import Selection, consolidate
from huimin_flow.store.candidates import candidates_at
from huimin_flow.store.history import moment_of


def hold_lists(ledger: Ledger) -> None:
    """Choose every list of the listing job again, and compare."""
    for (job, year), run in sorted(ledger.jobs.items()):
        if job == "listing":
            try:
                _hold(ledger, year, run)
            except (ValueError, KeyError, TypeError) as error:
                ledger.found(Flaw.DECISION_MISMATCH, f"list/{year}", error)


def _hold(ledger: Ledger, year: str, run: dict[str, Any]) -> None:
    book = ledger.books[run["rulebook"]]
    candidates = candidates_at(ledger.connection, int(run["cut"]))
    units = book.organization.listing_units(local_day(moment_of(run["due"])))
    by_unit, city = consolidate(candidates, units, book.rules.selection)
    expected = {f"list/{year}/{unit}": one for unit, one in by_unit.items()}
    expected[f"list/{year}/city"] = city
    for key, selected in expected.items():
        kept = ledger.frozen.get(key)
        if kept is None:
            ledger.found(Flaw.DECISION_MISMATCH, key, "no such list was frozen")
        elif any(kept.get(name) != one for name, one in _parts(selected).items()):
            ledger.found(Flaw.DECISION_MISMATCH, key)
    strange = {one for one in ledger.frozen if one.startswith(f"list/{year}/")}
    for key in sorted(strange - set(expected)):
        ledger.found(Flaw.DECISION_MISMATCH, key, "a list that nobody should keep")


def _parts(selected: Selection) -> dict[str, Any]:
    left_out = tuple(LeftOut(item=one, reason=why) for one, why in selected.left_out)
    return {"places": to_plain(selected.chosen), "left_out": to_plain(left_out)}
