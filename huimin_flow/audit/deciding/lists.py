"""The December lists, selected again from the history up to their cut (B5).

1. The selection can be repeated with the rulebook of its cut.
2. An item that a job enlisted has its place on a frozen list.
3. Every unit with a list of its own, and the city, has one; nobody else has one.
4. Places, items left out with their reasons, and items that had moved on equal the
   repeated selection.
"""

from __future__ import annotations

from huimin_flow.audit.ledger import Entry, Ledger
from huimin_flow.catalogue.terms import Flaw, Job, StreamKind
from huimin_flow.clock import local_day
from huimin_flow.model.deciding.lists import CITY, unit_of_list
from huimin_flow.rules.deciding.lists import candidates, consolidate, placed_after
from huimin_flow.store.core.history import moment_of
from huimin_flow.store.deciding.lists import starred_items


def hold_lists(ledger: Ledger) -> None:
    """Repeat the selection of every list of the listing job, and compare."""
    for (job, year), run in sorted(ledger.jobs.items()):
        if job == Job.LISTING:
            ledger.pause()
            try:
                _check_listing(ledger, year, run)
            except (ValueError, LookupError, TypeError, AttributeError) as error:
                place = StreamKind.LIST.key(year)
                ledger.flag(Flaw.DECISION_MISMATCH, place, error, law="lists 1")
    for number, key, rank in ledger.enlisted:
        frozen = ledger.frozen.get(key)
        places = () if frozen is None else frozen.value.places
        if (number, rank) not in {(place.item, place.rank) for place in places}:
            item = StreamKind.ITEM.key(number)
            ledger.flag(Flaw.DECISION_MISMATCH, item, f"not on {key}", law="lists 2")


def _check_listing(ledger: Ledger, year: str, run: Entry) -> None:
    if run.public["result"].startswith('{"skipped"'):
        return
    book = ledger.books[run.rulebook]
    cut = int(run.public["cut"])
    starred = starred_items(ledger.connection, cut)
    units = book.organization.listing_units(local_day(moment_of(run.public["due"])))
    by_unit, city = consolidate(candidates(starred), units, book.rules.selection)
    expected = {StreamKind.LIST.key(year, unit): by_unit[unit] for unit in by_unit}
    expected[StreamKind.LIST.key(year, CITY)] = city
    for key, selected in expected.items():
        frozen = ledger.frozen.get(key)
        if frozen is None:
            detail = "no such list was frozen"
            ledger.flag(Flaw.DECISION_MISMATCH, key, detail, law="lists 3")
            continue
        edition, before = frozen
        chosen = placed_after(before.places if before else (), selected.chosen)
        left_out = [(entry.item, entry.reason) for entry in edition.left_out]
        moved = {number for number, listed_on, _ in ledger.enlisted if listed_on == key}
        unmoved = {place.item for place in selected.chosen} - moved
        if unit_of_list(key) is None:  # the city list enlists no item
            unmoved = set()
        in_order = tuple(p.item for p in edition.places if p.item in unmoved)
        wrong = {
            "places": edition.places != chosen,
            "left_out": left_out != [*selected.left_out],
            "unmoved": edition.unmoved != in_order,
        }
        for field in filter(wrong.get, wrong):
            ledger.flag(Flaw.DECISION_MISMATCH, key, field, law="lists 4")
    prefix = StreamKind.LIST.key(year, "")
    for key in sorted(ledger.frozen.keys() - expected.keys()):
        if key.startswith(prefix):
            detail = "a list that nobody should keep"
            ledger.flag(Flaw.DECISION_MISMATCH, key, detail, law="lists 3")
