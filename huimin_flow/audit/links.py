"""Relations between events of several streams: new items, approvals, lists.

1. If an item continues, responds to or was split from another item, a step of that
   other item names it; and every item that such a step names exists.
2. A proposal names the last event of each of its streams, and its code covers all
   its arguments.
3. An approval does the proposed act on these events, in one act of both people.
4. A follow-up belongs to a bad rating and to its unit.
5. A response that takes up a demand names an item that responds to it, made in the
   same act; and every item that responds to a demand is named by such a response.
6. Advice begins with a step of its item, in the same act, with the same grounds and
   recommendation.
"""

from __future__ import annotations

from typing import Final

from huimin_flow.audit.core.applied import Applied
from huimin_flow.audit.deciding.editions import hold_edition
from huimin_flow.audit.deciding.lists import hold_consolidation
from huimin_flow.audit.ledger import Ledger
from huimin_flow.catalogue.terms import Flaw, RatingLevel, RecordStep, Step, StreamKind
from huimin_flow.model.core.canonical import canonical, digest
from huimin_flow.model.core.proposals import Proposal
from huimin_flow.model.core.values import to_plain
from huimin_flow.model.deciding.ledgers import Response
from huimin_flow.model.deciding.lists import Edition
from huimin_flow.model.improving.advice import Advice
from huimin_flow.model.items import Item
from huimin_flow.model.services.ratings import FollowUp
from huimin_flow.streams import TWO_PERSON_ACTS

#: By the field that names a parent, the step of the parent that names the child.
_PARENTS: Final = {
    "continues": Step.CARRY_OVER,
    "responds_to": Step.RESPOND,
    "split_from": Step.SPLIT,
}


def hold_heirs(ledger: Ledger) -> None:
    """Check that every named child exists, and that responses name theirs."""
    named = {
        response.successor
        for response in ledger.values.values()
        if isinstance(response, Response)
    }
    for number, item in sorted(ledger.items.items()):
        if item.responds_to is not None and number not in named:
            place = StreamKind.ITEM.key(number)
            ledger.flag(Flaw.ROW_MISSING, place, item.responds_to, law="links 5")
    for child, (parent, step) in sorted(ledger.heirs.items()):
        if child not in ledger.items:
            place = StreamKind.ITEM.key(parent)
            ledger.flag(Flaw.ROW_MISSING, place, f"{step} {child}", law="links 1")


def hold_links(act: Applied) -> None:
    """Check an event's references to other streams, and keep data for later checks."""
    ledger, event, before, after = act.ledger, act.event, act.before, act.after
    if "confirmed_by" in event.public:
        ledger.confirmed[event.stream] = event
    if isinstance(after, Item):
        _check_family(act, after)
    elif isinstance(after, Proposal) and event.step == RecordStep.PROPOSE:
        _check_proposal(act, after)
    elif isinstance(after, Proposal) and event.step == RecordStep.APPROVE:
        _check_approval(act, after)
    elif isinstance(after, Edition):
        hold_edition(act, before, after)
        if event.step == RecordStep.CONSOLIDATE:
            hold_consolidation(act, after)
    elif isinstance(after, Advice) and event.n == 1:
        _check_advice(act, after)
    elif isinstance(after, FollowUp | Response):
        _check_answer(act, after)


def _check_answer(act: Applied, after: FollowUp | Response) -> None:
    """Compare a follow-up with its rating, or a response with the unit's own item."""
    ledger, event = act.ledger, act.event
    if isinstance(after, Response):
        made = ledger.items.get(after.successor)
        number = None if made is None else made.responds_to
        born = ledger.born.get(after.successor)
        if event.step == RecordStep.TAKE_UP and (number, born) != (
            after.item,
            event.request,
        ):
            act.flag(Flaw.ILLEGAL_EVENT, after.successor, law="links 5")
    elif event.n == 1:
        rating = ledger.facts.rating(after.transaction)
        if rating is None or not RatingLevel(rating.level).bad:
            act.flag(Flaw.FACTS_MISMATCH, after.transaction, law="links 4")
        elif rating.unit != after.unit and event.step != RecordStep.HAND_OVER:
            act.flag(Flaw.FACTS_MISMATCH, rating.unit, law="links 4")


def _check_family(act: Applied, item: Item) -> None:
    """Keep the children that a step names; check that a parent names a new item."""
    event, heirs = act.event, act.ledger.heirs
    if event.step == Step.ADVISE:
        act.ledger.advised[str(event.public.get("advice"))] = event
    children = [event.public.get("successor"), *event.public.get("children", ())]
    for child in filter(None, children):
        heirs[str(child)] = (item.number, event.step)
    if event.source is None:
        if item.responds_to is not None:
            act.ledger.born[item.number] = event.request
        for field, step in _PARENTS.items():
            parent = getattr(item, field)
            if parent is not None and heirs.get(item.number) != (parent, step):
                act.flag(Flaw.ILLEGAL_EVENT, f"{field} {parent}", law="links 1")


def _check_advice(act: Applied, advice: Advice) -> None:
    """Compare new advice with the step of its item with which it began."""
    begun = act.ledger.advised.get(act.event.stream)
    named = {"advice": act.event.stream, "changes": {}}
    said = {"extensions"}  # of hosts: ``extensions`` holds it
    same = begun is not None and (
        begun.request,
        begun.verdict,
        {name: part for name, part in begun.public.items() if name not in said},
    ) == (
        act.event.request,
        to_plain(advice.verdict),
        {**named, "recommendation": advice.recommendation.value},
    )
    if not same:
        act.flag(Flaw.ILLEGAL_EVENT, advice.item, law="links 6")


def _check_proposal(act: Applied, proposal: Proposal) -> None:
    ledger = act.ledger
    for stream, rested in proposal.rests.items():
        n, tail = ledger.tails.get(stream, (0, b""))
        current = (rested.version, rested.leaf) == (n, tail.hex())
        # With several writers, it may have changed before this event was committed.
        if not current and (ledger.one_writer or not 0 < rested.version < n):
            act.flag(Flaw.ILLEGAL_EVENT, f"{stream} #{n}", law="links 2")
    content = [proposal.act, to_plain(proposal.values), to_plain(proposal.rests)]
    seen = digest(canonical([*content, proposal.makes]))
    if proposal.seen != seen:
        act.flag(Flaw.ILLEGAL_EVENT, seen, law="links 2")


def _check_approval(act: Applied, proposal: Proposal) -> None:
    event, steps = act.event, set()
    declared = TWO_PERSON_ACTS[proposal.act]
    first, second = proposal.by, event.actor
    if declared.asks is not None:
        first, second = second, first  # the second person takes the step
    for stream, rested in proposal.rests.items():
        done = act.ledger.confirmed.get(stream)
        people = (first, second, event.request)
        expected = (rested.version + 1, rested.leaf or None, *people)
        if done is not None and expected == (
            done.n, done.previous,
            done.actor, done.public["confirmed_by"], done.request,
        ):  # fmt: skip
            steps.add(done.step)
        else:
            act.flag(Flaw.ILLEGAL_EVENT, stream, law="links 3")
    if steps.isdisjoint({declared.step, declared.otherwise}):
        act.flag(Flaw.ILLEGAL_EVENT, proposal.act, law="links 3")
