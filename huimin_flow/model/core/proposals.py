"""Acts of two people: what a proposal of each needs, and the proposals (F1)."""

from __future__ import annotations

from collections.abc import Mapping

from huimin_flow.catalogue.terms import (
    Duty,
    ProposalField,
    ProposalState,
    RecordStep,
    Term,
    Via,
)
from huimin_flow.model.core.values import value


@value
class TwoPersonAct:
    """An act that needs two people: a ``step`` of the stream that ``about`` names.

    The proposal must have the fields ``needs`` and may have the fields ``may``. Both
    people need the ``duty``. If the first needs only the duty ``asks``, the second
    takes the step. ``otherwise`` is the step from other states of the stream. ``act``
    names the use case, by room, module and name: its arguments are ``needs`` in that
    order, and the people as ``by`` and ``second``. ``shows`` are the fields of the
    record that the second person sees; empty means all. Each stream declares its own
    acts in ``streams``.
    """

    step: Term
    act: str
    about: ProposalField | None = ProposalField.KEY
    needs: tuple[ProposalField, ...] = (ProposalField.KEY,)
    may: tuple[ProposalField, ...] = (ProposalField.VERSION,)
    duty: Duty = Duty.CONFIRM
    shows: tuple[str, ...] = ()
    asks: Duty | None = None
    otherwise: Term | None = None

    def duty_of(self, step: Term) -> Duty:
        """Return the duty that a step of the proposal needs."""
        asked = self.asks if step is RecordStep.PROPOSE else None
        return asked or self.duty


@value
class Rested:
    """The last event of a stream at a moment: its number and its hex leaf."""

    version: int
    leaf: str


@value
class Proposal:
    """An act that needs two people, between the first and the second.

    ``act`` is a key of ``TWO_PERSON_ACTS``, ``values`` are its arguments. ``rests``
    holds the last event of each stream it is about. ``makes`` is the hex digest of
    what it would publish. ``seen`` is the hex digest over all of these. The second
    person gives it back, so that they confirm what they saw.
    """

    key: str
    act: str
    values: Mapping[str, str]
    by: str
    via: Via
    state: ProposalState
    rests: Mapping[str, Rested]
    makes: str
    seen: str
    version: int = 1
