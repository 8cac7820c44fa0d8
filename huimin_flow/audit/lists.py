"""The December lists chosen again, from the history up to their cut (B5)."""

from __future__ import annotations

from typing import Any

from huimin_flow.audit.ledger import Entry, Frozen, Ledger
from huimin_flow.catalogue.terms import Flaw, State, StreamKind
from huimin_flow.clock import local_day
from huimin_flow.model.edition import CITY, LeftOut, Place
from huimin_flow.model.plain import from_plain, to_plain
from huimin_flow.rules.selection import Selection, candidates, consolidate, placed_after
from huimin_flow.store import repository
from huimin_flow.store.history import moment_of


def hold_lists(ledger: Ledger) -> None:
    """Choose every list of the listing job again, and compare."""
    for (job, year), run in sorted(ledger.jobs.items()):
        if job == "listing" and not run.said["result"].startswith('{"skipped"'):
            ledger.pause()
            try:
                _hold(ledger, year, run)
            except (ValueError, KeyError, TypeError) as error:
                ledger.found(Flaw.DECISION_MISMATCH, StreamKind.LIST.key(year), error)
    for number, key, rank in ledger.enlisted:
        kept = ledger.frozen.get(key)
        places = () if kept is None else kept.value["places"]
        if (number, rank) not in {(one["item"], one["rank"]) for one in places}:
            ledger.found(
                Flaw.DECISION_MISMATCH, StreamKind.ITEM.key(number), f"not on {key}"
            )


def _hold(ledger: Ledger, year: str, run: Entry) -> None:
    book = ledger.books[run.rulebook]
    cut = int(run.said["cut"])
    starred = repository.items_at(ledger.connection, State.STARRED, cut)
    units = book.organization.listing_units(local_day(moment_of(run.said["due"])))
    by_unit, city = consolidate(candidates(starred), units, book.rules.selection)
    expected = {StreamKind.LIST.key(year, unit): one for unit, one in by_unit.items()}
    expected[StreamKind.LIST.key(year, CITY)] = city
    for key, selected in expected.items():
        kept = ledger.frozen.get(key)
        if kept is None:
            ledger.found(Flaw.DECISION_MISMATCH, key, "no such list was frozen")
        elif any(kept.value.get(n) != one for n, one in _parts(selected, kept).items()):
            ledger.found(Flaw.DECISION_MISMATCH, key)
    strange = {
        one for one in ledger.frozen if one.startswith(StreamKind.LIST.key(year, ""))
    }
    for key in sorted(strange - set(expected)):
        ledger.found(Flaw.DECISION_MISMATCH, key, "a list that nobody should keep")


def _parts(selected: Selection, kept: Frozen) -> dict[str, Any]:
    left_out = tuple(LeftOut(item=one, reason=why) for one, why in selected.left_out)
    before = from_plain(tuple[Place, ...], kept.before)
    places = placed_after(before, selected.chosen)
    return {"places": to_plain(places), "left_out": to_plain(left_out)}
