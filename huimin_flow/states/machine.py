"""The machines that enforce the tables; the only importer of transitions.

One machine is shared by all streams of a kind and all threads. A throw-away
traveller carries the state through it, conditions collect the guards' reasons, and
no callback writes anything (measured: a machine for each row is 3.5 times slower).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from transitions import Machine, MachineError

from huimin_flow.catalogue.reasons import Code, Reason, Reasons, reason_of
from huimin_flow.catalogue.terms import State, StreamState, Term
from huimin_flow.errors import StepRefused
from huimin_flow.model.evidence import Acting, Evidence
from huimin_flow.states.guards import entitled
from huimin_flow.states.life import Arc, Life

_UNBORN = StreamState.UNBORN


@dataclass(slots=True)
class _Traveller:
    """What goes through a machine once and is thrown away."""

    state: str
    subject: object
    by: Acting
    evidence: Evidence
    reasons: Reasons = ()


def permit(
    life: Life,
    state: Term | None,
    step: Term,
    by: Acting,
    evidence: Evidence,
    *,
    subject: object = None,
    stream: str = "",
) -> Term:
    """Return where ``step`` leads, if the table, its duty and all guards allow it.

    ``state`` is None for a birth, and so is the ``subject``, the value as it stands.
    ``stream`` is the name by which a refusal calls it.

    Raises:
        StepRefused: with every reason why not; nothing has changed.

    """
    traveller = _Traveller((state or _UNBORN).value, subject, by, evidence)
    event = machine_of(life).events.get(step.value)
    try:
        moved = event is not None and event.trigger(traveller)
    except MachineError:
        moved = False
    if not moved:
        raise StepRefused(traveller.reasons or (_no_arc(life, state, step, stream),))
    return life.states[traveller.state]


def require_road(life: Life, state: Term, step: Term, stream: str = "") -> None:
    """Refuse a step for which no road leads from a state.

    Guards are not asked: what a rule found may lead elsewhere than its step.

    Raises:
        StepRefused: naming the steps that are possible.

    """
    if step not in life.leaving(state):
        raise StepRefused((_no_arc(life, state, step, stream),))


@cache
def machine_of(life: Life) -> Any:
    """Return the one machine of a life, built from its table at the first call."""
    machine = Machine(
        model=None,
        states=[_UNBORN.value, *life.states],
        initial=_UNBORN.value,
        auto_transitions=False,
        send_event=True,
    )
    for arc in life.arcs:
        machine.add_transition(
            arc.step.value,
            (arc.source or _UNBORN).value,
            arc.target.value,
            conditions=[_asks(arc)],
        )
    return machine


def _asks(arc: Arc) -> Callable[[Any], bool]:
    def allows(event: Any) -> bool:
        traveller: _Traveller = event.model
        step = (traveller.subject, traveller.by, traveller.evidence)
        if arc.when is not None and not arc.when(*step):
            return False
        if arc.duty is not None:
            traveller.reasons += entitled(arc.duty, traveller.by)
        for guard in arc.guards:
            traveller.reasons += guard(*step)
        return not traveller.reasons

    return allows


def _no_arc(life: Life, state: Term | None, step: Term, stream: str) -> Reason:
    """Return why a step can't be taken from a state: the table has no such road."""
    values = {"stream": stream, "state": state or _UNBORN, "step": step}
    if state is None or isinstance(state, State):
        possible = life.leaving(state)
        return reason_of(Code.NO_SUCH_ARC, {**values, "possible": possible})
    sources = dict.fromkeys(a.source for a in life.arcs if a.step is step and a.source)
    return reason_of(Code.NOT_SO_FAR, {**values, "needed": sources})
