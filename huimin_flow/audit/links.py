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

from typing import Final

from huimin_flow.audit.ledger import Ledger
from huimin_flow.catalogue.terms import Flaw, RecordStep, Step, StreamKind
from huimin_flow.model.core.canonical import canonical, digest
from huimin_flow.model.core.events import Event
from huimin_flow.model.core.proposals import Proposal
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.deciding.lists import Edition, Place
from huimin_flow.model.items import Item
from huimin_flow.model.services.ratings import FollowUp
from huimin_flow.store.services import follow_ups
from huimin_flow.streams import TWO_PERSON_ACTS

#: By the field that names a parent, the step of the parent that names the child.
_PARENTS: Final = {
    "continues": Step.CARRY_OVER,
    "responds_to": Step.RESPOND,
    "split_from": Step.SPLIT,
}


def hold_heirs(ledger: Ledger) -> None:
    """Ask for each item that a step named as its child."""
    for child, (parent, step) in sorted(ledger.heirs.items()):
        if child not in ledger.items:
            place = StreamKind.ITEM.key(parent)
            ledger.flag(Flaw.ROW_MISSING, place, f"{step} {child}", law="links 1")


def hold_links(
    ledger: Ledger, event: Event, before: object, after: object, place: str
) -> None:
    """Hold what an event says of other streams, and keep what others may say of it."""
    if "confirmed_by" in event.public:
        ledger.confirmed[event.stream] = event
    if isinstance(after, Item):
        _hold_family(ledger, event, after, place)
    elif isinstance(after, Proposal) and event.step == RecordStep.PROPOSE:
        _hold_proposal(ledger, after, place)
    elif isinstance(after, Proposal) and event.step == RecordStep.APPROVE:
        _hold_approval(ledger, event, after, place)
    elif isinstance(after, Edition):
        places = before.places if isinstance(before, Edition) else ()
        _hold_places(ledger, event, places, after.places, place)
    elif isinstance(after, FollowUp) and event.n == 1:
        rating = follow_ups.rating(ledger.connection, after.transaction)
        if rating is None or not rating.level.bad:
            about = after.transaction
            ledger.flag(Flaw.FACTS_MISMATCH, place, about, law="links 5")
        elif rating.unit != after.unit:
            ledger.flag(Flaw.FACTS_MISMATCH, place, rating.unit, law="links 5")


def _hold_family(ledger: Ledger, event: Event, item: Item, place: str) -> None:
    """Keep the children that a step names; hold a birth against what named it."""
    children = [event.public.get("successor"), *event.public.get("children", ())]
    for child in filter(None, children):
        ledger.heirs[str(child)] = (item.number, event.step)
    if event.source is None:
        for field, step in _PARENTS.items():
            parent = getattr(item, field)
            if parent is not None and ledger.heirs.get(item.number) != (parent, step):
                named = f"{field} {parent}"
                ledger.flag(Flaw.ILLEGAL_EVENT, place, named, law="links 1")


def _hold_proposal(ledger: Ledger, proposal: Proposal, place: str) -> None:
    for stream, rested in proposal.rests.items():
        n, tail = ledger.tails.get(stream, (0, b""))
        here = (rested.version, rested.leaf) == (n, tail.hex())
        # Where several write at once it may have moved on before this was committed.
        if not here and (ledger.one_writer or not 0 < rested.version < n):
            ledger.flag(Flaw.ILLEGAL_EVENT, place, f"{stream} #{n}", law="links 2")
    asked = [proposal.act, to_plain(proposal.values), to_plain(proposal.rests)]
    seen = digest(canonical([*asked, proposal.makes]))
    if proposal.seen != seen:
        ledger.flag(Flaw.ILLEGAL_EVENT, place, seen, law="links 2")


def _hold_approval(
    ledger: Ledger, event: Event, proposal: Proposal, place: str
) -> None:
    steps = set()
    for stream, rested in proposal.rests.items():
        done = ledger.confirmed.get(stream)
        people = (proposal.by, event.actor, event.request)
        asked = (rested.version + 1, rested.leaf or None, *people)
        if done is not None and asked == (
            done.n, done.previous,
            done.actor, done.public["confirmed_by"], done.request,
        ):  # fmt: skip
            steps.add(done.step)
        else:
            ledger.flag(Flaw.ILLEGAL_EVENT, place, stream, law="links 3")
    if TWO_PERSON_ACTS[proposal.act].step not in steps:
        ledger.flag(Flaw.ILLEGAL_EVENT, place, proposal.act, law="links 3")


def _hold_places(
    ledger: Ledger,
    event: Event,
    old: tuple[Place, ...],
    new: tuple[Place, ...],
    place: str,
) -> None:
    """Hold a list's places against those before, and against the items' own steps."""
    right = True
    entered: tuple[Place, ...] = ()
    left: list[Place] = []
    if event.step == RecordStep.OPEN:
        entered = new
    elif event.step == RecordStep.SUPPLEMENT:
        entered = new[-1:]
        items = {added.item for added in entered}
        kept = tuple(each for each in old if each.item not in items)
        rank = max((each.rank for each in old), default=0) + 1
        right = new == (*kept, *entered) and [e.rank for e in entered] == [rank]
    elif event.step == RecordStep.AMEND:
        left = [each for each in old if each not in new]
        right = tuple(each for each in old if each not in left) == new
    if not right:
        ledger.flag(Flaw.DECISION_MISMATCH, place, "places", law="links 4")
    for steps, moved in (
        ({Step.ENLIST}, entered),
        ({Step.CANCEL, Step.DEFER}, left),
    ):
        for each in moved:
            done = ledger.confirmed.get(StreamKind.ITEM.key(each.item))
            item = ledger.items.get(each.item)
            stands = item and (item.unit, item.area, item.stars)
            if (
                done is None
                or done.request != event.request
                or done.step not in steps
                or (each in entered and stands != (each.unit, each.area, each.stars))
            ):
                ledger.flag(Flaw.DECISION_MISMATCH, place, each.item, law="links 4")
