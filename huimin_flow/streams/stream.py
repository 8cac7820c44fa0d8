"""The form of a declaration: what is said of a kind of stream."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Final

from huimin_flow.catalogue.terms import StreamKind, TwoPeople
from huimin_flow.model.core.proposals import TwoPersonAct
from huimin_flow.model.core.values import value
from huimin_flow.states.life import Life

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
class Stream:
    """A kind of stream.

    ``value`` is the type whose history it is, None for rows of facts. ``life`` says
    which step leads from which state to which, and who may take it. ``fields`` are
    the allowed fields of the public part of its events. A ``record`` stores the
    whole value, in the event and in a row of its own.
    ``two_people`` are the acts on it that need two people.
    """

    kind: StreamKind
    value: type | None
    life: Life
    fields: frozenset[str] = OF_A_RECORD
    numbering: Numbering | None = None
    two_people: Mapping[TwoPeople, TwoPersonAct] = field(default_factory=dict)

    @property
    def record(self) -> bool:
        """Return whether its events store a whole value."""
        return self.fields is OF_A_RECORD
