"""The December lists chosen again, from the history up to their cut (B5).

1. A listing can be chosen again by the rulebook of its cut.
2. What a job enlisted has its place on a list that was frozen.
3. Every unit that keeps a list, and the city, has one; nobody else has.
4. Its places, who was left out and why, and who had moved on, are as chosen again.
"""

from __future__ import annotations

from collections.abc import Iterator

from huimin_flow.audit.ledger import Entry, Frozen, Ledger
from huimin_flow.catalogue.terms import Flaw, State, StreamKind
from huimin_flow.clock import local_day
from huimin_flow.model.deciding.lists import CITY, unit_of_list
from huimin_flow.rules.deciding.lists import (
    Selection,
    candidates,
    consolidate,
    placed_after,
)
from huimin_flow.store.core import repository
from huimin_flow.store.core.history import moment_of


def hold_lists(ledger: Ledger) -> None:
    """Choose every list of the listing job again, and compare."""
    for (job, year), run in sorted(ledger.jobs.items()):
        if job == "listing" and not run.public["result"].startswith('{"skipped"'):
            ledger.pause()
            try:
                _hold(ledger, year, run)
            except (ValueError, KeyError, TypeError) as error:
                ledger.flag(
                    Flaw.DECISION_MISMATCH,
                    StreamKind.LIST.key(year),
                    error,
                    law="lists 1",
                )
    for number, key, rank in ledger.enlisted:
        kept = ledger.frozen.get(key)
        places = () if kept is None else kept.value.places
        if (number, rank) not in {(one.item, one.rank) for one in places}:
            ledger.flag(
                Flaw.DECISION_MISMATCH,
                StreamKind.ITEM.key(number),
                f"not on {key}",
                law="lists 2",
            )


def _hold(ledger: Ledger, year: str, run: Entry) -> None:
    book = ledger.books[run.rulebook]
    cut = int(run.public["cut"])
    starred = repository.items_at(ledger.connection, State.STARRED, cut)
    units = book.organization.listing_units(local_day(moment_of(run.public["due"])))
    by_unit, city = consolidate(candidates(starred), units, book.rules.selection)
    expected = {StreamKind.LIST.key(year, unit): one for unit, one in by_unit.items()}
    expected[StreamKind.LIST.key(year, CITY)] = city
    for key, selected in expected.items():
        kept = ledger.frozen.get(key)
        if kept is None:
            ledger.flag(
                Flaw.DECISION_MISMATCH, key, "no such list was frozen", law="lists 3"
            )
        else:
            for field in _unlike(ledger, selected, kept):
                ledger.flag(Flaw.DECISION_MISMATCH, key, field, law="lists 4")
    strange = {
        one for one in ledger.frozen if one.startswith(StreamKind.LIST.key(year, ""))
    }
    for key in sorted(strange - set(expected)):
        ledger.flag(
            Flaw.DECISION_MISMATCH, key, "a list that nobody should keep", law="lists 3"
        )


def _unlike(ledger: Ledger, selected: Selection, kept: Frozen) -> Iterator[str]:
    """Yield the fields of a frozen list that are not as they are chosen again."""
    before = () if kept.before is None else kept.before.places
    if kept.value.places != placed_after(before, selected.chosen):
        yield "places"
    if [(one.item, one.reason) for one in kept.value.left_out] != [*selected.left_out]:
        yield "left_out"
    unit = unit_of_list(kept.value.key)
    moved = {number for number, key, _ in ledger.enlisted if key == kept.value.key}
    left = {one.item for one in selected.chosen} - moved
    unmoved = tuple(one.item for one in kept.value.places if one.item in left)
    if kept.value.unmoved != (() if unit is None else unmoved):
        yield "unmoved"
