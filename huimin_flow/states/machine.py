"""The machine that enforces the table; the only importer of transitions.

One machine is shared by all items and threads. A throw-away traveller carries
the state through it, conditions collect the guards' reasons, and no callback
writes anything (measured: a machine for each row is 3.5 times slower).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from transitions import Machine, MachineError

from huimin_flow.catalogue.reasons import Code
from huimin_flow.catalogue.terms import Area, Origin, State, Step
from huimin_flow.errors import StepRefused
from huimin_flow.model.case import Case
from huimin_flow.model.item import Item
from huimin_flow.model.verdict import Reason, Reasons
from huimin_flow.states.table import LIFE, Arc, possible_steps

#: Where an item stands before its first event.
UNBORN = "unborn"


class _Traveller:
    """What goes through the machine once and is thrown away."""

    __slots__ = ("case", "item", "reasons", "state")

    def __init__(self, item: Item | None, case: Case) -> None:
        self.state: str = UNBORN if item is None else item.state.value
        self.item = item
        self.case = case
        self.reasons: Reasons = ()


def permit(item: Item | None, step: Step, case: Case) -> State:
    """Return where ``step`` leads, if the table and all guards allow it.

    ``item`` is None for a birth.

    Raises:
        StepRefused: with every reason why not; nothing has changed.

    """
    traveller = _Traveller(item, case)
    try:
        moved = shared_machine().events[step.value].trigger(traveller)
    except MachineError:
        raise StepRefused((_no_arc(item, step),)) from None
    if not moved:
        raise StepRefused(traveller.reasons or (_no_arc(item, step),))
    return State(traveller.state)


def require_road(item: Item, step: Step) -> None:
    """Refuse a step for which no road leads from where the item stands.

    Guards are not asked: what a rule found may lead elsewhere than its step.

    Raises:
        StepRefused: naming the steps that are possible.

    """
    roads = shared_machine().events[step.value].transitions
    if not roads.get(item.state.value):
        raise StepRefused((_no_arc(item, step),))


@cache
def shared_machine() -> Any:
    """Return the one machine, built from the table when first asked for."""
    machine = Machine(
        model=None,
        states=[UNBORN, *(state.value for state in State)],
        initial=UNBORN,
        auto_transitions=False,
        send_event=True,
    )
    for arc in LIFE:
        machine.add_transition(
            arc.step.value,
            UNBORN if arc.source is None else arc.source.value,
            arc.target.value,
            conditions=[_asks(arc)],
        )
    return machine


def _asks(arc: Arc) -> Callable[[Any], bool]:
    def allows(event: Any) -> bool:
        traveller: _Traveller = event.model
        item = _UNBORN_ITEM if traveller.item is None else traveller.item
        if arc.when is not None and not arc.when(item, traveller.case):
            return False
        for guard in arc.guards:
            traveller.reasons += guard(item, traveller.case)
        return not traveller.reasons

    return allows


def _no_arc(item: Item | None, step: Step) -> Reason:
    state = "尚未采集" if item is None else item.state.label
    possible = () if item is None else possible_steps(item.state)
    return Reason(
        code=Code.NO_SUCH_ARC,
        values={
            "state": state,
            "step": step.label,
            "possible": "、".join(one.label for one in possible) or "无",
        },
    )


def _unborn_item() -> Item:
    return Item(
        number="",
        title="",
        origin=Origin.PROBLEM,
        area=Area.GENERAL,
        unit="",
        state=State.COLLECTED,
        version=0,
        collected_on=date.min,
    )


#: What the guards of a birth look at: nothing is known of the item yet.
_UNBORN_ITEM = _unborn_item()
