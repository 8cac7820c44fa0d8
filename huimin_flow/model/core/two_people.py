"""What only two people do, and what a proposal of it needs (F1)."""

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
    """What only two people do: a ``step`` of the stream that ``about`` names.

    The proposer must give the ``needs`` and may give the ``may``. Both people need
    the ``duty``. ``act`` names the use case that does it, by room, module and name: it
    takes what is needed in that order, and the people as ``by`` and ``second``.
    ``shows`` are the fields of the record that the second person sees, all where none
    is named. Each stream declares its own in ``streams.py``.
    """

    kind: StreamKind
    step: Term
    act: str
    about: ProposalField | None = ProposalField.KEY
    needs: tuple[ProposalField, ...] = (ProposalField.KEY,)
    may: tuple[ProposalField, ...] = (ProposalField.VERSION,)
    duty: Duty = Duty.CONFIRM
    shows: tuple[str, ...] = ()
