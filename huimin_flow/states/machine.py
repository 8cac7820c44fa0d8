"""The machines that enforce the tables; the only importer of transitions.

One machine is shared by all streams of a kind and all threads. A throw-away
traveller carries the state through it, conditions collect the guards' reasons, and
no callback writes anything (measured: a machine for each row is 3.5 times slower).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from transitions import Machine, MachineError

from huimin_flow.catalogue.reasons import Code, Reason, Reasons, plain
from huimin_flow.catalogue.terms import State, StreamState, Term
from huimin_flow.errors import StepRefused
from huimin_flow.model.evidence import Acting, Evidence
from huimin_flow.states.guards import entitled
from huimin_flow.states.life import Arc, Life

_UNBORN = StreamState.UNBORN


class _Traveller:
    """What goes through a machine once and is thrown away."""

    __slots__ = ("by", "evidence", "reasons", "state", "subject")

    def __init__(
        self, state: Term | None, subject: object, by: Acting, evidence: Evidence
    ) -> None:
        self.state: str = (_UNBORN if state is None else state).value
        self.subject = subject
        self.by = by
        self.evidence = evidence
        self.reasons: Reasons = ()


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
    traveller = _Traveller(state, subject, by, evidence)
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
    """Return the one machine of a life, built from its table when first asked for."""
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
        given = (traveller.subject, traveller.by, traveller.evidence)
        if arc.when is not None and not arc.when(*given):
            return False
        if arc.duty is not None:
            traveller.reasons += entitled(arc.duty, traveller.by)
        for guard in arc.guards:
            traveller.reasons += guard(*given)
        return not traveller.reasons

    return allows


def _no_arc(life: Life, state: Term | None, step: Term, stream: str) -> Reason:
    """Return why a step can't be taken from a state: the table has no such road."""
    here = _UNBORN if state is None else state
    said = {"stream": stream, "state": here.value, "step": step.value}
    if state is None or isinstance(state, State):
        possible = plain(one.value for one in life.leaving(state))
        return Reason(code=Code.NO_SUCH_ARC, values={**said, "possible": possible})
    sources = [arc.source for arc in life.arcs if arc.step is step]
    needed = plain(dict.fromkeys(one.value for one in sources if one is not None))
    return Reason(code=Code.NOT_SO_FAR, values={**said, "needed": needed})
