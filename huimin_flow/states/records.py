"""The lives of all streams except items: the source and target of each step.

The actor must have the duty of the arc; an arc has none if a guard checks it.
"""

from __future__ import annotations

from typing import Final

from huimin_flow.catalogue.terms import (
    AssessmentState,
    DeliveryState,
    Duty,
    EditionState,
    FeedStep,
    FollowUpState,
    FollowUpStep,
    MeetingState,
    PointState,
    PointStep,
    PolicyState,
    ProposalState,
    RecordStep,
    ResponseState,
    StreamState,
    ThirdPartyState,
)
from huimin_flow.states.guards import records as guards
from huimin_flow.states.guards.core import is_confirmed
from huimin_flow.states.guards.items import is_reasoned
from huimin_flow.states.life import Arc, Guard, Life, arc, arcs, goes_on

_S, _E, _A, _P = RecordStep, EditionState, AssessmentState, ProposalState
_R, _O = ResponseState, ThirdPartyState
_F, _T, _KEPT = FollowUpState, FollowUpStep, StreamState.KEPT
_M, _L = MeetingState, DeliveryState


def _life_of(*rows: Arc) -> Life:
    """Return the life of a record with the one state ``KEPT``."""
    return Life(rows, ends=(_KEPT,))


def _published_life(step: RecordStep) -> Life:
    """Return the life of a record that a job publishes and two people correct.

    The job publishes it again if only a wrong clock did.
    """
    first = arcs(step, (None, _KEPT), _KEPT, Duty.TIMETABLE)
    return _life_of(*first, arc(_S.CORRECT, _KEPT, _KEPT, Duty.CONFIRM, is_confirmed))


#: A returned one is submitted again; after an accepted one another may be requested.
#: A high risk stops the item until its treatment is recorded, and accepted by another.
ASSESSMENT: Final = Life(
    (
        arc(
            _S.REQUEST,
            None,
            _A.REQUESTED,
            Duty.ASSESS,
            guards.has_none_under_way,
            guards.is_independent,
        ),
        *arcs(
            _S.SUBMIT,
            (_A.REQUESTED, _A.RETURNED),
            _A.SUBMITTED,
            Duty.ASSESS,
            sets="finding high_risk submitted_by note",
        ),
        *(
            arc(
                _S.ACCEPT,
                _A.SUBMITTED,
                target,
                Duty.CONFIRM,
                guards.is_not_submitted_by_them,
                when=when,
                sets="",
            )
            for target, when in (
                (_A.ACCEPTED, guards.is_safe),
                (_A.AT_RISK, guards.is_at_risk),
            )
        ),
        arc(_S.RETURN, _A.SUBMITTED, _A.RETURNED, Duty.CONFIRM, sets="note"),
        arc(
            _S.TREAT,
            _A.AT_RISK,
            _A.TREATED,
            Duty.ASSESS,
            sets="treatment treated_by note",
        ),
        arc(
            _S.ACCEPT,
            _A.TREATED,
            _A.CLEARED,
            Duty.CONFIRM,
            guards.is_not_treated_by_them,
            sets="",
        ),
        arc(_S.RETURN, _A.TREATED, _A.AT_RISK, Duty.CONFIRM, sets="note"),
    ),
    ends=(_A.ACCEPTED, _A.CLEARED),
)


#: An organization may be ended; registered again, it has another key.
THIRD_PARTY: Final = Life(
    (
        arc(_S.REGISTER, None, _O.REGISTERED, Duty.ASSESS),
        arc(
            _S.AMEND,
            _O.REGISTERED,
            _O.REGISTERED,
            Duty.ASSESS,
            sets="name kind experience understanding parent",
        ),
        arc(_S.END, _O.REGISTERED, _O.ENDED, Duty.ASSESS, sets="reason"),
    ),
    ends=(_O.ENDED,),
)


#: A point that was taken down stays so; opened again, it has another key.
POINT: Final = Life(
    (
        arc(PointStep.SET_UP, None, PointState.IN_USE, Duty.REPORT),
        arc(
            PointStep.MOVE,
            PointState.IN_USE,
            PointState.IN_USE,
            Duty.REPORT,
            sets="name unit town village in_charge reason",
        ),
        arc(
            PointStep.TAKE_DOWN,
            PointState.IN_USE,
            PointState.TAKEN_DOWN,
            Duty.REPORT,
            sets="closed_on reason",
        ),
    ),
    ends=(PointState.TAKEN_DOWN,),
)


def _policy_life(sets: str) -> Life:
    """Return the life of what is registered, amended, and ends (A5)."""
    force, ended = PolicyState.IN_FORCE, PolicyState.LAPSED
    return Life(
        (
            arc(_S.REGISTER, None, force, Duty.POLICY),
            arc(_S.AMEND, force, force, Duty.POLICY, sets=sets),
            arc(_S.END, force, ended, Duty.POLICY, sets="reason"),
        ),
        ends=(ended,),
    )


POLICY: Final = _policy_life("authority document title dated promises")
MEASURE: Final = _policy_life("title undertakings items")

#: The fields of a meeting that say who was there, and what was said.
_ATTENDED: Final = "chair participants prevented minutes"
_SAID: Final = "opinions postponed"

#: What was said at a meeting waits for its end; the minutes may be corrected later.
DELIBERATION: Final = Life(
    (
        arc(_S.CONVENE, None, _M.CONVENED, Duty.DELIBERATE),
        *(
            arc(step, source, target, Duty.DELIBERATE, sets=sets)
            for step, source, target, sets in (
                (_S.AMEND, _M.CONVENED, _M.CONVENED, "held_on chair agenda"),
                (_S.CALL_OFF, _M.CONVENED, _M.CALLED_OFF, "note"),
                (_S.HOLD, _M.CONVENED, _M.HELD, f"held_on {_ATTENDED}"),
                (_S.AMEND, _M.HELD, _M.HELD, _ATTENDED),
                (_S.AMEND, _M.CLOSED, _M.CLOSED, _ATTENDED),
                (_S.POSTPONE, _M.HELD, _M.HELD, _SAID),
            )
        ),
        arc(_S.HOLD, None, _M.HELD, Duty.DELIBERATE),
        arc(_S.JUDGE, _M.HELD, _M.HELD, None, guards.may_judge_the_item, sets=_SAID),
        arc(_S.CLOSE, _M.HELD, _M.CLOSED, Duty.DELIBERATE, sets=""),
    ),
    ends=(_M.CLOSED, _M.CALLED_OFF),
)


def _settle(step: FollowUpStep, target: FollowUpState, *needs: Guard) -> Arc:
    needs = (guards.is_impartial, *needs)
    sets = "since finding confirmed_by settled"
    return arc(step, _F.OBJECTED, target, None, *needs, sets=sets)


_BY_OTHER = (guards.is_of_the_unit, guards.is_not_answered_by_them)

#: The follow-up of a bad rating (D3); it has no stream before its first act.
FOLLOW_UP: Final = Life(
    (
        *arcs(
            _T.ANSWER,
            (_F.PENDING, _F.RETURNED, _F.UPHELD),
            _F.ANSWERED,
            Duty.REPORT,
            guards.is_of_the_unit,
            sets="since answer answered_by called_back_on failing improved again",
        ),
        *(
            arc(step, _F.ANSWERED, to, Duty.CONFIRM, *_BY_OTHER, sets="since finding")
            for step, to in ((_T.VERIFY, _F.VERIFIED), (_T.RETURN, _F.RETURNED))
        ),
        *arcs(
            _T.OBJECT,
            (_F.PENDING, _F.ANSWERED, _F.RETURNED),
            _F.OBJECTED,
            Duty.REPORT,
            guards.is_of_the_unit,
            guards.was_not_settled,
            sets="since ground grounds objected_by",
        ),
        *goes_on(
            _T.HAND_OVER, _F.PENDING, _F.ANSWERED, _F.RETURNED, _F.OBJECTED, _F.UPHELD
        ),
        _settle(_T.UPHOLD, _F.UPHELD),
        _settle(_T.SET_ASIDE, _F.SET_ASIDE, is_confirmed),
    ),
    ends=(_F.VERIFIED, _F.SET_ASIDE),
    begins=_F.PENDING,
)

_MINE, _TAKEN = guards.responds_for_their_unit, "answered_by successor reason"

#: A unit's response to a demand (B4); it has no stream before the unit responds. What
#: was declined may be taken up later.
RESPONSE: Final = Life(
    (
        arc(_S.TAKE_UP, _R.AWAITED, _R.TAKEN_UP, None, _MINE),
        arc(
            _S.DECLINE,
            _R.AWAITED,
            _R.DECLINED,
            None,
            _MINE,
            guards.was_asked,
            is_reasoned,
        ),
        arc(
            _S.TAKE_UP,
            _R.DECLINED,
            _R.TAKEN_UP,
            None,
            _MINE,
            guards.reconsiders_with_reason,
            sets=_TAKEN,
        ),
    ),
    ends=(_R.TAKEN_UP, _R.DECLINED),
    begins=_R.AWAITED,
)

PROPOSAL: Final = Life(
    (
        arc(_S.PROPOSE, None, _P.WAITING, None, guards.may_ask_for_it),
        arc(
            _S.APPROVE,
            _P.WAITING,
            _P.APPROVED,
            None,
            guards.is_not_proposed_by_them,
            sets="",
        ),
        arc(
            _S.WITHDRAW, _P.WAITING, _P.WITHDRAWN, None, guards.may_ask_for_it, sets=""
        ),
    ),
    ends=(_P.APPROVED, _P.WITHDRAWN),
)

#: The first activation needs no duty: no organization is active yet. The founder adds
#: accounts while no two people have any; ``authority.admits`` says when.
RULEBOOK: Final = _life_of(
    arc(_S.ACTIVATE, None, _KEPT, None),
    Arc(
        step=_S.ACTIVATE,
        source=_KEPT,
        target=_KEPT,
        when=guards.is_the_founder,
    ),
    arc(_S.ACTIVATE, _KEPT, _KEPT, Duty.ACTIVATE, is_confirmed),
)

#: One person confirms the time; two say that a clock was wrong.
CLOCK: Final = _life_of(
    *arcs(_S.CONFIRM, (None, _KEPT), _KEPT, Duty.CONFIRM),
    *arcs(_S.DECLARE, (None, _KEPT), _KEPT, Duty.CONFIRM, is_confirmed),
)
#: Answers go back to their channel as often as there are new ones.
ANSWER_RETURN: Final = _life_of(*arcs(_S.GIVE_BACK, (None, _KEPT), _KEPT, Duty.ANSWER))
BUDGET: Final = _life_of(*arcs(_S.REGISTER, (None, _KEPT), _KEPT, Duty.DELIBERATE))
COST: Final = _life_of(*arcs(_S.REGISTER, (None, _KEPT), _KEPT, Duty.REPORT))
#: Evidence of a spot check is attached by whoever makes it.
ATTACHMENT: Final = _life_of(
    *arcs(_S.ATTACH, (None, _KEPT), _KEPT, None, guards.may_attach)
)
EXCUSE: Final = _life_of(
    arc(_S.EXCUSE, None, _KEPT, Duty.EXCUSE, guards.has_the_task_to_do)
)

#: A dead letter is sent again, or given up with a reason; before, it has no stream.
DELIVERY: Final = Life(
    tuple(
        each
        for step, target in ((_S.RETRY, _L.WAITING), (_S.ABANDON, _L.ABANDONED))
        for each in arcs(step, (_L.DEAD, _L.WAITING), target, Duty.SUBSCRIBE)
    ),
    ends=(_L.WAITING, _L.ABANDONED),
    begins=_L.DEAD,
)

#: A period runs once, and again if only a wrong clock did it: ``store.jobs``.
JOB: Final = _life_of(*arcs(_S.RUN, (None, _KEPT), _KEPT, Duty.TIMETABLE))
CALL: Final = _life_of(*arcs(_S.CALL, (None, _KEPT), _KEPT, Duty.TIMETABLE))
REVIEW: Final = _life_of(*arcs(_S.REVIEW, (None, _KEPT), _KEPT, Duty.TIMETABLE))
ROUND: Final = _life_of(
    *arcs(_S.DRAW_UP, (None, _KEPT), _KEPT, None, guards.may_draw_up)
)
SCORE: Final = _published_life(_S.SCORE)
COLORS: Final = _published_life(_S.COLOR)
RANKING: Final = _published_life(_S.RANK)

#: Two people erase; what a restored backup brings back, the service erases again.
ERASURE: Final = _life_of(
    *arcs(_S.ERASE, (None, _KEPT), _KEPT, Duty.CONFIRM, is_confirmed),
    *arcs(_S.REAPPLY, (None, _KEPT), _KEPT, Duty.TIMETABLE),
)

READING: Final = _life_of(*arcs(_S.READ, (None,), _KEPT, Duty.READ))

#: Units report and answer, the service gathers and closes; other facts are imported.
BATCH: Final = _life_of(
    arc(_S.KEEP, None, _KEPT, Duty.IMPORT),
    arc(_S.GATHER, None, _KEPT, Duty.TIMETABLE),
    arc(_S.CLOSE, None, _KEPT, Duty.TIMETABLE),
    arc(_S.REPORT, None, _KEPT, Duty.REPORT),
    arc(_S.ANSWER, None, _KEPT, Duty.ANSWER),
    arc(FeedStep.DELIVER, None, _KEPT, None, guards.may_deliver),
)
