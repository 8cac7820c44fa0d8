"""The type of a life: the arcs of one kind of stream, one row an arc."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from huimin_flow.catalogue.reasons import Reasons
from huimin_flow.catalogue.terms import Duty, Term
from huimin_flow.model.core.values import value
from huimin_flow.model.evidence import Acting

#: Takes the current value (None before the first event), the actors, the evidence.
Guard = Callable[[Any, Acting, Any], Reasons]
Selector = Callable[[Any, Acting, Any], bool]


@value
class Arc:
    """A row of the table: ``step`` leads from ``source`` to ``target``.

    All guards must agree. ``source`` is None for the first event. ``when`` chooses
    between arcs of one step and source. The actor must have the ``duty``; for an
    item, roles permit each step instead. ``sets`` are the fields of a record that
    the step may change, None for all.
    """

    step: Term
    source: Term | None
    target: Term
    guards: tuple[Guard, ...] = ()
    when: Selector | None = None
    duty: Duty | None = None
    sets: frozenset[str] | None = None


class Life:
    """The arcs of one kind of stream, as data: a step without an arc is refused.

    A stream in one of the ``ends`` needs no further act. Before its first event it
    is in the state ``begins``, or in none. ``states`` are the sources and targets of
    all arcs, by their codes.
    """

    def __init__(
        self, arcs: Iterable[Arc], *, ends: tuple[Term, ...], begins: Term | None = None
    ) -> None:
        """Store the arcs in their order."""
        self.arcs = tuple(arcs)
        self.ends = ends
        self.begins = begins
        ends_of_arcs = (end for a in self.arcs for end in (a.source, a.target) if end)
        self.states: Mapping[str, Term] = {state.value: state for state in ends_of_arcs}
        self.steps: Mapping[str, Term] = {a.step.value: a.step for a in self.arcs}
        #: Every arc as an event names it: step, source and target.
        self.roads = frozenset(
            (arc.step.value, arc.source and arc.source.value, arc.target.value)
            for arc in self.arcs
        )

    def sets(self, step: str, source: str | None) -> frozenset[str] | None:
        """Return the fields of a record that a step may change, None for all."""
        arcs = (a for a in self.arcs if a.step == step and a.source == source)
        return next((arc.sets for arc in arcs), None)

    def target(self, state: Term, step: Term) -> Any:
        """Return where a step leads from a state, None without an arc.

        Of several arcs it is the first.
        """
        arcs = (a for a in self.arcs if a.step is step and a.source is state)
        return next((arc.target for arc in arcs), None)

    def leaving(self, state: Term | None) -> tuple[Term, ...]:
        """Return the steps that leave a state, in the table's order."""
        steps = (arc.step for arc in self.arcs if arc.source is state)
        return tuple(dict.fromkeys(steps))


def arc(
    step: Term,
    source: Term | None,
    target: Term,
    duty: Duty | None,
    *needs: Guard,
    when: Selector | None = None,
    sets: str | None = None,
) -> Arc:
    """Return an arc; ``sets`` names the fields that it may change, None for all."""
    return Arc(
        step=step,
        source=source,
        target=target,
        guards=needs,
        when=when,
        duty=duty,
        sets=None if sets is None else frozenset(sets.split()),
    )


def arcs(
    step: Term,
    sources: tuple[Term | None, ...],
    target: Term,
    duty: Duty | None,
    *needs: Guard,
    sets: str | None = None,
) -> Iterator[Arc]:
    """Return an arc from each of the sources."""
    return (arc(step, source, target, duty, *needs, sets=sets) for source in sources)


def goes_on(step: Term, *states: Term, sets: str = "unit") -> Iterator[Arc]:
    """Yield the arcs by which open records go to a unit's successor (F1)."""
    return (arc(step, state, state, Duty.TIMETABLE, sets=sets) for state in states)
