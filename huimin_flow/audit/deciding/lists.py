"""The frozen lists, selected again from the history up to their cut (B5).

1. The selection can be repeated with the rulebook of its cut.
2. An item that a job enlisted has its place on a frozen list.
3. Every unit with a list of its own has one, and every area has a proposal; of a
   quarter also the city has one. Nobody else has one.
4. Places, items left out with their reasons, and items that had moved on equal the
   repeated selection. Whom guards of extensions refused, and at which rank, is taken
   from the event of the job, and ``extensions`` holds it.
5. The city's list of a year has the areas' proposals one after the other, without
   items that had left; it names the areas that had not proposed.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from huimin_flow.audit.core.applied import Applied
from huimin_flow.audit.ledger import Entry, Ledger
from huimin_flow.catalogue.reasons import Reasons
from huimin_flow.catalogue.terms import Area, Flaw, Job, StreamKind
from huimin_flow.clock import local_day
from huimin_flow.model.core.events import Reason
from huimin_flow.model.deciding.lists import (
    CITY,
    Edition,
    Place,
    area_of_list,
    is_silent,
    unit_of_list,
)
from huimin_flow.rules.deciding.lists import (
    Selection,
    candidates,
    choose,
    consolidated,
    draft,
    in_phase,
    numbered,
    of_heirs,
    placed_after,
)
from huimin_flow.rules.extensions import refusals_in
from huimin_flow.store.core.history import moment_of
from huimin_flow.store.deciding.lists import starred_items

#: What the selection says of a place; the rest is the item's content.
_CHOSEN = attrgetter("item", "rank", "unit", "area", "stars")


def hold_lists(ledger: Ledger) -> None:
    """Repeat the selection of every list of the listing jobs, and compare."""
    for (job, period), run in sorted(ledger.jobs.items()):
        if job in {Job.LISTING, Job.PHASE_LISTING}:
            ledger.pause()
            try:
                _check_listing(ledger, period, run)
            except (ValueError, LookupError, TypeError, AttributeError) as error:
                place = StreamKind.LIST.key(period)
                ledger.flag(Flaw.DECISION_MISMATCH, place, error, law="lists 1")
    for number, key, rank in ledger.enlisted:
        frozen = ledger.frozen.get(key)
        places = () if frozen is None else frozen.value.places
        if (number, rank) not in {(place.item, place.rank) for place in places}:
            item = StreamKind.ITEM.key(number)
            ledger.flag(Flaw.DECISION_MISMATCH, item, f"not on {key}", law="lists 2")


def hold_consolidation(act: Applied, city: Edition) -> None:
    """Compare a consolidated list with the areas' proposals at that moment."""
    values, key = act.ledger.values, StreamKind.LIST.key
    known = (values.get(key(city.period, area.value)) for area in Area)
    proposals = [each for each in known if isinstance(each, Edition)]
    places, out = consolidated(proposals, act.ledger.items)
    silent = tuple(area_of_list(each.key) for each in proposals if is_silent(each))
    wrong = {
        "places": [*map(_CHOSEN, city.places)] != [*map(_CHOSEN, places)],
        "left_out": city.left_out != out,
        "silent": city.silent != silent or (bool(silent) and not city.note),
    }
    for field in filter(wrong.get, wrong):
        act.flag(Flaw.DECISION_MISMATCH, field, law="lists 5")


def _expected(
    ledger: Ledger, period: str, run: Entry
) -> dict[str, tuple[Sequence[Place], Sequence[tuple[str, Reason]]]]:
    """Return who is chosen again for each list of a run, and who is left out."""
    book = ledger.books[run.rulebook]
    day = local_day(moment_of(run.public["due"]))
    starred = candidates(starred_items(ledger.connection, int(run.public["cut"])))
    starred, rule = of_heirs(starred, book.organization, day), book.rules.selection
    kept = {each["item"]: each for each in run.public.get("refused", ())}

    def refused(unit: str, selected: Selection) -> dict[str, Reasons]:
        """Return whom guards refused at the rank that the selection gives them."""
        key = StreamKind.LIST.key(period, unit)
        return {
            place.item: refusals_in(kept[place.item]["extensions"])
            for place in _on_list(ledger, key, selected.chosen)
            if place.item in kept
            and kept[place.item]["changes"] == {"edition": key, "rank": place.rank}
        }

    units: Sequence[str] = ()
    if "Q" in period:
        starred, rule = in_phase(starred, rule)
    else:
        units = book.organization.listing_units(day)
    by_unit = choose(starred, units, rule, refused if kept else None)
    drafts = draft(by_unit, rule)
    named = {unit: (each.chosen, each.left_out) for unit, each in by_unit.items()}
    if "Q" not in period:
        named |= {area: (each.chosen, each.left_out) for area, each in drafts.items()}
    elif named:
        places = numbered(drafted.chosen for drafted in drafts.values())
        out = (pair for each in drafts.values() for pair in each.left_out)
        named[CITY] = (places, tuple(out))
    return {StreamKind.LIST.key(period, name): each for name, each in named.items()}


def _on_list(ledger: Ledger, key: str, chosen: Sequence[Place]) -> Sequence[Place]:
    """Return the places of a list: after those that it had, the newly chosen."""
    frozen = ledger.frozen.get(key)
    before = None if frozen is None else frozen.before
    return placed_after(before.places if before else (), chosen)


def _check_listing(ledger: Ledger, period: str, run: Entry) -> None:
    if run.public["result"].startswith('{"skipped"'):
        return
    expected = _expected(ledger, period, run)
    for key, (places, out) in expected.items():
        frozen = ledger.frozen.get(key)
        if frozen is None:
            detail = "no such list was frozen"
            ledger.flag(Flaw.DECISION_MISMATCH, key, detail, law="lists 3")
            continue
        edition, chosen = frozen.value, _on_list(ledger, key, places)
        left_out = [(entry.item, entry.reason) for entry in edition.left_out]
        moved = {number for number, listed_on, _ in ledger.enlisted if listed_on == key}
        unmoved = {place.item for place in places} - moved
        if unit_of_list(key) is None:  # only a unit's list enlists items
            unmoved = set()
        in_order = tuple(p.item for p in edition.places if p.item in unmoved)
        wrong = {
            "places": [*map(_CHOSEN, edition.places)] != [*map(_CHOSEN, chosen)],
            "left_out": left_out != [*out],
            "unmoved": edition.unmoved != in_order,
        }
        for field in filter(wrong.get, wrong):
            ledger.flag(Flaw.DECISION_MISMATCH, key, field, law="lists 4")
    prefix = StreamKind.LIST.key(period, "")
    for key in sorted(ledger.frozen.keys() - expected.keys()):
        if key.startswith(prefix):
            detail = "a list that nobody should keep"
            ledger.flag(Flaw.DECISION_MISMATCH, key, detail, law="lists 3")
