"""The acts that need two people, and what a proposal of each needs (F1)."""

from __future__ import annotations

from huimin_flow.catalogue.terms import (
    Duty,
    ProposalField,
    StreamKind,
    Term,
)
from huimin_flow.model.core.values import value


@value
class TwoPersonAct:
    """An act that needs two people: a ``step`` of the stream that ``about`` names.

    The proposal must have the fields ``needs`` and may have the fields ``may``. Both
    people need the ``duty``. ``act`` names the use case, by room, module and name: its
    arguments are ``needs`` in that order, and the people as ``by`` and ``second``.
    ``shows`` are the fields of the record that the second person sees; empty means
    all. Each stream declares its own acts in ``streams.py``.
    """

    kind: StreamKind
    step: Term
    act: str
    about: ProposalField | None = ProposalField.KEY
    needs: tuple[ProposalField, ...] = (ProposalField.KEY,)
    may: tuple[ProposalField, ...] = (ProposalField.VERSION,)
    duty: Duty = Duty.CONFIRM
    shows: tuple[str, ...] = ()
