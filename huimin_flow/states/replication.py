"""The lives of good practices and of their replication by other units (D1)."""

from __future__ import annotations

from typing import Final

from huimin_flow.catalogue.terms import (
    Duty,
    PracticeState,
    PracticeStep,
    ReplicationState,
    ReplicationStep,
)
from huimin_flow.states.guards import replication
from huimin_flow.states.life import Life, arc, arcs

_SHELF, _RP, _RS = PracticeState, ReplicationState, ReplicationStep
_BY_OFFICE = (replication.is_handled_by_the_office,)

#: A good practice on the shelf (D1).
PRACTICE: Final = Life(
    (
        arc(
            PracticeStep.SHELVE,
            None,
            _SHELF.SHELVED,
            Duty.CONFIRM,
            *_BY_OFFICE,
            replication.is_a_good_practice,
        ),
        arc(
            PracticeStep.WITHDRAW,
            _SHELF.SHELVED,
            _SHELF.WITHDRAWN,
            Duty.CONFIRM,
            *_BY_OFFICE,
            sets="reason withdrawn_on",
        ),
    ),
    ends=(_SHELF.WITHDRAWN,),
)

#: A practice that is proposed to another unit, which answers for itself (D1).
REPLICATION: Final = Life(
    (
        arc(
            _RS.PROPOSE,
            None,
            _RP.PROPOSED,
            Duty.CONFIRM,
            *_BY_OFFICE,
            replication.is_on_the_shelf,
            replication.goes_to_another_unit,
            replication.is_not_asked_already,
        ),
        *(
            arc(step, _RP.PROPOSED, to, Duty.CONFIRM, *_BY_OFFICE, sets=sets)
            for step, to, sets in (
                (_RS.REMIND, _RP.PROPOSED, "reminders reminded_on"),
                (_RS.RECALL, _RP.RECALLED, "reason"),
            )
        ),
        *(
            arc(
                step,
                _RP.PROPOSED,
                to,
                None,
                replication.answers_for_their_unit,
                sets=f"answered_on answered_by {said}",
            )
            for step, to, said in (
                (_RS.ADOPT, _RP.ADOPTED, "successor"),
                (_RS.DECLINE, _RP.DECLINED, "reason"),
            )
        ),
        *arcs(
            _RS.COMPARE,
            (_RP.ADOPTED, _RP.COMPARED),
            _RP.COMPARED,
            Duty.CONFIRM,
            *_BY_OFFICE,
            replication.is_comparable,
            sets="effect verdict compared_on",
        ),
    ),
    ends=(_RP.DECLINED, _RP.RECALLED, _RP.COMPARED),
)
