"""What a life is: the arcs of one kind of stream, one row one road."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from huimin_flow.catalogue.reasons import Reasons
from huimin_flow.catalogue.terms import Duty, Term
from huimin_flow.model.core.values import value
from huimin_flow.model.evidence import Acting

#: Asked with the value as it stands, None at its birth, who acts, and the evidence.
Guard = Callable[[Any, Acting, Any], Reasons]
Selector = Callable[[Any, Acting, Any], bool]


@value
class Arc:
    """One road: ``step`` leads from ``source`` to ``target`` if all guards agree.

    ``source`` is None for a birth. ``when`` chooses between arcs of one step and
    source. The actor must have the ``duty``; an item's steps are permitted by name
    instead. ``sets`` are the fields of a record that the step may change, None for
    all.
    """

    step: Term
    source: Term | None
    target: Term
    guards: tuple[Guard, ...] = ()
    when: Selector | None = None
    duty: Duty | None = None
    sets: frozenset[str] | None = None


class Life:
    """The arcs of one kind of stream, as data: what is not in it cannot happen.

    A stream at one of the ``ends`` needs no further act. Before its first event it
    stands at ``begins``, nowhere where that is None. ``states`` are all that an arc
    leaves or reaches, by their codes.
    """

    def __init__(
        self, arcs: Iterable[Arc], *, ends: tuple[Term, ...], begins: Term | None = None
    ) -> None:
        """Keep the arcs in their order."""
        self.arcs = tuple(arcs)
        self.ends = ends
        self.begins = begins
        ends_of_arcs = (end for a in self.arcs for end in (a.source, a.target) if end)
        self.states: Mapping[str, Term] = {state.value: state for state in ends_of_arcs}
        self.steps: Mapping[str, Term] = {a.step.value: a.step for a in self.arcs}
        #: Every road as an event names it: step, source and target.
        self.roads = frozenset(
            (arc.step.value, arc.source and arc.source.value, arc.target.value)
            for arc in self.arcs
        )

    def sets(self, step: str, source: str | None) -> frozenset[str] | None:
        """Return what a step may change of a record, None for all of it."""
        arcs = (a for a in self.arcs if a.step == step and a.source == source)
        return next((arc.sets for arc in arcs), None)

    def leaving(self, state: Term | None) -> tuple[Term, ...]:
        """Return the steps that leave a state, in the table's order."""
        steps = (arc.step for arc in self.arcs if arc.source is state)
        return tuple(dict.fromkeys(steps))
