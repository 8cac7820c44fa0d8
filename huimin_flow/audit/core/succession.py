"""Transfers between units, computed again from the organization of their day (F1).

1. A transfer moves only what the former unit had in an item: the item, and tasks for
   which that unit was accountable. A job's transfer moves all of it.
2. A record is handed over to the one successor of its unit on that day.
3. A job of a unit's last day leaves no open item, task or record with a unit that has
   one successor, but items that guards of extensions refused: ``extensions`` holds it.
"""

from __future__ import annotations

from huimin_flow.audit.core.applied import Applied
from huimin_flow.audit.ledger import Ledger
from huimin_flow.catalogue.terms import Flaw, RecordStep, Step, StreamKind, Via
from huimin_flow.clock import local_day
from huimin_flow.model.core.events import Event
from huimin_flow.model.executing.plans import Plan
from huimin_flow.model.items import Item
from huimin_flow.rules.core.due import unit_end
from huimin_flow.rules.succession import transferred, units_of
from huimin_flow.states.table import ENDS
from huimin_flow.store.succession import HANDED_ON


def hold_transfer(act: Applied) -> None:
    """Compare what an event has transferred with what it could."""
    event, before, after = act.event, act.before, act.after
    if isinstance(after, Item) and event.step == Step.TRANSFER:
        former, unit = (str(event.public.get(name)) for name in ("former", "unit"))
        whole = transferred(before, former, unit)
        parts = [
            transferred(before, former, unit, task=task.key)
            for task in (before.plan or Plan()).tasks
            if task.unit == former and event.via != Via.SERVICE
        ]
        moved = {
            name: getattr(after, name)
            for name in ("unit", "plan")
            if getattr(after, name) != getattr(before, name)
        }
        counted = after.transfers == before.transfers + 1
        if not moved or moved not in [whole, *parts] or not counted:
            act.flag(Flaw.DECISION_MISMATCH, unit, part="unit", law="succession 1")
    elif event.step == RecordStep.HAND_OVER:
        book = act.ledger.books[str(event.rulebook)]
        former = before.unit if before is not None else _rated(act)
        heir = book.organization.heir(former, local_day(event.at))
        if heir == former or after.unit != heir:
            act.flag(Flaw.DECISION_MISMATCH, heir, part="unit", law="succession 2")


def _rated(act: Applied) -> str:
    """Return the unit of the bad rating that a new follow-up is about."""
    rating = act.ledger.facts.rating(act.after.transaction)
    return "" if rating is None else rating.unit


def hold_succession(ledger: Ledger, event: Event) -> None:
    """Check at the end of a job that nothing is left with the unit that ended."""
    former, _ = unit_end(str(event.public["period"]))
    book = ledger.books[ledger.activations[-1][-1]]
    if book.organization.heir(former, local_day(event.at)) == former:
        return
    refused = {each["item"] for each in event.public.get("refused", ())}
    left = [
        StreamKind.ITEM.key(number)
        for number, item in ledger.items.items()
        if item.state not in ENDS and former in units_of(item)
        if number not in refused
    ]
    for stream, record in ledger.values.items():
        states = HANDED_ON.get(type(record))
        if states and record.state in states and record.unit == former:
            left.append(stream)
    for stream in left:
        ledger.flag(Flaw.ROW_MISSING, stream, event.stream, law="succession 3")
