"""Editions of lists: each change of a list, and what was published (B5, C3, H8).

1. An item that two people add to a list is enlisted in the same act, in the last
   place and with its current values. An item that they remove leaves the list in the
   same act. A revision moves no item. A description rewrites one entry, and of it
   only what it says. Nothing else changes on the list.
2. An entry that an event writes has the title and the text of its item. Entries of
   an opening list have the words by which it was published until they are corrected.
   A text that a unit has described stands where it did so, and where it was taken over.
3. A list has the digest of its content.
4. The first change after a publication begins the next edition.
5. A dropped draft leaves the edition in force with the content of its publication.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from huimin_flow.audit.core.applied import Applied
from huimin_flow.catalogue.terms import (
    EditionState,
    EntryField,
    Flaw,
    RecordStep,
    Step,
    StreamKind,
)
from huimin_flow.model.deciding.lists import Edition, Place, content_digest

#: By step, the steps of the items that enter or leave a list by it.
_MOVES: Final = {
    RecordStep.OPEN.value: {Step.ENLIST},
    RecordStep.SUPPLEMENT.value: {Step.ENLIST},
    RecordStep.AMEND.value: {Step.CANCEL, Step.DEFER},
}

#: The steps that change the content of a list.
_CHANGES: Final = frozenset(
    {
        *_MOVES,
        RecordStep.FREEZE.value,
        RecordStep.DRAFT.value,
        RecordStep.ARRANGE.value,
        RecordStep.CONSOLIDATE.value,
        RecordStep.REVISE.value,
        RecordStep.DESCRIBE.value,
    }
)


def hold_edition(act: Applied, before: Edition | None, after: Edition) -> None:
    """Check an event of a list, and keep the edition in force."""
    old = () if before is None else before.places
    if not _follows(act, old, after.places):
        act.flag(Flaw.DECISION_MISMATCH, "places", law="editions 1")
    for number in _misplaced(act, old, after.places):
        act.flag(Flaw.DECISION_MISMATCH, number, law="editions 1")
    for number in _miswritten(act, old, after):
        act.flag(Flaw.DECISION_MISMATCH, number, law="editions 2")
    if content_digest(after) != after.digest:
        act.flag(Flaw.DECISION_MISMATCH, "digest", law="editions 3")
    step, issued = act.event.step, act.ledger.in_force
    edition = 1
    if before is not None:
        begins = before.state is EditionState.PUBLISHED and step in _CHANGES
        edition = before.edition + begins
    if step == RecordStep.DROP and after.key in issued:
        edition = issued[after.key].edition
        if after.digest != issued[after.key].digest:
            act.flag(Flaw.DECISION_MISMATCH, "digest", law="editions 5")
    if after.edition != edition:
        act.flag(Flaw.DECISION_MISMATCH, "edition", law="editions 4")
    if step in {RecordStep.PUBLISH, RecordStep.OPEN}:
        issued[after.key] = after
        act.ledger.opened.update({after.key} if step == RecordStep.OPEN else ())


def _entered(act: Applied, new: tuple[Place, ...]) -> tuple[Place, ...]:
    """Return the places that two people have added."""
    opened = act.event.step == RecordStep.OPEN
    if act.event.step == RecordStep.SUPPLEMENT:
        return new[-1:]
    return new if opened else ()


def _follows(act: Applied, old: tuple[Place, ...], new: tuple[Place, ...]) -> bool:
    """Tell whether a step may make these places of the old ones."""
    step = act.event.step
    if step == RecordStep.SUPPLEMENT:
        entered = _entered(act, new)
        items = {added.item for added in entered}
        kept = tuple(entry for entry in old if entry.item not in items)
        rank = max((entry.rank for entry in old), default=0) + 1
        return new == (*kept, *entered) and [e.rank for e in entered] == [rank]
    if step == RecordStep.AMEND:
        return tuple(entry for entry in old if entry in new) == new
    if step == RecordStep.DESCRIBE:
        said = [
            replace(was, described=entry.described, **_said(entry)) == entry
            for was, entry in zip(old, new, strict=False)
            if was != entry
        ]
        return len(old) == len(new) and said == [True]
    if step == RecordStep.REVISE:
        known = {entry.item: entry for entry in old}
        revised = {entry.item for entry in new if known.get(entry.item) != entry}
        moved = revised - act.ledger.stepped
        same = [(e.item, e.rank) for e in old] == [(e.item, e.rank) for e in new]
        return same and not moved
    return True


def _misplaced(
    act: Applied, old: tuple[Place, ...], new: tuple[Place, ...]
) -> Iterator[str]:
    """Yield the items that entered or left without a step of theirs in the same act."""
    event, ledger, entered = act.event, act.ledger, _entered(act, new)
    left = event.step == RecordStep.AMEND
    for entry in (entry for entry in old if entry not in new) if left else entered:
        done = ledger.confirmed.get(StreamKind.ITEM.key(entry.item))
        item = ledger.items.get(entry.item)
        now = item and (item.unit, item.area, item.stars)
        if (
            done is None
            or done.request != event.request
            or done.step not in _MOVES[event.step]
            or (entry in entered and now != (entry.unit, entry.area, entry.stars))
        ):
            yield entry.item


def _miswritten(act: Applied, old: tuple[Place, ...], after: Edition) -> Iterator[str]:
    """Yield the items whose entries an event has written in other words."""
    step = act.event.step
    if step not in _CHANGES or step in {RecordStep.AMEND, RecordStep.DESCRIBE}:
        return
    written = {entry.item: entry for entry in old}
    revised = step == RecordStep.REVISE
    opened = after.key in act.ledger.opened
    texts = {entry.item: entry.text for entry in old} if opened else {}
    for entry in after.places:
        item = act.ledger.items.get(entry.item)
        same = written.get(entry.item)
        if item is None or (same is not None and (not revised or same == entry)):
            continue
        kept = entry.text if step == RecordStep.OPEN else texts.get(entry.item)
        known_texts = {item.description, kept}
        if EntryField.TEXT in entry.described:
            known_texts = {place.text for place in old if place.item == entry.item}
            known_texts |= {
                place.text
                for edition in act.ledger.of(Edition, after.period)
                if edition.key != after.key
                and (place := edition.place(entry.item)) is not None
            }
        if entry.title != item.title or entry.text not in known_texts:
            yield entry.item


def _said(entry: Place) -> dict[str, Any]:
    """Return the parts of an entry that its unit has described."""
    return {part.value: getattr(entry, part.value) for part in entry.described}
