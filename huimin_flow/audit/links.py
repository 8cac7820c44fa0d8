"""What events of several streams say of each other: births, approvals, lists.

1. An item that continues, responds to or was split from another was named by a step
   of that one, and each that was named was born.
2. A proposal rests on where its streams stood, and its code covers all it asks for.
3. An approval did what was asked for, from just there, in one act of the two people.
4. What two people put on a list was listed in the same act, last and as it stands;
   what they took off left it in the same act. Nothing else moves there.
5. A follow-up is of a bad rating, and of its unit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from huimin_flow.audit.ledger import Confirmed, Ledger
from huimin_flow.catalogue.terms import Flaw, RecordStep, Step, StreamKind
from huimin_flow.model.core.canonical import canonical, digest
from huimin_flow.model.core.events import Event
from huimin_flow.model.core.proposals import TWO_PERSON_ACTS, Proposal
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.deciding.lists import Edition, Place
from huimin_flow.model.items import Item
from huimin_flow.model.services.ratings import FollowUp
from huimin_flow.store.services import follow_ups


class Wrong(NamedTuple):
    """What doesn't agree, which law it breaks, and what was expected."""

    flaw: Flaw
    law: int
    detail: object = ""


#: By the field that names a parent, the step of the parent that names the child.
_PARENTS: Final = {
    "continues": Step.CARRY_OVER,
    "responds_to": Step.RESPOND,
    "split_from": Step.SPLIT,
}


def hold_family(ledger: Ledger, event: Event, item: Item) -> Iterator[Wrong]:
    """Keep the children that a step names; hold a birth against what named it."""
    children = [event.public.get("successor"), *event.public.get("children", ())]
    for child in filter(None, children):
        ledger.heirs[str(child)] = (item.number, event.step)
    if event.source is None:
        for field, step in _PARENTS.items():
            parent = getattr(item, field)
            if parent is not None and ledger.heirs.get(item.number) != (parent, step):
                yield Wrong(Flaw.ILLEGAL_EVENT, 1, f"{field} {parent}")


def hold_heirs(ledger: Ledger) -> None:
    """Ask for each item that a step named as its child."""
    for child, (parent, step) in sorted(ledger.heirs.items()):
        if child not in ledger.items:
            place = StreamKind.ITEM.key(parent)
            ledger.found(Flaw.ROW_MISSING, place, f"{step} {child}", law="links 1")


def hold_record(
    ledger: Ledger, event: Event, before: object, after: object
) -> list[Wrong]:
    """Hold what a record says of other streams."""
    if isinstance(after, Proposal):
        asked = event.step == RecordStep.PROPOSE
        found = _asked(ledger, after) if asked else _approved(ledger, event, after)
        return list(found)
    if isinstance(after, Edition):
        return list(_listed(ledger, event, before, after))
    if isinstance(after, FollowUp) and event.n == 1:
        return list(_rated(ledger, after))
    return []


def _asked(ledger: Ledger, proposal: Proposal) -> Iterator[Wrong]:
    one_writer = ledger.connection.dialect.name == "sqlite"
    for stream, rested in proposal.rests.items():
        n, tail = ledger.tails.get(stream, (0, b""))
        here = (rested.version, rested.leaf) == (n, tail.hex())
        # Where several write at once it may have moved on before this was committed.
        if not here and (one_writer or not 0 < rested.version < n):
            yield Wrong(Flaw.ILLEGAL_EVENT, 2, f"{stream} #{n}")
    asked = [proposal.act, to_plain(proposal.values), to_plain(proposal.rests)]
    seen = digest(canonical([*asked, proposal.makes]))
    if proposal.seen != seen:
        yield Wrong(Flaw.ILLEGAL_EVENT, 2, seen)


def _approved(ledger: Ledger, event: Event, proposal: Proposal) -> Iterator[Wrong]:
    if event.step != RecordStep.APPROVE:
        return
    steps = set()
    for stream, rested in proposal.rests.items():
        done = ledger.confirmed.get(stream)
        if done is None or done != Confirmed(
            n=rested.version + 1,
            step=done.step,
            actor=proposal.by,
            second=event.actor,
            request=event.request,
            previous=rested.leaf or None,
        ):
            yield Wrong(Flaw.ILLEGAL_EVENT, 3, stream)
        else:
            steps.add(done.step)
    if TWO_PERSON_ACTS[proposal.act].step not in steps:
        yield Wrong(Flaw.ILLEGAL_EVENT, 3, proposal.act)


def _listed(
    ledger: Ledger, event: Event, before: object, after: Edition
) -> Iterator[Wrong]:
    was = before.places if isinstance(before, Edition) else ()
    if event.step == RecordStep.SUPPLEMENT:
        added = after.places[-1:]
        items = {one.item for one in added}
        kept = tuple(one for one in was if one.item not in items)
        rank = max((one.rank for one in was), default=0) + 1
        if after.places != (*kept, *added) or [one.rank for one in added] != [rank]:
            yield Wrong(Flaw.DECISION_MISMATCH, 4, "places")
        yield from _entered(ledger, event, added)
    elif event.step == RecordStep.OPEN:
        yield from _entered(ledger, event, after.places)
    elif event.step == RecordStep.AMEND:
        left = [one for one in was if one not in after.places]
        if tuple(one for one in was if one not in left) != after.places:
            yield Wrong(Flaw.DECISION_MISMATCH, 4, "places")
        for place in left:
            if not _moved_with(ledger, event, place, {Step.CANCEL, Step.DEFER}):
                yield Wrong(Flaw.DECISION_MISMATCH, 4, place.item)


def _entered(
    ledger: Ledger, event: Event, places: tuple[Place, ...]
) -> Iterator[Wrong]:
    for place in places:
        item = ledger.items.get(place.item)
        stands = item and (item.unit, item.area, item.stars)
        if stands != (place.unit, place.area, place.stars) or not _moved_with(
            ledger, event, place, {Step.ENLIST}
        ):
            yield Wrong(Flaw.DECISION_MISMATCH, 4, place.item)


def _moved_with(ledger: Ledger, event: Event, place: Place, steps: set[Step]) -> bool:
    """Tell whether an item took one of the steps in the same act."""
    done = ledger.confirmed.get(StreamKind.ITEM.key(place.item))
    return done is not None and (done.request == event.request and done.step in steps)


def _rated(ledger: Ledger, follow_up: FollowUp) -> Iterator[Wrong]:
    rating = follow_ups.rating(ledger.connection, follow_up.transaction)
    if rating is None or not rating.level.bad:
        yield Wrong(Flaw.FACTS_MISMATCH, 5, follow_up.transaction)
    elif rating.unit != follow_up.unit:
        yield Wrong(Flaw.FACTS_MISMATCH, 5, rating.unit)
