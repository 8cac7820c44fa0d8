"""The lives of what judges a running measure, and of what follows from it."""

from __future__ import annotations

from typing import Final

from huimin_flow.catalogue.terms import (
    AdviceState,
    AdviceStep,
    BoardState,
    BoardStep,
    Duty,
    FeedState,
    FeedStep,
    OrderState,
    OrderStep,
    RectificationState,
    RectificationStep,
    SurveyState,
    SurveyStep,
    TaskReturnState,
    TaskReturnStep,
)
from huimin_flow.states.guards import advice, orders, rectification, surveys, tasks
from huimin_flow.states.guards.core import is_confirmed
from huimin_flow.states.guards.items import is_reasoned
from huimin_flow.states.guards.records import may_deliver
from huimin_flow.states.life import Life, arc, arcs

_D, _V = AdviceState, AdviceStep
_BY_OFFICE = (advice.is_of_the_office, advice.is_not_advised_by_them)
_ACCEPTS = (advice.is_of_the_office, advice.is_not_reported_by_them)

_OF_SURVEY, _ASKS = SurveyState, SurveyStep

#: A survey of the people concerned; the office draws, collects and closes it (D0).
SURVEY: Final = Life(
    (
        arc(
            _ASKS.DRAW,
            None,
            _OF_SURVEY.DRAWN,
            Duty.ASSESS,
            surveys.is_carried_out,
            surveys.is_not_by_ratings,
            surveys.is_the_first,
        ),
        arc(
            _ASKS.OPEN, _OF_SURVEY.DRAWN, _OF_SURVEY.OPEN, Duty.ASSESS, sets="opened_on"
        ),
        arc(
            _ASKS.CLOSE,
            _OF_SURVEY.OPEN,
            _OF_SURVEY.CLOSED,
            Duty.ASSESS,
            surveys.has_enough,
            sets="closed_on closed_by result",
        ),
        *(
            arc(
                _ASKS.SET_ASIDE,
                state,
                state,
                Duty.ASSESS,
                surveys.is_not_drawn_by_them,
                sets=sets,
            )
            for state, sets in ((_OF_SURVEY.OPEN, ""), (_OF_SURVEY.CLOSED, "result"))
        ),
        *arcs(
            _ASKS.CALL_OFF,
            (_OF_SURVEY.DRAWN, _OF_SURVEY.OPEN),
            _OF_SURVEY.CALLED_OFF,
            Duty.ASSESS,
            surveys.is_not_drawn_by_them,
            sets="closed_on closed_by reason",
        ),
    ),
    ends=(_OF_SURVEY.CLOSED, _OF_SURVEY.CALLED_OFF),
)

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

_O, _P = OrderState, OrderStep
_UNANSWERED = (_O.RECEIVED, _O.RETURNED)
_OFFICE = (orders.is_recorded_by_the_office,)
_ANOTHER = (*_OFFICE, orders.is_not_answered_by_them)

#: A supervision order: the office records it, the item's unit answers (X2).
ORDER: Final = Life(
    (
        arc(
            _P.RECEIVE,
            None,
            _O.RECEIVED,
            Duty.CONFIRM,
            *_OFFICE,
            orders.is_on_an_open_item,
        ),
        *(
            arc(
                _P.REMIND,
                state,
                state,
                Duty.CONFIRM,
                *_OFFICE,
                sets="unit reminders reminded_on",
            )
            for state in _UNANSWERED
        ),
        *arcs(
            _P.ANSWER,
            _UNANSWERED,
            _O.ANSWERED,
            Duty.REPORT,
            sets="unit answer files answered_on answered_by",
        ),
        arc(
            _P.RETURN,
            _O.ANSWERED,
            _O.RETURNED,
            Duty.CONFIRM,
            *_ANOTHER,
            sets="unit finding due due_named",
        ),
        arc(
            _P.DISCHARGE,
            _O.ANSWERED,
            _O.DISCHARGED,
            Duty.CONFIRM,
            *_ANOTHER,
            sets="unit finding discharged_by",
        ),
        *arcs(
            _P.WITHDRAW,
            _UNANSWERED,
            _O.WITHDRAWN,
            Duty.CONFIRM,
            *_OFFICE,
            orders.is_not_recorded_by_them,
            sets="unit finding",
        ),
    ),
    ends=(_O.DISCHARGED, _O.WITHDRAWN),
)

_OPEN = FeedState.OPEN

#: A feed brings figures until it is ended; opened again, it has another key (E1).
FEED: Final = Life(
    (
        arc(FeedStep.OPEN, None, _OPEN, Duty.REPORT),
        arc(
            FeedStep.AMEND,
            _OPEN,
            _OPEN,
            Duty.REPORT,
            sets="name source unit way days indicators reason",
        ),
        arc(
            FeedStep.DELIVER,
            _OPEN,
            _OPEN,
            None,
            may_deliver,
            sets="measured_at arrived_at batch missed missed_at",
        ),
        arc(FeedStep.MISS, _OPEN, _OPEN, Duty.TIMETABLE, sets="missed missed_at"),
        arc(FeedStep.END, _OPEN, FeedState.ENDED, Duty.REPORT, sets="reason"),
    ),
    ends=(FeedState.ENDED,),
)

_B, _T = BoardState, BoardStep
_DRAFTS = (None, _B.DRAFTED, _B.PUBLISHED)

#: The boards of a quarter: the job drafts them, two people publish and correct (D7).
#: The job drafts them again only if a wrong clock did.
BOARD: Final = Life(
    (
        *arcs(_T.DRAFT, _DRAFTS, _B.DRAFTED, Duty.TIMETABLE),
        arc(
            _T.PUBLISH,
            _B.DRAFTED,
            _B.PUBLISHED,
            Duty.CONFIRM,
            is_confirmed,
            sets="edition",
        ),
        *arcs(
            _T.CORRECT,
            (_B.DRAFTED, _B.PUBLISHED),
            _B.PUBLISHED,
            Duty.CONFIRM,
            is_confirmed,
        ),
    ),
    ends=(_B.PUBLISHED,),
)

_Y, _Z = TaskReturnState, TaskReturnStep
_SETTLED: Final = "settled_on settled_by answer"

#: A task that its unit sends back; the lead unit reassigns it, or retains it (C2).
TASK_RETURN: Final = Life(
    (
        arc(
            _Z.RETURN, None, _Y.RETURNED, Duty.REPORT, is_reasoned, tasks.is_their_task
        ),
        arc(
            _Z.REASSIGN,
            _Y.RETURNED,
            _Y.REASSIGNED,
            None,
            tasks.may_settle,
            tasks.has_moved,
            sets=_SETTLED,
        ),
        arc(_Z.RETAIN, _Y.RETURNED, _Y.RETAINED, None, tasks.may_settle, sets=_SETTLED),
    ),
    ends=(_Y.REASSIGNED, _Y.RETAINED),
)

_R, _M = RectificationState, RectificationStep
_AWAITED = (_R.OPENED, _R.RETURNED)
_JUDGED = (rectification.is_judged_by_others,)

#: A rectification: the unit submits, others accept; it doesn't move the item (D2, F3).
RECTIFICATION: Final = Life(
    (
        arc(
            _M.OPEN,
            None,
            _R.OPENED,
            None,
            rectification.may_open,
            rectification.is_to_put_right,
        ),
        *arcs(
            _M.SUBMIT,
            _AWAITED,
            _R.SUBMITTED,
            Duty.REPORT,
            sets="unit done files submitted_on submitted_by late",
        ),
        arc(
            _M.ACCEPT,
            _R.SUBMITTED,
            _R.ACCEPTED,
            Duty.CONFIRM,
            *_JUDGED,
            rectification.is_measured_and_heard,
            sets="unit finding measured word accepted_on accepted_by since edition",
        ),
        arc(
            _M.RETURN,
            _R.SUBMITTED,
            _R.RETURNED,
            Duty.CONFIRM,
            *_JUDGED,
            sets="unit finding returned_on known",
        ),
        *(
            arc(_M.ESCALATE, state, state, Duty.TIMETABLE, sets="unit rungs")
            for state in _AWAITED
        ),
        *(
            arc(
                _M.ACKNOWLEDGE,
                state,
                state,
                Duty.CONFIRM,
                rectification.is_addressed,
                sets="unit rungs",
            )
            for state in (*_AWAITED, _R.SUBMITTED)
        ),
    ),
    ends=(_R.ACCEPTED,),
)
