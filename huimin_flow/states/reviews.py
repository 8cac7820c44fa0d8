"""The lives of review meetings, of what they decide, and of engagements (F3, D4)."""

from __future__ import annotations

from typing import Final

from huimin_flow.catalogue.terms import (
    DecisionState,
    DecisionStep,
    DigestStep,
    Duty,
    EngagementState,
    EngagementStep,
    ReviewMeetingState,
    ReviewMeetingStep,
    StreamState,
)
from huimin_flow.states.guards import engagements, orders
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
_ANOTHER = (*_OFFICE, orders.is_not_reported_by_them)

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
            orders.is_its_owner,
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

_E, _G = EngagementState, EngagementStep
_READ = (_E.REPORTED, _E.FOLLOWED)

#: An engagement: planned, in the field, reported, followed. The office keeps it; the
#: item's unit answers the findings, and owners report what they have done.
ENGAGEMENT: Final = Life(
    (
        arc(
            _G.PLAN,
            None,
            _E.PLANNED,
            Duty.ASSESS,
            engagements.is_of_a_measure,
            engagements.is_the_only_one,
            engagements.is_independent,
        ),
        arc(
            _G.ENTER,
            _E.PLANNED,
            _E.IN_FIELD,
            Duty.ASSESS,
            engagements.is_of_a_measure,
            engagements.is_independent,
            sets="staff sample entered_on",
        ),
        arc(
            _G.REPORT,
            _E.IN_FIELD,
            _E.REPORTED,
            Duty.ASSESS,
            engagements.is_of_a_measure,
            sets="results findings report reported_on reported_by",
        ),
        *arcs(
            _G.CORRECT,
            _READ,
            _E.REPORTED,
            Duty.ASSESS,
            engagements.is_not_reported_by_them,
            sets="results findings report reason corrections corrected_by",
        ),
        *(
            arc(step, _E.REPORTED, _E.REPORTED, Duty.REPORT, sets="findings")
            for step in (_G.ANSWER, _G.DECLINE)
        ),
        *(
            arc(_G.COMPLETE, state, state, Duty.REPORT, sets="findings")
            for state in _READ
        ),
        arc(
            _G.FOLLOW,
            _E.REPORTED,
            _E.FOLLOWED,
            Duty.ASSESS,
            engagements.is_answered,
            engagements.is_not_answered_by_them,
            sets="followed_on followed_by",
        ),
        *(
            arc(_G.CALL_OFF, state, _E.CALLED_OFF, Duty.ASSESS, *needs, sets="reason")
            for state, needs in (
                (_E.PLANNED, ()),
                (_E.IN_FIELD, (engagements.is_not_planned_by_them,)),
            )
        ),
    ),
    ends=(_E.FOLLOWED, _E.CALLED_OFF),
)
