"""What only two people do, and what a proposal of it needs (F1)."""

from __future__ import annotations

from collections.abc import Mapping

from huimin_flow.catalogue.terms import (
    Duty,
    FollowUpStep,
    ProposalField,
    RecordStep,
    Step,
    StreamKind,
    Term,
    TwoPeople,
)
from huimin_flow.model.core.values import value


@value
class TwoPersonAct:
    """What only two people do: a ``step`` of the stream that ``about`` names.

    The proposer must give the ``needs`` and may give the ``may``. Both people need
    the ``duty``. ``act`` names the use case that does it, by room, module and name: it
    takes what is needed in that order, and the people as ``by`` and ``second``.
    ``shows`` are the fields of the record that the second person sees, all where none
    is named.
    """

    kind: StreamKind
    step: Term
    about: ProposalField | None
    needs: tuple[ProposalField, ...]
    act: str
    may: tuple[ProposalField, ...] = (ProposalField.VERSION,)
    duty: Duty = Duty.CONFIRM
    shows: tuple[str, ...] = ()


_A, _K = ProposalField, StreamKind
_ITEM = ("number", "title", "unit", "area", "state", "stars")

TWO_PERSON_ACTS: Mapping[str, TwoPersonAct] = {
    TwoPeople.SUPPLEMENT: TwoPersonAct(
        kind=_K.ITEM,
        step=Step.ENLIST,
        about=_A.ITEM,
        needs=(_A.ITEM, _A.EDITION),
        act="deciding.editions.supplement",
        shows=_ITEM,
    ),
    TwoPeople.CONFIRM: TwoPersonAct(
        kind=_K.LIST,
        step=RecordStep.CONFIRM,
        about=_A.EDITION,
        needs=(_A.EDITION,),
        act="deciding.editions.confirm",
    ),
    TwoPeople.CANCEL: TwoPersonAct(
        kind=_K.ITEM,
        step=Step.CANCEL,
        about=_A.ITEM,
        needs=(_A.ITEM, _A.REASON),
        act="deciding.editions.cancel",
        shows=_ITEM,
    ),
    TwoPeople.DEFER: TwoPersonAct(
        kind=_K.ITEM,
        step=Step.DEFER,
        about=_A.ITEM,
        needs=(_A.ITEM, _A.REASON),
        act="deciding.judgment.set_aside",
        shows=_ITEM,
    ),
    TwoPeople.ACTIVATE: TwoPersonAct(
        kind=_K.RULEBOOK,
        step=RecordStep.ACTIVATE,
        about=None,
        needs=(_A.DIGEST,),
        may=(),
        duty=Duty.ACTIVATE,
        act="core.rulebook.activate",
    ),
    TwoPeople.CORRECT: TwoPersonAct(
        kind=_K.SCORE,
        step=RecordStep.CORRECT,
        about=_A.KEY,
        needs=(_A.KEY, _A.REASON),
        may=(_A.COLORS,),
        act="scoring.charts.correct",
    ),
    TwoPeople.SET_ASIDE: TwoPersonAct(
        kind=_K.FOLLOW_UP,
        step=FollowUpStep.SET_ASIDE,
        about=_A.TRANSACTION,
        needs=(_A.TRANSACTION, _A.FINDING),
        act="services.follow_ups.settle_objection",
    ),
}
