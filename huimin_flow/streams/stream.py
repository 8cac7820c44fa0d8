"""The form of a declaration: what is said of a kind of stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import Final, TypeVar

from huimin_flow.catalogue.terms import (
    PopulationState,
    SpotCheckState,
    StateTerm,
    StepTerm,
    StreamKind,
    TwoPeople,
)
from huimin_flow.model.core.proposals import TwoPersonAct
from huimin_flow.model.core.values import value
from huimin_flow.states.life import Life

K = TypeVar("K")
V = TypeVar("V")

#: By kind of the streams that are sealed whole, the states in which they are.
SEALED: Final[Mapping[StreamKind, frozenset[StateTerm]]] = {
    StreamKind.SPOT_CHECK: frozenset(
        set(SpotCheckState) - {SpotCheckState.DONE, SpotCheckState.VOID}
    ),
    StreamKind.SPOT_POPULATION: frozenset({PopulationState.SEALED}),
}

#: The fields of an event that records a whole value, besides its step.
OF_A_RECORD: Final = frozenset({"kind", "about", "value", "confirmed_by"})


@value
class Numbering:
    """The numbering of the streams of a kind, from 1 within a year or a subject.

    ``joint`` separates the year or subject from the number, which has at least
    ``digits`` digits: ``2027-000001``. Without it one count numbers all streams.
    """

    digits: int
    joint: str = ""


@value
class Sealed:
    """What of a stream only the questions of its own room return.

    While it is in one of the ``states``, nobody else reads its events from the first
    of the ``steps`` on; without steps, none of them, nor what hangs on it.
    """

    states: frozenset[StateTerm]
    steps: frozenset[StepTerm] = frozenset()

    def open_events(self, steps: Sequence[str], state: str | None) -> int:
        """Return how many events, from the first, anybody may read.

        ``steps`` are those of all events, ``state`` is that after the last one.
        """
        if state not in self.states:
            return len(steps)
        hidden = (n for n, step in enumerate(steps) if step in self.steps)
        return next(hidden, len(steps)) if self.steps else 0


@value
class Stream:
    """A kind of stream.

    ``value`` is the type whose history it is, None for rows of facts. ``life`` says
    which step leads from which state to which, and who may take it. ``fields`` are
    the allowed fields of the public part of its events. A ``record`` stores the
    whole value, in the event and in a row of its own.
    ``two_people`` are the acts on it that need two people. ``sealed`` says what of it
    is not open to everybody.
    """

    kind: StreamKind
    value: type | None
    life: Life
    fields: frozenset[str] = OF_A_RECORD
    numbering: Numbering | None = None
    two_people: Mapping[TwoPeople, TwoPersonAct] = field(default_factory=dict)
    sealed: Sealed | None = None

    @property
    def record(self) -> bool:
        """Return whether its events store a whole value."""
        return self.fields is OF_A_RECORD


class Late(Mapping[K, V]):
    """A mapping whose second part loads when one of its keys, or the whole, is used."""

    def __init__(self, first: Mapping[K, V], rest: Callable[[], Mapping[K, V]]) -> None:
        """Store the first part, and what loads the second."""
        self._first, self._rest = first, rest

    def __getitem__(self, key: K) -> V:
        return self._first[key] if key in self._first else self._second[key]

    def __iter__(self) -> Iterator[K]:
        yield from self._first
        yield from self._second

    def __len__(self) -> int:
        return len(self._first) + len(self._second)

    @cached_property
    def _second(self) -> Mapping[K, V]:
        return self._rest()
