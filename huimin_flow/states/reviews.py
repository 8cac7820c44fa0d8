"""The lives of review meetings and of what they decide (F3)."""

from __future__ import annotations

from typing import Final

from huimin_flow.catalogue.terms import (
    DecisionState,
    DecisionStep,
    DigestStep,
    Duty,
    ReviewMeetingState,
    ReviewMeetingStep,
    StreamState,
)
from huimin_flow.states.guards import records as guards
from huimin_flow.states.life import Life, arc, arcs

_M, _S = ReviewMeetingState, ReviewMeetingStep
_OFFICE = (guards.is_of_the_office,)

#: A review meeting: called, held, closed with its minutes.
REVIEW_MEETING: Final = Life(
    (
        arc(_S.CALL, None, _M.CALLED, Duty.CONFIRM, *_OFFICE),
        arc(
            _S.HOLD,
            _M.CALLED,
            _M.HELD,
            Duty.CONFIRM,
            *_OFFICE,
            sets="held_on chair participants",
        ),
        arc(
            _S.CALL_OFF,
            _M.CALLED,
            _M.CALLED_OFF,
            Duty.CONFIRM,
            *_OFFICE,
            sets="reason",
        ),
        arc(_S.CLOSE, _M.HELD, _M.CLOSED, Duty.CONFIRM, *_OFFICE, sets="minutes"),
    ),
    ends=(_M.CLOSED, _M.CALLED_OFF),
)

_D, _T = DecisionState, DecisionStep
_UNDONE = (_D.DECIDED, _D.RETURNED)
_ANOTHER = (*_OFFICE, guards.is_not_reported_by_them)

#: A decision: its owner reports it as done, the office accepts, returns or drops it.
DECISION: Final = Life(
    (
        arc(_T.DECIDE, None, _D.DECIDED, Duty.CONFIRM, *_OFFICE),
        *(
            arc(
                _T.REMIND,
                state,
                state,
                Duty.CONFIRM,
                *_OFFICE,
                sets="reminders reminded_on",
            )
            for state in _UNDONE
        ),
        *arcs(
            _T.REPORT,
            _UNDONE,
            _D.REPORTED,
            Duty.REPORT,
            guards.is_its_owner,
            sets="note files reported_on reported_by",
        ),
        arc(
            _T.ACCEPT,
            _D.REPORTED,
            _D.ACCEPTED,
            Duty.CONFIRM,
            *_ANOTHER,
            sets="finding ended_on ended_by",
        ),
        arc(
            _T.RETURN,
            _D.REPORTED,
            _D.RETURNED,
            Duty.CONFIRM,
            *_ANOTHER,
            sets="finding due",
        ),
        *arcs(
            _T.DROP,
            _UNDONE,
            _D.DROPPED,
            Duty.CONFIRM,
            *_OFFICE,
            sets="finding ended_on ended_by",
        ),
    ),
    ends=(_D.ACCEPTED, _D.DROPPED),
)

_KEPT: Final = StreamState.KEPT

#: The digests of a period: the job issues them, again only if a wrong clock did.
DIGEST: Final = Life(
    (
        *arcs(DigestStep.ISSUE, (None, _KEPT), _KEPT, Duty.TIMETABLE),
        arc(DigestStep.REISSUE, _KEPT, _KEPT, Duty.CONFIRM, *_OFFICE),
        arc(DigestStep.SEND, _KEPT, _KEPT, Duty.CONFIRM, *_OFFICE, sets="units"),
    ),
    ends=(_KEPT,),
)
