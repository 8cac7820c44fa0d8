"""The lives of what judges a running measure, and of what follows from it."""

from __future__ import annotations

from typing import Final

from huimin_flow.catalogue.terms import AdviceState, AdviceStep, Duty
from huimin_flow.states.guards import advice
from huimin_flow.states.life import Life, arc

_D, _V = AdviceState, AdviceStep
_BY_OFFICE = (advice.is_of_the_office, advice.is_not_advised_by_them)
_ACCEPTS = (advice.is_of_the_office, advice.is_not_reported_by_them)

#: Advice on a running item; it begins with the item's own step (B9).
ADVICE: Final = Life(
    (
        arc(_V.ADVISE, None, _D.ADVISED, None, advice.may_advise),
        arc(
            _V.ADOPT,
            _D.ADVISED,
            _D.ADOPTED,
            Duty.CONFIRM,
            *_BY_OFFICE,
            advice.is_not_to_improve,
            sets="reason decided_by",
        ),
        arc(
            _V.ORDER,
            _D.ADVISED,
            _D.MENDING,
            Duty.CONFIRM,
            *_BY_OFFICE,
            advice.is_to_improve,
            sets="reason decided_by mending",
        ),
        arc(
            _V.OPPOSE,
            _D.ADVISED,
            _D.OPPOSED,
            Duty.CONFIRM,
            *_BY_OFFICE,
            sets="reason decided_by",
        ),
        arc(
            _V.MEND,
            _D.MENDING,
            _D.REPORTED,
            Duty.REPORT,
            sets="done files reported_by",
        ),
        *(
            arc(step, _D.REPORTED, to, Duty.CONFIRM, *_ACCEPTS, sets=sets)
            for step, to, sets in (
                (_V.VERIFY, _D.MENDED, "finding verified_by"),
                (_V.RETURN, _D.MENDING, "finding"),
            )
        ),
    ),
    ends=(_D.OPPOSED, _D.ADOPTED, _D.MENDED),
)
