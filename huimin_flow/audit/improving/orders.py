"""Supervision orders, held to their paper, their days and their item (X2).

1. A paper isn't of a day to come, and is recorded once: an authority's other order of
   the same number is withdrawn.
2. The due day isn't before the paper's day. One that the authority didn't name is so
   many working days after the record as the rulebook says.
3. A return leaves the due day, or sets one that isn't before the day of the return.
4. The unit is the one that has the item at the step.
5. An answer has files, which were attached to the item. Each reminder counts.
6. Whoever takes a step says something: what is demanded, what was done, what is thought
   of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huimin_flow.audit.core.applied import Applied
from huimin_flow.catalogue.terms import Flaw, OrderState, OrderStep
from huimin_flow.clock import local_day
from huimin_flow.model.improving.boards import SupervisionOrder
from huimin_flow.rules.core.due import working_day_after
from huimin_flow.rules.improving.boards import same_paper

#: By step, the field in which its actor says something.
_SAID: Final[Mapping[str, str]] = {
    OrderStep.RECEIVE: "demanded",
    OrderStep.ANSWER: "answer",
    OrderStep.RETURN: "finding",
    OrderStep.DISCHARGE: "finding",
    OrderStep.WITHDRAW: "finding",
}


def hold_order(act: Applied, made: SupervisionOrder) -> None:
    """Hold a step with a supervision order to the laws."""
    ledger, event, old = act.ledger, act.event, act.before
    act.hold("unit", ledger.items[made.item].unit, law="orders 4")
    if old is None:
        _hold_paper(act, made)
    elif made.due < local_day(event.at) or not made.due_named:
        act.hold("due", old.due, law="orders 3")
        act.hold("due_named", old.due_named, law="orders 3")
    part = _SAID.get(event.step)
    if part is not None and not getattr(made, part).strip():
        act.flag(Flaw.STEP_NOT_ALLOWED, part=part, law="orders 6")
    if event.step == OrderStep.ANSWER:
        act.hold_attached(made.item, "files", law="orders 5")
    elif event.step == OrderStep.REMIND:
        act.hold("reminders", old.reminders + 1, law="orders 5")


def _hold_paper(act: Applied, made: SupervisionOrder) -> None:
    """Hold a new order's paper and due day to the laws."""
    ledger, day = act.ledger, local_day(act.event.at)
    if made.dated > day:
        act.hold("dated", day, law="orders 1")
    paper = (made.authority, made.document)
    for other in ledger.values.values():
        if not isinstance(other, SupervisionOrder) or other.key == made.key:
            continue
        if other.state is OrderState.WITHDRAWN:
            continue
        if same_paper(paper, (other.authority, other.document)):
            act.flag(Flaw.STEP_NOT_ALLOWED, other.key, part="document", law="orders 1")
    if not made.due_named:
        book = ledger.books[str(act.event.rulebook)]
        days = book.improving.orders.answer_days.value
        act.hold("due", working_day_after(day, days, book.calendar), law="orders 2")
    if made.due < made.dated:
        act.hold("due", made.dated, law="orders 2")
